// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"

	"approdo/internal/base/access"
)

// Acting is an account as a program that it let in may act for it now, for a body: with the roles that it
// has there today, and without a second factor, which no program can show. NotFound when the account is closed.
func (u *UseCases) Acting(ctx context.Context, account, member string) (access.Actor, error) {
	a, err := accountByID(ctx, u.db, account)
	if err != nil {
		return access.Actor{}, err
	}
	list, err := memberships(ctx, u.db, account)
	if err != nil {
		return access.Actor{}, err
	}
	if list, err = u.holding(ctx, u.db, list); err != nil {
		return access.Actor{}, err
	}
	return access.Actor{Account: a.ID, Name: a.Name, Member: member, Roles: rolesIn(list, member)}, nil
}
