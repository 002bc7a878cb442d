// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"net/http"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// getMeetings lists the sessions of other bodies in which one's own takes part.
func (p *Pages) getMeetings(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := p.Mediation.Meetings(ctx, access.From(ctx))
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := ui.TableView{
		Caption: said(r, "mediation.meetings.title"), Plain: true, Empty: ui.Empty("calendar", said(r, "mediation.meetings.none")),
		Columns: []ui.Column{{Title: said(r, "mediation.when")}, {Title: said(r, "mediation.meetings.where")}, {Title: said(r, "mediation.language")}, {Title: said(r, "mediation.meetings.body")}, {Title: said(r, "mediation.state")}},
	}
	for _, m := range list {
		place := ui.Cell{Text: said(r, "mediation.mode."+string(m.Mode)), Href: m.Link}
		if m.Mode == mediation.InPerson {
			place = ui.Cell{Text: placeText(m.Place)}
		}
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{
			{Text: slotOf(words, m.Slot)}, place, {Text: lang.Name(words.Lang(), m.Language)}, {Text: m.Body.Name},
			{Body: ui.Status(requestLevels[m.State], said(r, "mediation.state."+string(m.State)))},
		}})
	}
	head := ui.OfficeHead{Title: said(r, "mediation.meetings.title"), Lead: said(r, "mediation.meetings.lead"), Crumbs: []ui.Link{{Text: said(r, "mediation.meetings.title")}}}
	return p.show(w, r, http.StatusOK, head, ui.Table(v))
}
