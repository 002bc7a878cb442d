// SPDX-License-Identifier: EUPL-1.2

package censusweb

import (
	"context"
	"net/http"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// mostLacks is how many searches are listed: what is asked less often can wait.
const mostLacks = 200

// lackRow is one search with what can be done about it.
type lackRow struct {
	census.Lack
	Rank    int
	On      string
	Places  string
	Nearest []string // names of needs
	New     string   // where a service for it is begun; "" when one may not
	May     bool
}

func (p *pages) getLacks(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l := ui.ReadList(r)
	words := web.Words(ctx)
	list, err := p.Census.Lacks(ctx, access.From(ctx), census.LackSelection{Language: l.Filter("language"), Province: l.Filter("province"), Decision: l.Filter("decision"), Most: mostLacks})
	if err != nil {
		return err
	}
	rows := make([]lackRow, len(list))
	for i, one := range list {
		rows[i] = lackRow{Lack: one, Rank: i + 1, On: dayOf(words, one.Day), May: p.may(r, "directory.missed.decide")}
		var where []string
		for _, place := range one.Places {
			where = append(where, provinceName(place.Province)+" "+words.Number(place.Visits))
		}
		rows[i].Places = strings.Join(where, " · ")
		for _, reading := range one.Nearest {
			if n, ok := need.ByCode(reading.Code); ok {
				rows[i].Nearest = append(rows[i].Nearest, n.Name(words.Lang()))
			}
		}
		if p.may(r, "directory.service.create") {
			rows[i].New = web.Path(ctx, "/office/services/new")
		}
	}
	selects := p.lackFilters(r, l)
	head := ui.OfficeHead{Title: said(r, "lack.title"), Lead: said(r, "lack.lead"), Crumbs: []ui.Link{{Text: said(r, "lack.menu")}}, Help: "lack.help"}
	return p.show(w, r, http.StatusOK, head, lacksPage(ui.FilterView{List: l, Open: true}, selects, rows))
}

func (p *pages) lackFilters(r *http.Request, l ui.List) []ui.SelectView {
	languages := []ui.Option{{Value: "", Text: said(r, "lack.all_languages")}}
	for _, code := range lang.All {
		languages = append(languages, ui.Option{Value: code, Text: lang.NativeName(code), Lang: code})
	}
	provinces := []ui.Option{{Value: "", Text: said(r, "lack.everywhere")}}
	for _, one := range network.Territories().Provinces() {
		provinces = append(provinces, ui.Option{Value: one.Sigla, Text: one.Name})
	}
	decisions := []ui.Option{{Value: "", Text: said(r, "lack.decision.none")}, {Value: "all", Text: said(r, "inbox.all")}}
	for _, one := range census.Decisions {
		decisions = append(decisions, ui.Option{Value: one, Text: said(r, "lack.decision."+one)})
	}
	return []ui.SelectView{
		{ID: "filter-language", Name: "language", Label: said(r, "lack.language"), Options: chosen(languages, l.Filter("language"))},
		{ID: "filter-province", Name: "province", Label: said(r, "lack.province"), Options: chosen(provinces, l.Filter("province"))},
		{ID: "filter-decision", Name: "decision", Label: said(r, "lack.decided"), Options: chosen(decisions, l.Filter("decision"))},
	}
}

func (p *pages) postLack(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := p.Census.DecideLack(ctx, access.From(ctx), r.PathValue("id"), r.FormValue("decision"), strings.TrimSpace(r.FormValue("remark"))); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "lack.saved", 1)
	return web.Redirect(w, r, web.Path(ctx, "/office/missed"))
}

func provinceName(sigla string) string {
	if p, ok := network.Territories().Province(sigla); ok {
		return p.Name
	}
	return sigla
}

func decisionOptions(ctx context.Context, chosenNow string) []ui.Option {
	list := []ui.Option{{Value: "", Text: ui.T(ctx, "lack.decision.none")}}
	for _, one := range census.Decisions {
		list = append(list, ui.Option{Value: one, Text: ui.T(ctx, "lack.decision."+one)})
	}
	return chosen(list, chosenNow)
}
