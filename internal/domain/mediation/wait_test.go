// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// Who waits longest is tried first when time comes free; the desk is told.
func TestWaitingList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.decide("comune", func(r *mediation.Rules) { r.Notice = 2 * time.Hour })
		amal := o.enlist("Amal", nil)
		has := o.ask(mediation.AskRequest{Request: need(10, 0)})
		waits := func(minute int, key string) string {
			t.Helper()
			r := need(10, minute)
			r.Code = "W-" + key
			a := o.ask(mediation.AskRequest{Request: r, Wait: true, Key: key})
			if !a.Waits || len(a.Requests) != 1 || len(a.Bookings) != 0 {
				t.Fatalf("%+v", a)
			}
			if diff := cmp.Diff(a, o.ask(mediation.AskRequest{Request: r, Wait: true, Key: key})); diff != "" {
				t.Error(diff)
			}
			o.mu.Lock()
			defer o.mu.Unlock()
			o.time = o.time.Add(time.Minute)
			return a.Requests[0]
		}
		first, second := waits(15, "1"), waits(30, "2")
		f, err := o.File(t.Context(), desk, second)
		if err != nil || !f.Waits.Waits() || f.Waits.Ahead != 1 || !f.Waits.Until.Equal(tuesday(8, 30)) {
			t.Errorf("%+v %v", f.Waits, err)
		}
		if err := o.Retry(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := o.deskTold(); got != nil {
			t.Errorf("nobody has come free: %v", got)
		}
		if err := o.Cancel(t.Context(), desk, has.Requests[0]); err != nil {
			t.Fatal(err)
		}
		if o.soon != 1 {
			t.Errorf("asked to try again %d times", o.soon)
		}
		if err := o.Retry(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"mediation.desk_found"}, o.deskTold()); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"b 09:15-10:15"}, o.claimed(amal.ID)); diff != "" {
			t.Error(diff)
		}
		if f, err := o.File(t.Context(), desk, first); err != nil || f.Request.State != mediation.Booked || f.Waits.Waits() {
			t.Errorf("%+v %v", f.Request.State, err)
		}
		// A new mediator is enough; without one, waiting ends when there is no time left to tell anybody.
		third := waits(45, "3")
		dina := o.enlist("Dina", nil)
		o.time = tuesday(8, 31)
		if err := o.Retry(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"mediation.desk_unmet", "mediation.desk_found"}, o.deskTold()); diff != "" {
			t.Error(diff)
		}
		if f, err := o.File(t.Context(), desk, second); err != nil || f.Request.State != mediation.Unmet {
			t.Errorf("%+v %v", f.Request.State, err)
		}
		if f, err := o.File(t.Context(), desk, third); err != nil || f.Request.State != mediation.Booked || o.claimed(dina.ID) == nil {
			t.Errorf("%+v %v", f.Request.State, err)
		}
	})
}

// A booking that its mediator gives back and that nobody else can take waits, and the desk is told so.
func TestGivenBackWaits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.decide("comune", func(r *mediation.Rules) { r.Notice = 2 * time.Hour })
		o.enlist("Amal", func(m *mediation.Mediator) { m.Account = "mediator-coop" })
		a := o.ask(mediation.AskRequest{Request: need(10, 0)})
		own := actor("coop", "mediator")
		if err := o.Answer(t.Context(), own, "booking", a.Bookings[0], false); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"mediation.desk_waits"}, o.deskTold()); diff != "" {
			t.Error(diff)
		}
		if err := o.Retry(t.Context()); err != nil {
			t.Fatal(err)
		}
		if f, err := o.File(t.Context(), desk, a.Requests[0]); err != nil || f.Request.State != mediation.Open || !f.Waits.Waits() {
			t.Errorf("she is asked for what she gave back: %v %v", f.Request.State, err)
		}
		if err := o.Cancel(t.Context(), desk, a.Requests[0]); err != nil {
			t.Fatal(err)
		}
		if f, err := o.File(t.Context(), desk, a.Requests[0]); err != nil || f.Waits.Waits() {
			t.Errorf("called off and waiting: %v", err)
		}
		series := mediation.AskRequest{Request: need(18, 0), Wait: true}
		for n := range 2 {
			series.Slots = append(series.Slots, mediation.Slot{Start: tuesday(18, 0).AddDate(0, 0, 7*n), End: tuesday(19, 0).AddDate(0, 0, 7*n)})
		}
		if _, _, err := o.Ask(t.Context(), desk, series); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a series waits: %v", err)
		}
	})
}
