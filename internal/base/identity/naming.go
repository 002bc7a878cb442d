// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"cmp"
	"context"
	"strings"
	"unicode/utf8"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// NetworkName is what the network calls itself; "" when nobody has said.
func (u *UseCases) NetworkName(ctx context.Context) (string, error) {
	name, err := db.Row(ctx, u.db, db.Column[string], `SELECT network FROM identity_setup WHERE id = 1`)
	if fault.Is(err, fault.KindNotFound) {
		return "", nil
	}
	return name, err
}

// program is what a network is called that has no name of its own.
const program = "Approdo"

// called is what phones and passkeys show this site as.
func (u *UseCases) called(ctx context.Context) (string, error) {
	name, err := u.NetworkName(ctx)
	return cmp.Or(name, program), err
}

// RenameNetwork gives the network another name; "" takes it away, and the site is called after the
// program. was is the name that the actor saw: when somebody else was faster it is a Conflict. Faults:
// Missing, Invalid, Conflict.
func (u *UseCases) RenameNetwork(ctx context.Context, actor access.Actor, was, name string) error {
	if err := u.may(ctx, actor, ActionRename, access.Resource{Type: "Network", ID: "network"}); err != nil {
		return err
	}
	// Everybody who looks at the demo reads its name.
	example, err := isExample(ctx, u.db, actor.Account)
	if err != nil {
		return err
	}
	if example {
		return fault.Invalid("network", "identity.example_network")
	}
	name = strings.Join(strings.Fields(name), " ")
	if utf8.RuneCountInString(name) > maxName || strings.ContainsAny(name, "<>") {
		return fault.Invalid("network", "identity.network_name", "n", maxName)
	}
	now := db.Millis(u.clock())
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		// An installation that began without the first run has no row: it is made, and is no first run.
		if _, err := db.Exec(ctx, tx, `INSERT INTO identity_setup (id, code_hash, created_at, done_at) VALUES (1, $1, $2, $2) ON CONFLICT (id) DO NOTHING`,
			random(32), now); err != nil {
			return err
		}
		n, err := db.Exec(ctx, tx, `UPDATE identity_setup SET network = $1 WHERE id = 1 AND network = $2`, name, was)
		if err == nil && n != 1 {
			err = fault.Conflict("identity.network_renamed")
		}
		if err != nil {
			return err
		}
		return u.note(ctx, tx, actor, ActionRename, "network", "network", audit.Change{Field: "name", Before: was, After: name})
	})
}
