// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"net/http"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/need"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// bulkView chooses a change for many services, shows what it would do, and makes it.
type bulkView struct {
	IDs      []string
	Change   directory.BulkChange
	Kinds    []ui.Option
	Options  []ui.Option // values to choose from; none: a text
	Mistakes ui.Mistakes
	Plan     *directory.BulkPlan
	Table    ui.TableView
	Changed  bool // a service has changed since the preview
	words    lang.Words
}

// postBulk takes the marked rows of the list, then the kind of change, then its value, and asks
// before it is made: four sights of one form, which needs no script.
func (p *Pages) postBulk(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "census.form").Because(err)
	}
	ctx, actor, f := r.Context(), access.From(r.Context()), r.PostForm
	v := bulkView{IDs: f["id"], words: web.Words(ctx),
		Change: directory.BulkChange{Kind: f.Get("kind"), Value: strings.TrimSpace(f.Get("value")), Other: strings.TrimSpace(f.Get("other")), Note: strings.TrimSpace(f.Get("note"))}}
	if len(v.IDs) == 0 {
		ui.Flash(w, r, ui.Warning, "census.nothing_marked", 1)
		return web.Redirect(w, r, path(ctx))
	}
	do := f.Get("do")
	if do == "export" {
		return p.export(w, r, directory.SummaryFilter{IDs: v.IDs})
	}
	if v.Change.Kind == directory.BulkClosure && v.Change.Other == "" {
		v.Change.Other = v.Change.Value
	}
	status := http.StatusOK
	var err error
	var plan directory.BulkPlan
	switch {
	case do == "apply":
		if plan, err = p.Directory.ApplyBulk(ctx, actor, v.IDs, v.Change, f.Get("digest")); err == nil {
			ui.Flash(w, r, ui.Success, "census.done.bulk", plan.Change)
			return web.Redirect(w, r, path(ctx))
		}
		v.Changed = fault.Is(err, fault.KindConflict)
		if !v.Changed && !fault.Is(err, fault.KindInvalid) {
			return err
		}
		status = statusOf(err)
		v.Mistakes, _ = ui.MistakesOf(r, err)
		if v.Changed {
			v.Plan = &plan // it says what others changed
			return p.bulkPage(w, r, status, v)
		}
	case do == "preview":
	default:
		return p.bulkPage(w, r, http.StatusOK, v)
	}
	plan, err = p.Directory.PlanBulk(ctx, actor, v.IDs, v.Change)
	if m, ok := ui.MistakesOf(r, err); ok {
		v.Mistakes = m
		return p.bulkPage(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	v.Plan = &plan
	return p.bulkPage(w, r, status, v)
}

func (p *Pages) bulkPage(w http.ResponseWriter, r *http.Request, status int, v bulkView) error {
	for _, kind := range directory.BulkKinds {
		v.Kinds = append(v.Kinds, ui.Option{Value: kind, Text: text(r, "census.bulk."+kind), Selected: kind == v.Change.Kind})
	}
	v.Options = v.values()
	if v.Plan != nil {
		v.Table = ui.TableView{Plain: true, Caption: text(r, "census.preview"), Columns: []ui.Column{{Title: text(r, "census.f.name")}, {Title: text(r, "census.col.what")}}}
		for _, line := range v.Plan.Lines {
			v.Table.Rows = append(v.Table.Rows, v.row(r, line))
		}
	}
	head := ui.OfficeHead{Title: web.Words(r.Context()).Count("census.bulk_title", len(v.IDs)), Active: "/office/services", Help: "census.help.bulk",
		Crumbs: []ui.Link{{Text: text(r, "census.menu.services"), Href: path(r.Context())}, {Text: text(r, "census.do.bulk")}}}
	return p.show(w, r, status, head, bulkPage(v))
}

func (v bulkView) row(r *http.Request, line directory.BulkLine) ui.Row {
	cell := ui.Cell{Text: text(r, "census.bulk_same")}
	switch {
	case line.Refused != nil:
		cell.Text = web.Say(r, line.Refused)
	case len(line.Changes) > 0:
		cell = ui.Cell{Body: bulkChanges(v.said(line.Changes), v.said(line.Since))}
	case len(line.Since) > 0:
		cell = ui.Cell{Body: bulkChanges(nil, v.said(line.Since))}
	}
	return ui.Row{Cells: []ui.Cell{{Text: line.Name, Lang: "it"}, cell}}
}

func (v bulkView) said(list []directory.FieldChange) []ui.Changed {
	var out []ui.Changed
	for _, c := range list {
		if !silent(c.Path) {
			out = append(out, ui.Changed{Label: label(v.words, c.Path), Before: c.Before, After: c.After})
		}
	}
	return out
}

// values are what one can choose for a kind of change.
func (v bulkView) values() []ui.Option {
	e := editorView{words: v.words}
	var list []ui.Option
	switch v.Change.Kind {
	case directory.BulkStatus:
		list = e.statuses()
	case directory.BulkHolidays:
		list = e.holidays()
	case directory.BulkAddNeed, directory.BulkDropNeed:
		for _, n := range need.All() {
			list = append(list, ui.Option{Value: n.Code, Text: n.Name(v.words.Lang())})
		}
	}
	for i := range list {
		list[i].Selected = list[i].Value == v.Change.Value
	}
	return list
}

// asks tells which fields a kind of change has.
func (v bulkView) asks(field string) bool {
	return slices.Contains(map[string][]string{
		directory.BulkStatus: {"value", "note"}, directory.BulkClosure: {"value", "other", "note"}, directory.BulkAlert: {"value"},
		directory.BulkAddNeed: {"value"}, directory.BulkDropNeed: {"value"}, directory.BulkPhone: {"value", "other"},
		directory.BulkEmail: {"value"}, directory.BulkHolidays: {"value"},
	}[v.Change.Kind], field)
}

// field is one of the fields of a change.
func (v bulkView) field(name string) ui.FieldView {
	value := map[string]string{"value": v.Change.Value, "other": v.Change.Other, "note": v.Change.Note}[name]
	kind := "text"
	if v.Change.Kind == directory.BulkClosure && name != "note" {
		kind = "date"
	}
	return ui.FieldView{ID: name, Name: name, Type: kind, Label: v.words.Text("census.bulk." + v.Change.Kind + "." + name), Value: value, Error: v.Mistakes.Of(name)}
}
