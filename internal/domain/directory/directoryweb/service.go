// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/need"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// serviceView is one service as its page shows it.
type serviceView struct {
	Entry  directory.Entry // with texts in the language of the page where there are any
	Title  string          // language of the title group
	Body   string          // of the parts of the card
	Paper  string          // of documents, costs, access
	Notice translationNotice
	State  ui.State
	Open   string
	Sites  []siteView
	For    []string // structured eligibility in words
	Prices []price
	Check  verdict
	Source source
	Chart  chart
	Quiet  bool
	Thanks string // kind of feedback just given
	Trouble
	Answers bool // an address for the answer may be left
	Share   ui.ShareView
	Needs   []need.Need
	// Helplines stand before everything else when the service is about danger.
	Helplines []directory.Helpline
}

// Trouble is feedback that could not be taken, with what was typed.
type Trouble struct{ Field, Text, Word, Kind, Contact string }

// translationNotice says how good the texts are for who reads the page in this language.
type translationNotice struct {
	Missing  string // the language shown instead, "" when none is missing
	Partly   bool   // only some parts are missing
	Outdated bool
	Machine  bool
}

// siteView is one place with its hours.
type siteView struct {
	directory.Site
	Address string
	Anchor  string
	State   ui.State
	Open    string
	Week    []dayView
	Plain   bool     // every day is the same: day and night
	Ahead   []string // closures that begin soon
}

// dayView is a line of the timetable.
type dayView struct {
	Name, Date string
	Today      bool
	Slots      []slotView
	Unknown    bool
	Closed     bool
	Notes      []string
}

type slotView struct {
	Hours       string
	Appointment bool
	Note        string
}

// price is one cost option in words.
type price struct{ Text, Amount string }

// source is who else keeps an entry that is fetched from them.
type source struct {
	Host, On string // On "" when it is not known
	Href     templ.SafeURL
}

func (s source) said(ctx context.Context) string {
	if s.On == "" {
		return ui.T(ctx, "service.source", "source", s.Host)
	}
	return ui.T(ctx, "service.source_on", "source", s.Host, "date", s.On)
}

// sourceOf tells readers whom else to tell of a mistake; without it the page is good all the same.
func (p *pages) sourceOf(ctx context.Context, service string) source {
	if p.Census == nil {
		return source{}
	}
	feed, found, err := p.Census.FeedOf(ctx, service)
	if err != nil {
		p.Log.LogAttrs(ctx, slog.LevelWarn, "the source of a service could not be read", slog.String("service", service), slog.String("error", err.Error()))
	}
	address, bad := url.Parse(feed.Address)
	if err != nil || bad != nil || !found {
		return source{}
	}
	s := source{Host: address.Hostname(), Href: outward(feed.Address)}
	if !feed.At.IsZero() {
		s.On = dateSaid(web.Words(ctx), calendar.DayOf(feed.At, calendar.Rome()))
	}
	return s
}

// verdict says whether one may trust the entry today.
type verdict struct {
	On, By  string
	Overdue bool
}

func (p *pages) getService(w http.ResponseWriter, r *http.Request) error {
	return p.showService(w, r, Trouble{}, r.URL.Query().Get("thanks"))
}

func (p *pages) showService(w http.ResponseWriter, r *http.Request, trouble Trouble, thanks string) error {
	ctx := r.Context()
	entry, err := p.Directory.Entry(ctx, r.PathValue("id"))
	if err != nil {
		return lost()
	}
	view := p.serviceOf(ctx, entry)
	view.Trouble, view.Thanks = trouble, thanks
	view.Answers = p.answers(&entry)
	view.Source = p.sourceOf(ctx, entry.ID)
	if p.Counter != nil && trouble == (Trouble{}) && thanks == "" {
		p.Counter.Viewed(r.UserAgent(), entry.ID)
	}
	head := ui.Head{
		Title: view.Entry.Name, Description: view.Entry.Card.Summary, Active: "/services", NoIndex: entry.Card.Example, Sensitive: view.Quiet,
		Crumbs: serviceCrumbs(ctx, view),
	}
	if p.SchemaOrg != nil && !view.Quiet {
		head.Extra = p.structured(ctx, entry)
	}
	return p.show(w, r, head, p.servicePage(view))
}

func serviceCrumbs(ctx context.Context, v serviceView) []ui.Link {
	if len(v.Needs) == 0 || v.Quiet {
		return []ui.Link{{Text: ui.T(ctx, "menu.services"), Href: web.Path(ctx, "/services")}, {Text: v.Entry.Name}}
	}
	return []ui.Link{{Text: v.Needs[0].Name(langOf(ctx)), Href: web.Path(ctx, needPath(v.Needs[0].Code))}, {Text: v.Entry.Name}}
}

// structured is the description for search engines; without it the page is the same to people.
func (p *pages) structured(ctx context.Context, e directory.Entry) templ.Component {
	text, err := p.SchemaOrg(e, langOf(ctx))
	if err != nil {
		p.Log.LogAttrs(ctx, slog.LevelWarn, "a service could not be described for search engines", slog.String("service", e.ID), slog.String("error", err.Error()))
		return nil
	}
	return linkedData(jsonText(text))
}

// serviceOf puts an entry into the language of the page.
func (p *pages) serviceOf(ctx context.Context, entry directory.Entry) serviceView {
	w := web.Words(ctx)
	e, shown := entry.In(w.Lang())
	now := p.now().In(zoneOf(&e))
	v := serviceView{
		Entry: e, Title: shown[directory.GroupTitle].Language, Body: shown[directory.GroupBody].Language, Paper: shown[directory.GroupPractice].Language,
		Notice: noticeOf(shown), For: eligibilitySaid(w, &e), Prices: pricesShown(w, &e, shown[directory.GroupPractice].Language), Quiet: discreet(&e), Chart: chart{Places: []place{}},
		Share: ui.ShareView{Title: e.Name, URL: web.Absolute(ctx, web.Path(ctx, "/services/"+e.ID))},
	}
	v.State, v.Open = openingSaid(w, e.BestOpening(now), now)
	for _, code := range e.Card.Needs {
		if n, ok := need.ByCode(code); ok {
			v.Needs = append(v.Needs, n)
		}
	}
	v.Helplines = directory.HelplinesFor(slices.DeleteFunc(slices.Clone(e.Card.Needs), func(code string) bool { return !need.Urgent(code) })...)
	for i := range e.Sites {
		v.Sites = append(v.Sites, siteOf(w, &e, i, now))
	}
	if len(e.Sites) == 0 {
		v.Sites = []siteView{siteOf(w, &e, 0, now)}
	}
	v.Chart.Places = append(v.Chart.Places, placesOf(&e, e.Name, "")...)
	if p.Tiles == "" {
		v.Chart.Outline = outlineAround(v.Chart.Places)
	}
	if check := e.Verification(); check.On != 0 {
		v.Check = verdict{On: dateSaid(w, check.On), By: check.By}
	}
	v.Check.Overdue = e.Verification().Overdue(calendar.DayOf(now, calendar.Rome()))
	return v
}

func noticeOf(shown map[string]directory.Shown) translationNotice {
	var n translationNotice
	missing := 0
	for _, group := range directory.Groups {
		switch s := shown[group]; s.State {
		case directory.TranslationMissing:
			missing++
			n.Missing = s.Language
		case directory.TranslationOutdated:
			n.Outdated = true
		case directory.TranslationMachine:
			n.Machine = true
		}
	}
	n.Partly = missing > 0 && missing < len(directory.Groups)
	return n
}

// siteOf is a place with its week; for a service without places, the service's own week.
func siteOf(w lang.Words, e *directory.Entry, i int, now time.Time) siteView {
	v := siteView{Anchor: "place-" + strconv.Itoa(i+1)}
	if i < len(e.Sites) {
		v.Site = e.Sites[i]
		v.Address = siteAddress(v.Site)
	}
	v.State, v.Open = openingSaid(w, e.Opening(i, now), now)
	v.Week = weekOf(w, e, i, now)
	v.Plain = e.Card.Hours.AlwaysOpen && !slices.ContainsFunc(v.Week, func(d dayView) bool { return len(d.Notes) > 0 || d.Closed })
	v.Ahead = closuresAhead(w, e, calendar.DayOf(now, now.Location()))
	return v
}

// prices are the costs of the entry.
func prices(w lang.Words, e *directory.Entry) []price {
	var list []price
	for _, c := range e.CostOptions {
		one := price{Text: c.Option}
		if c.AmountDescription != "" {
			one.Text = join(one.Text, c.AmountDescription)
		}
		switch {
		case c.Amount == nil:
		case *c.Amount == 0:
			one.Amount = w.Text("service.free")
		case c.Currency == "" || c.Currency == "EUR":
			one.Amount = w.Euro(int(*c.Amount*100 + 0.5))
		default:
			one.Amount = w.Decimal(*c.Amount, 2) + " " + c.Currency
		}
		if one != (price{}) {
			list = append(list, one)
		}
	}
	return list
}

// pricesShown leaves out "free" where the text, in the language of the page, says so itself.
func pricesShown(w lang.Words, e *directory.Entry, language string) []price {
	list := prices(w, e)
	for i := range list {
		if list[i].Text != "" && language == w.Lang() && list[i].Amount == w.Text("service.free") {
			list[i].Amount = ""
		}
	}
	return list
}

func join(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "" || a == b:
		return a
	}
	return a + ". " + b
}

// phones are the numbers of the service, of the place and of its contacts, each once.
func (v serviceView) phones() []hsds.Phone {
	var list []hsds.Phone
	add := func(more []hsds.Phone) {
		for _, one := range more {
			if !slices.ContainsFunc(list, func(have hsds.Phone) bool { return have.Number == one.Number }) {
				list = append(list, one)
			}
		}
	}
	add(v.Entry.Phones)
	for _, s := range v.Entry.Sites {
		add(s.Phones)
		add(s.Location.Phones)
	}
	return list
}

// spoken are the languages of the service and of its places, each once.
func (v serviceView) spoken() []hsds.Language {
	var list []hsds.Language
	add := func(more []hsds.Language) {
		for _, one := range more {
			if one.Code != "" && !slices.ContainsFunc(list, func(have hsds.Language) bool { return have.Code == one.Code }) {
				list = append(list, one)
			}
		}
	}
	add(v.Entry.Languages)
	for _, s := range v.Entry.Sites {
		add(s.Location.Languages)
	}
	return list
}

// geoHref opens the map of the phone (RFC 5870).
func geoHref(s directory.Site) templ.SafeURL {
	if s.Location.Latitude == nil || s.Location.Longitude == nil {
		return ""
	}
	point := strconv.FormatFloat(*s.Location.Latitude, 'f', 5, 64) + "," + strconv.FormatFloat(*s.Location.Longitude, 'f', 5, 64)
	return templ.SafeURL("geo:" + point + "?q=" + url.QueryEscape(point))
}

func mailHref(address string) templ.SafeURL {
	return templ.SafeURL("mailto:" + url.PathEscape(address))
}
