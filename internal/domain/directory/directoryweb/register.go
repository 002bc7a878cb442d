// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"context"
	"embed"
	"io"
	"io/fs"
	"log/slog"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

//go:embed locales/*.json
var localeFiles embed.FS

// Locales are the words of the pages.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("directoryweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// PDF prints one of our own pages. The address is a path with its query ("/it/shortlist?ids=…"):
// the printer knows at which host this program listens, so that nobody can make it print another.
type PDF interface {
	Print(ctx context.Context, path string) ([]byte, error)
}

// Format is a download of the open data page.
type Format struct {
	Name string // key of the catalogue: "open_data.format." + Name
	File string // "approdo-hsds.json"; served under /open-data/
	Type string // media type
	// Write writes the whole public directory.
	Write func(ctx context.Context, w io.Writer) error
}

// Deps is what the pages stand on. Directory, Finder and Site are required.
type Deps struct {
	Directory *directory.UseCases
	Finder    *directory.Finder
	Site      *ui.Site
	// Projects lists the projects of the network, for the map of the site; nil leaves them out.
	Projects func(context.Context) ([]network.Project, error)
	// Formats are the downloads of the open data.
	Formats []Format
	// SchemaOrg describes an entry for search engines (JSON-LD); nil leaves it out.
	SchemaOrg func(e directory.Entry, language string) ([]byte, error)
	// PDF is nil where no printer is installed: then the page says how to print.
	PDF PDF
	// Tiles is the address of map tiles ("https://…/{z}/{x}/{y}.png"), TilesBy whom they are from.
	// Without tiles places are shown on the outline of the region.
	Tiles, TilesBy string
	// Contact is the mail address for feedback on accessibility and privacy; "" leaves it out.
	Contact string
	// Feedback is where people say what is not accessible; without a path there is no such page.
	Feedback ui.Item
	// Key hashes the words of searches that found nothing; nil takes a new one at every start.
	Key []byte
	// Census takes feedback with a way back and knows how much the site is used; nil does without.
	Census *census.UseCases
	// Counter counts use; nil counts nothing.
	Counter *census.Counter
	// Log hears of what went wrong beside a page that could still be shown.
	Log *slog.Logger
}

// pages are the handlers.
type pages struct {
	Deps
	words   *lang.Catalogue // ours alone, for sheets and copies in other languages than the page's
	missed  *directory.Missed
	voices  *web.Limiter // feedback
	misses  *web.Limiter // searches that found nothing
	large   *web.Limiter // what costs the server much: PDFs, downloads, copies
	tallies tallies
}

// Menu and Foot are the entries of the main navigation and of the footer.
func Menu() []ui.Item {
	return []ui.Item{
		{Key: "menu.services", Path: "/services", Icon: "search"},
		{Key: "menu.needs", Path: "/needs", Icon: "list"},
		{Key: "menu.territories", Path: "/territories", Icon: "pin"},
		{Key: "menu.shortlist", Path: "/shortlist", Icon: "star"},
		{Key: "menu.offline", Path: "/offline", Icon: "offline"},
	}
}

// Foot is what the footer has beside accessibility, privacy and open data.
func Foot() []ui.Item {
	return []ui.Item{
		{Key: "menu.statistics", Path: "/statistics"},
	}
}

// Manifest is the address of the web app manifest, for ui.Site.
const Manifest = "/manifest.webmanifest"

// Register puts the public site into the route table.
func Register(rs *web.Routes, d Deps) {
	if d.Log == nil {
		d.Log = slog.Default()
	}
	words, err := lang.Open(Locales())
	if err != nil {
		panic("directoryweb: " + err.Error()) // embedded, and checked by tests
	}
	p := &pages{Deps: d, words: words, missed: directory.NewMissed(d.Directory, d.Key), voices: web.NewLimiter(6, 12, d.Directory.Now),
		misses: web.NewLimiter(6, 12, d.Directory.Now), large: web.NewLimiter(30, 60, d.Directory.Now)}
	p.tallies.directory = d.Directory
	for _, one := range []struct {
		pattern, name string
		handler       web.Handler
	}{
		{"GET /{$}", "home", p.getHome},
		{"GET /services", "results", p.getResults},
		{"GET /services/{id}", "service", p.getService},
		{"POST /services/{id}/clear", "service-clear", p.postClear},
		{"POST /services/{id}/mistake", "service-mistake", p.postMistake},
		{"GET /services/{id}/qr.svg", "service-qr", p.getServiceCode},
		{"GET /needs", "needs", p.getNeeds},
		{"GET /needs/{code}", "need", p.getNeed},
		{"GET /territories", "territories", p.getTerritories},
		{"GET /territories/{ref}", "territory", p.getTerritory},
		{"GET /shortlist", "shortlist", p.getShortlist},
		{"GET /shortlist.pdf", "shortlist-pdf", p.getShortlistPDF},
		{"GET /shortlist/qr.svg", "shortlist-qr", p.getShortlistCode},
		{"GET /statistics", "statistics", p.getStatistics},
		{"GET /open-data", "open-data", p.getOpenData},
		{"GET /privacy", "privacy", p.getPrivacy},
		{"GET /accessibility", "accessibility", p.getAccessibility},
		{"GET /offline", "offline", p.getOffline},
		{"GET /exit", "exit", d.Site.Exit(d.Directory.Now)},
	} {
		rs.Page(one.pattern, one.name, web.Public, one.handler)
	}
	if d.Census != nil {
		rs.Page("GET "+census.ReportPath+"{link}", "report", web.Link, p.getReport)
	}
	rs.Handle("GET /open-data/{file}", "open-data-file", web.Public, p.getDownload, web.AnyOrigin)
	rs.Handle("GET /offline/{file}", "offline-pack", web.Public, p.getPack)
	rs.Handle("GET /sw.js", "service-worker", web.Public, p.getWorker)
	rs.Handle("GET "+Manifest, "manifest", web.Public, p.getManifest)
	rs.Handle("GET /robots.txt", "robots", web.Public, p.getRobots)
	rs.Handle("GET /sitemap.xml", "sitemap", web.Public, p.getSitemap)
	rs.Handle("GET /sitemap/{file}", "sitemap-part", web.Public, p.getSitemapPart)
}

// now is the time of the directory in Italy.
func (p *pages) now() time.Time { return p.Directory.Now().In(calendar.Rome()) }
