// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"
	"errors"
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

// Fetch gets a dataset from its address now. It fails with access.Missing, and Conflict when it has no
// address. What went wrong at the address is told by the import.
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
	return u.fetch(ctx, actor, d)
}

// fetch reads an address and applies what it says. There is nobody to look at it first: what has
// mistakes is refused as a whole unless the dataset is told to take the good rows.
func (u *UseCases) fetch(ctx context.Context, actor access.Actor, d Dataset) (Import, error) {
	i := Import{ID: db.NewID(), Dataset: d.Name, Member: d.Member, Account: actor.Account, Via: actor.Via, Name: d.Address, State: ImportQueued, Options: d.Options, StartedAt: u.Clock()}
	if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO directory_import (id, dataset, member, account, via, name, state, options, report, started_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			i.ID, i.Dataset, i.Member, i.Account, i.Via, i.Name, i.State, db.JSON(i.Options), db.JSON(i.Look), db.Millis(i.StartedAt))
		return err
	}); err != nil {
		return i, err
	}
	err := u.carryOut(ctx, actor, i, exchange.Source{Path: d.Address})
	done, _, readErr := u.readImport(ctx, i.ID)
	return done, errors.Join(err, readErr)
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
		if _, err := db.Exec(ctx, tx, `UPDATE directory_import SET file = NULL WHERE file IS NOT NULL AND state NOT IN ($1, $2, $3) AND started_at < $4`,
			ImportChecked, ImportRefused, ImportQueued, db.Millis(now.Add(-keepFile))); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `DELETE FROM directory_import_change WHERE import_id IN (SELECT id FROM directory_import WHERE started_at < $1)`, db.Millis(now.Add(-keepLog)))
		return err
	})
}
