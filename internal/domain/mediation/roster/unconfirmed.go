// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"
	"errors"
	"time"

	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// An application that nobody confirmed may be anybody's, written under the address of somebody else. So it
// weighs little, is in nobody's way, and goes by itself.
const (
	// MostUnconfirmed is how many of them a window may hold before it takes papers from those alone who have
	// confirmed their address. Nobody is kept from applying, and strangers fill no disk.
	MostUnconfirmed = 200
	// unconfirmedFor is how long the link of the letter may be used to say that the address is right.
	unconfirmedFor = 48 * time.Hour
	// hourlyForms is how many forms with one address are taken in an hour: each sends it a letter.
	hourlyForms = 5
)

// bearable fails when an address was written into too many forms, or when papers come while many wait to be
// confirmed. It is asked before it is known whether the address is: the answer is the same to everybody.
// Faults: Invalid.
func (u *UseCases) bearable(ctx context.Context, w Window, mail string, papers bool) error {
	if err := u.forms.Spend(string(u.Vault.Index("mediation.form", mail)), u.Clock()); err != nil {
		return fault.Invalid("mail", "roster.apply.often").Because(err)
	}
	if !papers {
		return nil
	}
	waiting, err := db.Row(ctx, u.DB, db.Column[int], `SELECT count(*) FROM mediation_application WHERE time_window = $1 AND confirmed IS NULL`, w.ID)
	if err == nil && waiting >= MostUnconfirmed {
		err = fault.Invalid("papers", "roster.apply.full")
	}
	return err
}

// stands says whether an application is one that a later form of the same address does not replace. One that
// was not confirmed goes; one that was taken back, or refused without anybody having confirmed it, stays in
// the files without the address and without its links.
func (u *UseCases) stands(ctx context.Context, tx *db.Tx, id string) (bool, error) {
	m, err := u.Mediation.Entry(ctx, tx, id)
	if err != nil {
		return false, err
	}
	a, found, err := applicationOf(ctx, tx, id)
	if err != nil {
		return false, err
	}
	unconfirmed := found && a.Confirmed.IsZero()
	if unconfirmed && m.Standing == mediation.Applied {
		return false, u.discard(ctx, tx, id)
	}
	list, err := u.decisionsOf(ctx, tx, id)
	if err != nil {
		return false, err
	}
	withdrawn := m.Standing == mediation.Left && len(list) > 0 && list[len(list)-1].Kind == Withdraw
	if !withdrawn && !(unconfirmed && m.Standing == mediation.Refused) {
		return true, nil
	}
	for _, table := range []string{"mediation_origin", "mediation_follow"} {
		if _, err := db.Exec(ctx, tx, `DELETE FROM `+table+` WHERE mediator = $1`, id); err != nil {
			return false, err
		}
	}
	return false, nil
}

// discard takes an application away that nobody confirmed, with its papers and its key.
func (u *UseCases) discard(ctx context.Context, tx *db.Tx, id string) error {
	for _, text := range []string{`DELETE FROM mediation_decision WHERE mediator = $1`, `DELETE FROM mediation_application WHERE id = $1`} {
		if _, err := db.Exec(ctx, tx, text, id); err != nil {
			return err
		}
	}
	if err := u.remove(ctx, tx, id); err != nil {
		return err
	}
	return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: audit.Actor{Via: audit.ViaJob}, Action: "mediation.application.delete", Kind: "mediator", Record: id, Subject: id})
}

// discardOld takes away the applications that nobody confirmed in time, one after another.
func (u *UseCases) discardOld(ctx context.Context) error {
	ids, err := db.Rows(ctx, u.DB, db.Column[string], `SELECT a.id FROM mediation_application a JOIN mediation_mediator m ON m.id = a.id
		WHERE a.confirmed IS NULL AND a.sent < $1 AND m.state = 'applied' ORDER BY a.id`, db.Millis(u.Clock().Add(-unconfirmedFor)))
	if err != nil {
		return err
	}
	for _, id := range ids {
		err = errors.Join(err, u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			a, found, err := applicationOf(ctx, tx, id)
			if err != nil || !found || !a.Confirmed.IsZero() {
				return err // confirmed in the last moment
			}
			m, err := u.Mediation.Entry(ctx, tx, id)
			if err != nil || m.Standing != mediation.Applied {
				return err
			}
			return u.discard(ctx, tx, id)
		}))
	}
	return err
}
