// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/search"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// homeView is what the start page shows.
type homeView struct {
	Total     int
	Needs     []needCard
	Urgent    []directory.Helpline
	Provinces []countedPlace
}

// needCard is one need with the number of services for it.
type needCard struct {
	Need  need.Need
	Count int
}

// countedPlace is a territory with the number of services in it.
type countedPlace struct {
	Ref   network.Ref
	Name  string
	Count int
}

// beyond is a page that no list has: the answer carries totals and counts and reads no entry.
const beyond = 1 << 30

// homeUrgent are the needs whose first lines stand on the start page.
var homeUrgent = []string{"emergency-numbers", "gender-violence", "trafficking", "child-protection"}

// mostHomeLines is how many lines one takes in at a glance.
const mostHomeLines = 4

func mostUrgent() []directory.Helpline {
	list := directory.HelplinesFor(homeUrgent...)
	return list[:min(len(list), mostHomeLines)]
}

func (p *pages) getHome(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	found, err := p.Finder.Find(ctx, directory.Query{Language: web.Lang(ctx), Page: beyond})
	if err != nil {
		return err
	}
	view := homeView{Total: found.Total, Urgent: mostUrgent(), Provinces: provinces(found.Facets["province"])}
	tops := counts(found.Facets["top"])
	for _, n := range need.All() {
		if n.Top() {
			view.Needs = append(view.Needs, needCard{n, tops[n.Code]})
		}
	}
	words := web.Words(ctx)
	return p.show(w, r, ui.Head{Home: true, Title: words.Text("home.title"), Description: words.Text("home.description")}, homePage(view))
}

// counts makes a map of a facet: value → number of services.
func counts(facet []search.Count) map[string]int {
	m := make(map[string]int, len(facet))
	for _, c := range facet {
		_, value, _ := strings.Cut(c.Tag, ":")
		m[value] = c.Count
	}
	return m
}

// provinces lists the provinces of a facet by name.
func provinces(facet []search.Count) []countedPlace {
	var list []countedPlace
	for sigla, n := range counts(facet) {
		if province, ok := network.Territories().Province(sigla); ok {
			list = append(list, countedPlace{network.Ref("p:" + sigla), province.Name, n})
		}
	}
	slices.SortFunc(list, func(a, b countedPlace) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

func territoryPath(ref network.Ref) string { return "/territories/" + string(ref) }

func needPath(code string) string { return "/needs/" + code }

func homeSearch(ctx context.Context) ui.SearchView {
	return ui.SearchView{Action: ui.Href(ctx, "/services"), Large: true, Near: true, Placeholder: ui.T(ctx, "home.placeholder")}
}
