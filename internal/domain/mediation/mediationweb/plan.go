// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

const planPath = "/office/mediation/plan"

// usualPlan is how many days are planned unasked: those after tomorrow.
const usualPlan = 7

// planView is the page on which the requests of some days are shared out.
type planView struct {
	mediation.Plan
	words   lang.Words
	actor   access.Actor
	Filter  ui.FilterView
	Days    []ui.FieldView
	Bad     bool // the days are no days
	Clashes []mediation.PlanClash
	Trouble string
}

func (p *Pages) getPlan(w http.ResponseWriter, r *http.Request) error {
	return p.showPlan(w, r, http.StatusOK, planView{})
}

func (p *Pages) showPlan(w http.ResponseWriter, r *http.Request, status int, v planView) error {
	ctx := r.Context()
	l := ui.ReadList(r)
	v.words, v.Filter = web.Words(ctx), ui.FilterView{List: l, Open: true}
	from := calendar.DayOf(p.Clock(), calendar.Rome()) + 2
	to := from + usualPlan - 1
	err := readDay(l.Filter("from"), "from", &from)
	if l.Filter("from") != "" && l.Filter("to") == "" {
		to = from + usualPlan - 1
	}
	if bad := readDay(l.Filter("to"), "to", &to); err == nil {
		err = bad
	}
	if err == nil {
		v.actor = access.From(ctx)
		v.Plan, err = p.Mediation.Plan(ctx, v.actor, mediation.PlanQuery{From: from, To: to, Member: l.Filter("body")})
	}
	m, ok := ui.MistakesOf(r, err)
	if err != nil && !ok {
		return err
	}
	if v.Bad = err != nil; v.Bad {
		status = http.StatusUnprocessableEntity
	}
	for name, day := range map[string]calendar.Day{"from": from, "to": to} {
		f := ui.FieldView{ID: "filter-" + name, Name: name, Type: "date", Label: said(r, "mediation.plan."+name), Value: day.String(), Error: m.Of(name)}
		if name == "from" {
			v.Days = append([]ui.FieldView{f}, v.Days...)
		} else {
			v.Days = append(v.Days, f)
		}
	}
	head := ui.OfficeHead{Title: said(r, "mediation.plan.title"), Lead: said(r, "mediation.plan.lead"), Crumbs: []ui.Link{{Text: said(r, "mediation.menu.plan")}}, Actions: ui.PrintButton()}
	web.NoStore(w)
	return p.show(w, r, status, head, planPage(v))
}

func readDay(text, field string, into *calendar.Day) error {
	if text == "" {
		return nil
	}
	day, err := calendar.ParseDay(text)
	if err != nil {
		return fault.Invalid(field, "mediation.day")
	}
	*into = day
	return nil
}

func (p *Pages) postPlan(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "mediation.form").Because(err)
	}
	var list []mediation.Chosen
	for _, text := range r.Form["choice"] {
		parts := strings.Split(text, " ")
		if len(parts) != 3 {
			return fault.Invalid("", "mediation.form")
		}
		seat, err := strconv.Atoi(parts[1])
		if err != nil {
			return fault.Invalid("", "mediation.form").Because(err)
		}
		list = append(list, mediation.Chosen{Request: parts[0], Seat: seat, Mediator: parts[2]})
	}
	clashes, err := p.Mediation.Share(ctx, access.From(ctx), list)
	if fault.Is(err, fault.KindConflict) { // a new plan, of what is left
		return p.showPlan(w, r, http.StatusConflict, planView{Clashes: clashes, Trouble: troubleOf(web.Words(ctx), err)})
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "mediation.plan.done", len(list))
	again := web.Path(ctx, planPath)
	if r.URL.RawQuery != "" {
		again += "?" + r.URL.RawQuery // what is left of the same days
	}
	return web.Redirect(w, r, again)
}

// address is the page with the days and the body that are chosen.
func (v planView) address() string {
	q := url.Values{"from": {v.From.String()}, "to": {v.To.String()}}
	if v.Member != "" {
		q.Set("body", v.Member)
	}
	return planPath + "?" + q.Encode()
}

// bodies lets choose one body, where there are several.
func (v planView) bodies(ctx context.Context) ui.SelectView {
	s := ui.SelectView{ID: "filter-body", Name: "body", Label: ui.T(ctx, "mediation.plan.body"), Options: []ui.Option{{Text: ui.T(ctx, "mediation.plan.bodies")}}}
	for _, b := range v.Bodies {
		s.Options = append(s.Options, ui.Option{Value: b.ID, Text: b.Name, Selected: b.ID == v.Member})
	}
	return s
}

// foreign says whether requests of other bodies are planned too.
func (v planView) foreign() bool {
	return slices.ContainsFunc(v.Best.Choices, func(c mediation.Choice) bool { return c.Seat.Request.Member != v.actor.Member })
}

// chosen are the hidden values of a way to share out.
func chosen(s mediation.Shared) []string {
	var list []string
	for _, c := range s.Choices {
		if c.Mediator.ID != "" {
			list = append(list, c.Seat.Request.ID+" "+strconv.Itoa(c.Seat.Number)+" "+c.Mediator.ID)
		}
	}
	return list
}

// quality is how good the choices of a plan are, of a thousand points each.
func quality(s mediation.Shared) int {
	if s.Met == 0 {
		return 0
	}
	return s.Score / s.Met
}

// minutes are those on the way.
func minutes(s mediation.Shared) int { return int(s.Way.Minutes()) }

// gain says in words what the plan of all together is better at, and what it costs for it.
func (v planView) gain() []string {
	var list []string
	say := func(key string, n int) {
		if n > 0 {
			list = append(list, v.words.Count("mediation.plan.gain."+key, n))
		}
	}
	both := func(more, less string, n int) { say(more, n); say(less, -n) }
	both("met", "unmet", v.Best.Met-v.Greedy.Met)
	worse := "worse"
	if v.Best.Met > v.Greedy.Met {
		worse = "worse_met"
	}
	both("better", worse, quality(v.Best)-quality(v.Greedy))
	both("way_more", "way_less", minutes(v.Best)-minutes(v.Greedy))
	both("cost_more", "cost_less", int((v.Best.Cents-v.Greedy.Cents)/100))
	if v.Best.Lacks < v.Greedy.Lacks && len(list) == 0 {
		list = append(list, v.words.Text("mediation.plan.gain.fair"))
	}
	return list
}

// alike says that both ways are one.
func (v planView) alike() bool { return v.Best.Lacks == v.Greedy.Lacks && len(v.gain()) == 0 }

// compared sets the two ways beside each other.
func (v planView) compared(ctx context.Context) ui.TableView {
	w := v.words
	t := ui.TableView{ID: "compared", Plain: true, Caption: ui.T(ctx, "mediation.plan.compared"), Columns: []ui.Column{
		{Title: ui.T(ctx, "mediation.plan.what")}, {Title: ui.T(ctx, "mediation.plan.greedy"), Number: true}, {Title: ui.T(ctx, "mediation.plan.best"), Number: true},
	}}
	row := func(key string, greedy, best int) {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: ui.T(ctx, key)}, {Text: w.Number(greedy)}, {Text: w.Number(best)}}})
	}
	all := len(v.Best.Choices)
	t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
		{Text: ui.T(ctx, "mediation.plan.met")}, {Text: ui.T(ctx, "mediation.plan.of", "n", v.Greedy.Met, "all", all)}, {Text: ui.T(ctx, "mediation.plan.of", "n", v.Best.Met, "all", all)},
	}})
	row("mediation.plan.quality", quality(v.Greedy), quality(v.Best))
	row("mediation.plan.way", minutes(v.Greedy), minutes(v.Best))
	row("mediation.plan.cost", int(v.Greedy.Cents/100), int(v.Best.Cents/100))
	row("mediation.plan.lacks", v.Greedy.Lacks, v.Best.Lacks)
	return t
}

// choices are who comes to what, in both ways.
func (v planView) choices(ctx context.Context) ui.TableView {
	t := ui.TableView{ID: "choices", Plain: true, Caption: ui.T(ctx, "mediation.plan.choices"), Columns: []ui.Column{{Title: ui.T(ctx, "mediation.when")}, {Title: ui.T(ctx, "mediation.language")}}}
	if v.foreign() {
		t.Columns = append(t.Columns, ui.Column{Title: ui.T(ctx, "mediation.plan.body")})
	}
	for _, key := range []string{"mediation.plan.greedy", "mediation.plan.best", "mediation.why.title"} {
		t.Columns = append(t.Columns, ui.Column{Title: ui.T(ctx, key)})
	}
	names := map[string]string{}
	for _, b := range v.Bodies {
		names[b.ID] = b.Name
	}
	for i, c := range v.Best.Choices {
		r := c.Seat.Request
		row := ui.Row{Cells: []ui.Cell{
			{Text: slotOf(v.words, r.Slot), Small: placeText(r.Place)},
			{Text: lang.Name(v.words.Lang(), r.Language), Small: ui.T(ctx, "mediation.mode."+string(r.Mode))},
		}}
		if r.Member == v.actor.Member {
			row.Cells[0].Href = web.Path(ctx, "/office/mediation/requests/"+r.ID)
		}
		if v.foreign() {
			row.Cells = append(row.Cells, ui.Cell{Text: names[r.Member]})
		}
		why := ui.Cell{Text: whyText(v.words, c.Why)}
		switch {
		case c.Mediator.ID == "":
			row.Level, why.Text = ui.Warning, ""
		case r.Member != v.actor.Member:
			why.Text = ui.T(ctx, "mediation.plan.why_theirs")
		}
		row.Cells = append(row.Cells, v.who(ctx, v.Greedy.Choices[i]), v.who(ctx, c), why)
		t.Rows = append(t.Rows, row)
	}
	return t
}

// who is whoever comes, with how good that is, or why nobody does.
func (v planView) who(ctx context.Context, c mediation.Choice) ui.Cell {
	switch {
	case c.Mediator.ID != "":
		return ui.Cell{Text: c.Mediator.Name, Small: ui.T(ctx, "mediation.points", "points", v.words.Number(c.Why.Score), "most", v.words.Number(1000))}
	case c.Why.Of == 0:
		return ui.Cell{Text: ui.T(ctx, "mediation.plan.nobody"), Small: ui.T(ctx, "mediation.plan.nobody.none")}
	case c.Tight:
		return ui.Cell{Text: ui.T(ctx, "mediation.plan.nobody"), Small: ui.T(ctx, "mediation.plan.nobody.tight")}
	}
	return ui.Cell{Text: ui.T(ctx, "mediation.plan.nobody"), Small: ui.T(ctx, "mediation.plan.nobody.taken")}
}

// clash says what can't be had any more, and why.
func (v planView) clash(c mediation.PlanClash) string {
	why := v.words.Text("mediation.plan.met_already")
	if c.Barred != nil {
		why = strings.TrimPrefix(c.Mediator.Name+": ", ": ") + barredText(v.words, c.Barred)
	}
	return slotOf(v.words, c.Request.Slot) + ", " + lang.Name(v.words.Lang(), c.Request.Language) + ". " + why
}
