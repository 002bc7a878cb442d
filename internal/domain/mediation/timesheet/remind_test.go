// SPDX-License-Identifier: EUPL-1.2

package timesheet_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// reminded lets the job run at a moment, twice as two nodes might, and gives whom it told.
func (o *office) reminded(at time.Time) (calls []mediation.Call, desks []mediation.DeskCall) {
	o.t.Helper()
	o.at(at)
	o.mu.Lock()
	o.calls, o.desks = nil, nil
	o.mu.Unlock()
	o.must(o.Remind(o.t.Context()))
	o.must(o.Remind(o.t.Context()))
	return o.calls, o.desks
}

// decide changes the rules of a body.
func (o *office) decide(member string, change func(*mediation.Rules)) {
	o.t.Helper()
	r := mediation.UsualRules()
	change(&r)
	r.Member = member
	o.must(o.db.InTx(o.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO mediation_rule (member, version, record) VALUES ($1, 1, $2) ON CONFLICT (member) DO UPDATE SET record = $2`, member, db.JSON(r))
		return err
	}))
}

// Who has not reported a session is reminded a day after it, then later and later, three times in all, and no
// more once they have; the message says when, and nothing of the person.
func TestMediatorsAreReminded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		id, slot := o.book(3, 10)
		other, _ := o.book(3, 12)
		o.must(o.Mediation.Cancel(t.Context(), desk, o.request(other)))
		const day = 24 * time.Hour
		for _, c := range []struct {
			after time.Duration
			want  int
		}{{day - time.Minute, 0}, {day, 1}, {3*day - time.Minute, 0}, {3 * day, 1}, {7*day - time.Minute, 0}, {7 * day, 1}, {40 * day, 0}} {
			calls, desks := o.reminded(slot.End.Add(c.after))
			if len(calls) != c.want || len(desks) != 0 {
				t.Errorf("%v after: %d mediators and %d desks are told", c.after, len(calls), len(desks))
			}
			for _, call := range calls {
				if call.Template != "mediation.unreported" || call.Args["day"] != "03/03/2027" || call.Args["hour"] != "10:00" || call.Mediator.ID != o.mediator.ID {
					t.Errorf("%+v", call)
				}
				for name, text := range call.Args {
					if strings.Contains(text, "A-17") {
						t.Errorf("the code of the person is told as %s", name)
					}
				}
			}
		}
		if n, err := db.Row(t.Context(), d, db.Column[int], `SELECT sent FROM mediation_nudge WHERE booking = $1`, id); err != nil || n != timesheet.MostReminders {
			t.Errorf("%d, %v", n, err)
		}
	})
}

// The link of a reminder leads to the report, and then nobody is reminded; nor are those whose body sends none.
func TestWhoHasReportedIsNotReminded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.decide("coop", func(r *mediation.Rules) { r.RemindAfter = 2 * time.Hour })
		id, slot := o.book(3, 10)
		if calls, _ := o.reminded(slot.End.Add(2 * time.Hour)); len(calls) != 1 {
			t.Fatalf("%d are told after two hours", len(calls))
		}
		o.must(o.Report(t.Context(), stranger, timesheet.Door{Secret: o.secret()}, timesheet.Report{Began: slot.Start, Ended: slot.End, Done: []string{"interpreting"}}))
		if calls, _ := o.reminded(slot.End.Add(6 * time.Hour)); len(calls) != 0 || o.session(id).State != timesheet.Reported {
			t.Errorf("told after the report: %+v", calls)
		}
		o.decide("coop", func(r *mediation.Rules) { r.RemindAfter = 0 })
		_, slot = o.book(9, 10)
		if calls, _ := o.reminded(slot.End.AddDate(0, 0, 9)); len(calls) != 0 {
			t.Errorf("told though the body sends no reminders: %+v", calls)
		}
	})
}

// A requester is reminded of all that wait at once, at most once a day, by the rules of the body that asked.
func TestRequestersAreReminded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		first := o.held(3, 10)
		second := o.held(4, 14)
		reported := o.clock() // of the second
		_, desks := o.reminded(reported.Add(24 * time.Hour))
		if len(desks) != 1 || desks[0].Count != 2 || desks[0].Template != "mediation.desk_countersign" || desks[0].Request.ID != o.request(first) || desks[0].Link != "/office/mediation/sessions?state=reported" {
			t.Fatalf("%+v", desks)
		}
		third := o.held(8, 10)
		o.must(o.Countersign(t.Context(), desk, first, timesheet.Charge{}))
		o.decide("comune", func(r *mediation.Rules) { r.RemindAfter = time.Hour })
		reported = o.clock()
		_, desks = o.reminded(reported.Add(time.Hour))
		if len(desks) != 1 || desks[0].Count != 2 || desks[0].Request.ID != o.request(second) { // the second, two hours after its first, and the third
			t.Fatalf("%+v", desks)
		}
		if _, desks = o.reminded(reported.Add(10 * time.Hour)); len(desks) != 0 {
			t.Errorf("told twice in a day: %+v", desks)
		}
		o.must(o.Countersign(t.Context(), desk, second, timesheet.Charge{}))
		o.must(o.Contest(t.Context(), desk, third, "hours", 30, ""))
		if _, desks = o.reminded(reported.Add(50 * time.Hour)); len(desks) != 0 {
			t.Errorf("told of what does not wait: %+v", desks)
		}
		o.at(now.AddDate(1, 0, 0))
		o.must(o.Tidy(t.Context()))
		if n, err := db.Row(t.Context(), d, db.Column[int], `SELECT count(*) FROM mediation_nudge`); err != nil || n != 0 {
			t.Errorf("%d reminders are remembered after a year, %v", n, err)
		}
	})
}
