// SPDX-License-Identifier: EUPL-1.2

package figureweb

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/figure"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// figuresView is the page of numbers.
type figuresView struct {
	figure.Figures
	words   lang.Words
	Filter  ui.FilterView
	Days    []ui.FieldView
	Selects []ui.SelectView
	Period  string
	Bad     bool // the filter makes no sense: there are no numbers
}

// query reads the filters.
func (p *pages) query(l ui.List) (figure.Query, error) {
	from, to, err := p.period(l)
	return figure.Query{From: from, To: to, Member: l.Filter("body"), Language: l.Filter("language"), Mode: mediation.Mode(l.Filter("mode")), Province: l.Filter("province")}, err
}

func (p *pages) getFigures(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	l := ui.ReadList(r)
	q, err := p.query(l)
	v := figuresView{words: web.Words(ctx), Filter: ui.FilterView{List: l, Open: true}, Period: span(ctx, q.From, q.To)}
	if err == nil {
		v.Figures, err = p.Figure.Read(ctx, actor, q)
	}
	status := http.StatusOK
	m, ok := ui.MistakesOf(r, err)
	if err != nil {
		if !ok {
			return err
		}
		status, v.Bad = http.StatusUnprocessableEntity, true
	}
	everything := q
	everything.Member, everything.Language, everything.Mode, everything.Province = "", "", "", ""
	all := v.Figures
	if everything != q && !v.Bad {
		if all, err = p.Figure.Read(ctx, actor, everything); err != nil {
			return err
		}
	}
	v.Days, v.Selects = dayFields(v.words, q.From, q.To, m), v.selects(all, q)
	head := ui.OfficeHead{Title: said(r, "figure.title"), Lead: said(r, "figure.lead"), Crumbs: []ui.Link{{Text: said(r, "figure.menu")}}, Actions: figureActions(l.Query)}
	return web.Render(w, r, status, p.Site.OfficePage(r, head, figuresPage(v)))
}

// selects offer what there is in the period.
func (v figuresView) selects(all figure.Figures, q figure.Query) []ui.SelectView {
	offer := func(name, chosen string, lines []figure.Line, named func(figure.Line) string) ui.SelectView {
		s := ui.SelectView{ID: "filter-" + name, Name: name, Label: v.words.Text("figure." + name), Options: []ui.Option{{Text: v.words.Text("figure.all")}}}
		there := chosen == ""
		for _, line := range lines {
			if line.Of != "" {
				s.Options = append(s.Options, ui.Option{Value: line.Of, Text: named(line), Selected: line.Of == chosen})
				there = there || line.Of == chosen
			}
		}
		slices.SortFunc(s.Options[1:], func(a, b ui.Option) int { return cmp.Compare(a.Text, b.Text) })
		if !there { // what is chosen stays in sight, also when there is nothing of it
			s.Options = append(s.Options, ui.Option{Value: chosen, Text: named(figure.Line{Of: chosen, Name: chosen}), Selected: true})
		}
		return s
	}
	list := []ui.SelectView{
		offer("language", q.Language, all.Languages, v.language),
		offer("mode", string(q.Mode), all.Modes, v.mode),
		offer("province", q.Province, all.Provinces, v.province),
	}
	if len(all.Bodies) > 1 || q.Member != "" {
		list = slices.Insert(list, 0, offer("body", q.Member, all.Bodies, body))
	}
	return list
}

func (v figuresView) language(l figure.Line) string { return lang.Name(v.words.Lang(), l.Of) }
func (v figuresView) mode(l figure.Line) string {
	if !slices.Contains(mediation.Modes, mediation.Mode(l.Of)) {
		return l.Of
	}
	return v.words.Text("mediation.mode." + l.Of)
}
func (v figuresView) province(l figure.Line) string { return provinceName(v.words, l.Of) }
func body(l figure.Line) string                     { return l.Name }

// tiles are the numbers that somebody looks at first.
func (v figuresView) tiles() []ui.Figure {
	w, t := v.words, v.Total
	list := []ui.Figure{
		{Value: w.Number(t.Requests), Label: w.Text("figure.requests"), Text: w.Count("figure.cancelled_n", t.Cancelled)},
		{Value: rate(w, t), Label: w.Text("figure.rate"), Text: w.Text("figure.rate.text"), Level: ui.Info},
		{Value: w.Number(t.Unmet), Label: w.Text("figure.unmet"), Level: ui.Neutral},
		{Value: hours(w, t.Minutes), Label: w.Text("figure.hours"), Text: w.Count("figure.absent_n", t.Absent)},
	}
	if t.Unmet > 0 {
		list[2].Level = ui.Danger
	}
	for _, one := range []struct {
		key string
		figure.Wait
	}{{"figure.wait.on_call", v.OnCall}, {"figure.wait.scheduled", v.Scheduled}} {
		if one.Answers > 0 {
			list = append(list, ui.Figure{Value: lasting(w, one.Median), Label: w.Text(one.key), Text: w.Text("figure.wait.p95", "time", lasting(w, max(one.P95, time.Second)), "answers", one.Answers)})
		}
	}
	return list
}

// demand is what was asked by one dimension, and what nobody came for.
func (v figuresView) demand(id, caption, head string, lines []figure.Line, named func(figure.Line) string) ui.BarsView {
	w := v.words
	b := ui.BarsView{ID: id, Caption: w.Text(caption), Head: w.Text(head), Columns: []string{w.Text("figure.requests"), w.Text("figure.unmet"), w.Text("figure.rate")}}
	sorted := slices.Clone(lines)
	slices.SortStableFunc(sorted, func(a, b figure.Line) int { return cmp.Compare(b.Unmet, a.Unmet) })
	most := 0
	for _, l := range sorted {
		most = max(most, l.Unmet)
	}
	for _, l := range sorted {
		b.Rows = append(b.Rows, ui.Bar{Name: named(l), Values: []string{w.Number(l.Requests), w.Number(l.Unmet), rate(w, l.Count)}, Share: part(l.Unmet, most), Level: ui.Danger})
	}
	return b
}

// worked are hours by one dimension, with a mark where the rules allow a body so many.
func (v figuresView) worked(id, caption, head string, lines []figure.Line, named func(figure.Line) string) ui.BarsView {
	w := v.words
	b := ui.BarsView{ID: id, Caption: w.Text(caption), Head: w.Text(head), Columns: []string{w.Text("figure.requests"), w.Text("figure.rate"), w.Text("figure.hours")}}
	most, limits := 0, false
	for _, l := range lines {
		most, limits = max(most, l.Minutes, l.Planned), limits || l.Planned > 0
	}
	if limits {
		b.Columns = append(b.Columns, w.Text("figure.planned"))
	}
	for _, l := range lines {
		row := ui.Bar{Name: named(l), Values: []string{w.Number(l.Requests), rate(w, l.Count), hours(w, l.Minutes)}, Share: part(l.Minutes, most), Mark: part(l.Planned, most)}
		if l.Planned > 0 {
			row.Values = append(row.Values, hours(w, l.Planned))
			if l.Minutes > l.Planned {
				row.Level = ui.Warning
			}
		} else if limits {
			row.Values = append(row.Values, w.Text("figure.no_limit"))
		}
		b.Rows = append(b.Rows, row)
	}
	return b
}

// months are the months of the period, in order.
func (v figuresView) months() ui.BarsView {
	return v.worked("months", "figure.by_month", "figure.month", v.Months, func(l figure.Line) string { return monthName(v.words, l.Of) })
}

// week is the unmet demand by weekday and hour.
func (v figuresView) week() ui.HeatView {
	w := v.words
	h := ui.HeatView{ID: "week", Caption: w.Text("figure.by_hour"), Corner: w.Text("figure.day"), Titled: true}
	first, last := v.Grid.Hours()
	for hour := first; hour <= last; hour++ {
		h.Columns = append(h.Columns, strconv.Itoa(hour))
	}
	most := 0
	for _, day := range v.Grid {
		for _, cell := range day {
			most = max(most, cell.Unmet)
		}
	}
	for i, day := range v.Grid {
		row := ui.HeatRow{Name: w.Weekday(time.Weekday((i+1)%7), lang.Full)}
		for hour := first; hour <= last; hour++ {
			cell := ui.HeatCell{Shade: ui.Shade(day[hour].Unmet, most)}
			if day[hour].Requests > 0 {
				cell.Text = w.Number(day[hour].Unmet) + "/" + w.Number(day[hour].Requests)
			}
			row.Cells = append(row.Cells, cell)
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}

// getFile sends the figures of the filter, told apart by everything at once.
func (p *pages) getFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q, err := p.query(ui.ReadList(r))
	if err != nil {
		return fault.NotFound("fault.no_page")
	}
	list, err := p.Figure.Rows(ctx, access.From(ctx), q)
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	var titles []string
	for _, name := range []string{"month", "body", "language", "mode", "kind", "province", "requests", "cancelled", "fulfilled", "absent", "unreported", "unmet", "minutes"} {
		titles = append(titles, words.Text("figure."+name))
	}
	rows := [][]string{titles}
	for _, one := range list {
		province := ""
		if one.Province != "" {
			province = provinceName(words, one.Province)
		}
		rows = append(rows, []string{
			one.Month, one.Body, lang.Name(words.Lang(), one.Language), words.Text("mediation.mode." + string(one.Mode)), words.Text("mediation.kind." + string(one.Kind)), province,
			strconv.Itoa(one.Requests), strconv.Itoa(one.Cancelled), strconv.Itoa(one.Fulfilled), strconv.Itoa(one.Absent), strconv.Itoa(one.Unreported), strconv.Itoa(one.Unmet), strconv.Itoa(one.Minutes),
		})
	}
	return web.Sheet(w, r, "mediazione-"+q.From.String()+"-"+q.To.String(), rows)
}

// fileHref is the address of a file with the filter of the page.
func fileHref(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
