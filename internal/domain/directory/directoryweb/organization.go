// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"slices"
	"strings"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// organizationView is one body with what it offers and the projects it takes part in.
type organizationView struct {
	Body     network.Organization
	Rows     []row
	Total    int
	Projects []network.Project
}

// networkView is the page of the network.
type networkView struct {
	Projects []network.Project
	Bodies   map[string]network.Organization
	Members  []network.Organization // the bodies of the projects, by name
}

// mostRows bounds the list of a body that offers very much; the rest is in the results.
const mostRows = 50

func (p *pages) getOrganization(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	body, err := p.Directory.Organization(ctx, r.PathValue("id"))
	if err != nil {
		return lost()
	}
	entries, err := p.Directory.EntriesOf(ctx, body.ID)
	if err != nil {
		return err
	}
	v := organizationView{Body: bodyShown(body, entries), Total: len(entries)}
	quiet := len(entries) > 0
	now := p.Directory.Now()
	for _, e := range entries {
		quiet = quiet && discreet(&e)
	}
	for _, e := range entries[:min(len(entries), mostRows)] {
		overdue := e.Verification().Overdue(calendar.DayOf(now, calendar.Rome()))
		v.Rows = append(v.Rows, p.rowOf(ctx, directory.Item{Entry: e, Distance: math.NaN(), Opening: e.BestOpening(now), Overdue: overdue}))
	}
	if v.Projects, err = p.projectsOf(ctx, body.ID); err != nil {
		return err
	}
	return p.show(w, r, ui.Head{
		Title: body.Name, Description: v.Body.Description, NoIndex: body.Example, Sensitive: quiet,
		Crumbs: []ui.Link{{Text: ui.T(ctx, "menu.network"), Href: web.Path(ctx, "/network")}, {Text: body.Name}},
	}, organizationPage(v))
}

// bodyShown is what the public may know of a body: of one that offers a reserved service, only
// what its entries carry, since its own address may be the one that must not be known.
func bodyShown(body network.Organization, entries []directory.Entry) network.Organization {
	for _, e := range entries {
		if e.Reserved() {
			return e.Organization
		}
	}
	return body
}

func (p *pages) projects(ctx context.Context) ([]network.Project, error) {
	if p.Projects == nil {
		return nil, nil
	}
	return p.Projects(ctx)
}

func (p *pages) projectsOf(ctx context.Context, body string) ([]network.Project, error) {
	list, err := p.projects(ctx)
	return slices.DeleteFunc(list, func(one network.Project) bool { return !slices.Contains(bodiesOf(one), body) }), err
}

// bodiesOf are the bodies of a project: lead, partners, contractors, and who does its activities.
func bodiesOf(project network.Project) []string {
	list := append([]string{project.Lead}, project.Partners...)
	for _, c := range project.Contractors {
		list = append(list, c.Body)
	}
	for _, a := range project.Activities {
		list = append(list, a.Body)
	}
	return slices.DeleteFunc(list, func(id string) bool { return id == "" })
}

func (p *pages) getNetwork(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	projects, err := p.projects(ctx)
	if err != nil {
		return err
	}
	all, err := p.Directory.Organizations(ctx)
	if err != nil {
		return err
	}
	v := networkView{Projects: projects, Bodies: map[string]network.Organization{}}
	for _, o := range all {
		v.Bodies[o.ID] = o
	}
	var ids []string
	for _, project := range projects {
		ids = append(ids, bodiesOf(project)...)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if o, ok := v.Bodies[id]; ok {
			v.Members = append(v.Members, o)
		}
	}
	slices.SortFunc(v.Members, func(a, b network.Organization) int {
		return cmp.Or(cmp.Compare(kindPlace(a.Kind), kindPlace(b.Kind)), strings.Compare(a.Name, b.Name))
	})
	words := web.Words(ctx)
	return p.show(w, r, ui.Head{Title: words.Text("network.title"), Description: words.Text("network.lead"), Crumbs: []ui.Link{{Text: words.Text("menu.network")}}}, networkPage(v))
}

func kindPlace(kind string) int {
	if i := slices.Index(network.Kinds, kind); i >= 0 {
		return i
	}
	return len(network.Kinds)
}

// period says when a project runs, as far as its source states it.
func period(w lang.Words, project network.Project) string {
	from, _ := calendar.ParseDay(project.Start)
	to, _ := calendar.ParseDay(project.End)
	switch {
	case from != 0 && to != 0:
		return w.DateRange(noon(from), noon(to))
	case to != 0:
		return w.Text("network.until", "date", dateSaid(w, to))
	case from != 0:
		return w.Text("network.since", "date", dateSaid(w, from))
	case project.StartYear != 0:
		return w.Text("network.since", "date", calendarYear(project.StartYear))
	}
	return ""
}

func calendarYear(year int) string { return noonYear(year) }

// kindName is the kind of a body in words, "" when nobody said.
func kindName(ctx context.Context, kind string) string {
	if key := "kind." + kind; web.Words(ctx).Has(key) {
		return ui.T(ctx, key)
	}
	return ""
}

func activityName(ctx context.Context, kind string) string {
	if key := "activity." + kind; web.Words(ctx).Has(key) {
		return ui.T(ctx, key)
	}
	return kind
}
