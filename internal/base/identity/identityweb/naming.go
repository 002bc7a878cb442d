// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"net/http"

	"approdo/internal/base/access"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// namePath is the page on which the network gets its name.
const namePath = "/office/network-name"

type namingView struct {
	trouble
	Was, Name string
}

func (p *pages) getNaming(w http.ResponseWriter, r *http.Request) error {
	name, err := p.Identity.NetworkName(r.Context())
	if err != nil {
		return err
	}
	return p.showNaming(w, r, http.StatusOK, namingView{Was: name, Name: name})
}

func (p *pages) showNaming(w http.ResponseWriter, r *http.Request, status int, v namingView) error {
	ctx := r.Context()
	title := ui.T(ctx, "naming.title")
	head := ui.OfficeHead{Title: title, Lead: ui.T(ctx, "naming.lead"), Narrow: true, Crumbs: []ui.Link{{Text: title}}}
	return web.Render(w, r, status, p.Site.OfficePage(r, head, namingPage(v)))
}

func (p *pages) postNaming(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := namingView{Was: r.PostFormValue("was"), Name: r.PostFormValue("network")}
	err := p.Identity.RenameNetwork(ctx, access.From(ctx), v.Was, v.Name)
	if told, status, ok := troubleOf(r, err); err != nil && ok {
		if v.trouble = told; fault.Is(err, fault.KindConflict) {
			if v.Was, err = p.Identity.NetworkName(ctx); err != nil { // saving again decides between the two
				return err
			}
		}
		return p.showNaming(w, r, status, v)
	}
	if err != nil {
		return err
	}
	p.Renamed()
	ui.Flash(w, r, ui.Success, "naming.kept", 0)
	return web.Redirect(w, r, web.Path(ctx, namePath))
}
