// SPDX-License-Identifier: EUPL-1.2

package identity_test

import (
	"strings"
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// Who has a role now, in this body, with an open account: nobody else is told.
func TestHoldersOfARole(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := identity.New(identity.Config{DB: d, Key: make([]byte, 32)})
		exec := func(text string, args ...any) {
			t.Helper()
			if _, err := db.Exec(t.Context(), d, text, args...); err != nil {
				t.Fatal(err)
			}
		}
		for i, id := range []string{"ada", "bo", "cy", "di"} {
			exec(`INSERT INTO identity_account (id, email, email_key, name, language, handle, password, member, example, created_at)
				VALUES ($1, $1, $1, $1, 'it', $2, '', 'm1', FALSE, 1)`, id, []byte{byte(i)})
		}
		exec(`UPDATE identity_account SET closed_at = 5 WHERE id = 'di'`)
		for _, m := range [][]any{
			{"1", "ada", "m1", "auditor", nil}, {"2", "bo", "m1", "auditor", int64(9)}, {"3", "bo", "m1", "trainer", nil},
			{"4", "cy", "m2", "auditor", nil}, {"5", "di", "m1", "auditor", nil},
		} {
			exec(`INSERT INTO identity_membership (id, account_id, member, role, from_at, until_at, granted_by) VALUES ($1, $2, $3, $4, 1, $5, '')`, m...)
		}
		got, err := u.Holders(t.Context(), d, "m1", access.Auditor)
		if err != nil || strings.Join(got, " ") != "ada" {
			t.Errorf("holders: %v %v", got, err)
		}
	})
}
