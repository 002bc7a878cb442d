// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"net/http"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/need"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/sheet"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// listView is the page of the list.
type listView struct {
	Table   ui.TableView
	Filter  ui.FilterView
	Selects []ui.SelectView
	Export  string
	Rules   bool // may say what the body asks of its editors
}

// asked reads the filter of the address.
func asked(l ui.List) directory.SummaryFilter {
	return directory.SummaryFilter{
		Query: l.Text, State: l.Filter("state"), Status: l.Filter("status"), Need: l.Filter("need"), Body: l.Filter("body"),
		Lacks: l.Filter("lacks"), Outdated: l.Filter("outdated"), Due: l.Filter("due"),
		Sort: l.Sort, Down: l.Desc, Page: l.Page, Size: l.Size,
	}
}

func (p *Pages) getList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l := ui.ReadList(r, directory.SortName, "-"+directory.SortModified, directory.SortDue)
	list, total, err := p.Directory.Summaries(ctx, access.From(ctx), asked(l))
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := listView{Export: path(ctx, "export") + "?" + l.Query.Encode(), Selects: p.filters(r, l), Rules: p.may(r, "directory.rule.edit")}
	v.Filter = ui.FilterView{List: l, Label: text(r, "census.search"), Active: active(words, v.Selects, l)}
	v.Table = ui.TableView{
		Caption: text(r, "census.menu.services"), List: l, Total: total, BulkTo: ui.Href(ctx, "/office/services/bulk"),
		Columns: []ui.Column{{Name: directory.SortName, Title: text(r, "census.f.name")}, {Title: text(r, "census.col.state")}, {Title: text(r, "census.col.languages"), Spare: true},
			{Name: directory.SortDue, Title: text(r, "census.col.due")}, {Name: directory.SortModified, Title: text(r, "census.col.modified"), Spare: true}},
	}
	if p.may(r, "directory.service.publish") {
		v.Table.Bulk = []ui.BulkAction{{Name: "change", Text: text(r, "census.do.bulk")}, {Name: "export", Text: text(r, "census.do.export")}}
	}
	for _, m := range list {
		v.Table.Rows = append(v.Table.Rows, p.rowOf(r, m))
	}
	head := ui.OfficeHead{Title: text(r, "census.menu.services"), Crumbs: []ui.Link{{Text: text(r, "census.menu.services")}}, Help: "census.help.list"}
	if p.may(r, "directory.service.create") {
		head.Actions = ui.ButtonLink(ui.Primary, ui.Href(ctx, "/office/services/new"), text(r, "census.do.new"), "")
	}
	return p.show(w, r, http.StatusOK, head, listPage(v))
}

func (p *Pages) rowOf(r *http.Request, m directory.Summary) ui.Row {
	words := web.Words(r.Context())
	due := day(words, m.Due)
	if due == "" && m.Published {
		due = text(r, "census.never")
	}
	languages := strings.Join(m.Languages, " ")
	if len(m.Outdated) > 0 {
		languages += " · " + words.Text("census.outdated_in", "list", strings.Join(m.Outdated, " "))
	}
	at := m.ModifiedAt.In(zone())
	row := ui.Row{ID: m.ID, Cells: []ui.Cell{
		{Text: m.Name, Lang: "it", Href: path(r.Context(), m.ID), Small: m.BodyName},
		{Body: stateBadge(words, m)}, {Text: languages}, {Text: due}, {Text: words.Date(at, lang.Short)},
	}}
	if m.Published && m.Due < p.now().Format("2006-01-02") {
		row.Level = ui.Warning
	}
	return row
}

// filters are the lists to choose from above the table.
func (p *Pages) filters(r *http.Request, l ui.List) []ui.SelectView {
	w := web.Words(r.Context())
	one := func(name string, options ...ui.Option) ui.SelectView {
		options = append([]ui.Option{{Value: "", Text: w.Text("census.all")}}, options...)
		for i := range options {
			options[i].Selected = options[i].Value == l.Filter(name)
		}
		return ui.SelectView{ID: "filter-" + name, Name: name, Label: w.Text("census.filter." + name), Options: options}
	}
	said := func(prefix string, values ...string) []ui.Option {
		list := make([]ui.Option, len(values))
		for i, value := range values {
			list[i] = ui.Option{Value: value, Text: w.Text(prefix + strings.ReplaceAll(value, " ", "_"))}
		}
		return list
	}
	var needs, tongues []ui.Option
	for _, n := range need.All() {
		needs = append(needs, ui.Option{Value: n.Code, Text: n.Name(w.Lang())})
	}
	for _, code := range lang.All {
		tongues = append(tongues, ui.Option{Value: code, Text: lang.Name(w.Lang(), code)})
	}
	list := []ui.SelectView{
		one("state", said("census.state.", directory.DraftOpen, directory.DraftReview, directory.DraftScheduled, "none", "new")...),
		one("status", said("census.status.", directory.Statuses...)...),
		one("due", said("census.due.", "overdue", "soon")...), one("need", needs...), one("lacks", tongues...), one("outdated", tongues...),
	}
	bodies, err := p.bodies(r)
	if err == nil && len(bodies) > 1 {
		list = append(list, one("body", bodies...))
	}
	return list
}

// bodies are those whose services the actor may create: what the list can be narrowed to.
func (p *Pages) bodies(r *http.Request) ([]ui.Option, error) {
	all, err := p.Directory.BodiesFor(r.Context(), access.From(r.Context()), "directory.service.list")
	options := make([]ui.Option, len(all))
	for i, o := range all {
		options[i] = ui.Option{Value: o.ID, Text: o.Name, Lang: "it"}
	}
	return options, err
}

// active are the filters that are set.
func active(w lang.Words, selects []ui.SelectView, l ui.List) []ui.ActiveFilter {
	var list []ui.ActiveFilter
	for _, s := range selects {
		for _, o := range s.Options {
			if o.Selected && o.Value != "" {
				list = append(list, ui.ActiveFilter{Text: s.Label + ": " + o.Text, Href: l.With(s.Name, "")})
			}
		}
	}
	return list
}

// getExport writes the lines of the list, with its filter, as a table.
func (p *Pages) getExport(w http.ResponseWriter, r *http.Request) error {
	return p.export(w, r, asked(ui.ReadList(r, directory.SortName)))
}

// mostExported is how many lines one table holds: more are open data, which have downloads of their own.
const mostExported = 20_000

func (p *Pages) export(w http.ResponseWriter, r *http.Request, f directory.SummaryFilter) error {
	ctx := r.Context()
	var lines [][]string
	f.Size = 500
	for f.Page = 1; len(lines) < mostExported; f.Page++ {
		list, _, err := p.Directory.Summaries(ctx, access.From(ctx), f)
		if err != nil {
			return err
		}
		for _, m := range list {
			lines = append(lines, []string{m.ID, m.Name, m.BodyName, m.State, m.Status, strings.Join(m.Needs, " "), strings.Join(m.Languages, " "), strings.Join(m.Outdated, " "), m.Due, m.ModifiedAt.In(zone()).Format("2006-01-02 15:04")})
		}
		if len(list) < f.Size {
			break
		}
	}
	head := []string{"id"}
	for _, key := range []string{"name", "body", "state", "status", "needs", "languages", "outdated", "due", "modified"} {
		head = append(head, text(r, "census.csv."+key))
	}
	w.Header().Set("Content-Type", sheet.CSVType)
	w.Header().Set("Content-Disposition", `attachment; filename="servizi.csv"`)
	return sheet.CSV(w, append([][]string{head}, lines...))
}

func (p *Pages) getNew(w http.ResponseWriter, r *http.Request) error {
	return p.newPage(w, r, http.StatusOK, nil)
}

// newPage asks for the title and the body, which is all that a working copy needs.
func (p *Pages) newPage(w http.ResponseWriter, r *http.Request, status int, err error) error {
	ctx := r.Context()
	bodies, failed := p.Directory.BodiesFor(ctx, access.From(ctx), "directory.service.create")
	if failed != nil {
		return failed
	}
	m, _ := ui.MistakesOf(r, err)
	v := newView{Mistakes: m, Name: r.PostForm.Get("name")}
	chosen := r.PostForm.Get("body")
	if chosen == "" {
		chosen = access.From(ctx).Member
	}
	for _, o := range bodies {
		v.Bodies = append(v.Bodies, ui.Option{Value: o.ID, Text: o.Name, Lang: "it", Selected: o.ID == chosen})
	}
	head := ui.OfficeHead{Title: text(r, "census.do.new"), Narrow: true, Active: "/office/services", Help: "census.help.new",
		Crumbs: []ui.Link{{Text: text(r, "census.menu.services"), Href: path(ctx)}, {Text: text(r, "census.do.new")}}}
	return p.show(w, r, status, head, newPageBody(v))
}

type newView struct {
	Mistakes ui.Mistakes
	Name     string
	Bodies   []ui.Option
}

func (p *Pages) postNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "census.form").Because(err)
	}
	d, err := p.Directory.Create(r.Context(), access.From(r.Context()), r.PostForm.Get("body"), r.PostForm.Get("name"))
	if fault.Is(err, fault.KindInvalid) {
		return p.newPage(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(r.Context(), d.Service.ID))
}
