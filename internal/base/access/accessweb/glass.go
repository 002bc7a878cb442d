// SPDX-License-Identifier: EUPL-1.2

package accessweb

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// breakView is the form of an emergency.
type breakView struct {
	Types    []string
	Request  access.BreakGlassRequest
	Mistakes ui.Mistakes
}

func (v breakView) options(ctx context.Context) []ui.Option {
	list := make([]ui.Option, len(v.Types))
	for i, typ := range v.Types {
		list[i] = ui.Option{Value: typ, Text: ui.T(ctx, "access.type."+typ), Selected: typ == v.Request.Type}
	}
	return list
}

func (p *pages) getBreak(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	return p.showBreak(w, r, http.StatusOK, breakView{Request: access.BreakGlassRequest{Type: q.Get("type"), Object: q.Get("object")}})
}

func (p *pages) showBreak(w http.ResponseWriter, r *http.Request, status int, v breakView) error {
	ctx := r.Context()
	v.Types = p.Access.Guard().Breakable()
	title := ui.T(ctx, "access.break.title")
	return p.show(w, r, status, ui.OfficeHead{
		Title: title, Lead: ui.T(ctx, "access.break.lead"), Help: "access.break.help", Active: breakPath, Crumbs: []ui.Link{{Text: title}}, Narrow: true,
	}, breakPage(v))
}

func (p *pages) postBreak(w http.ResponseWriter, r *http.Request) error {
	v := breakView{Request: access.BreakGlassRequest{Type: r.PostFormValue("type"), Object: r.PostFormValue("object"), Reason: r.PostFormValue("reason")}}
	g, err := p.Access.BreakGlass(r.Context(), access.From(r.Context()), v.Request)
	if mistakes, ok := ui.MistakesOf(r, err); ok {
		v.Mistakes = mistakes
		return p.showBreak(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Warning, "access.break.done", 0)
	return web.Redirect(w, r, web.Path(r.Context(), glassPath+"/"+g.ID))
}

// glassesView is the review queue.
type glassesView struct {
	Table   ui.TableView
	Pending bool
}

func (p *pages) getGlasses(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list := ui.ReadList(r)
	pending := list.Filter("all") == ""
	found, total, err := p.Access.Glasses(ctx, access.From(ctx), access.GlassQuery{Pending: pending, Skip: list.Offset(), N: list.Size})
	if err != nil {
		return err
	}
	v := glassesView{Pending: pending, Table: ui.TableView{
		ID: "glasses", Caption: ui.T(ctx, "access.glass.title"), List: list, Total: total,
		Empty: ui.Empty("check-circle", ui.T(ctx, "access.glass.none")),
		Columns: []ui.Column{
			{Title: ui.T(ctx, "access.glass.when")}, {Title: ui.T(ctx, "access.glass.who")}, {Title: ui.T(ctx, "access.glass.what")},
			{Title: ui.T(ctx, "access.glass.why"), Spare: true}, {Title: ui.T(ctx, "access.glass.state")},
		},
	}}
	for _, g := range found {
		v.Table.Rows = append(v.Table.Rows, ui.Row{ID: g.ID, Cells: []ui.Cell{
			{Text: moment(ctx, g.At), Href: web.Path(ctx, glassPath+"/"+g.ID)}, {Text: g.Name},
			{Text: ui.T(ctx, "access.type."+g.Type), Small: g.Object}, {Text: g.Reason}, {Body: glassStatus(ctx, g, p.Access.Now())},
		}})
	}
	title := ui.T(ctx, "access.glass.title")
	return p.show(w, r, http.StatusOK, ui.OfficeHead{
		Title: title, Lead: ui.T(ctx, "access.glass.lead"), Help: "access.glass.help", Active: glassPath, Crumbs: []ui.Link{{Text: title}},
	}, glassesPage(v))
}

// glassStatus is where an emergency access stands, in a word and a sign.
func glassStatus(ctx context.Context, g access.Glass, now time.Time) templ.Component {
	switch {
	case g.Verdict == access.Justified:
		return ui.Status(ui.Success, ui.T(ctx, "access.glass.justified"))
	case g.Verdict == access.Unjustified:
		return ui.Status(ui.Danger, ui.T(ctx, "access.glass.unjustified"))
	case g.Open(now):
		return ui.Status(ui.Warning, ui.T(ctx, "access.glass.open"))
	}
	return ui.Status(ui.Info, ui.T(ctx, "access.glass.to_review"))
}

// glassView is one emergency access.
type glassView struct {
	Glass     access.Glass
	Facts     []ui.Definition
	MayReview bool
	MayClose  bool
	Request   access.ReviewGlassRequest
	Mistakes  ui.Mistakes
}

func (v glassView) verdicts(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: string(access.Justified), Text: ui.T(ctx, "access.glass.justified_long"), Selected: v.Request.Verdict == access.Justified},
		{Value: string(access.Unjustified), Text: ui.T(ctx, "access.glass.unjustified_long"), Selected: v.Request.Verdict == access.Unjustified},
	}
}

func (p *pages) getGlass(w http.ResponseWriter, r *http.Request) error {
	return p.showGlass(w, r, http.StatusOK, glassView{})
}

func (p *pages) showGlass(w http.ResponseWriter, r *http.Request, status int, v glassView) error {
	ctx, actor := r.Context(), access.From(r.Context())
	g, err := p.Access.GlassByID(ctx, actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	guard, now := p.Access.Guard(), p.Access.Now()
	v.Glass = g
	v.MayReview = g.Verdict == access.Pending && guard.Allows(ctx, actor, "access.glass.review", g.Resource())
	v.MayClose = g.Open(now) && guard.Allows(ctx, actor, "access.glass.close", g.Resource())
	bodies, err := p.Bodies(ctx, []string{g.Member})
	if err != nil {
		return err
	}
	v.Facts = []ui.Definition{
		{Term: ui.T(ctx, "access.glass.who"), Text: g.Name}, {Term: ui.T(ctx, "access.glass.body"), Text: bodies[g.Member]},
		{Term: ui.T(ctx, "access.glass.what"), Text: ui.T(ctx, "access.type."+g.Type) + " " + g.Object},
		{Term: ui.T(ctx, "access.glass.why"), Text: g.Reason},
		{Term: ui.T(ctx, "access.glass.when"), Text: moment(ctx, g.At)}, {Term: ui.T(ctx, "access.glass.until"), Text: moment(ctx, g.Until)},
	}
	if !g.Closed.IsZero() {
		v.Facts = append(v.Facts, ui.Definition{Term: ui.T(ctx, "access.glass.closed"), Text: moment(ctx, g.Closed)})
	}
	if g.Verdict != access.Pending {
		v.Facts = append(v.Facts, ui.Definition{Term: ui.T(ctx, "access.glass.reviewed_at"), Text: moment(ctx, g.Reviewed)},
			ui.Definition{Term: ui.T(ctx, "access.glass.remark"), Text: g.Remark})
	}
	title := ui.T(ctx, "access.glass.one")
	return p.show(w, r, status, ui.OfficeHead{
		Title: title, Badge: glassStatus(ctx, g, now), Active: glassPath, Narrow: true,
		Crumbs: []ui.Link{{Text: ui.T(ctx, "access.glass.title"), Href: web.Path(ctx, glassPath)}, {Text: title}},
	}, glassPage(v))
}

func (p *pages) postReview(w http.ResponseWriter, r *http.Request) error {
	q := access.ReviewGlassRequest{Verdict: access.Verdict(r.PostFormValue("verdict")), Remark: r.PostFormValue("remark")}
	err := p.Access.ReviewGlass(r.Context(), access.From(r.Context()), r.PathValue("id"), q)
	if mistakes, ok := ui.MistakesOf(r, err); ok {
		return p.showGlass(w, r, http.StatusUnprocessableEntity, glassView{Request: q, Mistakes: mistakes})
	}
	if fault.Is(err, fault.KindConflict) { // somebody was faster: the page shows their verdict
		return web.Redirect(w, r, web.Path(r.Context(), glassPath+"/"+r.PathValue("id")))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "access.glass.review_kept", 0)
	return web.Redirect(w, r, web.Path(r.Context(), glassPath))
}

func (p *pages) postClose(w http.ResponseWriter, r *http.Request) error {
	if err := p.Access.CloseGlass(r.Context(), access.From(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "access.glass.close_kept", 0)
	return web.Redirect(w, r, web.Path(r.Context(), glassPath+"/"+r.PathValue("id")))
}
