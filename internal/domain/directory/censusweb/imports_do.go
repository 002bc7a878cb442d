// SPDX-License-Identifier: EUPL-1.2

package censusweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

type heldRecord = directory.Held

// readOptions reads how a dataset is to be taken in.
func readOptions(r *http.Request) census.Options {
	o := census.Options{
		Partial: r.FormValue("partial") != "", Complete: r.FormValue("complete") != "", OverEdits: r.FormValue("over_edits") != "", Own: r.FormValue("own") != "",
	}
	for name := range strings.SplitSeq(r.FormValue("takes_over"), ";") {
		if name = strings.TrimSpace(name); name != "" {
			o.TakesOver = append(o.TakesOver, name)
		}
	}
	if r.FormValue("takes_here") != "" {
		o.TakesOver = append(o.TakesOver, "")
	}
	columns := map[string]string{}
	for n := range exchange.MaxColumns {
		name, ok := r.PostForm["column-"+strconv.Itoa(n)]
		if !ok {
			break
		}
		if title := r.FormValue("title-" + strconv.Itoa(n)); title != "" && len(name) > 0 {
			columns[name[0]] = title
		}
	}
	fixed := map[string]string{}
	for field, title := range map[string]string{"fixed_body": "Ente", "fixed_need": "Bisogno"} {
		if value := strings.TrimSpace(r.FormValue(field)); value != "" {
			fixed[title] = value
		}
	}
	if len(columns)+len(fixed) > 0 {
		o.Mapping = &exchange.Mapping{Columns: columns, Fixed: fixed}
	}
	return o
}

func (p *pages) postOptions(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "import.form").Because(err)
	}
	return p.didImport(w, r, p.Census.Reconsider(r.Context(), access.From(r.Context()), r.PathValue("id"), versionOf(r), readOptions(r)), "")
}

func (p *pages) postApply(w http.ResponseWriter, r *http.Request) error {
	return p.didImport(w, r, p.Census.Apply(r.Context(), access.From(r.Context()), r.PathValue("id"), versionOf(r)), "intake.applied")
}

func (p *pages) postDiscard(w http.ResponseWriter, r *http.Request) error {
	return p.didImport(w, r, p.Census.Discard(r.Context(), access.From(r.Context()), r.PathValue("id"), versionOf(r)), "intake.discarded")
}

func (p *pages) postUndo(w http.ResponseWriter, r *http.Request) error {
	return p.didImport(w, r, p.Census.Undo(r.Context(), access.From(r.Context()), r.PathValue("id"), versionOf(r)), "intake.undone")
}

// didImport shows the import after something was done with it, or says that somebody was faster.
func (p *pages) didImport(w http.ResponseWriter, r *http.Request, err error, key string) error {
	ctx := r.Context()
	switch m, ok := ui.MistakesOf(r, err); {
	case err != nil && ok:
		return p.showImport(w, r, http.StatusUnprocessableEntity, m)
	case fault.Is(err, fault.KindConflict):
		return p.showImport(w, r, http.StatusConflict, conflict(r, err))
	case fault.Is(err, fault.KindTooMany):
		return p.showImport(w, r, http.StatusTooManyRequests, conflict(r, err))
	case err != nil:
		return err
	}
	if key != "" {
		ui.Flash(w, r, ui.Success, key, 1)
	}
	return web.Redirect(w, r, web.Path(ctx, "/office/import/"+r.PathValue("id")))
}

func (p *pages) getUndo(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := p.Census.ReadImport(ctx, access.From(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	back := web.Path(ctx, "/office/import/"+i.ID)
	n := i.Look.Outcome["service"]
	head := ui.OfficeHead{Title: said(r, "intake.undo"), Crumbs: []ui.Link{{Text: said(r, "intake.menu"), Href: web.Path(ctx, "/office/import")}, {Text: i.Name, Href: back}, {Text: said(r, "intake.undo")}}, Narrow: true}
	return p.show(w, r, http.StatusOK, head, ui.Confirm(ui.ConfirmView{
		Action: ui.Href(ctx, "/office/import/"+i.ID+"/undo"), Question: said(r, "intake.undo_question", "name", i.Name),
		Effects: []string{said(r, "intake.undo_effect", "new", n.Created, "changed", n.Updated, "gone", n.Removed), said(r, "intake.undo_since"), said(r, "intake.undo_clock")},
		Button:  said(r, "intake.undo"), Cancel: templURL(back), Hidden: []ui.Pair{{Name: "version", Value: numberText(i.Version)}},
	}))
}

// datasetView is the form of a dataset that is fetched.
type datasetView struct {
	census.Dataset
	Fresh    bool
	Every    []ui.Option
	Mistakes ui.Mistakes
}

func (p *pages) getDatasets(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := p.Census.Datasets(ctx, access.From(ctx))
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := ui.TableView{Caption: said(r, "dataset.title"), Plain: true, Empty: ui.Empty("list", said(r, "dataset.empty")), Columns: []ui.Column{
		{Title: said(r, "intake.dataset")}, {Title: said(r, "intake.services"), Number: true}, {Title: said(r, "dataset.address")}, {Title: said(r, "dataset.next")}, {Title: said(r, "dataset.last")}, {Title: said(r, "dataset.now"), Hide: true},
	}}
	for _, d := range list {
		owner := d.MemberName
		if d.Member == "" {
			owner = said(r, "dataset.network")
		}
		last := ui.Cell{Text: said(r, "dataset.never")}
		if d.LastState != "" {
			last = ui.Cell{Body: ui.Status(importLevels[d.LastState], said(r, "intake.state."+d.LastState)), Small: momentOf(words, d.LastAt)}
		}
		if d.Failures > 0 {
			last.Small = words.Count("dataset.failing", d.Failures) + ", " + said(r, "dataset.failing_since", "when", momentOf(words, d.FailingSince))
		}
		next := said(r, "dataset.by_hand")
		if d.EveryHours > 0 {
			next = momentOf(words, d.NextAt)
		}
		row := ui.Row{Cells: []ui.Cell{
			{Text: d.Name, Href: web.Path(ctx, "/office/datasets/edit") + "?" + datasetQuery(d.Name), Small: owner}, {Text: words.Number(d.Services)}, {Text: d.Address}, {Text: next}, last, {},
		}}
		if d.Address != "" {
			row.Cells[5].Body = fetchButton(d.Name)
		}
		v.Rows = append(v.Rows, row)
	}
	head := ui.OfficeHead{
		Title: said(r, "dataset.title"), Lead: said(r, "dataset.lead"), Crumbs: []ui.Link{{Text: said(r, "intake.menu"), Href: web.Path(ctx, "/office/import")}, {Text: said(r, "dataset.title")}},
		Help: "dataset.help", Active: "/office/import", Actions: ui.ButtonLink(ui.Primary, ui.Href(ctx, "/office/datasets/edit"), said(r, "dataset.new"), ""),
	}
	return p.show(w, r, http.StatusOK, head, ui.Table(v))
}

// schedules are how often a dataset may be fetched, in hours; 0 is by hand.
var schedules = []int{0, 1, 6, 24, 24 * 7, 24 * 30}

func (p *pages) getDataset(w http.ResponseWriter, r *http.Request) error {
	name := r.FormValue("name")
	if name == "" {
		return p.showDataset(w, r, http.StatusOK, census.Dataset{EveryHours: 24, Options: census.Options{Complete: true}}, true, ui.Mistakes{})
	}
	d, err := p.Census.ReadDataset(r.Context(), access.From(r.Context()), name)
	if err != nil {
		return err
	}
	return p.showDataset(w, r, http.StatusOK, d, false, ui.Mistakes{})
}

func (p *pages) showDataset(w http.ResponseWriter, r *http.Request, status int, d census.Dataset, fresh bool, m ui.Mistakes) error {
	ctx := r.Context()
	v := datasetView{Dataset: d, Fresh: fresh, Mistakes: m}
	hours := slices.Clone(schedules)
	if !slices.Contains(hours, d.EveryHours) {
		hours = append(hours, d.EveryHours)
	}
	for _, n := range hours {
		text := said(r, "dataset.by_hand")
		if n > 0 {
			text = web.Words(ctx).Count("dataset.every_hours", n)
		}
		v.Every = append(v.Every, ui.Option{Value: strconv.Itoa(n), Text: text, Selected: n == d.EveryHours})
	}
	title := d.Name
	if fresh {
		title = said(r, "dataset.new")
	}
	head := ui.OfficeHead{Title: title, Active: "/office/import", Narrow: true, Help: "dataset.help", Crumbs: []ui.Link{
		{Text: said(r, "intake.menu"), Href: web.Path(ctx, "/office/import")}, {Text: said(r, "dataset.title"), Href: web.Path(ctx, "/office/datasets")}, {Text: title},
	}}
	return p.show(w, r, status, head, datasetPage(v))
}

func (p *pages) postDataset(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "import.form").Because(err)
	}
	hours, err := strconv.Atoi(r.FormValue("every"))
	if err != nil {
		hours = -1
	}
	d := census.Dataset{Name: strings.TrimSpace(r.FormValue("dataset")), Address: strings.TrimSpace(r.FormValue("address")), EveryHours: hours, Options: readOptions(r)}
	err = p.Census.SaveDataset(ctx, access.From(ctx), d)
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showDataset(w, r, http.StatusUnprocessableEntity, d, r.FormValue("fresh") != "", m)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "dataset.saved", 1)
	return web.Redirect(w, r, web.Path(ctx, "/office/datasets"))
}

func (p *pages) postFetch(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	i, err := p.Census.Fetch(ctx, access.From(ctx), r.FormValue("dataset"))
	if err != nil {
		return err
	}
	return web.Redirect(w, r, web.Path(ctx, "/office/import/"+i.ID))
}
