// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/base/notice"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/domain/mediation/rosterweb"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/jobs"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// openRoster builds what keeps the roster of mediators.
func (a *App) openRoster() {
	a.Roster = roster.New(roster.Deps{DB: a.DB, Clock: a.Config.Clock, Guard: a.Guard, Vault: a.Vault, Mediation: a.Mediation, Write: a.writeOfRoster, Forget: a.erased})
}

// rosterTemplates are letters to people of the roster, who may have no account.
func rosterTemplates() []notice.Template {
	return []notice.Template{outsideLetter("roster.applied"), outsideLetter("roster.news"), outsideLetter("roster.expiring")}
}

// writeOfRoster writes to somebody of the roster: by mail where there is an address, since the link in it
// is theirs alone.
func (a *App) writeOfRoster(ctx context.Context, tx *db.Tx, l roster.Letter) error {
	to := notice.Account(l.Account)
	if l.Mail != "" {
		to = notice.Outside(l.Mail, l.Language)
	}
	return a.Notice.Tell(ctx, tx, notice.Message{Key: l.Key, To: to, Template: l.Template, Args: l.Args, Link: l.Link, Member: l.Member})
}

type dailyRoster struct{}

func (dailyRoster) Kind() string { return "roster.daily" }

// rosterWork is what happens to the roster because time goes by.
func (a *App) rosterWork(runner *jobs.Runner) {
	jobs.Handle(runner, 10*time.Minute, func(ctx context.Context, _ jobs.Task, _ dailyRoster) error { return a.Roster.Daily(ctx) })
	runner.Every("roster-daily", 6*time.Hour, dailyRoster{}, jobs.Once())
}

// registerRoster adds the pages of the roster.
func (a *App) registerRoster(rs *web.Routes, site *ui.Site) {
	pages := rosterweb.Register(rs, rosterweb.Deps{
		Roster: a.Roster, Mediation: a.Mediation, Guard: a.Guard, Site: site, Clock: a.Config.Clock,
		Bodies: func(ctx context.Context) ([]network.Organization, error) {
			list, err := network.Organizations(ctx, a.DB)
			slices.SortFunc(list, func(x, y network.Organization) int {
				return cmp.Or(strings.Compare(x.Name, y.Name), strings.Compare(x.ID, y.ID))
			})
			return list, err
		},
		Members: func(ctx context.Context) ([]network.Member, error) {
			return network.Members(ctx, a.DB, calendar.DayOf(a.Config.Clock(), calendar.Rome()))
		},
		Projects: func(ctx context.Context) ([]network.Project, error) { return network.Projects(ctx, a.DB) },
		Name: func(ctx context.Context, account string) string {
			person, err := a.person(ctx, a.DB, account)
			if err != nil {
				return "" // an account that is no more has no name to show
			}
			return person.Name
		},
	})
	a.desk.add(rosterweb.OfficeMenu(), pages)
}
