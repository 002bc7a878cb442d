// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
)

// AfterRestore ends every session and takes back every link and errand: an old copy of the database
// brings back those that were ended or used since, and nobody may come in by them.
func (u *UseCases) AfterRestore(ctx context.Context, tx *db.Tx, who access.Actor) error {
	accounts, err := db.Rows(ctx, tx, db.Column[string], `SELECT DISTINCT account_id FROM identity_session WHERE ended_at IS NULL`)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		if err := u.endSessions(ctx, tx, who, account, "", "restored"); err != nil {
			return err
		}
	}
	if _, err := db.Exec(ctx, tx, `UPDATE identity_link SET ended_at = $1 WHERE ended_at IS NULL AND used_at IS NULL`, db.Millis(u.clock())); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `DELETE FROM identity_errand`)
	return err
}
