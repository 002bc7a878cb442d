// SPDX-License-Identifier: EUPL-1.2

package identity_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/identity"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/vault"
)

const (
	bodyA    = "body-a"
	bodyB    = "body-b"
	password = "quattro parole messe insieme"
)

// console is whoever runs the program on its own machine.
var console = access.Actor{Via: audit.ViaCommand}

// house is an installation with a clock that the test moves and a letter box that it opens.
type house struct {
	*identity.UseCases
	t    *testing.T
	db   *db.DB
	mu   sync.Mutex
	now  time.Time
	left string // a body that has left the network
	mail []identity.Letter
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	return newNode(t, d, t.TempDir())
}

// newNode is one of several programs over the same database and keys.
func newNode(t *testing.T, d *db.DB, keys string) *house {
	t.Helper()
	h := &house{t: t, db: d, now: time.Date(2026, 3, 7, 9, 0, 0, 0, time.UTC)}
	folder, err := vault.OpenFolder(keys)
	must(t, err)
	v, err := vault.New(t.Context(), d, folder, h.clock)
	must(t, err)
	guard, err := access.New(h.clock, access.Base(), identity.Policy())
	must(t, err)
	h.UseCases = identity.New(identity.Config{
		DB: d, Clock: h.clock, Key: []byte("a key of thirty-two bytes, no more"), Guard: guard, Vault: v, Silence: 50 * time.Millisecond,
		Hashing:  identity.Hashing{Memory: 64, Time: 1, Threads: 1},
		Partakes: func(_ context.Context, _ db.Querier, member string) (bool, error) { return member != h.left, nil },
		Send: func(_ context.Context, _ *db.Tx, l identity.Letter) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			if !slices.ContainsFunc(h.mail, func(o identity.Letter) bool { return o.Key == l.Key }) {
				h.mail = append(h.mail, l)
			}
			return nil
		},
	})
	return h
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) wait(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// letters are the letters of a template to an address.
func (h *house) letters(template, email string) []identity.Letter {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []identity.Letter
	for _, l := range h.mail {
		if l.Template == template && l.Email == email {
			list = append(list, l)
		}
	}
	return list
}

// invite gives the token of an invitation.
func (h *house) invite(email, member string, roles ...access.Role) string {
	h.t.Helper()
	path, err := h.Invite(h.t.Context(), console, identity.Invitation{Member: member, Name: "Amina Prova", Email: email, Language: "it", Roles: roles})
	must(h.t, err)
	return path[len(identity.InvitationPath):]
}

// member makes an account with a password; it has no second factor yet.
func (h *house) member(email, member string, roles ...access.Role) identity.Ticket {
	h.t.Helper()
	t, err := h.Accept(h.t.Context(), from("inviter"), h.invite(email, member, roles...), "Amina Prova", password, "it")
	must(h.t, err)
	return t
}

// phone makes codes of a secret in base 32.
type phone string

func (p phone) code(t *testing.T, now time.Time) string {
	t.Helper()
	code, err := hotp.GenerateCodeCustom(string(p), uint64(now.Unix()/30), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	must(t, err)
	return code
}

// armed makes an account with a password and a phone, and gives its strong session.
func (h *house) armed(email, member string, roles ...access.Role) (identity.Ticket, phone, []string) {
	h.t.Helper()
	t := h.member(email, member, roles...)
	e, err := h.BeginTOTP(h.t.Context(), t.Token)
	must(h.t, err)
	p := phone(e.Secret)
	t, codes, err := h.FinishTOTP(h.t.Context(), from("here"), t.Token, e.Errand, p.code(h.t, h.clock()), "telefono")
	must(h.t, err)
	h.wait(time.Minute) // so that the next code is another one
	return t, p, codes
}

func (h *house) actor(t identity.Ticket) access.Actor {
	h.t.Helper()
	a, err := h.Session(h.t.Context(), t.Token)
	must(h.t, err)
	return a
}

// events counts what the log knows of an action.
func (h *house) events(action string) int {
	h.t.Helper()
	n, err := db.Row(h.t.Context(), h.db, db.Column[int], `SELECT count(*) FROM audit_event WHERE action = $1`, action)
	must(h.t, err)
	return n
}

func from(address string) identity.Source {
	return identity.Source{Address: address, Agent: "Firefox · Linux"}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if fault.KindOf(err) != kind {
		t.Errorf("%s: %v, want %s", what, err, kind)
	}
}

func TestAPasswordOpensASession(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		h.member("Amina@Ente.example", bodyA, access.DirectoryEditor)
		ticket, err := h.LogIn(ctx, from("home"), " amina@ente.EXAMPLE ", password)
		must(t, err)
		actor := h.actor(ticket)
		if actor.Member != bodyA || !slices.Equal(actor.Roles, []access.Role{access.DirectoryEditor}) || actor.Strong || actor.Session == "" {
			t.Errorf("actor %+v", actor)
		}
		if n := h.events("identity.session.begin"); n != 2 {
			t.Errorf("%d events of beginning, want 2", n)
		}
		kept, err := db.Rows(ctx, d, db.Column[string], `SELECT password FROM identity_account`)
		must(t, err)
		if len(kept) != 1 || kept[0][:10] != "$argon2id$" {
			t.Errorf("kept %q", kept)
		}
		must(t, h.LogOut(ctx, from("home"), ticket.Token))
		_, err = h.Session(ctx, ticket.Token)
		wantKind(t, "after logging out", err, fault.KindForbidden)
	})
}

func TestWrongAndUnknownAreOneAnswer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		h.member("amina@ente.example", bodyA, access.Translator)
		_, wrong := h.LogIn(ctx, from("x"), "amina@ente.example", "not the password, sorry")
		_, unknown := h.LogIn(ctx, from("x"), "nobody@ente.example", "not the password, sorry")
		wantKind(t, "wrong", wrong, fault.KindInvalid)
		if wrong == nil || unknown == nil || wrong.Error() != unknown.Error() {
			t.Errorf("%v and %v tell who has an account", wrong, unknown)
		}
		must(t, h.AskReset(ctx, from("x"), "amina@ente.example"))
		must(t, h.AskReset(ctx, from("x"), "nobody@ente.example"))
		if n := len(h.letters("reset", "amina@ente.example")); n != 1 {
			t.Errorf("%d letters to Amina", n)
		}
		if n := len(h.letters("reset", "nobody@ente.example")); n != 0 {
			t.Errorf("%d letters to nobody", n)
		}
	})
}

func TestSessionsEndWhenIdleAndInTheEnd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		editor := h.member("editor@ente.example", bodyA, access.DirectoryEditor)
		worker, p, _ := h.armed("worker@ente.example", bodyA, access.CaseWorker)
		for range 25 { // nearly every half hour a click
			h.wait(28 * time.Minute)
			h.actor(worker)
			h.actor(editor)
		}
		h.wait(28 * time.Minute)
		_, err := h.Session(ctx, worker.Token)
		wantKind(t, "a case worker after twelve hours", err, fault.KindForbidden)
		h.actor(editor)
		h.wait(4*time.Hour + time.Second)
		_, err = h.Session(ctx, editor.Token)
		wantKind(t, "an editor after four idle hours", err, fault.KindForbidden)
		again, err := h.LogIn(ctx, from("x"), "worker@ente.example", password)
		must(t, err)
		again, err = h.ConfirmCode(ctx, from("x"), again.Token, p.code(t, h.clock()))
		must(t, err)
		h.wait(30*time.Minute + time.Second)
		_, err = h.Session(ctx, again.Token)
		wantKind(t, "a case worker after half an idle hour", err, fault.KindForbidden)
	})
}

func TestLeavingABodyIsFeltAtTheNextRequest(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		boss, _, _ := h.armed("boss@ente.example", bodyA, access.BodyAdministrator)
		h.armed("root@rete.example", bodyA, access.NetworkAdministrator)
		editor := h.member("editor@ente.example", bodyA, access.DirectoryEditor)
		id := h.actor(editor).Account
		must(t, h.ChangeRoles(ctx, h.actor(boss), bodyA, id, nil))
		if a := h.actor(editor); len(a.Roles) != 0 || a.Member != "" {
			t.Errorf("after the end the session still acts: %+v", a)
		}
		n, err := db.Row(ctx, d, db.Column[int], `SELECT count(*) FROM identity_membership WHERE account_id = $1 AND until_at IS NOT NULL`, id)
		must(t, err)
		if n != 1 {
			t.Errorf("%d ended memberships are kept, want 1", n)
		}
		other := h.member("translator@ente.example", bodyB, access.Translator)
		h.left = bodyB
		if a := h.actor(other); len(a.Roles) != 0 || a.Member != "" {
			t.Errorf("after the body has left the network its people still act: %+v", a)
		}
		must(t, h.EndAllSessions(ctx, console, "editor@ente.example"))
		_, err = h.Session(ctx, editor.Token)
		wantKind(t, "after revoking", err, fault.KindForbidden)
	})
}

func TestSomebodyActsForOneBodyAtATime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		h.member("amina@ente.example", bodyA, access.DirectoryEditor)
		first, err := h.LogIn(ctx, from("x"), "amina@ente.example", password)
		must(t, err)
		must(t, h.AcceptAs(ctx, h.actor(first), h.invite("amina@ente.example", bodyB, access.Translator)))
		if a := h.actor(first); a.Member != bodyA || !slices.Equal(a.Roles, []access.Role{access.DirectoryEditor}) {
			t.Errorf("acts %+v", a)
		}
		must(t, h.ChooseBody(ctx, from("x"), first.Token, bodyB))
		if a := h.actor(first); a.Member != bodyB || !slices.Equal(a.Roles, []access.Role{access.Translator}) {
			t.Errorf("after choosing: %+v", a)
		}
		wantKind(t, "a body that is not one's own", h.ChooseBody(ctx, from("x"), first.Token, "body-c"), fault.KindNotFound)
		later, err := h.LogIn(ctx, from("x"), "amina@ente.example", password)
		must(t, err)
		if a := h.actor(later); a.Member != bodyB {
			t.Errorf("the next login acts for %s, want the body chosen last", a.Member)
		}
	})
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ password, key string }{
		{"quattro parole messe insieme", ""},
		{"كلمات كثيرة جدا هنا", ""},
		{"çççççççççççççç", "identity.password_short"},
		{"short", "identity.password_short"},
		{"aaaaaaaaaaaaaaaaaaaa", "identity.password_common"},
		{"abcabcabcabcabcabc", "identity.password_common"},
		{"Password1234567890", "identity.password_common"},
		{"12345678901234567890", "identity.password_common"},
		{"qwertyuiopasdfghjkl", "identity.password_common"},
		{"amina.prova.2026.", "identity.password_own"},
	} {
		err := identity.CheckPassword(c.password, "Amina Prova", "amina@ente.example")
		got := ""
		if all := fault.All(err); len(all) > 0 {
			got = all[0].Message.Key
		}
		if got != c.key {
			t.Errorf("%q: %q, want %q", c.password, got, c.key)
		}
	}
}
