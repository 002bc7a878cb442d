// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"context"

	"approdo/internal/kit/db"
)

// Erased takes the name of an account out of the list of emergencies: who reviews sees the identifier.
// Another subject changes nothing.
func Erased(ctx context.Context, tx *db.Tx, subject string) error {
	_, err := db.Exec(ctx, tx, `UPDATE access_glass SET name = account WHERE account = $1`, subject)
	return err
}
