// SPDX-License-Identifier: EUPL-1.2

package rosterweb

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

//go:embed locales
var localeFiles embed.FS

// Locales are the words of the pages.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("rosterweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Deps is what the pages stand on. All are required.
type Deps struct {
	Roster    *roster.UseCases
	Mediation *mediation.UseCases
	Guard     *access.Guard
	Site      *ui.Site
	Clock     func() time.Time
	// Bodies are all bodies, and Members those that take part in the network, by name.
	Bodies  func(ctx context.Context) ([]network.Organization, error)
	Members func(ctx context.Context) ([]network.Member, error)
	// Projects are those of the network, for the activity that a residency is charged to.
	Projects func(ctx context.Context) ([]network.Project, error)
	// Name is what an account is called.
	Name func(ctx context.Context, account string) string
}

// Pages are the pages, for what app asks of every room: what waits for somebody.
type Pages struct {
	Deps
	senders *web.Limiter // of forms, also of those that come back with mistakes
	taken   *web.Limiter // of applications that were taken: several people may sit in one office
	bytes   *web.Limiter // of papers, a day
	readers *web.Limiter // of open data
}

// Paths of the pages.
const (
	base        = "/office/mediation"
	filePath    = base + "/files/"
	windowPath  = base + "/windows"
	importPath  = base + "/imports"
	applicants  = base + "/applicants"
	residencies = base + "/residencies"
	postings    = base + "/postings"
	publication = base + "/publication"
	rosterPath  = base + "/roster"
)

// OfficeMenu are the entries of the operators' menu.
func OfficeMenu() []ui.OfficeItem {
	return []ui.OfficeItem{
		{Key: "roster.menu.here", Path: base + "/here", Action: "mediation.residency.read", Icon: "pin", Group: ui.GroupMediation},
		{Key: "roster.menu.applicants", Path: applicants, Action: "mediation.application.read", Icon: "inbox", Group: ui.GroupMediation},
		{Key: "roster.menu.postings", Path: postings, Action: "mediation.posting.read", Icon: "team", Group: ui.GroupMediation},
	}
}

// Register puts the pages into the route table.
func Register(rs *web.Routes, d Deps) *Pages {
	p := &Pages{Deps: d, senders: web.NewLimiter(3, 12, d.Clock), taken: web.NewLimiter(1, officeful*anHour, d.Clock), bytes: web.NewLimiter(dailyBytes/(24*60), dailyBytes, d.Clock), readers: web.NewLimiter(30, 60, d.Clock)}
	windows, edit := web.May("mediation.window.read"), web.May("mediation.window.edit")
	read, judge := web.May("mediation.application.read"), web.May("mediation.application.review")
	run, undo := web.May("mediation.import.run"), web.May("mediation.import.undo")
	here, arrange := web.May("mediation.residency.read"), web.May("mediation.residency.edit")
	posted, post := web.May("mediation.posting.read"), web.May("mediation.posting.edit")
	for _, one := range []struct {
		pattern, name string
		rule          web.Rule
		handler       web.Handler
		options       []web.Option
	}{
		{"GET /office/mediation/windows", "roster-windows", windows, p.getWindows, nil},
		{"GET /office/mediation/windows/new", "roster-window-new", edit, p.getWindow, nil},
		{"POST /office/mediation/windows/new", "roster-window-add", edit, p.postWindow, nil},
		{"GET /office/mediation/windows/{id}", "roster-window", windows, p.getWindow, nil},
		{"POST /office/mediation/windows/{id}", "roster-window-save", edit, p.postWindow, nil},
		{"GET /office/mediation/applicants", "roster-applicants", read, p.getApplicants, nil},
		{"GET /office/mediation/files/{id}", "roster-file", read, p.getFile, nil},
		{"POST /office/mediation/files/{id}/points", "roster-judge", judge, p.postPoints, nil},
		{"POST /office/mediation/files/{id}/decide", "roster-decide", web.May("mediation.application.decide"), p.postDecide, nil},
		{"POST /office/mediation/files/{id}/papers", "roster-paper-add", judge, p.postPapers, []web.Option{web.MaxBody(largest)}},
		{"GET /office/mediation/files/{id}/papers/{paper}", "roster-paper", read, p.getPaper, nil},
		{"GET /office/mediation/files/{id}/data", "roster-data", web.May("mediation.roster.export"), p.getData, nil},
		{"GET /office/mediation/files/{id}/erase", "roster-erase-ask", web.May("mediation.roster.delete"), p.getErase, nil},
		{"POST /office/mediation/files/{id}/erase", "roster-erase", web.May("mediation.roster.delete"), p.postErase, nil},
		{"GET /office/mediation/imports", "roster-imports", run, p.getImports, nil},
		{"POST /office/mediation/imports", "roster-import-upload", run, p.postUpload, []web.Option{web.MaxBody(roster.MaxImport + 1<<20)}},
		{"GET /office/mediation/imports/{id}", "roster-import", run, p.getImport, nil},
		{"POST /office/mediation/imports/{id}", "roster-import-options", run, p.postOptions, nil},
		{"POST /office/mediation/imports/{id}/apply", "roster-import-apply", run, p.postApply, nil},
		{"POST /office/mediation/imports/{id}/discard", "roster-import-discard", run, p.postDiscard, nil},
		{"GET /office/mediation/imports/{id}/undo", "roster-import-undo-ask", undo, p.getUndo, nil},
		{"POST /office/mediation/imports/{id}/undo", "roster-import-undo", undo, p.postUndo, nil},
		{"GET /office/mediation/here", "roster-here", here, p.getHere, nil},
		{"GET /office/mediation/residencies", "roster-residencies", here, p.getResidencies, nil},
		{"GET /office/mediation/residencies/new", "roster-residency-new", arrange, p.getResidency, nil},
		{"POST /office/mediation/residencies/new", "roster-residency-add", arrange, p.postResidency, nil},
		{"GET /office/mediation/residencies/{id}", "roster-residency", arrange, p.getResidency, nil},
		{"POST /office/mediation/residencies/{id}", "roster-residency-save", arrange, p.postResidency, nil},
		{"POST /office/mediation/residencies/{id}/end", "roster-residency-end", arrange, p.postEnd, nil},
		{"GET /office/mediation/postings", "roster-postings", posted, p.getPostings, nil},
		{"GET /office/mediation/postings/new", "roster-posting-new", post, p.getPosting, nil},
		{"POST /office/mediation/postings/new", "roster-posting-add", post, p.postPosting, nil},
		{"GET /office/mediation/postings/{id}", "roster-posting", post, p.getPosting, nil},
		{"POST /office/mediation/postings/{id}", "roster-posting-save", post, p.postPosting, nil},
		{"GET /office/mediation/publication", "roster-publication", web.May("mediation.publication.read"), p.getPublication, nil},
		{"POST /office/mediation/publication", "roster-publication-save", web.May("mediation.publication.publish"), p.postPublication, nil},
	} {
		rs.Office(one.pattern, one.name, one.rule, one.handler, one.options...)
	}
	rs.Page("GET /mediators", "mediators", web.Public, p.getPublic)
	rs.Page("GET /mediators/apply/{id}", "mediators-apply", web.Public, p.getApply)
	rs.Page("POST /mediators/apply/{id}", "mediators-apply-send", web.Public, p.postApplication, web.MaxBody(largest))
	rs.Page("GET /mediators/sent", "mediators-sent", web.Public, p.getSent)
	rs.Page("GET /mediators/follow/{secret}", "mediators-follow", web.Link, p.getFollow)
	rs.Page("POST /mediators/follow/{secret}", "mediators-follow-send", web.Link, p.postFollow, web.MaxBody(largest))
	rs.Page("GET /mediation/data", "mediation-own-data", web.May("mediation.roster.export"), p.getOwnData)
	rs.Handle("GET /mediators.csv", "mediators-csv", web.Public, p.getCSV, web.AnyOrigin)
	rs.Handle("GET /mediators.json", "mediators-json", web.Public, p.getJSON, web.AnyOrigin)
	return p
}

// largest is the body of a form with papers.
const largest = roster.MostSent*(5<<20) + 1<<20

// dailyBytes is what papers may come to that one sender sends in a day: several people may sit in one office.
const dailyBytes = 6 * roster.MostBytes

// officeful is how many applications one sender may send at once; after that one comes back in anHour, of
// whose minutes each costs all.
const (
	officeful = 12
	anHour    = 60
)

// Waiting is what waits for an actor: applications, and appeals with the day until which they are answered.
func (p *Pages) Waiting(ctx context.Context, actor access.Actor) ([]ui.Waiting, error) {
	if !p.Guard.May(actor, "mediation.application.read") {
		return nil, nil
	}
	n, err := p.Roster.Waits(ctx, actor)
	if err != nil {
		return nil, err
	}
	w := web.Words(ctx)
	var list []ui.Waiting
	if n.Applications > 0 {
		list = append(list, ui.Waiting{Text: w.Count("roster.waiting.applications", n.Applications), Href: web.Path(ctx, applicants), Count: n.Applications})
	}
	if n.Appeals > 0 {
		list = append(list, ui.Waiting{Text: w.Count("roster.waiting.appeals", n.Appeals), Href: web.Path(ctx, applicants), Count: n.Appeals, Due: n.Due, Level: ui.Warning})
	}
	return list, nil
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, head ui.OfficeHead, body templ.Component) error {
	return web.Render(w, r, status, p.Site.OfficePage(r, head, body))
}

func said(r *http.Request, key string, pairs ...any) string {
	return web.Words(r.Context()).Text(key, pairs...)
}

// bodyNames are the names of all bodies by identifier.
func (p *Pages) bodyNames(ctx context.Context) (map[string]string, error) {
	list, err := p.Bodies(ctx)
	names := make(map[string]string, len(list))
	for _, o := range list {
		names[o.ID] = o.Name
	}
	return names, err
}

// crumbs are the way to a page below the roster.
func crumbs(r *http.Request, links ...ui.Link) []ui.Link {
	ctx := r.Context()
	list := []ui.Link{{Text: web.Words(ctx).Text("mediation.menu.roster"), Href: web.Path(ctx, rosterPath)}}
	return append(list, links...)
}

func link(ctx context.Context, key, path string) ui.Link {
	l := ui.Link{Text: web.Words(ctx).Text(key)}
	if path != "" {
		l.Href = web.Path(ctx, path)
	}
	return l
}

// momentOf writes an instant as the reader does, in Italy.
func momentOf(w lang.Words, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return w.Date(inItaly(at), lang.Short) + " " + w.Time(inItaly(at))
}

// Foot are the links to the pages for everybody.
func Foot() []ui.Item {
	return []ui.Item{{Key: "roster.public.title", Path: "/mediators"}}
}
