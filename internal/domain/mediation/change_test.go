// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"path"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// at lets time go by.
func (o *office) at(t time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.time = t
}

// conflict says whether an error is the fault Conflict of a key.
func conflict(err error, key string) bool {
	if !fault.Is(err, fault.KindConflict) {
		return false
	}
	for _, e := range fault.All(err) {
		if e.Message.Key == key {
			return true
		}
	}
	return false
}

// Who moves far away what can't be called off for free any more, and calls it off then, owes the same: also when
// the mediator has not said yes to the new time, and when that is shorter.
func TestMovingFirstIsNotFree(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.decide("coop", func(r *mediation.Rules) { r.CancelFree, r.CancelShare, r.Notice = 24*time.Hour, 50, 0 })
		o.enlist("Amal", func(m *mediation.Mediator) { m.Asks = true })
		a := o.ask(mediation.AskRequest{Request: need(10, 0)})
		yes := func() {
			t.Helper()
			if _, err := o.AnswerLink(t.Context(), access.Actor{}, path.Base(o.told("mediation.proposed")["Amal"].Link), true); err != nil {
				t.Fatal(err)
			}
		}
		yes()
		later := func(days int) mediation.Slot {
			s := need(10, 0).Slot
			return mediation.Slot{Start: s.Start.AddDate(0, 0, days), End: s.End.AddDate(0, 0, days).Add(-30 * time.Minute)}
		}
		terms := func() mediation.Terms {
			f, err := o.File(t.Context(), desk, a.Requests[0])
			if err != nil {
				t.Fatal(err)
			}
			return f.Bookings[0].Terms
		}
		o.at(need(10, 0).Slot.Start.Add(-25 * time.Hour))
		if err := o.Move(t.Context(), desk, a.Requests[0], need(11, 0).Slot); err != nil {
			t.Fatal(err)
		}
		yes()
		if got := terms(); got.Late(o.clock()) {
			t.Errorf("moved in time, and owed: %+v", got)
		}
		o.at(need(10, 0).Slot.Start.Add(-2 * time.Hour))
		for days := 7; days <= 14; days += 7 { // moved twice, the first counts
			if err := o.Move(t.Context(), desk, a.Requests[0], later(days)); err != nil {
				t.Fatal(err)
			}
		}
		want := mediation.Terms{Conditions: mediation.Conditions{Costs: mediation.Costs{Free: 24 * time.Hour, CancelShare: 50, AbsentShare: 100}, From: "coop"}, FreeUntil: need(11, 0).Slot.Start.Add(-24 * time.Hour).UTC(), Minutes: 30}
		if diff := cmp.Diff(want, terms()); diff != "" {
			t.Error(diff)
		}
		if err := o.Cancel(t.Context(), desk, a.Requests[0]); err != nil {
			t.Fatal(err)
		}
		if minutes, err := db.Row(t.Context(), d, db.Column[int], `SELECT minutes FROM mediation_session WHERE booking = $1 AND outcome = 'cancelled_late'`, a.Bookings[0]); err != nil || minutes != 30 {
			t.Errorf("%d minutes owed, %v", minutes, err)
		}
	})
}

// Moving into a month, or saying yes to a call, takes no more hours than the body has.
func TestCapHoldsHoweverOneIsBooked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.enlist("Amal", nil)
		o.decide("comune", func(r *mediation.Rules) { r.MonthHours = 2 })
		first := o.ask(mediation.AskRequest{Request: need(10, 0)})
		april := need(10, 0)
		april.Slot = mediation.Slot{Start: april.Slot.Start.AddDate(0, 1, 0), End: april.Slot.End.AddDate(0, 1, 0)}
		other := o.ask(mediation.AskRequest{Request: april})
		called, err := o.CallNow(t.Context(), desk, right()) // half an hour, while one is left
		if err != nil {
			t.Fatal(err)
		}
		link := path.Base(o.told("mediation.offer")["Amal"].Link)

		longer := need(11, 0).Slot
		longer.End = longer.Start.Add(2 * time.Hour)
		if err := o.Move(t.Context(), desk, first.Requests[0], longer); err != nil {
			t.Fatalf("the same month up to its hours: %v", err)
		}
		if err := o.Move(t.Context(), desk, first.Requests[0], mediation.Slot{Start: longer.Start, End: longer.End.Add(5 * time.Minute)}); !conflict(err, "mediation.cap") {
			t.Errorf("longer than the hours: %v", err)
		}
		if err := o.Move(t.Context(), desk, other.Requests[0], need(15, 0).Slot); !conflict(err, "mediation.cap") {
			t.Errorf("from another month: %v", err)
		}
		if _, err := o.AnswerLink(t.Context(), access.Actor{}, link, true); !conflict(err, "mediation.cap_there") {
			t.Errorf("a call that went out before the hours were used: %v", err)
		}
		if err := o.Move(t.Context(), desk, first.Requests[0], need(11, 0).Slot); err != nil {
			t.Fatal(err)
		}
		if _, err := o.AnswerLink(t.Context(), access.Actor{}, link, true); err != nil {
			t.Errorf("half an hour of the one that is left: %v", err)
		}
		if why := o.why(called.Request); why.By != mediation.ByAnswer {
			t.Errorf("%+v", why)
		}
	})
}

// The same key is the same thing: as long, and for the same body.
func TestKeyOfACall(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.enlist("Amal", nil)
		q := right()
		q.Key = "k1"
		first, err := o.CallNow(t.Context(), desk, q)
		if err != nil {
			t.Fatal(err)
		}
		o.at(now.Add(time.Minute))
		if again, err := o.CallNow(t.Context(), desk, q); err != nil || again != first {
			t.Errorf("a minute later: %+v %v", again, err)
		}
		longer := q
		longer.Minutes = 60
		if _, err := o.CallNow(t.Context(), desk, longer); !conflict(err, "mediation.key_reused") {
			t.Errorf("twice as long: %v", err)
		}
		elsewhere := desk
		elsewhere.Member = "coop"
		if _, err := o.CallNow(t.Context(), elsewhere, q); !conflict(err, "mediation.key_reused") {
			t.Errorf("for another body: %v", err)
		}
		ask := mediation.AskRequest{Request: need(11, 0), Key: "k2"}
		o.ask(ask)
		if _, _, err := o.Ask(t.Context(), elsewhere, ask); !conflict(err, "mediation.key_reused") {
			t.Errorf("a booking for another body: %v", err)
		}
	})
}

// What took place can't be made never to have been asked for; a call that nobody answered is called off any time.
func TestWhatBeganIsNotCalledOff(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", nil)
		a := o.ask(mediation.AskRequest{Request: need(10, 0)})
		o.at(need(10, 0).Slot.Start.Add(time.Minute))
		if err := o.Cancel(t.Context(), desk, a.Requests[0]); !conflict(err, "mediation.begun") {
			t.Fatalf("%v", err)
		}
		if got := o.claimed(amal.ID); len(got) != 1 {
			t.Errorf("the hours of the mediator are gone: %v", got)
		}
		o.enlist("Dina", nil)
		called, err := o.CallNow(t.Context(), desk, right())
		if err != nil {
			t.Fatal(err)
		}
		o.at(o.clock().Add(2 * time.Hour))
		if err := o.Cancel(t.Context(), desk, called.Request); err != nil {
			t.Errorf("a call that nobody answered: %v", err)
		}
	})
}
