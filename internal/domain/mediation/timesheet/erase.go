// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"context"
	"time"

	"approdo/internal/kit/db"
)

// keepNotes is how long what was written in a dispute is kept after the last change.
const keepNotes = 365 * 24 * time.Hour

// Tidy forgets old reminders, and destroys the keys of what was written in disputes that ended long ago, a few
// at a time.
func (u *UseCases) Tidy(ctx context.Context) error {
	if _, err := db.Exec(ctx, u.DB, `DELETE FROM mediation_nudge WHERE at < $1`, db.Millis(u.Clock().Add(-2*remindWithin))); err != nil {
		return err
	}
	for {
		n := 0
		if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			ids, err := db.Rows(ctx, tx, db.Column[string], `SELECT booking FROM mediation_session WHERE changed < $1 AND sealed IS NOT NULL ORDER BY changed LIMIT 100`, db.Millis(u.Clock().Add(-keepNotes)))
			if err != nil {
				return err
			}
			n = len(ids)
			for _, id := range ids {
				if err := u.Vault.Destroy(ctx, tx, id); err != nil {
					return err
				}
				if _, err := db.Exec(ctx, tx, `UPDATE mediation_session SET sealed = NULL WHERE booking = $1`, id); err != nil {
					return err
				}
			}
			return nil
		}); err != nil || n == 0 {
			return err
		}
	}
}

// Erased takes away who somebody was whose key was destroyed: a mediator, the owner of an account, or the
// notes of a session. Hours and hashes stay, for the accounts, under identifiers that lead to nobody.
func (u *UseCases) Erased(ctx context.Context, tx *db.Tx, subject string) error {
	for _, text := range []string{
		`UPDATE mediation_timesheet SET mediator_name = '–' WHERE mediator = $1 OR (mediator_account = $1 AND mediator_account <> '' AND NOT on_paper)`,
		`UPDATE mediation_timesheet SET coordinator_name = '–' WHERE coordinator_account = $1 AND coordinator_account <> ''`,
		`DELETE FROM mediation_evaluation WHERE mediator = $1`,
		`UPDATE mediation_session SET sealed = NULL WHERE booking = $1`,
		`UPDATE mediation_session SET topics = NULL WHERE booking IN (SELECT id FROM mediation_booking WHERE request = $1)`,
	} {
		if _, err := db.Exec(ctx, tx, text, subject); err != nil {
			return err
		}
	}
	return nil
}
