// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"net/http"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// callView is the page of three choices and one button.
type callView struct {
	requestForm
	Key string // of this form: sent twice, it calls once
}

func (p *Pages) getCall(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r)
	if err != nil {
		return err
	}
	for name, usual := range map[string]string{"mode": string(mediation.Phone), "minutes": "30"} {
		if f.text(name) == "" {
			f.typed.Set(name, usual)
		}
	}
	return p.showCall(w, r, http.StatusOK, callView{requestForm: f, Key: db.NewID()})
}

func (p *Pages) showCall(w http.ResponseWriter, r *http.Request, status int, v callView) error {
	head := ui.OfficeHead{Title: said(r, "mediation.call.title"), Lead: said(r, "mediation.call.lead"), Narrow: true, Crumbs: []ui.Link{{Text: said(r, "mediation.menu.call")}}}
	return p.show(w, r, status, head, callPage(v))
}

func (p *Pages) postCall(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := formOf(r)
	if err != nil {
		return err
	}
	var called mediation.Called
	request, err := f.request()
	if err == nil {
		called, err = p.Mediation.CallNow(ctx, access.From(ctx), mediation.CallRequest{Request: request, Minutes: f.minutes(), Key: f.text("key")})
	}
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		f.Mistakes = m
		return p.showCall(w, r, http.StatusUnprocessableEntity, callView{requestForm: f, Key: f.text("key")})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, web.Path(ctx, "/office/mediation/requests/"+called.Request))
}
