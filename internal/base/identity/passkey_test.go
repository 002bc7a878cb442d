// SPDX-License-Identifier: EUPL-1.2

package identity_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/go-webauthn/webauthn/webauthn"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/vault"
)

// Public keys of passkeys are sealed for their account: one that somebody writes into the table who has
// not the keys of the installation, or copies from another account, is no passkey.
func TestAPasskeyInTheTableAloneOpensNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		keys := t.TempDir()
		h := newNode(t, d, keys)
		folder, err := vault.OpenFolder(keys)
		must(t, err)
		v, err := vault.New(t.Context(), d, folder, h.clock)
		must(t, err)
		ticket := h.member("amina@rete.example", bodyA, access.Trainer)
		h.member("bruno@rete.example", bodyA, access.Trainer)
		account := func(email string) string {
			id, err := db.Row(t.Context(), d, db.Column[string], `SELECT id FROM identity_account WHERE email = $1`, email)
			must(t, err)
			return id
		}
		text, err := json.Marshal(webauthn.Credential{ID: []byte("one"), PublicKey: []byte("a key")})
		must(t, err)
		seal := func(subject string) (sealed []byte) {
			must(t, d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
				sealed, err = v.Seal(ctx, tx, subject, "identity_factor.passkey", text)
				return err
			}))
			return sealed
		}
		amina, bruno := account("amina@rete.example"), account("bruno@rete.example")
		_, err = db.Exec(t.Context(), d, `INSERT INTO identity_factor (id, account_id, kind, name, secret, credential_id, last_step, created_at) VALUES ('f', $1, $2, 'x', $3, $4, 0, 0)`, amina, identity.Passkey, text, []byte("one"))
		must(t, err)
		for name, secret := range map[string][]byte{"in clear": text, "of another account": seal(bruno)} {
			_, err := db.Exec(t.Context(), d, `UPDATE identity_factor SET secret = $1`, secret)
			must(t, err)
			if _, err := h.BeginPasskeyConfirm(t.Context(), ticket.Token, "https://approdo.example"); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err = db.Exec(t.Context(), d, `UPDATE identity_factor SET secret = $1`, seal(amina))
		must(t, err)
		if _, err := h.BeginPasskeyConfirm(t.Context(), ticket.Token, "https://approdo.example"); err != nil {
			t.Errorf("sealed for its account: %v", err)
		}
		// A node whose keys are out of reach does not say that the passkey is wrong.
		_, err = db.Exec(t.Context(), d, `UPDATE vault_key SET wrapping = '0009-00000000' WHERE subject = $1`, amina)
		must(t, err)
		if _, err := h.BeginPasskeyConfirm(t.Context(), ticket.Token, "https://approdo.example"); !errors.Is(err, vault.ErrNoKey) {
			t.Errorf("without its key: %v", err)
		}
	})
}
