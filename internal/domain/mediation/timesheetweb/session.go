// SPDX-License-Identifier: EUPL-1.2

package timesheetweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func (p *Pages) getSessions(w http.ResponseWriter, r *http.Request) error {
	return p.showSessions(w, r, http.StatusOK, ticks{all: r.FormValue("mark") == "all"})
}

// showSessions shows the list, with the marks that were set in it.
func (p *Pages) showSessions(w http.ResponseWriter, r *http.Request, status int, m ticks) error {
	ctx := r.Context()
	l := sessionList(r)
	q := timesheet.Query{State: timesheet.State(l.Filter("state")), Outcome: timesheet.Outcome(l.Filter("outcome")), Page: l.Page, Size: l.Size}
	if slices.Contains(p.Timesheet.Months(), l.Filter("month")) {
		q.Month = l.Filter("month")
	}
	list, total, err := p.Timesheet.Sessions(ctx, access.From(ctx), q)
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := ui.TableView{
		Caption: said(r, "session.sessions.title"), List: l, Total: total, Empty: ui.Empty("calendar", said(r, "session.sessions.none")),
		Columns: []ui.Column{{Title: said(r, "session.when")}, {Title: said(r, "session.mediator")}, {Title: said(r, "session.outcome")}, {Title: said(r, "session.owed"), Number: true}, {Title: said(r, "session.state")}},
	}
	charged, err := p.chargesOf(ctx, list)
	if err != nil {
		return err
	}
	for _, one := range list {
		row := m.row(one)
		row.Name = slotText(words, one.Slot) + ", " + one.Name
		if row.ID != "" && v.Bulk == nil {
			v.Bulk = []ui.BulkAction{{Name: "countersign", Text: said(r, "session.countersign.send"), Icon: "check", Kind: ui.Primary}}
			v.BulkTo = ui.Href(ctx, sessionsPath+"/countersign?"+l.Query.Encode())
		}
		row.Cells = []ui.Cell{
			{Text: slotText(words, one.Slot), Href: web.Path(ctx, sessionsPath+"/"+one.Booking)},
			{Text: one.Name, Small: lang.Name(words.Lang(), one.Language)},
			{Text: said(r, "session.outcome."+string(one.Outcome)), Small: charged[timesheet.Charge{Project: one.Project, Activity: one.Activity}]},
			{Text: hoursText(one.Minutes), Small: expensesText(words, one.Expenses)},
			{Body: ui.Status(levels[one.State], said(r, "session.state."+string(one.State)))},
		}
		v.Rows = append(v.Rows, row)
	}
	title := said(r, "session.sessions.title")
	head := ui.OfficeHead{Title: title, Lead: said(r, "session.sessions.lead"), Help: ui.HelpKey(sessionsPath), Crumbs: []ui.Link{{Text: title}}}
	return p.show(w, r, status, head, sessionsPage(ui.FilterView{List: l, Open: true}, p.sessionFilters(r, l), v, m.view(r, l)))
}

func expensesText(w lang.Words, cents int64) string {
	if cents == 0 {
		return ""
	}
	return eurosText(w, cents)
}

func (p *Pages) sessionFilters(r *http.Request, l ui.List) []ui.SelectView {
	states := []ui.Option{{Text: said(r, "session.all")}}
	for _, s := range timesheet.States {
		states = append(states, ui.Option{Value: string(s), Text: said(r, "session.state."+string(s)), Selected: l.Filter("state") == string(s)})
	}
	outcomes := []ui.Option{{Text: said(r, "session.all")}}
	for _, o := range timesheet.Outcomes {
		outcomes = append(outcomes, ui.Option{Value: string(o), Text: said(r, "session.outcome."+string(o)), Selected: l.Filter("outcome") == string(o)})
	}
	months := []ui.Option{{Text: said(r, "session.all")}}
	for _, m := range p.Timesheet.Months() {
		months = append(months, ui.Option{Value: m, Text: monthText(web.Words(r.Context()), m), Selected: l.Filter("month") == m})
	}
	return []ui.SelectView{
		{ID: "filter-state", Name: "state", Label: said(r, "session.state"), Options: states},
		{ID: "filter-outcome", Name: "outcome", Label: said(r, "session.outcome"), Options: outcomes},
		{ID: "filter-month", Name: "month", Label: said(r, "session.month"), Options: months},
	}
}

// sessionView is one session as desks and coordinators see it.
type sessionView struct {
	timesheet.File
	words    lang.Words
	now      time.Time
	Charges  []timesheet.Budget
	Typed    url.Values
	Mistakes ui.Mistakes
	For      string // which form the mistakes are of
}

func (v sessionView) path() string { return sessionsPath + "/" + v.Booking.ID }

// showsCode says whether the desk waits for somebody who comes or goes.
func (v sessionView) showsCode() bool {
	return v.Countersigns && v.Booking.State == mediation.Confirmed && (v.Session.State == timesheet.Expected || v.Session.State == timesheet.Begun)
}

// lateBy says whether the mediator can be said not to have come.
func (v sessionView) late() bool {
	return v.Countersigns && v.Booking.State == mediation.Confirmed && v.Session.State == timesheet.Expected && !v.now.Before(v.Booking.Slot.Start.Add(15*time.Minute))
}

func (v sessionView) signable() bool { return v.Countersigns && v.Session.State == timesheet.Reported }

// resolvable says whether the coordinator can decide: what is contested, or what was signed by the desk and
// turns out to be wrong.
func (v sessionView) resolvable() bool {
	return v.Resolves && v.Session.Timesheet == "" && (v.Session.State == timesheet.Disputed || v.Session.State.Final())
}

func (v sessionView) evaluates() bool {
	return v.Countersigns && v.Rules.Evaluations && !v.Evaluated[timesheet.DeskSide] && v.Session.Outcome == timesheet.Held && (v.Session.State == timesheet.Reported || v.Session.State.Final())
}

// shownCode is the code as one reads it aloud.
func (v sessionView) shownCode() string {
	if v.Session.Code == "" || v.now.After(v.Session.CodeUntil) {
		return ""
	}
	return v.Session.Code[:3] + " " + v.Session.Code[3:]
}

func (p *Pages) viewOf(r *http.Request, f timesheet.File, v sessionView) (sessionView, error) {
	v.File, v.words, v.now = f, web.Words(r.Context()), p.Clock()
	if v.Typed == nil {
		v.Typed = url.Values{
			"outcome": {string(f.Session.Outcome)}, "minutes": {strconv.Itoa(f.Session.Minutes)}, "travel": {strconv.Itoa(f.Session.Travel)},
			"expenses": {strings.TrimSuffix(eurosText(v.words, f.Session.Expenses), " €")}, "charge": {chargeValue(timesheet.Charge{Project: f.Session.Project, Activity: f.Session.Activity})},
		}
	}
	var err error
	if v.signable() || v.resolvable() || f.Session.Project != "" {
		v.Charges, err = p.Timesheet.Charges(r.Context(), f.Booking.Member)
	}
	return v, err
}

func (p *Pages) getSession(w http.ResponseWriter, r *http.Request) error {
	return p.showSession(w, r, http.StatusOK, sessionView{})
}

func (p *Pages) showSession(w http.ResponseWriter, r *http.Request, status int, v sessionView) error {
	ctx := r.Context()
	f, err := p.Timesheet.File(ctx, access.From(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	if v, err = p.viewOf(r, f, v); err != nil {
		return err
	}
	title := v.Mediator.Name + ", " + slotText(v.words, v.Booking.Slot)
	head := ui.OfficeHead{
		Title: title, Badge: ui.Status(levels[v.Session.State], said(r, "session.state."+string(v.Session.State))),
		Crumbs: []ui.Link{{Text: said(r, "session.menu.sessions"), Href: web.Path(ctx, sessionsPath)}, {Text: title}},
	}
	return p.show(w, r, status, head, sessionPage(v))
}

// OfRequest is what became of the bookings of a request, for its page: nothing while nothing did.
func (p *Pages) OfRequest(r *http.Request, request string) (templ.Component, error) {
	files, err := p.Timesheet.OfRequest(r.Context(), access.From(r.Context()), request)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	var parts []templ.Component
	for _, f := range files {
		v, err := p.viewOf(r, f, sessionView{})
		if err != nil {
			return nil, err
		}
		parts = append(parts, requestPart(v))
	}
	return templ.Join(parts...), nil
}

// answer says what a form did, or shows the session again with the mistakes beside it.
func (p *Pages) answer(w http.ResponseWriter, r *http.Request, form string, err error) error {
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		typed := url.Values{}
		for name, values := range r.Form {
			typed[name] = values
		}
		return p.showSession(w, r, http.StatusUnprocessableEntity, sessionView{Typed: typed, Mistakes: m, For: form})
	}
	return after(w, r, err, "session.said.saved", sessionsPath+"/"+r.PathValue("id"))
}

func (p *Pages) postCode(w http.ResponseWriter, r *http.Request) error {
	err := p.Timesheet.ShowCode(r.Context(), access.From(r.Context()), r.PathValue("id"))
	return after(w, r, err, "session.said.code", sessionsPath+"/"+r.PathValue("id"))
}

func (p *Pages) postCountersign(w http.ResponseWriter, r *http.Request) error {
	c, err := chargeIn(r)
	if err == nil {
		err = p.Timesheet.Countersign(r.Context(), access.From(r.Context()), r.PathValue("id"), c)
	}
	return p.answer(w, r, "countersign", err)
}

func (p *Pages) postContest(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "mediation.form").Because(err)
	}
	err := p.Timesheet.Contest(r.Context(), access.From(r.Context()), r.PathValue("id"), r.FormValue("reason"), numberIn(r.Form, "minutes"), strings.TrimSpace(r.FormValue("text")))
	return p.answer(w, r, "contest", err)
}

func (p *Pages) postEvaluate(w http.ResponseWriter, r *http.Request) error {
	err := p.Timesheet.EvaluateMediator(r.Context(), access.From(r.Context()), r.PathValue("id"), marksIn(r, timesheet.DeskSide))
	return p.answer(w, r, "evaluate", err)
}

func (p *Pages) postResolve(w http.ResponseWriter, r *http.Request) error {
	c, err := chargeIn(r)
	if err == nil {
		cents, ok := centsIn(r.FormValue("expenses"))
		if !ok {
			cents = -1
		}
		err = p.Timesheet.Resolve(r.Context(), access.From(r.Context()), r.PathValue("id"), timesheet.Resolution{
			Outcome: timesheet.Outcome(r.FormValue("outcome")), Minutes: numberIn(r.Form, "minutes"), Travel: numberIn(r.Form, "travel"), Expenses: cents,
			Text: strings.TrimSpace(r.FormValue("text")), Charge: c,
		})
	}
	return p.answer(w, r, "resolve", err)
}

// chargeValue is a charge as a field holds it.
func chargeValue(c timesheet.Charge) string {
	if c.Project == "" {
		return ""
	}
	return c.Project + " " + c.Activity
}

func chargeIn(r *http.Request) (timesheet.Charge, error) {
	if err := r.ParseForm(); err != nil {
		return timesheet.Charge{}, fault.Invalid("", "mediation.form").Because(err)
	}
	return chargeOf(r.Form), nil
}

func chargeOf(f url.Values) timesheet.Charge {
	project, activity, _ := strings.Cut(f.Get("charge"), " ")
	return timesheet.Charge{Project: project, Activity: activity}
}

// chargeText is what pays, as people read it.
func (v sessionView) chargeText() string {
	for _, b := range v.Charges {
		if b.Project == v.Session.Project && b.Activity == v.Session.Activity {
			return b.Title + " · " + b.What
		}
	}
	return v.Session.Project
}

func (v sessionView) chargeField(ctx context.Context, id string) ui.SelectView {
	s := ui.SelectView{ID: id, Name: "charge", Label: ui.T(ctx, "session.charge"), Help: ui.T(ctx, "session.charge.help"), Error: v.wrong(id, "charge"), Options: []ui.Option{{Text: ui.T(ctx, "session.charge.none")}}}
	for _, b := range v.Charges {
		s.Options = append(s.Options, ui.Option{Value: chargeValue(b.Charge), Text: b.Title + " · " + b.What, Selected: chargeValue(b.Charge) == v.Typed.Get("charge")})
	}
	return s
}

// wrong is the mistake of a field of one of the forms; id begins with its name.
func (v sessionView) wrong(id, name string) string {
	if v.For == "" || !strings.HasPrefix(id, v.For) {
		return ""
	}
	return v.Mistakes.Of(name)
}

// typed is what stands in a field of a form: the forms share names, not what was typed.
func (v sessionView) typed(form, name string) string {
	if v.For != "" && v.For != form {
		return ""
	}
	return v.Typed.Get(name)
}
