// SPDX-License-Identifier: EUPL-1.2

package home

import (
	"cmp"
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

//go:embed locales
var localeFiles embed.FS

// Locales are the words of the pages.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("home: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// SearchPath is the page of the search over everything, without language.
const SearchPath = ui.HomePath + "/search"

// Waiter is a room in which things wait for people.
type Waiter interface {
	Waiting(ctx context.Context, actor access.Actor) ([]ui.Waiting, error)
}

// Finder is a room that can be searched. It gives up to n answers, best first, and nothing that the
// actor may not see.
type Finder interface {
	Find(ctx context.Context, actor access.Actor, query string, n int) ([]ui.Hit, error)
}

// FinderFunc is a Finder that is a function.
type FinderFunc func(ctx context.Context, actor access.Actor, query string, n int) ([]ui.Hit, error)

// Find calls f.
func (f FinderFunc) Find(ctx context.Context, actor access.Actor, query string, n int) ([]ui.Hit, error) {
	return f(ctx, actor, query, n)
}

// Deps is what the pages stand on. All is required but Waiters and Finders.
type Deps struct {
	Site    *ui.Site
	Guard   *access.Guard
	Clock   func() time.Time
	Log     *slog.Logger
	Waiters []Waiter
	Finders []Finder
	// Last gives the last n changes that an account made, newest first.
	Last func(ctx context.Context, account string, n int) ([]audit.Entry, error)
	// Titles gives titles and addresses (with language) of records of one kind, by identifier: those
	// that the actor may see.
	Titles func(ctx context.Context, actor access.Actor, kind string, ids []string) (map[string]ui.Link, error)
	// RoleName is a role in the words of the page.
	RoleName func(ctx context.Context, role access.Role) string
}

type pages struct{ Deps }

// Register puts the pages into the route table.
func Register(rs *web.Routes, d Deps) {
	p := &pages{d}
	rs.Office("GET "+ui.HomePath, "office", web.SignedIn, p.getHome)
	rs.Office("GET "+SearchPath, "office_search", web.SignedIn, p.getSearch)
}

// OfficeMenu is the entry that stands on top of the menu.
func OfficeMenu() []ui.OfficeItem {
	return []ui.OfficeItem{{Key: "office.home", Path: ui.HomePath, Icon: "home"}}
}

// homeView is what the home shows.
type homeView struct {
	Waiting []ui.Waiting
	Last    []ui.Moment
	Tasks   []Task
	Roles   []roleView
	Partial bool // some room did not answer
}

// roleView is what a role is for.
type roleView struct{ Name, Text string }

// lastShown is how many of somebody's own changes the home shows.
const lastShown = 8

func (p *pages) getHome(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	v := homeView{Tasks: p.tasks(actor)}
	words := web.Words(ctx)
	for _, role := range actor.Roles {
		v.Roles = append(v.Roles, roleView{p.RoleName(ctx, role), words.Text("home.role." + string(role))})
	}
	for _, room := range p.Waiters {
		list, err := room.Waiting(ctx, actor)
		if err != nil {
			v.Partial = true
			p.complain(ctx, "a room can't say what waits", err)
		}
		v.Waiting = append(v.Waiting, list...)
	}
	slices.SortStableFunc(v.Waiting, func(a, b ui.Waiting) int {
		return cmp.Or(cmp.Compare(urgency(a.Level), urgency(b.Level)), compareDue(a.Due, b.Due))
	})
	var err error
	if v.Last, err = p.last(ctx, actor); err != nil {
		v.Partial = true
		p.complain(ctx, "the log can't say what was done last", err)
	}
	return web.Render(w, r, http.StatusOK, p.Site.OfficePage(r, ui.OfficeHead{Title: p.greeting(ctx, actor), Help: "home.help"}, homePage(v)))
}

func (p *pages) complain(ctx context.Context, what string, err error) {
	p.Log.ErrorContext(ctx, what, "request", web.RequestID(ctx), "error", err)
}

// greeting has the hour in it, as one says it in Italy.
func (p *pages) greeting(ctx context.Context, actor access.Actor) string {
	key := "home.good_day"
	if hour := p.Clock().In(calendar.Rome()).Hour(); hour >= 17 || hour < 5 {
		key = "home.good_evening"
	}
	first, _, _ := strings.Cut(actor.Name, " ")
	return web.Words(ctx).Text(key, "name", first)
}

func urgency(l ui.Level) int {
	switch l {
	case ui.Danger:
		return 0
	case ui.Warning:
		return 1
	}
	return 2
}

// compareDue puts what is due first first, and what has no date last.
func compareDue(a, b time.Time) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}
