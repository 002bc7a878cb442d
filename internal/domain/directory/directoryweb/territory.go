// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/search"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// regionView is a region with the provinces and comuni in which there are services.
type regionView struct {
	Region    network.Region
	Provinces []provinceView
}

type provinceView struct {
	countedPlace
	Comuni []countedPlace
}

// territoryView is one territory with its services.
type territoryView struct {
	Ref    network.Ref
	Name   string
	Kind   string // key of the catalogue
	Total  int
	Rows   []row
	Needs  []needCard
	Parts  []countedPlace
	Chart  chart
	Spoken []string
}

func (p *pages) getTerritories(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	found, err := p.Finder.Find(ctx, directory.Query{Language: web.Lang(ctx), Page: beyond})
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	return p.show(w, r, ui.Head{
		Title: words.Text("territories.title"), Description: words.Text("territories.lead"), Active: "/territories",
		Crumbs: []ui.Link{{Text: words.Text("menu.territories")}},
	}, territoriesPage(regions(found)))
}

// regions puts what the index counted under regions and provinces, by name.
func regions(found directory.Found) []regionView {
	t := network.Territories()
	comuni := map[string][]countedPlace{}
	for istat, n := range counts(found.Facets["comune"]) {
		if c, ok := t.Comune(istat); ok {
			comuni[c.Province] = append(comuni[c.Province], countedPlace{network.Ref("c:" + istat), c.Name, n})
		}
	}
	byRegion := map[string][]provinceView{}
	inProvinces := counts(found.Facets["province"])
	for _, province := range provincesByName(inProvinces) {
		list := comuni[province.Sigla]
		slices.SortFunc(list, func(a, b countedPlace) int { return cmp.Compare(a.Name, b.Name) })
		byRegion[province.Region] = append(byRegion[province.Region],
			provinceView{countedPlace{network.Ref("p:" + province.Sigla), province.Name, inProvinces[province.Sigla]}, list})
	}
	var list []regionView
	for _, region := range t.Regions() {
		if len(byRegion[region.Code]) > 0 {
			list = append(list, regionView{region, byRegion[region.Code]})
		}
	}
	return list
}

func (p *pages) getTerritory(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := network.ParseRef(r.PathValue("ref"))
	if err != nil || ref == "" {
		return lost()
	}
	found, err := p.Finder.Find(ctx, directory.Query{Language: web.Lang(ctx), Territory: ref, Limit: listed})
	if err != nil {
		return err
	}
	v := territoryView{Ref: ref, Name: network.Territories().RefName(ref), Total: found.Total, Parts: parts(ref, found)}
	kind, _ := ref.Split()
	v.Kind = map[string]string{"c": "territory.comune", "p": "territory.province", "r": "territory.region", "d": "territory.district"}[kind]
	for _, item := range found.Items {
		v.Rows = append(v.Rows, p.rowOf(ctx, item))
	}
	v.Needs = topCards(found.Facets["top"])
	v.Chart = p.chartOf(v.Rows, asked{})
	for _, c := range found.Facets["spoken"] {
		v.Spoken = append(v.Spoken, c.Tag[len("spoken:"):])
	}
	return p.show(w, r, ui.Head{
		Title: ui.T(ctx, "territory.title", "territory", v.Name), Description: ui.T(ctx, "territory.description", "territory", v.Name), Active: "/territories",
		NoIndex: v.Total == 0, Crumbs: territoryCrumbs(ctx, ref, v.Name),
	}, p.territoryPage(v))
}

func topCards(facet []search.Count) []needCard {
	tops := counts(facet)
	var list []needCard
	for _, n := range need.All() {
		if n.Top() && tops[n.Code] > 0 {
			list = append(list, needCard{n, tops[n.Code]})
		}
	}
	return list
}

// parts are the territories inside this one in which there are services.
func parts(ref network.Ref, found directory.Found) []countedPlace {
	var list []countedPlace
	t := network.Territories()
	kind, code := ref.Split()
	for _, region := range regions(found) {
		for _, province := range region.Provinces {
			if kind == "r" && region.Region.Code == code {
				list = append(list, province.countedPlace)
				continue
			}
			for _, c := range province.Comuni {
				if _, istat := c.Ref.Split(); (kind == "p" || kind == "d") && t.Contains(ref, istat) {
					list = append(list, c)
				}
			}
		}
	}
	return list
}

// territoryCrumbs lead up: comune, province, region.
func territoryCrumbs(ctx context.Context, ref network.Ref, name string) []ui.Link {
	t := network.Territories()
	crumbs := []ui.Link{{Text: ui.T(ctx, "menu.territories"), Href: web.Path(ctx, "/territories")}}
	province, region := "", ""
	switch kind, code := ref.Split(); kind {
	case "c":
		if c, ok := t.Comune(code); ok {
			province, region = c.Province, c.Region
		}
	case "p":
		if p, ok := t.Province(code); ok {
			region = p.Region
		}
	}
	if r, ok := t.Region(region); ok {
		crumbs = append(crumbs, ui.Link{Text: r.Name, Href: web.Path(ctx, territoryPath(network.Ref("r:"+region)))})
	}
	if p, ok := t.Province(province); ok {
		crumbs = append(crumbs, ui.Link{Text: ui.T(ctx, "place.province", "province", p.Name), Href: web.Path(ctx, territoryPath(network.Ref("p:"+province)))})
	}
	return append(crumbs, ui.Link{Text: name})
}
