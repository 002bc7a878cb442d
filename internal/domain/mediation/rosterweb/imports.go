// SPDX-License-Identifier: EUPL-1.2

package rosterweb

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

var importLevels = map[string]ui.Level{roster.ImportChecked: ui.Info, roster.ImportApplied: ui.Success, roster.ImportUndone: ui.Neutral, roster.ImportDiscarded: ui.Neutral}

type importsView struct {
	Table    ui.TableView
	Mistakes ui.Mistakes
}

func (p *Pages) getImports(w http.ResponseWriter, r *http.Request) error {
	return p.showImports(w, r, http.StatusOK, ui.Mistakes{})
}

func (p *Pages) showImports(w http.ResponseWriter, r *http.Request, status int, m ui.Mistakes) error {
	ctx := r.Context()
	l := ui.ReadList(r)
	list, total, err := p.Roster.Imports(ctx, access.From(ctx), l.Page, l.Size)
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := importsView{Mistakes: m, Table: ui.TableView{
		Caption: said(r, "roster.table", "title", said(r, "roster.import.log")), List: l, Total: total, Empty: ui.Empty("upload", said(r, "roster.import.none")),
		Columns: []ui.Column{{Title: said(r, "roster.import.file")}, {Title: said(r, "mediation.state")}, {Title: said(r, "roster.import.outcome")}, {Title: said(r, "roster.import.when"), Spare: true}, {Title: said(r, "roster.import.who"), Spare: true}},
	}}
	for _, i := range list {
		outcome := ""
		if i.State == roster.ImportApplied || i.State == roster.ImportUndone {
			outcome = said(r, "roster.import.counts", "made", i.Outcome.Made, "changed", i.Outcome.Changed)
		}
		v.Table.Rows = append(v.Table.Rows, ui.Row{Cells: []ui.Cell{
			{Text: i.Name, Href: web.Path(ctx, importPath+"/"+i.ID)}, {Body: ui.Status(importLevels[i.State], said(r, "roster.import.state."+i.State))}, {Text: outcome}, {Text: momentOf(words, i.At)}, {Text: p.Name(ctx, i.Account)},
		}})
	}
	head := ui.OfficeHead{Title: said(r, "roster.import.title"), Lead: said(r, "roster.import.lead"), Crumbs: crumbs(r, link(ctx, "roster.import.title", "")), Active: rosterPath}
	return p.show(w, r, status, head, importsPage(v))
}

func (p *Pages) postUpload(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	file, header, err := r.FormFile("file")
	var large *http.MaxBytesError
	var data []byte
	name := ""
	switch {
	case errors.As(err, &large):
		err = fault.TooLarge("file", "roster.import.large", "megabytes", roster.MaxImport>>20)
	case err != nil:
		err = fault.Invalid("file", "roster.import.missing")
	default:
		defer func() { _ = file.Close() }()
		name = header.Filename
		data, err = io.ReadAll(io.LimitReader(file, roster.MaxImport+1))
	}
	var i roster.Import
	if err == nil {
		i, err = p.Roster.Upload(ctx, access.From(ctx), name, data)
	}
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showImports(w, r, http.StatusUnprocessableEntity, m)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, web.Path(ctx, importPath+"/"+i.ID))
}

// importView is the page of one import.
type importView struct {
	form
	roster.Import
	Look     roster.Look
	Problems ui.TableView
	Sample   ui.TableView
}

func (p *Pages) getImport(w http.ResponseWriter, r *http.Request) error {
	return p.showImport(w, r, http.StatusOK, ui.Mistakes{})
}

func (p *Pages) showImport(w http.ResponseWriter, r *http.Request, status int, m ui.Mistakes) error {
	ctx := r.Context()
	i, l, err := p.Roster.ReadImport(ctx, access.From(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := importView{form: emptyForm(r), Import: i, Look: l}
	v.Mistakes = m
	v.typed.Set("section", string(i.Options.Section))
	v.typed.Set("level", i.Options.Level)
	v.typed.Set("standing", string(i.Options.Standing))
	v.typed.Set("informed", i.Options.Informed.String())
	if i.Options.Partial {
		v.typed.Set("partial", "1")
	}
	for _, mode := range i.Options.Modes {
		v.typed.Add("modes", string(mode))
	}
	v.Problems = problemTable(ctx, l.Problems)
	v.Sample = sampleTable(ctx, l.Sample)
	head := ui.OfficeHead{
		Title: i.Name, Badge: ui.Status(importLevels[i.State], said(r, "roster.import.state."+i.State)), Active: rosterPath,
		Crumbs: crumbs(r, link(ctx, "roster.import.title", importPath), ui.Link{Text: i.Name}),
	}
	if i.State == roster.ImportApplied {
		head.Actions = ui.ButtonLink(ui.Secondary, ui.Href(ctx, importPath+"/"+i.ID+"/undo"), said(r, "roster.import.undo"), "history")
	}
	return p.show(w, r, status, head, importPage(v))
}

func problemTable(ctx context.Context, list []roster.Problem) ui.TableView {
	w := web.Words(ctx)
	v := ui.TableView{ID: "problem-table", Plain: true, Caption: w.Text("roster.table", "title", w.Text("roster.import.problems")), Columns: []ui.Column{{Title: w.Text("roster.import.line"), Number: true}, {Title: w.Text("roster.import.column")}, {Title: w.Text("roster.import.problem")}, {Title: w.Text("roster.import.effect")}}}
	for _, p := range list {
		args := map[string]any{}
		for k, text := range p.Args {
			args[k] = text
		}
		level, effect := ui.Warning, "roster.import.note"
		if p.Wrong {
			level, effect = ui.Danger, "roster.import.wrong_row"
		}
		line, field := "", ""
		if p.Line > 0 {
			line = strconv.Itoa(p.Line)
		}
		if p.Field != "" {
			field = w.Text("roster.field." + p.Field)
		}
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{{Text: line}, {Text: field}, {Text: w.Fill(p.Key, args)}, {Body: ui.Status(level, w.Text(effect))}}})
	}
	return v
}

func sampleTable(ctx context.Context, list []mediation.Mediator) ui.TableView {
	w := web.Words(ctx)
	v := ui.TableView{ID: "sample-table", Plain: true, Caption: w.Text("roster.table", "title", w.Text("roster.import.sample")), Columns: []ui.Column{{Title: w.Text("roster.field.name")}, {Title: w.Text("mediation.languages")}, {Title: w.Text("roster.field.comune")}, {Title: w.Text("roster.field.phone")}, {Title: w.Text("roster.field.mail")}}}
	for _, m := range list {
		var tongues []string
		for _, l := range m.Languages {
			text := lang.Name(w.Lang(), l.Code)
			if l.Level != "" {
				text += " " + w.Text("mediation.level."+l.Level)
			}
			tongues = append(tongues, text)
		}
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{{Text: m.Name}, {Text: strings.Join(tongues, ", ")}, {Text: comuneOf(m.Home)}, {Text: m.Contact.Phone}, {Text: m.Contact.Mail}}})
	}
	return v
}

func (p *Pages) postOptions(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	o := roster.Options{
		Sheet: f.typed.Get("sheet"), Section: mediation.Section(f.text("section")), Level: f.text("level"), Standing: mediation.Standing(f.text("standing")), Informed: f.day("informed"), Partial: f.text("partial") != "",
	}
	for _, m := range f.typed["modes"] {
		o.Modes = append(o.Modes, mediation.Mode(m))
	}
	if o.Sheet == f.typed.Get("shown") { // the columns are those of the sheet that was shown
		for i := range min(f.number("columns"), 100) {
			o.Columns = append(o.Columns, f.text("column."+strconv.Itoa(i)))
		}
	}
	return p.didImport(w, r, p.Roster.ChooseOptions(r.Context(), access.From(r.Context()), r.PathValue("id"), f.version(), o), "")
}

func (p *Pages) postApply(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	_, err = p.Roster.ApplyImport(r.Context(), access.From(r.Context()), r.PathValue("id"), f.version())
	return p.didImport(w, r, err, "roster.import.applied")
}

func (p *Pages) postDiscard(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	return p.didImport(w, r, p.Roster.DiscardImport(r.Context(), access.From(r.Context()), r.PathValue("id"), f.version()), "roster.import.discarded")
}

func (p *Pages) getUndo(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, _, err := p.Roster.ReadImport(ctx, access.From(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	if i.State != roster.ImportApplied {
		return access.Missing()
	}
	head := ui.OfficeHead{Title: said(r, "roster.import.undo"), Narrow: true, Active: rosterPath, Crumbs: crumbs(r, link(ctx, "roster.import.title", importPath), ui.Link{Text: i.Name, Href: web.Path(ctx, importPath+"/"+i.ID)}, link(ctx, "roster.import.undo", ""))}
	return p.show(w, r, http.StatusOK, head, ui.Confirm(ui.ConfirmView{
		Action: ui.Href(ctx, importPath+"/"+i.ID+"/undo"), Question: said(r, "roster.import.undo_question", "name", i.Name),
		Effects: []string{said(r, "roster.import.undo_effect", "made", i.Outcome.Made, "changed", i.Outcome.Changed), said(r, "roster.import.undo_kept")},
		Button:  said(r, "roster.import.undo"), Cancel: ui.Href(ctx, importPath+"/"+i.ID), Hidden: []ui.Pair{{Name: "version", Value: versionText(i.Version)}},
	}))
}

func (p *Pages) postUndo(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	_, err = p.Roster.UndoImport(r.Context(), access.From(r.Context()), r.PathValue("id"), f.version())
	return p.didImport(w, r, err, "roster.import.undone")
}

// didImport shows the import after something was done with it.
func (p *Pages) didImport(w http.ResponseWriter, r *http.Request, err error, key string) error {
	ctx := r.Context()
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showImport(w, r, http.StatusUnprocessableEntity, m)
	}
	if err != nil {
		return err
	}
	if key != "" {
		ui.Flash(w, r, ui.Success, key, 1)
	}
	return web.Redirect(w, r, web.Path(ctx, importPath+"/"+r.PathValue("id")))
}
