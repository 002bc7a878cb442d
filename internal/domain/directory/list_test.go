// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/geo"
	"approdo/internal/kit/hsds"
)

// listBatch has twelve services of three bodies: s00 to s09 of o0 and o1 in a row of places going
// north from Marsala, s10 without any place, and r of o2, whose place is confidential.
func listBatch() directory.Batch {
	b := directory.Batch{Source: "list"}
	for i, name := range []string{"Comune di Prova", "Associazione Città Aperta", "Casa protetta"} {
		o := network.Organization{Kind: "third-sector", Seat: "via del Segreto 5"}
		o.ID, o.Name, o.Email = fmt.Sprint("o", i), name, "canary@segreto.example"
		b.Organizations = append(b.Organizations, o)
	}
	names := []string{"Alba", "Borgo", "Cedro", "Delfino", "Edera", "Falco", "Giglio", "Zafferano", "Isola", "Lanterna", "Mulino"}
	for i := range 11 {
		s := directory.Service{}
		s.ID, s.OrganizationID, s.Name, s.Status = fmt.Sprintf("s%02d", i), fmt.Sprint("o", i%2), "Mensa "+names[i], directory.StatusActive
		s.Card.Language, s.Card.Needs = "it", []string{"food-and-meals"}
		if i%3 == 0 {
			s.Attributes = []hsds.Attribute{{ID: "a" + s.ID, TaxonomyTermID: "leaf"}}
			s.Card.Territory = "TP"
		}
		if i < 10 {
			lat, lon := 37.80+float64(i)*0.01, 12.43 // a hundredth of a degree is 1.1 km
			site := directory.Site{ID: "p" + s.ID}
			site.Location = directory.Location{Comune: "081011", Location: hsds.Location{ID: "l" + s.ID, LocationType: "physical", Latitude: &lat, Longitude: &lon,
				Addresses: []hsds.Address{{ID: "d" + s.ID, Address1: "via Roma 1", City: "Marsala", PostalCode: []string{"91025", "91100"}[i/5]}}}}
			s.Sites = []directory.Site{site}
		}
		b.Services = append(b.Services, s)
	}
	r := hidden()
	r.ID, r.OrganizationID, r.Sites = "r", "o2", nil
	b.Services = append(b.Services, r)
	b.Taxonomies = []hsds.Taxonomy{{ID: "tax", Name: "T", Description: "T"}}
	b.Terms = []hsds.TaxonomyTerm{
		{ID: "root", Name: "Root", Description: "R", TaxonomyID: "tax", ParentID: "leaf"}, // a tree that bites its tail
		{ID: "mid", Name: "Mid", Description: "M", TaxonomyID: "tax", ParentID: "root"},
		{ID: "leaf", Name: "Leaf", Description: "L", TaxonomyID: "tax", ParentID: "mid"},
	}
	return b
}

func listed(t *testing.T, d *db.DB) (*directory.UseCases, *directory.Finder) {
	t.Helper()
	u := directory.New(d, clock)
	if _, err := u.Save(t.Context(), listBatch()); err != nil {
		t.Fatal(err)
	}
	f := directory.NewFinder(u)
	if err := f.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return u, f
}

func keyed(keys []directory.Key, site bool) string {
	var list []string
	for _, k := range keys {
		if site {
			list = append(list, k.Site)
		} else {
			list = append(list, k.Entry)
		}
	}
	return strings.Join(list, " ")
}

func TestListEntries(t *testing.T) {
	t.Parallel()
	near := &geo.Point{Lat: 37.82, Lon: 12.43}
	cases := []struct {
		name       string
		s          directory.Selection
		page, size int
		want       string
		total      int
	}{
		{"first page", directory.Selection{}, 1, 5, "r s00 s01 s02 s03", 12},
		{"last page", directory.Selection{}, 3, 5, "s09 s10", 12},
		{"beyond", directory.Selection{}, 9, 5, "", 12},
		{"all at once", directory.Selection{Organization: "o1"}, 0, 0, "s01 s03 s05 s07 s09", 5},
		{"body", directory.Selection{Organization: "o0"}, 1, 3, "s00 s02 s04", 6},
		{"imported term", directory.Selection{Term: "leaf"}, 1, 10, "s00 s03 s06 s09", 4},
		{"term above, in a ring", directory.Selection{Term: "root"}, 1, 10, "s00 s03 s06 s09", 4},
		{"taxonomy of a term that the attribute names alone", directory.Selection{Taxonomy: "tax"}, 1, 10, "s00 s03 s06 s09", 4},
		{"needs taxonomy", directory.Selection{Taxonomy: need.TaxonomyID}, 1, 2, "r s00", 12},
		{"top need", directory.Selection{Term: need.TermID("arrival"), Organization: "o1"}, 1, 9, "s01 s03 s05 s07 s09", 5},
		{"both", directory.Selection{Term: "leaf", Organization: "o1"}, 1, 10, "s03 s09", 2},
		{"unknown term", directory.Selection{Term: "nothing"}, 1, 10, "", 0},
		{"since now", directory.Selection{ModifiedAfter: clock()}, 1, 1, "r", 12},
		{"since later", directory.Selection{ModifiedAfter: clock().Add(time.Millisecond)}, 1, 1, "", 0},
		{"near", directory.Selection{Near: near, Metres: 1200}, 1, 10, "s02 s01 s03", 3},
		{"near and term", directory.Selection{Near: near, Metres: 2300, Term: "leaf"}, 1, 10, "s03 s00", 2},
		{"postcode", directory.Selection{Postcode: "91025"}, 1, 20, "r s00 s01 s02 s03 s04 s06 s09", 8},
		{"postcode and distance", directory.Selection{Postcode: "91025", Metres: 1200}, 1, 20, "s02 s01 s03", 3},
		{"text", directory.Selection{Text: "zafferano", Language: "it"}, 1, 1, "s07", 1},
		{"text and body", directory.Selection{Text: "mensa", Language: "it", Organization: "o0"}, 1, 100, "", 6},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, f := listed(t, d)
		for _, c := range cases {
			keys, total, err := f.ListEntries(t.Context(), c.s, c.page, c.size)
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			if got := keyed(keys, false); total != c.total || c.want != "" && got != c.want || c.want == "" && c.s.Text == "" && got != "" {
				t.Errorf("%s: %q of %d, want %q of %d", c.name, got, total, c.want, c.total)
			}
		}
		if _, _, err := f.ListEntries(t.Context(), directory.Selection{Postcode: "00000"}, 1, 5); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("unknown postcode: %v", err)
		}
	})
}

func TestListPlaces(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u, f := listed(t, d)
		keys, total, err := f.ListPlaces(t.Context(), directory.Selection{Organization: "o0"}, 1, 3)
		if err != nil || total != 5 || keyed(keys, true) != "ps00 ps02 ps04" {
			t.Errorf("%s of %d, %v", keyed(keys, true), total, err)
		}
		keys, total, err = f.ListPlaces(t.Context(), directory.Selection{Postcode: "91100"}, 1, 20)
		if err != nil || total != 7 || keyed(keys, true) != "ps00 ps03 ps05 ps06 ps07 ps08 ps09" {
			t.Errorf("postcode: %s of %d, %v", keyed(keys, true), total, err)
		}
		places, err := u.PlacesAt(t.Context(), keys[:2])
		if err != nil || len(places) != 2 || places[1].Site.ID != "ps03" || places[1].Entry.ID != "s03" {
			t.Errorf("places: %+v, %v", places, err)
		}
		place, err := u.Place(t.Context(), "ps04")
		if err != nil || place.Entry.ID != "s04" {
			t.Errorf("place: %v, %v", place.Entry.ID, err)
		}
		if _, err := u.Place(t.Context(), "c1"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a confidential place: %v", err)
		}
	})
}

func TestBodiesOfReservedServicesAreKnownByName(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u, _ := listed(t, d)
		list, total, err := u.ListBodies(t.Context(), directory.BodySelection{}, 1, 10)
		if err != nil || total != 3 || len(list) != 3 {
			t.Fatalf("%d of %d, %v", len(list), total, err)
		}
		if list[0].Organization.Email == "" || list[0].Reserved {
			t.Errorf("an open body lost its address: %+v", list[0])
		}
		one, err := u.Body(t.Context(), "o2")
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range []directory.Body{list[2], one} {
			if !b.Reserved || b.Organization.Email != "" || b.Organization.Seat != "" || b.Organization.Name != "Casa protetta" {
				t.Errorf("the reserved body shows %+v", b.Organization)
			}
		}
		for _, c := range []struct {
			s    directory.BodySelection
			want string
		}{
			{directory.BodySelection{Text: "citta APERTA"}, "o1"},
			{directory.BodySelection{Term: "leaf"}, "o0 o1"},
			{directory.BodySelection{Term: "leaf", Text: "comune"}, "o0"},
			{directory.BodySelection{Taxonomy: need.TaxonomyID}, "o0 o1 o2"},
		} {
			list, total, err := u.ListBodies(t.Context(), c.s, 1, 10)
			var got []string
			for _, b := range list {
				got = append(got, b.Organization.ID)
			}
			if strings.Join(got, " ") != c.want || total != len(got) || err != nil {
				t.Errorf("%+v: %v of %d, %v", c.s, got, total, err)
			}
		}
	})
}

func TestFeedInPages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u, _ := listed(t, d)
		var all []string
		var cursor directory.Cursor
		for turn := 0; ; turn++ {
			list, next, end, err := u.Feed(t.Context(), cursor, 5)
			if err != nil || turn > 5 {
				t.Fatal(turn, err)
			}
			for _, c := range list {
				all = append(all, c.ID)
			}
			read, err := directory.ParseCursor(next.String())
			if err != nil || read != next {
				t.Fatalf("%q is read as %v, %v", next, read, err)
			}
			cursor = read
			if end {
				break
			}
		}
		if len(all) != 12 || len(slices.Compact(slices.Sorted(slices.Values(all)))) != 12 {
			t.Errorf("the feed gave %v", all)
		}
		list, next, end, err := u.Feed(t.Context(), cursor, 5)
		if err != nil || len(list) != 0 || next != cursor || !end {
			t.Errorf("behind the end: %v %v %v %v", list, next, end, err)
		}
	})
}

func FuzzParseCursor(f *testing.F) {
	for _, seed := range []string{"", "0", "12", "12:abc", "-1", "12:a b", "9223372036854775808", ":x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := directory.ParseCursor(text)
		if err != nil {
			if !fault.Is(err, fault.KindInvalid) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if again, err := directory.ParseCursor(c.String()); err != nil || again != c {
			t.Fatalf("%q: %v, then %v, %v", text, c, again, err)
		}
	})
}

// What is hidden of a body can't be found out by asking for it, and its places are in no list.
func TestReservedBodiesCannotBeAskedOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		b := listBatch()
		b.Organizations[2].Description, b.Organizations[2].Aliases = "La casa è in via del Segreto", []string{"Segretissima"}
		at := directory.BodyLocation{Location: directory.Location{Location: hsds.Location{ID: "place-of-o2", LocationType: "physical", OrganizationID: "o2"}}}
		open := at
		open.ID, open.OrganizationID = "place-of-o0", "o0"
		b.Locations = []directory.BodyLocation{at, open}
		if _, err := u.Save(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"segreto", "via", "segretissima"} {
			if list, total, err := u.ListBodies(t.Context(), directory.BodySelection{Text: text}, 1, 10); err != nil || total != 0 {
				t.Errorf("%q finds %v, %v", text, list, err)
			}
		}
		if list, total, err := u.ListBodies(t.Context(), directory.BodySelection{Text: "protetta"}, 1, 10); err != nil || total != 1 || !list[0].Reserved {
			t.Errorf("by its name: %v, %v", list, err)
		}
		if list, err := u.BodyLocations(t.Context()); err != nil || len(list) != 1 || list[0].ID != "place-of-o0" {
			t.Errorf("places of bodies: %v, %v", list, err)
		}
	})
}
