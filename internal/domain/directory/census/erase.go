// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"
	"strings"

	"approdo/internal/kit/db"
)

// Erased says of a feedback whose key is destroyed that there is no way back any more: an old copy of
// the database may still offer one. Another subject changes nothing.
func (u *UseCases) Erased(ctx context.Context, tx *db.Tx, subject string) error {
	id, ok := strings.CutPrefix(subject, Feedback{}.subject())
	if !ok {
		return nil
	}
	_, err := db.Exec(ctx, tx, `UPDATE directory_feedback SET contact = NULL, contact_state = $1 WHERE id = $2 AND contact_state = $3`,
		ContactDestroyed, id, ContactKept)
	return err
}
