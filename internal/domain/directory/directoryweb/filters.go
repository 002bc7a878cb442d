// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/search"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// filtersView is the form beside the results. Counts say how many services each choice would show
// with all the other filters as they are.
type filtersView struct {
	Needs   []choice
	Spoken  []choice
	Regions []regionChoice
	Near    string
	Radii   []ui.Option
	Open    bool
	Me      meView
}

// choice is one value of a filter.
type choice struct {
	Value, Text, Lang string
	Count             int
	Selected          bool
	Under             bool // a need under the top category before it
}

// regionChoice is a region with the provinces and comuni in which there are services.
type regionChoice struct {
	Code, Name string
	Selected   bool
	Places     []choice
}

// meView is the part "for me".
type meView struct {
	Set                   bool
	Age, Income           string
	Titles, Sex, Families []ui.Option
	Pregnant, Alone       bool
}

// mostComuni is how many comuni the list offers; the others are found by typing their name.
const mostComuni = 60

// filters counts every group of choices with that group's own filter left out.
func (p *pages) filters(ctx context.Context, a asked, found directory.Found) (filtersView, error) {
	facet := func(set bool, name string, open func(*directory.Query)) ([]search.Count, error) {
		if !set {
			return found.Facets[name], nil
		}
		q := a.Query
		q.Page = beyond
		open(&q)
		other, err := p.Finder.Find(ctx, q)
		return other.Facets[name], err
	}
	tops, err := facet(len(a.Needs) > 0, "top", func(q *directory.Query) { q.Needs = nil })
	if err != nil {
		return filtersView{}, err
	}
	needs, err := facet(len(a.Needs) > 0, "need", func(q *directory.Query) { q.Needs = nil })
	if err != nil {
		return filtersView{}, err
	}
	spoken, err := facet(len(a.Spoken) > 0, "spoken", func(q *directory.Query) { q.Spoken = nil })
	if err != nil {
		return filtersView{}, err
	}
	comuni, err := facet(a.Territory != "", "comune", func(q *directory.Query) { q.Territory = "" })
	if err != nil {
		return filtersView{}, err
	}
	inProvinces, err := facet(a.Territory != "", "province", func(q *directory.Query) { q.Territory = "" })
	if err != nil {
		return filtersView{}, err
	}
	w := web.Words(ctx)
	view := filtersView{
		Needs: needChoices(a, counts(tops), counts(needs)), Spoken: spokenChoices(a, spoken),
		Regions: regionChoices(a.Territory, counts(inProvinces), comuni), Open: a.OpenNow, Me: meOf(w, a),
	}
	if a.Near != nil {
		view.Near = a.Form.Get("near")
	}
	for _, km := range radii {
		text := w.Text("filter.radius_any")
		if n, err := strconv.ParseFloat(km, 64); err == nil {
			text = w.Distance(n)
		}
		view.Radii = append(view.Radii, ui.Option{Value: km, Text: text, Selected: a.Form.Get("radius_km") == km})
	}
	return view, nil
}

// needChoices are the top categories, and under the chosen ones their needs.
func needChoices(a asked, tops, needs map[string]int) []choice {
	var list []choice
	for _, n := range need.All() {
		if !n.Top() {
			continue
		}
		selected := slices.Contains(a.Needs, n.Code)
		under := need.Under(n.Code)
		open := selected || slices.ContainsFunc(under, func(u need.Need) bool { return slices.Contains(a.Needs, u.Code) })
		list = append(list, choice{Value: n.Code, Text: n.Name(a.Language), Count: tops[n.Code], Selected: selected})
		for _, u := range under {
			if open && (needs[u.Code] > 0 || slices.Contains(a.Needs, u.Code)) {
				list = append(list, choice{Value: u.Code, Text: u.Name(a.Language), Count: needs[u.Code], Selected: slices.Contains(a.Needs, u.Code), Under: true})
			}
		}
	}
	return list
}

// spokenChoices are the languages spoken where something was found: that of the page first, then
// those of the site, then by number.
func spokenChoices(a asked, facet []search.Count) []choice {
	n := counts(facet)
	for _, code := range a.Spoken {
		if _, ok := n[code]; !ok {
			n[code] = 0
		}
	}
	list := make([]choice, 0, len(n))
	for code, count := range n {
		list = append(list, choice{Value: code, Text: lang.NativeName(code), Lang: code, Count: count, Selected: slices.Contains(a.Spoken, code)})
	}
	place := func(code string) int {
		if code == a.Language {
			return -1
		}
		if i := slices.Index(lang.All, code); i >= 0 {
			return i
		}
		return len(lang.All)
	}
	slices.SortFunc(list, func(x, y choice) int {
		return cmp.Or(cmp.Compare(place(x.Value), place(y.Value)), cmp.Compare(y.Count, x.Count), cmp.Compare(x.Value, y.Value))
	})
	return list
}

// regionChoices puts provinces and comuni under their regions, by name.
func regionChoices(chosen network.Ref, inProvinces map[string]int, comuni []search.Count) []regionChoice {
	t := network.Territories()
	byRegion := map[string][]choice{}
	add := func(region, ref, name string, count int, under bool) {
		byRegion[region] = append(byRegion[region], choice{Value: ref, Text: name, Count: count, Under: under, Selected: string(chosen) == ref})
	}
	listed := string(chosen) == ""
	inComuni := map[string][]network.Comune{}
	byComune := counts(comuni)
	for i, c := range comuni {
		_, istat, _ := strings.Cut(c.Tag, ":")
		if comune, ok := t.Comune(istat); ok && i < mostComuni {
			inComuni[comune.Province] = append(inComuni[comune.Province], comune)
		}
	}
	for _, p := range provincesByName(inProvinces) {
		add(p.Region, "p:"+p.Sigla, p.Name, inProvinces[p.Sigla], false)
		listed = listed || string(chosen) == "p:"+p.Sigla
		slices.SortFunc(inComuni[p.Sigla], func(a, b network.Comune) int { return cmp.Compare(a.Name, b.Name) })
		for _, c := range inComuni[p.Sigla] {
			add(p.Region, "c:"+c.ISTAT, c.Name, byComune[c.ISTAT], true)
			listed = listed || string(chosen) == "c:"+c.ISTAT
		}
	}
	var list []regionChoice
	for _, r := range t.Regions() {
		if places := byRegion[r.Code]; len(places) > 0 {
			one := regionChoice{Code: r.Code, Name: r.Name, Places: places, Selected: string(chosen) == "r:"+r.Code}
			listed = listed || one.Selected
			list = append(list, one)
		}
	}
	if !listed { // what is in force must be seen, also when nothing is there
		list = append(list, regionChoice{Places: []choice{{Value: string(chosen), Text: t.RefName(chosen), Selected: true}}})
	}
	return list
}

func provincesByName(inProvinces map[string]int) []network.Province {
	var list []network.Province
	for sigla := range inProvinces {
		if p, ok := network.Territories().Province(sigla); ok {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b network.Province) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// meOf fills the part "for me" with what was sent.
func meOf(w lang.Words, a asked) meView {
	v := meView{Set: a.Profile != nil, Age: a.Form.Get("age"), Income: a.Form.Get("income"), Pregnant: a.Form.Get("pregnant") == "yes", Alone: a.Form.Get("alone") == "yes"}
	options := func(field string, values []string, text func(string) string) []ui.Option {
		list := []ui.Option{{Value: "", Text: w.Text("filter.not_said"), Selected: !a.Form.Has(field)}}
		for _, value := range values {
			list = append(list, ui.Option{Value: value, Text: text(value), Selected: a.Form.Get(field) == value})
		}
		return list
	}
	v.Titles = options("title", titlesOfStay().codes, func(code string) string { return residenceTitle(w, code) })
	v.Sex = options("sex", directory.Sexes, func(code string) string { return w.Text("sex." + code) })
	v.Families = options("family", directory.Families, func(code string) string { return w.Text("family." + code) })
	return v
}

// hidden are the parameters that the form has no field for.
func (a asked) hidden() []ui.Pair {
	var list []ui.Pair
	if body := a.Form.Get("body"); body != "" {
		list = append(list, ui.Pair{Name: "body", Value: body})
	}
	return list
}
