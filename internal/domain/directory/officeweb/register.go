// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
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
		panic("officeweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Deps is what the pages stand on. Directory, Verifier, Guard and Site are required.
type Deps struct {
	Directory *directory.UseCases
	Verifier  *directory.Verifier
	Guard     *access.Guard
	Site      *ui.Site
	// Name is what an account is called, for histories; nil shows no names.
	Name func(ctx context.Context, account string) string
	// Origin says to editors where an entry comes from; nil says nothing.
	Origin func(r *http.Request, service string) (templ.Component, error)
	// Conditions puts the structured conditions of an entry into sentences, as the public reads them.
	Conditions func(w lang.Words, e *directory.Entry) []string
	// Tiles is the address of map tiles, TilesBy whom they are from; "" draws the outline.
	Tiles, TilesBy string
	Log            *slog.Logger
}

// Pages are the handlers, and what they tell the home and the search of operators.
type Pages struct {
	Deps
	answers *web.Limiter // to questions, by link
}

// OfficeMenu are the entries of the operators' menu.
func OfficeMenu() []ui.OfficeItem {
	return []ui.OfficeItem{
		{Key: "census.menu.services", Path: "/office/services", Action: "directory.service.list", Icon: "list", Group: ui.GroupCensus},
		{Key: "census.menu.translations", Path: "/office/translations", Action: "directory.translation.edit", Icon: "language", Group: ui.GroupCensus},
		{Key: "census.menu.verification", Path: "/office/verification", Action: "directory.verification.ask", Icon: "verified", Group: ui.GroupCensus},
	}
}

// Register puts the pages into the route table.
func Register(rs *web.Routes, d Deps) *Pages {
	if d.Log == nil {
		d.Log = slog.Default()
	}
	p := &Pages{Deps: d, answers: web.NewLimiter(10, 30, d.Directory.Now)}
	list, edit, translate := web.May("directory.service.list"), web.May("directory.service.edit"), web.May("directory.translation.edit")
	ask := web.May("directory.verification.ask")
	for _, one := range []struct {
		pattern, name string
		rule          web.Rule
		handler       web.Handler
	}{
		{"GET /office/services", "office-services", list, p.getList},
		{"GET /office/services/export", "office-services-export", list, p.getExport},
		{"GET /office/services/new", "office-service-new", web.May("directory.service.create"), p.getNew},
		{"POST /office/services/new", "office-service-create", web.May("directory.service.create"), p.postNew},
		{"POST /office/services/bulk", "office-services-bulk", web.May("directory.service.publish"), p.postBulk},
		{"GET /office/services/rules", "office-service-rules", web.May("directory.rule.edit"), p.getRules},
		{"POST /office/services/rules", "office-service-rules-set", web.May("directory.rule.edit"), p.postRules},
		{"GET /office/services/{id}", "office-service", list, p.getEditor},
		{"POST /office/services/{id}", "office-service-save", edit, p.postEditor},
		{"POST /office/services/{id}/auto", "office-service-autosave", edit, p.postAuto},
		{"POST /office/services/{id}/back", "office-service-back", web.May("directory.service.publish"), p.postBack},
		{"POST /office/services/{id}/discard", "office-service-discard", edit, p.postDiscard},
		{"GET /office/services/{id}/status", "office-service-status", web.May("directory.service.close"), p.getStatus},
		{"POST /office/services/{id}/status", "office-service-close", web.May("directory.service.close"), p.postStatus},
		{"GET /office/services/{id}/history", "office-service-history", web.May("directory.service.history"), p.getHistory},
		{"POST /office/services/{id}/restore", "office-service-restore", edit, p.postRestore},
		{"GET /office/services/{id}/translations", "office-service-translations", translate, p.getLanguages},
		{"GET /office/services/{id}/translations/{language}", "office-service-translation", translate, p.getSheet},
		{"POST /office/services/{id}/translations/{language}", "office-service-translate", translate, p.postSheet},
		{"GET /office/services/{id}/verification", "office-service-verification", ask, p.getQuestion},
		{"POST /office/services/{id}/verification", "office-service-verify", ask, p.postQuestion},
		{"GET /office/translations", "office-translations", translate, p.getTranslations},
		{"GET /office/verification", "office-verification", ask, p.getStale},
	} {
		rs.Office(one.pattern, one.name, one.rule, one.handler)
	}
	rs.Page("GET /verify/{token}", "confirm-entry", web.Link, p.getLink)
	rs.Page("POST /verify/{token}", "confirm-entry-answer", web.Link, p.postLink)
	return p
}

// Waiting is what waits for an actor in the census.
func (p *Pages) Waiting(ctx context.Context, actor access.Actor) ([]ui.Waiting, error) {
	var list []ui.Waiting
	w := web.Words(ctx)
	add := func(action, key, href string, level ui.Level, f directory.SummaryFilter) error {
		if !p.Guard.May(actor, action) {
			return nil
		}
		f.Size = 1
		_, n, err := p.Directory.Summaries(ctx, actor, f)
		if err == nil && n > 0 {
			list = append(list, ui.Waiting{Text: w.Count(key, n), Href: web.Path(ctx, href), Count: n, Level: level})
		}
		return err
	}
	for _, one := range []struct {
		action, key, href string
		level             ui.Level
		filter            directory.SummaryFilter
	}{
		{"directory.service.publish", "census.waiting.review", "/office/services?state=review", ui.Warning, directory.SummaryFilter{State: directory.DraftReview}},
		{"directory.verification.ask", "census.waiting.overdue", "/office/verification", ui.Danger, directory.SummaryFilter{Due: "overdue"}},
		{"directory.service.edit", "census.waiting.drafts", "/office/services?state=draft", ui.Info, directory.SummaryFilter{State: directory.DraftOpen}},
	} {
		if err := add(one.action, one.key, one.href, one.level, one.filter); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Find searches the services that an actor may edit or translate.
func (p *Pages) Find(ctx context.Context, actor access.Actor, query string, n int) ([]ui.Hit, error) {
	if !p.Guard.May(actor, "directory.service.list") {
		return nil, nil
	}
	found, _, err := p.Directory.Summaries(ctx, actor, directory.SummaryFilter{Query: query, Size: n})
	hits := make([]ui.Hit, len(found))
	for i, m := range found {
		hits[i] = ui.Hit{Kind: "census.hit", Icon: "document", Title: m.Name, Lang: "it", Text: m.BodyName, Href: web.Path(ctx, "/office/services/"+m.ID), Badge: stateBadge(web.Words(ctx), m)}
	}
	return hits, err
}

// now is the time of the directory in Italy.
func (p *Pages) now() time.Time { return p.Directory.Now().In(calendar.Rome()) }

// show renders a page of operators.
func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, head ui.OfficeHead, body templ.Component) error {
	return web.Render(w, r, status, p.Site.OfficePage(r, head, body))
}

// may says whether a button is worth showing: the use case still decides.
func (p *Pages) may(r *http.Request, action string) bool {
	return p.Guard.May(access.From(r.Context()), action)
}

// who is the name of an account.
func (p *Pages) who(ctx context.Context, account string) string {
	if account == "" || p.Name == nil {
		return ""
	}
	return p.Name(ctx, account)
}

func path(ctx context.Context, parts ...string) string {
	whole := "/office/services"
	for _, part := range parts {
		whole += "/" + part
	}
	return web.Path(ctx, whole)
}

func text(r *http.Request, key string, pairs ...any) string {
	return web.Words(r.Context()).Text(key, pairs...)
}
