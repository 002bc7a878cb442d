// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"encoding/json"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// An errand is what is under way between two requests of one browser. The browser holds its secret.

// Kinds of errand.
const (
	errandTOTP     = "totp"
	errandRegister = "passkey-register"
	errandLogin    = "passkey-login"
	errandConfirm  = "passkey-confirm"
	errandVisit    = "oidc"
	errandPhone    = "phone"
)

const errandHolds = 10 * time.Minute

// errLate says that an errand has run out, was taken, or never was.
func errLate() error { return fault.Conflict("identity.late") }

func (u *UseCases) beginErrand(ctx context.Context, tx *db.Tx, kind, account string, data any) (string, error) {
	secret := newToken()
	text, err := json.Marshal(data)
	if err != nil {
		return "", err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO identity_errand (id, secret_hash, kind, account_id, data, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		db.NewID(), hashToken(secret), kind, account, string(text), db.Millis(u.clock().Add(errandHolds)))
	return secret, err
}

// peekErrand reads an errand of an account ("" for a stranger's) and leaves it.
func (u *UseCases) peekErrand(ctx context.Context, q db.Querier, kind, account, secret string, into any) error {
	text, err := db.Row(ctx, q, db.Column[string], `SELECT data FROM identity_errand
		WHERE secret_hash = $1 AND kind = $2 AND account_id = $3 AND expires_at > $4`, hashToken(secret), kind, account, db.Millis(u.clock()))
	if fault.Is(err, fault.KindNotFound) {
		return errLate()
	}
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), into)
}

// takeErrand ends an errand: it can be taken once, by whoever deletes the row.
func takeErrand(ctx context.Context, tx *db.Tx, secret string) error {
	n, err := db.Exec(ctx, tx, `DELETE FROM identity_errand WHERE secret_hash = $1`, hashToken(secret))
	if err == nil && n != 1 {
		err = errLate()
	}
	return err
}
