// SPDX-License-Identifier: EUPL-1.2

package identity_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/migrations"
)

// Administrators write to others, and an account that somebody has stolen would too: few letters to one
// address, and few in all.
func TestAdministratorsWriteFewLetters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		ticket, _, _ := h.armed("boss@ente.example", bodyA, access.BodyAdministrator)
		boss := h.actor(ticket)
		invite := func(email string) error {
			_, err := h.Invite(ctx, boss, identity.Invitation{Member: bodyA, Name: "Amina", Email: email, Roles: []access.Role{access.Translator}})
			return err
		}
		for range 3 {
			must(t, invite("amina@ente.example"))
		}
		wantKind(t, "a fourth letter to one address", invite(" Amina@ente.example"), fault.KindTooMany)
		if n := len(h.letters("invitation", "amina@ente.example")); n != 3 {
			t.Errorf("%d letters", n)
		}
		// What strangers ask for an address keeps nobody from inviting it.
		for i := range 4 {
			_ = h.AskReset(ctx, from("s"+strconv.Itoa(i)), "bruno@ente.example")
		}
		must(t, invite("bruno@ente.example"))
		var err error
		for i := 0; i < 40 && err == nil; i++ {
			err = invite("person" + strconv.Itoa(i) + "@ente.example")
		}
		wantKind(t, "going through addresses", err, fault.KindTooMany)
		h.wait(time.Hour)
		lost := h.member("lost@ente.example", bodyA, access.Translator)
		account := h.actor(lost).Account
		for i := range 4 {
			_, err = h.ResetFactors(ctx, boss, bodyA, account)
			if i < 3 {
				must(t, err)
			}
		}
		wantKind(t, "beginning anew a fourth time", err, fault.KindTooMany)
	})
}

// Whoever tries the demo must not be able to lock out who comes next, nor to write to somebody.
func TestExampleAccountsStayOpenAndWriteToNobody(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		list, err := h.Demo(ctx, bodyA, bodyB)
		must(t, err)
		e, ticket := h.tries(list, access.BodyAdministrator)
		boss := h.actor(ticket)
		wantKind(t, "another password", h.ChangePassword(ctx, from("x"), ticket.Token, "una frase tutta nuova"), fault.KindConflict)
		_, err = h.BeginTOTP(ctx, ticket.Token)
		wantKind(t, "a phone of one's own", err, fault.KindConflict)
		_, err = h.BeginPasskey(ctx, ticket.Token, "https://rete.example")
		wantKind(t, "a passkey of one's own", err, fault.KindConflict)
		_, _, err = h.BeginVisit(ctx, from("x"), identity.Visit{Provider: "spid", Purpose: identity.VisitLink, Token: ticket.Token})
		wantKind(t, "an identity of one's own", err, fault.KindConflict)
		_, err = h.NewRecoveryCodes(ctx, from("x"), ticket.Token)
		wantKind(t, "recovery codes", err, fault.KindConflict)
		factors, err := h.Factors(ctx, boss)
		must(t, err)
		wantKind(t, "taking the shown codes away", h.RemoveFactor(ctx, from("x"), ticket.Token, factors[0].ID), fault.KindConflict)
		must(t, h.AskReset(ctx, from("x"), e.Email))
		if n := len(h.letters("reset", e.Email)); n != 0 {
			t.Errorf("%d letters with which a stranger could choose the password", n)
		}
		_, err = h.ResetFactors(ctx, boss, bodyA, boss.Account)
		wantKind(t, "beginning anew", err, fault.KindConflict)

		for email, allowed := range map[string]bool{"amina@prova.example": true, "amina@ente.it": false, "amina@notexample": false} {
			_, err := h.Invite(ctx, boss, identity.Invitation{Member: bodyA, Name: "Amina", Email: email, Roles: []access.Role{access.Translator}})
			if allowed {
				must(t, err)
			} else {
				wantKind(t, "inviting "+email, err, fault.KindInvalid)
			}
		}
		real, _, _ := h.armed("real@ente.example", bodyA, access.BodyAdministrator)
		_, err = h.Invite(ctx, h.actor(real), identity.Invitation{Member: bodyA, Name: "Amina", Email: "amina@ente.it", Roles: []access.Role{access.Translator}})
		must(t, err)
	})
}

// tries is somebody who tries the demo in a role.
func (h *house) tries(list []identity.Example, role access.Role) (identity.Example, identity.Ticket) {
	h.t.Helper()
	at := slices.IndexFunc(list, func(e identity.Example) bool { return e.Roles[0] == role })
	ticket, err := h.LogIn(h.t.Context(), from("x"), list[at].Email, list[at].Password)
	must(h.t, err)
	if ticket.Needs == identity.NeedsCode {
		code, _, err := h.ExampleCode(h.t.Context(), list[at].Email)
		must(h.t, err)
		ticket, err = h.ConfirmCode(h.t.Context(), from("x"), ticket.Token, code)
		must(h.t, err)
	}
	return list[at], ticket
}

// What example accounts may do stays too, and nobody uses up what the next one has to log in with.
func TestExampleAccountsStayWhatTheyAre(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		list, err := h.Demo(ctx, bodyA, bodyB)
		must(t, err)
		_, ticket := h.tries(list, access.NetworkAdministrator)
		boss := h.actor(ticket)
		editor, ticket := h.tries(list, access.DirectoryEditor)
		account := h.actor(ticket).Account
		for name, roles := range map[string][]access.Role{"an end": nil, "another role": {access.Auditor}, "the same": {access.DirectoryEditor}} {
			wantKind(t, name, h.ChangeRoles(ctx, boss, bodyA, account, roles), fault.KindConflict)
		}
		wantKind(t, "a role by invitation", h.AcceptAs(ctx, h.actor(ticket), h.invite(editor.Email, bodyB, access.Auditor)), fault.KindConflict)
		if got := h.actor(ticket); len(got.Roles) != 1 || got.Member != bodyA {
			t.Errorf("the editor acts as %v for %s", got.Roles, got.Member)
		}
		wantKind(t, "another name of the network", h.RenameNetwork(ctx, boss, "", "Rete di chi passa"), fault.KindInvalid)
		if name, err := h.NetworkName(ctx); err != nil || name != "" {
			t.Errorf("the network is called %q: %v", name, err)
		}
		for i := range 30 {
			_, err := h.LogIn(ctx, from(strconv.Itoa(i)), editor.Email, "a wrong password of many")
			wantKind(t, "a wrong password", err, fault.KindInvalid)
		}
		coordinator := list[slices.IndexFunc(list, func(e identity.Example) bool { return e.Roles[0] == access.MediationCoordinator })]
		half, err := h.LogIn(ctx, from("y"), coordinator.Email, coordinator.Password)
		must(t, err)
		for i := range 30 {
			_, err := h.ConfirmCode(ctx, from(strconv.Itoa(i)), half.Token, "000000")
			wantKind(t, "a wrong code", err, fault.KindInvalid)
		}
		h.tries(list, access.DirectoryEditor)
		h.tries(list, access.MediationCoordinator)
	})
}

func TestNamesAndAddressesHoldNothingElse(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, migrations.FS)
	h := newHouse(t, d)
	invite := func(name, email string) error {
		_, err := h.Invite(t.Context(), console, identity.Invitation{Member: bodyA, Name: name, Email: email, Roles: []access.Role{access.Translator}})
		return err
	}
	for _, name := range []string{"Amina Prova", "O’Brien-Łuczak", "আমিনা\u200c", "نام\u200cخانوادگی", "李 明", "Nguyễn"} {
		must(t, invite(name, "amina@ente.example"))
	}
	for _, name := range []string{"", "\u200b", "\u200d", "Vai su https://evil.example", "Amina\u202egpj", "Amina\u2028Prova", "Amina\u2066x", "12345", "A<b>", "Amina\x07"} {
		wantKind(t, strconv.QuoteToASCII(name), invite(name, "amina@ente.example"), fault.KindInvalid)
	}
	for email, good := range map[string]bool{
		"nome.cognome+x@sotto.ente.example": true, "a@città.example": true,
		"a@b.example%0aBcc:x": false, "a@b.example%0aBcc": false, "a@b": false, "a@b.example, c@d.example": false,
		"A <a@b.example>": false, "a@[127.0.0.1]": false, "a@b.example\r\nBcc: x": false, "": false,
	} {
		if identity.Mailable(email) != good {
			t.Errorf("%q: mailable %v", email, !good)
		}
	}
}

// A browser makes no passkey for a number, so such a site says what else there is.
func TestPasskeysWantANameOfTheSite(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t, migrations.FS))
	for origin, kind := range map[string]fault.Kind{"http://192.0.2.7:8080": fault.KindUnavailable, "https://[2001:db8::1]": fault.KindUnavailable} {
		_, err := h.BeginPasskeyLogin(t.Context(), from("x"), origin)
		wantKind(t, origin, err, kind)
	}
	_, err := h.BeginPasskeyLogin(t.Context(), from("x"), "https://rete.example")
	must(t, err)
}
