// SPDX-License-Identifier: EUPL-1.2

package registerweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"approdo/internal/base/register"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// entry is a line of the register, declared or of a body, in the language of the page.
type entry struct {
	ID        string // of the address
	Declared  bool
	Member    string
	Name      string
	Facts     [][2]string // name of the field, text
	Sensitive bool
	EndedOn   string
	Tables    []string
}

func declared(ctx context.Context, d register.Declared) entry {
	l := web.Lang(ctx)
	return entry{
		ID: d.Code, Declared: true, Name: d.Name.In(l), Sensitive: d.Sensitive, Tables: d.Tables,
		Facts: [][2]string{
			{"purpose", d.Purpose.In(l)}, {"basis", d.Basis.In(l)}, {"persons", d.Persons.In(l)}, {"data", d.Data.In(l)}, {"recipients", d.Recipients.In(l)},
			{"transfers", ui.T(ctx, "register.no_transfers")}, {"kept", d.Kept.In(l)}, {"measures", d.Measures.In(l)},
		},
	}
}

func own(p register.Processing, member string) entry {
	return entry{
		ID: p.ID, Member: member, Name: p.Name, Sensitive: p.Sensitive, EndedOn: p.EndedOn,
		Facts: [][2]string{
			{"purpose", p.Purpose}, {"basis", p.Basis}, {"persons", p.Persons}, {"data", p.Data}, {"recipients", p.Recipients}, {"transfers", p.Transfers},
			{"kept", p.Kept}, {"measures", p.Measures}, {"processor", p.Processor},
		},
	}
}

// entries are the whole register as the actor may read it: what the program does, then what bodies
// have entered.
func (p *pages) entries(r *http.Request) ([]entry, error) {
	list, err := p.Register.Processings(r.Context(), actorOf(r))
	if err != nil {
		return nil, err
	}
	return p.entriesOf(r, list)
}

// entriesOf puts what bodies entered behind what the program declares.
func (p *pages) entriesOf(r *http.Request, list []register.Processing) ([]entry, error) {
	ctx := r.Context()
	ids := []string{actorOf(r).Member}
	for _, one := range list {
		ids = append(ids, one.Member)
	}
	names, err := p.names(ctx, ids)
	if err != nil {
		return nil, err
	}
	program, err := p.Register.Declarations(ctx, actorOf(r))
	if err != nil {
		return nil, err
	}
	var all []entry
	for _, d := range program {
		all = append(all, declared(ctx, d))
	}
	for _, one := range list {
		all = append(all, own(one, names[one.Member]))
	}
	return all, nil
}

func (p *pages) names(ctx context.Context, ids []string) (map[string]string, error) {
	if p.Bodies == nil {
		return nil, nil
	}
	return p.Bodies(ctx, ids)
}

func (p *pages) getProcessings(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := p.entries(r)
	if err != nil {
		return err
	}
	t := ui.TableView{Caption: ui.T(ctx, "register.processings"), Plain: true, Columns: []ui.Column{
		{Title: ui.T(ctx, "register.field.name")}, {Title: ui.T(ctx, "register.field.purpose"), Spare: true}, {Title: ui.T(ctx, "register.field.from")},
	}}
	for _, e := range all {
		from := ui.T(ctx, "register.by_program")
		if !e.Declared {
			from = e.Member
		}
		small := ""
		if e.Sensitive {
			small = ui.T(ctx, "register.sensitive")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: e.Name, Href: web.Path(ctx, "/office/processings/"+e.ID), Small: small}, {Text: e.Facts[0][1]}, {Text: from, Small: e.EndedOn},
		}})
	}
	head := ui.OfficeHead{
		Title: ui.T(ctx, "register.processings"), Help: "register.help.processings", Crumbs: []ui.Link{{Text: ui.T(ctx, "register.processings")}},
		Actions: processingActions(p.Register.Guard.May(actorOf(r), "register.processing.write")),
	}
	return p.office(w, r, http.StatusOK, head, ui.Table(t))
}

func (p *pages) getProcessingsFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := p.Register.ExportProcessings(ctx, actorOf(r))
	if err != nil {
		return err
	}
	all, err := p.entriesOf(r, list)
	if err != nil {
		return err
	}
	fields := []string{"purpose", "basis", "persons", "data", "recipients", "transfers", "kept", "measures", "processor"}
	titles := []string{ui.T(ctx, "register.field.name"), ui.T(ctx, "register.field.from")}
	for _, name := range fields {
		titles = append(titles, ui.T(ctx, "register.field."+name))
	}
	rows := [][]string{append(titles, ui.T(ctx, "register.field.ended_on"))}
	for _, e := range all {
		from := e.Member
		if e.Declared {
			from = ui.T(ctx, "register.by_program")
		}
		row := []string{e.Name, from}
		said := map[string]string{}
		for _, f := range e.Facts {
			said[f[0]] = f[1]
		}
		for _, name := range fields {
			row = append(row, said[name])
		}
		rows = append(rows, append(row, e.EndedOn))
	}
	return web.Sheet(w, r, "registro-trattamenti", rows)
}

// entryAt is the entry that an address names, with the one of a body as it is kept.
func (p *pages) entryAt(r *http.Request) (entry, register.Processing, error) {
	ctx, id := r.Context(), r.PathValue("id")
	if d, err := p.Register.Declaration(ctx, actorOf(r), id); err == nil {
		return declared(ctx, d), register.Processing{}, nil
	}
	one, err := p.Register.Processing(ctx, actorOf(r), id)
	if err != nil {
		return entry{}, one, err
	}
	names, err := p.names(ctx, []string{one.Member})
	return own(one, names[one.Member]), one, err
}

func (p *pages) entryHead(r *http.Request, title string, more ...ui.Link) ui.OfficeHead {
	ctx := r.Context()
	crumbs := []ui.Link{{Text: ui.T(ctx, "register.processings"), Href: web.Path(ctx, "/office/processings")}}
	if len(more) == 0 {
		more = []ui.Link{{Text: title}}
	}
	return ui.OfficeHead{Title: title, Crumbs: append(crumbs, more...)}
}

func (p *pages) getProcessing(w http.ResponseWriter, r *http.Request) error {
	e, one, err := p.entryAt(r)
	if err != nil {
		return err
	}
	head := p.entryHead(r, e.Name)
	head.Actions, head.Tabs = entryActions(e, !e.Declared && p.writes(r, one)), p.entryTabs(r, e, "")
	return p.office(w, r, http.StatusOK, head, entryPage(e))
}

func (p *pages) writes(r *http.Request, one register.Processing) bool {
	return actorOf(r).Member == one.Member && p.Register.Guard.May(actorOf(r), "register.processing.write")
}

// getAssessment is the template of an impact assessment (art. 35(7) GDPR), filled in as far as the
// register knows, to be printed or copied.
func (p *pages) getAssessment(w http.ResponseWriter, r *http.Request) error {
	e, _, err := p.entryAt(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	title := ui.T(ctx, "register.assessment")
	head := p.entryHead(r, title, ui.Link{Text: e.Name, Href: web.Path(ctx, "/office/processings/"+e.ID)}, ui.Link{Text: title})
	head.Lead, head.Actions = e.Name, ui.PrintButton()
	return p.office(w, r, http.StatusOK, head, assessmentPage(e))
}

func processingValues(p register.Processing) url.Values {
	v := url.Values{"version": {strconv.FormatInt(p.Version, 10)}}
	for _, f := range own(p, "").Facts {
		v.Set(f[0], f[1])
	}
	v.Set("name", p.Name)
	v.Set("ended_on", p.EndedOn)
	if p.Sensitive {
		v.Set("sensitive", "yes")
	}
	return v
}

func (p *pages) getProcessingForm(w http.ResponseWriter, r *http.Request) error {
	one := register.Processing{}
	if id := r.PathValue("id"); id != "" {
		var err error
		if one, err = p.Register.Processing(r.Context(), actorOf(r), id); err != nil {
			return err
		}
	}
	return p.showProcessing(w, r, http.StatusOK, p.processingForm(r, processingValues(one)))
}

func (p *pages) processingForm(r *http.Request, values url.Values) formView {
	ctx := r.Context()
	v := formView{Values: values}
	v.Action, v.Cancel = ui.Href(ctx, "/office/processings/new"), ui.Href(ctx, "/office/processings")
	if id := r.PathValue("id"); id != "" {
		v.Action, v.Cancel = ui.Href(ctx, "/office/processings/"+id+"/edit"), ui.Href(ctx, "/office/processings/"+id)
	}
	return v
}

func (p *pages) showProcessing(w http.ResponseWriter, r *http.Request, status int, v formView) error {
	v.Hidden = []ui.Pair{{Name: "version", Value: v.Values.Get("version")}}
	head := p.entryHead(r, ui.T(r.Context(), "register.own_processing"))
	head.Narrow = true
	return p.office(w, r, status, head, processingFormPage(v))
}

func (p *pages) postProcessing(w http.ResponseWriter, r *http.Request) error {
	v, err := sent(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	one := register.Processing{
		ID: r.PathValue("id"), Name: v.Get("name"), Purpose: v.Get("purpose"), Basis: v.Get("basis"), Persons: v.Get("persons"), Data: v.Get("data"),
		Recipients: v.Get("recipients"), Transfers: v.Get("transfers"), Kept: v.Get("kept"), Measures: v.Get("measures"), Processor: v.Get("processor"),
		Sensitive: v.Get("sensitive") != "", EndedOn: v.Get("ended_on"), Version: versionIn(v),
	}
	saved, err := p.Register.SaveProcessing(ctx, actorOf(r), one)
	if err != nil {
		form := p.processingForm(r, v)
		var stored url.Values
		if one.ID != "" {
			now, err := p.Register.Processing(ctx, actorOf(r), one.ID)
			if err != nil {
				return err
			}
			stored = processingValues(now)
		}
		status, failed := form.again(r, err, stored, processingFields)
		if failed != nil {
			return failed
		}
		return p.showProcessing(w, r, status, form)
	}
	ui.Flash(w, r, ui.Success, "register.said.saved", 1)
	return web.Redirect(w, r, web.Path(ctx, "/office/processings/"+saved.ID))
}
