// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"
	"errors"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// keepFile is how long the file of an import is kept, and keepLog how long what it changed.
const (
	keepFile = 7 * 24 * time.Hour
	keepLog  = 180 * 24 * time.Hour
)

// Fetch gets a dataset from its address now. It fails with access.Missing, Conflict when it has no address,
// and TooMany. What went wrong at the address is told by the import.
func (u *UseCases) Fetch(ctx context.Context, actor access.Actor, name string) (Import, error) {
	var d Dataset
	err := u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		d, err = u.datasetFor(ctx, tx, actor, "directory.dataset.edit", name)
		return err
	})
	switch {
	case err != nil:
		return Import{}, err
	case d.Address == "":
		return Import{}, fault.Conflict("dataset.no_address")
	}
	if err := u.spend(actor); err != nil {
		return Import{}, err
	}
	return u.fetch(ctx, actor, d)
}

// fetch reads an address and applies what it says. There is nobody to look at it first: what has
// mistakes is refused as a whole unless the dataset is told to take the good rows.
func (u *UseCases) fetch(ctx context.Context, actor access.Actor, d Dataset) (Import, error) {
	i := Import{ID: db.NewID(), Dataset: d.Name, Member: d.Member, Account: actor.Account, Via: actor.Via, Name: d.Address, State: ImportQueued, Options: d.Options, StartedAt: u.Clock()}
	if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return insertImport(ctx, tx, i, nil)
	}); err != nil {
		return i, err
	}
	src := source{Source: exchange.Source{Path: d.Address}, last: &exchange.Validators{}}
	if actor.Via == audit.ViaJob {
		*src.last, src.careful = d.validators, true
	}
	err := u.carryOut(ctx, actor, i, src)
	done, _, readErr := u.readImport(ctx, i.ID)
	return done, errors.Join(err, readErr)
}

// fetched remembers how a fetch went. What failed is tried again later and later, and its keepers are told
// when it fails the second time in a row: once is the weather. Who presses the button sees it without being
// told, so the next failure by the clock tells; the key lets each row of failures be told once.
func (u *UseCases) fetched(ctx context.Context, tx *db.Tx, i Import, src source) error {
	if !src.fetches() {
		return nil
	}
	if i.State != ImportFailed && i.State != ImportRefused {
		_, err := db.Exec(ctx, tx, `UPDATE directory_dataset SET etag = $1, answered = $2, failures = 0, failing_since = NULL WHERE name = $3`, src.last.ETag, src.last.Modified, i.Dataset)
		return err
	}
	d, err := db.Row(ctx, tx, scanDataset, `SELECT `+datasetColumns+datasetFrom+` WHERE d.name = $1`, i.Dataset)
	if err != nil {
		return err
	}
	now := u.Clock()
	d.Failures++
	if d.Failures == 1 {
		d.FailingSince = now
	}
	if d.EveryHours > 0 {
		d.NextAt = now.Add(wait(d.Failures, d.EveryHours))
	}
	if _, err := db.Exec(ctx, tx, `UPDATE directory_dataset SET etag = '', answered = '', failures = $1, failing_since = $2, next_at = $3 WHERE name = $4`,
		d.Failures, db.NullMillis(d.FailingSince), db.NullMillis(d.NextAt), d.Name); err != nil || d.Failures < 2 || i.Via != audit.ViaJob {
		return err
	}
	return u.tell(ctx, tx, News{
		Key: "census.feed/" + d.Name + "/" + strconv.FormatInt(d.FailingSince.UnixMilli(), 10), Template: "census.feed", Member: d.Member, Args: map[string]string{"dataset": d.Name}, Link: "/office/import/" + i.ID,
	})
}

func (s source) fetches() bool { return s.last != nil }

// wait is how long after so many failures in a row the next try comes: one hour, two, four and so on, up to
// a day, or to the usual time where that is longer.
func wait(failures, everyHours int) time.Duration {
	return min(time.Hour<<min(failures-1, 10), time.Duration(max(everyHours, 24))*time.Hour)
}

// Due fetches the datasets whose time has come, one after another; a job calls it every few minutes.
// The next time is set before the fetching, so that two nodes do not fetch the same one twice.
func (u *UseCases) Due(ctx context.Context) (fetched int, err error) {
	var faults []error
	for {
		d, found, err := u.nextDue(ctx)
		if err != nil {
			return fetched, err
		}
		if !found {
			return fetched, errors.Join(faults...)
		}
		fetched++
		actor := access.Actor{Member: d.Member, Via: audit.ViaJob}
		if _, err := u.fetch(ctx, actor, d); err != nil {
			faults = append(faults, err)
		}
	}
}

func (u *UseCases) nextDue(ctx context.Context) (d Dataset, found bool, err error) {
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		d, err = db.Row(ctx, tx, scanDataset, `SELECT `+datasetColumns+datasetFrom+` WHERE d.next_at <= $1 AND d.every_hours > 0 ORDER BY d.next_at, d.name`, db.Millis(now))
		if found = err == nil; fault.Is(err, fault.KindNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `UPDATE directory_dataset SET next_at = $1 WHERE name = $2`, db.Millis(now.Add(time.Duration(d.EveryHours)*time.Hour)), d.Name)
		return err
	})
	return d, found, err
}

// Tidy forgets files that nobody applied or that were applied long ago, and what old imports changed:
// they can be undone no more. A job calls it every day.
func (u *UseCases) Tidy(ctx context.Context) error {
	now := u.Clock()
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `UPDATE directory_import SET state = $1, version = version + 1 WHERE state IN ($2, $3) AND started_at < $4`,
			ImportDiscarded, ImportChecked, ImportRefused, db.Millis(now.Add(-keepFile))); err != nil {
			return err
		}
		// A node that went down while it fetched left it waiting for nobody.
		if _, err := db.Exec(ctx, tx, `UPDATE directory_import SET state = $1, version = version + 1 WHERE state = $2 AND file IS NULL AND started_at < $3`,
			ImportFailed, ImportQueued, db.Millis(now.Add(-24*time.Hour))); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE directory_import SET file = NULL WHERE file IS NOT NULL AND state NOT IN ($1, $2, $3) AND started_at < $4`,
			ImportChecked, ImportRefused, ImportQueued, db.Millis(now.Add(-keepFile))); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `DELETE FROM directory_import_change WHERE import_id IN (SELECT id FROM directory_import WHERE started_at < $1)`, db.Millis(now.Add(-keepLog)))
		return err
	})
}
