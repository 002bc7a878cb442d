// SPDX-License-Identifier: EUPL-1.2

package censusweb

import (
	"context"
	"net/http"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// conflictView is one service with both sides.
type conflictView struct {
	directory.Conflict
	Parts   []partView
	Changed bool // since it was read: nothing was written
}

type partView struct{ Name, Title, Here, There string }

func (p *pages) getConflicts(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l := ui.ReadList(r)
	list, total, err := p.Directory.Conflicts(ctx, access.From(ctx), l.Page, l.Size)
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := ui.TableView{Caption: said(r, "conflict.table"), List: l, Total: total, Empty: ui.Empty("check", said(r, "conflict.empty")), Columns: []ui.Column{
		{Title: said(r, "conflict.service")}, {Title: said(r, "conflict.parts")}, {Title: said(r, "conflict.since"), Spare: true},
	}}
	for _, c := range list {
		parts := said(r, "conflict.gone")
		if c.Theirs != nil {
			names := make([]string, len(c.Parts))
			for i, part := range c.Parts {
				names[i] = part.Part
			}
			parts = partNames(words, names)
		}
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{
			{Text: c.Service.Name, Href: web.Path(ctx, "/office/conflicts/"+c.Service.ID), Small: c.Dataset}, {Text: parts}, {Text: momentOf(words, c.At)},
		}})
	}
	head := ui.OfficeHead{Title: said(r, "conflict.title"), Lead: said(r, "conflict.lead"), Help: "conflict.help", Active: "/office/import", Crumbs: []ui.Link{{Text: said(r, "conflict.menu")}}}
	return p.show(w, r, http.StatusOK, head, ui.Table(v))
}

func (p *pages) getConflict(w http.ResponseWriter, r *http.Request) error {
	return p.showConflict(w, r, http.StatusOK, false)
}

func (p *pages) showConflict(w http.ResponseWriter, r *http.Request, status int, changed bool) error {
	ctx := r.Context()
	c, err := p.Directory.Conflict(ctx, access.From(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	head := ui.OfficeHead{
		Title: c.Service.Name, Lead: said(r, "conflict.of", "dataset", c.Dataset), Help: "conflict.help", Active: "/office/import",
		Crumbs: []ui.Link{{Text: said(r, "conflict.menu"), Href: web.Path(ctx, "/office/conflicts")}, {Text: c.Service.Name}},
	}
	return p.show(w, r, status, head, conflictPage(conflictView{Conflict: c, Parts: p.partViews(r, c), Changed: changed}))
}

// partViews writes each part as lines, one field each, so that both sides can be read beside one another.
func (p *pages) partViews(r *http.Request, c directory.Conflict) (list []partView) {
	words := web.Words(r.Context())
	for _, part := range c.Parts {
		v := partView{Name: part.Part, Title: said(r, "conflict.part."+part.Part)}
		for _, change := range part.Changes {
			label := p.Label(words, change.Path)
			if label == "" {
				continue
			}
			v.Here = withLine(v.Here, label, change.Before)
			v.There = withLine(v.There, label, change.After)
		}
		list = append(list, v)
	}
	return list
}

func withLine(text, label, value string) string {
	if value == "" {
		return text
	}
	if text != "" {
		text += "\n"
	}
	return text + label + ": " + value
}

func (p *pages) postConflict(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "import.form").Because(err)
	}
	var theirs []string
	for _, part := range directory.Parts {
		if r.PostForm.Get("keep-"+part) == "after" {
			theirs = append(theirs, part)
		}
	}
	err := p.Directory.Choose(ctx, access.From(ctx), r.PathValue("id"), r.PostForm.Get("version"), theirs)
	if fault.Is(err, fault.KindConflict) {
		return p.showConflict(w, r, http.StatusConflict, true)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "conflict.saved", 1)
	return web.Redirect(w, r, web.Path(ctx, "/office/conflicts"))
}

// waitingOfFeeds is what waits for somebody since a source says something: disagreements, and silence.
func (p *pages) waitingOfFeeds(ctx context.Context, actor access.Actor) (list []ui.Waiting, err error) {
	words := web.Words(ctx)
	if p.Guard.May(actor, "directory.service.publish") {
		_, open, err := p.Directory.Conflicts(ctx, actor, 1, 1)
		if err != nil {
			return nil, err
		}
		if open > 0 {
			list = append(list, ui.Waiting{Text: words.Count("conflict.waiting", open), Href: web.Path(ctx, "/office/conflicts"), Count: open, Level: ui.Info})
		}
	}
	if p.Guard.May(actor, "directory.dataset.edit") {
		datasets, err := p.Census.Datasets(ctx, actor)
		if err != nil {
			return nil, err
		}
		failing := 0
		for _, d := range datasets {
			if d.Failures > 1 {
				failing++
			}
		}
		if failing > 0 {
			list = append(list, ui.Waiting{Text: words.Count("dataset.waiting", failing), Href: web.Path(ctx, "/office/datasets"), Count: failing, Level: ui.Warning})
		}
	}
	return list, nil
}
