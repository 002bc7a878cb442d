// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/geo"
)

// many are services of one kind in a row going north, the last ones by id the nearest to Marsala.
func many(n int) directory.Batch {
	b := directory.Batch{Source: "many", Organizations: smallBatch().Organizations}
	for i := range n {
		s := smallBatch().Services[0]
		lat, lon := 37.8+float64(n-i)*0.001, 12.43
		site := directory.Site{ID: fmt.Sprintf("p%05d", i)}
		site.Location.ID, site.Location.Comune, site.Location.Latitude, site.Location.Longitude = "l"+site.ID, "081011", &lat, &lon
		s.ID, s.Sites = fmt.Sprintf("m%05d", i), []directory.Site{site}
		b.Services = append(b.Services, s)
	}
	return b
}

// However many match equally well, the nearest come first, every page has its own, and the pages
// together are what IDs gives.
func TestPagesReachTheEnd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const n = 1050 // more than are put in order when that is enough
		_, f := finderOver(t, d, many(n))
		for _, text := range []string{"", "mensa"} {
			q := directory.Query{Text: text, Language: "it", Near: &geo.Point{Lat: 37.8, Lon: 12.43}, Limit: directory.MaxLimit}
			var all []string
			for q.Page = 1; q.Page <= n/q.Limit+1; q.Page++ {
				found, err := f.Find(t.Context(), q)
				if err != nil || found.Total != n {
					t.Fatalf("%q, page %d: %d in all, %v", text, q.Page, found.Total, err)
				}
				for _, item := range found.Items {
					all = append(all, item.Entry.ID)
				}
			}
			if len(all) != n || !slices.Equal(all, f.IDs(q)) {
				t.Errorf("%q: the pages hold %d, or in another order than IDs", text, len(all))
			}
			if all[0] < "m01000" {
				t.Errorf("%q: %s comes first; others are nearer", text, all[0])
			}
		}
	})
}

func TestTotalsAndFacetsFollowTheFilters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := many(30)
		for i := range b.Services {
			if i%3 == 0 {
				b.Services[i].Card.Hours.AlwaysOpen = true
			}
		}
		b.Services[0].Status = directory.StatusDefunct
		_, f := finderOver(t, d, b)
		for name, q := range map[string]directory.Query{
			"open":          {OpenNow: true, Limit: 100},
			"near":          {Near: &geo.Point{Lat: 37.8, Lon: 12.43}, RadiusKM: 1, Limit: 100},
			"open and near": {OpenNow: true, Near: &geo.Point{Lat: 37.8, Lon: 12.43}, RadiusKM: 1, Limit: 100},
			"all":           {Limit: 100},
		} {
			found, err := f.Find(t.Context(), q)
			if err != nil || found.Total == 0 || found.Total != len(found.Items) {
				t.Errorf("%s: %d of %d, %v", name, len(found.Items), found.Total, err)
			}
			for _, c := range found.Facets["comune"] {
				if c.Count != found.Total {
					t.Errorf("%s: %s counts %d of %d", name, c.Tag, c.Count, found.Total)
				}
			}
		}
	})
}

func TestTerritories(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := directory.Batch{Source: "areas", Organizations: smallBatch().Organizations}
		for id, area := range map[string]string{"marsala": "081011", "trapani": "TP", "sicilia": "19", "italia": "IT"} {
			s := directory.Service{}
			s.ID, s.OrganizationID, s.Name, s.Status = id, "o1", "Telefono amico", directory.StatusActive
			s.Card.Territory, s.Card.Needs = area, []string{"food-and-meals"}
			b.Services = append(b.Services, s)
		}
		_, f := finderOver(t, d, b)
		for ref, want := range map[string]string{
			"c:081011": "italia marsala sicilia trapani", // what serves it, however wide
			"c:081021": "italia sicilia trapani",
			"p:TP":     "italia marsala sicilia trapani", // and what serves a part of it
			"r:19":     "italia marsala sicilia trapani",
			"r:03":     "italia",
		} {
			found, err := f.Find(t.Context(), directory.Query{Territory: network.Ref(ref)})
			list := strings.Fields(ids(found))
			slices.Sort(list)
			if got := strings.Join(list, " "); err != nil || got != want {
				t.Errorf("%s: %q, %v, want %q", ref, got, err, want)
			}
			for _, c := range found.Facets["province"] {
				if c.Tag == "province:IT" {
					t.Errorf("%s: Italy is counted as a province", ref)
				}
			}
		}
	})
}

// Words that are found where the question says are not thrown away for a wider territory that has
// nothing for the need either.
func TestWideningGivesWayToWhatIsThere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := many(2)
		b.Services[0].Name, b.Services[0].Card.Needs = "Circolo Zibibbo", []string{"library-and-internet"}
		b.Services[1].Card.Needs = []string{"library-and-internet"}
		_, f := finderOver(t, d, b)
		found, err := f.Find(t.Context(), directory.Query{Text: "zibibbo passaporto Marsala", Language: "it"})
		if err != nil || found.Widened || found.Territory != "c:081011" || !strings.HasPrefix(ids(found), "m00000") {
			t.Errorf("%q in %q, widened %v, %v (read as %v)", ids(found), found.Territory, found.Widened, err, found.Needs)
		}
	})
}

// A snapshot that knows more than the database is of another state of it.
func TestSnapshotOfAnotherStateIsNotUsed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, f := finderOver(t, d, smallBatch())
		path := t.TempDir() + "/snapshot"
		if err := f.SaveSnapshot(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		if left, err := os.ReadDir(path[:len(path)-len("/snapshot")]); err != nil || len(left) != 1 {
			t.Errorf("beside the snapshot: %v, %v", left, err)
		}
		// The same file beside a database that is younger: one restored from a copy.
		if _, err := db.Exec(t.Context(), d, `UPDATE directory_feed SET seq = 0`); err != nil {
			t.Fatal(err)
		}
		again := directory.NewFinder(directory.New(d, clock))
		if used, err := again.Start(t.Context(), path); err != nil || used || again.Len() != 2 {
			t.Errorf("used %v, %v, %d entries", used, err, again.Len())
		}
	})
}

// Searches, changes and snapshots at the same time: nothing is lost, and the race detector is quiet.
func TestSearchingWhileTheDirectoryChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const rounds = 5
		u, f := finderOver(t, d, many(50))
		dir := t.TempDir()
		var all sync.WaitGroup
		for worker := range 4 {
			all.Go(func() {
				for round := range rounds {
					b := many(50)
					b.Organizations, b.Services = nil, b.Services[worker*10:worker*10+10]
					for i := range b.Services {
						b.Services[i].Name = fmt.Sprintf("Mensa giro %d", round)
					}
					if _, err := u.Save(t.Context(), b); err != nil {
						t.Error(err)
					}
					if err := f.Refresh(t.Context()); err != nil {
						t.Error(err)
					}
					if found, err := f.Find(t.Context(), directory.Query{Text: "mensa", Language: "it"}); err != nil || found.Total != 50 {
						t.Errorf("%d found, %v", found.Total, err)
					}
				}
			})
		}
		all.Go(func() {
			for round := range rounds {
				if err := f.SaveSnapshot(t.Context(), fmt.Sprintf("%s/%d", dir, round)); err != nil {
					t.Error(err)
				}
			}
		})
		all.Wait()
		for round := range rounds {
			again := directory.NewFinder(u)
			if used, err := again.Start(t.Context(), fmt.Sprintf("%s/%d", dir, round)); err != nil || !used {
				t.Fatalf("used %v, %v", used, err)
			}
			if found, err := again.Find(t.Context(), directory.Query{Text: fmt.Sprintf("giro %d", rounds-1), Language: "it"}); err != nil || found.Total < 40 {
				t.Errorf("snapshot %d: %d found, %v", round, found.Total, err)
			}
		}
	})
}
