// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"net/http"
	"slices"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// listed is how many services a page about a need or a territory shows before it leads on.
const listed = 10

// needsGroup is a top category with its needs.
type needsGroup struct {
	needCard
	Under []needCard
}

// needView is one need with the services for it.
type needView struct {
	Need      need.Need
	Words     need.Words
	Parent    need.Need
	Under     []needCard
	Total     int
	Rows      []row
	Helplines []directory.Helpline
	Provinces []countedPlace
	Quiet     bool
}

func (p *pages) getNeeds(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	found, err := p.Finder.Find(ctx, directory.Query{Language: web.Lang(ctx), Page: beyond})
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	return p.show(w, r, ui.Head{
		Title: words.Text("needs.title"), Description: words.Text("needs.lead"), Active: "/needs", Crumbs: []ui.Link{{Text: words.Text("menu.needs")}},
	}, needsPage(groups(counts(found.Facets["top"]), counts(found.Facets["need"]))))
}

func groups(tops, needs map[string]int) []needsGroup {
	var list []needsGroup
	for _, n := range need.All() {
		if n.Top() {
			list = append(list, needsGroup{needCard{n, tops[n.Code]}, under(n.Code, needs)})
		}
	}
	return list
}

func under(code string, needs map[string]int) []needCard {
	var list []needCard
	for _, u := range need.Under(code) {
		list = append(list, needCard{u, needs[u.Code]})
	}
	return list
}

func (p *pages) getNeed(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	n, ok := need.ByCode(r.PathValue("code"))
	if !ok {
		return lost()
	}
	language := web.Lang(ctx)
	found, err := p.Finder.Find(ctx, directory.Query{Language: language, Needs: []string{n.Code}, Limit: listed})
	if err != nil {
		return err
	}
	v := needView{
		Need: n, Words: n.In(language), Total: found.Total, Helplines: linesOf(n), Under: under(n.Code, counts(found.Facets["need"])),
		Provinces: provinces(found.Facets["province"]), Quiet: need.Discreet(n.Code),
	}
	for _, item := range found.Items {
		v.Rows = append(v.Rows, p.rowOf(ctx, item))
	}
	words := web.Words(ctx)
	crumbs := []ui.Link{{Text: words.Text("menu.needs"), Href: web.Path(ctx, "/needs")}}
	if !n.Top() {
		v.Parent, _ = need.ByCode(n.Parent)
		crumbs = append(crumbs, ui.Link{Text: v.Parent.Name(language), Href: web.Path(ctx, needPath(n.Parent))})
	}
	return p.show(w, r, ui.Head{
		Title: v.Words.Name, Description: v.Words.About, Active: "/needs", Sensitive: v.Quiet, Crumbs: append(crumbs, ui.Link{Text: v.Words.Name}),
	}, needPage(v))
}

// linesOf are the lines for a need, or for all the urgent needs of a category.
func linesOf(n need.Need) []directory.Helpline {
	codes := []string{n.Code}
	for _, u := range need.Under(n.Code) {
		codes = append(codes, u.Code)
	}
	codes = slices.DeleteFunc(codes, func(code string) bool { return !need.Urgent(code) })
	return directory.HelplinesFor(codes...)
}

// inTerritory is the address of the results for a need in a territory.
func inTerritory(code string, ref network.Ref) string {
	return "/services?need=" + code + "&territory=" + string(ref)
}
