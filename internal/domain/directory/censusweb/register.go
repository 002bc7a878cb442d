// SPDX-License-Identifier: EUPL-1.2

package censusweb

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
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
		panic("censusweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Deps is what the pages stand on. All but Name are required.
type Deps struct {
	Census    *census.UseCases
	Directory *directory.UseCases
	Finder    *directory.Finder
	Guard     *access.Guard
	Site      *ui.Site
	// Name is what an account is called; nil shows no names.
	Name func(ctx context.Context, account string) string
	// Label is what editors call a field of the card, by its path; "" for one that is not shown.
	Label func(w lang.Words, path string) string
}

type pages struct{ Deps }

// OfficeMenu are the entries of the operators' menu.
func OfficeMenu() []ui.OfficeItem {
	return []ui.OfficeItem{
		{Key: "inbox.menu", Path: "/office/feedback", Action: "directory.feedback.read", Icon: "comment", Group: ui.GroupCensus},
		{Key: "lack.menu", Path: "/office/missed", Action: "directory.missed.read", Icon: "search", Group: ui.GroupCensus},
		{Key: "intake.menu", Path: "/office/import", Action: "directory.import.run", Icon: "upload", Group: ui.GroupCensus},
		{Key: "field.menu", Path: "/office/field", Action: "directory.field.report", Icon: "pin", Group: ui.GroupCensus},
		{Key: "share.menu", Path: "/office/share", Action: "directory.widget.edit", Icon: "qr", Group: ui.GroupCensus},
	}
}

// Register puts the pages into the route table.
func Register(rs *web.Routes, d Deps) *Pages {
	p := &Pages{pages{d}}
	read, answer := web.May("directory.feedback.read"), web.May("directory.feedback.answer")
	lacks, run, fetch := web.May("directory.missed.read"), web.May("directory.import.run"), web.May("directory.dataset.edit")
	for _, one := range []struct {
		pattern, name string
		rule          web.Rule
		handler       web.Handler
	}{
		{"GET /office/feedback", "office-feedback", read, p.getInbox},
		{"GET /office/feedback/{id}", "office-feedback-one", read, p.getFeedback},
		{"POST /office/feedback/{id}", "office-feedback-answer", answer, p.postAnswer},
		{"POST /office/feedback/{id}/take", "office-feedback-take", answer, p.postTake},
		{"GET /office/missed", "office-missed", lacks, p.getLacks},
		{"POST /office/missed/{id}", "office-missed-decide", web.May("directory.missed.decide"), p.postLack},
		{"GET /office/import", "office-import", run, p.getImports},
		{"GET /office/import/template", "office-import-template", run, p.getTemplate},
		{"GET /office/import/{id}", "office-import-one", run, p.getImport},
		{"POST /office/import/{id}", "office-import-options", run, p.postOptions},
		{"POST /office/import/{id}/apply", "office-import-apply", run, p.postApply},
		{"POST /office/import/{id}/discard", "office-import-discard", run, p.postDiscard},
		{"GET /office/import/{id}/undo", "office-import-undo-ask", web.May("directory.import.undo"), p.getUndo},
		{"POST /office/import/{id}/undo", "office-import-undo", web.May("directory.import.undo"), p.postUndo},
		{"GET /office/conflicts", "office-conflicts", web.May("directory.service.publish"), p.getConflicts},
		{"GET /office/conflicts/{id}", "office-conflict", web.May("directory.service.publish"), p.getConflict},
		{"POST /office/conflicts/{id}", "office-conflict-choose", web.May("directory.service.publish"), p.postConflict},
		{"GET /office/datasets", "office-datasets", fetch, p.getDatasets},
		{"GET /office/datasets/edit", "office-dataset", fetch, p.getDataset},
		{"POST /office/datasets/edit", "office-dataset-save", fetch, p.postDataset},
		{"POST /office/datasets/fetch", "office-dataset-fetch", fetch, p.postFetch},
	} {
		rs.Office(one.pattern, one.name, one.rule, one.handler)
	}
	bring, see, review, share := web.May("directory.field.report"), web.May("directory.field.read"), web.May("directory.field.review"), web.May("directory.widget.edit")
	rs.Office("GET /office/field", "office-field", see, p.getFields)
	rs.Office("GET /office/field/new", "office-field-new", bring, p.getFieldForm)
	rs.Office("POST /office/field", "office-field-bring", bring, p.postField, web.MaxBody(census.Photographs.Bytes+1<<20))
	rs.Office("GET /office/field/{id}", "office-field-one", see, p.getField)
	rs.Office("GET /office/field/{id}/photo", "office-field-photo", see, p.getFieldPhoto)
	rs.Office("POST /office/field/{id}/adopt", "office-field-adopt", review, p.postFieldAdopt)
	rs.Office("POST /office/field/{id}/drop", "office-field-drop", review, p.postFieldDrop)
	rs.Office("GET /office/share", "office-share", share, p.getShare)
	rs.Office("POST /office/share", "office-share-save", share, p.postShare)
	rs.Handle("GET /field-worker.js", "field-worker", web.Public, p.getFieldWorker)
	rs.Page("GET /widget/{body}", "widget", web.Public, p.getWidget)
	rs.Page("GET /poster", "poster", web.Public, p.getPoster)
	rs.Handle("GET /poster.svg", "poster-code", web.Public, p.getPosterCode)
	rs.Office("POST /office/import", "office-import-upload", run, p.postUpload, web.MaxBody(census.MaxUpload+1<<20))
	return p
}

// Pages are the pages, for what app asks of every room: what waits for somebody.
type Pages struct{ pages }

// Waiting is what waits for an actor in the running of the census.
func (p *Pages) Waiting(ctx context.Context, actor access.Actor) ([]ui.Waiting, error) {
	var list []ui.Waiting
	w := web.Words(ctx)
	if p.Guard.May(actor, "directory.feedback.answer") {
		_, _, fresh, err := p.Census.Inbox(ctx, actor, census.FeedbackSelection{Size: 1})
		if err != nil {
			return nil, err
		}
		if fresh > 0 {
			list = append(list, ui.Waiting{Text: w.Count("inbox.waiting", fresh), Href: web.Path(ctx, "/office/feedback?status=new"), Count: fresh, Level: ui.Warning})
		}
	}
	feeds, err := p.waitingOfFeeds(ctx, actor)
	return append(list, feeds...), err
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, status int, head ui.OfficeHead, body templ.Component) error {
	return web.Render(w, r, status, p.Site.OfficePage(r, head, body))
}

func (p *pages) name(ctx context.Context, account string) string {
	if account == "" || p.Name == nil {
		return ""
	}
	return p.Name(ctx, account)
}

func (p *pages) may(r *http.Request, action string) bool {
	return p.Guard.May(access.From(r.Context()), action)
}

func said(r *http.Request, key string, pairs ...any) string {
	return web.Words(r.Context()).Text(key, pairs...)
}

// dayOf writes an ISO day as the reader does.
func dayOf(w lang.Words, iso string) string {
	day, err := calendar.ParseDay(iso)
	if err != nil || day == 0 {
		return iso
	}
	year, month, date := day.Date()
	return w.Date(time.Date(year, month, date, 12, 0, 0, 0, time.UTC), lang.Short)
}

// momentOf writes an instant as the reader does, in Italy.
func momentOf(w lang.Words, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	at = at.In(calendar.Rome())
	return w.Date(at, lang.Short) + " " + w.Time(at)
}
