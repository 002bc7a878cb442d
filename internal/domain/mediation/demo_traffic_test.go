// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"testing"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
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
			if err := o.DemoTraffic(t.Context(), []string{"comune", "nobody lends to"}, map[string]mediation.DemoCharge{"comune": {Project: "ESEMPIO", Activity: "a-1"}}); err != nil {
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
		if n := o.count(`SELECT count(*) FROM mediation_session WHERE project = 'ESEMPIO' AND activity = 'a-1' AND state = 'confirmed'`); n < 10 {
			t.Errorf("%d sessions are charged to the example project", n)
		}
		day := calendar.DayOf(now, calendar.Rome()) + 2
		p, err := o.Plan(t.Context(), actor("comune", "mediation-coordinator"), mediation.PlanQuery{From: day, To: day + 6})
		if err != nil || p.Best.Met <= p.Greedy.Met || p.Best.Met == len(p.Best.Choices) {
			t.Errorf("the plan of the demo shows no gain, or misses nothing: %d, %d: %v", p.Greedy.Met, p.Best.Met, err)
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
