// SPDX-License-Identifier: EUPL-1.2

package figureweb

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/figure"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

//go:embed locales
var localeFiles embed.FS

// Locales are the words of the pages.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("figureweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Deps is what the pages stand on. All are required.
type Deps struct {
	Figure    *figure.UseCases
	Mediation *mediation.UseCases
	Guard     *access.Guard
	Site      *ui.Site
	Clock     func() time.Time
}

type pages struct{ Deps }

const (
	figuresPath  = "/office/mediation/figures"
	fairnessPath = "/office/mediation/fairness"
)

// OfficeMenu are the entries of the operators' menu.
func OfficeMenu() []ui.OfficeItem {
	return []ui.OfficeItem{
		{Key: "figure.menu", Path: figuresPath, Action: "mediation.figure.read", Icon: "chart", Group: ui.GroupMediation},
		{Key: "figure.fairness.menu", Path: fairnessPath, Action: "mediation.fairness.read", Icon: "chart", Group: ui.GroupMediation},
	}
}

// Register puts the pages into the route table.
func Register(rs *web.Routes, d Deps) {
	p := &pages{d}
	read := web.May("mediation.figure.read")
	rs.Office("GET "+figuresPath, "mediation-figures", read, p.getFigures)
	rs.Office("GET "+figuresPath+".csv", "mediation-figures-csv", read, p.getFile)
	rs.Office("GET "+figuresPath+".xlsx", "mediation-figures-xlsx", read, p.getFile)
	rs.Office("GET "+fairnessPath, "mediation-fairness", web.May("mediation.fairness.read"), p.getFairness)
	rs.Page("GET /mediation/figures", "mediation-own-figures", web.May("mediation.agenda.read"), p.getOwn)
}

// usualDays is the period that is shown unasked.
const usualDays = mediation.FairDays

// period reads the days of a filter; those that are not given are the usual ones.
func (p *pages) period(l ui.List) (from, to calendar.Day, err error) {
	today := calendar.DayOf(p.Clock(), calendar.Rome())
	from, to = today-calendar.Day(usualDays), today
	read := func(name string, into *calendar.Day) {
		if text := l.Filter(name); text != "" && err == nil {
			day, bad := calendar.ParseDay(text)
			if bad != nil {
				err = fault.Invalid(name, "mediation.figure.day")
				return
			}
			*into = day
		}
	}
	read("to", &to)
	if l.Filter("from") == "" && to < today {
		from = to - calendar.Day(usualDays)
	}
	read("from", &from)
	return from, min(to, today), err
}

// dayFields are the two days of a filter as they are typed in.
func dayFields(w lang.Words, from, to calendar.Day, m ui.Mistakes) []ui.FieldView {
	field := func(name string, day calendar.Day) ui.FieldView {
		return ui.FieldView{ID: "filter-" + name, Name: name, Type: "date", Label: w.Text("figure." + name), Value: day.String(), Error: m.Of(name)}
	}
	return []ui.FieldView{field("from", from), field("to", to)}
}

func said(r *http.Request, key string, pairs ...any) string {
	return web.Words(r.Context()).Text(key, pairs...)
}

// hours writes minutes as hours.
func hours(w lang.Words, minutes int) string {
	if minutes%60 == 0 {
		return w.Number(minutes / 60)
	}
	return w.Decimal(float64(minutes)/60, 1)
}

// lasting writes how long something took, by signs that are the same in every language of the office.
func lasting(w lang.Words, d time.Duration) string {
	d = d.Round(time.Second)
	switch {
	case d == 0:
		return w.Text("figure.at_once")
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
}

// rate writes a fill rate; a dash where there was nothing to fill.
func rate(w lang.Words, c figure.Count) string {
	if share, some := c.Rate(); some {
		return w.Percent(share)
	}
	return "–"
}

// monthName writes "2027-03" as the reader does.
func monthName(w lang.Words, month string) string {
	at, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return w.MonthYear(at)
}

// provinceName is the name of a province; remote work has none.
func provinceName(w lang.Words, sigla string) string {
	if p, ok := network.Territories().Province(sigla); ok {
		return p.Name
	}
	return w.Text("figure.remote")
}

// part is a share of a whole, nothing of nothing.
func part(n, most int) float64 {
	if most == 0 {
		return 0
	}
	return float64(n) / float64(most)
}

// span writes a period.
func span(ctx context.Context, from, to calendar.Day) string {
	return web.Words(ctx).DateRange(calendar.Earliest(from, 0, time.UTC), calendar.Earliest(to, 0, time.UTC))
}
