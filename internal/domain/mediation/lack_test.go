// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"testing"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// Who finds nobody is remembered once a day, until they come back or a week has gone; then without code.
func TestWhoFindsNobodyIsRemembered(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		lacks := func(code string) int {
			return o.count(`SELECT count(*) FROM mediation_lack WHERE code = '` + code + `'`)
		}
		ask := func(code string) error {
			r := need(10, 0)
			r.Code = code
			_, _, err := o.Ask(t.Context(), desk, mediation.AskRequest{Request: r})
			return err
		}
		for range 2 {
			if err := ask("A-1"); !fault.Is(err, fault.KindConflict) {
				t.Fatalf("somebody came: %v", err)
			}
		}
		r := need(0, 0)
		r.Code, r.Slot = "A-2", mediation.Slot{}
		if list, err := o.Find(t.Context(), desk, mediation.FindRequest{Request: r, Minutes: 60, Most: 3}); err != nil || len(list) != 0 {
			t.Fatalf("%v, %v", list, err)
		}
		if lacks("A-1") != 1 || lacks("A-2") != 1 {
			t.Errorf("%d and %d are remembered", lacks("A-1"), lacks("A-2"))
		}
		o.enlist("Amal", nil)
		if err := ask("A-1"); err != nil {
			t.Fatal(err)
		}
		o.time = now.Add((mediation.LackDays + 2) * 24 * time.Hour)
		if err := o.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if lacks("A-1") != 0 || lacks("A-2") != 0 || lacks("") != 1 {
			t.Errorf("after a week: %d, %d, and %d without code", lacks("A-1"), lacks("A-2"), lacks(""))
		}
	})
}

// Nothing that a desk made up is remembered: it would come to stand in what is published.
func TestOnlyWhatThereIsIsRemembered(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		for field, change := range map[string]func(*mediation.Request){
			"language": func(r *mediation.Request) { r.Language = "=cmd|'/c calc'!A1" },
			"mode":     func(r *mediation.Request) { r.Mode = "Mario Rossi" },
			"kind":     func(r *mediation.Request) { r.Kind = "now" },
			"place":    func(r *mediation.Request) { r.Place.Comune = "via Esempio 1" },
		} {
			r := need(0, 0)
			r.Code, r.Slot = "A-2", mediation.Slot{}
			change(&r)
			q := mediation.FindRequest{Request: r, Minutes: 60, Most: 3}
			_, err := o.Find(t.Context(), desk, q)
			if all := fault.All(err); len(all) != 1 || all[0].Field != field || all[0].Kind != fault.KindInvalid {
				t.Errorf("%s: %v", field, err)
			}
			_, err = o.FindSeries(t.Context(), desk, q, 3, 7)
			if all := fault.All(err); len(all) != 1 || all[0].Field != field {
				t.Errorf("%s in a series: %v", field, err)
			}
		}
		if n := o.count(`SELECT count(*) FROM mediation_lack`); n != 0 {
			t.Errorf("%d are remembered", n)
		}
	})
}
