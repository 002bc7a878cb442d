// SPDX-License-Identifier: EUPL-1.2

package access_test

import (
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

func TestSightIsGivenUntilADayAndEnded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		boss := access.Actor{Account: "boss", Member: "m1", Roles: []access.Role{access.TeamCoordinator}, Strong: true, Via: "page"}
		give := access.GiveRequest{Account: "guest", Type: "Case", Object: "case-1", Until: r.at.Add(time.Hour), Reason: "Supervisione"}
		if _, err := r.Give(t.Context(), carer(r.at), give); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a case worker gives sight: %v", err)
		}
		for field, q := range map[string]access.GiveRequest{
			"account": {Type: "Case", Object: "c", Until: give.Until, Reason: "x"},
			"object":  {Account: "guest", Until: give.Until, Reason: "x"},
			"until":   {Account: "guest", Type: "Case", Object: "c", Reason: "x"},
			"reason":  {Account: "guest", Type: "Case", Object: "c", Until: give.Until},
		} {
			_, err := r.Give(t.Context(), boss, q)
			if all := fault.All(err); len(all) != 1 || all[0].Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		tie, err := r.Give(t.Context(), boss, give)
		if err != nil {
			t.Fatal(err)
		}
		guest := access.Actor{Account: "guest", Member: "m2"}
		if kinds, err := access.Related(t.Context(), d, r.at, guest, "Case", "case-1"); err != nil || len(kinds) != 1 || kinds[0] != "grant" {
			t.Errorf("%v, %v", kinds, err)
		}
		if list, err := r.Relations(t.Context(), boss); err != nil || len(list) != 1 {
			t.Errorf("%v, %v", list, err)
		}
		if list, err := r.Relations(t.Context(), officer("m2")); err != nil || len(list) != 0 {
			t.Errorf("an officer of another body sees %v, %v", list, err)
		}
		if err := r.End(t.Context(), officer("m2"), tie.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("an officer of another body ends it: %v", err)
		}
		if err := r.End(t.Context(), officer("m1"), tie.ID); err != nil {
			t.Fatal(err)
		}
		if kinds, err := access.Related(t.Context(), d, r.at, guest, "Case", "case-1"); err != nil || len(kinds) != 0 {
			t.Errorf("ended, and %v, %v", kinds, err)
		}
		if n := r.count(t, `SELECT count(*) FROM access_relation WHERE id = $1 AND ender = 'officer-m1'`, tie.ID); n != 1 {
			t.Error("who ended it is not known")
		}
	})
}

// The rule of a relation in Go and in SQL is one.
func TestRelationsInGoAndInSQL(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		world := makeThings(t, d)
		list, err := db.Rows(t.Context(), d, func(s db.Scanner) (r access.Relation, err error) {
			err = s.Scan(&r.Kind, &r.Account, &r.Member, &r.Type, &r.Object, db.ScanTime(&r.Since), db.ScanTime(&r.Until))
			return r, err
		}, `SELECT kind, account, member, type, object, since, until FROM access_relation`)
		if err != nil {
			t.Fatal(err)
		}
		for _, account := range []string{"", "a1", "a2"} {
			for _, member := range []string{"", "m1", "m2"} {
				for _, x := range world {
					a := access.Actor{Account: account, Member: member}
					got, err := access.Related(t.Context(), d, now, a, "Thing", x.id)
					if err != nil {
						t.Fatal(err)
					}
					want := map[string]bool{}
					for _, r := range list {
						if r.Type == "Thing" && r.Object == x.id && r.Holds(now) && r.Ties(a) {
							want[string(r.Kind)] = true
						}
					}
					if len(want) != len(got) {
						t.Errorf("%s for %s at %s: SQL %v, Go %v", account, member, x.id, got, want)
					}
				}
			}
		}
	})
}
