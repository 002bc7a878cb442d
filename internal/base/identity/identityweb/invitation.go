// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"net/http"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

type invitationView struct {
	trouble
	Token, Name, Email string
	Body               string
	Roles              []access.Role
	Known              bool // the address has an account
	Providers          []identity.Provider
	As                 string // name of whoever is logged in, if it is theirs
}

func (p *pages) getInvitation(w http.ResponseWriter, r *http.Request) error {
	return p.showInvitation(w, r, http.StatusOK, trouble{}, "")
}

func (p *pages) showInvitation(w http.ResponseWriter, r *http.Request, status int, t trouble, name string) error {
	ctx := r.Context()
	token := r.PathValue("token")
	l, known, err := p.Identity.Invitation(ctx, token)
	if err != nil {
		return err
	}
	names, err := p.Bodies(ctx, []string{l.Member})
	if err != nil {
		return err
	}
	v := invitationView{trouble: t, Token: token, Name: name, Email: l.Email, Body: names[l.Member], Roles: l.Roles, Known: known, Providers: p.Identity.Providers()}
	if v.Name == "" {
		v.Name = l.Name
	}
	if s, err := p.Identity.Authenticate(ctx, Token(r)); err == nil && s.Needs == identity.NeedsNothing && known {
		v.As = s.Name
	}
	return web.Render(w, r, status, p.Site.Page(r, door(ui.T(ctx, "invitation.title")), invitationPage(v)))
}

func (p *pages) postInvitation(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	name := r.PostFormValue("name")
	t, err := p.Identity.Accept(ctx, sourceOf(r), r.PathValue("token"), name, r.PostFormValue("password"), web.Lang(ctx))
	if err != nil {
		told, status, ok := troubleOf(r, err)
		if !ok {
			return err
		}
		return p.showInvitation(w, r, status, told, name)
	}
	if err := p.hand(w, r, t); err != nil {
		return err
	}
	return p.onward(w, r, t.Needs)
}

// postInvitationAs accepts for the account that is logged in.
func (p *pages) postInvitationAs(w http.ResponseWriter, r *http.Request) error {
	err := p.Identity.AcceptAs(r.Context(), access.From(r.Context()), r.PathValue("token"))
	if told, status, ok := troubleOf(r, err); err != nil && ok {
		return p.showInvitation(w, r, status, told, "")
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, web.Path(r.Context(), AccountPath))
}

type resetView struct {
	trouble
	Email string
	Sent  bool
	Token string
}

func (p *pages) getReset(w http.ResponseWriter, r *http.Request) error {
	return p.showReset(w, r, http.StatusOK, resetView{})
}

func (p *pages) showReset(w http.ResponseWriter, r *http.Request, status int, v resetView) error {
	return web.Render(w, r, status, p.Site.Page(r, door(ui.T(r.Context(), "reset.title")), resetPage(v)))
}

// postReset answers the same whether there is such an account or not.
func (p *pages) postReset(w http.ResponseWriter, r *http.Request) error {
	v := resetView{Email: r.PostFormValue("email")}
	err := p.Identity.AskReset(r.Context(), sourceOf(r), v.Email)
	if told, status, ok := troubleOf(r, err); err != nil && ok {
		v.trouble = told
		return p.showReset(w, r, status, v)
	}
	if err != nil {
		return err
	}
	v.Sent = true
	return p.showReset(w, r, http.StatusOK, v)
}

func (p *pages) getChoose(w http.ResponseWriter, r *http.Request) error {
	if err := p.Identity.CheckReset(r.Context(), r.PathValue("token")); err != nil {
		return err
	}
	return p.showChoose(w, r, http.StatusOK, trouble{})
}

func (p *pages) showChoose(w http.ResponseWriter, r *http.Request, status int, t trouble) error {
	v := resetView{trouble: t, Token: r.PathValue("token")}
	return web.Render(w, r, status, p.Site.Page(r, door(ui.T(r.Context(), "reset.choose")), choosePage(v)))
}

func (p *pages) postChoose(w http.ResponseWriter, r *http.Request) error {
	device, err := p.Identity.Reset(r.Context(), sourceOf(r), r.PathValue("token"), r.PostFormValue("password"))
	if told, status, ok := troubleOf(r, err); err != nil && ok {
		return p.showChoose(w, r, status, told)
	}
	if err != nil {
		return err
	}
	setCookie(w, r, deviceCookie, device, deviceYear)
	setCookie(w, r, sessionCookie, "", 0)
	return web.Redirect(w, r, web.Path(r.Context(), "/login")+"?changed=1")
}

// getPassword asks for a step-up before the form and not after it, so that nothing typed is lost.
func (p *pages) getPassword(w http.ResponseWriter, r *http.Request) error {
	if err := p.Identity.Fresh(r.Context(), Token(r)); err != nil {
		return stepUp(err)
	}
	return p.showPassword(w, r, http.StatusOK, trouble{})
}

func (p *pages) showPassword(w http.ResponseWriter, r *http.Request, status int, t trouble) error {
	return web.Render(w, r, status, p.Site.Page(r, door(ui.T(r.Context(), "reset.choose")), choosePage(resetView{trouble: t})))
}

func (p *pages) postPassword(w http.ResponseWriter, r *http.Request) error {
	err := p.Identity.ChangePassword(r.Context(), sourceOf(r), Token(r), r.PostFormValue("password"))
	if told, status, ok := troubleOf(r, err); err != nil && ok {
		return p.showPassword(w, r, status, told)
	}
	if err != nil {
		return stepUp(err)
	}
	return web.Redirect(w, r, web.Path(r.Context(), AccountPath))
}
