// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"context"
	"net/http"
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
		v.Plan, err = p.Mediation.Plan(ctx, access.From(ctx), from, to)
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
	return web.Redirect(w, r, web.Path(ctx, "/office/mediation/requests"))
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
	sum := 0
	for _, c := range s.Choices {
		if c.Mediator.ID != "" {
			sum += c.Why.Score
		}
	}
	return sum / s.Met
}

// compared sets the two ways beside each other.
func (v planView) compared(ctx context.Context) ui.TableView {
	w := v.words
	t := ui.TableView{ID: "compared", Plain: true, Caption: ui.T(ctx, "mediation.plan.compared"), Columns: []ui.Column{
		{Title: ui.T(ctx, "mediation.plan.what")}, {Title: ui.T(ctx, "mediation.plan.greedy"), Number: true}, {Title: ui.T(ctx, "mediation.plan.best"), Number: true},
	}}
	row := func(key, greedy, best string) {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: ui.T(ctx, key)}, {Text: greedy}, {Text: best}}})
	}
	number := func(n int) string { return w.Number(n) }
	row("mediation.plan.met", number(v.Greedy.Met), number(v.Best.Met))
	row("mediation.plan.quality", number(quality(v.Greedy)), number(quality(v.Best)))
	row("mediation.plan.lacks", number(v.Greedy.Lacks), number(v.Best.Lacks))
	row("mediation.plan.way", number(int(v.Greedy.Way.Minutes())), number(int(v.Best.Way.Minutes())))
	row("mediation.plan.cost", number(int(v.Greedy.Cents/100)), number(int(v.Best.Cents/100)))
	return t
}

// choices are who comes to what.
func (v planView) choices(ctx context.Context, id string, s mediation.Shared) ui.TableView {
	t := ui.TableView{ID: id, Plain: true, Caption: ui.T(ctx, "mediation.plan.choices"), Columns: []ui.Column{
		{Title: ui.T(ctx, "mediation.when")}, {Title: ui.T(ctx, "mediation.language")}, {Title: ui.T(ctx, "mediation.who")}, {Title: ui.T(ctx, "mediation.why.title")},
	}}
	for _, c := range s.Choices {
		r := c.Seat.Request
		who, why := c.Mediator.Name, scoreText(v.words, c.Why)
		if c.Mediator.ID == "" {
			who, why = ui.T(ctx, "mediation.plan.nobody"), ""
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: slotOf(v.words, r.Slot), Href: web.Path(ctx, "/office/mediation/requests/"+r.ID), Small: placeText(r.Place)},
			{Text: lang.Name(v.words.Lang(), r.Language), Small: ui.T(ctx, "mediation.mode."+string(r.Mode))}, {Text: who}, {Text: why},
		}})
	}
	return t
}

// scoreText writes what a score is made of.
func scoreText(w lang.Words, why mediation.Why) string {
	why.By = ""
	return whyText(w, why)
}
