// SPDX-License-Identifier: EUPL-1.2

package network_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"approdo/data"
	"approdo/internal/base/network"
	"approdo/internal/kit/geo"
)

func read(t testing.TB, name string) string {
	t.Helper()
	text, err := data.FS.ReadFile("italy/" + name + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTerritoriesAreComplete(t *testing.T) {
	t.Parallel()
	all := network.Territories()
	comuni := all.Comuni()
	if len(comuni) != 7896 || len(all.Provinces()) != 107 || len(all.Regions()) != 20 {
		t.Fatalf("%d comuni, %d provinces, %d regions", len(comuni), len(all.Provinces()), len(all.Regions()))
	}
	var without []string
	for _, c := range comuni {
		p, exact, ok := all.PointOf(c)
		if !ok || exact != c.HasPoint {
			t.Fatalf("%s: point %v %v", c.Label(), exact, ok)
		}
		// Italy, with Lampedusa in the south and Predoi in the north.
		if p.Lat < 35.4 || p.Lat > 47.1 || p.Lon < 6.6 || p.Lon > 18.6 {
			t.Errorf("%s lies at %v", c.Label(), p)
		}
		if !c.HasPoint {
			without = append(without, c.ISTAT)
		}
	}
	slices.Sort(without)
	if got := strings.Join(without, " "); got != "022252 022253 022254 099030" {
		t.Errorf("without a point: %s", got)
	}
	if !slices.IsSortedFunc(comuni, func(a, b network.Comune) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("not sorted by name")
	}
}

func TestComune(t *testing.T) {
	t.Parallel()
	all := network.Territories()
	marsala, ok := all.Comune("081011")
	if !ok || marsala.Label() != "Marsala (TP)" || marsala.Region != "19" || marsala.Cadastral != "E974" {
		t.Errorf("%+v", marsala)
	}
	palermo, _ := all.Comune("082053")
	a, _, _ := all.PointOf(marsala)
	b, _, _ := all.PointOf(palermo)
	if d := geo.Distance(a, b); d < 80_000 || d > 95_000 {
		t.Errorf("Marsala to Palermo: %v m", d)
	}
	for _, code := range []string{"", "000000", "999999", "81011", "abc"} {
		if c, ok := all.Comune(code); ok {
			t.Errorf("%q is %v", code, c)
		}
	}
	if p, ok := all.Province("FC"); !ok || p.Name != "Forlì-Cesena" || p.Region != "08" || p.Code != "040" {
		t.Errorf("%+v", p)
	}
	if r, ok := all.Region("02"); !ok || r.Name != "Valle d'Aosta/Vallée d'Aoste" {
		t.Errorf("%+v", r)
	}
}

func TestAComuneWithoutPointSaysSo(t *testing.T) {
	t.Parallel()
	all := network.Territories()
	c, _ := all.Comune("099030") // Montecopiolo
	p, exact, ok := all.PointOf(c)
	rimini, _ := all.Province("RN")
	if exact || !ok || p != rimini.Center {
		t.Errorf("%v %v %v, the province is at %v", p, exact, ok, rimini.Center)
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	all := network.Territories()
	for _, c := range []struct {
		lat, lon float64
		want     string
	}{
		{38.1157, 13.3615, "082053"}, {37.80, 12.44, "081011"}, {35.50, 12.61, "084020"}, {44.139, 12.243, "040007"}, {45.1564, 10.7914, "020030"},
	} {
		if got, metres, ok := all.Nearest(c.lat, c.lon); !ok || got.ISTAT != c.want || metres > 6000 {
			t.Errorf("%v %v: %v %.0f m, want %s", c.lat, c.lon, got.Label(), metres, c.want)
		}
	}
	if _, _, ok := all.Nearest(math.NaN(), 12); ok {
		t.Error("no number is no place")
	}
	if _, metres, ok := all.Nearest(52.52, 13.40); !ok || metres < 500_000 {
		t.Errorf("Berlin is %v m away", metres)
	}
}

func TestNearestIsNearest(t *testing.T) {
	t.Parallel()
	all := network.Territories()
	comuni := all.Comuni()
	rapid.Check(t, func(t *rapid.T) {
		here := geo.Point{Lat: rapid.Float64Range(36, 47).Draw(t, "lat"), Lon: rapid.Float64Range(7, 18).Draw(t, "lon")}
		_, metres, _ := all.Nearest(here.Lat, here.Lon)
		for _, c := range comuni {
			// The plane it chooses on may be wrong by a hundredth between two that are far away.
			if d := geo.Distance(here, geo.Point{Lat: c.Lat, Lon: c.Lon}); c.HasPoint && d < metres*0.98-1 {
				t.Fatalf("%s is %v m away, not %v", c.Label(), d, metres)
			}
		}
	})
}

func TestRefs(t *testing.T) {
	t.Parallel()
	all := network.Territories()
	for _, c := range []struct {
		ref, name, in string
		contains      bool
	}{
		{"c:081011", "Marsala", "081011", true}, {"c:081011", "Marsala", "082053", false},
		{"p:TP", "Trapani", "081011", true}, {"p:TP", "Trapani", "082053", false},
		{"r:19", "Sicilia", "082053", true}, {"r:11", "Marche", "082053", false},
		{"", "", "082053", true}, {"", "", "000000", false},
		{"d:ats-13", "Ambito Territoriale Sociale n. 13 Osimo", "042034", true}, {"d:ats-13", "Ambito Territoriale Sociale n. 13 Osimo", "042002", false},
	} {
		ref, err := network.ParseRef(c.ref)
		if err != nil || all.RefName(ref) != c.name || all.Contains(ref, c.in) != c.contains {
			t.Errorf("%q: %q %v %v", c.ref, all.RefName(ref), all.Contains(ref, c.in), err)
		}
	}
	for _, bad := range []string{"c:1", "p:ZZ", "r:99", "d:none", "x:1", "Marsala", ":", "c:", "p:tp"} {
		if ref, err := network.ParseRef(bad); err == nil {
			t.Errorf("%q read as %v", bad, ref)
		}
	}
	if got := all.ComuniIn("p:TP"); len(got) != 25 {
		t.Errorf("Trapani has %d comuni", len(got))
	}
}

func TestSocialDistrictsWithFullCompositions(t *testing.T) {
	t.Parallel()
	made := "code,name,region,comuni,source\nexample,Ambito di esempio,19,081011 081012,made up\n"
	all, err := network.NewTerritory(read(t, "comuni"), read(t, "provinces"), read(t, "regions"), made)
	if err != nil {
		t.Fatal(err)
	}
	ref, err := all.ParseRef("d:example")
	if err != nil || !all.Contains(ref, "081012") || all.Contains(ref, "081021") || len(all.ComuniIn(ref)) != 2 {
		t.Errorf("%v %v", all.ComuniIn(ref), err)
	}
	for name, bad := range map[string]string{
		"an unknown comune": "code,name,region,comuni,source\nx,X,19,000000,made up\n",
		"a ragged row":      "code,name,region,comuni,source\nx,X,19\n",
		"nothing":           "",
	} {
		if _, err := network.NewTerritory(read(t, "comuni"), read(t, "provinces"), read(t, "regions"), bad); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	for name, bad := range map[string]string{
		"a comune twice":     "h,h,h,h,h,h,h,h\n081011,A,TP,19,,,,\n081011,B,TP,19,,,,\n",
		"a wrong province":   "h,h,h,h,h,h,h,h\n081011,A,ZZ,19,,,,\n",
		"a wrong point":      "h,h,h,h,h,h,h,h\n081011,A,TP,19,,91,0,\n",
		"a wrong population": "h,h,h,h,h,h,h,h\n081011,A,TP,19,,1,1,many\n",
	} {
		if _, err := network.NewTerritory(bad, read(t, "provinces"), read(t, "regions"), made); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestPatrons(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ istat, day string }{
		{"082053", "2026-07-15"}, {"081021", "2026-08-07"}, {"089017", "2026-12-13"}, {"081011", "2026-01-19"}, {"021008", "2026-05-25"}, {"005005", "2026-05-05"}, {"108023", "2026-10-05"},
	} {
		if day, ok := network.PatronDay(c.istat, 2026); !ok || day.String() != c.day {
			t.Errorf("%s: %v %v, want %s", c.istat, day, ok, c.day)
		}
	}
	if day, ok := network.PatronDay("000000", 2026); ok {
		t.Errorf("nowhere keeps %v", day)
	}
	list, err := network.ReadPatrons(read(t, "patrons"))
	if err != nil || len(list) < 100 {
		t.Fatalf("%d patrons, %v", len(list), err)
	}
	for istat, p := range list {
		if _, ok := network.Territories().Comune(istat); !ok || p.Saint == "" || p.Source == "" || len(p.Checked) != 10 {
			t.Errorf("%+v", p)
		}
	}
	for _, bad := range []string{"h,h,h,h,h\n1,S,13-40,s,c\n", "h,h,h,h,h\n1,S,easter+x,s,c\n", "h,h,h,h,h\n1,S,05-01,s,c\n1,T,05-02,s,c\n", "h,h,h,h,h\n1,S,FREQ=HOURLY,s,c\n"} {
		if got, err := network.ReadPatrons(bad); err == nil {
			t.Errorf("%q read as %v", bad, got)
		}
	}
}

func BenchmarkNewTerritory(b *testing.B) {
	comuni, provinces, regions, districts := read(b, "comuni"), read(b, "provinces"), read(b, "regions"), read(b, "social-districts")
	for b.Loop() {
		if _, err := network.NewTerritory(comuni, provinces, regions, districts); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNameIndex(b *testing.B) {
	comuni, provinces, regions, districts := read(b, "comuni"), read(b, "provinces"), read(b, "regions"), read(b, "social-districts")
	for b.Loop() {
		t, err := network.NewTerritory(comuni, provinces, regions, districts)
		if err != nil {
			b.Fatal(err)
		}
		t.FindInText("x")
	}
}

func BenchmarkFindInText(b *testing.B) {
	all := network.Territories()
	for b.Loop() {
		all.FindInText("corso di italiano serale vicino a Mazara del Vallo (TP)")
	}
}
