// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

func TestAsk(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal, dina := o.enlist("Amal", nil), o.enlist("Dina", func(m *mediation.Mediator) { m.Languages[0].Level = "C1" })
		o.enlist("Wu", func(m *mediation.Mediator) { m.Languages[0].Code = "zh" })

		first := o.ask(mediation.AskRequest{Request: need(10, 0)})
		if diff := cmp.Diff([]string{"b 09:00-10:00"}, o.claimed(amal.ID)); diff != "" {
			t.Errorf("the one who speaks it best, in UTC: %s", diff)
		}
		o.ask(mediation.AskRequest{Request: need(10, 30)})
		if diff := cmp.Diff([]string{"b 09:30-10:30"}, o.claimed(dina.ID)); diff != "" {
			t.Errorf("the other one: %s", diff)
		}
		if _, clashes, err := o.Ask(t.Context(), desk, mediation.AskRequest{Request: need(10, 15)}); !fault.Is(err, fault.KindConflict) || len(clashes) != 1 || cmp.Diff([]string{mediation.BarredTaken}, clashes[0].Barred) != "" {
			t.Errorf("nobody is left: %v %v", clashes, err)
		}
		if err := o.Cancel(t.Context(), desk, first.Requests[0]); err != nil {
			t.Fatal(err)
		}
		if got := o.claimed(amal.ID); got != nil {
			t.Errorf("cancelled and still claimed: %v", got)
		}
		if err := o.Cancel(t.Context(), desk, first.Requests[0]); !fault.Is(err, fault.KindConflict) {
			t.Errorf("cancelled twice: %v", err)
		}
		o.ask(mediation.AskRequest{Request: need(10, 15)})
	})
}

func TestMove(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", nil)
		there := need(10, 0)
		there.Mode, there.Place = mediation.InPerson, bagheria
		a := o.ask(mediation.AskRequest{Request: there})
		o.ask(mediation.AskRequest{Request: need(15, 0)})

		if err := o.Move(t.Context(), desk, a.Requests[0], need(14, 30).Slot); !fault.Is(err, fault.KindConflict) {
			t.Fatalf("moved onto another engagement: %v", err)
		}
		if err := o.Move(t.Context(), desk, a.Requests[0], need(10, 30).Slot); err != nil { // overlaps itself only
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"(b 08:55-09:30)", "b 09:30-10:30", "(b 10:30-11:05)", "b 14:00-15:00"}, o.claimed(amal.ID)); diff != "" {
			t.Error(diff)
		}
		if err := o.Move(t.Context(), desk, a.Requests[0], need(20, 0).Slot); !fault.Is(err, fault.KindConflict) {
			t.Errorf("moved out of the working hours: %v", err)
		}
	})
}

func TestSeries(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", nil)
		week := func(n int) mediation.Slot {
			s := need(10, 0).Slot // across the change of clocks on 28 March
			return mediation.Slot{Start: s.Start.AddDate(0, 0, 7*n), End: s.End.AddDate(0, 0, 7*n)}
		}
		taken := need(10, 30)
		taken.Slot = mediation.Slot{Start: week(2).Start.Add(30 * time.Minute), End: week(2).End}
		blocked := o.ask(mediation.AskRequest{Request: taken})

		series := mediation.AskRequest{Request: need(10, 0)}
		for n := range 6 {
			series.Slots = append(series.Slots, week(n))
		}
		_, clashes, err := o.Ask(t.Context(), desk, series)
		if !fault.Is(err, fault.KindConflict) || len(clashes) != 1 || !clashes[0].Slot.Start.Equal(week(2).Start) {
			t.Fatalf("%v %v", clashes, err)
		}
		if n := len(o.claimed(amal.ID)); n != 1 {
			t.Errorf("a part of the series was booked: %v", o.claimed(amal.ID))
		}
		if err := o.Cancel(t.Context(), desk, blocked.Requests[0]); err != nil {
			t.Fatal(err)
		}
		if a := o.ask(series); len(a.Bookings) != 6 || len(o.claimed(amal.ID)) != 6 {
			t.Errorf("%v %v", a, o.claimed(amal.ID))
		}
	})
}

func TestSameKeySameAnswer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.enlist("Amal", nil)
		q := mediation.AskRequest{Request: need(10, 0), Key: "k1"}
		if diff := cmp.Diff(o.ask(q), o.ask(q)); diff != "" {
			t.Error(diff)
		}
		q.Request.Code = "B-1"
		if _, _, err := o.Ask(t.Context(), desk, q); !fault.Is(err, fault.KindConflict) {
			t.Errorf("the key was used for something else: %v", err)
		}
	})
}

// Hard limits, one after the other: each alone keeps somebody from a request that they could meet.
func TestBarred(t *testing.T) {
	t.Parallel()
	able := func() (mediation.Request, mediation.Candidate) {
		r := need(10, 0)
		r.Mode, r.Place, r.Member = mediation.InPerson, bagheria, "comune"
		return r, mediation.Candidate{Mediator: mediation.Mediator{
			ID: "m", Standing: mediation.Listed, Gender: "f", Languages: []mediation.Language{{Code: "ar", Level: "C1"}}, Modes: []mediation.Mode{mediation.InPerson},
			Home: palermo, Hours: weekdays(9*60, 17*60), Skills: []mediation.Skill{{Code: "health"}},
		}}
	}
	if r, c := able(); mediation.Barred(now, r, c) != nil {
		t.Fatalf("%v", mediation.Barred(now, r, c))
	}
	day, _ := calendar.NewDay(2027, 3, 1)
	for want, change := range map[string]func(r *mediation.Request, c *mediation.Candidate){
		mediation.BarredStanding: func(_ *mediation.Request, c *mediation.Candidate) { c.Mediator.Standing = mediation.Suspended },
		mediation.BarredLanguage: func(r *mediation.Request, _ *mediation.Candidate) { r.Written = true },
		mediation.BarredMode: func(_ *mediation.Request, c *mediation.Candidate) {
			c.Mediator.Modes = []mediation.Mode{mediation.Phone}
		},
		mediation.BarredGender: func(r *mediation.Request, _ *mediation.Candidate) { r.Gender = "m" },
		mediation.BarredSkill: func(r *mediation.Request, c *mediation.Candidate) {
			r.Skills, c.Mediator.Skills[0].Until = []string{"health"}, day
		},
		mediation.BarredExcluded: func(r *mediation.Request, _ *mediation.Candidate) { r.Exclude = []string{"m"} },
		mediation.BarredConflict: func(_ *mediation.Request, c *mediation.Candidate) { c.Mediator.Conflicts = []string{"comune"} },
		mediation.BarredArea:     func(_ *mediation.Request, c *mediation.Candidate) { c.Mediator.Range = 5 },
		mediation.BarredHours:    func(_ *mediation.Request, c *mediation.Candidate) { c.Mediator.Hours = weekdays(9*60, 10*60+30) },
		mediation.BarredTaken: func(r *mediation.Request, c *mediation.Candidate) {
			c.Engagements = []mediation.Engagement{{Booking: "x", Slot: mediation.Slot{Start: r.Slot.End.Add(5 * time.Minute), End: r.Slot.End.Add(time.Hour)}, Mode: mediation.InPerson, Place: trapani}}
		},
		mediation.BarredNotice: func(_ *mediation.Request, c *mediation.Candidate) { c.Mediator.Limits.Notice = 48 * time.Hour },
		mediation.BarredDay: func(_ *mediation.Request, c *mediation.Candidate) {
			c.Mediator.Limits.DayMinutes, c.Worked.Day = 90, 31
		},
		mediation.BarredWeek: func(_ *mediation.Request, c *mediation.Candidate) {
			c.Mediator.Limits.WeekMinutes, c.Worked.Week = 90, 31
		},
		mediation.BarredContract: func(_ *mediation.Request, c *mediation.Candidate) {
			c.Mediator.Limits.ContractMinutes, c.Worked.Contract = 90, 31
		},
	} {
		r, c := able()
		change(&r, &c)
		if diff := cmp.Diff([]string{want}, mediation.Barred(now, r, c)); diff != "" {
			t.Errorf("%s: %s", want, diff)
		}
	}
}
