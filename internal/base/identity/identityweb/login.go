// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"math"
	"net/http"
	"slices"
	"time"

	"approdo/internal/base/identity"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// door is the head of every page here: away from search engines.
func door(title string) ui.Head {
	return ui.Head{Title: title, NoIndex: true, Styles: []string{"login.css"}, Scripts: []string{"passkey.js"}}
}

type loginView struct {
	trouble
	Email, Next string
	Changed     bool // the password has just been changed
	Providers   []identity.Provider
}

func (p *pages) getLogin(w http.ResponseWriter, r *http.Request) error {
	if s, err := p.Identity.Authenticate(r.Context(), Token(r)); err == nil {
		return p.onward(w, r, s.Needs)
	}
	if needed, err := p.Identity.NeedsSetUp(r.Context()); err != nil || needed {
		if err == nil {
			err = web.Redirect(w, r, web.Path(r.Context(), "/setup"))
		}
		return err
	}
	return p.showLogin(w, r, http.StatusOK, loginView{Next: next(r), Changed: r.FormValue("changed") != ""})
}

func (p *pages) showLogin(w http.ResponseWriter, r *http.Request, status int, v loginView) error {
	v.Providers = p.Identity.Providers()
	head := door(ui.T(r.Context(), "login.title"))
	return web.Render(w, r, status, p.Site.Page(r, head, loginPage(v)))
}

func (p *pages) postLogin(w http.ResponseWriter, r *http.Request) error {
	v := loginView{Email: r.PostFormValue("email"), Next: next(r)}
	t, err := p.Identity.LogIn(r.Context(), sourceOf(r), v.Email, r.PostFormValue("password"))
	if err != nil {
		told, status, ok := troubleOf(r, err)
		if !ok {
			return err
		}
		v.trouble = told
		return p.showLogin(w, r, status, v)
	}
	if err := p.hand(w, r, t); err != nil {
		return err
	}
	return p.onward(w, r, t.Needs)
}

// postLogout also forgets what other tabs have kept of the site.
func (p *pages) postLogout(w http.ResponseWriter, r *http.Request) error {
	if err := p.Identity.LogOut(r.Context(), sourceOf(r), Token(r)); err != nil {
		return err
	}
	setCookie(w, r, sessionCookie, "", 0)
	w.Header().Set("Clear-Site-Data", `"cache"`)
	return web.Redirect(w, r, web.Path(r.Context(), "/login"))
}

type secondView struct {
	trouble
	Action, Next, Title, Lead string
	Code                      bool                // a one-time code can be shown
	Passkey                   bool                // a passkey can be shown
	Password                  bool                // there is nothing but the password to show
	Providers                 []identity.Provider // that the account is linked to
	Example                   string              // code of an example account of the demo network
	Wait                      int                 // seconds until that code opens, since another was just used
}

// unfinished is the session of a request that lacks need; others are sent where they belong.
func (p *pages) unfinished(r *http.Request, need identity.Need) (identity.Session, error) {
	s, err := p.Identity.Authenticate(r.Context(), Token(r))
	if fault.Is(err, fault.KindForbidden) {
		return s, web.Elsewhere{Path: "/login"}
	}
	if err == nil && s.Needs != need {
		err = errDone
	}
	return s, err
}

// errDone says that nothing is lacking here any more.
var errDone = fault.Conflict("identity.late")

// instead answers the errors of unfinished.
func (p *pages) instead(w http.ResponseWriter, r *http.Request, s identity.Session, err error) error {
	if err == errDone {
		return p.onward(w, r, s.Needs)
	}
	return err
}

func (p *pages) getSecond(w http.ResponseWriter, r *http.Request) error {
	s, err := p.unfinished(r, identity.NeedsCode)
	if err != nil {
		return p.instead(w, r, s, err)
	}
	return p.showSecond(w, r, http.StatusOK, s, trouble{}, "/login/second")
}

// showSecond is the page of the second factor and of the step-up: action says which.
func (p *pages) showSecond(w http.ResponseWriter, r *http.Request, status int, s identity.Session, t trouble, action string) error {
	ctx := r.Context()
	v := secondView{trouble: t, Action: action, Next: next(r), Title: ui.T(ctx, "second.title"), Lead: ui.T(ctx, "second.lead")}
	factors, err := p.Identity.Factors(ctx, s.Actor())
	if err != nil {
		return err
	}
	for _, f := range factors {
		v.Code = v.Code || f.Kind == identity.TOTP
		v.Passkey = v.Passkey || f.Kind == identity.Passkey
	}
	v.Password = len(factors) == 0
	linked, err := p.Identity.Externals(ctx, s.Actor())
	if err != nil {
		return err
	}
	for _, provider := range p.Identity.Providers() {
		if slices.ContainsFunc(linked, func(e identity.External) bool { return e.Issuer == provider.Issuer }) {
			v.Providers = append(v.Providers, provider)
		}
	}
	if action == "/login/confirm" {
		v.Title, v.Lead = ui.T(ctx, "stepup.title"), ui.T(ctx, "stepup.lead")
	}
	if s.Example && v.Code {
		var opens time.Duration
		if v.Example, opens, err = p.Identity.ExampleCode(ctx, s.Email); err != nil {
			return err
		}
		v.Wait = int(math.Ceil(opens.Seconds()))
	}
	return web.Render(w, r, status, p.Site.Page(r, door(v.Title), secondPage(v)))
}

func (p *pages) postSecond(w http.ResponseWriter, r *http.Request) error {
	s, err := p.unfinished(r, identity.NeedsCode)
	if err != nil {
		return p.instead(w, r, s, err)
	}
	return p.takeCode(w, r, s, "/login/second")
}

func (p *pages) takeCode(w http.ResponseWriter, r *http.Request, s identity.Session, action string) error {
	t, err := p.Identity.ConfirmCode(r.Context(), sourceOf(r), Token(r), r.PostFormValue("code"))
	return p.confirmed(w, r, s, t, err, action)
}

func (p *pages) confirmed(w http.ResponseWriter, r *http.Request, s identity.Session, t identity.Ticket, err error, action string) error {
	if err != nil {
		told, status, ok := troubleOf(r, err)
		if !ok {
			return err
		}
		return p.showSecond(w, r, status, s, told, action)
	}
	if err := p.hand(w, r, t); err != nil {
		return err
	}
	return p.onward(w, r, t.Needs)
}

func (p *pages) getConfirm(w http.ResponseWriter, r *http.Request) error {
	s, _ := SessionFrom(r.Context())
	return p.showSecond(w, r, http.StatusOK, s, trouble{}, "/login/confirm")
}

func (p *pages) postConfirm(w http.ResponseWriter, r *http.Request) error {
	s, _ := SessionFrom(r.Context())
	if r.PostFormValue("password") == "" {
		return p.takeCode(w, r, s, "/login/confirm")
	}
	t, err := p.Identity.ConfirmPassword(r.Context(), sourceOf(r), Token(r), r.PostFormValue("password"))
	return p.confirmed(w, r, s, t, err, "/login/confirm")
}
