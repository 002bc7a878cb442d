// SPDX-License-Identifier: EUPL-1.2

package identity_test

import (
	"context"
	"slices"
	"testing"

	"approdo/internal/base/identity"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// Two entries of one body made one: people keep their roles, and the way back takes only what came.
func TestMembershipsFollowTheirBody(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		u := identity.New(identity.Config{DB: d, Key: make([]byte, 32)})
		exec := func(text string, args ...any) {
			t.Helper()
			if _, err := db.Exec(ctx, d, text, args...); err != nil {
				t.Fatal(err)
			}
		}
		for i, id := range []string{"ada", "bo"} {
			exec(`INSERT INTO identity_account (id, email, email_key, name, language, handle, password, member, example, created_at)
				VALUES ($1, $1, $1, $1, 'it', $2, '', 'old', FALSE, 1)`, id, []byte{byte(i)})
		}
		for _, m := range [][]string{{"m1", "ada", "old", "trainer"}, {"m2", "bo", "old", "trainer"}, {"m3", "bo", "new", "trainer"}, {"m4", "ada", "new", "auditor"}} {
			exec(`INSERT INTO identity_membership (id, account_id, member, role, from_at, granted_by) VALUES ($1, $2, $3, $4, 1, '')`, m[0], m[1], m[2], m[3])
		}
		exec(`INSERT INTO identity_membership (id, account_id, member, role, from_at, until_at, granted_by) VALUES ('m5', 'bo', 'old', 'auditor', 1, 2, '')`)
		move := func(from, into string, only []string) (moved []string) {
			t.Helper()
			if err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
				moved, err = u.Move(ctx, tx, from, into, only)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return moved
		}
		in := func(member string, want ...string) {
			t.Helper()
			got, err := db.Rows(ctx, d, db.Column[string], `SELECT id FROM identity_membership WHERE member = $1 ORDER BY id`, member)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("in %s: %v, want %v, %v", member, got, want, err)
			}
		}
		moved := move("old", "new", nil)
		if !slices.Equal(moved, []string{"m1"}) {
			t.Errorf("moved %v", moved)
		}
		in("new", "m1", "m3", "m4")
		in("old", "m2", "m5")
		if at, err := db.Row(ctx, d, db.Column[string], `SELECT member FROM identity_account WHERE id = 'ada'`); err != nil || at != "new" {
			t.Errorf("ada acts for %q, %v", at, err)
		}
		move("new", "old", moved)
		in("new", "m3", "m4")
		in("old", "m1", "m2", "m5")
	})
}
