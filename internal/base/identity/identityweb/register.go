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
	// AllBodies gives the names of the bodies that take part in the network.
	AllBodies func(ctx context.Context) (map[string]string, error)
	// Kinds are the kinds of body that the first run offers.
	Kinds func(ctx context.Context) []ui.Option
	// SetUp makes the network for whoever holds the code of the first run.
	SetUp func(ctx context.Context, from identity.Source, code string, f identity.Founding) (identity.Ticket, error)
	Seen  string // where one sees who has seen one's data, without language
	// Renamed is told that the network has another name.
	Renamed func()
	Home    string // where one goes after the login: "/office"
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
	rs.Page("POST /login/passkey", "passkey_login", web.Link, p.postPasskeyLogin)
	rs.Page("POST /login/passkey/begin", "passkey_login_begin", web.Link, p.beginPasskeyLogin, web.JSONErrors)
	rs.Page("POST /login/passkey/confirm", "passkey_confirm", web.Link, p.postPasskeyConfirm)
	rs.Page("POST /login/passkey/confirm/begin", "passkey_confirm_begin", web.Link, p.beginPasskeyConfirm, web.JSONErrors)
	rs.Page("POST /login/factor/passkey", "passkey_add", web.Link, p.postPasskey)
	rs.Page("POST /login/factor/passkey/begin", "passkey_add_begin", web.Link, p.beginPasskey, web.JSONErrors)
	rs.Page("GET /login/reset", "reset", web.Link, p.getReset)
	rs.Page("POST /login/reset", "reset_do", web.Link, p.postReset)
	rs.Page("GET /login/reset/{token}", "reset_choose", web.Link, p.getChoose)
	rs.Page("POST /login/reset/{token}", "reset_choose_do", web.Link, p.postChoose)
	rs.Page("GET /invitation/{token}", "invitation", web.Link, p.getInvitation)
	rs.Page("POST /invitation/{token}", "invitation_do", web.Link, p.postInvitation)
	rs.Page("POST /invitation/{token}/accept", "invitation_as", web.SignedIn, p.postInvitationAs)
	rs.Page("GET /login/with/{name}", "visit", web.Link, p.getVisit)
	rs.Page("GET /login/confirm/with/{name}", "visit_confirm", web.Link, p.getVisitConfirm)
	rs.Page("GET /account/with/{name}", "visit_link", web.SignedIn, p.getVisitLink)
	rs.Page("GET /invitation/{token}/with/{name}", "visit_accept", web.Link, p.getVisitAccept)
	rs.Handle("GET /login/with/{name}/back", "visit_back", web.Link, p.getBack)
	rs.Page("POST /account/externals/{id}/unlink", "account_unlink", web.SignedIn, p.postUnlink)
	rs.Page("GET /setup", "setup", web.Link, p.getSetup)
	rs.Page("POST /setup", "setup_do", web.Link, p.postSetup)
	rs.Page("POST /logout", "logout", web.Link, p.postLogout)
	rs.Page("GET /login/confirm", "confirm", web.SignedIn, p.getConfirm)
	rs.Page("POST /login/confirm", "confirm_do", web.SignedIn, p.postConfirm)
	rs.Page("GET /account", "account", web.SignedIn, p.getAccount)
	rs.Page("POST /account/body", "account_body", web.SignedIn, p.postBody)
	rs.Page("POST /account/sessions/{id}/end", "account_session_end", web.SignedIn, p.postEndSession)
	rs.Page("POST /account/sessions/end", "account_sessions_end", web.SignedIn, p.postEndSessions)
	rs.Page("POST /account/factors/{id}/remove", "account_factor_remove", web.SignedIn, p.postRemoveFactor)
	rs.Page("POST /account/recovery", "account_recovery", web.SignedIn, p.postRecovery)
	rs.Page("GET /account/password", "account_password", web.SignedIn, p.getPassword)
	rs.Page("POST /account/password", "account_password_do", web.SignedIn, p.postPassword)
	rs.Page("GET "+PhonePath, "account_phone", web.SignedIn, p.getPhone)
	rs.Page("POST "+PhonePath, "account_phone_do", web.SignedIn, p.postPhone)
	rs.Page("POST "+PhonePath+"/code", "account_phone_code", web.SignedIn, p.postPhoneCode)
	rs.Page("POST "+PhonePath+"/remove", "account_phone_remove", web.SignedIn, p.postPhoneRemove)
	p.registerOffice(rs)
}

// registerOffice adds the pages of administrators.
func (p *pages) registerOffice(rs *web.Routes) {
	list, invite, change, reset := web.May(identity.ActionList), web.May(identity.ActionInvite), web.May(identity.ActionChange), web.May(identity.ActionReset)
	rs.Office("GET "+namePath, "network_name", web.May(identity.ActionRename), p.getNaming)
	rs.Office("POST "+namePath, "network_name_do", web.May(identity.ActionRename), p.postNaming)
	rs.Office("GET /office/members", "members", list, p.getMembers)
	rs.Office("GET /office/members/invite", "members_invite", invite, p.getInvite)
	rs.Office("POST /office/members/invite", "members_invite_do", invite, p.postInvite)
	rs.Office("POST /office/members/invitations/{id}/withdraw", "members_withdraw", invite, p.postWithdraw)
	rs.Office("GET /office/members/{account}", "member", list, p.getMember)
	rs.Office("POST /office/members/{account}", "member_do", change, p.postMember)
	rs.Office("POST /office/members/{account}/end", "member_end", change, p.postMemberEnd)
	rs.Office("POST /office/members/{account}/reset", "member_reset", reset, p.postMemberReset)
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
		to = web.Path(r.Context(), p.Home)
	}
	return web.Redirect(w, r, to)
}

func withNext(path, next string) string {
	if next == "" {
		return path
	}
	return withQuery(path, "next", next)
}

func withQuery(path, name, value string) string {
	return path + "?" + url.Values{name: {value}}.Encode()
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
