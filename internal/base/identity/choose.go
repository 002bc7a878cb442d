// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"slices"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
)

// ChooseBody makes a session act for another body of its owner. Missing for any other.
func (u *UseCases) ChooseBody(ctx context.Context, from Source, token, member string) error {
	s, err := u.Authenticate(ctx, token)
	if err == nil && s.Needs != NeedsNothing {
		err = errStranger()
	}
	if err != nil {
		return err
	}
	if !slices.Contains(s.Bodies, member) {
		return access.Missing()
	}
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `UPDATE identity_session SET member = $2 WHERE id = $1`, s.ID, member); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE identity_account SET member = $2 WHERE id = $1`, s.Account, member); err != nil {
			return err
		}
		return u.note(ctx, tx, s.actor(from), "identity.session.choose", "session", s.ID, audit.Change{Field: "member", Before: s.Member, After: member})
	})
}

// Sessions are the open sessions of the actor, the one used last first. Whether the session is the
// actor's own shows in its ID.
func (u *UseCases) Sessions(ctx context.Context, actor access.Actor) ([]Session, error) {
	list, err := db.Rows(ctx, u.db, scanSession, `SELECT `+sessionColumns+` FROM identity_session s JOIN identity_account a ON a.id = s.account_id
		WHERE s.account_id = $1 AND s.ended_at IS NULL ORDER BY s.seen_at DESC, s.id`, actor.Account)
	if err != nil {
		return nil, err
	}
	open := []Session{}
	for _, s := range list {
		if err := u.complete(ctx, u.db, &s); err != nil {
			return nil, err
		}
		if u.clock().Before(s.Ends) {
			open = append(open, s)
		}
	}
	return open, nil
}

// EndSession ends one of the actor's own sessions.
func (u *UseCases) EndSession(ctx context.Context, actor access.Actor, id string) error {
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM identity_session WHERE id = $1 AND account_id = $2`, id, actor.Account)
		if err != nil || n == 0 {
			return orMissing(err)
		}
		return u.endSession(ctx, tx, actor, id, "revoked")
	})
}

// EndOtherSessions ends all of the actor's sessions but this one.
func (u *UseCases) EndOtherSessions(ctx context.Context, actor access.Actor) error {
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return u.endSessions(ctx, tx, actor, actor.Account, actor.Session, "revoked")
	})
}

// RolesByBody are the roles of an account in each of its bodies.
func (u *UseCases) RolesByBody(ctx context.Context, account string) (map[string][]access.Role, error) {
	list, err := memberships(ctx, u.db, account)
	if err != nil {
		return nil, err
	}
	roles := map[string][]access.Role{}
	for _, m := range list {
		roles[m.Member] = append(roles[m.Member], m.Role)
	}
	return roles, nil
}
