// SPDX-License-Identifier: EUPL-1.2

package figureweb

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// ownView is what a mediator did, for themselves.
type ownView struct {
	mediation.OwnFigures
	words lang.Words
}

func (p *pages) getOwn(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := p.Mediation.OwnFigures(ctx, access.From(ctx))
	var body templ.Component
	switch {
	case fault.Is(err, fault.KindNotFound): // a mediator whom nobody has put on the roster yet
		body = noFigures()
	case err != nil:
		return err
	default:
		body = ownPage(ownView{f, web.Words(ctx)})
	}
	web.NoStore(w)
	return web.Render(w, r, http.StatusOK, p.Site.Page(r, ui.Head{Title: said(r, "figure.own.title"), NoIndex: true, Sensitive: true}, body))
}

// since are the months from the first in which there was anything to do.
func (v ownView) since() []mediation.OwnLine {
	first := slices.IndexFunc(v.Months, func(l mediation.OwnLine) bool { return l.Bookings > 0 })
	return v.Months[max(first, 0):]
}

// table is hours by month, language or mode.
func (v ownView) table(id, caption, head string, lines []mediation.OwnLine, named func(of string) string) ui.BarsView {
	w := v.words
	b := ui.BarsView{ID: id, Caption: w.Text(caption), Head: w.Text(head), Columns: []string{w.Text("figure.own.meetings"), w.Text("figure.hours")}}
	most := 0
	for _, l := range lines {
		most = max(most, l.Minutes)
	}
	for _, l := range lines {
		b.Rows = append(b.Rows, ui.Bar{Name: named(l.Of), Values: []string{w.Number(l.Bookings), hours(w, l.Minutes)}, Share: part(l.Minutes, most)})
	}
	return b
}

// shown says that the share can be told without telling of a colleague.
func (v ownView) shown() bool { return !v.Share.Few && v.Share.Planned > 0 }
