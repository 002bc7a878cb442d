// SPDX-License-Identifier: EUPL-1.2

package rosterweb

import (
	"net/http"
	"net/url"
	"strconv"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func (p *Pages) getWindows(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	words := web.Words(ctx)
	list, err := p.Roster.Windows(ctx, access.From(ctx))
	if err != nil {
		return err
	}
	today := calendar.DayOf(p.Clock(), calendar.Rome())
	v := ui.TableView{Plain: true, Caption: said(r, "roster.window.title"), Empty: ui.Empty("calendar", said(r, "roster.window.none")), Columns: []ui.Column{
		{Title: said(r, "roster.window.name")}, {Title: said(r, "mediation.section"), Spare: true}, {Title: said(r, "roster.window.days")}, {Title: said(r, "mediation.state")}, {Title: said(r, "roster.applicants.title"), Hide: true},
	}}
	for _, one := range list {
		level, state := ui.Neutral, "roster.window.past"
		switch {
		case one.Open(today):
			level, state = ui.Success, "roster.window.open"
		case one.From > today:
			level, state = ui.Info, "roster.window.coming"
		}
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{
			{Text: one.Title, Href: web.Path(ctx, windowPath+"/"+one.ID), Small: one.Act}, {Text: said(r, "mediation.section."+string(one.Section))}, {Text: spanOf(words, one.From, one.Until)},
			{Body: ui.Status(level, said(r, state))}, {Text: said(r, "roster.applicants.title"), Href: web.Path(ctx, applicants) + "?window=" + one.ID},
		}})
	}
	head := ui.OfficeHead{Title: said(r, "roster.window.title"), Lead: said(r, "roster.window.lead"), Active: applicants, Crumbs: []ui.Link{link(ctx, "roster.applicants.title", applicants), link(ctx, "roster.window.title", "")},
		Actions: ui.ButtonLink(ui.Primary, ui.Href(ctx, windowPath+"/new"), said(r, "roster.window.new"), "plus")}
	return p.show(w, r, http.StatusOK, head, ui.Table(v))
}

// criteria is how many rows for criteria the form has, at least.
const criteria = 5

type windowForm struct {
	form
	ID   string
	Rows int
}

func (p *Pages) getWindow(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := windowForm{form: emptyForm(r), ID: r.PathValue("id"), Rows: criteria}
	if f.ID == "" {
		f.typed.Set("section", string(mediation.MediatorSection))
		return p.showWindow(w, r, http.StatusOK, f)
	}
	one, err := p.Roster.Window(ctx, access.From(ctx), f.ID)
	if err != nil {
		return err
	}
	for name, value := range map[string]string{
		"title": one.Title, "notice": one.Notice, "act": one.Act, "url": one.URL, "section": string(one.Section), "from": one.From.String(), "until": one.Until.String(),
		"pass": strconv.Itoa(one.Pass), "years": strconv.Itoa(one.Years), "version": versionText(one.Version),
	} {
		f.typed.Set(name, value)
	}
	for i, c := range one.Criteria {
		f.typed.Set("criterion."+strconv.Itoa(i), c.Name)
		f.typed.Set("most."+strconv.Itoa(i), strconv.Itoa(c.Most))
	}
	f.Rows = max(criteria, len(one.Criteria)+1)
	return p.showWindow(w, r, http.StatusOK, f)
}

func (p *Pages) showWindow(w http.ResponseWriter, r *http.Request, status int, f windowForm) error {
	ctx := r.Context()
	title := said(r, "roster.window.new")
	if f.ID != "" {
		title = f.text("title")
	}
	head := ui.OfficeHead{Title: title, Narrow: true, Active: applicants, Crumbs: []ui.Link{link(ctx, "roster.applicants.title", applicants), link(ctx, "roster.window.title", windowPath), {Text: title}}}
	return p.show(w, r, status, head, windowPage(f))
}

func (p *Pages) postWindow(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	one, rows := ReadWindow(typed.typed)
	one.ID = r.PathValue("id")
	f := windowForm{form: typed, ID: one.ID, Rows: max(criteria, rows)}
	_, err = p.Roster.KeepWindow(ctx, access.From(ctx), one)
	if f.again(r, err) {
		return p.showWindow(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "roster.window.saved", 1)
	return web.Redirect(w, r, web.Path(ctx, windowPath))
}

// ReadWindow reads the fields of a window. rows is how many rows of criteria it takes to show them again.
func ReadWindow(typed url.Values) (one roster.Window, rows int) {
	f := form{typed: typed}
	one = roster.Window{
		Version: f.version(), Section: mediation.Section(f.text("section")), From: f.day("from"), Until: f.day("until"),
		Title: f.text("title"), Notice: f.text("notice"), Act: f.text("act"), URL: f.text("url"), Pass: f.number("pass"), Years: f.number("years"),
	}
	for i := range 20 {
		n := strconv.Itoa(i)
		if name := f.text("criterion." + n); name != "" {
			one.Criteria = append(one.Criteria, roster.Criterion{Name: name, Most: f.number("most." + n)})
			rows = i + 2
		}
	}
	return one, rows
}

func (p *Pages) getPublication(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	one, err := p.Roster.Publication(ctx, access.From(ctx))
	if err != nil {
		return err
	}
	f := emptyForm(r)
	for name, value := range map[string]string{"rule": one.Rule, "url": one.URL, "note": one.Note, "version": versionText(one.Version)} {
		f.typed.Set(name, value)
	}
	if one.On {
		f.typed.Set("on", "1")
	}
	return p.showPublication(w, r, http.StatusOK, f)
}

func (p *Pages) showPublication(w http.ResponseWriter, r *http.Request, status int, f form) error {
	ctx := r.Context()
	head := ui.OfficeHead{Title: said(r, "roster.publication.title"), Lead: said(r, "roster.publication.lead"), Narrow: true, Active: applicants, Crumbs: crumbs(r, link(ctx, "roster.publication.title", "")),
		Actions: ui.ButtonLink(ui.Secondary, ui.Href(ctx, "/mediators"), said(r, "roster.publication.see"), "external")}
	return p.show(w, r, status, head, publicationPage(f))
}

func (p *Pages) postPublication(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if f.text("choice") != "on" { // no check mark means off only in a form that has one
		return fault.Invalid("", "mediation.form")
	}
	err = p.Roster.Publish(ctx, access.From(ctx), roster.Publication{Version: f.version(), On: f.text("on") != "", Rule: f.text("rule"), URL: f.text("url"), Note: f.text("note")})
	if f.again(r, err) {
		return p.showPublication(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "roster.publication.saved", 1)
	return web.Redirect(w, r, web.Path(ctx, publication))
}
