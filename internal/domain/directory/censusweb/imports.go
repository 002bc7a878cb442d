// SPDX-License-Identifier: EUPL-1.2

package censusweb

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

var importLevels = map[string]ui.Level{
	census.ImportRefused: ui.Danger, census.ImportChecked: ui.Info, census.ImportQueued: ui.Info, census.ImportApplied: ui.Success,
	census.ImportNothing: ui.Neutral, census.ImportFailed: ui.Danger, census.ImportUndone: ui.Neutral, census.ImportDiscarded: ui.Neutral,
}

// importsView is the page with the form and the log.
type importsView struct {
	Table    ui.TableView
	Dataset  string
	Known    []string // names of datasets to go on with
	Network  bool
	Mistakes ui.Mistakes
}

func (p *pages) getImports(w http.ResponseWriter, r *http.Request) error {
	return p.showImports(w, r, http.StatusOK, "", ui.Mistakes{})
}

func (p *pages) showImports(w http.ResponseWriter, r *http.Request, status int, dataset string, m ui.Mistakes) error {
	ctx := r.Context()
	actor := access.From(ctx)
	l := ui.ReadList(r)
	list, total, err := p.Census.Imports(ctx, actor, l.Filter("dataset"), l.Page, l.Size)
	if err != nil {
		return err
	}
	datasets, err := p.Census.Datasets(ctx, actor)
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := importsView{Dataset: dataset, Network: p.may(r, "directory.dataset.edit"), Mistakes: m}
	for _, d := range datasets {
		v.Known = append(v.Known, d.Name)
	}
	v.Table = ui.TableView{
		Caption: said(r, "intake.table", "title", said(r, "intake.log")), List: l, Total: total, Empty: ui.Empty("upload", said(r, "intake.empty")),
		Columns: []ui.Column{{Title: said(r, "intake.file")}, {Title: said(r, "intake.state")}, {Title: said(r, "intake.services")}, {Title: said(r, "intake.when"), Spare: true}, {Title: said(r, "intake.who"), Spare: true}},
	}
	for _, i := range list {
		who := p.name(ctx, i.Account)
		if i.Account == "" {
			who = byWhat(r, i)
		}
		v.Table.Rows = append(v.Table.Rows, ui.Row{Cells: []ui.Cell{
			{Text: i.Name, Href: web.Path(ctx, "/office/import/"+i.ID), Small: i.Dataset}, {Body: ui.Status(importLevels[i.State], said(r, "intake.state."+i.State))},
			{Text: counted(words, i.Look)}, {Text: momentOf(words, i.StartedAt)}, {Text: who},
		}})
	}
	head := ui.OfficeHead{Title: said(r, "intake.title"), Lead: said(r, "intake.lead"), Crumbs: []ui.Link{{Text: said(r, "intake.menu")}}, Help: "intake.help"}
	if v.Network {
		head.Actions = ui.ButtonLink(ui.Secondary, ui.Href(ctx, "/office/datasets"), said(r, "dataset.title"), "")
	}
	return p.show(w, r, status, head, importsPage(v))
}

// byWhat names what brought an import that no account brought.
func byWhat(r *http.Request, i census.Import) string {
	if i.Via == audit.ViaCommand {
		return said(r, "intake.command")
	}
	return said(r, "intake.clock")
}

// counted says in a few signs what an import does with services.
func counted(w lang.Words, l census.Look) string {
	n, ok := l.Outcome["service"]
	if !ok {
		return ""
	}
	text := w.Text("intake.counts", "new", n.Created, "changed", n.Updated, "gone", n.Removed)
	if n.Held > 0 {
		text += ", " + w.Count("intake.held_count", n.Held)
	}
	return text
}

// getTemplate gives our own sheet, empty, to fill.
func (p *pages) getTemplate(w http.ResponseWriter, _ *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	h.Set("Content-Disposition", `attachment; filename="modello-servizi.xlsx"`)
	return exchange.Template(w, exchange.XLSX)
}

func (p *pages) postUpload(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	request := census.UploadRequest{Dataset: strings.TrimSpace(r.FormValue("dataset"))}
	file, header, err := r.FormFile("file")
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return fault.TooLarge("file", "import.file_large", "megabytes", census.MaxUpload>>20)
	case err == nil:
		defer func() { _ = file.Close() }()
		request.Name = header.Filename
		if request.Data, err = io.ReadAll(io.LimitReader(file, census.MaxUpload+1)); err != nil {
			return err
		}
	}
	i, err := p.Census.Upload(ctx, access.From(ctx), request)
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showImports(w, r, http.StatusUnprocessableEntity, request.Dataset, m)
	}
	if fault.Is(err, fault.KindNotFound) { // the dataset is another body's; that it exists is no secret here
		m, _ := ui.MistakesOf(r, fault.Invalid("dataset", "import.dataset_taken"))
		return p.showImports(w, r, http.StatusUnprocessableEntity, request.Dataset, m)
	}
	if fault.Is(err, fault.KindTooMany) {
		return p.showImports(w, r, http.StatusTooManyRequests, request.Dataset, conflict(r, err))
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, web.Path(ctx, "/office/import/"+i.ID))
}

// importView is the page of one import.
type importView struct {
	census.Import
	Problems, Held, Undone ui.TableView
	Dropped                int
	Faults                 []string
	Counts                 ui.TableView
	Who, When              string
	Network                bool
	Another                bool // somebody else applies it
	Titles                 []ui.Option
	Mistakes               ui.Mistakes
}

func (v importView) waiting() bool {
	return v.HasFile && (v.State == census.ImportChecked || v.State == census.ImportRefused)
}

func (p *pages) getImport(w http.ResponseWriter, r *http.Request) error {
	return p.showImport(w, r, http.StatusOK, ui.Mistakes{})
}

func (p *pages) showImport(w http.ResponseWriter, r *http.Request, status int, m ui.Mistakes) error {
	ctx := r.Context()
	i, err := p.Census.ReadImport(ctx, access.From(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := importView{Import: i, Who: p.name(ctx, i.Account), When: momentOf(words, i.StartedAt), Network: p.may(r, "directory.dataset.takeover"), Mistakes: m}
	if v.Another, err = p.Census.NeedsAnother(ctx, access.From(ctx), i); err != nil {
		return err
	}
	v.Problems, v.Dropped = problemTable(r, i.Look)
	v.Held, v.Undone = heldTable(r, "intake.held", i.Look.Held), heldTable(r, "intake.undone_left", i.Look.Undone)
	v.Counts = countTable(r, i.Look)
	for _, one := range i.Look.Faults {
		v.Faults = append(v.Faults, sayRefusal(r, one))
	}
	head := ui.OfficeHead{
		Title: i.Name, Lead: said(r, "intake.of_dataset", "dataset", i.Dataset), Badge: ui.Status(importLevels[i.State], said(r, "intake.state."+i.State)),
		Crumbs: []ui.Link{{Text: said(r, "intake.menu"), Href: web.Path(ctx, "/office/import")}, {Text: i.Name}}, Help: "intake.help_one",
	}
	if i.State == census.ImportApplied && p.may(r, "directory.import.undo") {
		head.Actions = ui.ButtonLink(ui.Secondary, ui.Href(ctx, "/office/import/"+i.ID+"/undo"), said(r, "intake.undo"), "")
	}
	return p.show(w, r, status, head, importPage(v))
}

// sayRefusal puts a fault into words: those of importing have a catalogue of their own.
func sayRefusal(r *http.Request, one census.Refusal) string {
	f := one.Fault()
	if exchange.Knows(f.Message.Key) {
		return exchange.SayFault(web.Lang(r.Context()), f)
	}
	return web.Say(r, f)
}

// shownProblems is how many lines of a report stand on the page; the file with all is for the command.
const shownProblems = 300

func problemTable(r *http.Request, l census.Look) (ui.TableView, int) {
	language := web.Lang(r.Context())
	list := slices.Clone(l.Report.Problems)
	// What has to be mended comes first, what is only worth knowing last.
	order := map[string]int{exchange.Error: 0, exchange.Warning: 1, exchange.Note: 2}
	slices.SortStableFunc(list, func(a, b exchange.Problem) int { return order[a.Severity] - order[b.Severity] })
	levels := map[string]ui.Level{exchange.Error: ui.Danger, exchange.Warning: ui.Warning, exchange.Note: ui.Info}
	v := ui.TableView{ID: "problems", Caption: said(r, "intake.table", "title", said(r, "intake.problems")), Plain: true,
		Columns: []ui.Column{{Title: said(r, "intake.where")}, {Title: said(r, "intake.severity")}, {Title: said(r, "intake.text")}}}
	for _, one := range list[:min(len(list), shownProblems)] {
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{
			{Text: one.Place(language)}, {Body: ui.Status(levels[one.Severity], said(r, "intake.severity."+one.Severity))}, {Text: one.Text(language)},
		}})
	}
	return v, max(0, len(list)-shownProblems) + l.Report.Dropped
}

// HeldReason says why an import left a record as it is.
func HeldReason(words lang.Words, h directory.Held) string {
	if len(h.Parts) > 0 {
		return words.Text("intake.reason.parts", "parts", partNames(words, h.Parts))
	}
	owner := h.Owner
	if owner == "" {
		owner = words.Text("intake.here")
	}
	return words.Text("intake.reason."+h.Reason, "owner", owner)
}

func partNames(words lang.Words, parts []string) string {
	names := make([]string, len(parts))
	for i, part := range parts {
		names[i] = words.Text("conflict.part." + part)
	}
	return strings.Join(names, ", ")
}

func heldTable(r *http.Request, caption string, list []heldRecord) ui.TableView {
	words := web.Words(r.Context())
	v := ui.TableView{ID: strings.ReplaceAll(caption, ".", "-"), Caption: said(r, "intake.table", "title", said(r, caption)), Plain: true,
		Columns: []ui.Column{{Title: said(r, "intake.record")}, {Title: said(r, "intake.why")}}}
	for _, h := range list {
		cell := ui.Cell{Text: h.Name, Small: said(r, "intake.kind."+h.Kind)}
		if len(h.Parts) > 0 || h.Reason == directory.HeldRemoval {
			cell.Href = web.Path(r.Context(), "/office/conflicts/"+h.ID)
		}
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{cell, {Text: HeldReason(words, h)}}})
	}
	return v
}

// kinds are the records that an import may touch, in the order in which they are shown.
var kinds = []string{"service", "organization", "location", "program", "taxonomy", "taxonomy_term"}

func countTable(r *http.Request, l census.Look) ui.TableView {
	words := web.Words(r.Context())
	v := ui.TableView{ID: "counts", Caption: said(r, "intake.table", "title", said(r, "intake.outcome")), Plain: true, Columns: []ui.Column{
		{Title: said(r, "intake.record")}, {Title: said(r, "intake.created"), Number: true}, {Title: said(r, "intake.updated"), Number: true},
		{Title: said(r, "intake.removed"), Number: true}, {Title: said(r, "intake.same"), Number: true}, {Title: said(r, "intake.held_short"), Number: true},
	}}
	for _, kind := range kinds {
		n, ok := l.Outcome[kind]
		if !ok {
			continue
		}
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{
			{Text: said(r, "intake.kind."+kind)}, {Text: words.Number(n.Created)}, {Text: words.Number(n.Updated)}, {Text: words.Number(n.Removed)}, {Text: words.Number(n.Unchanged)}, {Text: words.Number(n.Held)},
		}})
	}
	return v
}
