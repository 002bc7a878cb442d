// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
)

// Holders are the open accounts that have a role in a body now, for those who must be told something
// that concerns the role.
func (u *UseCases) Holders(ctx context.Context, q db.Querier, member string, role access.Role) ([]string, error) {
	return db.Rows(ctx, q, db.Column[string], `SELECT m.account_id FROM identity_membership m JOIN identity_account a ON a.id = m.account_id
		WHERE m.member = $1 AND m.role = $2 AND m.until_at IS NULL AND a.closed_at IS NULL ORDER BY m.from_at, m.account_id`, member, role)
}
