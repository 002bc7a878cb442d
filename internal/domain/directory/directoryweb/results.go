// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// fewResults is when the nearest needs are offered beside what was found.
const fewResults = 3

// resultsView is what the page of results shows.
type resultsView struct {
	asked
	Path       string // of this page, with language
	Total      int
	Rows       []row
	Filters    filtersView
	DidYouMean string
	Nearest    []need.Need
	Helplines  []directory.Helpline
	Territory  string // in force, in words; "" when none
	Named      bool   // the territory was read from the text
	Widened    bool
	Pages      ui.Pages
	Chart      chart
	Quiet      bool
}

func (p *pages) getResults(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a := readAsked(r)
	// While somebody types, the answer is to an unfinished word: a browser must not show it again
	// from its cache when one comes back to the address.
	w.Header().Add("Vary", "Sec-Fetch-Dest")
	a.Limit = rowsOnPage
	found, err := p.Finder.Find(ctx, a.Query)
	if err != nil {
		return err
	}
	view := resultsView{
		asked: a, Path: web.Path(ctx, "/services"), Total: found.Total, DidYouMean: found.DidYouMean, Helplines: found.Helplines,
		Named: a.Territory == "" && found.Territory != "", Widened: found.Widened, Quiet: found.Discreet(a.Query),
	}
	if found.Territory != "" || found.Widened {
		view.Territory = refName(web.Words(ctx), found.Territory)
	}
	for _, item := range found.Items {
		view.Rows = append(view.Rows, p.rowOf(ctx, item))
	}
	if view.Filters, err = p.filters(ctx, a, found); err != nil {
		return err
	}
	if found.Total <= fewResults {
		view.Nearest = nearestNeeds(a, found)
	}
	last := (min(found.Total, lastRanked) + rowsOnPage - 1) / rowsOnPage
	view.Pages = ui.Pages{Page: a.Page, Last: last, Href: ui.WithPage(view.Path, a.Form)}
	view.Chart = p.chartOf(view.Rows, a)
	if found.Total == 0 && a.Text != "" && !a.Typing {
		p.noteMissed(r, a, found.Territory)
	}
	p.countSearch(r, a, found)
	words := web.Words(ctx)
	return p.show(w, r, ui.Head{
		Title: resultsTitle(ctx, view), Description: words.Text("home.description"), NoIndex: true, Sensitive: view.Quiet, Wide: true, Active: "/services",
		Crumbs: []ui.Link{{Text: words.Text("results.crumb")}},
	}, p.resultsPage(view))
}

// rowsOnPage is how many services a small phone lays out at once without making one wait.
const rowsOnPage = 10

// lastRanked is how far the finder puts results in order; beyond it one has to ask more exactly.
const lastRanked = 1000

// nearestNeeds are the needs to offer when little was found: what the question may be about, else
// the top categories.
func nearestNeeds(a asked, found directory.Found) []need.Need {
	var list []need.Need
	for _, reading := range found.Needs {
		if n, ok := need.ByCode(reading.Code); ok && !slices.Contains(a.Needs, n.Code) {
			list = append(list, n)
		}
	}
	if len(list) > 0 || found.Total > 0 {
		return list
	}
	for _, n := range need.All() {
		if n.Top() && !slices.Contains(a.Needs, n.Code) {
			list = append(list, n)
		}
	}
	return list
}

func (p *pages) chartOf(rows []row, a asked) chart {
	data := chart{Places: []place{}}
	for _, r := range rows {
		data.Places = append(data.Places, r.places...)
	}
	if a.Near != nil {
		data.Me = []float64{a.Near.Lat, a.Near.Lon}
	}
	if p.Tiles == "" {
		data.Outline = outlineAround(data.Places)
	}
	return data
}

// noteMissed counts a search that found nothing. That it can't be counted must not spoil the page.
func (p *pages) noteMissed(r *http.Request, a asked, place network.Ref) {
	if err := p.misses.Allow(discard{}, r); err != nil {
		return
	}
	visitor := web.Visitor(r) + "\x00" + r.UserAgent()
	if err := p.missed.Note(r.Context(), a.Language, a.Text, visitor, place); err != nil {
		p.Log.LogAttrs(r.Context(), slog.LevelWarn, "a search that found nothing could not be counted", slog.String("request", web.RequestID(r.Context())), slog.String("error", err.Error()))
	}
}

// countSearch counts a finished search, by what it is about and where: never by its words.
func (p *pages) countSearch(r *http.Request, a asked, found directory.Found) {
	if p.Counter == nil || a.Typing || a.Page > 1 || a.Text == "" && len(a.Needs) == 0 {
		return
	}
	needs := slices.Clone(a.Needs)
	for _, reading := range found.Needs {
		if reading.Likely() && !slices.Contains(needs, reading.Code) && len(needs) < 3 {
			needs = append(needs, reading.Code)
		}
	}
	p.Counter.Searched(r.UserAgent(), web.Lang(r.Context()), needs, directory.ProvinceOf(found.Territory))
}

// discard takes the headers of a refusal that nobody is to see.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

func resultsTitle(ctx context.Context, v resultsView) string {
	switch {
	case v.Text != "" && !v.Quiet:
		return ui.T(ctx, "results.title_text", "text", v.Text)
	case len(v.Needs) == 1 && !v.Quiet:
		return needName(v.Language, v.Needs[0])
	}
	return ui.T(ctx, "results.title")
}

// needHref is the same search about one need alone, without the words that did not help.
func (v resultsView) needHref(code string) templ.SafeURL {
	form := url.Values{"need": {code}}
	for _, keep := range []string{"territory", "near", "radius_km", "spoken"} {
		if v.Form.Has(keep) {
			form[keep] = v.Form[keep]
		}
	}
	return templ.SafeURL(v.Path + "?" + form.Encode())
}

func (v resultsView) href(name, value string) templ.SafeURL {
	return templ.SafeURL(v.with(v.Path, name, value))
}

// clearedHref is the search without its filters.
func clearedHref(v resultsView) templ.SafeURL {
	form := url.Values{}
	for _, keep := range []string{"q", "view"} {
		if v.Form.Has(keep) {
			form[keep] = v.Form[keep]
		}
	}
	if len(form) == 0 {
		return templ.SafeURL(v.Path)
	}
	return templ.SafeURL(v.Path + "?" + form.Encode())
}

func needOnly(v resultsView, code string) templ.SafeURL { return v.needHref(code) }

// counted is a number in brackets, for lists where nothing else fits.
func counted(ctx context.Context, n int) string { return " (" + web.Words(ctx).Number(n) + ")" }

func exampleHref(ctx context.Context, key string) templ.SafeURL {
	return templ.SafeURL(web.Path(ctx, "/services") + "?" + url.Values{"q": {ui.T(ctx, key)}}.Encode())
}
