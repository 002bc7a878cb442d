// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// The page about shared hours holds the mediators that the policies say.
func TestFairnessAgreesWithPolicies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		day := calendar.DayOf(now, calendar.Rome())
		accesstest.Agree(t, d, now, []access.Policy{access.Base(), mediation.Policy()}, accesstest.List{
			Action: "mediation.fairness.read", Type: "Mediator", Make: makeListed, Ways: func(g *access.Guard) map[string]accesstest.Way {
				u := *o.UseCases
				u.Guard = g
				return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
					f, err := u.Fairness(ctx, a, day-30, day)
					for _, s := range f.List {
						ids = append(ids, s.Mediator.ID)
					}
					return ids, err
				}}
			},
		})
	})
}

// Hours are shared in each language by the time in which its mediators were there.
func TestHoursAreSharedByPresence(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx := t.Context()
		day := calendar.DayOf(now, calendar.Rome())
		tongues := func(codes ...string) func(*mediation.Mediator) {
			return func(m *mediation.Mediator) {
				m.Languages, m.Since = nil, now.AddDate(-1, 0, 0)
				for _, code := range codes {
					m.Languages = append(m.Languages, mediation.Language{Code: code, Level: "native"})
				}
			}
		}
		amal := o.enlist("Amal", tongues("ar", "fr"))
		badr := o.enlist("Badr", tongues("ar"))
		fresh := o.enlist("Fatima", tongues("ar"))
		away := o.enlist("Omar", tongues("ar"))
		o.listedSince(fresh, now.Add(-time.Duration(mediation.FairDays+1)*12*time.Hour))
		if _, err := o.AddException(ctx, coordinator, mediation.Exception{Mediator: away.ID, Slot: mediation.Slot{Start: now.AddDate(0, 0, -mediation.FairDays), End: now.AddDate(0, 0, 1)}}); err != nil {
			t.Fatal(err)
		}
		for i := range 10 { // ten hours of Arabic, all to Amal
			o.gave(amal, "ar", now.AddDate(0, 0, -1-i))
		}
		o.gave(amal, "fr", now.AddDate(0, 0, -20))
		f, err := o.Fairness(ctx, coordinator, day-calendar.Day(mediation.FairDays), day)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]mediation.FairShare{}
		for _, s := range f.List {
			got[s.Mediator.Name] = s
		}
		// Two and a half were there: ten hours make four each, and two for who came halfway.
		for name, want := range map[string][2]int{"Amal": {4*60 + 60, 11 * 60}, "Badr": {4 * 60, 0}, "Fatima": {2 * 60, 0}, "Omar": {0, 0}} {
			if s := got[name]; abs(s.Planned-want[0]) > 5 || s.Given != want[1] {
				t.Errorf("%s: planned %d given %d minutes, want %v", name, s.Planned, s.Given, want)
			}
		}
		if f.List[0].Mediator.Name != "Badr" || got["Amal"].Bookings != 11 || f.Others != 0 {
			t.Errorf("%+v", f)
		}
		if _, err := o.Fairness(ctx, coordinator, day, day-1); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("backwards: %v", err)
		}
		o.left(badr)
		o.gave(badr, "ar", now.AddDate(0, 0, -3))
		if f, err := o.Fairness(ctx, coordinator, day-30, day); err != nil || f.Others != 60 || len(f.List) != 3 {
			t.Errorf("who left: %d minutes, %d are listed, %v", f.Others, len(f.List), err)
		}
		if looked := o.count(`SELECT count(*) FROM audit_event WHERE action = 'mediation.fairness.read'`); looked != 2 {
			t.Errorf("%d looks in the log", looked)
		}
	})
}

// A mediator sees their own hours and nobody else's.
func TestOwnFigures(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", func(m *mediation.Mediator) { m.Account = "mediator-coop" })
		badr := o.enlist("Badr", nil)
		o.gave(amal, "ar", now.AddDate(0, 0, -1))
		o.gave(amal, "ar", now.AddDate(0, -1, 0))
		o.gave(badr, "ar", now.AddDate(0, 0, -2))
		f, err := o.OwnFigures(t.Context(), actor("coop", access.Mediator))
		if err != nil || f.Total.Minutes != 120 || f.Total.Bookings != 2 || len(f.Months) != 12 || f.Months[11].Minutes != 0 || f.Months[10].Minutes != 120 || f.Share.Given != 120 {
			t.Errorf("%+v, %v", f, err)
		}
		if !f.Share.Few {
			t.Error("two share a language: the other's hours could be worked out")
		}
		if _, err := o.OwnFigures(t.Context(), coordinator); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("who is no mediator: %v", err)
		}
	})
}

// The page of a body is the same whatever the one or two others of a language were given, and whatever those were who
// have left another body; behind three nobody stands out.
func TestFairnessTellsNobodysHours(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		day := calendar.DayOf(now, calendar.Rome())
		tongue := func(code string) func(*mediation.Mediator) {
			return func(m *mediation.Mediator) { m.Languages = []mediation.Language{{Code: code, Level: "native"}} }
		}
		amal, badr := o.enlist("Amal", nil), o.enlist("Badr", tongue("fr")) // Badr alone speaks French
		oumou, gone := o.enlistFor("comune", "Oumou"), o.enlistFor("comune", "Zahra")
		all := []mediation.Mediator{amal, badr, oumou, gone}
		for _, m := range all {
			o.listedSince(m, now.AddDate(-1, 0, 0))
		}
		o.left(gone)
		o.gave(amal, "ar", now.AddDate(0, 0, -1))
		o.gave(badr, "fr", now.AddDate(0, 0, -1))
		page := func() mediation.Fair {
			t.Helper()
			f, err := o.Fairness(t.Context(), coordinator, day-30, day)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		before := page()
		if len(before.List) != 2 || before.List[0].Mediator.Name != "Badr" || before.List[0].Few || before.List[0].Planned != 60 || !before.List[1].Few || before.List[1].Planned != 0 || before.List[1].Given != 60 {
			t.Fatalf("%+v", before)
		}
		for range 3 {
			o.gave(oumou, "ar", now.AddDate(0, 0, -2))
			o.gave(gone, "ar", now.AddDate(0, 0, -3))
		}
		if diff := cmp.Diff(before, page()); diff != "" {
			t.Error("the hours of another body are told: " + diff)
		}
		for _, name := range []string{"Paola", "Quirina"} {
			o.listedSince(o.enlistFor("comune", name), now.AddDate(-1, 0, 0))
		}
		if f := page(); len(f.List) != 2 || f.List[0].Few || f.List[0].Planned != 60 || f.List[1].Planned != 60 { // Amal of four hours among four
			t.Errorf("%+v", f)
		}
	})
}
