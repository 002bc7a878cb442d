// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"context"
	"testing"
	"time"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// Whoever edits a service types the address that its questions go to: no flood of letters comes of it, and
// no letter at all from those who only try the demo.
func TestQuestionsAreFew(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		k := openDesk(t, d)
		var sent letters
		v := directory.NewVerifier(k.UseCases, []byte("key"), sent.tell)
		for _, email := range []string{"a@b.example%0aBcc:x", "a@b.example%0aBcc", "a@b", "a@b.example, c@d.example"} {
			if err := k.SetContact(ctx, editor, "meals", directory.Contact{Email: email, Language: "it"}); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%q: %v", email, err)
			}
		}
		for range 3 {
			if _, err := v.Ask(ctx, editor, "meals"); err != nil {
				t.Fatal(err)
			}
		}
		if err := k.SetContact(ctx, editor, "meals", directory.Contact{Email: "another@ente.example", Language: "it"}); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Ask(ctx, editor, "meals"); !fault.Is(err, fault.KindTooMany) || len(sent.list) != 3 {
			t.Errorf("a fourth question within a day: %v, %d letters", err, len(sent.list))
		}
		if _, err := v.Ask(ctx, editor, "permit"); err != nil {
			t.Errorf("about another service: %v", err)
		}
		k.now = k.now.Add(25 * time.Hour)
		if _, err := v.Ask(ctx, editor, "meals"); err != nil {
			t.Errorf("a day later: %v", err)
		}
		// The same account as one of the demo network.
		if _, err := db.Exec(ctx, d, `INSERT INTO identity_account (id, email, email_key, name, language, handle, password, password_at, member, example, created_at)
			VALUES ($1, 'x@rete.example', 'x@rete.example', 'X', 'it', $2, '', 0, '', $3, 0)`, editor.Account, []byte("handle"), true); err != nil {
			t.Fatal(err)
		}
		if err := k.SetContact(ctx, editor, "meals", directory.Contact{Email: "somebody@ente.it", Language: "it"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("an example account writes to somebody: %v", err)
		}
		if err := k.SetContact(ctx, editor, "meals", directory.Contact{Email: "somebody@ente.example", Language: "it"}); err != nil {
			t.Errorf("an example account writes to nobody: %v", err)
		}
	})
}
