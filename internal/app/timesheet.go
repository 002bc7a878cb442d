// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"net/http"
	"path/filepath"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/notice"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/domain/mediation/timesheetweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/jobs"
	"approdo/internal/kit/upload"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// openTimesheet builds what knows what became of bookings.
func (a *App) openTimesheet() error {
	receipts, err := upload.Open(filepath.Join(a.Config.Data, "files", "receipts"))
	if err != nil {
		return err
	}
	a.Timesheet = timesheet.New(timesheet.Deps{
		DB: a.DB, Clock: a.Config.Clock, Guard: a.Guard, Vault: a.Vault, Mediation: a.Mediation, Receipts: receipts,
		Name: func(ctx context.Context, q db.Querier, account string) (string, error) {
			person, err := a.person(ctx, q, account)
			return person.Name, err
		},
	})
	return nil
}

// timesheetTemplates are what mediators are told of what they reported.
func timesheetTemplates() []notice.Template {
	return []notice.Template{
		{Name: "mediation.disputed", Channels: notice.Channels, Must: true, Everybody: true},
		{Name: "mediation.unreported", Channels: notice.Channels, Everybody: true},
	}
}

type (
	tidyTimesheet  struct{}
	remindSessions struct{}
)

func (tidyTimesheet) Kind() string  { return "mediation.timesheet-tidy" }
func (remindSessions) Kind() string { return "mediation.remind" }

// timesheetWork is what is done behind the page.
func (a *App) timesheetWork(runner *jobs.Runner) {
	jobs.Handle(runner, 5*time.Minute, func(ctx context.Context, _ jobs.Task, _ tidyTimesheet) error { return a.Timesheet.Tidy(ctx) })
	jobs.Handle(runner, 10*time.Minute, func(ctx context.Context, _ jobs.Task, _ remindSessions) error { return a.Timesheet.Remind(ctx) })
	runner.Every("mediation-remind", time.Hour, remindSessions{}, jobs.Once())
	runner.Every("mediation-timesheet-tidy", 24*time.Hour, tidyTimesheet{}, jobs.Once())
}

// registerTimesheet adds the pages of sessions and timesheets, and gives what the page of a request shows of
// them.
func (a *App) registerTimesheet(rs *web.Routes, site *ui.Site) func(r *http.Request, request string) (templ.Component, error) {
	pages := timesheetweb.Register(rs, timesheetweb.Deps{Timesheet: a.Timesheet, Guard: a.Guard, Site: site, Clock: a.Config.Clock})
	a.desk.add(timesheetweb.OfficeMenu(), pages)
	return pages.OfRequest
}
