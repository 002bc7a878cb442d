// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
)

// erased takes away what rooms keep unsealed about a subject whose key is destroyed, each what it
// knows. It is called when somebody is erased, and for everybody in the ledger when a backup is put
// back. A room that seals something has to stand here.
func (a *App) erased(ctx context.Context, tx *db.Tx, subject string) error {
	for _, take := range []func(context.Context, *db.Tx, string) error{
		a.Identity.Erased, a.Notice.Erased, a.Census.Erased, a.Mediation.Erased, a.Roster.Erased, a.Timesheet.Erased, a.Agenda.Erased, access.Erased,
	} {
		if err := take(ctx, tx, subject); err != nil {
			return err
		}
	}
	return nil
}

// EraseAccount takes away for good who somebody was; what they did stays under an identifier that
// leads to nobody. Faults: NotFound.
func (a *App) EraseAccount(ctx context.Context, actor access.Actor, email, reason string) error {
	err := a.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := a.Identity.Erase(ctx, tx, actor, email, reason)
		if err != nil {
			return err
		}
		return a.erased(ctx, tx, id)
	})
	if err != nil {
		return err
	}
	// Nothing may be serving that would do it.
	_, err = a.Config.Ledger().Update(ctx, a.DB)
	return err
}
