// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"context"

	"approdo/internal/kit/db"
)

// Erased takes away what is kept for the owner of an account, or of a message to somebody without one,
// whose key is destroyed. What still waits to be sent is dropped when its turn comes. Another subject
// changes nothing.
func (u *UseCases) Erased(ctx context.Context, tx *db.Tx, subject string) error {
	for _, text := range []string{
		`UPDATE notice_message SET sealed = NULL WHERE id = $1 OR account = $1`,
		`DELETE FROM notice_subscription WHERE account = $1`,
		`DELETE FROM notice_preference WHERE account = $1`,
		`DELETE FROM notice_quiet WHERE account = $1`,
	} {
		if _, err := db.Exec(ctx, tx, text, subject); err != nil {
			return err
		}
	}
	return nil
}
