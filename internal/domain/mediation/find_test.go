// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"testing"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// What Find offers can be had, from whom it says; what it does not offer can't.
func TestFindAgreesWithAsk(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", func(m *mediation.Mediator) { m.Hours = weekdays(9*60, 13*60) })
		dina := o.enlist("Dina", func(m *mediation.Mediator) {
			m.Languages[0].Level, m.Hours, m.Limits.DayMinutes = "C1", weekdays(11*60, 18*60), 4*60
		})
		o.enlist("Hala", func(m *mediation.Mediator) {
			m.Languages[0].Level, m.Hours, m.Limits.Notice = "B1", weekdays(8*60, 20*60), 52*time.Hour
		})
		o.enlist("Noor", func(m *mediation.Mediator) { m.Modes = []mediation.Mode{mediation.Phone} })
		wednesday := func(h, minute int) mediation.Request { // later than a day from now, as the rules want it
			r := need(h, minute)
			r.Slot = mediation.Slot{Start: r.Slot.Start.AddDate(0, 0, 1), End: r.Slot.End.AddDate(0, 0, 1)}
			return r
		}
		book := func(m mediation.Mediator, h, minute int, there bool) {
			r := wednesday(h, minute)
			if there {
				r.Mode, r.Place = mediation.InPerson, bagheria
			}
			o.ask(mediation.AskRequest{Request: r, Mediators: []string{m.ID}})
		}
		book(amal, 10, 0, true)
		book(dina, 12, 0, false)
		book(dina, 14, 0, true)
		offered := 0
		for at := wednesday(7, 45).Slot.Start; at.Before(wednesday(20, 0).Slot.Start); at = at.Add(15 * time.Minute) {
			r := wednesday(10, 0)
			r.Mode, r.Place = mediation.InPerson, palermo
			options, err := o.Find(t.Context(), desk, mediation.FindRequest{Request: r, Minutes: 60, From: at, To: at.Add(time.Hour), Most: 3})
			if err != nil {
				t.Fatal(err)
			}
			r.Slot = mediation.Slot{Start: at, End: at.Add(time.Hour)}
			asked, _, err := o.Ask(t.Context(), desk, mediation.AskRequest{Request: r})
			if len(options) == 0 {
				if !fault.Is(err, fault.KindConflict) {
					t.Errorf("%s was not found and can be had: %v", at, err)
				}
				continue
			}
			offered++
			if err != nil {
				t.Fatalf("%s was found and can't be had: %v", at, err)
			}
			who, err := db.Row(t.Context(), d, db.Column[string], `SELECT mediator FROM mediation_booking WHERE id = $1`, asked.Bookings[0])
			if err != nil || who != options[0].Best.Candidate.Mediator.ID || len(options) != 1 {
				t.Errorf("%s: another comes than was said: %v", at, err)
			}
			if err := o.Cancel(t.Context(), desk, asked.Requests[0]); err != nil {
				t.Fatal(err)
			}
		}
		if offered < 10 || offered > 45 {
			t.Errorf("%d times were found: the test shows nothing", offered)
		}
	})
}

// The first free time is found however far away it lies, and not beyond eight weeks.
func TestFindFarAhead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", func(m *mediation.Mediator) { m.Hours = weekdays(10*60, 11*60) })
		for n := range 25 {
			r := need(10, 0)
			r.Slot = hour(workday(n), 10, 0)
			o.ask(mediation.AskRequest{Request: r, Mediators: []string{amal.ID}})
		}
		options, err := o.Find(t.Context(), desk, mediation.FindRequest{Request: need(10, 0), Minutes: 60, Most: 100})
		if err != nil || len(options) == 0 || options[0].Slot.Start.Before(now.AddDate(0, 0, 34)) || options[len(options)-1].Slot.End.After(now.AddDate(0, 0, 57)) {
			t.Errorf("%v %v", options, err)
		}
	})
}
