// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"sync"
	"testing"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// Many desks ask for one mediator at overlapping times: one has her, the others hear that she is taken.
func TestNeverTwice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", nil)
		for round := range 5 {
			day := time.Date(2027, 3, 2+7*round, 10, 0, 0, 0, calendar.Rome())
			var wins, losses int
			var mu sync.Mutex
			var all sync.WaitGroup
			for i := range 12 {
				all.Go(func() {
					r := need(10, 0)
					r.Slot = mediation.Slot{Start: day.Add(time.Duration(i%6) * 5 * time.Minute), End: day.Add(time.Hour)}
					_, _, err := o.Ask(t.Context(), desk, mediation.AskRequest{Request: r, Mediators: []string{amal.ID}})
					mu.Lock()
					defer mu.Unlock()
					switch {
					case err == nil:
						wins++
					case fault.Is(err, fault.KindConflict):
						losses++
					default:
						t.Error(err)
					}
				})
			}
			all.Wait()
			if wins != 1 || losses != 11 {
				t.Errorf("round %d: %d have her, %d do not", round, wins, losses)
			}
		}
	})
}
