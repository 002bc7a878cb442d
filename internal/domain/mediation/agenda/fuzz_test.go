// SPDX-License-Identifier: EUPL-1.2

package agenda_test

import (
	"errors"
	"testing"

	"approdo/internal/domain/mediation/agenda"
	"approdo/internal/kit/calendar/ical"
	"approdo/internal/kit/db/dbtest"
	"approdo/migrations"
)

// Whatever a program sends is kept as times off that can be read back, or refused with a reason; nothing of
// its text is kept.
func FuzzPut(f *testing.F) {
	f.Add("a.ics", event("a", at(10, 0), at(12, 0)))
	f.Add("b.ics", event("b", at(7, 0), at(8, 0), "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20270310T060000Z"))
	f.Add("c.ics", []byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:c\nDTSTART;VALUE=DATE:20270310\nDTEND;VALUE=DATE:20270313\nRDATE;VALUE=DATE:20270401\nEND:VEVENT\nEND:VCALENDAR\n"))
	f.Add("d.ics", []byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:d\nDTSTART;TZID=W. Europe Standard Time:20270310T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\nBEGIN:VEVENT\nUID:d\nRECURRENCE-ID:20270311T090000Z\nDTSTART:20270311T120000Z\nDURATION:PT3H\nEND:VEVENT\nEND:VCALENDAR\n"))
	f.Add("../e", []byte("BEGIN:VCALENDAR\nEND:VCALENDAR\n"))
	o := open(f, dbtest.SQLite(f, migrations.FS))
	actor, k := o.program()
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		o.t = t
		if _, err := o.Put(t.Context(), actor, k, voice, name, data, agenda.Condition{}); err != nil {
			var no *agenda.RefusedError
			if !errors.As(err, &no) {
				t.Fatalf("%v", err)
			}
			return
		}
		i, there := o.entries(k)[name]
		if !there || len(i.Times) == 0 {
			t.Fatalf("%q was taken and is not there", name)
		}
		file, dropped, err := ical.Read([]byte(i.Text), ical.Entry)
		if err != nil || dropped > 0 {
			t.Fatalf("%v, %d lines dropped: %s", err, dropped, i.Text)
		}
		if file.Children[1].Text("DESCRIPTION") != "" || file.Children[1].Text("SUMMARY") != "agenda.off" {
			t.Errorf("its text is kept: %s", i.Text)
		}
		if err := o.Delete(t.Context(), actor, k, voice, name, agenda.Condition{Tag: i.Tag}); err != nil {
			t.Fatal(err)
		}
	})
}
