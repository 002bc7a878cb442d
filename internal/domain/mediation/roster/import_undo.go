// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

type change struct {
	mediator string
	made     bool
	version  int64
	sealed   []byte
}

// UndoImport puts back what was there before an import. An entry that was changed since, or that somebody uses
// already, stays and is counted. Faults: Conflict, access.Missing.
func (u *UseCases) UndoImport(ctx context.Context, actor access.Actor, id string, version int64) (i Import, err error) {
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if i, err = u.importFor(ctx, tx, actor, "mediation.import.undo", id); err != nil {
			return err
		}
		if i.State != ImportApplied {
			return fault.Conflict("mediation.changed_meanwhile")
		}
		list, err := db.Rows(ctx, tx, func(s db.Scanner) (change, error) {
			var c change
			return c, s.Scan(&c.mediator, &c.made, &c.version, &c.sealed)
		}, `SELECT mediator, made, version, sealed FROM mediation_import_change WHERE import = $1 ORDER BY mediator`, id)
		if err != nil {
			return err
		}
		i.Outcome.Kept = 0
		for _, c := range list {
			back, err := u.putBack(ctx, tx, actor, c)
			if err != nil {
				return err
			}
			if !back {
				i.Outcome.Kept++
			}
		}
		i.State, i.Ended = ImportUndone, u.Clock()
		if err := u.keepImport(ctx, tx, &i, version); err != nil {
			return err
		}
		return u.recordImport(ctx, tx, actor, i, "mediation.import.undo")
	})
	return i, err
}

// putBack undoes one change, if nobody built on it.
func (u *UseCases) putBack(ctx context.Context, tx *db.Tx, actor access.Actor, c change) (bool, error) {
	m, err := u.Mediation.Entry(ctx, tx, c.mediator)
	if fault.Is(err, fault.KindNotFound) {
		return true, nil
	}
	if err != nil || m.Version != c.version {
		return false, err
	}
	coming, err := u.Mediation.Coming(ctx, tx, m.ID)
	if err != nil || coming > 0 {
		return false, err
	}
	action := "mediation.roster.edit"
	if c.made {
		used, err := u.used(ctx, tx, m.ID)
		if err != nil || used {
			return false, err
		}
		if err := u.remove(ctx, tx, m.ID); err != nil {
			return false, err
		}
		action = "mediation.roster.delete"
	} else {
		var k kept
		if err := u.unseal(ctx, tx, m.ID, columnEntry, c.sealed, &k); err != nil {
			return false, err
		}
		back := k.Entry
		back.ID, back.Version, back.Account, back.Member, back.Available = m.ID, m.Version, m.Account, m.Member, m.Available
		back.Name, back.Section, back.Standing, back.Contact = k.Name, k.Section, k.Standing, k.Contact
		if err := u.Mediation.KeepEntry(ctx, tx, u.Clock(), &back); err != nil {
			return false, err
		}
	}
	return true, audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: action, Kind: "mediator", Record: m.ID})
}

// uses are the tables that an entry must not be taken from under.
var uses = []string{"mediation_booking", "mediation_offer", "mediation_residency", "mediation_session", "mediation_timesheet", "mediation_application", "mediation_decision"}

// used says whether anything was done with an entry.
func (u *UseCases) used(ctx context.Context, tx *db.Tx, id string) (bool, error) {
	for _, table := range uses {
		column := "mediator"
		if table == "mediation_application" {
			column = "id"
		}
		n, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM `+table+` WHERE `+column+` = $1`, id)
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}

// remove takes an entry away of which nothing was ever used.
func (u *UseCases) remove(ctx context.Context, tx *db.Tx, id string) error {
	for _, table := range []string{"mediation_language", "mediation_exception", "mediation_link", "mediation_follow", "mediation_document", "mediation_points", "mediation_origin", "mediation_reminder"} {
		if _, err := db.Exec(ctx, tx, `DELETE FROM `+table+` WHERE mediator = $1`, id); err != nil {
			return err
		}
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM mediation_mediator WHERE id = $1`, id); err != nil {
		return err
	}
	return u.Vault.Destroy(ctx, tx, id)
}
