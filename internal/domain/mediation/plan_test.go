// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// Shared out together, two requests are met of which one by one only the first is; the plan is booked whole.
func TestPlan(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", func(m *mediation.Mediator) { m.Gender = "f" })
		dina := o.enlist("Dina", func(m *mediation.Mediator) { m.Gender, m.Languages[0].Level = "m", "B1" })
		planner := actor(desk.Member, "mediation-coordinator")
		day := calendar.DayOf(now, calendar.Rome()) + 3
		leave := func(h int, gender string) string {
			r := need(10, 0)
			r.Slot, r.Gender = hour(day, h, 0), gender
			a := o.ask(mediation.AskRequest{Request: r, Plan: true})
			if !a.Waits || len(a.Bookings) > 0 {
				t.Fatalf("it was to be left to the plan: %+v", a)
			}
			return a.Requests[0]
		}
		first, second, third := leave(10, ""), leave(10, "f"), leave(15, "")
		if err := o.Retry(t.Context()); err != nil || o.claimed(amal.ID) != nil {
			t.Fatalf("what is left to the plan was booked: %v", err)
		}
		p, err := o.Plan(t.Context(), planner, mediation.PlanQuery{From: day, To: day})
		if err != nil || p.Greedy.Met != 2 || p.Best.Met != 3 || p.Best.Lacks >= p.Greedy.Lacks || p.Bound > p.Best.Lacks {
			t.Fatalf("one by one %d, together %d: %v", p.Greedy.Met, p.Best.Met, err)
		}
		who, why := map[string]string{}, map[string]mediation.Why{}
		var list []mediation.Chosen
		for _, c := range p.Best.Choices {
			who[c.Seat.Request.ID], why[c.Seat.Request.ID] = c.Mediator.ID, c.Why
			list = append(list, mediation.Chosen{Request: c.Seat.Request.ID, Seat: c.Seat.Number, Mediator: c.Mediator.ID})
		}
		if who[first] != dina.ID || who[second] != amal.ID || who[third] == "" {
			t.Fatalf("%v", who)
		}
		// Alone in its hour, a request goes to whom the choice takes.
		if ranked, err := o.Explain(t.Context(), planner, third); err != nil || ranked[0].Candidate.Mediator.ID != who[third] || ranked[0].Why.Score != why[third].Score {
			t.Errorf("%+v %v", ranked, err)
		}
		if _, err := o.Share(t.Context(), desk, list); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a desk is no coordinator: %v", err)
		}
		// Somebody is faster: nothing is booked, and what clashes is said.
		r := need(10, 0)
		r.Slot = mediation.Slot{Start: hour(day, 10, 30).Start, End: hour(day, 10, 30).Start.Add(time.Hour)}
		faster := o.ask(mediation.AskRequest{Request: r, Mediators: []string{dina.ID}})
		clashes, err := o.Share(t.Context(), planner, list)
		if !fault.Is(err, fault.KindConflict) || len(clashes) != 1 || clashes[0].Request.ID != first || !slices.Contains(clashes[0].Barred, mediation.BarredTaken) || o.claimed(amal.ID) != nil {
			t.Fatalf("%+v %v", clashes, err)
		}
		if err := o.Cancel(t.Context(), desk, faster.Requests[0]); err != nil {
			t.Fatal(err)
		}
		if clashes, err := o.Share(t.Context(), planner, list); err != nil {
			t.Fatalf("%+v %v", clashes, err)
		}
		f, err := o.File(t.Context(), desk, second)
		if diff := cmp.Diff(why[second], f.Bookings[0].Why, cmpopts.IgnoreFields(mediation.Why{}, "Costs")); diff != "" {
			t.Errorf("the booking does not say why as the plan did: %s", diff)
		}
		if n := len(o.desk); n != 3 || o.desk[0].Template != "mediation.desk_found" || o.desk[0].Request.ID != first {
			t.Errorf("the desk was told %d times: %+v", n, o.desk)
		}
		if err != nil || f.Request.State != mediation.Booked || f.Bookings[0].Mediator.ID != amal.ID || f.Bookings[0].Why.By != mediation.ByPlan {
			t.Errorf("%+v %v", f, err)
		}
		if again, err := o.Plan(t.Context(), planner, mediation.PlanQuery{From: day, To: day}); err != nil || len(again.Best.Choices) != 0 {
			t.Errorf("what is booked is planned again: %v %v", again, err)
		}
	})
}

// A plan keeps to the hours that a body has, and to those that another lends it: what it shows can be had.
func TestPlanKeepsToHours(t *testing.T) {
	t.Parallel()
	for name, decide := range map[string]func(*office){
		"of the body":     func(o *office) { o.decide("comune", func(r *mediation.Rules) { r.MonthHours = 2 }) },
		"lent to a body":  func(o *office) { o.decide("coop", func(r *mediation.Rules) { r.LendHours = 2 }) },
		"of one mediator": func(o *office) { o.decide("coop", func(r *mediation.Rules) { r.LendMediatorHours = 1 }) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				o := open(t, d)
				o.enlist("Amal", nil)
				o.enlist("Dina", nil)
				decide(o)
				day := calendar.DayOf(now, calendar.Rome()) + 3
				for h := 10; h < 14; h++ {
					o.leave(desk, day, h, nil)
				}
				planner := actor(desk.Member, "mediation-coordinator")
				p, err := o.Plan(t.Context(), planner, mediation.PlanQuery{From: day, To: day})
				if err != nil || p.Best.Met != 2 || p.Greedy.Met != 2 {
					t.Fatalf("%d and %d are met of hours for 2: %v", p.Greedy.Met, p.Best.Met, err)
				}
				for _, c := range p.Best.Choices {
					if (c.Mediator.ID == "") != c.Tight {
						t.Errorf("%+v", c)
					}
				}
				if clashes, err := o.Share(t.Context(), planner, chosen(p.Best)); err != nil {
					t.Errorf("the plan can't be had: %+v %v", clashes, err)
				}
			})
		})
	}
}

// chosen is what a coordinator takes who takes a plan.
func chosen(s mediation.Shared) []mediation.Chosen {
	var list []mediation.Chosen
	for _, c := range s.Choices {
		if c.Mediator.ID != "" {
			list = append(list, mediation.Chosen{Request: c.Seat.Request.ID, Seat: c.Seat.Number, Mediator: c.Mediator.ID})
		}
	}
	return list
}
