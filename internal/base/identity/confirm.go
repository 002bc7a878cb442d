// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// ConfirmCode takes a one-time code or a recovery code: the second factor of a login, or a step-up.
// Faults: Invalid, TooMany, Forbidden for a token that is not good.
func (u *UseCases) ConfirmCode(ctx context.Context, from Source, token, code string) (Ticket, error) {
	s, err := u.Authenticate(ctx, token)
	if err == nil {
		err = u.spend(ctx, proofs(s, from))
	}
	if err != nil {
		return Ticket{}, err
	}
	factor, step, err := u.matching(ctx, s, digits(code))
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var n int64
		var err error
		switch now := db.Millis(u.clock()); {
		case factor != "": // the step goes up only: the same code opens once, on any node
			n, err = db.Exec(ctx, tx, `UPDATE identity_factor SET last_step = $2, used_at = $3
				WHERE id = $1 AND last_step < $2 AND ended_at IS NULL`, factor, step, now)
		case isRecovery(code):
			n, err = db.Exec(ctx, tx, `UPDATE identity_recovery_code SET used_at = $3
				WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL`, s.Account, u.recoveryHash(s.Account, code), now)
		}
		if err != nil {
			return err
		}
		if n != 1 {
			return errCode()
		}
		if factor == "" {
			if err := u.tell(ctx, tx, s, "recovery_used", db.NewID()); err != nil {
				return err
			}
		}
		t, err = u.confirmed(ctx, tx, s, from, factor)
		return err
	})
	return t, u.refused(ctx, err, s, from)
}

// proofs is the budget for proofs of a session. Everybody is shown those of an example account, so one
// visitor of the demo must not use them up for the next.
func proofs(s Session, from Source) draw {
	if s.Example {
		return draw{bySource, from.Address}
	}
	return draw{byFactor, s.Account}
}

// matching finds the factor and the time step that a code is of, "" for none.
func (u *UseCases) matching(ctx context.Context, s Session, code string) (string, int64, error) {
	list, err := factorsOf(ctx, u.db, s.Account)
	if err != nil {
		return "", 0, err
	}
	for _, f := range list {
		if f.Kind != TOTP {
			continue
		}
		secret, err := u.vault.Open(ctx, u.db, s.Account, totpColumn, f.secret)
		if err != nil {
			return "", 0, err
		}
		if step, ok := matchStep(secret, code, u.clock(), f.lastStep); ok {
			return f.ID, step, nil
		}
	}
	return "", 0, nil
}

// confirmed makes a session strong and notes with what; factor is "" for a recovery code.
func (u *UseCases) confirmed(ctx context.Context, tx *db.Tx, s Session, from Source, factor string) (Ticket, error) {
	t, err := u.renew(ctx, tx, s, true, from)
	if err != nil {
		return Ticket{}, err
	}
	action := "identity.session.step_up"
	if s.Needs != NeedsNothing {
		action = "identity.session.second_factor"
	}
	return t, u.note(ctx, tx, s.actor(from), action, "session", s.ID, audit.Change{Field: "factor", After: factor})
}

// refused notes what was refused, in a transaction of its own, and gives err back.
func (u *UseCases) refused(ctx context.Context, err error, s Session, from Source) error {
	if !fault.Is(err, fault.KindInvalid) {
		return err
	}
	if noting := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return u.note(ctx, tx, s.actor(from), "identity.factor.refuse", "session", s.ID)
	}); noting != nil {
		return noting
	}
	return err
}

// ConfirmPassword is the step-up of an account that has no second factor.
func (u *UseCases) ConfirmPassword(ctx context.Context, from Source, token, password string) (Ticket, error) {
	s, err := u.Authenticate(ctx, token)
	if err == nil && s.Needs != NeedsNothing {
		err = errStranger()
	}
	if err == nil {
		err = u.spend(ctx, proofs(s, from))
	}
	if err != nil {
		return Ticket{}, err
	}
	a, err := accountByID(ctx, u.db, s.Account)
	if err != nil {
		return Ticket{}, err
	}
	right, _, err := u.hasher.verify(ctx, a.password, password)
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		have, err := factorsOf(ctx, tx, s.Account)
		if err != nil {
			return err
		}
		if !right || len(have) > 0 {
			return errWrong()
		}
		if t, err = u.renew(ctx, tx, s, false, from); err != nil {
			return err
		}
		return u.note(ctx, tx, s.actor(from), "identity.session.step_up", "session", s.ID)
	})
	return t, u.refused(ctx, err, s, from)
}
