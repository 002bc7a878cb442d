// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"net/http"

	"approdo/internal/base/identity"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
)

// The script of these forms asks for a challenge (begin), lets the authenticator answer, puts the
// answer into the field credential and sends the form as any other.

// origin is this site as the browser sees it.
func origin(r *http.Request) string { return web.Absolute(r.Context(), "") }

func (p *pages) challenge(w http.ResponseWriter, r *http.Request, c identity.Challenge, err error) error {
	if err != nil {
		return stepUp(err)
	}
	return web.JSON(w, r, http.StatusOK, c)
}

func (p *pages) beginPasskeyLogin(w http.ResponseWriter, r *http.Request) error {
	c, err := p.Identity.BeginPasskeyLogin(r.Context(), sourceOf(r), origin(r))
	return p.challenge(w, r, c, err)
}

func (p *pages) postPasskeyLogin(w http.ResponseWriter, r *http.Request) error {
	t, err := p.Identity.PasskeyLogIn(r.Context(), sourceOf(r), origin(r), r.PostFormValue("errand"), []byte(r.PostFormValue("credential")))
	if err != nil {
		told, status, ok := troubleOf(r, err)
		if !ok {
			return err
		}
		return p.showLogin(w, r, status, loginView{trouble: told, Next: next(r)})
	}
	if err := p.hand(w, r, t); err != nil {
		return err
	}
	return p.onward(w, r, t.Needs)
}

func (p *pages) beginPasskeyConfirm(w http.ResponseWriter, r *http.Request) error {
	c, err := p.Identity.BeginPasskeyConfirm(r.Context(), Token(r), origin(r))
	return p.challenge(w, r, c, err)
}

func (p *pages) postPasskeyConfirm(w http.ResponseWriter, r *http.Request) error {
	s, err := p.Identity.Authenticate(r.Context(), Token(r))
	if fault.Is(err, fault.KindForbidden) {
		return web.Elsewhere{Path: "/login"}
	}
	if err != nil {
		return err
	}
	action := "/login/confirm"
	if s.Needs != identity.NeedsNothing {
		action = "/login/second"
	}
	t, err := p.Identity.ConfirmPasskey(r.Context(), sourceOf(r), Token(r), origin(r), r.PostFormValue("errand"), []byte(r.PostFormValue("credential")))
	return p.confirmed(w, r, s, t, err, action)
}

func (p *pages) beginPasskey(w http.ResponseWriter, r *http.Request) error {
	c, err := p.Identity.BeginPasskey(r.Context(), Token(r), origin(r))
	return p.challenge(w, r, c, err)
}

func (p *pages) postPasskey(w http.ResponseWriter, r *http.Request) error {
	s, err := p.adding(r)
	if err != nil {
		return err
	}
	t, codes, err := p.Identity.FinishPasskey(r.Context(), sourceOf(r), Token(r), origin(r), r.PostFormValue("errand"), r.PostFormValue("name"), []byte(r.PostFormValue("credential")))
	if err != nil {
		told, status, ok := troubleOf(r, err)
		if !ok {
			return stepUp(err)
		}
		e, err := p.Identity.BeginTOTP(r.Context(), Token(r))
		if err != nil {
			return stepUp(err)
		}
		return p.showFactor(w, r, status, s, factorView{trouble: told, Enrolment: e})
	}
	if err := p.hand(w, r, t); err != nil {
		return err
	}
	return p.showCodes(w, r, codes)
}
