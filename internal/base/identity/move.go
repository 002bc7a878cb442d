// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"slices"

	"approdo/internal/kit/db"
)

// Name is under which name package network keeps what Move has moved.
func (u *UseCases) Name() string { return "identity" }

// Move gives the memberships that hold in one body to another, when two entries of one body are made
// one (network.Follower): people keep their roles and go on working. A role that somebody has in both
// is left where it is. The change is in the log with the merge.
func (u *UseCases) Move(ctx context.Context, tx *db.Tx, from, into string, only []string) ([]string, error) {
	list, err := db.Rows(ctx, tx, scanMembership, `SELECT `+membershipColumns+` FROM identity_membership m
		WHERE m.member = $1 AND m.until_at IS NULL AND NOT EXISTS (SELECT 1 FROM identity_membership o
		WHERE o.account_id = m.account_id AND o.role = m.role AND o.member = $2 AND o.until_at IS NULL) ORDER BY m.id`, from, into)
	if err != nil {
		return nil, err
	}
	var moved []string
	for _, m := range list {
		if only != nil && !slices.Contains(only, m.ID) {
			continue
		}
		for _, text := range []string{
			`UPDATE identity_membership SET member = $2 WHERE id = $3 AND member = $1`,
			`UPDATE identity_account SET member = $2 WHERE id = (SELECT account_id FROM identity_membership WHERE id = $3) AND member = $1`,
			`UPDATE identity_session SET member = $2 WHERE account_id = (SELECT account_id FROM identity_membership WHERE id = $3) AND member = $1 AND ended_at IS NULL`,
		} {
			if _, err := db.Exec(ctx, tx, text, from, into, m.ID); err != nil {
				return nil, err
			}
		}
		moved = append(moved, m.ID)
	}
	return moved, nil
}
