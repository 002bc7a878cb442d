// SPDX-License-Identifier: EUPL-1.2

package agenda

import (
	"context"

	"approdo/internal/kit/db"
)

// Erased takes away the keys and calendars of somebody whose key was destroyed: a mediator, or the owner of
// an account. Keys of a body that they made stay: they are the body's.
func (u *UseCases) Erased(ctx context.Context, tx *db.Tx, subject string) error {
	for _, text := range []string{
		`DELETE FROM mediation_calendar_key WHERE kind <> 'body' AND (mediator = $1 OR account = $1)`,
		`UPDATE mediation_calendar_key SET account = '' WHERE account = $1`,
		`DELETE FROM mediation_calendar_state WHERE mediator = $1`,
		`DELETE FROM mediation_calendar_outside WHERE mediator = $1`,
	} {
		if _, err := db.Exec(ctx, tx, text, subject); err != nil {
			return err
		}
	}
	return nil
}
