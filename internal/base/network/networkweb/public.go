// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/upload"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// networkView is the page of the network.
type networkView struct {
	Members  []network.Member
	Projects []network.Project
	Others   []network.Member // bodies of the projects that are no members
	Bodies   map[string]network.Member
}

func (p *pages) getNetwork(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var v networkView
	var err error
	if v.Projects, err = network.Projects(ctx, p.Network.DB); err != nil {
		return err
	}
	if v.Members, err = network.Members(ctx, p.Network.DB, p.Network.Today()); err != nil {
		return err
	}
	if v.Bodies, err = p.bodiesOf(ctx, v.Projects...); err != nil {
		return err
	}
	member := map[string]bool{}
	for _, m := range v.Members {
		member[m.ID] = true
	}
	for _, m := range v.Bodies {
		if !member[m.ID] {
			v.Others = append(v.Others, m)
		}
	}
	slices.SortFunc(v.Members, byKind)
	slices.SortFunc(v.Others, byKind)
	words := web.Words(ctx)
	return p.show(w, r, ui.Head{
		Title: words.Text("network.title"), Description: words.Text("network.lead"), Crumbs: []ui.Link{{Text: words.Text("menu.network")}},
	}, networkPage(v))
}

// bodiesOf gives the bodies of projects, by identifier.
func (p *pages) bodiesOf(ctx context.Context, projects ...network.Project) (map[string]network.Member, error) {
	ids := map[string]bool{}
	for _, project := range projects {
		for _, id := range project.Bodies() {
			ids[id] = true
		}
	}
	return network.MembersByID(ctx, p.Network.DB, slices.Sorted(maps.Keys(ids)))
}

func byKind(a, b network.Member) int {
	return cmp.Or(cmp.Compare(kindPlace(a.Kind), kindPlace(b.Kind)), strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
}

// foldedFrom is how many bodies make a list that is folded by kind.
const foldedFrom = 60

// kindGroup is the bodies of one kind.
type kindGroup struct {
	Title  string
	Bodies []network.Member
}

// byKinds parts a list that is ordered by kind.
func byKinds(ctx context.Context, list []network.Member) []kindGroup {
	var groups []kindGroup
	last := ""
	for i, m := range list {
		if i == 0 || m.Kind != last {
			groups = append(groups, kindGroup{Title: cmp.Or(kindName(ctx, m.Kind), ui.T(ctx, "kind.other"))})
		}
		last = m.Kind
		g := &groups[len(groups)-1]
		g.Bodies = append(g.Bodies, m)
	}
	for i := range groups {
		groups[i].Title += " (" + web.Words(ctx).Number(len(groups[i].Bodies)) + ")"
	}
	return groups
}

func kindPlace(kind string) int {
	if i := slices.Index(network.Kinds, kind); i >= 0 {
		return i
	}
	return len(network.Kinds)
}

// organizationView is one body with what it offers and the projects it takes part in.
type organizationView struct {
	Body     network.Organization
	Profile  network.Profile
	Today    calendar.Day
	Parent   *network.Organization
	Children []network.Member
	Offered  templ.Component
	Projects []takesPart
}

// takesPart is a project with what a body does in it.
type takesPart struct {
	network.Project
	Roles []string // keys of the catalogue
}

func (p *pages) getOrganization(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id := r.PathValue("id")
	m, err := network.Current(ctx, p.Network.DB, id)
	if fault.Is(err, fault.KindNotFound) {
		return lost()
	}
	if err != nil {
		return err
	}
	if m.ID != id {
		http.Redirect(w, r, web.Path(ctx, "/organizations/"+m.ID), http.StatusMovedPermanently)
		return nil
	}
	v := organizationView{Body: m.Organization, Profile: m.Profile, Today: p.Network.Today()}
	quiet := false
	if p.Offer != nil {
		offered, err := p.Offer(r, m.Organization)
		if err != nil {
			return err
		}
		v.Body, v.Offered, quiet = offered.Body, offered.List, offered.Quiet
		if offered.Sheltered {
			v.Profile = network.Profile{MemberSince: m.MemberSince, MemberUntil: m.MemberUntil, ClosedOn: m.ClosedOn}
		}
	}
	if err := p.around(ctx, &v); err != nil {
		return err
	}
	return p.show(w, r, ui.Head{
		Title: v.Body.Name, Description: v.Body.Description, NoIndex: v.Body.Example || m.ClosedOn != "", Sensitive: quiet,
		Crumbs: []ui.Link{{Text: ui.T(ctx, "menu.network"), Href: web.Path(ctx, "/network")}, {Text: v.Body.Name}},
	}, organizationPage(v))
}

// around finds what stands above and below a body, and its projects.
func (p *pages) around(ctx context.Context, v *organizationView) error {
	if v.Body.ParentOrganizationID != "" {
		parent, err := network.OrganizationByID(ctx, p.Network.DB, v.Body.ParentOrganizationID)
		if err == nil {
			v.Parent = &parent
		} else if !fault.Is(err, fault.KindNotFound) {
			return err
		}
	}
	var err error
	if v.Children, err = network.Children(ctx, p.Network.DB, v.Body.ID); err != nil {
		return err
	}
	v.Children = slices.DeleteFunc(v.Children, func(m network.Member) bool { return m.ClosedBy(v.Today) })
	projects, err := network.Projects(ctx, p.Network.DB)
	for _, one := range projects {
		if roles := rolesIn(one, v.Body.ID); len(roles) > 0 {
			v.Projects = append(v.Projects, takesPart{one, roles})
		}
	}
	return err
}

// rolesIn says what a body is in a project, by keys of the catalogue.
func rolesIn(p network.Project, body string) []string {
	var roles []string
	if p.Lead == body {
		roles = append(roles, "organization.lead")
	}
	if slices.Contains(p.Partners, body) {
		roles = append(roles, "organization.partner")
	}
	if slices.ContainsFunc(p.Contractors, func(c network.Contractor) bool { return c.Body == body }) {
		roles = append(roles, "organization.contractor")
	}
	if len(roles) == 0 && slices.Contains(p.Bodies(), body) {
		roles = append(roles, "organization.helper")
	}
	return roles
}

// projectView is one project with its bodies and its fund.
type projectView struct {
	network.Project
	Members map[string]network.Member
	Fund    network.Fund
	Funded  []Service
	// Services is how many services of the census the project pays for: also those that are not named.
	Services int
}

// figures are the results that can be counted: none where nobody has said anything.
func (v projectView) figures(ctx context.Context) []ui.Figure {
	var list []ui.Figure
	reached, planned, said := 0, 0, false
	for _, g := range v.Recipients {
		if g.Reached != nil {
			said, reached = true, reached+*g.Reached
		}
		if g.Planned != nil {
			planned += *g.Planned
		}
	}
	if said {
		text := ui.T(ctx, "project.people_reached")
		if planned > 0 {
			text += " · " + ui.T(ctx, "project.planned") + ": " + web.Words(ctx).Number(planned)
		}
		list = append(list, ui.Figure{Value: web.Words(ctx).Number(reached), Text: text})
	}
	if v.Services > 0 {
		list = append(list, ui.Figure{Value: web.Words(ctx).Number(v.Services), Text: ui.T(ctx, "project.funded")})
	}
	return list
}

// projectView gathers what stands around a project.
func (p *pages) projectView(ctx context.Context, project network.Project) (v projectView, err error) {
	v.Project = project
	if v.Members, err = p.bodiesOf(ctx, project); err != nil {
		return v, err
	}
	if p.Funded != nil && len(project.Services) > 0 {
		v.Funded, v.Services, err = p.Funded(ctx, project.Services)
	}
	return v, err
}

func (p *pages) getProject(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	project, err := network.ProjectByCode(ctx, p.Network.DB, r.PathValue("code"))
	if fault.Is(err, fault.KindNotFound) {
		return lost()
	}
	if err != nil {
		return err
	}
	v, err := p.projectView(ctx, project)
	if err != nil {
		return err
	}
	if project.Fund != "" {
		if v.Fund, err = network.FundByCode(ctx, p.Network.DB, project.Fund); err != nil && !fault.Is(err, fault.KindNotFound) {
			return err
		}
	}
	words := web.Words(ctx)
	return p.show(w, r, ui.Head{
		Title: project.Code + " · " + project.Title, Description: project.Title,
		Crumbs: []ui.Link{{Text: words.Text("menu.network"), Href: web.Path(ctx, "/network")}, {Text: project.Code}},
	}, projectPage(v))
}

func (p *pages) getBodyEmblem(w http.ResponseWriter, r *http.Request) error {
	m, err := network.MemberByID(r.Context(), p.Network.DB, r.PathValue("id"))
	if err != nil || m.Emblem.None() {
		return lost()
	}
	return p.picture(w, m.Emblem)
}

func (p *pages) getFundEmblem(w http.ResponseWriter, r *http.Request) error {
	f, err := network.FundByCode(r.Context(), p.Network.DB, r.PathValue("code"))
	if err != nil {
		return lost()
	}
	for _, e := range f.Emblems {
		if !e.Picture.None() && e.Picture.Name == r.PathValue("file") {
			return p.picture(w, e.Picture)
		}
	}
	return lost()
}

// picture sends a kept picture: its type is known, and it was written by the program itself.
func (p *pages) picture(w http.ResponseWriter, k upload.Kept) error {
	content, err := p.Network.Files.Read(k)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", k.Type)
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, _ = w.Write(content) // the reader has gone: nothing to be done
	return nil
}

// period says when a project runs, as far as its source states it.
func period(w lang.Words, project network.Project) string {
	from, _ := calendar.ParseDay(project.Start)
	to, _ := calendar.ParseDay(project.End)
	switch {
	case from != 0 && to != 0:
		return w.DateRange(noon(from), noon(to))
	case to != 0:
		return w.Text("network.until", "date", dayText(w, project.End))
	case from != 0:
		return w.Text("network.since", "date", dayText(w, project.Start))
	case project.StartYear != 0:
		return w.Text("network.since", "date", yearText(project.StartYear))
	}
	return ""
}

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
