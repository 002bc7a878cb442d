// SPDX-License-Identifier: EUPL-1.2

package timesheetweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// budgetView is what a body has for mediation, and what is left.
type budgetView struct {
	words    lang.Words
	Month    ui.SelectView
	List     ui.List
	Budgets  []timesheet.Budget
	Quotas   []timesheet.Quota
	Names    timesheet.Names
	Edits    bool
	Typed    url.Values
	Mistakes ui.Mistakes
}

func (p *Pages) getBudgets(w http.ResponseWriter, r *http.Request) error {
	return p.showBudgets(w, r, http.StatusOK, budgetView{})
}

func (p *Pages) showBudgets(w http.ResponseWriter, r *http.Request, status int, v budgetView) (err error) {
	ctx, actor := r.Context(), access.From(r.Context())
	v.words, v.List, v.Edits = web.Words(ctx), ui.ReadList(r), p.Guard.May(actor, "mediation.budget.edit")
	month := p.monthAsked(v.List)
	v.Month = p.monthField(r, month)
	if v.Budgets, v.Quotas, v.Names, err = p.Timesheet.Budgets(ctx, actor, month); err != nil {
		return err
	}
	title := said(r, "session.budgets.title")
	head := ui.OfficeHead{Title: title, Lead: said(r, "session.budgets.lead"), Crumbs: []ui.Link{{Text: title}}}
	return p.show(w, r, status, head, budgetsPage(v))
}

func (p *Pages) postBudget(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "mediation.form").Because(err)
	}
	b, err := ReadBudget(r.Form)
	if err != nil {
		return err
	}
	err = p.Timesheet.Plan(r.Context(), access.From(r.Context()), b)
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showBudgets(w, r, http.StatusUnprocessableEntity, budgetView{Typed: r.Form, Mistakes: m})
	}
	return after(w, r, err, "session.said.saved", budgetsPath)
}

// ReadBudget reads the fields of the budget of one activity. What is no number is less than nothing, which is refused.
func ReadBudget(f url.Values) (timesheet.Budget, error) {
	version, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		return timesheet.Budget{}, fault.Invalid("", "mediation.form")
	}
	cents, ok := centsIn(f.Get("euros"))
	if !ok {
		cents = -1
	}
	return timesheet.Budget{Charge: chargeOf(f), Version: version, Minutes: numberIn(f, "hours") * 60, Cents: cents}, nil
}

// edited is the budget whose form was sent with a mistake.
func (v budgetView) edited(b timesheet.Budget) bool {
	return v.Mistakes.Any() && v.Typed.Get("charge") == chargeValue(b.Charge)
}

func (v budgetView) hours(b timesheet.Budget) string {
	if v.edited(b) {
		return v.Typed.Get("hours")
	}
	return strconv.Itoa(b.Minutes / 60)
}

func (v budgetView) euros(b timesheet.Budget) string {
	if v.edited(b) {
		return v.Typed.Get("euros")
	}
	return strings.TrimSuffix(eurosText(v.words, b.Cents), " €")
}

// wrong is the mistake of a field, in the form that was sent.
func (v budgetView) wrong(b timesheet.Budget, field string) string {
	if !v.edited(b) {
		return ""
	}
	return v.Mistakes.Of(field)
}

func budgetTable(ctx context.Context, v budgetView) ui.TableView {
	t := ui.TableView{ID: "budgets", Plain: true, Caption: ui.T(ctx, "session.budgets.title"), Empty: ui.Empty("list", ui.T(ctx, "session.budgets.none")), Columns: []ui.Column{
		{Title: ui.T(ctx, "session.charge")}, {Title: ui.T(ctx, "session.planned"), Number: true}, {Title: ui.T(ctx, "session.used"), Number: true}, {Title: ui.T(ctx, "session.left"), Number: true},
	}}
	for _, b := range v.Budgets {
		minutes, cents := b.Left()
		row := ui.Row{Cells: []ui.Cell{
			{Text: b.What, Small: b.Title},
			{Text: planned(b.Minutes), Small: plannedEuros(v.words, b.Cents)},
			{Text: hoursText(b.Used.Minutes), Small: eurosText(v.words, b.Used.Cents)},
			{Text: left(b.Minutes, hoursText(minutes)), Small: left(int(b.Cents), eurosText(v.words, cents))},
		}}
		if b.Minutes > 0 && minutes < 0 || b.Cents > 0 && cents < 0 {
			row.Level = ui.Danger
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func planned(minutes int) string { return left(minutes, hoursText(minutes)) }

func plannedEuros(w lang.Words, cents int64) string { return left(int(cents), eurosText(w, cents)) }

// left is what is left of a plan; of none nothing can be left.
func left(plan int, text string) string {
	if plan == 0 {
		return "–"
	}
	return text
}

func quotaTable(ctx context.Context, v budgetView) ui.TableView {
	t := ui.TableView{ID: "quotas", Plain: true, Caption: ui.T(ctx, "session.quotas"), Columns: []ui.Column{{Title: ui.T(ctx, "session.body")}, {Title: ui.T(ctx, "session.planned"), Number: true}, {Title: ui.T(ctx, "session.given"), Number: true}, {Title: ui.T(ctx, "session.left"), Number: true}}}
	for _, q := range v.Quotas {
		row := ui.Row{Cells: []ui.Cell{{Text: v.Names.Of(q.Member)}, {Text: planned(q.Planned)}, {Text: hoursText(q.Given)}, {Text: left(q.Planned, hoursText(q.Planned-q.Given))}}}
		if q.Planned > 0 && q.Given > q.Planned {
			row.Level = ui.Danger
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
