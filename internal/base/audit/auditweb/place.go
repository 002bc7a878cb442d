// SPDX-License-Identifier: EUPL-1.2

package auditweb

import (
	"context"
	"net/http"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/audit/inquiry"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

type placesView struct {
	Alone bool // no checkpoint leaves this machine
	Table ui.TableView
}

// getPlaces shows where checkpoints are kept, and which of the places does not take them.
func (p *pages) getPlaces(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := p.Inquiry.Places(ctx, access.From(ctx))
	if err != nil {
		return err
	}
	v := placesView{Alone: true, Table: ui.TableView{
		ID: "places", Caption: ui.T(ctx, "audit.place.title"), Plain: true, Total: len(list), Empty: ui.Empty("lock", ui.T(ctx, "audit.place.none")),
		Columns: []ui.Column{{Title: ui.T(ctx, "audit.place.where")}, {Title: ui.T(ctx, "audit.place.state")}, {Title: ui.T(ctx, "audit.place.last")}, {Title: ui.T(ctx, "audit.place.tried")}},
	}}
	for _, f := range list {
		kind, where, _ := strings.Cut(f.Name, " ")
		name := ui.T(ctx, "audit.place."+kind)
		own := f.Name == p.OwnFile
		if own {
			name = ui.T(ctx, "audit.place.own")
		}
		v.Alone = v.Alone && (own || f.Sent.IsZero())
		last := ui.Cell{Text: ui.T(ctx, "audit.place.never")}
		if !f.Sent.IsZero() {
			last = ui.Cell{Text: moment(ctx, f.Sent), Small: ui.N(ctx, "audit.place.rows", int(f.Size))}
		}
		row := ui.Row{Cells: []ui.Cell{{Text: name, Small: where}, {Body: ui.Status(ui.Success, ui.T(ctx, "audit.place.arrives"))}, last, {Text: moment(ctx, f.Tried)}}}
		if f.Problem != "" {
			row.Level, row.Cells[1] = ui.Danger, ui.Cell{Body: placeFails(f.Problem)}
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	head := ui.OfficeHead{
		Title: ui.T(ctx, "audit.place.title"), Lead: ui.T(ctx, "audit.place.lead"), Active: Path, Help: "audit.place.help",
		Crumbs: []ui.Link{{Text: ui.T(ctx, "audit.menu.log"), Href: web.Path(ctx, Path)}, {Text: ui.T(ctx, "audit.place.title")}},
	}
	return p.show(w, r, head, placesPage(v))
}

// Room is what waits for those who answer for the log.
type Room struct {
	Inquiry *inquiry.UseCases
}

// lately is how long ago a place that does not take checkpoints may have been tried, to be told of at home.
const lately = 24 * time.Hour

// Waiting tells of places that do not take checkpoints.
func (room Room) Waiting(ctx context.Context, actor access.Actor) ([]ui.Waiting, error) {
	if !room.Inquiry.Guard.May(actor, "audit.place.read") {
		return nil, nil
	}
	list, err := room.Inquiry.Places(ctx, actor)
	if err != nil {
		return nil, err
	}
	var failing []audit.Fate
	for _, f := range list {
		if f.Problem != "" && room.Inquiry.Clock().Sub(f.Tried) < lately {
			failing = append(failing, f)
		}
	}
	if len(failing) == 0 {
		return nil, nil
	}
	return []ui.Waiting{{Text: ui.N(ctx, "audit.place.waiting", len(failing)), Href: web.Path(ctx, placesPath), Count: len(failing), Since: failing[0].Sent, Level: ui.Danger, Icon: "lock"}}, nil
}
