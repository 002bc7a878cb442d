// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"net/http"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

type accountView struct {
	trouble
	Session   identity.Session
	Bodies    []ui.Acting
	Factors   []identity.Factor
	Codes     int
	Sessions  []identity.Session
	Externals []externalView
	Phone     string // the end of it; "" for none
	Seen      string // where one sees who has seen one's data
}

func (p *pages) getAccount(w http.ResponseWriter, r *http.Request) error {
	return p.showAccount(w, r, http.StatusOK, trouble{})
}

func (p *pages) showAccount(w http.ResponseWriter, r *http.Request, status int, t trouble) error {
	ctx := r.Context()
	s, _ := SessionFrom(ctx)
	actor := access.From(ctx)
	v := accountView{trouble: t, Session: s, Seen: p.Seen}
	var err error
	if v.Bodies, err = p.acting(r, s); err != nil {
		return err
	}
	if v.Factors, err = p.Identity.Factors(ctx, actor); err != nil {
		return err
	}
	if v.Codes, err = p.Identity.RecoveryCodes(ctx, actor); err != nil {
		return err
	}
	if v.Sessions, err = p.Identity.Sessions(ctx, actor); err != nil {
		return err
	}
	if v.Externals, err = p.externals(r); err != nil {
		return err
	}
	if v.Phone, err = p.Identity.PhoneHint(ctx, actor); err != nil {
		return err
	}
	head := ui.OfficeHead{Title: ui.T(ctx, "account.title"), Narrow: true, Styles: []string{"login.css"}}
	return web.Render(w, r, status, p.Site.OfficePage(r, head, accountPage(v)))
}

// acting are the bodies of a session, with names and roles in the words of the page.
func (p *pages) acting(r *http.Request, s identity.Session) ([]ui.Acting, error) {
	return Acting(r, p.Identity, p.Bodies, s)
}

func (p *pages) postBody(w http.ResponseWriter, r *http.Request) error {
	if err := p.Identity.ChooseBody(r.Context(), sourceOf(r), Token(r), r.PostFormValue("member")); err != nil {
		return err
	}
	return p.onward(w, r, identity.NeedsNothing)
}

func (p *pages) postEndSession(w http.ResponseWriter, r *http.Request) error {
	if err := p.Identity.EndSession(r.Context(), access.From(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	return web.Redirect(w, r, web.Path(r.Context(), "/account")+"#sessions")
}

func (p *pages) postEndSessions(w http.ResponseWriter, r *http.Request) error {
	if err := p.Identity.EndOtherSessions(r.Context(), access.From(r.Context())); err != nil {
		return err
	}
	return web.Redirect(w, r, web.Path(r.Context(), "/account")+"#sessions")
}

func (p *pages) postRemoveFactor(w http.ResponseWriter, r *http.Request) error {
	err := p.Identity.RemoveFactor(r.Context(), sourceOf(r), Token(r), r.PathValue("id"))
	if told, status, ok := troubleOf(r, err); ok && fault.Is(err, fault.KindConflict) {
		return p.showAccount(w, r, status, told)
	}
	if err != nil {
		return stepUp(err)
	}
	return web.Redirect(w, r, web.Path(r.Context(), "/account")+"#factors")
}

func (p *pages) postRecovery(w http.ResponseWriter, r *http.Request) error {
	// This reads the form, so that its map is there when the codes are shown: they are shown once.
	r.FormValue("next")
	codes, err := p.Identity.NewRecoveryCodes(r.Context(), sourceOf(r), Token(r))
	if err != nil {
		return stepUp(err)
	}
	r.Form.Set("next", web.Path(r.Context(), "/account"))
	return p.showCodes(w, r, codes)
}
