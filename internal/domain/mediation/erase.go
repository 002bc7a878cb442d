// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"time"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// KeepReasons is how long reason and nationality of a request are kept after it ended, and what its sessions
// were about.
const KeepReasons = 365 * 24 * time.Hour

// forgetReasons destroys the keys of requests that ended long ago: language, hours and bodies stay, for
// the accounts. A few at a time, so that nobody waits for it.
func (u *UseCases) forgetReasons(ctx context.Context) error {
	for {
		n := 0
		if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			before := u.Clock().Add(-KeepReasons)
			ids, err := db.Rows(ctx, tx, db.Column[string], `SELECT r.id FROM mediation_request r WHERE r.finish < $1 AND r.sealed IS NOT NULL
				UNION SELECT r.id FROM mediation_session s JOIN mediation_booking b ON b.id = s.booking JOIN mediation_request r ON r.id = b.request
					WHERE s.topics IS NOT NULL AND s.day <= $2 AND r.finish < $1 LIMIT 100`, db.Millis(before), calendar.DayOf(before, calendar.Rome()).String())
			if err != nil {
				return err
			}
			n = len(ids)
			for _, id := range ids {
				if err := u.Vault.Destroy(ctx, tx, id); err != nil {
					return err
				}
				for _, text := range []string{
					`UPDATE mediation_request SET sealed = NULL WHERE id = $1`,
					`UPDATE mediation_session SET topics = NULL WHERE booking IN (SELECT id FROM mediation_booking WHERE request = $1)`,
				} {
					if _, err := db.Exec(ctx, tx, text, id); err != nil {
						return err
					}
				}
			}
			return nil
		}); err != nil || n == 0 {
			return err
		}
	}
}

// Erased takes away what is kept unsealed about somebody whose key was destroyed: a mediator, or the
// owner of an account. Their bookings stay, for the accounts, under an identifier that leads to nobody.
func (u *UseCases) Erased(ctx context.Context, tx *db.Tx, subject string) error {
	now := db.Millis(u.Clock())
	if _, err := db.Exec(ctx, tx, `UPDATE mediation_mediator SET version = version + 1, account = '', state = 'left', name = '–', sort_name = '', available = NULL, record = '{}', sealed = NULL, changed = $2 WHERE id = $1`, subject, now); err != nil {
		return err
	}
	for _, text := range []string{
		`DELETE FROM mediation_language WHERE mediator = $1`,
		`DELETE FROM mediation_exception WHERE mediator = $1`,
		`DELETE FROM mediation_link WHERE mediator = $1`,
		`UPDATE mediation_mediator SET version = version + 1, account = '' WHERE account = $1`,
		`UPDATE mediation_request SET sealed = NULL WHERE id = $1`,
		`DELETE FROM mediation_once WHERE account = $1`,
	} {
		if _, err := db.Exec(ctx, tx, text, subject); err != nil {
			return err
		}
	}
	return nil
}
