// SPDX-License-Identifier: EUPL-1.2

package timesheet_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

func (o *office) month(who string) timesheet.Month {
	o.t.Helper()
	m, err := o.Month(o.t.Context(), coordinator, who, "2027-03")
	o.must(err)
	return m
}

// A month is signed by the mediator, then by the coordinator; a correction makes another number and
// leaves what was signed as it was.
func TestTimesheet(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx, who := t.Context(), o.mediator.ID
		charge := o.project()
		first, second := o.held(3, 10), ""
		o.must(o.Countersign(ctx, desk, first, charge))
		o.at(now)
		second = o.held(4, 10)

		m := o.month(who)
		if len(m.Draft.Lines) != 1 || len(m.Waiting) != 1 || m.Draft.Minutes != 60 || m.Draft.Amount != 24_00 || !m.Approves || m.Signs {
			t.Fatalf("%+v", m)
		}
		if got := m.Names.Charged(charge); got != "PROVA · 1 Mediazione agli sportelli" {
			t.Error(got)
		}
		if err := o.Sign(ctx, coordinator, who, "2027-03", m.Draft.Hash()); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("signed for the mediator: %v", err)
		}
		if err := o.SignOnPaper(ctx, coordinator, who, "2027-03", m.Draft.Hash()); !fault.Is(err, fault.KindConflict) {
			t.Errorf("on paper for somebody who logs in: %v", err)
		}
		if err := o.Sign(ctx, mediator, who, "2027-03", "another"); !fault.Is(err, fault.KindConflict) {
			t.Errorf("signed what was not seen: %v", err)
		}
		o.must(o.Sign(ctx, mediator, who, "2027-03", m.Draft.Hash()))
		sent, _ := o.month(who).Current()
		if sent.State != timesheet.Sent || sent.Hash != m.Draft.Hash() || sent.First.Name != "Amal" || !sent.Intact() {
			t.Fatalf("%+v", sent)
		}
		if err := o.Approve(ctx, stranger, who, "2027-03", sent.Hash); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a coordinator of another body: %v", err)
		}
		o.must(o.Approve(ctx, coordinator, who, "2027-03", sent.Hash))
		signed, _ := o.month(who).Current()
		if signed.State != timesheet.Signed || signed.Second.Name != "Nome di "+coordinator.Account || signed.Seal == "" || !signed.Intact() {
			t.Fatalf("%+v", signed)
		}

		// What comes later waits for a correction, which leaves the first number as it was.
		o.must(o.Countersign(ctx, desk, second, timesheet.Charge{}))
		if m = o.month(who); len(m.Draft.Lines) != 1 || m.Draft.Lines[0].Booking != second {
			t.Fatalf("%+v", m.Draft)
		}
		if err := o.Sign(ctx, mediator, who, "2027-03", m.Draft.Hash()); !fault.Is(err, fault.KindConflict) {
			t.Errorf("two timesheets of a month: %v", err)
		}
		fix := timesheet.Resolution{Outcome: timesheet.Held, Minutes: 45, Text: "Il registro dello sportello dice 45", Charge: charge}
		if err := o.Resolve(ctx, coordinator, first, fix); !fault.Is(err, fault.KindConflict) {
			t.Errorf("changed what was signed: %v", err)
		}
		o.must(o.Reopen(ctx, coordinator, who, "2027-03", signed.Hash, "missing"))
		o.must(o.Resolve(ctx, coordinator, first, fix))
		m = o.month(who)
		if m.Draft.Number != 2 || len(m.Draft.Lines) != 2 || m.Draft.Minutes != 105 {
			t.Fatalf("%+v", m.Draft)
		}
		o.must(o.Sign(ctx, mediator, who, "2027-03", m.Draft.Hash()))
		m = o.month(who)
		if m.Sheets[1].State != timesheet.Replaced || m.Sheets[1].Hash != signed.Hash || !m.Sheets[1].Intact() || m.Sheets[0].Number != 2 {
			t.Errorf("%+v", m.Sheets)
		}
		if used := m.Sheets[0].Content.ByActivity(); len(used) != 2 || used[0].Charge != charge || used[0].Minutes != 45 {
			t.Errorf("%+v", used)
		}
	})
}

// Whoever changes what was signed in the database is found out, and it is signed by nobody.
func TestTamperedTimesheet(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx, who := t.Context(), o.mediator.ID
		id := o.held(3, 10)
		o.must(o.Countersign(ctx, desk, id, timesheet.Charge{}))
		o.must(o.Sign(ctx, mediator, who, "2027-03", o.month(who).Draft.Hash()))
		sent, _ := o.month(who).Current()
		o.must(d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE mediation_timesheet SET content = replace(content, '"minutes":60', '"minutes":90')`)
			return err
		}))
		if err := o.Approve(ctx, coordinator, who, "2027-03", sent.Hash); !fault.Is(err, fault.KindConflict) {
			t.Errorf("%v", err)
		}
		if s, _ := o.month(who).Current(); s.Intact() {
			t.Error("nobody noticed")
		}
	})
}

// A mediator without an account signs a print, which the coordinator records.
func TestSignedOnPaper(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx := t.Context()
		o.must(d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { // the first on the roster can't come
			_, err := db.Exec(ctx, tx, `UPDATE mediation_mediator SET state = 'suspended'`)
			return err
		}))
		other := o.enlist("Dina", "")
		id, slot := o.book(3, 10)
		o.at(slot.End)
		o.must(o.Report(ctx, stranger, timesheet.Door{Secret: o.secret()}, timesheet.Report{Began: slot.Start, Ended: slot.End, Done: []string{"interpreting"}}))
		o.must(o.Countersign(ctx, desk, id, timesheet.Charge{}))
		o.must(o.SignOnPaper(ctx, coordinator, other.ID, "2027-03", o.month(other.ID).Draft.Hash()))
		s, _ := o.month(other.ID).Current()
		var same *fault.Error
		if err := o.Approve(ctx, coordinator, other.ID, "2027-03", s.Hash); !errors.As(err, &same) || same.Message.Key != "timesheet.same_hand" {
			t.Fatalf("both signatures are of one hand: %v", err)
		}
		colleague := coordinator
		colleague.Account = "colleague"
		o.must(o.Approve(ctx, colleague, other.ID, "2027-03", s.Hash))
		o.must(d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return o.Erased(ctx, tx, coordinator.Account) }))
		if s, _ = o.month(other.ID).Current(); !s.OnPaper || s.State != timesheet.Signed || s.First.Name != "Dina" {
			t.Errorf("%+v", s)
		}
		o.must(d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return o.Erased(ctx, tx, other.ID) }))
		if s, _ = o.month(other.ID).Current(); s.First.Name != "–" || !s.Intact() {
			t.Errorf("erased: %+v", s)
		}
	})
}

// What is left of a budget, and of the hours of a body.
func TestBudget(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx := t.Context()
		charge := o.project()
		own := actor("comune", "mediation-coordinator")
		for _, hour := range []int{10, 12} {
			o.at(now)
			id := o.held(3, hour)
			if hour == 10 {
				o.must(o.Countersign(ctx, desk, id, charge))
			}
		}
		list, quotas, _, err := o.Budgets(ctx, own, "2027-03")
		o.must(err)
		if len(list) != 1 || list[0].Minutes != 600 || list[0].Used.Minutes != 60 || list[0].Used.Cents != 24_00 {
			t.Errorf("by the work breakdown: %+v", list)
		}
		if diff := cmp.Diff([]timesheet.Quota{{Member: "comune", Given: 60}}, quotas); diff != "" {
			t.Error(diff)
		}
		o.must(o.Plan(ctx, own, timesheet.Budget{Charge: charge, Minutes: 30, Cents: 100_00}))
		if err := o.Plan(ctx, own, timesheet.Budget{Charge: charge, Minutes: 60}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("the second who plans: %v", err)
		}
		list, _, _, err = o.Budgets(ctx, own, "2027-03")
		o.must(err)
		if minutes, cents := list[0].Left(); minutes != -30 || cents != 76_00 {
			t.Errorf("left: %d minutes, %d cents", minutes, cents)
		}
		if _, quotas, _, err = o.Budgets(ctx, coordinator, "2027-03"); err != nil || len(quotas) != 2 || quotas[1].Member != "comune" || quotas[1].Given != 60 {
			t.Errorf("of the body that lends: %+v %v", quotas, err)
		}
		if err := o.Plan(ctx, desk, timesheet.Budget{Charge: charge}); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a desk plans: %v", err)
		}
	})
}
