// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
)

// Founding is what the first run asks for: the network, its first body, and who administers both.
type Founding struct {
	Network                         string
	Body, Kind                      string // Kind is one of network.Kinds
	Name, Email, Password, Language string
}

// check says everything that is wrong at once. Without a browser no password is asked for.
func (f Founding) check(withPassword bool) error {
	var list []error
	if n := utf8.RuneCountInString(strings.TrimSpace(f.Network)); n == 0 || n > maxName {
		list = append(list, fault.Invalid("network", "identity.network_name", "n", maxName))
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(f.Body)); n == 0 || n > 2*maxName {
		list = append(list, fault.Invalid("body_name", "identity.body_name", "n", 2*maxName))
	}
	list = append(list, checkPerson(f.Name, f.Email))
	if withPassword {
		list = append(list, CheckPassword(f.Password, f.Name, f.Email))
	}
	return errors.Join(list...)
}

// NeedsSetUp says whether nobody has set this installation up: there is no account at all.
func (u *UseCases) NeedsSetUp(ctx context.Context) (bool, error) {
	n, err := db.Row(ctx, u.db, db.Column[int], `SELECT (SELECT count(*) FROM identity_account) + (SELECT count(*) FROM identity_setup WHERE done_at IS NOT NULL)`)
	return n == 0, err
}

// SetUpCode makes the code that guards the first run, for the console; "" when there is no first run
// any more. The newest code holds.
func (u *UseCases) SetUpCode(ctx context.Context) (string, error) {
	needed, err := u.NeedsSetUp(ctx)
	if err != nil || !needed {
		return "", err
	}
	text := crockford.EncodeToString(random(10))
	code := text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
	_, err = db.Exec(ctx, u.db, `INSERT INTO identity_setup (id, code_hash, created_at) VALUES (1, $1, $2)
		ON CONFLICT (id) DO UPDATE SET code_hash = excluded.code_hash, created_at = excluded.created_at WHERE identity_setup.done_at IS NULL`,
		u.recoveryHash("set-up", code), db.Millis(u.clock()))
	return code, err
}

// SetUp makes the network with its first body and logs its first administrator in, for whoever holds
// the code from the console. found makes the body and gives its identifier. Faults: Missing when it
// has been done, Invalid (joined), TooMany.
func (u *UseCases) SetUp(ctx context.Context, from Source, code string, f Founding, found func(context.Context) (string, error)) (Ticket, error) {
	if err := u.spend(ctx, draw{bySetUp, from.Address}); err != nil {
		return Ticket{}, err
	}
	needed, err := u.NeedsSetUp(ctx)
	if err != nil || !needed {
		return Ticket{}, orMissing(err)
	}
	hash := u.recoveryHash("set-up", strings.TrimSpace(code))
	n, err := db.Row(ctx, u.db, db.Column[int], `SELECT count(*) FROM identity_setup WHERE code_hash = $1 AND done_at IS NULL`, hash)
	if err != nil {
		return Ticket{}, err
	}
	if n == 0 {
		return Ticket{}, fault.Invalid("setup_code", "identity.setup_code")
	}
	if err := f.check(true); err != nil {
		return Ticket{}, err
	}
	password, err := u.hasher.hash(ctx, f.Password)
	if err != nil {
		return Ticket{}, err
	}
	member, err := found(ctx)
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := u.finishSetUp(ctx, tx, f.Network); err != nil {
			return err
		}
		a := stored{Account: Account{ID: db.NewID(), Email: strings.TrimSpace(f.Email), Name: strings.TrimSpace(f.Name), Language: f.language(), Member: member}}
		if err := insertAccount(ctx, tx, a.Account, password, u.clock()); err != nil {
			return err
		}
		for _, role := range founders {
			if err := insertMembership(ctx, tx, a.ID, member, role, "", u.clock()); err != nil {
				return err
			}
		}
		who := access.Actor{Account: a.ID, Member: member, Address: from.Address, Via: audit.ViaPage}
		if err := u.note(ctx, tx, who, "identity.network.set_up", "account", a.ID, rolesChange(nil, founders)...); err != nil {
			return err
		}
		t, _, err = u.begin(ctx, tx, a, ByPassword, false, from)
		return err
	})
	return t, err
}

// founders are the roles of the first administrator.
var founders = []access.Role{access.NetworkAdministrator, access.BodyAdministrator}

func (f Founding) language() string {
	if lang.Known(f.Language) {
		return f.Language
	}
	return lang.Default
}

// finishSetUp ends the first run for good; of two that do it at once one wins.
func (u *UseCases) finishSetUp(ctx context.Context, tx *db.Tx, name string) error {
	now := db.Millis(u.clock())
	n, err := db.Exec(ctx, tx, `INSERT INTO identity_setup (id, code_hash, created_at, done_at, network) VALUES (1, $1, $2, $2, $3)
		ON CONFLICT (id) DO UPDATE SET done_at = excluded.done_at, network = excluded.network WHERE identity_setup.done_at IS NULL`,
		random(32), now, strings.TrimSpace(name))
	if err == nil && n != 1 {
		err = access.Missing()
	}
	return err
}

// SetUpHere is SetUp for the command of whoever runs the program on its own machine: it gives the path
// of an invitation, with which the administrator chooses a password in the browser.
func (u *UseCases) SetUpHere(ctx context.Context, actor access.Actor, f Founding, found func(context.Context) (string, error)) (string, error) {
	if actor.Via != audit.ViaCommand {
		return "", access.Missing()
	}
	needed, err := u.NeedsSetUp(ctx)
	if err == nil && !needed {
		err = fault.Conflict("identity.set_up_done")
	}
	if err == nil {
		err = f.check(false)
	}
	if err != nil {
		return "", err
	}
	member, err := found(ctx)
	if err != nil {
		return "", err
	}
	if err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := u.finishSetUp(ctx, tx, f.Network); err != nil {
			return err
		}
		return u.note(ctx, tx, actor, "identity.network.set_up", "body", member)
	}); err != nil {
		return "", err
	}
	return u.Invite(ctx, actor, Invitation{Member: member, Name: f.Name, Email: f.Email, Language: f.language(), Roles: founders})
}
