// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/boombuler/barcode/qr"

	"approdo/internal/base/identity"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

type factorView struct {
	trouble
	identity.Enrolment
	Code  templ.Component // the QR code
	Next  string
	First bool // there is none yet, and there must be one
}

// adding is the session of somebody who adds a factor: one that lacks the first, or one that has
// just been confirmed.
func (p *pages) adding(r *http.Request) (identity.Session, error) {
	s, err := p.Identity.Authenticate(r.Context(), Token(r))
	switch {
	case fault.Is(err, fault.KindForbidden):
		err = web.Elsewhere{Path: "/login"}
	case err == nil && s.Needs == identity.NeedsCode:
		err = web.Elsewhere{Path: "/login/second"}
	}
	return s, err
}

func (p *pages) getFactor(w http.ResponseWriter, r *http.Request) error {
	s, err := p.adding(r)
	if err != nil {
		return err
	}
	e, err := p.Identity.BeginTOTP(r.Context(), Token(r))
	if err != nil {
		return stepUp(err)
	}
	return p.showFactor(w, r, http.StatusOK, s, factorView{Enrolment: e})
}

func (p *pages) showFactor(w http.ResponseWriter, r *http.Request, status int, s identity.Session, v factorView) error {
	code, err := codeSVG(v.URL)
	if err != nil {
		return err
	}
	v.Code, v.Next, v.First = templ.Raw(code), next(r), s.Needs == identity.NeedsFactor
	return web.Render(w, r, status, p.Site.Page(r, door(ui.T(r.Context(), "factor.title")), factorPage(v)))
}

func (p *pages) postFactor(w http.ResponseWriter, r *http.Request) error {
	s, err := p.adding(r)
	if err != nil {
		return err
	}
	t, codes, err := p.Identity.FinishTOTP(r.Context(), sourceOf(r), Token(r), r.PostFormValue("errand"), r.PostFormValue("code"), r.PostFormValue("name"))
	if fault.Is(err, fault.KindConflict) {
		return p.getFactor(w, r) // it took too long: a new secret
	}
	if err != nil {
		told, status, ok := troubleOf(r, err)
		if !ok {
			return stepUp(err)
		}
		e, err := p.Identity.ResumeTOTP(r.Context(), Token(r), r.PostFormValue("errand"))
		if err != nil {
			return err
		}
		return p.showFactor(w, r, status, s, factorView{trouble: told, Enrolment: e})
	}
	if err := p.hand(w, r, t); err != nil {
		return err
	}
	return p.showCodes(w, r, codes)
}

// showCodes shows recovery codes, the one time they can be shown; without any it goes on.
func (p *pages) showCodes(w http.ResponseWriter, r *http.Request, codes []string) error {
	to := next(r)
	if to == "" {
		to = web.Path(r.Context(), p.Home)
	}
	if len(codes) == 0 {
		return web.Redirect(w, r, to)
	}
	return web.Render(w, r, http.StatusOK, p.Site.Page(r, door(ui.T(r.Context(), "codes.title")), codesPage(codes, templ.SafeURL(to))))
}

// quiet is the margin around a code, in modules (ISO/IEC 18004, 9.1).
const quiet = 4

// codeSVG draws a QR code as one path. The secret in it is in the page and nowhere else: no address
// of a picture could be kept by anybody.
func codeSVG(text string) (string, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", err
	}
	size := code.Bounds().Dx()
	var path strings.Builder
	for y := range size {
		for x := range size {
			if red, _, _, _ := code.At(x, y).RGBA(); red == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	side := size + 2*quiet
	return fmt.Sprintf(`<svg class="login-qr" viewBox="0 0 %d %d" shape-rendering="crispEdges" aria-hidden="true" focusable="false"><path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`,
		side, side, side, side, path.String()), nil
}
