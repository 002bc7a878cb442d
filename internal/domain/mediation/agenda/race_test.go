// SPDX-License-Identifier: EUPL-1.2

package agenda_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/agenda"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// Desks book, the telephone enters a time off and moves a booking, all onto the same hour: one of them has
// it, the others hear that it is taken. No public holiday lies within these weeks.
func TestNeverTwice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		actor, k := o.program()
		for round := range 30 {
			day := time.Date(2027, 6, 7+7*(round/5)+round%5, 0, 0, 0, 0, calendar.Rome())
			hour := func(h int) time.Time { return day.Add(time.Duration(h) * time.Hour) }
			_, moving := o.book(hour(14))
			version := o.entries(k)[moving+".ics"].Tag
			won := make([]int, 3)
			var mu sync.Mutex
			var all sync.WaitGroup
			compete := func(who int, do func() error) {
				all.Go(func() {
					err := do()
					mu.Lock()
					defer mu.Unlock()
					switch {
					case err == nil:
						won[who]++
					case !fault.Is(err, fault.KindConflict):
						t.Errorf("round %d: %v", round, err)
					}
				})
			}
			for i := range 2 {
				compete(0, func() error {
					_, _, err := o.Mediation.Ask(t.Context(), desk, mediation.AskRequest{Request: mediation.Request{
						Kind: mediation.Scheduled, Language: "ar", Mode: mediation.Phone, Code: "A-1", Slot: mediation.Slot{Start: hour(10).Add(time.Duration(i) * 30 * time.Minute), End: hour(11).Add(time.Duration(i) * 30 * time.Minute)},
					}})
					return err
				})
			}
			compete(1, func() error {
				name := strconv.Itoa(round)
				_, err := o.Put(t.Context(), actor, k, voice, name+".ics", event(name, hour(10), hour(12)), agenda.Condition{New: true})
				return err
			})
			compete(2, func() error {
				_, err := o.Put(t.Context(), actor, k, voice, moving+".ics", event(agenda.UID(moving), hour(10).Add(15*time.Minute), hour(11).Add(15*time.Minute)), agenda.Condition{Tag: version})
				return err
			})
			all.Wait()
			if won[0]+won[1]+won[2] != 1 {
				t.Errorf("round %d: bookings, times off and moves that won: %v", round, won)
			}
		}
	})
}
