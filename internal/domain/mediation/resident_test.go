// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// The hours of a residency are working hours for the body whose they are and for its neighbours, and for
// all others the mediator is not there.
func TestHoursOfResidents(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx := t.Context()
		exec := func(text string, args ...any) {
			t.Helper()
			if _, err := db.Exec(ctx, d, text, args...); err != nil {
				t.Fatal(err)
			}
		}
		m := o.enlist("Amal", func(m *mediation.Mediator) { m.Hours = weekdays(14*60, 18*60) })
		file := mediation.ResidencyFile{Office: mediation.Place{Name: "Casa di quartiere"}, Hours: []mediation.Weekly{{Weekday: time.Tuesday, From: 9 * 60, To: 15 * 60}}}
		exec(`INSERT INTO mediation_residency (id, version, mediator, member, from_day, last_day, record) VALUES ('r', 1, $1, 'coop', '2027-03-01', '2027-03-31', $2)`, m.ID, db.JSON(file))
		comes := func(member string, hour int) bool {
			t.Helper()
			_, _, err := o.Ask(ctx, actor(member, access.DeskOperator), mediation.AskRequest{Request: need(hour, 0)})
			if err != nil && !fault.Is(err, fault.KindConflict) && !fault.Is(err, fault.KindInvalid) {
				t.Fatal(err)
			}
			return err == nil
		}
		if !comes("coop", 11) {
			t.Error("the body whose residency it is can't book its resident")
		}
		if comes("comune", 12) || comes("comune", 14) {
			t.Error("another body books somebody who is in an office")
		}
		if !comes("comune", 16) {
			t.Error("another body can't book in the other hours")
		}
		exec(`INSERT INTO mediation_neighbour (residency, member) VALUES ('r', 'comune')`)
		if !comes("comune", 13) {
			t.Error("a neighbour can't use the hours")
		}
	})
}
