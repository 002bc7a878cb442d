// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"encoding/json"
	"io"
	"strconv"

	"approdo/internal/domain/directory/census"
	"approdo/internal/domain/directory/directoryweb"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/sheet"
	"approdo/internal/kit/tally"
)

// publishedDays is how far back the open data about use go.
const publishedDays = 366

// useFormats are the downloads of how much the site is used: days that are over, numbers from five up.
func (a *App) useFormats() []directoryweb.Format {
	return []directoryweb.Format{
		{Name: "usage-csv", File: "approdo-usage.csv", Type: "text/csv; charset=utf-8", Write: a.writeUseCSV},
		{Name: "usage-json", File: "approdo-usage.json", Type: "application/json", Write: a.writeUseJSON},
	}
}

func (a *App) use(ctx context.Context) ([]census.Use, error) {
	today := calendar.DayOf(a.Config.Clock(), calendar.Rome())
	return a.Census.UsePublic(ctx, today-publishedDays, today)
}

// writeUseCSV writes one number a line (RFC 4180).
func (a *App) writeUseCSV(ctx context.Context, w io.Writer) error {
	list, err := a.use(ctx)
	if err != nil {
		return err
	}
	rows := [][]string{{"day", "dimension", "subject", "count"}}
	for _, use := range list {
		rows = append(rows, []string{use.Day, use.Dimension, use.Subject, strconv.Itoa(use.Count)})
	}
	return sheet.Plain(w, rows)
}

func (a *App) writeUseJSON(ctx context.Context, w io.Writer) error {
	list, err := a.use(ctx)
	if err != nil {
		return err
	}
	if list == nil {
		list = []census.Use{}
	}
	return json.NewEncoder(w).Encode(map[string]any{"least": tally.Fewest, "use": list})
}
