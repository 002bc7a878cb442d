// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// school is another body that asks for mediators.
var school = actor("school", access.DeskOperator)

// bodies makes bodies of the network.
func (o *office) bodies(ids ...string) {
	o.t.Helper()
	for _, id := range ids {
		if _, err := db.Exec(o.t.Context(), o.db, `INSERT INTO network_organization (id, name, record, modified_at) VALUES ($1, $1, $2, 0) ON CONFLICT DO NOTHING`, id, `{"id":"`+id+`","name":"`+id+`"}`); err != nil {
			o.t.Fatal(err)
		}
	}
}

// leave leaves a request of a body to the plan, at an hour of a day.
func (o *office) leave(who access.Actor, day calendar.Day, h int, change func(*mediation.Request)) string {
	o.t.Helper()
	r := need(10, 0)
	r.Slot = hour(day, h, 0)
	if change != nil {
		change(&r)
	}
	a, _, err := o.Ask(o.t.Context(), who, mediation.AskRequest{Request: r, Plan: true})
	if err != nil {
		o.t.Fatal(err)
	}
	return a.Requests[0]
}

// seen is all that a plan tells, without identifiers, which are new each time.
func seen(p mediation.Plan) []string {
	list := []string{fmt.Sprint(p.Greedy.Met, p.Greedy.Lacks, p.Greedy.Way, p.Greedy.Cents, p.Best.Met, p.Best.Lacks, p.Best.Way, p.Best.Cents, p.Bound, p.More, p.Bodies)}
	for _, c := range slices.Concat(p.Greedy.Choices, p.Best.Choices) {
		c.Seat.Request.ID, c.Mediator.ID = "", ""
		list = append(list, fmt.Sprintf("%+v", c))
	}
	return list
}

// The load of another body is planned by those whom it names, while an agreement allows it; they see when,
// which language and where about, and book it with theirs.
func TestPlanOfSeveralBodies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.bodies("comune", "coop", "school")
		o.partners["school"] = map[string]string{"coop": "agreement-2"}
		o.enlist("Amal", nil)
		o.enlist("Dina", func(m *mediation.Mediator) { m.Languages[0].Level = "B1" })
		day := calendar.DayOf(now, calendar.Rome()) + 3
		q := mediation.PlanQuery{From: day, To: day}
		own := o.leave(actor("coop", access.DeskOperator), day, 10, nil)
		theirs := o.leave(school, day, 10, func(r *mediation.Request) {
			r.Code, r.Contact, r.Skills, r.Place = "X-1", "interno 7", nil, palermo
			r.Place.Name, r.Place.Comune, r.Private.Reason = "Stanza 12", "082053", "una visita"
		})
		planned := func() (ids []string) {
			t.Helper()
			p, err := o.Plan(t.Context(), coordinator, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range p.Best.Choices {
				ids = append(ids, c.Seat.Request.ID)
			}
			return ids
		}
		if diff := cmp.Diff([]string{own}, planned()); diff != "" {
			t.Errorf("the load of a body that has named nobody: %s", diff)
		}
		o.decide("school", func(r *mediation.Rules) { r.Planner = "coop" })
		if diff := cmp.Diff([]string{own, theirs}, planned()); diff != "" {
			t.Errorf("of one that has: %s", diff)
		}
		o.partners["school"] = nil
		if diff := cmp.Diff([]string{own}, planned()); diff != "" {
			t.Errorf("when the agreement has ended: %s", diff)
		}
		if _, err := o.Share(t.Context(), coordinator, []mediation.Chosen{{Request: theirs}}); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("and booked then: %v", err)
		}
		o.partners["school"] = map[string]string{"coop": "agreement-2"}
		p, err := o.Plan(t.Context(), coordinator, q)
		if err != nil || p.Best.Met != 2 || len(p.Bodies) != 2 {
			t.Fatalf("%+v %v", p, err)
		}
		want := mediation.Request{ID: theirs, Kind: mediation.Scheduled, Member: "school", Language: "ar", Mode: mediation.Phone, State: mediation.Open, Seats: 1, Place: mediation.Place{Comune: "082053"}}
		got := p.Best.Choices[1]
		want.Slot = got.Seat.Request.Slot
		if diff := cmp.Diff(want, got.Seat.Request); diff != "" || got.Why.Parts != nil {
			t.Errorf("more of the request of another body than a plan needs: %s %+v", diff, got.Why)
		}
		if alone, err := o.Plan(t.Context(), coordinator, mediation.PlanQuery{From: day, To: day, Member: "coop"}); err != nil || len(alone.Best.Choices) != 1 || len(alone.Bodies) != 2 {
			t.Errorf("one's own alone: %+v %v", alone, err)
		}
		if clashes, err := o.Share(t.Context(), coordinator, chosen(p.Best)); err != nil {
			t.Fatalf("%+v %v", clashes, err)
		}
		f, err := o.File(t.Context(), school, theirs)
		if err != nil || f.Request.State != mediation.Booked || f.Bookings[0].Member != "school" || f.Bookings[0].Why.Under != "agreement-2" || f.Bookings[0].Why.Parts == nil {
			t.Errorf("%+v %v", f.Bookings, err)
		}
		if n := o.count(`SELECT count(*) FROM audit_event WHERE action = 'mediation.plan.read' AND record = 'school'`); n == 0 {
			t.Error("that somebody looked at the load of another body is not in the log")
		}
		if err := o.Decide(t.Context(), actor("school", access.MediationCoordinator), mediation.Rules{Member: "school", Planner: "school"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a body names itself: %v", err)
		}
		rules := mediation.UsualRules()
		rules.Member, rules.Planner = "school", "nobody"
		if err := o.Decide(t.Context(), actor("school", access.MediationCoordinator), rules); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a body names one that is none: %v", err)
		}
	})
}

// What bodies ask for is not to be learned from the plan of another: not that there is something, and where
// one may plan it, nothing of the person.
func TestPlansDoNotInterfere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		day := calendar.DayOf(now, calendar.Rome()) + 3
		world := func(whisper func(*mediation.Request)) (stranger, planner []string) {
			t.Helper()
			o := open(t, d)
			for _, table := range []string{"mediation_waiting", "mediation_request", "mediation_language", "mediation_mediator"} {
				if _, err := db.Exec(t.Context(), d, `DELETE FROM `+table); err != nil {
					t.Fatal(err)
				}
			}
			o.bodies("comune", "coop", "school")
			o.partners["school"] = map[string]string{"coop": "agreement-2"}
			if rules, _, err := o.Rules(t.Context(), actor("school", access.MediationCoordinator), "school"); err != nil {
				t.Fatal(err)
			} else if rules.Planner == "" {
				o.decide("school", func(r *mediation.Rules) { r.Planner = "coop" })
			}
			o.enlist("Amal", nil)
			o.enlist("Dina", func(m *mediation.Mediator) { m.Languages[0].Level = "B1" })
			o.leave(desk, day, 10, nil)
			if whisper != nil {
				o.leave(school, day, 10, whisper)
			}
			q := mediation.PlanQuery{From: day, To: day}
			for who, list := range map[string]*[]string{"comune": &stranger, "coop": &planner} {
				p, err := o.Plan(t.Context(), actor(who, access.MediationCoordinator), q)
				if err != nil {
					t.Fatal(err)
				}
				*list = seen(p)
			}
			return stranger, planner
		}
		about := func(code, where, reason string) func(*mediation.Request) {
			return func(r *mediation.Request) {
				r.Code, r.CaseCode, r.Contact, r.Present, r.Private.Reason = code, code, where, where, reason
				r.Place = palermo
				r.Place.Name, r.Place.Address = where, where
			}
		}
		nothing, none := world(nil)
		one, mine := world(about("X-1", "Consultorio", "una visita"))
		other, same := world(about("Y-2", "Casa rifugio", "una denuncia"))
		if diff := cmp.Diff(nothing, one) + cmp.Diff(one, other); diff != "" {
			t.Errorf("who is named by nobody learns: %s", diff)
		}
		if diff := cmp.Diff(mine, same); diff != "" {
			t.Errorf("who plans learns of the person: %s", diff)
		}
		if cmp.Diff(none, mine) == "" {
			t.Error("who plans is shown no difference either: the comparison proves nothing")
		}
	})
}
