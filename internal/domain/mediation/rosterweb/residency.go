// SPDX-License-Identifier: EUPL-1.2

package rosterweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// hereView is who is in an office today.
type hereView struct {
	words lang.Words
	List  []hereCard
}

type hereCard struct {
	roster.Present
	Body  string
	Hours string
	Taken string
	Can   string
}

func (p *Pages) getHere(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := p.Roster.HereToday(ctx, access.From(ctx))
	if err != nil {
		return err
	}
	names, err := p.bodyNames(ctx)
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := hereView{words: words}
	for _, one := range list {
		c := hereCard{Present: one, Body: names[one.Member], Hours: hoursOf(words, one.Today), Taken: hoursOf(words, one.Taken)}
		var can []string
		for _, s := range one.Skills {
			can = append(can, words.Text("mediation.skill."+s.Code))
		}
		c.Can = strings.Join(can, ", ")
		v.List = append(v.List, c)
	}
	head := ui.OfficeHead{Title: said(r, "roster.here.title"), Lead: said(r, "roster.here.lead"), Crumbs: crumbs(r, link(ctx, "roster.here.title", "")),
		Actions: ui.ButtonLink(ui.Secondary, ui.Href(ctx, residencies), said(r, "roster.residency.all"), "calendar")}
	return p.show(w, r, http.StatusOK, head, herePage(v))
}

func hoursOf(w lang.Words, list []calendar.Interval) string {
	var parts []string
	for _, i := range list {
		parts = append(parts, w.Time(inItaly(i.From))+"–"+w.Time(inItaly(i.To)))
	}
	return strings.Join(parts, ", ")
}

func (p *Pages) getResidencies(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	words := web.Words(ctx)
	from := calendar.DayOf(p.Clock(), calendar.Rome())
	past := r.FormValue("past") != ""
	if past {
		from -= 3 * 366
	}
	list, err := p.Roster.Residencies(ctx, access.From(ctx), from)
	if err != nil {
		return err
	}
	names, err := p.bodyNames(ctx)
	if err != nil {
		return err
	}
	v := ui.TableView{Plain: true, Caption: said(r, "roster.residency.title"), Empty: ui.Empty("calendar", said(r, "roster.residency.none")), Columns: []ui.Column{
		{Title: said(r, "mediation.name")}, {Title: said(r, "roster.residency.office")}, {Title: said(r, "roster.residency.weeks")}, {Title: said(r, "mediation.hours"), Spare: true}, {Title: said(r, "roster.residency.neighbours"), Spare: true},
	}}
	for _, one := range list {
		cell := ui.Cell{Text: one.Name, Small: names[one.Member]}
		if one.Edits {
			cell.Href = web.Path(ctx, residencies+"/"+one.ID)
		}
		var hours, others []string
		for _, d := range hoursSaid(words, one.Hours) {
			hours = append(hours, d.Term+" "+d.Text)
		}
		for _, id := range one.Neighbours {
			others = append(others, names[id])
		}
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{cell, {Text: placeOf(one.Office)}, {Text: spanOf(words, one.From, one.Until)}, {Text: strings.Join(hours, "; ")}, {Text: strings.Join(others, ", ")}}})
	}
	head := ui.OfficeHead{Title: said(r, "roster.residency.title"), Lead: said(r, "roster.residency.lead"), Crumbs: crumbs(r, link(ctx, "roster.residency.title", "")), Active: base + "/here"}
	if p.Guard.May(access.From(ctx), "mediation.residency.edit") {
		head.Actions = ui.ButtonLink(ui.Primary, ui.Href(ctx, residencies+"/new"), said(r, "roster.residency.new"), "plus")
	}
	return p.show(w, r, http.StatusOK, head, residenciesPage(v, past))
}

// residencyForm is the form of a residency.
type residencyForm struct {
	form
	ID         string
	Who        string // of a residency that is there: the mediator does not change
	Mediators  []ui.Option
	Neighbours []ui.Option
	Charges    []ui.Option
}

func (p *Pages) getResidency(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := residencyForm{form: emptyForm(r), ID: r.PathValue("id")}
	if f.ID != "" {
		one, err := p.Roster.Residency(ctx, access.From(ctx), f.ID)
		if err != nil {
			return err
		}
		if !one.Edits {
			return access.Missing()
		}
		f.Who = one.Name
		f.typed = mediation.TypedWeek(one.Hours)
		for name, value := range map[string]string{
			"from": one.From.String(), "until": one.Until.String(), "where": one.Office.Name, "address": one.Office.Address, "comune": comuneOf(one.Office), "notes": one.Notes,
			"charge": charge(one.Project, one.Activity), "version": versionText(one.Version), "mediator": one.Mediator,
		} {
			f.typed.Set(name, value)
		}
		f.typed["neighbours"] = one.Neighbours
	} else {
		f.typed.Set("mediator", r.FormValue("mediator"))
	}
	return p.showResidency(w, r, http.StatusOK, f)
}

// charge is an activity of a project as one value of a choice.
func charge(project, activity string) string {
	if project == "" {
		return ""
	}
	return project + "/" + activity
}

func (p *Pages) showResidency(w http.ResponseWriter, r *http.Request, status int, f residencyForm) error {
	ctx := r.Context()
	actor := access.From(ctx)
	bodies, err := p.Members(ctx)
	if err != nil {
		return err
	}
	for _, o := range bodies {
		if o.ID != actor.Member {
			f.Neighbours = append(f.Neighbours, ui.Option{Value: o.ID, Text: o.Name})
		}
	}
	if f.ID == "" {
		list, _, err := p.Mediation.Roster(ctx, actor, mediation.RosterQuery{Standing: mediation.Listed, Size: 500})
		if err != nil {
			return err
		}
		f.Mediators = []ui.Option{{Text: said(r, "roster.apply.pick")}}
		for _, m := range list {
			f.Mediators = append(f.Mediators, ui.Option{Value: m.ID, Text: m.Name + " – " + tonguesOf(f.words, m.Languages)})
		}
	}
	if f.Charges, err = p.charges(ctx, actor.Member); err != nil {
		return err
	}
	title := said(r, "roster.residency.new")
	if f.Who != "" {
		title = f.Who
	}
	head := ui.OfficeHead{Title: title, Narrow: true, Active: base + "/here", Crumbs: crumbs(r, link(ctx, "roster.residency.title", residencies), ui.Link{Text: title})}
	return p.show(w, r, status, head, residencyPage(f))
}

// charges are the activities for mediation of the projects that a body has a part in.
func (p *Pages) charges(ctx context.Context, member string) ([]ui.Option, error) {
	projects, err := p.Projects(ctx)
	if err != nil {
		return nil, err
	}
	list := []ui.Option{{Text: web.Words(ctx).Text("roster.residency.no_charge")}}
	for _, one := range projects {
		if !slices.Contains(one.Bodies(), member) {
			continue
		}
		list = append(list, ui.Option{Value: charge(one.Code, ""), Text: one.Code})
		for _, a := range one.Activities {
			if a.ID != "" {
				list = append(list, ui.Option{Value: charge(one.Code, a.ID), Text: one.Code + " – " + a.What})
			}
		}
	}
	return list, nil
}

func (p *Pages) postResidency(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	f := residencyForm{form: typed, ID: r.PathValue("id")}
	old := roster.Residency{}
	if f.ID != "" {
		if old, err = p.Roster.Residency(ctx, access.From(ctx), f.ID); err != nil {
			return err
		}
		f.Who = old.Name
	}
	one := roster.Residency{ID: f.ID, Version: f.version(), Mediator: f.text("mediator"), From: f.day("from"), Until: f.day("until"), Neighbours: f.typed["neighbours"]}
	one.Project, one.Activity, _ = strings.Cut(f.text("charge"), "/")
	one.Notes = f.text("notes")
	if one.Office, err = f.place(); err == nil {
		if one.Hours, err = mediation.ReadWeek(f.typed, old.Hours); err == nil {
			_, err = p.Roster.KeepResidency(ctx, access.From(ctx), one)
		}
	}
	if f.again(r, err) {
		return p.showResidency(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "roster.residency.saved", 1)
	return web.Redirect(w, r, web.Path(ctx, residencies))
}

func (p *Pages) postEnd(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err := p.Roster.EndResidency(ctx, access.From(ctx), r.PathValue("id"), f.version()); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "roster.residency.ended", 1)
	return web.Redirect(w, r, web.Path(ctx, residencies))
}

func (p *Pages) getPostings(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	words := web.Words(ctx)
	list, err := p.Roster.Postings(ctx, access.From(ctx), calendar.DayOf(p.Clock(), calendar.Rome()))
	if err != nil {
		return err
	}
	names, err := p.bodyNames(ctx)
	if err != nil {
		return err
	}
	v := ui.TableView{Plain: true, Caption: said(r, "roster.posting.title"), Empty: ui.Empty("team", said(r, "roster.posting.none")), Columns: []ui.Column{
		{Title: said(r, "mediation.name")}, {Title: said(r, "roster.posting.host")}, {Title: said(r, "roster.residency.office")}, {Title: said(r, "roster.residency.weeks")}, {Title: said(r, "mediation.hours"), Spare: true},
	}}
	for _, one := range list {
		cell := ui.Cell{Text: one.Name, Small: names[one.Member]}
		if one.Edits {
			cell.Href = web.Path(ctx, postings+"/"+one.ID)
		}
		var hours []string
		for _, d := range hoursSaid(words, one.Hours) {
			hours = append(hours, d.Term+" "+d.Text)
		}
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{cell, {Text: names[one.Host]}, {Text: placeOf(one.Office)}, {Text: spanOf(words, one.From, one.Until)}, {Text: strings.Join(hours, "; ")}}})
	}
	head := ui.OfficeHead{Title: said(r, "roster.posting.title"), Lead: said(r, "roster.posting.lead"), Crumbs: []ui.Link{link(ctx, "roster.posting.title", "")}}
	if p.Guard.May(access.From(ctx), "mediation.posting.edit") {
		head.Actions = ui.ButtonLink(ui.Primary, ui.Href(ctx, postings+"/new"), said(r, "roster.posting.new"), "plus")
	}
	return p.show(w, r, http.StatusOK, head, ui.Table(v))
}

type postingForm struct {
	form
	ID    string
	Hosts []ui.Option
}

func (p *Pages) getPosting(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := postingForm{form: emptyForm(r), ID: r.PathValue("id")}
	if f.ID != "" {
		one, err := p.Roster.Posting(ctx, access.From(ctx), f.ID)
		if err != nil {
			return err
		}
		if !one.Edits {
			return access.Missing()
		}
		f.typed = mediation.TypedWeek(one.Hours)
		for name, value := range map[string]string{
			"name": one.Name, "host": one.Host, "from": one.From.String(), "until": one.Until.String(), "where": one.Office.Name, "address": one.Office.Address, "comune": comuneOf(one.Office),
			"notes": one.Notes, "project": one.Project, "version": versionText(one.Version),
		} {
			f.typed.Set(name, value)
		}
	}
	return p.showPosting(w, r, http.StatusOK, f)
}

func (p *Pages) showPosting(w http.ResponseWriter, r *http.Request, status int, f postingForm) error {
	ctx := r.Context()
	bodies, err := p.Members(ctx)
	if err != nil {
		return err
	}
	f.Hosts = []ui.Option{{Text: said(r, "roster.apply.pick")}}
	for _, o := range bodies {
		f.Hosts = append(f.Hosts, ui.Option{Value: o.ID, Text: o.Name})
	}
	title := said(r, "roster.posting.new")
	if f.ID != "" {
		title = f.text("name")
	}
	head := ui.OfficeHead{Title: title, Narrow: true, Active: postings, Crumbs: []ui.Link{link(ctx, "roster.posting.title", postings), {Text: title}}}
	return p.show(w, r, status, head, postingPage(f))
}

func (p *Pages) postPosting(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	f := postingForm{form: typed, ID: r.PathValue("id")}
	old := roster.Posting{}
	if f.ID != "" {
		if old, err = p.Roster.Posting(ctx, access.From(ctx), f.ID); err != nil {
			return err
		}
	}
	one := roster.Posting{ID: f.ID, Version: f.version(), Host: f.text("host"), Name: f.text("name"), From: f.day("from"), Until: f.day("until"), Project: f.text("project"), Notes: f.text("notes")}
	if one.Office, err = f.place(); err == nil {
		if one.Hours, err = mediation.ReadWeek(f.typed, old.Hours); err == nil {
			_, err = p.Roster.KeepPosting(ctx, access.From(ctx), one)
		}
	}
	if f.again(r, err) {
		return p.showPosting(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "roster.posting.saved", 1)
	return web.Redirect(w, r, web.Path(ctx, postings))
}
