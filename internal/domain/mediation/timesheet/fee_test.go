// SPDX-License-Identifier: EUPL-1.2

package timesheet_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// The share that the agreement of the two bodies says stands with its title in the month of the mediator; what people
// settle on afterwards is no share any more.
func TestFeesByAgreement(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx := t.Context()
		a := network.Agreement{ID: "agreement-1", Title: "Prestito di mediatori", Fees: &network.Fees{FreeHours: 48, CancelShare: 25, AbsentShare: 40}}
		if _, err := db.Exec(ctx, d, `INSERT INTO network_agreement (id, version, from_day, last_day, record) VALUES ($1, 1, '2027-01-01', '', $2)`, a.ID, db.JSON(a)); err != nil {
			t.Fatal(err)
		}
		absent, slot := o.book(3, 10)
		late, day := o.book(5, 10)
		o.at(slot.End)
		if f, err := o.OwnFile(ctx, mediator, timesheet.Door{Booking: absent}); err != nil || f.Agreed.AbsentShare != 40 || f.Agreed.Agreement != a.Title {
			t.Errorf("%+v %v", f.Agreed, err) // before they say it
		}
		o.must(o.Report(ctx, mediator, timesheet.Door{Booking: absent}, timesheet.Report{UserAbsent: true}))
		o.must(o.Countersign(ctx, desk, absent, timesheet.Charge{}))
		o.at(day.Start.Add(-24 * time.Hour))
		o.must(o.Mediation.Cancel(ctx, desk, o.request(late)))
		m, err := o.Month(ctx, coordinator, o.mediator.ID, "2027-03")
		o.must(err)
		type fee struct {
			Outcome timesheet.Outcome
			Minutes int
			Fee     *mediation.Fee
		}
		var got []fee
		for _, l := range m.Draft.Lines {
			got = append(got, fee{l.Outcome, l.Minutes, l.Fee})
		}
		want := []fee{{timesheet.UserAbsent, 24, &mediation.Fee{Share: 40, Under: a.ID}}, {timesheet.CancelledLate, 15, &mediation.Fee{Share: 25, Under: a.ID}}}
		if diff := cmp.Diff(want, got); diff != "" || m.Names.Of(a.ID) != a.Title {
			t.Error(diff, m.Names)
		}
		o.must(o.Resolve(ctx, coordinator, late, timesheet.Resolution{Outcome: timesheet.CancelledLate, Minutes: 0}))
		if s := o.session(late); s.Minutes != 0 || s.Fee != nil {
			t.Errorf("%+v", s)
		}
		held := o.held(9, 10)
		if s := o.session(held); s.Fee != nil || s.Minutes != 60 {
			t.Errorf("%+v", s)
		}
	})
}
