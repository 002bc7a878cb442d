// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"net/http"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

type setupView struct {
	trouble
	identity.Founding
	Code  string
	Kinds []ui.Option
}

// first lets only a first run in: afterwards there is no such page.
func (p *pages) first(r *http.Request) error {
	needed, err := p.Identity.NeedsSetUp(r.Context())
	if err == nil && !needed {
		err = access.Missing()
	}
	return err
}

func (p *pages) getSetup(w http.ResponseWriter, r *http.Request) error {
	if err := p.first(r); err != nil {
		return err
	}
	return p.showSetup(w, r, http.StatusOK, setupView{})
}

func (p *pages) showSetup(w http.ResponseWriter, r *http.Request, status int, v setupView) error {
	ctx := r.Context()
	v.Kinds = append([]ui.Option{{Text: ui.T(ctx, "setup.kind_none")}}, p.Kinds(ctx)...)
	for i := range v.Kinds {
		v.Kinds[i].Selected = v.Kinds[i].Value == v.Kind
	}
	return web.Render(w, r, status, p.Site.Page(r, door(ui.T(ctx, "setup.title")), setupPage(v)))
}

func (p *pages) postSetup(w http.ResponseWriter, r *http.Request) error {
	if err := p.first(r); err != nil {
		return err
	}
	f := identity.Founding{
		Network: r.PostFormValue("network"), Body: r.PostFormValue("body_name"), Kind: r.PostFormValue("kind"), Name: r.PostFormValue("name"),
		Email: r.PostFormValue("email"), Password: r.PostFormValue("password"), Language: web.Lang(r.Context()),
	}
	t, err := p.SetUp(r.Context(), sourceOf(r), r.PostFormValue("setup_code"), f)
	if err != nil {
		told, status, ok := troubleOf(r, err)
		if !ok {
			return err
		}
		return p.showSetup(w, r, status, setupView{trouble: told, Founding: f, Code: r.PostFormValue("setup_code")})
	}
	if err := p.hand(w, r, t); err != nil {
		return err
	}
	return p.onward(w, r, t.Needs)
}
