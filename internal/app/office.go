// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"approdo/internal/app/home"
	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/identity"
	"approdo/internal/base/identity/identityweb"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// office gathers what the rooms show to operators: entries of the menu, what waits, what is found.
type office struct {
	menu    []ui.OfficeItem
	waiters []home.Waiter
	finders []home.Finder
}

// add takes the menu of a room and, when the room has them, its methods Waiting and Find.
func (o *office) add(menu []ui.OfficeItem, room any) {
	o.menu = append(o.menu, menu...)
	if w, ok := room.(home.Waiter); ok {
		o.waiters = append(o.waiters, w)
	}
	if f, ok := room.(home.Finder); ok {
		o.finders = append(o.finders, f)
	}
}

// registerOffice adds the home and the search, and gives operators' pages their frame. Call it when
// every room has been added.
func (a *App) registerOffice(rs *web.Routes, site *ui.Site, log *slog.Logger, finder *directory.Finder) {
	o := &a.desk
	o.menu = append(home.OfficeMenu(), o.menu...)
	site.Frame = a.searchable(a.frame(o.menu))
	home.Register(rs, home.Deps{
		Site: site, Guard: a.Guard, Clock: a.Config.Clock, Log: log, Waiters: o.waiters,
		Finders: append(o.finders, a.findServices(finder), home.FinderFunc(a.findBodies), home.FinderFunc(a.findProjects), home.FinderFunc(a.findMembers)),
		Last: func(ctx context.Context, account string, n int) ([]audit.Entry, error) {
			return audit.LastOf(ctx, a.DB, account, n)
		},
		Titles: a.titles, RoleName: identityweb.RoleName,
	})
}

// searchable adds the box of the search over everything to a frame.
func (a *App) searchable(frame func(*http.Request) ui.Frame) func(*http.Request) ui.Frame {
	return func(r *http.Request) ui.Frame {
		f := frame(r)
		if f.Known() {
			f.Search = home.SearchPath
			if web.Here(r.Context()).Path == home.SearchPath {
				f.Query = r.URL.Query().Get("q")
			}
		}
		return f
	}
}

// matches says whether a text has every word of a question, however it is accented or written.
func matches(query, text string) bool {
	text = lang.Fold(text)
	for word := range strings.FieldsSeq(lang.Fold(query)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// findServices finds what the public finds too, for those who have no list of services of their own.
func (a *App) findServices(finder *directory.Finder) home.FinderFunc {
	return func(ctx context.Context, actor access.Actor, query string, n int) ([]ui.Hit, error) {
		if a.Guard.May(actor, "directory.service.list") {
			return nil, nil // the census answers itself
		}
		found, err := finder.Find(ctx, directory.Query{Text: query, Language: web.Lang(ctx), Limit: n})
		if err != nil {
			return nil, err
		}
		hits := make([]ui.Hit, len(found.Items))
		for i, item := range found.Items {
			e, shown := item.Entry.In(web.Lang(ctx))
			hits[i] = ui.Hit{Kind: "home.kind.service", Title: e.Name, Lang: shown[directory.GroupTitle].Language, Text: e.Organization.Name, Href: web.Path(ctx, "/services/"+e.ID)}
		}
		return hits, nil
	}
}

// findBodies finds bodies by name and IPA code: there are hundreds, and they are no secret.
func (a *App) findBodies(ctx context.Context, actor access.Actor, query string, n int) ([]ui.Hit, error) {
	all, err := network.Bodies(ctx, a.DB)
	if err != nil {
		return nil, err
	}
	var hits []ui.Hit
	for _, m := range all {
		if len(hits) < n && m.MergedInto == "" && matches(query, m.Name+" "+m.AlternateName+" "+m.IPA+" "+strings.Join(m.Aliases, " ")) {
			hits = append(hits, ui.Hit{Kind: "home.kind.body", Icon: "body", Title: m.Name, Lang: "it", Text: m.AlternateName, Href: a.bodyHref(ctx, actor, m.ID)})
		}
	}
	return hits, nil
}

// findProjects finds projects by title, code, CUP and grant number.
func (a *App) findProjects(ctx context.Context, actor access.Actor, query string, n int) ([]ui.Hit, error) {
	all, err := network.Projects(ctx, a.DB)
	if err != nil {
		return nil, err
	}
	var hits []ui.Hit
	for _, p := range all {
		if len(hits) < n && matches(query, p.Title+" "+p.Code+" "+p.CUP+" "+p.GrantNumber) {
			hits = append(hits, ui.Hit{Kind: "home.kind.project", Icon: "flag", Title: p.Title, Lang: "it", Text: p.Code, Href: a.projectHref(ctx, actor, p)})
		}
	}
	return hits, nil
}

// bodyHref leads to where somebody can work on a body, and others to what the public sees of it.
func (a *App) bodyHref(ctx context.Context, actor access.Actor, id string) string {
	if a.Network.MayEditBody(ctx, actor, id) {
		return web.Path(ctx, "/office/network/"+id)
	}
	return web.Path(ctx, "/organizations/"+id)
}

func (a *App) projectHref(ctx context.Context, actor access.Actor, p network.Project) string {
	if a.Network.MayEditProject(ctx, actor, p) {
		return web.Path(ctx, "/office/projects/"+p.Code)
	}
	return web.Path(ctx, "/projects/"+p.Code)
}

// findMembers finds people of the body acted for, for those who may list them.
func (a *App) findMembers(ctx context.Context, actor access.Actor, query string, n int) ([]ui.Hit, error) {
	if actor.Member == "" || !a.Guard.May(actor, identity.ActionList) {
		return nil, nil
	}
	people, _, err := a.Identity.People(ctx, actor, actor.Member)
	if err != nil {
		if fault.Is(err, fault.KindNotFound) {
			return nil, nil // may list members, and not those of this body
		}
		return nil, err
	}
	var hits []ui.Hit
	for _, p := range people {
		if len(hits) < n && matches(query, p.Name+" "+p.Email) {
			hits = append(hits, ui.Hit{Kind: "home.kind.member", Icon: "user", Title: p.Name, Text: identityweb.RoleNames(ctx, p.Roles), Href: web.Path(ctx, "/office/members/"+p.Account)})
		}
	}
	return hits, nil
}

// titles gives titles of records and the way to them, where the actor may see them.
func (a *App) titles(ctx context.Context, actor access.Actor, kind string, ids []string) (map[string]ui.Link, error) {
	links := make(map[string]ui.Link, len(ids))
	switch kind {
	case "service":
		if !a.Guard.May(actor, "directory.service.list") {
			return links, nil
		}
		found, _, err := a.Directory.Summaries(ctx, actor, directory.SummaryFilter{IDs: ids, Size: len(ids)})
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			links[s.ID] = ui.Link{Text: s.Name, Href: web.Path(ctx, "/office/services/"+s.ID)}
		}
	case "organization", "body":
		found, err := network.OrganizationsByID(ctx, a.DB, ids)
		if err != nil {
			return nil, err
		}
		for id, o := range found {
			links[id] = ui.Link{Text: o.Name, Href: a.bodyHref(ctx, actor, id)}
		}
	case "project":
		projects, err := network.Projects(ctx, a.DB)
		if err != nil {
			return nil, err
		}
		for _, p := range projects {
			if slices.Contains(ids, p.Code) {
				links[p.Code] = ui.Link{Text: p.Code + " · " + p.Title, Href: a.projectHref(ctx, actor, p)}
			}
		}
	case network.KindAgreement:
		list, err := a.Network.Agreements(ctx, actor)
		if err != nil {
			return nil, err
		}
		for _, g := range list {
			if slices.Contains(ids, g.ID) {
				links[g.ID] = ui.Link{Text: g.Title, Href: web.Path(ctx, "/office/agreements/"+g.ID)}
			}
		}
	case network.KindFund:
		funds, err := network.Funds(ctx, a.DB)
		if err != nil {
			return nil, err
		}
		for _, f := range funds {
			if slices.Contains(ids, f.Code) && a.Guard.May(actor, "network.fund.write") {
				links[f.Code] = ui.Link{Text: f.Name, Href: web.Path(ctx, "/office/funds/"+f.Code+"/edit")}
			}
		}
	}
	return links, nil
}
