// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// errWrong is the one answer to a wrong address and a wrong password.
func errWrong() error { return fault.Invalid("password", "identity.wrong") }

// LogIn opens a session with a password. Faults: Invalid when address and password don't belong
// together (or there is no such account: the same answer after the same work), TooMany. Anybody
// may call it.
func (u *UseCases) LogIn(ctx context.Context, from Source, email, password string) (Ticket, error) {
	a, err := accountByEmail(ctx, u.db, email)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return Ticket{}, err
	}
	attempts := []draw{{bySource, from.Address}, {byAccount, foldEmail(email)}}
	switch mark := u.deviceOf(a.ID, from.Device); {
	case a.Example: // everybody knows its password: a budget of its own would only let one visitor lock out the next
		attempts = attempts[:1]
	case mark != "":
		attempts[1] = draw{byDevice, mark}
	}
	if err := u.spend(ctx, attempts...); err != nil {
		return Ticket{}, err
	}
	right, stale, err := u.hasher.verify(ctx, a.password, password)
	if err != nil {
		return Ticket{}, err
	}
	if !right {
		err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return u.note(ctx, tx, access.Actor{Address: from.Address, Via: audit.ViaPage}, "identity.login.refuse", "account", a.ID)
		})
		if err == nil {
			err = errWrong()
		}
		return Ticket{}, err
	}
	rehashed := ""
	if stale {
		if rehashed, err = u.hasher.hash(ctx, password); err != nil {
			return Ticket{}, err
		}
	}
	var t Ticket
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		// The account may have been closed, or its password changed, while the hash was made.
		now, err := accountByID(ctx, tx, a.ID)
		if err != nil || now.password != a.password {
			return errWrong()
		}
		if rehashed != "" {
			if err := updatePassword(ctx, tx, a.ID, rehashed, u.clock()); err != nil {
				return err
			}
		}
		t, _, err = u.begin(ctx, tx, now, ByPassword, false, from)
		return err
	})
	return t, err
}

// LogOut ends the session of a token. A wrong token is no error: it is out.
func (u *UseCases) LogOut(ctx context.Context, from Source, token string) error {
	s, err := u.Authenticate(ctx, token)
	if fault.Is(err, fault.KindForbidden) {
		return nil
	}
	if err != nil {
		return err
	}
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return u.endSession(ctx, tx, s.actor(from), s.ID, "logout")
	})
}

// endSession ends one session and notes why.
func (u *UseCases) endSession(ctx context.Context, tx *db.Tx, who access.Actor, id, because string) error {
	n, err := db.Exec(ctx, tx, `UPDATE identity_session SET ended_at = $2, ended_because = $3 WHERE id = $1 AND ended_at IS NULL`, id, db.Millis(u.clock()), because)
	if err != nil || n == 0 {
		return err
	}
	return u.note(ctx, tx, who, "identity.session.end", "session", id, audit.Change{Field: "because", After: because})
}

// endSessions ends all sessions of an account but one ("" for all).
func (u *UseCases) endSessions(ctx context.Context, tx *db.Tx, who access.Actor, account, except, because string) error {
	ids, err := db.Rows(ctx, tx, db.Column[string], `SELECT id FROM identity_session WHERE account_id = $1 AND ended_at IS NULL AND id <> $2`, account, except)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := u.endSession(ctx, tx, who, id, because); err != nil {
			return err
		}
	}
	return nil
}
