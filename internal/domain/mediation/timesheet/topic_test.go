// SPDX-License-Identifier: EUPL-1.2

package timesheet_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// raw is everything that the tables of mediation and the log hold, as whoever has the database reads it.
func (o *office) raw() map[string]string {
	o.t.Helper()
	tables := []string{"audit_event"}
	for _, p := range slices.Concat(mediation.Processings(), timesheet.Processings()) {
		tables = append(tables, p.Tables...)
	}
	found := map[string]string{}
	for _, table := range tables {
		text := `SELECT name FROM pragma_table_info($1)`
		if o.db.Engine() == db.Postgres {
			text = `SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1`
		}
		columns, err := db.Rows(o.t.Context(), o.db, db.Column[string], text, table)
		if err != nil || len(columns) == 0 {
			o.t.Fatal(table, columns, err)
		}
		for _, column := range columns {
			rows, err := db.Rows(o.t.Context(), o.db, db.Column[string], `SELECT coalesce(CAST(`+column+` AS TEXT), '') FROM `+table)
			if err != nil {
				o.t.Fatal(table, column, err)
			}
			found[table+"."+column] = strings.Join(rows, "\n")
		}
	}
	return found
}

// count counts the sessions of which a condition holds.
func (o *office) count(condition string, args ...any) int {
	o.t.Helper()
	n, err := db.Row(o.t.Context(), o.db, db.Column[int], `SELECT count(*) FROM mediation_session WHERE `+condition, args...)
	o.must(err)
	return n
}

// about holds a session on topics and gives its booking with its time.
func (o *office) about(day int, topics ...string) (string, mediation.Slot) {
	o.t.Helper()
	id, slot := o.book(day, 10)
	o.at(slot.End)
	o.must(o.Report(o.t.Context(), mediator, timesheet.Door{Booking: id}, timesheet.Report{Began: slot.Start, Ended: slot.End, Done: []string{"interpreting"}, Topics: topics}))
	return id, slot
}

// What a session was about is read by those who may read the session, stands nowhere in clear beside the code of
// the person, and is forgotten a year after the meeting, with the reason for which they came.
func TestTopicsAreSealed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		id, slot := o.about(3, "violence", "asylum")
		read := func(when string, want []string) {
			t.Helper()
			f, err := o.File(t.Context(), desk, id)
			o.must(err)
			own, err := o.OwnFile(t.Context(), mediator, timesheet.Door{Booking: id})
			o.must(err)
			if diff := cmp.Diff(want, f.Session.Topics) + cmp.Diff(want, own.Session.Topics); diff != "" {
				t.Errorf("%s: %s", when, diff)
			}
			if f.Session.Minutes != 60 || f.Session.Done == nil {
				t.Errorf("%s: the hours are gone: %+v", when, f.Session)
			}
		}
		hidden := func(when string) {
			t.Helper()
			all := o.raw()
			for where, text := range all {
				if strings.Contains(text, "violence") || strings.Contains(text, "asylum") {
					t.Errorf("%s: %s holds a topic in clear: %s", when, where, text)
				}
			}
			if !strings.Contains(all["mediation_request.code"], "A-17") || !strings.Contains(all["mediation_session.record"], "interpreting") {
				t.Fatalf("%s: what is in clear is not found either: the search proves nothing", when)
			}
		}
		read("reported", []string{"violence", "asylum"})
		hidden("reported")
		if looks, err := db.Row(t.Context(), d, db.Column[int], `SELECT count(*) FROM audit_event WHERE action = 'mediation.session.read' AND record = $1`, id); err != nil || looks != 2 {
			t.Errorf("two looked, %d are in the log, %v", looks, err)
		}
		o.must(o.Report(t.Context(), mediator, timesheet.Door{Booking: id}, timesheet.Report{Began: slot.Start, Ended: slot.End, Done: []string{"interpreting"}, Topics: []string{"violence"}}))
		read("reported again", []string{"violence"})
		o.must(o.Countersign(t.Context(), desk, id, timesheet.Charge{}))
		hidden("countersigned")
		read("countersigned", []string{"violence"})
		o.at(slot.End.Add(mediation.KeepReasons))
		o.must(o.Mediation.Tidy(t.Context()))
		read("a year later", []string{"violence"})
		o.at(slot.End.Add(mediation.KeepReasons).AddDate(0, 0, 1))
		o.must(o.Mediation.Tidy(t.Context()))
		read("after a year", nil)
		if request := o.request(id); o.keys[request] {
			t.Error("the key is still there")
		}
		if n := o.count(`topics IS NOT NULL`); n != 0 {
			t.Errorf("%d are kept", n)
		}
	})
}

// They go when what a request says of a person is erased, when nobody came after all, and are not kept anew once
// the year is over.
func TestTopicsGo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		kept := func(id string) int {
			return o.count(`topics IS NOT NULL AND booking = $1`, id)
		}
		first, erased := o.about(3, "violence")
		second, _ := o.about(5, "asylum")
		third, slot := o.about(9, "prison")
		o.must(d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return o.Erased(ctx, tx, o.request(first)) }))
		if kept(first) != 0 || kept(second) != 1 {
			t.Error("erasing a request leaves its topics, or takes those of another")
		}
		o.must(o.Destroy(t.Context(), nil, o.request(first)))
		o.must(o.Report(t.Context(), mediator, timesheet.Door{Booking: first}, timesheet.Report{Began: erased.Start, Ended: erased.End, Done: []string{"interpreting"}, Topics: []string{"violence"}}))
		if kept(first) != 0 {
			t.Error("what was erased is kept anew")
		}
		o.must(o.Report(t.Context(), mediator, timesheet.Door{Booking: second}, timesheet.Report{UserAbsent: true}))
		if kept(second) != 0 {
			t.Error("a meeting with nobody was about something")
		}
		o.at(slot.End.Add(mediation.KeepReasons).AddDate(0, 0, 1))
		o.must(o.Mediation.Tidy(t.Context()))
		o.must(o.Report(t.Context(), mediator, timesheet.Door{Booking: third}, timesheet.Report{Began: slot.Start, Ended: slot.End, Done: []string{"interpreting"}, Topics: []string{"prison"}}))
		if kept(third) != 0 {
			t.Error("what was forgotten is kept anew")
		}
	})
}
