// SPDX-License-Identifier: EUPL-1.2

package geo_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"approdo/internal/kit/geo"
)

var (
	palermo = geo.Point{Lat: 38.1157, Lon: 13.3615}
	marsala = geo.Point{Lat: 37.7992, Lon: 12.4367}
)

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		a, b geo.Point
		want float64 // metres
	}{
		{"nowhere to go", palermo, palermo, 0},
		{"Palermo to Marsala", palermo, marsala, 88400},
		{"one degree of the equator", geo.Point{}, geo.Point{Lon: 1}, 111195},
		{"one degree of a meridian", geo.Point{Lat: 45}, geo.Point{Lat: 46}, 111195},
		{"across the date line", geo.Point{Lon: 179.5}, geo.Point{Lon: -179.5}, 111195},
		{"half around", geo.Point{Lat: 10, Lon: 20}, geo.Point{Lat: -10, Lon: -160}, math.Pi * 6371008.8},
		// Vincenty on the ellipsoid gives 475.8 km from Rome to Milan.
		{"Rome to Milan", geo.Point{Lat: 41.8902, Lon: 12.4922}, geo.Point{Lat: 45.4641, Lon: 9.1919}, 476300},
	} {
		if got := geo.Distance(c.a, c.b); math.Abs(got-c.want) > 0.006*c.want+0.001 {
			t.Errorf("%s: %.0f m, want %.0f", c.name, got, c.want)
		}
	}
}

func points() *rapid.Generator[geo.Point] {
	return rapid.Custom(func(t *rapid.T) geo.Point {
		return geo.Point{Lat: rapid.Float64Range(-89, 89).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, "lon")}
	})
}

func TestDistanceIsAMetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := points().Draw(t, "a"), points().Draw(t, "b"), points().Draw(t, "c")
		ab := geo.Distance(a, b)
		if ab < 0 || math.IsNaN(ab) || ab > math.Pi*6371009 {
			t.Fatalf("%v to %v is %v", a, b, ab)
		}
		if math.Abs(ab-geo.Distance(b, a)) > 1e-6 {
			t.Fatal("there and back differ")
		}
		if ab > geo.Distance(a, c)+geo.Distance(c, b)+1 {
			t.Fatal("a detour is shorter")
		}
	})
}

func TestAroundHoldsTheCircle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		center := points().Draw(t, "center")
		radius := rapid.Float64Range(1, 2_000_000).Draw(t, "radius")
		other := points().Draw(t, "other")
		if rapid.Bool().Draw(t, "close") {
			other.Lat = math.Max(-90, math.Min(90, center.Lat+rapid.Float64Range(-15, 15).Draw(t, "dlat")))
			other.Lon = math.Max(-180, math.Min(180, center.Lon+rapid.Float64Range(-15, 15).Draw(t, "dlon")))
		}
		if geo.Distance(center, other) <= radius && !geo.Around(center, radius).Contains(other) {
			t.Fatalf("%v is within %v m of %v but outside %v", other, radius, center, geo.Around(center, radius))
		}
	})
}

func TestValid(t *testing.T) {
	t.Parallel()
	for p, want := range map[geo.Point]bool{
		{}: true, {Lat: 90, Lon: -180}: true, {Lat: 91}: false, {Lon: 181}: false, {Lat: math.NaN()}: false, {Lon: math.Inf(1)}: false,
	} {
		if p.Valid() != want {
			t.Errorf("%v valid: %v", p, p.Valid())
		}
	}
}

func TestCenter(t *testing.T) {
	t.Parallel()
	if _, ok := geo.Center(nil); ok {
		t.Error("nothing has no centre")
	}
	if _, ok := geo.Center([]geo.Point{{Lon: 0}, {Lon: 180}}); ok {
		t.Error("opposite points have no one centre")
	}
	middle, ok := geo.Center([]geo.Point{palermo, marsala})
	if !ok || math.Abs(geo.Distance(middle, palermo)-geo.Distance(middle, marsala)) > 1 {
		t.Errorf("the centre of two is %v", middle)
	}
}

func TestBox(t *testing.T) {
	t.Parallel()
	if _, ok := geo.BoxOf(); ok {
		t.Error("no points, no box")
	}
	box, _ := geo.BoxOf(palermo, marsala)
	if !box.Contains(palermo) || !box.Contains(marsala) || box.Contains(geo.Point{Lat: 38.2, Lon: 13}) {
		t.Errorf("box %v", box)
	}
	north := geo.Box{South: 45, West: 9, North: 46, East: 10}
	if all := box.Union(north); !all.Contains(palermo) || !all.Contains(geo.Point{Lat: 46, Lon: 10}) {
		t.Errorf("union %v", all)
	}
}

func TestOutlines(t *testing.T) {
	t.Parallel()
	text := `{"type":"FeatureCollection","features":[
	 {"type":"Feature","properties":{"code":"1","name":"Square"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[1,0.5],[1,1],[0.5,1],[0.5,0.5]]]}},
	 {"type":"Feature","properties":{"code":"2","name":"Two islands"},"geometry":{"type":"MultiPolygon","coordinates":[[[[5,5],[6,5],[6,6],[5,5]]],[[[8,8],[9,8],[9,9],[8,8]]]]}}]}`
	outlines, err := geo.ReadOutlines([]byte(text))
	if err != nil || len(outlines) != 2 {
		t.Fatalf("%v %v", outlines, err)
	}
	square, islands := outlines[0], outlines[1]
	if !square.Contains(geo.Point{Lat: 1.5, Lon: 1.5}) || square.Contains(geo.Point{Lat: 0.7, Lon: 0.7}) || square.Contains(geo.Point{Lat: 3, Lon: 1}) {
		t.Error("the hole and the outside are not in the square")
	}
	if box, ok := islands.Box(); !ok || box != (geo.Box{South: 5, West: 5, North: 9, East: 9}) {
		t.Errorf("box %v", box)
	}
	if _, ok := (geo.Outline{}).Box(); ok {
		t.Error("an empty outline has no box")
	}
	again, err := geo.WriteOutlines(outlines)
	if err != nil {
		t.Fatal(err)
	}
	back, err := geo.ReadOutlines(again)
	if diff := cmp.Diff(outlines, back); err != nil || diff != "" {
		t.Errorf("there and back: %v\n%s", err, diff)
	}
	for _, bad := range []string{``, `{}`, `{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":[1,2]}}]}`, `{"type":"FeatureCollection","features":[{"geometry":{"type":"Polygon","coordinates":"x"}}]}`} {
		if got, err := geo.ReadOutlines([]byte(bad)); err == nil {
			t.Errorf("%q read as %v", bad, got)
		}
	}
}
