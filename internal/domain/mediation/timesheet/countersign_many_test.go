// SPDX-License-Identifier: EUPL-1.2

package timesheet_test

import (
	"context"
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// seen are sessions as they stand in a list.
func (o *office) seen(ids ...string) (list []timesheet.Marked) {
	o.t.Helper()
	for _, id := range ids {
		list = append(list, timesheet.Marked{Booking: id, Version: o.session(id).Version})
	}
	return list
}

// Many sessions are countersigned at once, each charged to what its request says and each in the log.
func TestManyAreCountersigned(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx, charge := t.Context(), o.project()
		one, two, three := o.held(3, 10), o.held(4, 12), o.held(5, 14)
		if _, err := db.Exec(ctx, d, `UPDATE mediation_session SET project = $2, activity = $3 WHERE booking = $1`, two, charge.Project, charge.Activity); err != nil {
			t.Fatal(err)
		}
		if list, _, err := o.Sessions(ctx, desk, timesheet.Query{State: timesheet.Reported, Size: 10}); err != nil || len(list) != 3 || !list[0].Countersigns {
			t.Errorf("%+v, %v", list, err)
		}
		if list, _, err := o.Sessions(ctx, coordinator, timesheet.Query{State: timesheet.Reported, Size: 10}); err != nil || len(list) != 3 || list[0].Countersigns {
			t.Errorf("who did not ask countersigns: %+v, %v", list, err)
		}
		marked := o.seen(one, two, three, one) // one of them twice
		for _, who := range []access.Actor{coordinator, stranger, mediator} {
			if _, err := o.CountersignAll(ctx, who, marked); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s: %v", who.Account, err)
			}
		}
		if not, err := o.CountersignAll(ctx, desk, marked); err != nil || not != nil {
			t.Fatal(not, err)
		}
		for id, want := range map[string]timesheet.Charge{one: {}, two: charge, three: {}} {
			if s := o.session(id); s.State != timesheet.Confirmed || s.SignedBy != desk.Account || (timesheet.Charge{Project: s.Project, Activity: s.Activity}) != want {
				t.Errorf("%+v", s)
			}
		}
		if n, err := db.Row(ctx, d, db.Column[int], `SELECT count(*) FROM audit_event WHERE action = 'mediation.session.countersign' AND NOT is_read`); err != nil || n != 3 {
			t.Errorf("%d lines in the log, %v", n, err)
		}
		for _, list := range [][]timesheet.Marked{nil, make([]timesheet.Marked, timesheet.MostMarked+1)} {
			for i := range list {
				list[i].Booking = db.NewID()
			}
			if _, err := o.CountersignAll(ctx, desk, list); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%d are marked: %v", len(list), err)
			}
		}
	})
}

// When one of them can't be signed none is, and each that can't is named with why.
func TestAllOrNoneAreCountersigned(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx := t.Context()
		good, gone, changed, closed := o.held(3, 9), o.held(4, 11), o.held(5, 13), o.held(8, 15)
		marked := o.seen(good, gone, changed, closed)
		o.must(o.Countersign(ctx, desk, gone, timesheet.Charge{}))
		o.must(o.Report(ctx, mediator, timesheet.Door{Booking: changed}, timesheet.Report{UserAbsent: true}))
		over := network.Project{Code: "CHIUSO", Title: "Progetto chiuso", Lead: "comune", ClosedOn: "2026-12-31", Activities: []network.Activity{{ID: "act-2", Kind: "mediation", What: "Mediazione", Body: "comune"}}}
		o.must(d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE mediation_session SET project = 'CHIUSO', activity = 'act-2' WHERE booking = $1`, closed)
			if err != nil {
				return err
			}
			return network.AddProjects(ctx, tx, []network.Project{over})
		}))
		not, err := o.CountersignAll(ctx, desk, marked)
		if !fault.Is(err, fault.KindConflict) || len(not) != 3 {
			t.Fatalf("%+v, %v", not, err)
		}
		why := map[string]string{gone: "timesheet.over", changed: "mediation.changed_meanwhile", closed: "timesheet.charge"}
		for _, one := range not {
			if one.Why.Message.Key != why[one.Booking] || one.Name != "Amal" || one.Slot.Start.IsZero() {
				t.Errorf("%+v", one)
			}
		}
		if s := o.session(good); s.State != timesheet.Reported {
			t.Errorf("one of them was signed: %+v", s)
		}
		if not, err := o.CountersignAll(ctx, desk, o.seen(good, changed)); err != nil || not != nil { // as they are now
			t.Error(not, err)
		}
	})
}
