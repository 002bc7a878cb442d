// SPDX-License-Identifier: EUPL-1.2

package ui

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
)

//go:embed locales
var localeFiles embed.FS

// Locales are the words of the layout, the components and the faults.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("ui: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Name is what the program is called, and the site of a network that has given itself no name.
const Name = "Approdo"

// Site is what all pages of one network share. Fill it once at start; read only then.
type Site struct {
	Called     func(context.Context) string // the name that the network has given itself now; nil is Name
	Network    string                       // "Rete dimostrativa"; shown in the slim header and the footer, when nothing is Called
	NetworkURL string                       // where the network presents itself; "" shows the name alone
	Demo       bool                         // a banner on every page says that all entries are examples
	ExitURL    string                       // where quick exit leads; "" is our own neutral page
	Menu       []Item                       // main navigation
	Foot       []Item                       // more links for the footer, beside accessibility, privacy, open data
	SourceURL  string                       // where the source code is; "" hides the link
	Manifest   string                       // address of the web app manifest; "" for none

	// Frame says who looks at a page of operators; nil is nobody.
	Frame func(*http.Request) Frame
}

// Item is one entry of a menu: a key of the catalogue and a path without language.
type Item struct {
	Key  string
	Path string
	Icon string
	Raw  bool // Path is whole already (an address outside the languages, like /open-data.json)
}

// Link is a text with an address.
type Link struct {
	Text string
	Href string // "" for the page one is on
}

// Head is what one page says of itself.
type Head struct {
	Title       string          // without the name of the site
	Description string          // one sentence for search engines and social cards
	Crumbs      []Link          // from below the start page to this page; the last has no Href
	Active      string          // Path of the menu entry to mark
	NoIndex     bool            // keep search engines away: results, forms, errors
	Sensitive   bool            // about violence: no index, no social card, nothing kept on the phone, no telling title. Call web.NoStore too.
	Image       string          // path of a picture for social cards
	Styles      []string        // more static files, "map.css"
	Scripts     []string        // more static files, "map.js"
	Extra       templ.Component // more of <head>: structured data, rel=next
	Wide        bool            // use the whole width of a large screen (list beside map)
	Home        bool            // the start page: the title is the name of the site, no way back to itself
}

// page is all that the layout needs.
type page struct {
	*Site
	name string // of the site
	Head
	words      lang.Words
	here       web.Place
	alternates []web.Alternate
	canonical  string
	origin     string
	body       templ.Component
}

// Page puts body into the layout, in the language of the request.
func (s *Site) Page(r *http.Request, head Head, body templ.Component) templ.Component {
	ctx := r.Context()
	here := web.Here(ctx)
	if head.Sensitive {
		// Both stay where others read them: in the history of the phone, its list of open pages, in
		// the preview of a link that was sent.
		head.Title, head.Description = "", ""
	}
	return layout(page{
		Site: s, name: s.NameIn(ctx), Head: head, words: web.Words(ctx), here: here, body: body,
		alternates: web.Localized(here.Path, here.Query),
		canonical:  web.Absolute(ctx, web.Path(ctx, here.Path)), origin: web.Absolute(ctx, ""),
	})
}

func (p page) title() string {
	if p.Home || p.Title == "" {
		return p.name + " · " + p.words.Text("layout.tagline")
	}
	return p.Title + " · " + p.name
}

// NameIn is what the site is called now, the same in every language.
func (s *Site) NameIn(ctx context.Context) string {
	if s.Called != nil {
		return s.Called(ctx)
	}
	return Name
}

// network is whose site it is.
func (s *Site) network(ctx context.Context) string {
	if s.Called != nil {
		return s.Called(ctx)
	}
	return s.Network
}

func (p page) exitURL() templ.SafeURL {
	if p.ExitURL != "" {
		return templ.URL(p.ExitURL)
	}
	return templ.SafeURL("/" + p.words.Lang() + "/exit")
}

func (p page) stylesheet() string {
	if p.words.Dir() == "rtl" {
		return web.Asset("site.rtl.css")
	}
	return web.Asset("site.css")
}

// latin says whether the fonts we send serve this language; the others use what
// the phone has, since their fonts are larger than the page.
func (p page) latin() bool {
	switch p.words.Lang() {
	case "it", "en", "fr", "es", "sq":
		return true
	}
	return false
}

func (p page) href(item Item) templ.SafeURL {
	if item.Raw {
		return templ.URL(item.Path)
	}
	return templ.SafeURL("/" + p.words.Lang() + item.Path)
}

// ErrorPage fits web.Options.
func (s *Site) ErrorPage(r *http.Request, problem web.Problem) templ.Component {
	if inOffice(web.Here(r.Context()).Path) && s.Frame != nil && s.Frame(r).Known() {
		return s.OfficePage(r, OfficeHead{Title: problem.Title}, officeError(problem))
	}
	return s.Page(r, Head{Title: problem.Title, NoIndex: true}, errorBody(problem))
}

// Exit is the page that quick exit leads to when no other is set: a plain calendar
// of the month that shows neither the name of the site nor what it is for. Register
// it as page "GET /exit".
func (s *Site) Exit(clock func() time.Time) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		web.NoStore(w)
		return web.Render(w, r, http.StatusOK, neutralPage(monthOf(web.Words(r.Context()), clock())))
	}
}

// month is a calendar sheet: weeks of seven days, 0 where the month has none.
type month struct {
	words lang.Words
	title string
	today int
	days  []time.Weekday
	weeks [][7]int
}

func monthOf(words lang.Words, now time.Time) month {
	m := month{words: words, title: words.MonthYear(now), today: now.Day()}
	for i := range 7 {
		m.days = append(m.days, time.Weekday((i+1)%7)) // weeks begin on Monday in Italy
	}
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	column := (int(first.Weekday()) + 6) % 7
	week := [7]int{}
	for d := 1; d <= last; d++ {
		week[column] = d
		if column++; column == 7 || d == last {
			m.weeks = append(m.weeks, week)
			week, column = [7]int{}, 0
		}
	}
	return m
}

// T is the text of a key in the language of the page, for templates.
func T(ctx context.Context, key string, pairs ...any) string {
	return web.Words(ctx).Text(key, pairs...)
}

// N is the text of a key for n things.
func N(ctx context.Context, key string, n int, pairs ...any) string {
	return web.Words(ctx).Count(key, n, pairs...)
}

// Href puts the language of the page before a path of ours.
func Href(ctx context.Context, path string) templ.SafeURL {
	return templ.SafeURL(web.Path(ctx, path))
}
