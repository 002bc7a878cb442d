// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"net/http"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// phoneView is the list of those who can be telephoned for a call.
type phoneView struct {
	ID   string
	List []mediation.PhoneEntry
}

func (p *Pages) getPhones(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	list, err := p.Mediation.PhoneList(ctx, access.From(ctx), id)
	if fault.Is(err, fault.KindConflict) { // somebody accepted meanwhile: the page of the request says who
		return web.Redirect(w, r, web.Path(ctx, "/office/mediation/requests/"+id))
	} else if err != nil {
		return err
	}
	title := said(r, "mediation.phones.title")
	head := ui.OfficeHead{Title: title, Lead: said(r, "mediation.phones.lead"), Narrow: true, Crumbs: []ui.Link{
		{Text: said(r, "mediation.menu.requests"), Href: web.Path(ctx, "/office/mediation/requests")}, {Text: title},
	}}
	return p.show(w, r, http.StatusOK, head, phonePage(phoneView{ID: id, List: list}))
}

func (p *Pages) postPhones(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	switch err := p.Mediation.TakeByPhone(ctx, access.From(ctx), id, r.FormValue("mediator")); {
	case fault.Is(err, fault.KindConflict):
		ui.Flash(w, r, ui.Warning, fault.All(err)[0].Message.Key, 1)
	case err != nil:
		return err
	default:
		ui.Flash(w, r, ui.Success, "mediation.booked", 1)
	}
	return web.Redirect(w, r, web.Path(ctx, "/office/mediation/requests/"+id))
}

// dialled is a number as a telephone dials it.
func dialled(number string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
}
