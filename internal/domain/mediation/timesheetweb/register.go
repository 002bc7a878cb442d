// SPDX-License-Identifier: EUPL-1.2

package timesheetweb

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

//go:embed locales
var localeFiles embed.FS

// Locales are the words of the pages.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("timesheetweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Deps is what the pages stand on. All are required.
type Deps struct {
	Timesheet *timesheet.UseCases
	Guard     *access.Guard
	Site      *ui.Site
	Clock     func() time.Time
}

// Pages are the pages, for what app asks of every room: what waits for somebody.
type Pages struct{ Deps }

const (
	sessionsPath = "/office/mediation/sessions"
	sheetsPath   = "/office/mediation/timesheets"
	budgetsPath  = "/office/mediation/budgets"
	ownPath      = "/mediation/work"
)

// OfficeMenu are the entries of the operators' menu.
func OfficeMenu() []ui.OfficeItem {
	return []ui.OfficeItem{
		{Key: "session.menu.sessions", Path: sessionsPath, Action: "mediation.session.read", Icon: "check-circle", Group: ui.GroupMediation},
		{Key: "session.menu.sheets", Path: sheetsPath, Action: "mediation.timesheet.read", Icon: "document", Group: ui.GroupMediation},
		{Key: "session.menu.budgets", Path: budgetsPath, Action: "mediation.budget.read", Icon: "list", Group: ui.GroupMediation},
	}
}

// receiptsBody is the largest form with receipts.
const receiptsBody = 32 << 20

// Register puts the pages into the route table.
func Register(rs *web.Routes, d Deps) *Pages {
	p := &Pages{d}
	read, countersign := web.May("mediation.session.read"), web.May("mediation.session.countersign")
	approve, sheet := web.May("mediation.timesheet.approve"), web.May("mediation.timesheet.read")
	one := sessionsPath + "/{id}"
	rs.Office("GET "+sessionsPath, "mediation-sessions", read, p.getSessions)
	rs.Office("GET "+one, "mediation-session", read, p.getSession)
	rs.Office("GET "+one+"/receipt/{n}", "mediation-session-receipt", read, p.getReceipt)
	rs.Office("POST "+sessionsPath+"/countersign", "mediation-sessions-countersign", countersign, p.postCountersignAll)
	rs.Office("POST "+one+"/code", "mediation-session-code", countersign, p.postCode)
	rs.Office("POST "+one+"/countersign", "mediation-session-countersign", countersign, p.postCountersign)
	rs.Office("POST "+one+"/contest", "mediation-session-contest", countersign, p.postContest)
	rs.Office("POST "+one+"/evaluate", "mediation-session-evaluate", countersign, p.postEvaluate)
	rs.Office("POST "+one+"/resolve", "mediation-session-resolve", web.May("mediation.session.resolve"), p.postResolve)
	month := sheetsPath + "/{id}/{month}"
	rs.Office("GET "+sheetsPath, "mediation-timesheets", sheet, p.getSheets)
	rs.Office("GET "+month, "mediation-timesheet", sheet, p.getSheet)
	rs.Office("GET "+month+"/timesheet.pdf", "mediation-timesheet-pdf", sheet, p.getPDF)
	rs.Office("GET "+month+"/timesheet.xlsx", "mediation-timesheet-xlsx", sheet, p.getXLSX)
	rs.Office("POST "+month+"/approve", "mediation-timesheet-approve", approve, p.postApprove)
	rs.Office("POST "+month+"/reopen", "mediation-timesheet-reopen", approve, p.postReopen)
	rs.Office("POST "+month+"/paper", "mediation-timesheet-paper", approve, p.postPaper)
	rs.Office("GET "+budgetsPath, "mediation-budgets", web.May("mediation.budget.read"), p.getBudgets)
	rs.Office("POST "+budgetsPath, "mediation-budgets-save", web.May("mediation.budget.edit"), p.postBudget)

	report := web.May("mediation.session.report")
	rs.Page("GET "+ownPath, "mediation-own-work", report, p.getWork)
	rs.Page("GET /mediation/sessions/{id}", "mediation-own-session", report, p.getOwnSession)
	rs.Page("POST /mediation/sessions/{id}", "mediation-own-session-send", report, p.postOwnSession, web.MaxBody(receiptsBody))
	rs.Page("GET /mediation/sessions/{id}/receipt/{n}", "mediation-own-receipt", report, p.getReceipt)
	rs.Page("GET /mediation/link/{secret}", "mediation-link-session", web.Link, p.getOwnSession)
	rs.Page("POST /mediation/link/{secret}", "mediation-link-session-send", web.Link, p.postOwnSession, web.MaxBody(receiptsBody))
	rs.Page("GET /mediation/months/{month}", "mediation-own-month", web.May("mediation.timesheet.sign"), p.getOwnMonth)
	rs.Page("POST /mediation/months/{month}", "mediation-own-month-sign", web.May("mediation.timesheet.sign"), p.postOwnMonth)
	rs.Page("GET /mediation/months/{month}/timesheet.pdf", "mediation-own-month-pdf", web.May("mediation.timesheet.sign"), p.getOwnPDF)
	return p
}

// Waiting is what waits for an actor: sessions to countersign, disputes to decide, months to sign.
func (p *Pages) Waiting(ctx context.Context, actor access.Actor) ([]ui.Waiting, error) {
	var list []ui.Waiting
	count := func(key string, n int, href string, level ui.Level) {
		if n > 0 {
			list = append(list, ui.Waiting{Text: web.Words(ctx).Count(key, n), Href: web.Path(ctx, href), Count: n, Level: level})
		}
	}
	if p.Guard.May(actor, "mediation.session.countersign") {
		_, n, err := p.Timesheet.Sessions(ctx, actor, timesheet.Query{State: timesheet.Reported, Size: 1})
		if err != nil {
			return nil, err
		}
		count("session.waiting.reported", n, sessionsPath+"?state=reported", ui.Info)
	}
	if p.Guard.May(actor, "mediation.session.resolve") {
		_, n, err := p.Timesheet.Sessions(ctx, actor, timesheet.Query{State: timesheet.Disputed, Size: 1})
		if err != nil {
			return nil, err
		}
		count("session.waiting.disputed", n, sessionsPath+"?state=disputed", ui.Warning)
	}
	if p.Guard.May(actor, "mediation.timesheet.approve") {
		months := p.Timesheet.Months()
		for _, month := range months[:2] {
			sheets, _, err := p.Timesheet.Timesheets(ctx, actor, month, 1, 500)
			if err != nil {
				return nil, err
			}
			n := 0
			for _, s := range sheets {
				if s.State == timesheet.Sent {
					n++
				}
			}
			count("session.waiting.sheets", n, sheetsPath+"?month="+month, ui.Info)
		}
	}
	return list, nil
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, head ui.OfficeHead, body templ.Component) error {
	return web.Render(w, r, status, p.Site.OfficePage(r, head, body))
}

// own shows a page of a mediator.
func (p *Pages) own(w http.ResponseWriter, r *http.Request, status int, title string, body templ.Component) error {
	web.NoStore(w)
	return web.Render(w, r, status, p.Site.OwnPage(r, ui.Head{Title: title, NoIndex: true, Sensitive: true}, body))
}

func said(r *http.Request, key string, pairs ...any) string {
	return web.Words(r.Context()).Text(key, pairs...)
}

// after does what a button asks for and goes back; a conflict is said on the page.
func after(w http.ResponseWriter, r *http.Request, err error, done, path string) error {
	if text, conflict := conflictOf(err); conflict {
		ui.Flash(w, r, ui.Warning, text, 1)
		err = nil
	} else if err == nil {
		ui.Flash(w, r, ui.Success, done, 1)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, web.Path(r.Context(), path))
}
