// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"approdo/internal/kit/fault"
)

var (
	// ErrNested is a mistake in the program: a transaction inside a transaction,
	// or the *DB used where the *Tx must be.
	ErrNested = errors.New("db: a transaction inside a transaction")
	// ErrOutcomeUnknown means that the commit failed half way: it may have
	// happened. It comes as the fault Unavailable.
	ErrOutcomeUnknown = errors.New("db: the commit failed, its outcome is unknown")
)

// attempts bounds how often a transaction runs. Without the lane below one lost 29 times to a
// neighbour who wrote the same row without a pause (TestALoserIsLetThrough).
const attempts = 30

// Whoever loses patient times in a row takes the lane of the node, alone, and those who come for the first
// time let the lane go first for a moment. Else one who writes the same rows without a pause would always
// hold them when a loser comes back from its own. Both waits end by themselves: a long transaction in the
// lane, or one that waits for it, holds nobody up.
const (
	patient = 1
	giveWay = 25 * time.Millisecond
	queue   = 5 * time.Second
)

// Tx is a running transaction. Use it from one goroutine.
type Tx struct {
	db     *DB
	tx     *sql.Tx
	failed error // first statement that failed; then nothing else may run
}

// Engine tells which engine it is, for the rare statement that must differ.
func (t *Tx) Engine() Engine { return t.db.engine }

type txKey struct{}

// InTx runs fn in a serializable transaction and commits when fn returns nil. On
// PostgreSQL fn runs again after a conflict. Faults: Unavailable when conflicts
// do not end, when another process writes for too long, or with ErrOutcomeUnknown.
func (d *DB) InTx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	if ctx.Value(txKey{}) != nil {
		return ErrNested
	}
	if d.turn(ctx, giveWay) {
		<-d.lane
	}
	for n, alone := 1, false; ; n++ {
		if n > patient && !alone {
			if alone = d.turn(ctx, queue); alone {
				defer func() { <-d.lane }()
			}
		}
		conflict, err := d.once(ctx, fn)
		if !conflict {
			return err
		}
		if n == attempts {
			return fault.Unavailable("error.database_busy").Because(fmt.Errorf("db: %d conflicts: %w", n, err))
		}
		d.retries.Add(1)
		// Waiting a random while keeps two losers from meeting again.
		limit := min(time.Millisecond<<min(n, 7), 100*time.Millisecond)
		pause := time.NewTimer(rand.N(limit)) // #nosec G404 -- nothing secret
		select {
		case <-ctx.Done():
			pause.Stop()
			return fmt.Errorf("%w: %w", ctx.Err(), err)
		case <-pause.C:
		}
	}
}

// turn takes the lane, and says whether it did within limit. SQLite has one writer anyhow, and no lane.
func (d *DB) turn(ctx context.Context, limit time.Duration) bool {
	if d.lane == nil {
		return false
	}
	select {
	case d.lane <- struct{}{}:
		return true
	default:
	}
	wait := time.NewTimer(limit)
	defer wait.Stop()
	select {
	case d.lane <- struct{}{}:
		return true
	case <-ctx.Done():
	case <-wait.C:
	}
	return false
}

// once runs fn one time. conflict says that nothing was committed and that
// running again can help.
func (d *DB) once(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) (conflict bool, err error) {
	options := &sql.TxOptions{Isolation: sql.LevelSerializable}
	if d.engine == SQLite {
		options = nil // _txlock=immediate says it all
	}
	raw, err := d.write.BeginTx(ctx, options)
	if err != nil {
		return postgresConflict(err), begun(ctx, err)
	}
	tx := &Tx{db: d, tx: raw}
	defer func() {
		// After a commit this does nothing; after a panic it frees the only writer.
		if undo := raw.Rollback(); undo != nil && !errors.Is(undo, sql.ErrTxDone) && err == nil {
			err = fmt.Errorf("db: rollback: %w", undo)
		}
	}()
	err = fn(context.WithValue(ctx, txKey{}, tx), tx)
	// What the server said counts, even where fn made something else of it.
	if postgresConflict(tx.failed) {
		return true, tx.failed
	}
	if err == nil {
		err = tx.failed
	}
	if err != nil {
		return postgresConflict(err), roomless(err)
	}
	if err := raw.Commit(); err != nil {
		if postgresConflict(err) {
			return true, err
		}
		if IsForeignKey(err) || IsUnique(err) || IsFull(err) { // a deferred constraint, or no room for the last word: surely undone
			return false, roomless(err)
		}
		return false, fault.Unavailable("error.outcome_unknown").Because(fmt.Errorf("%w: %w", ErrOutcomeUnknown, err))
	}
	d.commits.Add(1)
	return false, nil
}

// roomless says to whoever waits that there was no room, and that nothing was saved.
func roomless(err error) error {
	if IsFull(err) {
		return fault.Unavailable("error.no_room").Because(err)
	}
	return err
}

// begun explains why a transaction could not begin.
func begun(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	case IsBusy(err):
		return fault.Unavailable("error.database_busy").Because(fmt.Errorf("db: begin: %w", err))
	case postgresAway(err):
		return fault.Unavailable("error.database_away").Because(fmt.Errorf("db: begin: %w", err))
	}
	return fmt.Errorf("db: begin: %w", err)
}

// InReadTx runs fn on one snapshot: all its statements see the same moment. It
// cannot write and never conflicts.
func (d *DB) InReadTx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) (err error) {
	if ctx.Value(txKey{}) != nil {
		return ErrNested
	}
	options := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	if d.engine == SQLite {
		options = nil // the connection is read only, WAL is a snapshot
	}
	raw, err := d.read.BeginTx(ctx, options)
	if err != nil {
		return begun(ctx, err)
	}
	tx := &Tx{db: d, tx: raw}
	defer func() {
		if undo := raw.Rollback(); undo != nil && !errors.Is(undo, sql.ErrTxDone) && err == nil {
			err = fmt.Errorf("db: end of reading: %w", undo)
		}
	}()
	if err = fn(context.WithValue(ctx, txKey{}, tx), tx); err == nil {
		err = tx.failed
	}
	return err
}
