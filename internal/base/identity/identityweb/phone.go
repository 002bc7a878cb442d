// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"net/http"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// PhonePath is the page on which somebody says where text messages go.
const PhonePath = "/account/phone"

type phoneView struct {
	trouble
	Number string // as typed
	Errand string // of the code that was sent; "" asks for the number
}

// getPhone asks for a step-up before the form and not after it, so that nothing typed is lost.
func (p *pages) getPhone(w http.ResponseWriter, r *http.Request) error {
	if err := p.Identity.Fresh(r.Context(), Token(r)); err != nil {
		return stepUp(err)
	}
	return p.showPhone(w, r, http.StatusOK, phoneView{})
}

func (p *pages) showPhone(w http.ResponseWriter, r *http.Request, status int, v phoneView) error {
	return web.Render(w, r, status, p.Site.Page(r, door(ui.T(r.Context(), "phone.title")), phonePage(v)))
}

func (p *pages) postPhone(w http.ResponseWriter, r *http.Request) error {
	v := phoneView{Number: r.PostFormValue("phone")}
	errand, err := p.Identity.AskPhone(r.Context(), sourceOf(r), Token(r), v.Number)
	if told, status, ok := troubleOf(r, err); err != nil && ok {
		v.trouble = told
		return p.showPhone(w, r, status, v)
	}
	if err != nil {
		return stepUp(err)
	}
	v.Errand = errand
	return p.showPhone(w, r, http.StatusOK, v)
}

func (p *pages) postPhoneCode(w http.ResponseWriter, r *http.Request) error {
	v := phoneView{Number: r.PostFormValue("phone"), Errand: r.PostFormValue("errand")}
	err := p.Identity.ConfirmPhone(r.Context(), sourceOf(r), Token(r), v.Errand, r.PostFormValue("code"))
	if told, status, ok := troubleOf(r, err); err != nil && ok {
		if v.trouble = told; fault.Is(err, fault.KindConflict) {
			v.Errand = "" // it took too long: another code
		}
		return p.showPhone(w, r, status, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, web.Path(r.Context(), AccountPath)+"#me")
}

func (p *pages) postPhoneRemove(w http.ResponseWriter, r *http.Request) error {
	if err := p.Identity.RemovePhone(r.Context(), sourceOf(r), Token(r)); err != nil {
		return stepUp(err)
	}
	return web.Redirect(w, r, web.Path(r.Context(), AccountPath)+"#me")
}
