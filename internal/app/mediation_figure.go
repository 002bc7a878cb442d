// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"encoding/json"
	"io"
	"strconv"

	"approdo/internal/domain/directory/directoryweb"
	"approdo/internal/domain/mediation/figureweb"
	"approdo/internal/kit/sheet"
	"approdo/internal/kit/tally"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// registerFigures adds the pages of what mediation did, in numbers.
func (a *App) registerFigures(rs *web.Routes, site *ui.Site) {
	figureweb.Register(rs, figureweb.Deps{Figure: a.Figure, Mediation: a.Mediation, Guard: a.Guard, Site: site, Clock: a.Config.Clock})
	a.desk.add(figureweb.OfficeMenu(), nil)
}

// figureFormats are the downloads of what was asked of mediators and not met: months that are settled,
// numbers from five up.
func (a *App) figureFormats() []directoryweb.Format {
	return []directoryweb.Format{
		{Name: "mediation-csv", File: "approdo-mediation.csv", Type: "text/csv; charset=utf-8", Write: a.writeFiguresCSV},
		{Name: "mediation-json", File: "approdo-mediation.json", Type: "application/json", Write: a.writeFiguresJSON},
	}
}

// writeFiguresCSV writes one number a line (RFC 4180).
func (a *App) writeFiguresCSV(ctx context.Context, w io.Writer) error {
	list, err := a.Figure.Open(ctx)
	if err != nil {
		return err
	}
	rows := [][]string{{"month", "measure", "subject", "value"}}
	for _, one := range list {
		rows = append(rows, []string{one.Month, one.Measure, one.Subject, strconv.Itoa(one.Value)})
	}
	return sheet.Plain(w, rows)
}

func (a *App) writeFiguresJSON(ctx context.Context, w io.Writer) error {
	list, err := a.Figure.Open(ctx)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(map[string]any{"least": tally.Fewest, "figures": list})
}
