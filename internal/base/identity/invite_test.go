// SPDX-License-Identifier: EUPL-1.2

package identity_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

func TestAnInvitationWorksOnceAndForItsAddress(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		boss, _, _ := h.armed("boss@ente.example", bodyA, access.BodyAdministrator)
		path, err := h.Invite(ctx, h.actor(boss), identity.Invitation{Member: bodyA, Name: "Amina", Email: "amina@ente.example", Language: "ar", Roles: []access.Role{access.Mediator}})
		must(t, err)
		token := path[len(identity.InvitationPath):]
		letters := h.letters("invitation", "amina@ente.example")
		if len(letters) != 1 || letters[0].Link != path || letters[0].Language != "ar" || letters[0].Body != bodyA {
			t.Errorf("letters %+v", letters)
		}
		_, _, err = h.Invitation(ctx, token[:len(token)-2]+"xx")
		wantKind(t, "a changed signature", err, fault.KindNotFound)
		_, err = h.Accept(ctx, from("x"), token, "Amina", "short", "ar")
		wantKind(t, "a short password", err, fault.KindInvalid)
		_, err = h.Accept(ctx, from("x"), token, "Amina", password, "ar")
		must(t, err)
		_, err = h.Accept(ctx, from("x"), token, "Amina", password, "ar")
		wantKind(t, "a second time", err, fault.KindNotFound)
		other := h.member("other@ente.example", bodyA, access.Translator)
		second := h.invite("amina@ente.example", bodyB, access.Trainer)
		wantKind(t, "for another account", h.AcceptAs(ctx, h.actor(other), second), fault.KindConflict)
		_, err = h.Accept(ctx, from("x"), second, "Not Amina", "another long password", "it")
		wantKind(t, "an account that exists", err, fault.KindConflict)
		h.wait(8 * 24 * time.Hour)
		_, _, err = h.Invitation(ctx, second)
		wantKind(t, "after a week", err, fault.KindNotFound)
	})
}

func TestAdministratorsKeepTheirOwnBody(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		root, _, _ := h.armed("root@rete.example", bodyA, access.NetworkAdministrator)
		boss, _, _ := h.armed("boss@ente.example", bodyA, access.BodyAdministrator)
		editor := h.member("editor@ente.example", bodyA, access.DirectoryEditor)
		other := h.member("other@ente.example", bodyB, access.DirectoryEditor)
		invite := func(who identity.Ticket, member string, role access.Role) error {
			_, err := h.Invite(ctx, h.actor(who), identity.Invitation{Member: member, Name: "X Y", Email: "x@ente.example", Roles: []access.Role{role}})
			return err
		}
		must(t, invite(boss, bodyA, access.CaseWorker))
		must(t, invite(root, bodyB, access.BodyAdministrator))
		for what, err := range map[string]error{
			"into another body":        invite(boss, bodyB, access.CaseWorker),
			"a network administrator":  invite(boss, bodyA, access.NetworkAdministrator),
			"an auditor":               invite(boss, bodyA, access.Auditor),
			"an editor":                invite(editor, bodyA, access.CaseWorker),
			"changing another body":    h.ChangeRoles(ctx, h.actor(boss), bodyB, h.actor(other).Account, nil),
			"unmaking the network":     h.ChangeRoles(ctx, h.actor(boss), bodyA, h.actor(root).Account, nil),
			"making oneself more":      h.ChangeRoles(ctx, h.actor(boss), bodyA, h.actor(boss).Account, []access.Role{access.BodyAdministrator, access.NetworkAdministrator}),
			"an editor changing roles": h.ChangeRoles(ctx, h.actor(editor), bodyA, h.actor(editor).Account, []access.Role{access.BodyAdministrator}),
		} {
			wantKind(t, what, err, fault.KindNotFound)
		}
		_, _, err := h.People(ctx, h.actor(boss), bodyB)
		wantKind(t, "looking into another body", err, fault.KindNotFound)
		must(t, h.ChangeRoles(ctx, h.actor(boss), bodyA, h.actor(editor).Account, []access.Role{access.Translator}))
		if a := h.actor(editor); !a.Has(access.Translator) || a.Has(access.DirectoryEditor) {
			t.Errorf("after the change: %v", a.Roles)
		}
		wantKind(t, "the last administrator of the network", h.ChangeRoles(ctx, h.actor(root), bodyA, h.actor(root).Account, nil), fault.KindConflict)
	})
}

func TestWhoLostThePhoneBeginsAnew(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		boss, _, _ := h.armed("boss@ente.example", bodyA, access.BodyAdministrator)
		lost, _, codes := h.armed("lost@ente.example", bodyA, access.Mediator)
		account := h.actor(lost).Account
		path, err := h.ResetFactors(ctx, h.actor(boss), bodyA, account)
		must(t, err)
		_, err = h.Authenticate(ctx, lost.Token)
		wantKind(t, "a session from before", err, fault.KindForbidden)
		_, err = h.LogIn(ctx, from("x"), "lost@ente.example", password)
		wantKind(t, "the password from before", err, fault.KindInvalid)
		_, err = h.Reset(ctx, from("x"), path[len(identity.ResetPath):], "una frase tutta nuova")
		must(t, err)
		half, err := h.LogIn(ctx, from("x"), "lost@ente.example", "una frase tutta nuova")
		must(t, err)
		if half.Needs != identity.NeedsFactor {
			t.Errorf("needs %q, want a new factor", half.Needs)
		}
		_, err = h.ConfirmCode(ctx, from("x"), half.Token, codes[0])
		wantKind(t, "a recovery code from before", err, fault.KindInvalid)
	})
}

func TestTheFirstRunHappensOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		code, err := h.SetUpCode(ctx)
		must(t, err)
		bodies := 0
		found := func(context.Context) (string, error) { bodies++; return bodyA, nil }
		f := identity.Founding{Network: "Rete Prova", Body: "Comune di Prova", Name: "Ada Prova", Email: "ada@ente.example", Password: password, Language: "it"}
		_, err = h.SetUp(ctx, from("x"), "AAAA-BBBB-CCCC-DDDD", f, found)
		wantKind(t, "a wrong code", err, fault.KindInvalid)
		bad := f
		bad.Password, bad.Email, bad.Network = "short", "ada", " "
		_, err = h.SetUp(ctx, from("x"), code, bad, found)
		if n := len(fault.All(err)); n != 3 || bodies != 0 {
			t.Errorf("%d mistakes said, %d bodies made: %v", n, bodies, err)
		}
		ticket, err := h.SetUp(ctx, from("x"), strings.ToLower(code), f, found)
		must(t, err)
		if ticket.Needs != identity.NeedsFactor || bodies != 1 {
			t.Errorf("needs %q, %d bodies", ticket.Needs, bodies)
		}
		if name, err := h.NetworkName(ctx); err != nil || name != "Rete Prova" {
			t.Errorf("the network is called %q, %v", name, err)
		}
		_, err = h.SetUp(ctx, from("y"), code, f, found)
		wantKind(t, "a second time", err, fault.KindNotFound)
		if again, err := h.SetUpCode(ctx); err != nil || again != "" {
			t.Errorf("another code %q, %v", again, err)
		}
		_, err = h.SetUpHere(ctx, console, f, found)
		wantKind(t, "by command afterwards", err, fault.KindConflict)
	})
}

func TestTheDemoGivesTheSameEachTime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		list, err := h.Demo(ctx, bodyA, bodyB)
		must(t, err)
		again, err := h.Demo(ctx, bodyA, bodyB)
		must(t, err)
		if len(list) != len(access.Roles)+1 || list[0].Password != again[0].Password || list[0].Secret != again[0].Secret {
			t.Errorf("%d accounts, then %+v", len(list), again)
		}
		for _, e := range list {
			ticket, err := h.LogIn(ctx, from(e.Email), e.Email, e.Password)
			must(t, err)
			if ticket.Needs == identity.NeedsCode {
				code, _, err := h.ExampleCode(ctx, e.Email)
				must(t, err)
				ticket, err = h.ConfirmCode(ctx, from(e.Email), ticket.Token, code)
				must(t, err)
			}
			if a := h.actor(ticket); !a.Has(e.Roles[0]) {
				t.Errorf("%s acts as %v", e.Email, a.Roles)
			}
		}
		h.armed("real@ente.example", bodyA, access.Mediator)
		_, _, err = h.ExampleCode(ctx, "real@ente.example")
		wantKind(t, "the code of somebody real", err, fault.KindNotFound)
		_, err = db.Exec(ctx, d, `UPDATE identity_account SET email_key = 'x@ente.it' WHERE example`)
		if !db.IsCheck(err) {
			t.Errorf("an example with a real address: %v", err)
		}
	})
}
