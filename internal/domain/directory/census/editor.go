// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
)

// editorsOf are the accounts of those who edit what a body offers: its own, and where it has none those
// of the body it belongs to.
func (u *UseCases) editorsOf(ctx context.Context, tx *db.Tx, member string) ([]string, error) {
	bodies, err := bodiesOf(ctx, tx, member)
	if err != nil {
		return nil, err
	}
	now := db.Millis(u.Clock())
	for _, body := range bodies {
		list, err := db.Rows(ctx, tx, db.Column[string], `SELECT DISTINCT account_id FROM identity_membership
			WHERE member = $1 AND role IN ($2, $3) AND from_at <= $4 AND (until_at IS NULL OR until_at > $5) ORDER BY account_id`,
			body, string(access.DirectoryEditor), string(access.BodyAdministrator), now, now)
		if err != nil || len(list) > 0 {
			return list, err
		}
	}
	return nil, nil
}

// networkAdministrators are the accounts of those who keep what belongs to the network as a whole.
func (u *UseCases) networkAdministrators(ctx context.Context, tx *db.Tx) ([]string, error) {
	now := db.Millis(u.Clock())
	return db.Rows(ctx, tx, db.Column[string], `SELECT DISTINCT account_id FROM identity_membership
		WHERE role = $1 AND from_at <= $2 AND (until_at IS NULL OR until_at > $3) ORDER BY account_id`, string(access.NetworkAdministrator), now, now)
}

// tell tells the editors of a body, or the administrators of the network about what is no body's, within the transaction of what happened.
func (u *UseCases) tell(ctx context.Context, tx *db.Tx, n News) (err error) {
	if u.Tell == nil {
		return nil
	}
	if n.Member == "" {
		n.Accounts, err = u.networkAdministrators(ctx, tx)
	} else {
		n.Accounts, err = u.editorsOf(ctx, tx, n.Member)
	}
	if err != nil || len(n.Accounts) == 0 {
		return err
	}
	return u.Tell(ctx, tx, n)
}
