// SPDX-License-Identifier: EUPL-1.2

package ui

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
)

// message is what an action left to say on the page that follows.
type message struct {
	level Level
	key   string
	n     int
}

func (m message) text(words lang.Words) string { return words.Count(m.key, m.n) }

// flashSeconds is how long a message waits for its page: longer than a slow redirect, shorter than it
// takes to wonder about a message from before lunch.
const flashSeconds = 60

// Flash leaves a message for the next page of operators that this browser opens: a key of the
// catalogue, and how many things it is about ({n} in the text, by its plural). Nothing else fits in,
// so that no name of a person can ever stand in the cookie. Call it before web.Redirect.
func Flash(w http.ResponseWriter, r *http.Request, level Level, key string, n int) {
	http.SetCookie(w, flashCookie(web.Secure(r.Context()), strings.Join([]string{string(level), key, strconv.Itoa(n)}, "/"), flashSeconds))
}

// flashCookie: the prefix binds the cookie to this host alone, so that no neighbouring host can put
// words into our mouth; it needs TLS.
func flashCookie(secure bool, value string, age int) *http.Cookie {
	c := &http.Cookie{Name: "said", Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode} // #nosec G124 -- Secure wherever there is TLS
	if secure {
		c.Name = "__Host-said"
	}
	return c
}

// said reads the message that was left, nil for none. What is no key of the catalogue was not left by us.
func said(r *http.Request) *message {
	cookie, err := r.Cookie(flashCookie(web.Secure(r.Context()), "", 0).Name)
	if err != nil {
		return nil
	}
	level, rest, _ := strings.Cut(cookie.Value, "/")
	key, count, _ := strings.Cut(rest, "/")
	n, err := strconv.Atoi(count)
	if _, known := levelIcons[Level(level)]; err != nil || !known || !web.Words(r.Context()).In(lang.Default).Has(key) {
		return nil
	}
	return &message{Level(level), key, n}
}

// flashed is a page that takes away the message it shows.
type flashed struct {
	templ.Component
	shown, secure bool
}

// SetHeader is what web.Render asks of a page that has something to say in the header.
func (f flashed) SetHeader(h http.Header) {
	if f.shown {
		h.Add("Set-Cookie", flashCookie(f.secure, "", -1).String())
	}
}

// OwnPage is Page for somebody's own pages outside the office, with the message that was left for them.
// What is the same for everybody is never shown with it: it may be kept on the way.
func (s *Site) OwnPage(r *http.Request, head Head, body templ.Component) templ.Component {
	m := said(r)
	if m == nil {
		return s.Page(r, head, body)
	}
	return flashed{s.Page(r, head, templ.Join(saidHere(*m, web.Words(r.Context())), body)), true, web.Secure(r.Context())}
}
