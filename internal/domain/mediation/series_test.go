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

func TestRepeatKeepsTheHourOnTheWall(t *testing.T) {
	t.Parallel()
	first := mediation.Slot{Start: time.Date(2027, 3, 23, 10, 0, 0, 0, calendar.Rome()), End: time.Date(2027, 3, 23, 11, 0, 0, 0, calendar.Rome())}
	var hours []string
	for _, s := range mediation.Repeat(first, 3, 7) {
		hours = append(hours, s.Start.In(calendar.Rome()).Format("02/01 15:04")+" "+s.Start.UTC().Format("15:04"))
	}
	if diff := cmp.Diff([]string{"23/03 10:00 09:00", "30/03 10:00 08:00", "06/04 10:00 08:00"}, hours); diff != "" {
		t.Error(diff)
	}
}

// What is offered for a series can be had whole, and is booked whole by whoever takes it.
func TestFindSeries(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", nil)
		off := mediation.Slot{Start: tuesday(9, 0).AddDate(0, 0, 7), End: tuesday(12, 0).AddDate(0, 0, 7)}
		if _, err := o.AddException(t.Context(), coordinator, mediation.Exception{Mediator: amal.ID, Slot: off}); err != nil {
			t.Fatal(err)
		}
		find := func(q mediation.FindRequest) []mediation.Option {
			t.Helper()
			q.Request, q.Minutes, q.From, q.Most = need(10, 0), 60, tuesday(0, 0), 3
			list, err := o.FindSeries(t.Context(), desk, q, 3, 7)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		options := find(mediation.FindRequest{})
		if len(options) != 3 || !options[0].Slot.Start.Equal(tuesday(12, 0)) {
			t.Fatalf("before noon she is away on the second Tuesday: %+v", options)
		}
		if list := find(mediation.FindRequest{Mediators: []string{"somebody"}}); len(list) != 0 {
			t.Errorf("%+v", list)
		}
		a := o.ask(mediation.AskRequest{Request: need(12, 0), Slots: mediation.Repeat(options[0].Slot, 3, 7)})
		if len(a.Bookings) != 3 {
			t.Errorf("%+v", a)
		}
		if list := find(mediation.FindRequest{}); len(list) == 0 || !list[0].Slot.Start.Equal(tuesday(13, 0)) {
			t.Errorf("what is booked is not offered again: %+v", list)
		}
	})
}

// "As last time" is whoever came for the same code, of the same body.
func TestSameAsLastTime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.enlist("Amal", nil)
		dina := o.enlist("Dina", func(m *mediation.Mediator) { m.Languages[0].Level = "B1" })
		if _, _, err := o.Ask(t.Context(), desk, mediation.AskRequest{Request: need(12, 0), Same: true}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("nobody came yet: %v", err)
		}
		o.ask(mediation.AskRequest{Request: need(10, 0), Mediators: []string{dina.ID}})
		a := o.ask(mediation.AskRequest{Request: need(12, 0), Same: true, Key: "k"})
		f, err := o.File(t.Context(), desk, a.Requests[0])
		if err != nil || f.Bookings[0].Mediator.ID != dina.ID || f.Bookings[0].Why.By != mediation.ByName {
			t.Errorf("%+v %v", f.Bookings, err)
		}
		if diff := cmp.Diff(a, o.ask(mediation.AskRequest{Request: need(12, 0), Same: true, Key: "k"})); diff != "" {
			t.Error(diff)
		}
		_, clashes, err := o.Ask(t.Context(), desk, mediation.AskRequest{Request: need(12, 0), Same: true})
		if !fault.Is(err, fault.KindConflict) || cmp.Diff([]string{mediation.BarredTaken}, clashes[0].Barred) != "" {
			t.Errorf("she is engaged: %v %v", clashes, err)
		}
		if last, err := o.LastTime(t.Context(), coordinatorDesk, "A-17", ""); err != nil || last != "" {
			t.Errorf("of another body: %q %v", last, err)
		}
		list, err := o.Callable(t.Context(), desk, "ar")
		if err != nil || len(list) != 2 || list[0].Name != "Amal" || list[0].Remarks != "" {
			t.Errorf("%+v %v", list, err)
		}
		o.partners = nil
		if list, err := o.Callable(t.Context(), desk, "ar"); err != nil || len(list) != 0 {
			t.Errorf("without an agreement: %+v %v", list, err)
		}
	})
}

var coordinatorDesk = actor("coop", "desk-operator")
