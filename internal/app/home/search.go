// SPDX-License-Identifier: EUPL-1.2

package home

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// Limits of the search: answers of one room, answers on the page, letters that make a question.
const (
	perRoom  = 20
	mostHits = 60
	shortest = 2
	longest  = 200
)

// searchView is what the page of answers shows.
type searchView struct {
	Query   string
	Hits    []ui.Hit
	Short   bool // the question has too few letters
	Partial bool
}

func (p *pages) getSearch(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	v := searchView{Query: strings.TrimSpace(r.URL.Query().Get("q"))}
	if letters := []rune(v.Query); len(letters) > longest {
		v.Query = string(letters[:longest])
	} else {
		v.Short = len(letters) < shortest
	}
	if !v.Short {
		v.Hits, v.Partial = p.find(r, actor, v.Query)
	}
	chosen := r.URL.Query().Get("kind")
	head := ui.OfficeHead{
		Title: web.Words(ctx).Text("home.search.title"), Crumbs: []ui.Link{{Text: web.Words(ctx).Text("home.search.title")}}, Help: "home.search.help",
		Tabs: kindTabs(ctx, v, chosen),
	}
	if chosen != "" {
		v.Hits = slices.DeleteFunc(v.Hits, func(h ui.Hit) bool { return h.Kind != chosen })
	}
	return web.Render(w, r, http.StatusOK, p.Site.OfficePage(r, head, searchPage(v)))
}

// find asks every room and the menu, and puts the answers in order.
func (p *pages) find(r *http.Request, actor access.Actor, query string) (hits []ui.Hit, partial bool) {
	ctx := r.Context()
	hits = p.findPages(r, query)
	for _, room := range p.Finders {
		found, err := room.Find(ctx, actor, query, perRoom)
		if err != nil {
			partial = true
			p.complain(ctx, "a room can't be searched", err)
			continue
		}
		hits = append(hits, found...)
	}
	folded := lang.Fold(query)
	slices.SortStableFunc(hits, func(a, b ui.Hit) int { return rank(folded, a.Title) - rank(folded, b.Title) })
	return hits[:min(len(hits), mostHits)], partial
}

// rank says how well a title answers: it is the question, begins with it, has all its words, or
// matched by something else.
func rank(folded, title string) int {
	title = lang.Fold(title)
	switch {
	case title == folded:
		return 0
	case strings.HasPrefix(title, folded):
		return 1
	}
	for word := range strings.FieldsSeq(folded) {
		if !strings.Contains(title, word) {
			return 3
		}
	}
	return 2
}

// findPages finds pages of the menu by their names: who does not know where something is asks for it.
func (p *pages) findPages(r *http.Request, query string) []ui.Hit {
	if p.Site.Frame == nil {
		return nil
	}
	ctx, folded := r.Context(), lang.Fold(query)
	var hits []ui.Hit
	for _, item := range p.Site.Frame(r).Menu {
		title, group := web.Words(ctx).Text(item.Key), ""
		if item.Group != "" {
			group = web.Words(ctx).Text(item.Group)
		}
		if rank(folded, title) < 3 {
			hits = append(hits, ui.Hit{Kind: "home.kind.page", Icon: item.Icon, Title: title, Text: group, Href: web.Path(ctx, item.Path)})
		}
	}
	return hits
}

// kindTabs lets choose among the kinds of answers, when there are several.
func kindTabs(ctx context.Context, v searchView, chosen string) []ui.Tab {
	counts := map[string]int{}
	var kinds []string
	for _, h := range v.Hits {
		if counts[h.Kind]++; counts[h.Kind] == 1 {
			kinds = append(kinds, h.Kind)
		}
	}
	if len(kinds) < 2 {
		return nil
	}
	l := ui.List{Path: web.Path(ctx, SearchPath), Query: web.Here(ctx).Query}
	words := web.Words(ctx)
	tabs := []ui.Tab{{Text: words.Text("home.search.all"), Href: l.With("kind", ""), Current: chosen == "", Count: len(v.Hits), HasCount: true}}
	for _, kind := range kinds {
		tabs = append(tabs, ui.Tab{Text: words.Text(kind), Href: l.With("kind", kind), Current: chosen == kind, Count: counts[kind], HasCount: true})
	}
	return tabs
}
