// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// agreeOn enters the agreement under which the cooperative lends, with what it says of fees.
func (o *office) agreeOn(fees *network.Fees) {
	o.t.Helper()
	a := network.Agreement{ID: "agreement-1", Title: "Prestito di mediatori", Fees: fees}
	if _, err := db.Exec(o.t.Context(), o.db, `INSERT INTO network_agreement (id, version, from_day, last_day, record) VALUES ($1, 1, '2027-01-01', '', $2) ON CONFLICT (id) DO UPDATE SET record = $2`, a.ID, db.JSON(a)); err != nil {
		o.t.Fatal(err)
	}
}

// What is owed for a mediator whom another body lends is what the two have agreed on, whatever either decides alone;
// what the agreement leaves open is said by the body that lends.
func TestTermsAreThoseOfTheAgreement(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.enlist("Amal", nil)
		o.decide("coop", func(r *mediation.Rules) { r.CancelFree, r.CancelShare, r.AbsentShare = 0, 90, 90 })
		o.decide("comune", func(r *mediation.Rules) { r.CancelFree, r.CancelShare, r.AbsentShare = 0, 0, 0 })
		a := o.ask(mediation.AskRequest{Request: need(10, 0)}) // in twenty-four hours
		terms := func() mediation.Terms {
			t.Helper()
			f, err := o.File(t.Context(), desk, a.Requests[0])
			if err != nil || len(f.Bookings) != 1 {
				t.Fatalf("%+v %v", f.Bookings, err)
			}
			return f.Bookings[0].Terms
		}
		o.agreeOn(nil) // says nothing of it
		if got := terms(); got.CancelShare != 90 || got.Under != "" || got.From != "coop" || got.Late(now) {
			t.Errorf("%+v", got)
		}
		o.agreeOn(&network.Fees{FreeHours: 48, CancelShare: 25, AbsentShare: 40})
		want := mediation.Terms{
			Conditions: mediation.Conditions{Costs: mediation.Costs{Free: 48 * time.Hour, CancelShare: 25, AbsentShare: 40}, From: "coop", Under: "agreement-1", Agreement: "Prestito di mediatori"},
			FreeUntil:  tuesday(10, 0).Add(-48 * time.Hour).UTC(), Minutes: 15,
		}
		if diff := cmp.Diff(want, terms()); diff != "" || !terms().Late(now) {
			t.Error(diff)
		}
		o.partners = nil // it has ended since: what was booked under it was agreed to
		if err := o.Cancel(t.Context(), desk, a.Requests[0]); err != nil {
			t.Fatal(err)
		}
		minutes, record := 0, ""
		if err := db.Walk(t.Context(), d, func(s db.Scanner) error { return s.Scan(&minutes, &record) }, `SELECT minutes, record FROM mediation_session WHERE booking = $1 AND outcome = 'cancelled_late'`, a.Bookings[0]); err != nil || minutes != 15 || record != `{"fee":{"share":25,"under":"agreement-1"}}` {
			t.Errorf("%d minutes are owed, %s, %v", minutes, record, err)
		}
	})
}

// For one's own mediators one's own rules hold, and where the list is common those of the body that lends.
func TestTermsWithoutAgreement(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.agreeOn(&network.Fees{FreeHours: 48, CancelShare: 25, AbsentShare: 40})
		o.enlistFor("comune", "Oumou")
		a := o.ask(mediation.AskRequest{Request: need(10, 0)})
		if f, err := o.File(t.Context(), desk, a.Requests[0]); err != nil || f.Bookings[0].Terms.Conditions != (mediation.Conditions{Costs: mediation.Costs{Free: 24 * time.Hour, CancelShare: 50, AbsentShare: 100}}) {
			t.Errorf("%+v %v", f.Bookings, err)
		}
		o.partners = nil
		o.decide("", func(r *mediation.Rules) { r.Common, r.CancelShare = true, 70 })
		o.enlist("Amal", nil)
		a = o.ask(mediation.AskRequest{Request: need(10, 0)})
		if f, err := o.File(t.Context(), desk, a.Requests[0]); err != nil || f.Bookings[0].Terms.From != "coop" || f.Bookings[0].Terms.CancelShare != 70 || f.Bookings[0].Terms.Under != "" {
			t.Errorf("%+v %v", f.Bookings, err)
		}
	})
}

// Who decides other rules changes nothing that was booked before, be it with one's own or with a mediator lent to
// one without a word about fees; what is booked afterwards has the new rules.
func TestTermsAreThoseOfTheDayOfBooking(t *testing.T) {
	t.Parallel()
	for name, lender := range map[string]string{"own": "comune", "lent": "coop"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				o := open(t, d)
				o.enlistFor(lender, "Amal")
				costs := func(a mediation.Asked) mediation.Costs {
					t.Helper()
					f, err := o.File(t.Context(), desk, a.Requests[0])
					if err != nil || len(f.Bookings) != 1 {
						t.Fatalf("%+v %v", f.Bookings, err)
					}
					return f.Bookings[0].Terms.Costs
				}
				before := o.ask(mediation.AskRequest{Request: need(10, 0)})
				o.decide(lender, func(r *mediation.Rules) { r.CancelFree, r.CancelShare, r.AbsentShare = 72*time.Hour, 90, 95 })
				after := o.ask(mediation.AskRequest{Request: need(14, 0)})
				if diff := cmp.Diff(mediation.Costs{Free: 24 * time.Hour, CancelShare: 50, AbsentShare: 100}, costs(before)); diff != "" {
					t.Errorf("booked before: %s", diff)
				}
				if diff := cmp.Diff(mediation.Costs{Free: 72 * time.Hour, CancelShare: 90, AbsentShare: 95}, costs(after)); diff != "" {
					t.Errorf("booked after: %s", diff)
				}
				if err := o.Move(t.Context(), desk, before.Requests[0], need(11, 30).Slot); err != nil {
					t.Fatal(err)
				}
				if got := costs(before); got.CancelShare != 50 {
					t.Errorf("moving a booking changed what it costs: %+v", got)
				}
			})
		})
	}
}
