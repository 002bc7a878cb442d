// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
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
		panic("mediationweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Deps is what the pages stand on. All are required.
type Deps struct {
	Mediation *mediation.UseCases
	Guard     *access.Guard
	Site      *ui.Site
	Clock     func() time.Time
	// After is what became of the bookings of a request, for its page; nil while nothing did.
	After func(r *http.Request, request string) (templ.Component, error)
}

// Pages are the pages, for what app asks of every room: what waits for somebody.
type Pages struct{ Deps }

// OfficeMenu are the entries of the operators' menu.
func OfficeMenu() []ui.OfficeItem {
	return []ui.OfficeItem{
		{Key: "mediation.menu.own", Path: "/mediation", Action: "mediation.agenda.read", Icon: "calendar", Group: ui.GroupMediation},
		{Key: "mediation.menu.call", Path: "/office/mediation/call", Action: "mediation.request.create", Icon: "phone", Group: ui.GroupMediation},
		{Key: "mediation.menu.ask", Path: "/office/mediation/book", Action: "mediation.request.create", Icon: "calendar", Group: ui.GroupMediation},
		{Key: "mediation.menu.requests", Path: "/office/mediation/requests", Action: "mediation.request.read", Icon: "list", Group: ui.GroupMediation},
		{Key: "mediation.menu.meetings", Path: "/office/mediation/meetings", Action: "mediation.meeting.read", Icon: "people", Group: ui.GroupMediation},
		{Key: "mediation.menu.plan", Path: planPath, Action: "mediation.plan.read", Icon: "chart", Group: ui.GroupMediation},
		{Key: "mediation.menu.roster", Path: "/office/mediation/roster", Action: "mediation.roster.read", Icon: "user", Group: ui.GroupMediation},
		{Key: "mediation.menu.rules", Path: rulesPath, Action: "mediation.rule.read", Icon: "settings", Group: ui.GroupMediation},
	}
}

// Register puts the pages into the route table.
func Register(rs *web.Routes, d Deps) *Pages {
	p := &Pages{d}
	create, read := web.May("mediation.request.create"), web.May("mediation.request.read")
	for _, one := range []struct {
		pattern, name string
		rule          web.Rule
		handler       web.Handler
	}{
		{"GET /office/mediation/call", "mediation-call", create, p.getCall},
		{"POST /office/mediation/call", "mediation-call-send", create, p.postCall},
		{"GET /office/mediation/book", "mediation-book", create, p.getBook},
		{"POST /office/mediation/book", "mediation-book-send", create, p.postBook},
		{"GET /office/mediation/requests", "mediation-requests", read, p.getRequests},
		{"GET /office/mediation/requests/{id}", "mediation-request", read, p.getRequest},
		{"GET /office/mediation/requests/{id}/live", "mediation-request-live", web.May("mediation.request.edit"), p.getLive},
		{"GET /office/mediation/requests/{id}/phones", "mediation-request-phones", web.May("mediation.choice.explain"), p.getPhones},
		{"POST /office/mediation/requests/{id}/phones", "mediation-request-phoned", web.May("mediation.choice.explain"), p.postPhones},
		{"POST /office/mediation/requests/{id}/cancel", "mediation-request-cancel", web.May("mediation.request.cancel"), p.postCancel},
		{"POST /office/mediation/requests/{id}/move", "mediation-request-move", web.May("mediation.request.edit"), p.postMove},
		{"POST /office/mediation/requests/{id}/proposal", "mediation-request-proposal", web.May("mediation.request.edit"), p.postProposal},
		{"GET /office/mediation/meetings", "mediation-meetings", web.May("mediation.meeting.read"), p.getMeetings},
		{"GET /office/mediation/plan", "mediation-plan", web.May("mediation.plan.read"), p.getPlan},
		{"POST /office/mediation/plan", "mediation-plan-book", web.May("mediation.plan.share"), p.postPlan},
		{"GET /office/mediation/roster", "mediation-roster", web.May("mediation.roster.read"), p.getRoster},
		{"GET /office/mediation/roster/new", "mediation-roster-new", web.May("mediation.roster.edit"), p.getMediatorForm},
		{"POST /office/mediation/roster/new", "mediation-roster-add", web.May("mediation.roster.edit"), p.postMediator},
		{"GET /office/mediation/roster/{id}", "mediation-mediator", web.May("mediation.roster.read"), p.getMediator},
		{"GET /office/mediation/roster/{id}/edit", "mediation-mediator-edit", web.May("mediation.roster.edit"), p.getMediatorForm},
		{"POST /office/mediation/roster/{id}/edit", "mediation-mediator-save", web.May("mediation.roster.edit"), p.postMediator},
		{"GET /office/mediation/rules", "mediation-rules", web.May("mediation.rule.read"), p.getRules},
		{"POST /office/mediation/rules", "mediation-rules-save", web.May("mediation.rule.edit"), p.postRules},
	} {
		rs.Office(one.pattern, one.name, one.rule, one.handler)
	}
	rs.Page("GET /mediation/answer/{secret}", "mediation-answer", web.Link, p.getAnswer)
	rs.Page("POST /mediation/answer/{secret}", "mediation-answer-send", web.Link, p.postAnswer)
	own := web.May("mediation.hours.edit")
	rs.Page("GET /mediation", "mediation-own", web.May("mediation.agenda.read"), p.getOwn)
	rs.Page("GET /mediation/today", "mediation-today", web.May("mediation.agenda.read"), p.getToday)
	rs.Handle("GET /agenda-worker.js", "agenda-worker", web.Public, p.getAgendaWorker)
	rs.Page("POST /mediation/answer/{kind}/{id}", "mediation-own-answer", web.May("mediation.request.answer"), p.postOwnAnswer)
	rs.Page("POST /mediation/available", "mediation-own-available", own, p.postAvailable)
	rs.Page("POST /mediation/off", "mediation-own-off", own, p.postOff)
	rs.Page("POST /mediation/hours", "mediation-own-hours", own, p.postHours)
	p.registerAPI(rs)
	return p
}

// Waiting is what waits for an actor: requests that nobody has yet, and that begin within two days.
func (p *Pages) Waiting(ctx context.Context, actor access.Actor) ([]ui.Waiting, error) {
	if !p.Guard.May(actor, "mediation.request.edit") {
		return nil, nil
	}
	now := p.Clock()
	_, open, err := p.Mediation.Requests(ctx, actor, mediation.RequestQuery{State: mediation.Open, From: now, To: now.AddDate(0, 0, 2), Size: 1})
	if err != nil {
		return nil, err
	}
	_, proposed, err := p.Mediation.Requests(ctx, actor, mediation.RequestQuery{Proposed: true, Size: 1})
	if err != nil {
		return nil, err
	}
	var list []ui.Waiting
	if open > 0 {
		list = append(list, ui.Waiting{Text: web.Words(ctx).Count("mediation.waiting", open), Href: web.Path(ctx, "/office/mediation/requests?state=open"), Count: open, Level: ui.Warning})
	}
	if proposed > 0 {
		list = append(list, ui.Waiting{Text: web.Words(ctx).Count("mediation.waiting.proposals", proposed), Href: web.Path(ctx, "/office/mediation/requests?state=proposed"), Count: proposed, Level: ui.Info})
	}
	if p.Guard.May(actor, "mediation.plan.share") {
		_, planned, err := p.Mediation.Requests(ctx, actor, mediation.RequestQuery{State: mediation.Open, Kind: mediation.Scheduled, Waits: true, From: now, Size: 1})
		if err != nil {
			return nil, err
		}
		if planned > 0 {
			list = append(list, ui.Waiting{Text: web.Words(ctx).Count("mediation.waiting.plan", planned), Href: web.Path(ctx, planPath), Count: planned, Level: ui.Info})
		}
	}
	return list, nil
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, head ui.OfficeHead, body templ.Component) error {
	return web.Render(w, r, status, p.Site.OfficePage(r, head, body))
}

func said(r *http.Request, key string, pairs ...any) string {
	return web.Words(r.Context()).Text(key, pairs...)
}

// momentOf writes an instant as the reader does, in Italy.
func momentOf(w lang.Words, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	at = at.In(calendar.Rome())
	return w.Date(at, lang.Short) + " " + w.Time(at)
}

// slotOf writes a slot as the reader does: the day once.
func slotOf(w lang.Words, s mediation.Slot) string {
	from, to := s.Start.In(calendar.Rome()), s.End.In(calendar.Rome())
	return w.Date(from, lang.Short) + " " + w.Time(from) + "–" + w.Time(to)
}
