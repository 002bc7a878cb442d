// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"net/url"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

//go:embed locales
var localeFiles embed.FS

// Locales are the words of the pages.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("identityweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Deps is what the pages stand on; all of it is required.
type Deps struct {
	Identity *identity.UseCases
	Site     *ui.Site
	Guard    *access.Guard
	// Bodies gives the names of bodies by their identifiers.
	Bodies func(ctx context.Context, ids []string) (map[string]string, error)
	Home   string // where one goes after the login: "/office"
}

// pages are the handlers.
type pages struct{ Deps }

// Register adds the pages to the table.
func Register(rs *web.Routes, deps Deps) {
	p := &pages{deps}
	// Nobody is known yet at the door, so its routes are for whoever holds what they ask for: a
	// password, a code, the cookie of an unfinished session. Link keeps them out of every cache.
	rs.Page("GET /login", "login", web.Link, p.getLogin)
	rs.Page("POST /login", "login_do", web.Link, p.postLogin)
	rs.Page("GET /login/second", "second", web.Link, p.getSecond)
	rs.Page("POST /login/second", "second_do", web.Link, p.postSecond)
	rs.Page("GET /login/factor", "factor", web.Link, p.getFactor)
	rs.Page("POST /login/factor", "factor_do", web.Link, p.postFactor)
	rs.Page("POST /logout", "logout", web.Link, p.postLogout)
	rs.Page("GET /login/confirm", "confirm", web.SignedIn, p.getConfirm)
	rs.Page("POST /login/confirm", "confirm_do", web.SignedIn, p.postConfirm)
	rs.Page("GET /account", "account", web.SignedIn, p.getAccount)
	rs.Page("POST /account/body", "account_body", web.SignedIn, p.postBody)
	rs.Page("POST /account/sessions/{id}/end", "account_session_end", web.SignedIn, p.postEndSession)
	rs.Page("POST /account/sessions/end", "account_sessions_end", web.SignedIn, p.postEndSessions)
	rs.Page("POST /account/factors/{id}/remove", "account_factor_remove", web.SignedIn, p.postRemoveFactor)
	rs.Page("POST /account/recovery", "account_recovery", web.SignedIn, p.postRecovery)
}

// next is where to go afterwards: a path of this site that a form or an address named, or "".
func next(r *http.Request) string {
	path := r.FormValue("next")
	u, err := url.Parse(path)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") {
		return ""
	}
	return path
}

// onward sends to where the reader wanted to go, or to what is still lacking first.
func (p *pages) onward(w http.ResponseWriter, r *http.Request, need identity.Need) error {
	to := next(r)
	if path := pathOf(need); path != "" {
		return web.Redirect(w, r, withNext(web.Path(r.Context(), path), to))
	}
	if to == "" {
		to = p.Home
	}
	return web.Redirect(w, r, to)
}

func withNext(path, next string) string {
	if next == "" {
		return path
	}
	return path + "?" + url.Values{"next": {next}}.Encode()
}

// trouble is what a form says when it comes back.
type trouble struct {
	Fields map[string]string // by name of the field
	Alert  string            // what is wrong with no field
}

// of gives the message of a field.
func (t trouble) of(field string) string { return t.Fields[field] }

// list leads to each field that is wrong.
func (t trouble) list(order ...string) []ui.FieldError {
	var list []ui.FieldError
	for _, name := range order {
		if text := t.Fields[name]; text != "" {
			list = append(list, ui.FieldError{ID: name, Text: text})
		}
	}
	return list
}

// troubleOf reads what a form can say of an error, and with which status. ok is false for what is
// not the reader's to mend: that goes to the error page.
func troubleOf(r *http.Request, err error) (t trouble, status int, ok bool) {
	kind := fault.KindOf(err)
	switch kind {
	case fault.KindInvalid:
		status = http.StatusUnprocessableEntity
	case fault.KindTooMany:
		status = http.StatusTooManyRequests
	case fault.KindConflict:
		status = http.StatusConflict
	default:
		return trouble{}, 0, false
	}
	t.Fields = map[string]string{}
	for _, f := range fault.All(err) {
		switch text := web.Say(r, f); {
		case f.Field == "":
			t.Alert = text
		case t.Fields[f.Field] == "":
			t.Fields[f.Field] = text
		}
	}
	return t, status, true
}

// stepUp turns an error that asks for a step-up into the way there.
func stepUp(err error) error {
	if identity.WantsStepUp(err) {
		return web.Elsewhere{Path: "/login/confirm"}
	}
	return err
}
