// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// everything that the two tables hold, as one text.
func missedTables(t *testing.T, d *db.DB) string {
	t.Helper()
	var all strings.Builder
	for _, query := range []string{
		`SELECT hash || ' ' || language || ' ' || words || ' ' || day FROM directory_missed_search ORDER BY hash`,
		`SELECT hash || ' ' || visit || ' ' || day FROM directory_missed_visit ORDER BY hash, visit`,
	} {
		rows, err := db.Rows(context.Background(), d, db.Column[string], query)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(strings.Join(rows, "\n") + "\n")
	}
	return all.String()
}

func TestMissedWordsAreUnknownUntilFiveVisits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		u := directory.New(d, clock)
		m := directory.NewMissed(u, []byte("a key of the installation"))
		note := func(text, visitor string) {
			t.Helper()
			if err := m.Note(ctx, "it", text, visitor, ""); err != nil {
				t.Fatal(err)
			}
		}
		for range 20 {
			note("Noleggio Tandem", "192.0.2.1 browser") // one visitor, however often
		}
		for i := range 3 {
			note("noleggio  tandem", fmt.Sprintf("192.0.2.%d browser", 2+i))
		}
		if list, err := u.MissedSearches(ctx, 10); err != nil || len(list) != 0 {
			t.Fatalf("after four visits: %v, %v", list, err)
		}
		stored := missedTables(t, d)
		for _, secret := range []string{"tandem", "noleggio", "192.0.2", "browser"} {
			if strings.Contains(stored, secret) {
				t.Errorf("%q is stored: %s", secret, stored)
			}
		}
		note("noleggio tandem", "192.0.2.9 browser")
		list, err := u.MissedSearches(ctx, 10)
		if err != nil || len(list) != 1 || list[0].Words != "noleggio tandem" || list[0].Visits != 5 {
			t.Fatalf("after five visits: %+v, %v", list, err)
		}
		if stored := missedTables(t, d); strings.Contains(stored, "192.0.2") {
			t.Errorf("a visitor is stored: %s", stored)
		}
	})
}

func TestMissedForgetsAndNeverKeepsPersons(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		now := clock()
		u := directory.New(d, func() time.Time { return now })
		m := directory.NewMissed(u, nil)
		for i := range 9 {
			for _, text := range []string{"Rossi Mario 3331234567", "mario@rossi.example", strings.Repeat("parola ", 20), "  "} {
				if err := m.Note(ctx, "it", text, fmt.Sprint(i), ""); err != nil {
					t.Fatal(err)
				}
			}
		}
		if stored := strings.TrimSpace(missedTables(t, d)); stored != "" {
			t.Fatalf("kept what may be about a person: %s", stored)
		}
		for i := range 4 {
			if err := m.Note(ctx, "it", "corso di vela", fmt.Sprint(i), ""); err != nil {
				t.Fatal(err)
			}
		}
		now = now.AddDate(0, 0, 90)
		if err := m.Note(ctx, "it", "corso di vela", "9", ""); err != nil {
			t.Fatal(err)
		}
		if list, err := u.MissedSearches(ctx, 10); err != nil || len(list) != 0 {
			t.Errorf("visits of three months ago still count: %v, %v", list, err)
		}
	})
}
