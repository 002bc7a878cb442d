// SPDX-License-Identifier: EUPL-1.2

package timesheet_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
)

func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	for _, problem := range lang.CheckCatalogue(timesheet.Locales()) {
		t.Error(problem)
	}
}

func TestWorked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ seconds, want int }{{-5, 0}, {0, 0}, {1, 5}, {300, 5}, {301, 10}, {3600, 60}, {3599, 60}} {
		if got := timesheet.Worked(now, now.Add(time.Duration(c.seconds)*time.Second)); got != c.want {
			t.Errorf("%d seconds are %d minutes, not %d", c.seconds, got, c.want)
		}
	}
}

// One comes and goes, says what was done, and the desk countersigns.
func TestCheckInAndOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		charge := o.project()
		id, slot := o.book(3, 10)
		door := timesheet.Door{Booking: id}
		if err := o.Attend(t.Context(), mediator, door, false, ""); !fault.Is(err, fault.KindConflict) {
			t.Errorf("two days before: %v", err)
		}
		o.at(slot.Start.Add(-3 * time.Minute))
		if err := o.Attend(t.Context(), stranger, door, false, ""); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("somebody else: %v", err)
		}
		o.must(o.Attend(t.Context(), mediator, door, false, ""))
		o.must(o.Attend(t.Context(), mediator, door, false, "")) // the button was pressed twice
		if s := o.session(id); s.State != timesheet.Begun || s.InBy != timesheet.ByPage {
			t.Errorf("%+v", s)
		}
		if err := o.Mediation.Cancel(t.Context(), desk, o.request(id)); !fault.Is(err, fault.KindConflict) {
			t.Errorf("cancelled while somebody is at work: %v", err)
		}
		if err := o.Attend(t.Context(), stranger, timesheet.Door{Secret: "nothing"}, true, ""); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("no link: %v", err)
		}
		o.at(slot.End.Add(8 * time.Minute))
		o.must(o.Attend(t.Context(), mediator, door, true, ""))
		o.must(o.Attend(t.Context(), mediator, door, true, ""))
		began, ended := slot.Start.Add(-3*time.Minute), slot.End.Add(8*time.Minute)
		o.must(o.Report(t.Context(), mediator, door, timesheet.Report{Began: began, Ended: ended, Done: []string{"interpreting"}, Topics: []string{"health"}, Travel: 40, Spent: []timesheet.Expense{{Kind: "bus", Cents: 3_20}}}))
		if diff := cmp.Diff("done done", o.states(id)); diff != "" {
			t.Error(diff)
		}
		if err := o.Countersign(t.Context(), mediator, id, timesheet.Charge{}); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("countersigned by whoever reported: %v", err)
		}
		foreign := network.Project{Code: "ALTRO", Title: "Di altri", Lead: "altro", Activities: []network.Activity{{ID: "act-9", Kind: "mediation", What: "Mediazione", Body: "altro"}}}
		o.must(d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return network.AddProjects(ctx, tx, []network.Project{foreign})
		}))
		if err := o.Countersign(t.Context(), desk, id, timesheet.Charge{Project: "ALTRO", Activity: "act-9"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("the project of another body pays: %v", err)
		}
		if err := o.Countersign(t.Context(), desk, id, timesheet.Charge{Project: "PROVA", Activity: "other"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("charged to nothing: %v", err)
		}
		o.must(o.Countersign(t.Context(), desk, id, charge))
		s := o.session(id)
		// 71 minutes are 75; at 24 euros that is 30 euros, and 3.20 for the bus.
		if s.State != timesheet.Confirmed || s.Minutes != 75 || s.Amount() != 33_20 || s.OutBy != timesheet.ByPage || s.SignedBy != desk.Account {
			t.Errorf("%+v", s)
		}
		if err := o.Report(t.Context(), mediator, door, timesheet.Report{Began: began, Ended: ended, Done: []string{"interpreting"}}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("reported again after the countersignature: %v", err)
		}
	})
}

func (o *office) request(booking string) string {
	o.t.Helper()
	r, err := db.Row(o.t.Context(), o.db, db.Column[string], `SELECT request FROM mediation_booking WHERE id = $1`, booking)
	o.must(err)
	return r
}

// The code of the desk proves that both were there; five tries and it is worth nothing.
func TestCode(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		id, slot := o.book(3, 10)
		door := timesheet.Door{Secret: o.secret()}
		o.at(slot.Start)
		if err := o.Attend(t.Context(), stranger, door, true, ""); !fault.Is(err, fault.KindConflict) {
			t.Errorf("gone who never came: %v", err)
		}
		if err := o.Attend(t.Context(), stranger, door, false, "000000"); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("there is no code: %v", err)
		}
		o.must(o.ShowCode(t.Context(), desk, id))
		code := o.session(id).Code
		if own, err := o.OwnFile(t.Context(), mediator, timesheet.Door{Booking: id}); err != nil || own.Session.Code != "" {
			t.Errorf("the mediator is shown the code: %q, %v", own.Session.Code, err)
		}
		wrong := "000000"
		if code == wrong {
			wrong = "000001"
		}
		for range 5 {
			if err := o.Attend(t.Context(), stranger, door, false, wrong); !fault.Is(err, fault.KindInvalid) {
				t.Fatal(err)
			}
		}
		if err := o.Attend(t.Context(), stranger, door, false, code); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("after five tries: %v", err)
		}
		o.must(o.ShowCode(t.Context(), desk, id))
		o.must(o.Attend(t.Context(), stranger, door, false, o.session(id).Code)) // whoever holds the link is the mediator
		if s := o.session(id); s.State != timesheet.Begun || s.InBy != timesheet.ByCode || s.Code != "" {
			t.Errorf("%+v", s)
		}
		o.must(o.ShowCode(t.Context(), desk, id))
		code = o.session(id).Code
		o.at(slot.Start.Add(11 * time.Minute))
		if err := o.Attend(t.Context(), stranger, door, true, code); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a code that has run out: %v", err)
		}
		o.must(o.Attend(t.Context(), stranger, door, true, ""))
		if s := o.session(id); s.State != timesheet.Ended || s.OutBy != timesheet.ByLink || s.Minutes != 15 {
			t.Errorf("%+v", s)
		}
	})
}

// Nobody came whom the mediator could help: a share is owed, and the request counts as met.
func TestUserAbsent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		rules := mediation.UsualRules()
		rules.Member, rules.AbsentShare = "coop", 75 // the body that lends the mediator says what is owed
		o.must(o.Mediation.Decide(t.Context(), actor("coop", "mediation-coordinator"), rules))
		id, slot := o.book(3, 10)
		o.at(slot.Start.Add(-time.Minute))
		absent := timesheet.Report{UserAbsent: true, Travel: 30}
		if err := o.Report(t.Context(), mediator, timesheet.Door{Booking: id}, absent); !fault.Is(err, fault.KindConflict) {
			t.Errorf("before it begins: %v", err)
		}
		o.at(slot.Start.Add(20 * time.Minute))
		o.must(o.Report(t.Context(), mediator, timesheet.Door{Booking: id}, absent))
		if s := o.session(id); s.Outcome != timesheet.UserAbsent || s.Minutes != 45 || s.State != timesheet.Reported {
			t.Errorf("%+v", s)
		}
		if diff := cmp.Diff("user_absent done", o.states(id)); diff != "" {
			t.Error(diff)
		}
	})
}

// The desk says that nobody came; the mediator answers; a coordinator of their body decides.
func TestMediatorAbsentAndDispute(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		id, slot := o.book(3, 10)
		o.at(slot.Start.Add(5 * time.Minute))
		if err := o.Contest(t.Context(), desk, id, timesheet.ReasonAbsent, 0, ""); !fault.Is(err, fault.KindConflict) {
			t.Errorf("five minutes late: %v", err)
		}
		o.at(slot.Start.Add(16 * time.Minute))
		o.must(o.Contest(t.Context(), desk, id, timesheet.ReasonAbsent, 0, "Nessuno ha risposto al telefono"))
		if diff := cmp.Diff("mediator_absent unmet", o.states(id)); diff != "" {
			t.Error(diff)
		}
		if sealed, err := db.Row(t.Context(), d, db.Column[[]byte], `SELECT sealed FROM mediation_session WHERE booking = $1`, id); err != nil || len(sealed) == 0 {
			t.Errorf("the text is not sealed: %v", err)
		}
		if got := o.calls[len(o.calls)-1].Template; got != "mediation.disputed" {
			t.Errorf("told %s", got)
		}
		o.must(o.Answer(t.Context(), mediator, timesheet.Door{Booking: id}, false, "Ho chiamato due volte"))
		r := timesheet.Resolution{Outcome: timesheet.Held, Minutes: 30, Text: "Dai tabulati risulta la chiamata"}
		if err := o.Resolve(t.Context(), stranger, id, r); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a coordinator of another body: %v", err)
		}
		o.must(o.Resolve(t.Context(), coordinator, id, r))
		f, err := o.File(t.Context(), desk, id)
		o.must(err)
		want := timesheet.Notes{Desk: "Nessuno ha risposto al telefono", Mediator: "Ho chiamato due volte", Coordinator: "Dai tabulati risulta la chiamata"}
		if f.Session.State != timesheet.Settled || f.Session.Minutes != 30 || f.Notes != want {
			t.Errorf("%+v %+v", f.Session, f.Notes)
		}
		if diff := cmp.Diff("done done", o.states(id)); diff != "" {
			t.Error(diff)
		}
		o.at(now.AddDate(1, 1, 0))
		o.must(o.Tidy(t.Context()))
		if f, err = o.File(t.Context(), desk, id); err != nil || f.Notes != (timesheet.Notes{}) {
			t.Errorf("kept for more than a year: %+v %v", f.Notes, err)
		}
	})
}

func TestDisputeAgreed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		id := o.held(3, 10)
		o.must(o.Contest(t.Context(), desk, id, "hours", 45, ""))
		o.must(o.Answer(t.Context(), mediator, timesheet.Door{Booking: id}, true, ""))
		if s := o.session(id); s.State != timesheet.Confirmed || s.Minutes != 45 || s.SignedBy != desk.Account {
			t.Errorf("%+v", s)
		}
		if err := o.Resolve(t.Context(), coordinator, id, timesheet.Resolution{Outcome: timesheet.Held, Minutes: 60}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("what both agree on was changed without a word: %v", err)
		}
	})
}

// Cancelled too late, a share is owed by the rules; the coordinator may waive it.
func TestLateCancellation(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		early, slot := o.book(3, 10)
		late, _ := o.book(3, 12)
		o.at(slot.Start.Add(-25 * time.Hour))
		o.must(o.Mediation.Cancel(t.Context(), desk, o.request(early)))
		o.at(slot.Start.Add(-2 * time.Hour))
		o.must(o.Mediation.Cancel(t.Context(), desk, o.request(late)))
		list, n, err := o.Sessions(t.Context(), coordinator, timesheet.Query{Outcome: timesheet.CancelledLate, Size: 10})
		if err != nil || n != 1 || list[0].Booking != late || list[0].Minutes != 30 || list[0].State != timesheet.Confirmed {
			t.Fatalf("%+v %v", list, err)
		}
		o.must(o.Resolve(t.Context(), coordinator, late, timesheet.Resolution{Outcome: timesheet.CancelledLate, Minutes: 0}))
		if s := o.session(late); s.State != timesheet.Settled || s.Minutes != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// Evaluations are off until the body turns them on, and count from the fifth on.
func TestEvaluations(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		id := o.held(3, 9)
		if err := o.EvaluateMediator(t.Context(), desk, id, []int{5, 5, 5, 5}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("while it is off: %v", err)
		}
		rules := mediation.UsualRules()
		rules.Member, rules.Evaluations = "comune", true
		rules.Weights = mediation.Weights{Evaluation: 100}
		o.must(o.Mediation.Decide(t.Context(), actor("comune", "mediation-coordinator"), rules))
		points := func() int {
			o.t.Helper()
			o.at(now)
			_, slot := o.book(30, 9) // a Tuesday after all the others
			var why mediation.Why
			o.must(o.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := db.Row(ctx, tx, func(s db.Scanner) (bool, error) { return true, s.Scan(db.JSON(&why)) }, `SELECT why FROM mediation_booking WHERE start = $1`, db.Millis(slot.Start))
				if err == nil {
					_, err = db.Exec(ctx, tx, `DELETE FROM mediation_claim`)
				}
				if err == nil {
					_, err = db.Exec(ctx, tx, `DELETE FROM mediation_booking WHERE start = $1`, db.Millis(slot.Start))
				}
				return err
			}))
			return why.Score
		}
		for i, hour := range []int{9, 11, 12, 13, 14} {
			if hour > 9 {
				o.at(now)
				id = o.held(3, hour)
			}
			if i == 4 {
				if got := points(); got != 500 {
					t.Fatalf("after four evaluations the score is %d", got)
				}
			}
			o.at(now.AddDate(0, 0, 3))
			o.must(o.EvaluateMediator(t.Context(), desk, id, []int{5, 5, 4, 4}))
			o.must(o.EvaluateDesk(t.Context(), mediator, timesheet.Door{Booking: id}, []int{3, 3, 3}))
		}
		if got := points(); got != 875 { // 3.5 out of 4
			t.Errorf("after five the score is %d", got)
		}
	})
}
