// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// standing is where a body stands to the network, for filters and marks.
func standing(m network.Member, today calendar.Day) string {
	switch {
	case m.MergedInto != "":
		return "merged"
	case m.ClosedBy(today):
		return "closed"
	case m.MemberOn(today):
		return "member"
	case m.MemberSince != "" && m.MemberUntil != "" && m.MemberUntil < today.String():
		return "left"
	}
	return "other"
}

var standings = []string{"member", "other", "left", "closed", "merged"}

var standingLevels = map[string]ui.Level{"member": ui.Success, "other": ui.Neutral, "left": ui.Neutral, "closed": ui.Warning, "merged": ui.Neutral}

// bodiesAsked are the bodies that a list asks for, in its order, all pages.
func (p *pages) bodiesAsked(r *http.Request) (ui.List, []network.Member, error) {
	l := ui.ReadList(r, "name", "kind", "state", "since")
	all, err := p.Network.Bodies(r.Context(), actorOf(r))
	if err != nil {
		return l, nil, err
	}
	today := p.Network.Today()
	state := l.Filter("state")
	asked := slices.DeleteFunc(all, func(m network.Member) bool {
		if state == "" && m.MergedInto != "" || state != "" && standing(m, today) != state {
			return true
		}
		return l.Filter("kind") != "" && m.Kind != l.Filter("kind") || !bodyHas(m, l.Text)
	})
	slices.SortStableFunc(asked, func(a, b network.Member) int {
		order := 0
		switch l.Sort {
		case "kind":
			order = cmp.Compare(kindPlace(a.Kind), kindPlace(b.Kind))
		case "state":
			order = cmp.Compare(slices.Index(standings, standing(a, today)), slices.Index(standings, standing(b, today)))
		case "since":
			order = cmp.Compare(a.MemberSince, b.MemberSince)
		default:
			order = cmp.Compare(lang.Fold(a.Name), lang.Fold(b.Name))
		}
		if l.Desc {
			return -order
		}
		return order
	})
	return l, asked, nil
}

// bodyHas looks for every word of a text in what a body is called and known by.
func bodyHas(m network.Member, text string) bool {
	hay := lang.Fold(strings.Join(append([]string{m.Name, m.AlternateName, m.IPA, m.TaxID}, m.Aliases...), " "))
	for _, word := range strings.Fields(lang.Fold(text)) {
		if !strings.Contains(hay, word) {
			return false
		}
	}
	return true
}

// page gives the rows of the page that a list asks for.
func page[T any](l ui.List, all []T) []T {
	from := min(l.Offset(), len(all))
	return all[from:min(from+l.Size, len(all))]
}

func (p *pages) getBodies(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l, all, err := p.bodiesAsked(r)
	if err != nil {
		return err
	}
	t := ui.TableView{
		Caption: ui.T(ctx, "network.office.bodies"), List: l, Total: len(all),
		Columns: []ui.Column{
			{Name: "name", Title: ui.T(ctx, "network.field.name")}, {Name: "kind", Title: ui.T(ctx, "network.field.kind")},
			{Name: "state", Title: ui.T(ctx, "network.field.state")}, {Name: "since", Title: ui.T(ctx, "network.field.member_since"), Spare: true},
		},
	}
	today := p.Network.Today()
	for _, m := range page(l, all) {
		small := m.IPA
		if m.Example {
			small = ui.T(ctx, "organization.example")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: m.Name, Lang: lang.Default, Href: web.Path(ctx, bodyPath(m.ID)), Small: small}, {Text: kindName(ctx, m.Kind)},
			{Body: standingMark(standing(m, today))}, {Text: shortDay(ctx, m.MemberSince)},
		}})
	}
	head := ui.OfficeHead{
		Title: ui.T(ctx, "network.office.bodies"), Help: "network.help.bodies", Crumbs: []ui.Link{{Text: ui.T(ctx, "network.office.bodies")}},
		Actions: listActions("network-bodies", l, "/office/network/new", p.may(r, "network.body.create")),
	}
	return p.office(w, r, http.StatusOK, head, bodiesPage(l, t))
}

func bodyPath(id string) string { return "/office/network/" + id }

// may says whether whoever asks may do an action on something.
func (p *pages) may(r *http.Request, action string) bool {
	return p.Network.Guard.May(actorOf(r), action)
}

func (p *pages) getBodiesFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	_, all, err := p.bodiesAsked(r)
	if err != nil {
		return err
	}
	titles := []string{"id"}
	for _, name := range []string{"name", "alternate_name", "kind", "state", "member_since", "member_until", "closed_on", "ipa", "tax_id", "parent", "territories", "email", "website", "address"} {
		titles = append(titles, ui.T(ctx, "network.field."+name))
	}
	rows := [][]string{titles}
	today := p.Network.Today()
	for _, m := range all {
		rows = append(rows, []string{
			m.ID, m.Name, m.AlternateName, kindName(ctx, m.Kind), ui.T(ctx, "network.state."+standing(m, today)), m.MemberSince, m.MemberUntil, m.ClosedOn,
			m.IPA, m.TaxID, m.ParentOrganizationID, territoryNames(m.Territories), m.Email, m.Website, m.Address,
		})
	}
	return web.Sheet(w, r, "enti", rows)
}

// tabs are the parts of the record of a body that this person may open.
func (p *pages) tabs(r *http.Request, m network.Member, current string) []ui.Tab {
	return p.tabsOf(r, bodyPath(m.ID), current, []string{"network.body.read", "network.body.edit", "network.body.history"}, accessOf(m))
}

func (p *pages) bodyHead(r *http.Request, m network.Member, current string) ui.OfficeHead {
	ctx := r.Context()
	return ui.OfficeHead{
		Title: m.Name, Lang: lang.Default, Badge: standingMark(standing(m, p.Network.Today())), Tabs: p.tabs(r, m, current),
		Crumbs: []ui.Link{{Text: ui.T(ctx, "network.office.bodies"), Href: web.Path(ctx, "/office/network")}, {Text: m.Name}},
	}
}

func (p *pages) getBody(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := p.Network.Body(ctx, actorOf(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := organizationView{Body: m.Organization, Profile: m.Profile, Today: p.Network.Today()}
	if err := p.around(ctx, &v); err != nil {
		return err
	}
	list := bodyFacts(ctx, v)
	f := facts{ctx: ctx}
	f.add(ui.T(ctx, "network.field.kind"), kindName(ctx, m.Kind), "")
	f.part(m.Referent != (network.Person{}), ui.T(ctx, "network.field.referent"), officer(m.Referent))
	f.add(ui.T(ctx, "network.field.tax_id"), m.TaxID, "")
	f.add(ui.T(ctx, "network.field.source"), m.Source, "")
	f.add(ui.T(ctx, "network.field.closed_on"), dayText(web.Words(ctx), m.ClosedOn), "")
	if m.MergedInto != "" {
		into, err := network.OrganizationByID(ctx, p.Network.DB, m.MergedInto)
		if err != nil {
			return err
		}
		f.part(true, ui.T(ctx, "network.state.merged"), officeLink(bodyPath(into.ID), into.Name))
	}
	head := p.bodyHead(r, m, "")
	var merges []network.Merge
	if p.Network.Guard.Allows(ctx, actorOf(r), "network.body.history", accessOf(m)) {
		if merges, err = p.Network.Merges(ctx, actorOf(r), m.ID); err != nil {
			return err
		}
	}
	head.Actions = bodyActions(m, p.bodyRights(r, m))
	return p.office(w, r, http.StatusOK, head, bodyPage(v, append(f.list, list...), p.mergeRows(r, m, merges)))
}

// rights are what a person may do with a body.
type rights struct{ close, reopen, merge bool }

func (p *pages) bodyRights(r *http.Request, m network.Member) rights {
	allows := func(action string) bool { return p.Network.Guard.Allows(r.Context(), actorOf(r), action, accessOf(m)) }
	return rights{
		close: allows("network.body.close") && m.ClosedOn == "" && m.MergedInto == "", reopen: allows("network.body.reopen") && m.ClosedOn != "",
		merge: allows("network.body.merge") && m.MergedInto == "",
	}
}

// mergeRow is a merge as it is shown, with the way back.
type mergeRow struct {
	network.Merge
	Other  string
	ID     string
	Undoes bool
}

func (p *pages) mergeRows(r *http.Request, m network.Member, merges []network.Merge) []mergeRow {
	var rows []mergeRow
	for _, one := range merges {
		other := one.From
		if other == m.ID {
			other = one.Into
		}
		row := mergeRow{Merge: one, Other: other, ID: one.ID, Undoes: one.UndoneAt.IsZero() && p.bodyRights(r, network.Member{Organization: m.Organization}).merge}
		if o, err := network.OrganizationByID(r.Context(), p.Network.DB, other); err == nil {
			row.Other = o.Name
		}
		rows = append(rows, row)
	}
	return rows
}
