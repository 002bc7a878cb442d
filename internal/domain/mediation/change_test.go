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
