// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"context"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// useTable is how often, by one dimension.
type useTable struct {
	ID, Caption, Head string
	Rows              []useRow
}

type useRow struct {
	Name, Lang, Href string
	Count            int
}

// view is a short table of how often, the most first.
func (t useTable) view(ctx context.Context) ui.BarsView {
	words := web.Words(ctx)
	v := ui.BarsView{ID: t.ID, Caption: words.Text(t.Caption), Head: words.Text(t.Head), Columns: []string{words.Text("statistics.times")}, Plain: true}
	for _, row := range t.Rows {
		b := ui.Bar{Name: row.Name, Lang: foreign(ctx, row.Lang), Values: []string{words.Number(row.Count)}}
		if row.Href != "" {
			b.Href = web.Path(ctx, row.Href)
		}
		v.Rows = append(v.Rows, b)
	}
	return v
}

// useDays is the span of the page of numbers, and mostUsed how long its tables are.
const (
	useDays  = 30
	mostUsed = 10
)

// useOf adds to the page of numbers how much the site was used in the days before today.
func (p *pages) useOf(ctx context.Context, v *statisticsView) error {
	if p.Census == nil {
		return nil
	}
	today := calendar.DayOf(p.Directory.Now(), calendar.Rome())
	totals, err := p.Census.UseTotals(ctx, today-useDays, today-1)
	if err != nil {
		return err
	}
	for _, use := range totals[census.UseViews] {
		v.Views = use.Count
	}
	for _, use := range totals[census.UseSearches] {
		v.Searches = use.Count
	}
	language := web.Lang(ctx)
	names, err := p.namesOf(ctx, totals[census.UseService])
	if err != nil {
		return err
	}
	for _, one := range []struct {
		dimension, id, caption, head string
		row                          func(string) useRow
	}{
		{census.UseService, "use-services", "statistics.use_services", "statistics.services", func(id string) useRow { return names[id] }},
		{census.UseNeed, "use-needs", "statistics.use_needs", "menu.needs", func(code string) useRow { return useRow{Name: needName(language, code), Href: needPath(code)} }},
		{census.UseLanguage, "use-languages", "statistics.use_languages", "statistics.language", func(code string) useRow { return useRow{Name: lang.NativeName(code), Lang: code} }},
		{census.UseProvince, "use-provinces", "statistics.use_provinces", "territory.province", func(sigla string) useRow { return useRow{Name: provinceName(sigla), Lang: "it"} }},
	} {
		t := useTable{ID: one.id, Caption: one.caption, Head: one.head}
		for _, use := range totals[one.dimension] {
			if row := one.row(use.Subject); row.Name != "" && len(t.Rows) < mostUsed {
				row.Count = use.Count
				t.Rows = append(t.Rows, row)
			}
		}
		if len(t.Rows) > 0 {
			v.Use = append(v.Use, t)
		}
	}
	return nil
}

// namesOf are the names of the services most opened. Those about which nothing must be left behind are
// not among them.
func (p *pages) namesOf(ctx context.Context, list []census.Use) (map[string]useRow, error) {
	ids := make([]string, 0, 3*mostUsed)
	for _, use := range list[:min(len(list), 3*mostUsed)] {
		ids = append(ids, use.Subject)
	}
	entries, err := p.Directory.Entries(ctx, ids)
	names := make(map[string]useRow, len(entries))
	for _, e := range entries {
		if !discreet(&e) {
			shown, how := e.In(web.Lang(ctx))
			names[e.ID] = useRow{Name: shown.Name, Lang: how[directory.GroupTitle].Language, Href: "/services/" + e.ID}
		}
	}
	return names, err
}
