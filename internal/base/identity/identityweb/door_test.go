// SPDX-License-Identifier: EUPL-1.2

package identityweb_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/identity"
	"approdo/internal/base/identity/identityweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/vault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
	"approdo/migrations"
)

const password = "quattro parole messe insieme"

// door is the site of this package alone, behind a proxy that speaks TLS, with one editor.
func door(t *testing.T) http.Handler {
	t.Helper()
	h, _ := house(t)
	return h
}

// house is door with the use cases behind it.
func house(t *testing.T) (http.Handler, *identity.UseCases) {
	t.Helper()
	d := dbtest.SQLite(t, migrations.FS)
	folder, err := vault.OpenFolder(t.TempDir())
	must(t, err)
	v, err := vault.New(t.Context(), d, folder, time.Now)
	must(t, err)
	guard, err := access.New(time.Now, access.Base(), identity.Policy())
	must(t, err)
	u := identity.New(identity.Config{
		DB: d, Clock: time.Now, Key: []byte("a key of thirty-two bytes, no more"), Guard: guard, Vault: v,
		Hashing:  identity.Hashing{Memory: 64, Time: 1, Threads: 1},
		Partakes: func(context.Context, db.Querier, string) (bool, error) { return true, nil },
		Send:     func(context.Context, *db.Tx, identity.Letter) error { return nil },
	})
	path, err := u.Invite(t.Context(), access.Actor{Via: audit.ViaCommand}, identity.Invitation{
		Member: "body", Name: "Amina Prova", Email: "amina@ente.example", Roles: []access.Role{access.DirectoryEditor},
	})
	must(t, err)
	_, err = u.Accept(t.Context(), identity.Source{}, strings.TrimPrefix(path, identity.InvitationPath), "Amina Prova", password, "it")
	must(t, err)
	words, err := lang.Open(ui.Locales(), identityweb.Locales())
	must(t, err)
	site := &ui.Site{Network: "Rete Prova"}
	rs := web.New(web.Options{
		Catalogue: words, ErrorPage: site.ErrorPage, Admit: identityweb.Admit(u, guard),
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, // where httptest says that requests come from
	})
	identityweb.Register(rs, identityweb.Deps{
		Identity: u, Site: site, Guard: guard, Home: "/office",
		Bodies: func(context.Context, []string) (map[string]string, error) {
			return map[string]string{"body": "Comune di Prova"}, nil
		},
	})
	return rs.Handler(), u
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// send is one request; proto is what the proxy says, form makes it a POST.
func send(h http.Handler, proto, path string, form url.Values, cookies ...*http.Cookie) *http.Response {
	method, body := http.MethodGet, ""
	if form != nil {
		method, body = http.MethodPost, form.Encode()
	}
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("X-Forwarded-Proto", proto)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func entering(next string) url.Values {
	return url.Values{"email": {"amina@ente.example"}, "password": {password}, "next": {next}}
}

func TestTheCookieOfASessionIsBoundToThisHost(t *testing.T) {
	t.Parallel()
	h := door(t)
	for proto, prefix := range map[string]string{"https": "__Host-", "http": ""} {
		cookies := map[string]*http.Cookie{}
		for _, c := range send(h, proto, "/it/login", entering("")).Cookies() {
			cookies[c.Name] = c
		}
		c := cookies[prefix+"approdo"]
		if c == nil {
			t.Fatalf("%s: cookies %v", proto, cookies)
		}
		if !c.HttpOnly || c.Secure != (proto == "https") || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 0 {
			t.Errorf("%s: %+v", proto, c)
		}
		if device := cookies[prefix+"approdo-device"]; device == nil || device.MaxAge < 300*24*3600 || strings.Contains(device.Value, c.Value) {
			t.Errorf("%s: device %+v", proto, device)
		}
		if r := send(h, proto, "/it/account", nil, c); r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: the account answers %d, kept %q", proto, r.StatusCode, r.Header.Get("Cache-Control"))
		}
		// Over TLS a cookie without the prefix, as a neighbouring host could set it, is nobody's.
		if r := send(h, "https", "/it/account", nil, &http.Cookie{Name: "approdo", Value: c.Value}); r.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: a plain cookie over TLS answers %d", proto, r.StatusCode)
		}
	}
}

func TestAfterwardsOneStaysOnThisSite(t *testing.T) {
	t.Parallel()
	h := door(t)
	for next, want := range map[string]string{
		"/it/account?x=1": "/it/account?x=1", "": "/it/office", "https://evil.example/": "/it/office", "//evil.example/": "/it/office",
		`/\evil.example`: "/it/office", "javascript:alert(1)": "/it/office", "/it\r\nX: y": "/it/office",
	} {
		if got := send(h, "https", "/it/login", entering(next)).Header.Get("Location"); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

func TestEveryPageOfTheDoorIsKeptNowhere(t *testing.T) {
	t.Parallel()
	h := door(t)
	for _, path := range []string{"/it/login", "/ar/login", "/it/login/reset", "/it/login/reset/x.y", "/it/invitation/x.y", "/it/setup", "/it/login/second"} {
		r := send(h, "https", path, nil)
		if r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, kept %q", path, r.StatusCode, r.Header.Get("Cache-Control"))
		}
	}
	for path, want := range map[string]int{"/it/login/reset/x.y": 404, "/it/invitation/x.y": 404, "/it/setup": 404, "/it/login/second": 303, "/it/account": 303} {
		if got := send(h, "https", path, nil).StatusCode; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}

func TestAnotherSiteCantSendTheForms(t *testing.T) {
	t.Parallel()
	h := door(t)
	for _, path := range []string{"/it/login", "/it/logout", "/it/account/sessions/end", "/it/login/passkey/begin"} {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(entering("").Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden || len(w.Result().Cookies()) != 0 {
			t.Errorf("%s from another site: %d with %d cookies", path, w.Code, len(w.Result().Cookies()))
		}
	}
}
