// SPDX-License-Identifier: EUPL-1.2

package figureweb

import (
	"net/http"
	"slices"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/figure"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// fairnessView is the page of shared hours.
type fairnessView struct {
	mediation.Fair
	figuresView // of the body, for the hours that its rules allow
}

func (p *pages) getFairness(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	l := ui.ReadList(r)
	from, to, err := p.period(l)
	v := fairnessView{figuresView: figuresView{words: web.Words(ctx), Filter: ui.FilterView{List: l, Open: true}, Period: span(ctx, from, to)}}
	if err == nil {
		v.Fair, err = p.Mediation.Fairness(ctx, actor, from, to)
	}
	if err == nil && p.Guard.May(actor, "mediation.figure.read") {
		v.Figures, err = p.Figure.Read(ctx, actor, figure.Query{From: from, To: to})
	}
	status := http.StatusOK
	m, ok := ui.MistakesOf(r, err)
	if err != nil {
		if !ok || !fault.Is(err, fault.KindInvalid) {
			return err
		}
		status, v.Bad = http.StatusUnprocessableEntity, true
	}
	v.Days = dayFields(v.words, from, to, m)
	head := ui.OfficeHead{Title: said(r, "figure.fairness.title"), Lead: said(r, "figure.fairness.lead"), Crumbs: []ui.Link{{Text: said(r, "figure.fairness.menu")}}, Actions: ui.PrintButton()}
	web.NoStore(w)
	return web.Render(w, r, status, p.Site.OfficePage(r, head, fairnessPage(v)))
}

// mediators are the shares as a table: the bar is what was given, the mark what would have been fair.
func (v fairnessView) mediators(href func(id string) string) ui.BarsView {
	w := v.words
	b := ui.BarsView{ID: "mediators", Caption: w.Text("figure.fairness.mediators"), Head: w.Text("figure.fairness.mediator"), Titled: true}
	for _, key := range []string{"present", "planned", "given", "difference"} {
		b.Columns = append(b.Columns, w.Text("figure.fairness."+key))
	}
	most := 0
	for _, s := range v.List {
		most = max(most, s.Planned, s.Given)
	}
	for _, s := range v.List {
		row := ui.Bar{
			Name: s.Mediator.Name, Href: href(s.Mediator.ID), Small: tongues(w, s.Mediator), Share: part(s.Given, most), Mark: part(s.Planned, most),
			Values: []string{w.Percent(s.Present), hours(w, s.Planned), hours(w, s.Given), difference(w, s)},
		}
		if s.Few {
			row.Values[1], row.Values[3] = w.Text("figure.fairness.few"), w.Text("figure.fairness.few")
		}
		if far(s) {
			row.Level = ui.Warning
		}
		b.Rows = append(b.Rows, row)
	}
	return b
}

// leavesOut says whether the share of somebody is not told.
func (v fairnessView) leavesOut() bool {
	return slices.ContainsFunc(v.List, func(s mediation.FairShare) bool { return s.Few })
}

// far says that somebody was given far more or less than would have been fair: a quarter, and four hours.
func far(s mediation.FairShare) bool {
	off := max(s.Given-s.Planned, s.Planned-s.Given)
	return !s.Few && off >= 4*60 && off*4 >= s.Planned
}

// difference writes what was given beyond what would have been fair, with its sign.
func difference(w lang.Words, s mediation.FairShare) string {
	switch d := s.Given - s.Planned; {
	case d > 0:
		return "+" + hours(w, d)
	case d < 0:
		return "−" + hours(w, -d)
	}
	return "0"
}

func tongues(w lang.Words, m mediation.Mediator) string {
	var list []string
	for _, l := range m.Languages {
		list = append(list, lang.Name(w.Lang(), l.Code))
	}
	return w.List(list)
}
