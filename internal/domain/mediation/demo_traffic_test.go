// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"testing"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// The traffic of the demo is made once, keeps to the rules, and claims what real bookings would.
func TestTrafficOfTheDemo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		if err := o.Demo(t.Context(), "comune", ""); err != nil {
			t.Fatal(err)
		}
		made := 0
		for range 2 {
			if err := o.DemoTraffic(t.Context(), []string{"comune", "nobody lends to"}); err != nil {
				t.Fatal(err)
			}
			n := o.count(`SELECT count(*) FROM mediation_request`)
			if n < 100 || made > 0 && n != made {
				t.Errorf("%d requests, %d before", n, made)
			}
			made = n
		}
		if n := o.count(`SELECT count(*) FROM mediation_request WHERE member <> 'comune'`); n != 0 {
			t.Errorf("%d requests of a body to which nobody lends", n)
		}
		if n := o.count(`SELECT count(*) FROM mediation_booking b WHERE b.state IN ('proposed', 'confirmed', 'done', 'user_absent') AND (b.finish - b.start) / 300000 <>
			(SELECT count(*) FROM mediation_claim c WHERE c.booking = b.id AND NOT c.travel)`); n != 0 {
			t.Errorf("%d bookings do not claim their time", n)
		}
		next, err := db.Row(t.Context(), d, db.Column[string], `SELECT id FROM mediation_request WHERE state = 'booked' ORDER BY start DESC LIMIT 1`)
		if err != nil {
			t.Fatal(err)
		}
		before := o.count(`SELECT count(*) FROM mediation_claim`)
		if err := o.Cancel(t.Context(), desk, next); err != nil {
			t.Fatal(err)
		}
		if after := o.count(`SELECT count(*) FROM mediation_claim`); after >= before {
			t.Errorf("%d claims, %d before one was cancelled", after, before)
		}
	})
}
