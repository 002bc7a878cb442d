// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"encoding/base32"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
)

// recoveryCodes is how many there are.
const recoveryCodes = 10

// crockford leaves out the letters that are taken for digits.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// newRecoveryCodes replaces the recovery codes of an account. They are shown now and never again.
func (u *UseCases) newRecoveryCodes(ctx context.Context, tx *db.Tx, account string, who access.Actor) ([]string, error) {
	if _, err := db.Exec(ctx, tx, `DELETE FROM identity_recovery_code WHERE account_id = $1`, account); err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodes)
	rows := make([][]any, recoveryCodes)
	for i := range codes {
		text := crockford.EncodeToString(random(10))
		codes[i] = text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
		rows[i] = []any{db.NewID(), account, u.recoveryHash(account, codes[i]), db.Millis(u.clock())}
	}
	if _, err := db.Insert(ctx, tx, `identity_recovery_code (id, account_id, code_hash, created_at)`, ``, rows); err != nil {
		return nil, err
	}
	return codes, u.note(ctx, tx, who, "identity.recovery.renew", "account", account)
}

// recoveryHash reads a code as people type it. The hash is keyed, so the database alone can't be
// searched for it (NIST SP 800-63B-4, 3.1.2.2).
func (u *UseCases) recoveryHash(account, code string) []byte {
	code = strings.Map(func(r rune) rune {
		switch {
		case r == 'O' || r == 'o':
			return '0'
		case r == 'I' || r == 'i' || r == 'L' || r == 'l':
			return '1'
		case r == '-' || r == ' ':
			return -1
		}
		return r
	}, code)
	return u.mac("recovery", account, strings.ToUpper(code))
}

// isRecovery says whether what was typed has the length of a recovery code, and not of a one-time code.
func isRecovery(code string) bool { return len(code) >= 16 && len(code) <= 40 }

// NewRecoveryCodes gives the owner of a session new recovery codes; the old ones end.
func (u *UseCases) NewRecoveryCodes(ctx context.Context, from Source, token string) (codes []string, err error) {
	s, err := u.Authenticate(ctx, token)
	if err == nil {
		err = u.mayArm(s)
	}
	if err != nil {
		return nil, err
	}
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if codes, err = u.newRecoveryCodes(ctx, tx, s.Account, s.actor(from)); err != nil {
			return err
		}
		return u.tell(ctx, tx, s, "new_recovery_codes", db.NewID())
	})
	return codes, err
}

// RecoveryCodes is how many recovery codes the actor has left.
func (u *UseCases) RecoveryCodes(ctx context.Context, actor access.Actor) (int, error) {
	return db.Row(ctx, u.db, db.Column[int], `SELECT count(*) FROM identity_recovery_code WHERE account_id = $1 AND used_at IS NULL`, actor.Account)
}
