// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"approdo/internal/kit/db"
)

// ErrContradiction means that the log in the database is not what was signed before: somebody
// changed it, or an old copy was put back. Nothing is signed until a person has looked.
var ErrContradiction = errors.New("audit: the log contradicts what was signed")

// Sequencer numbers and signs what is committed. Every node runs one.
type Sequencer struct {
	db    *db.DB
	keys  *Keys
	clock func() time.Time
	name  string // of this one, for the lease

	mu   sync.Mutex
	last Checkpoint // the latest that this one knows, from the database or from outside
}

// NewSequencer makes a sequencer. known is the latest checkpoint kept outside the database, the zero
// Checkpoint when there is none: a log that does not continue it is not signed.
func NewSequencer(d *db.DB, keys *Keys, clock func() time.Time, known Checkpoint) *Sequencer {
	return &Sequencer{db: d, keys: keys, clock: clock, name: db.NewID(), last: known}
}

const (
	// batchSize is how many events one transaction numbers: about 50 ms of work.
	batchSize = 500
	// leaseHolds is how long a sequencer that is silent keeps others from numbering. Clocks of nodes
	// may differ by less than that; the transaction is what keeps numbers apart, not the lease.
	leaseHolds = 3 * time.Second
	// every is how often the tail is looked at: four times within the second that is promised.
	every = 250 * time.Millisecond
)

// Run numbers and signs until ctx ends.
func (s *Sequencer) Run(ctx context.Context, report func(error)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	said := ""
	for {
		n, err := s.Step(ctx)
		switch {
		case err == nil:
			said = ""
		case ctx.Err() == nil && err.Error() != said: // said once, not four times a second
			said = err.Error()
			report(err)
		}
		if n == batchSize {
			continue // there is more
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// Step numbers and signs what waits, at most batchSize events, and gives how many. Zero when there is
// nothing, or when another node does it.
func (s *Sequencer) Step(ctx context.Context) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	// The tail is read outside the transaction, or every event that is committed meanwhile would be
	// in conflict with it on PostgreSQL. An event never changes, only its number does.
	waiting, err := db.Rows(ctx, s.db, scanRow, `SELECT `+columns+` FROM audit_event WHERE seq IS NULL ORDER BY id LIMIT $1`, batchSize)
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	var signed Checkpoint
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		signed = Checkpoint{}
		mine, err := s.lease(ctx, tx)
		if err != nil || !mine {
			return err
		}
		signed, err = s.number(ctx, tx, waiting)
		return err
	})
	if errors.Is(err, errRaced) {
		return 0, nil // the next step sees what is left
	}
	if err != nil || signed.Note == "" {
		return 0, err
	}
	s.last = signed
	return len(waiting), nil
}

// lease takes or prolongs the lease, and says whether this sequencer has it.
func (s *Sequencer) lease(ctx context.Context, tx *db.Tx) (bool, error) {
	now := db.Millis(s.clock())
	n, err := db.Exec(ctx, tx, `INSERT INTO audit_lease (name, holder, until) VALUES ('sequencer', $1, $2)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE audit_lease.holder = excluded.holder OR audit_lease.until < $3`,
		s.name, now+leaseHolds.Milliseconds(), now)
	return n == 1, err
}

// abandoned is how long after its end nobody is believed to hold a lease any more, though nothing was
// numbered since.
const abandoned = time.Minute

// Leads says whether this sequencer was the last to number, or whether there is none that was.
func (s *Sequencer) Leads(ctx context.Context) (bool, error) {
	others, err := db.Row(ctx, s.db, db.Column[int], `SELECT count(*) FROM audit_lease WHERE name = 'sequencer' AND holder <> $1 AND until >= $2`,
		s.name, db.Millis(s.clock().Add(-abandoned)))
	return err == nil && others == 0, err
}

// Release lets another node take over at once. Call it when Run has ended.
func (s *Sequencer) Release(ctx context.Context) error {
	_, err := db.Exec(ctx, s.db, `DELETE FROM audit_lease WHERE name = 'sequencer' AND holder = $1`, s.name)
	return err
}

// number gives numbers to waiting, grows the tree and signs it.
func (s *Sequencer) number(ctx context.Context, tx *db.Tx, waiting []row) (Checkpoint, error) {
	t := newTree(ctx, tx)
	size, err := s.continues(ctx, tx, t)
	if err != nil {
		return Checkpoint{}, err
	}
	for i := range waiting {
		waiting[i].Seq = size + int64(i) + 1
		leaf, err := waiting[i].hash()
		if err != nil {
			return Checkpoint{}, err
		}
		if err := t.add(waiting[i].Seq-1, leaf); err != nil {
			return Checkpoint{}, err
		}
	}
	if err := writeNumbers(ctx, tx, waiting); err != nil {
		return Checkpoint{}, err
	}
	if err := t.save(ctx, tx); err != nil {
		return Checkpoint{}, err
	}
	size += int64(len(waiting))
	root, err := tlog.TreeHash(size, t)
	if err != nil {
		return Checkpoint{}, err
	}
	signed, err := s.keys.sign(size, root, s.clock())
	if err != nil {
		return Checkpoint{}, err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO audit_checkpoint (size, at, note) VALUES ($1, $2, $3)`, size, db.Millis(signed.At), signed.Note)
	return signed, err
}

// continues checks that the log in the database is signed, that its tree is the one signed, and that
// it continues the last checkpoint known here; it gives its size.
func (s *Sequencer) continues(ctx context.Context, tx *db.Tx, t *tree) (int64, error) {
	stored, err := latest(ctx, tx)
	if err != nil {
		return 0, err
	}
	var last Checkpoint
	if stored.note != "" {
		if last, err = s.keys.Open(stored.note); err != nil {
			return 0, fmt.Errorf("%w: %w", ErrContradiction, err)
		}
	}
	switch {
	case last.Size != stored.size:
		return 0, fmt.Errorf("%w: the checkpoint at %d was signed for %d entries", ErrContradiction, stored.size, last.Size)
	case last.Size < s.last.Size:
		return 0, fmt.Errorf("%w: %d entries were signed, %d are there", ErrContradiction, s.last.Size, last.Size)
	case last.Size == 0:
		return 0, nil
	}
	root, err := tlog.TreeHash(last.Size, t)
	if err != nil {
		return 0, err
	}
	if root != last.Hash {
		return 0, fmt.Errorf("%w: the tree of %d entries is another", ErrContradiction, last.Size)
	}
	if s.last.Size == 0 || s.last.Size == last.Size && s.last.Hash == last.Hash {
		return last.Size, nil
	}
	proof, err := tlog.ProveTree(last.Size, s.last.Size, t)
	if err != nil {
		return 0, err
	}
	if err := tlog.CheckTree(proof, last.Size, last.Hash, s.last.Size, s.last.Hash); err != nil {
		return 0, fmt.Errorf("%w: it does not continue the checkpoint of %d entries", ErrContradiction, s.last.Size)
	}
	return last.Size, nil
}

// writeNumbers stores the numbers; errRaced when one of the events has a number already.
func writeNumbers(ctx context.Context, tx *db.Tx, rows []row) error {
	var values strings.Builder
	args := make([]any, 0, 2*len(rows))
	for i, r := range rows {
		if i > 0 {
			values.WriteString(", ")
		}
		fmt.Fprintf(&values, "(CAST($%d AS TEXT), CAST($%d AS BIGINT))", 2*i+1, 2*i+2)
		args = append(args, r.ID, r.Seq)
	}
	n, err := db.Exec(ctx, tx, `UPDATE audit_event SET seq = n.column2 FROM (VALUES `+values.String()+`) AS n
		WHERE audit_event.id = n.column1 AND audit_event.seq IS NULL`, args...)
	if err == nil && n != int64(len(rows)) {
		err = errRaced
	}
	return err
}

// errRaced undoes the transaction of a sequencer that was overtaken.
var errRaced = errors.New("audit: another sequencer was faster")
