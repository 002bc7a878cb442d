// SPDX-License-Identifier: EUPL-1.2

package timesheet_test

import (
	"testing"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/migrations"
)

// Whatever a mediator reports is refused beside a field, or is a session that can be countersigned and paid: whole five
// minutes of what was said, never more than the longest session, and expenses to the cent.
func FuzzReport(f *testing.F) {
	f.Add(int64(0), int64(3600), 40, int64(3_20), "interpreting", "bus", false)
	f.Add(int64(-7200), int64(1), 0, int64(0), "", "", true)
	f.Add(int64(43200), int64(43200), 720, int64(500_00), "training", "car", false)
	f.Add(int64(-9e9), int64(9e15), -1, int64(-1), "interpreting\x00", "yacht", false)
	o := open(f, dbtest.SQLite(f, migrations.FS))
	id, slot := o.book(3, 10)
	o.at(slot.End.Add(24 * time.Hour))
	f.Fuzz(func(t *testing.T, from, length int64, travel int, cents int64, done, kind string, absent bool) {
		o.t = t
		began := slot.Start.Add(time.Duration(from) * time.Second)
		r := timesheet.Report{Began: began, Ended: began.Add(time.Duration(length) * time.Second), UserAbsent: absent, Travel: travel}
		if done != "" {
			r.Done = []string{done}
		}
		if kind != "" || cents != 0 {
			r.Spent = []timesheet.Expense{{Kind: kind, Cents: cents}}
		}
		if err := o.Report(t.Context(), mediator, timesheet.Door{Booking: id}, r); err != nil {
			for _, one := range fault.All(err) {
				if one.Kind != fault.KindInvalid || one.Field == "" {
					t.Fatalf("refused without a field: %v", err)
				}
			}
			return
		}
		s := o.session(id)
		want := 60
		if !absent {
			want = timesheet.Worked(s.Began, s.Ended)
			if s.Began.Sub(r.Began).Abs() >= time.Minute || s.Ended.Sub(r.Ended).Abs() >= time.Minute { // forms have no seconds
				t.Fatalf("%v to %v was said, %v to %v is kept", r.Began, r.Ended, s.Began, s.Ended)
			}
		}
		if s.State != timesheet.Reported || s.Minutes != want || s.Minutes > int(mediation.MaxLength.Minutes()) || s.Minutes%5 != 0 || s.Expenses != cents || s.Travel != travel || (s.Fee != nil) != absent {
			t.Fatalf("%+v of %+v", s, r)
		}
	})
}
