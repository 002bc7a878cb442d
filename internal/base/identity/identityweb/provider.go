// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"net/http"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
)

// visit sends the browser to a provider. It is a page that is opened and not a form that is sent,
// since a browser that keeps to form-action 'self' lets no form lead to another host.
func (p *pages) visit(w http.ResponseWriter, r *http.Request, v identity.Visit) error {
	v.Provider, v.Origin, v.Token, v.Next = r.PathValue("name"), origin(r), Token(r), next(r)
	address, secret, err := p.Identity.BeginVisit(r.Context(), sourceOf(r), v)
	if err != nil {
		return stepUp(err)
	}
	setCookie(w, r, errandCookie, secret, 0)
	http.Redirect(w, r, address, http.StatusSeeOther) // #nosec G710 -- the address of a provider of the settings
	return nil
}

func (p *pages) getVisit(w http.ResponseWriter, r *http.Request) error {
	return p.visit(w, r, identity.Visit{Purpose: identity.VisitLogIn})
}

func (p *pages) getVisitAccept(w http.ResponseWriter, r *http.Request) error {
	return p.visit(w, r, identity.Visit{Purpose: identity.VisitAccept, Invitation: r.PathValue("token")})
}

func (p *pages) getVisitConfirm(w http.ResponseWriter, r *http.Request) error {
	return p.visit(w, r, identity.Visit{Purpose: identity.VisitConfirm})
}

func (p *pages) getVisitLink(w http.ResponseWriter, r *http.Request) error {
	return p.visit(w, r, identity.Visit{Purpose: identity.VisitLink})
}

// getBack takes what a provider answered.
func (p *pages) getBack(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	secret := cookie(r, errandCookie)
	setCookie(w, r, errandCookie, "", 0)
	t, to, err := p.Identity.EndVisit(r.Context(), sourceOf(r), identity.Answer{
		Provider: r.PathValue("name"), Origin: origin(r), Secret: secret, State: q.Get("state"), Code: q.Get("code"), Issuer: q.Get("iss"), Token: Token(r),
	})
	if err != nil {
		return p.refuseVisit(w, r, err)
	}
	if err := p.hand(w, r, t); err != nil {
		return err
	}
	if path := pathOf(t.Needs); path != "" {
		return web.Redirect(w, r, withNext(web.Path(r.Context(), path), to))
	}
	if to == "" {
		to = web.Path(r.Context(), p.Home)
	}
	return web.Redirect(w, r, to)
}

// refuseVisit says at the login, or on one's own account, what went wrong.
func (p *pages) refuseVisit(w http.ResponseWriter, r *http.Request, err error) error {
	told, status, ok := troubleOf(r, err)
	if !ok {
		return stepUp(err)
	}
	return p.showLogin(w, r, status, loginView{trouble: told})
}

func (p *pages) postUnlink(w http.ResponseWriter, r *http.Request) error {
	err := p.Identity.Unlink(r.Context(), sourceOf(r), Token(r), r.PathValue("id"))
	if told, status, ok := troubleOf(r, err); err != nil && ok && fault.Is(err, fault.KindConflict) {
		return p.showAccount(w, r, status, told)
	}
	if err != nil {
		return stepUp(err)
	}
	return web.Redirect(w, r, web.Path(r.Context(), AccountPath)+"#providers")
}

// externals are the providers of one's own account: those linked, with their labels, and those that
// can still be.
func (p *pages) externals(r *http.Request) ([]externalView, error) {
	list, err := p.Identity.Externals(r.Context(), access.From(r.Context()))
	if err != nil {
		return nil, err
	}
	var views []externalView
	for _, provider := range p.Identity.Providers() {
		v := externalView{Provider: provider}
		for _, e := range list {
			if e.Issuer == provider.Issuer {
				v.ID, v.Created = e.ID, e.Created
			}
		}
		views = append(views, v)
	}
	return views, nil
}

type externalView struct {
	identity.Provider
	identity.External
}
