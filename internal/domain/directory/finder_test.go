// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/geo"
)

// finderOver saves the batch and loads a finder.
func finderOver(t *testing.T, d *db.DB, b directory.Batch) (*directory.UseCases, *directory.Finder) {
	t.Helper()
	u := directory.New(d, clock)
	if _, err := u.Save(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	f := directory.NewFinder(u)
	if err := f.Load(context.Background()); err != nil {
		t.Fatal(err)
	}
	return u, f
}

func ids(f directory.Found) string {
	var list []string
	for _, i := range f.Items {
		list = append(list, i.Entry.ID)
	}
	return strings.Join(list, " ")
}

func TestFind(t *testing.T) {
	t.Parallel()
	point := func(lat, lon float64) *geo.Point { return &geo.Point{Lat: lat, Lon: lon} }
	profile := func(s string) *directory.Profile {
		p, err := directory.ParseProfile(s)
		if err != nil {
			t.Fatal(err)
		}
		return &p
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := smallBatch()
		b.Services[1].Card.Eligibility.Sex = "female"
		_, f := finderOver(t, d, b)
		tests := []struct {
			name  string
			query directory.Query
			want  string
		}{
			{"everything", directory.Query{}, "s1 s2"},
			{"by a need, across languages", directory.Query{Text: "where can I eat", Language: "en"}, "s1"},
			{"a comune in the text", directory.Query{Text: "mensa Marsala", Language: "it"}, "s1"},
			{"another comune widens to the province", directory.Query{Text: "mensa Trapani", Language: "it"}, "s1"},
			{"chosen comune", directory.Query{Territory: "c:081011"}, "s1 s2"},
			{"chosen comune elsewhere", directory.Query{Territory: "c:015146"}, ""},
			{"a reserved service is found by its province", directory.Query{Text: "violenza", Language: "it", Territory: "p:TP"}, "s2"},
			{"need", directory.Query{Needs: []string{"gender-violence"}}, "s2"},
			{"category", directory.Query{Needs: []string{"arrival"}}, "s1"},
			{"for a man", directory.Query{Profile: profile("sex:male")}, "s1"},
			{"near, within reach", directory.Query{Near: point(37.8, 12.44), RadiusKM: 5}, "s1 s2"},
			{"near, in another province", directory.Query{Near: point(45.46, 9.19), RadiusKM: 5}, ""},
			{"second page of one", directory.Query{Limit: 1, Page: 2}, "s2"},
			{"open now: hours nobody told are not open", directory.Query{OpenNow: true}, ""},
		}
		for _, tc := range tests {
			got, err := f.Find(context.Background(), tc.query)
			if err != nil || ids(got) != tc.want {
				t.Errorf("%s: %q, %v, want %q", tc.name, ids(got), err, tc.want)
			}
		}
	})
}

// The distance and the radius of a reserved service depend on its province alone.
func TestReservedServicesHaveNoDistance(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, f := finderOver(t, d, smallBatch())
		near, err := f.Find(context.Background(), directory.Query{Near: &geo.Point{Lat: 37.123456, Lon: 12.654321}, Needs: []string{"gender-violence"}})
		if err != nil || len(near.Items) != 1 {
			t.Fatalf("%+v, %v", near, err)
		}
		for _, w := range near.Items[0].Why {
			if w.Kind == "near" {
				t.Error("its place decided where it stands")
			}
		}
		if d := near.Items[0].Distance; d == d {
			t.Errorf("it has a distance: %v", d)
		}
		for tag := range near.Facets["comune"] {
			t.Errorf("it is counted in a comune: %v", tag)
		}
	})
}

func TestFinderFollowsTheFeed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		u, f := finderOver(t, d, smallBatch())
		b := smallBatch()
		b.Services[0].Name = "Scuola di cucina"
		b.Services[0].Card.Needs = []string{"vocational-training"}
		if _, err := u.Save(ctx, b); err != nil {
			t.Fatal(err)
		}
		if err := f.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		found, err := f.Find(ctx, directory.Query{Text: "cucina", Language: "it"})
		if err != nil || ids(found) != "s1" {
			t.Errorf("the new name: %q, %v", ids(found), err)
		}
		found, err = f.Find(ctx, directory.Query{Needs: []string{"food-and-meals"}})
		if err != nil || found.Total != 0 {
			t.Errorf("the old need still finds it: %q, %v", ids(found), err)
		}
	})
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		u, f := finderOver(t, d, smallBatch())
		path := filepath.Join(t.TempDir(), "snapshot")
		if err := f.SaveSnapshot(ctx, path); err != nil {
			t.Fatal(err)
		}
		b := smallBatch()
		b.Services[0].Name = "Rosticceria"
		if _, err := u.Save(ctx, b); err != nil {
			t.Fatal(err)
		}
		again := directory.NewFinder(u)
		if used, err := again.Start(ctx, path); err != nil || !used {
			t.Fatalf("snapshot used: %v, %v", used, err)
		}
		for text, want := range map[string]string{"rosticceria": "s1", "where can I eat": "s1", "antiviolenza": "s2"} {
			found, err := again.Find(ctx, directory.Query{Text: text, Language: "it"})
			if err != nil || ids(found) != want {
				t.Errorf("%s: %q, %v, want %q", text, ids(found), err, want)
			}
		}
	})
}

func TestDamagedSnapshotIsMadeAnew(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		u, f := finderOver(t, d, smallBatch())
		path := filepath.Join(t.TempDir(), "snapshot")
		if err := f.SaveSnapshot(ctx, path); err != nil {
			t.Fatal(err)
		}
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for cut := 0; cut < len(whole); cut += 1 + len(whole)/23 {
			if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
				t.Fatal(err)
			}
			again := directory.NewFinder(u)
			if used, err := again.Start(ctx, path); err != nil || used || again.Len() != 2 {
				t.Fatalf("cut at %d: used %v, %v, %d entries", cut, used, err, again.Len())
			}
		}
	})
}
