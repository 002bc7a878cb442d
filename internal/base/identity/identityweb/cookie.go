// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"net/http"
	"strings"
	"time"

	"approdo/internal/base/identity"
	"approdo/internal/kit/web"
)

// Cookies of this package, without the prefix that they have over TLS.
const (
	sessionCookie = "approdo"        // the secret of the session; ends with the browser
	deviceCookie  = "approdo-device" // marks of accounts that this browser has logged in to
	errandCookie  = "approdo-errand" // the secret of what is under way
)

// deviceYear is how long a browser is known: renewed at each login.
const deviceYear = 365 * 24 * time.Hour

// cookieName binds the cookie to this very host, where there is TLS.
func cookieName(r *http.Request, name string) string {
	if web.Secure(r.Context()) {
		return "__Host-" + name
	}
	return name
}

func setCookie(w http.ResponseWriter, r *http.Request, name, value string, age time.Duration) {
	c := &http.Cookie{ // #nosec G124 -- Secure wherever there is TLS
		Name: cookieName(r, name), Value: value, Path: "/", HttpOnly: true, Secure: web.Secure(r.Context()), SameSite: http.SameSiteLaxMode,
	}
	switch {
	case value == "":
		c.MaxAge = -1
	case age > 0:
		c.MaxAge = int(age.Seconds())
	}
	http.SetCookie(w, c)
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(cookieName(r, name))
	if err != nil {
		return ""
	}
	return c.Value
}

// Token is the secret of the session that a request carries, "" for none.
func Token(r *http.Request) string { return cookie(r, sessionCookie) }

// hand gives the browser what it got. The session that it had until now ends, unless it is the same one
// under a new secret: nobody is left logged in where they can no longer log out (OWASP ASVS 5.0, 7.2.4).
func (p *pages) hand(w http.ResponseWriter, r *http.Request, t identity.Ticket) error {
	if before := Token(r); before != "" && before != t.Token {
		if err := p.Identity.LogOut(r.Context(), sourceOf(r), before); err != nil {
			return err
		}
	}
	setCookie(w, r, sessionCookie, t.Token, 0)
	setCookie(w, r, deviceCookie, t.Device, deviceYear)
	return nil
}

// sourceOf is where a request comes from.
func sourceOf(r *http.Request) identity.Source {
	return identity.Source{Address: web.Visitor(r), Device: cookie(r, deviceCookie), Agent: agent(r.UserAgent())}
}

// agent names browser and system, and no more: enough to recognize one's own phone in a list.
func agent(text string) string {
	find := func(list ...[2]string) string {
		for _, c := range list {
			if strings.Contains(text, c[0]) {
				return c[1]
			}
		}
		return ""
	}
	browser := find([2]string{"Edg", "Edge"}, [2]string{"OPR/", "Opera"}, [2]string{"SamsungBrowser", "Samsung Internet"}, [2]string{"Firefox", "Firefox"},
		[2]string{"FxiOS", "Firefox"}, [2]string{"CriOS", "Chrome"}, [2]string{"Chrome", "Chrome"}, [2]string{"Safari", "Safari"})
	system := find([2]string{"Android", "Android"}, [2]string{"iPhone", "iPhone"}, [2]string{"iPad", "iPad"}, [2]string{"Windows", "Windows"},
		[2]string{"Mac OS", "macOS"}, [2]string{"CrOS", "ChromeOS"}, [2]string{"Linux", "Linux"})
	return strings.Trim(browser+" · "+system, " ·")
}
