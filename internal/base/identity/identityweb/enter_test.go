// SPDX-License-Identifier: EUPL-1.2

package identityweb_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/identity"
)

// session is the cookie of the session that an answer gives.
func session(t *testing.T, r *http.Response) *http.Cookie {
	t.Helper()
	at := slices.IndexFunc(r.Cookies(), func(c *http.Cookie) bool { return c.Name == "__Host-approdo" })
	if at < 0 {
		t.Fatalf("no session: %d, %v", r.StatusCode, r.Cookies())
	}
	return r.Cookies()[at]
}

// Whoever logs in again in the same browser has one session there and not two.
func TestLoggingInAgainEndsTheSessionBefore(t *testing.T) {
	t.Parallel()
	h := door(t)
	first := session(t, send(h, "https", "/it/login", entering("")))
	elsewhere := session(t, send(h, "https", "/it/login", entering("")))
	second := session(t, send(h, "https", "/it/login", entering(""), first))
	for what, c := range map[string]struct {
		*http.Cookie
		status int
	}{
		"the session before": {first, http.StatusSeeOther}, "the new one": {second, http.StatusOK}, "that of another browser": {elsewhere, http.StatusOK},
	} {
		if got := send(h, "https", "/it/account", nil, c.Cookie).StatusCode; got != c.status {
			t.Errorf("%s answers %d, want %d", what, got, c.status)
		}
	}
}

// Addresses are kept in histories and logs: no secret is read from them.
func TestSecretsAreReadFromTheFormAlone(t *testing.T) {
	t.Parallel()
	r := send(door(t), "https", "/it/login?"+entering("").Encode(), url.Values{})
	if r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a password in the address answers %d", r.StatusCode)
	}
}

// administrator gives the session of an administrator of a body.
func administrator(t *testing.T, u *identity.UseCases) *http.Cookie {
	t.Helper()
	token := accept(t, u, "boss@ente.example", access.BodyAdministrator).Token
	e, err := u.BeginTOTP(t.Context(), token)
	must(t, err)
	code, err := totp.GenerateCode(e.Secret, time.Now())
	must(t, err)
	ticket, _, err := u.FinishTOTP(t.Context(), identity.Source{}, token, e.Errand, code, "")
	must(t, err)
	return &http.Cookie{Name: "__Host-approdo", Value: ticket.Token}
}

func accept(t *testing.T, u *identity.UseCases, email string, roles ...access.Role) identity.Ticket {
	t.Helper()
	path, err := u.Invite(t.Context(), access.Actor{Via: audit.ViaCommand}, identity.Invitation{Member: "body", Name: "Bruno Prova", Email: email, Roles: roles})
	must(t, err)
	ticket, err := u.Accept(t.Context(), identity.Source{}, strings.TrimPrefix(path, identity.InvitationPath), "Bruno Prova", password, "it")
	must(t, err)
	return ticket
}

func TestTheFormOfAnInvitationIsForOnesOwnBody(t *testing.T) {
	t.Parallel()
	h, u := house(t)
	boss := administrator(t, u)
	for path, want := range map[string]int{"/it/office/members/invite": http.StatusOK, "/it/office/members/invite?body=another": http.StatusNotFound} {
		if got := send(h, "https", path, nil, boss).StatusCode; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}

// Who is auditor by the network's will and got a role of the body besides loses that one again.
func TestTheLastRoleThatOneMayTakeCanBeTaken(t *testing.T) {
	t.Parallel()
	h, u := house(t)
	boss := administrator(t, u)
	accept(t, u, "root@ente.example", access.NetworkAdministrator) // without one nobody's roles change
	accept(t, u, "auditor@ente.example", access.Auditor, access.Translator)
	accept(t, u, "translator@ente.example", access.Translator)
	console := access.Actor{Via: audit.ViaCommand}
	for email, want := range map[string]int{"auditor@ente.example": http.StatusSeeOther, "translator@ente.example": http.StatusUnprocessableEntity} {
		a, err := u.AccountByEmail(t.Context(), email)
		must(t, err)
		if got := send(h, "https", "/it/office/members/"+a.ID, url.Values{}, boss).StatusCode; got != want {
			t.Errorf("no role for %s answers %d, want %d", email, got, want)
		}
		p, err := u.Person(t.Context(), console, "body", a.ID)
		must(t, err)
		if translates := slices.Contains(p.Roles, access.Translator); len(p.Roles) != 1 || translates != (want != http.StatusSeeOther) {
			t.Errorf("%s is now %v", email, p.Roles)
		}
	}
}
