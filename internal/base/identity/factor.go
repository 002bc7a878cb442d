// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Kinds of factor.
const (
	TOTP    = "totp"
	Passkey = "passkey"
)

// Factor is a second factor of an account, as its owner sees it.
type Factor struct {
	ID, Kind, Name string
	Created, Used  time.Time // Used is zero before the first time
}

// storedFactor is a factor with what only this package sees of it.
type storedFactor struct {
	Factor
	account  string
	secret   []byte
	lastStep int64
}

const factorColumns = `id, account_id, kind, name, secret, last_step, created_at, used_at`

func scanFactor(s db.Scanner) (f storedFactor, err error) {
	err = s.Scan(&f.ID, &f.account, &f.Kind, &f.Name, &f.secret, &f.lastStep, db.ScanTime(&f.Created), db.ScanTime(&f.Used))
	return f, err
}

func factorsOf(ctx context.Context, q db.Querier, account string) ([]storedFactor, error) {
	return db.Rows(ctx, q, scanFactor, `SELECT `+factorColumns+` FROM identity_factor WHERE account_id = $1 AND ended_at IS NULL ORDER BY created_at, id`, account)
}

// Factors are the second factors of the actor.
func (u *UseCases) Factors(ctx context.Context, actor access.Actor) ([]Factor, error) {
	list, err := factorsOf(ctx, u.db, actor.Account)
	factors := make([]Factor, len(list))
	for i, f := range list {
		factors[i] = f.Factor
	}
	return factors, err
}

// errStepUp says that somebody has to prove anew that it is them.
var errStepUp = fault.Forbidden("identity.step_up")

// WantsStepUp says whether an error asks for a step-up first.
func WantsStepUp(err error) bool {
	return err != nil && strings.Contains(err.Error(), errStepUp.Message.Key)
}

// fresh says whether a session was proved a short while ago, or has nothing yet to prove with.
func (u *UseCases) fresh(s Session) error {
	if s.Needs == NeedsCode {
		return errStranger()
	}
	if s.Needs == NeedsNothing && u.clock().Sub(s.SteppedUp) >= access.StepUpHolds {
		return errStepUp
	}
	return nil
}

// mayArm says whether a session may change what opens the account. That of an example account stays.
// Faults: as fresh, Conflict.
func (u *UseCases) mayArm(s Session) error {
	if s.Example {
		return errExample()
	}
	return u.fresh(s)
}

// maxFactors bounds what one account keeps.
const maxFactors = 12

// addFactor writes a new factor, makes the session strong and gives recovery codes with the first one.
func (u *UseCases) addFactor(ctx context.Context, tx *db.Tx, s Session, from Source, kind, name string, secret, credential []byte, step int64) (Ticket, []string, error) {
	now := u.clock()
	if name = strings.TrimSpace(name); utf8.RuneCountInString(name) > 60 {
		return Ticket{}, nil, fault.Invalid("name", "identity.factor_name", "n", 60)
	}
	have, err := factorsOf(ctx, tx, s.Account)
	if err != nil {
		return Ticket{}, nil, err
	}
	if len(have) >= maxFactors {
		return Ticket{}, nil, fault.Conflict("identity.factors_full")
	}
	id := db.NewID()
	var credentialID any
	if credential != nil {
		credentialID = credential
	}
	if _, err := db.Exec(ctx, tx, `INSERT INTO identity_factor (id, account_id, kind, name, secret, credential_id, last_step, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, id, s.Account, kind, name, secret, credentialID, step, db.Millis(now)); err != nil {
		return Ticket{}, nil, err
	}
	if err := u.note(ctx, tx, s.actor(from), "identity.factor.add", "factor", id, audit.Change{Field: "kind", After: kind}); err != nil {
		return Ticket{}, nil, err
	}
	t, err := u.renew(ctx, tx, s, true, from)
	if err != nil {
		return Ticket{}, nil, err
	}
	if err := u.endSessions(ctx, tx, s.actor(from), s.Account, s.ID, "factor"); err != nil {
		return Ticket{}, nil, err
	}
	if err := u.tell(ctx, tx, s, "new_factor", id); err != nil {
		return Ticket{}, nil, err
	}
	if len(have) > 0 {
		return t, nil, nil
	}
	codes, err := u.newRecoveryCodes(ctx, tx, s.Account, s.actor(from))
	return t, codes, err
}

// RemoveFactor takes a second factor away. The last one stays while the roles want one.
func (u *UseCases) RemoveFactor(ctx context.Context, from Source, token, id string) error {
	s, err := u.Authenticate(ctx, token)
	if err == nil {
		err = u.mayArm(s)
	}
	if err != nil {
		return err
	}
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		have, err := factorsOf(ctx, tx, s.Account)
		if err != nil {
			return err
		}
		list, err := memberships(ctx, tx, s.Account)
		if err != nil {
			return err
		}
		if len(have) == 1 && NeedsSecondFactor(allRoles(list)) {
			return fault.Conflict("identity.last_factor")
		}
		n, err := db.Exec(ctx, tx, `UPDATE identity_factor SET ended_at = $3 WHERE id = $1 AND account_id = $2 AND ended_at IS NULL`, id, s.Account, db.Millis(u.clock()))
		if err != nil || n == 0 {
			return orMissing(err)
		}
		return u.note(ctx, tx, s.actor(from), "identity.factor.remove", "factor", id)
	})
}

// orMissing is err, or Missing when there is none.
func orMissing(err error) error {
	if err == nil {
		err = access.Missing()
	}
	return err
}

// tell writes to the owner that something about the account has changed.
func (u *UseCases) tell(ctx context.Context, tx *db.Tx, s Session, template, key string) error {
	return u.send(ctx, tx, Letter{
		Key: "identity/" + template + "/" + key, Template: template, Account: s.Account, Email: s.Email, Name: s.Name, Language: s.Language,
	})
}
