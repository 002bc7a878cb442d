// SPDX-License-Identifier: EUPL-1.2

package geo

import "math"

// earthRadius is the mean radius (IUGG) in metres.
const earthRadius = 6371008.8

// Point is a place on the Earth, in degrees of WGS 84.
type Point struct{ Lat, Lon float64 }

// Valid says whether p can be a place: numbers within their range.
func (p Point) Valid() bool {
	return p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180
}

// Distance returns the metres between two points along the great circle.
func Distance(a, b Point) float64 {
	lat1, lat2 := radians(a.Lat), radians(b.Lat)
	sinLat, sinLon := math.Sin((lat2-lat1)/2), math.Sin(radians(b.Lon-a.Lon)/2)
	h := sinLat*sinLat + math.Cos(lat1)*math.Cos(lat2)*sinLon*sinLon
	// Rounding may carry h a hair over 1 for opposite points.
	return 2 * earthRadius * math.Asin(math.Sqrt(math.Min(1, h)))
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }

// Center returns the mean of points that lie near one another: the middle on
// the sphere, and false for none (or for points that cancel out).
func Center(points []Point) (Point, bool) {
	var x, y, z float64
	for _, p := range points {
		lat, lon := radians(p.Lat), radians(p.Lon)
		x += math.Cos(lat) * math.Cos(lon)
		y += math.Cos(lat) * math.Sin(lon)
		z += math.Sin(lat)
	}
	length := math.Sqrt(x*x + y*y + z*z)
	if len(points) == 0 || length < 1e-9*float64(len(points)) {
		return Point{}, false
	}
	return Point{Lat: math.Asin(z/length) * 180 / math.Pi, Lon: math.Atan2(y, x) * 180 / math.Pi}, true
}

// Box is a rectangle of degrees, its edges included.
type Box struct{ South, West, North, East float64 }

// BoxOf returns the smallest box that holds the points, and false for none.
func BoxOf(points ...Point) (Box, bool) {
	if len(points) == 0 {
		return Box{}, false
	}
	first := points[0]
	box := Box{first.Lat, first.Lon, first.Lat, first.Lon}
	for _, p := range points[1:] {
		box = box.Extend(p)
	}
	return box, true
}

// Around returns a box that holds every point within so many metres of p; its
// corners lie further away, so it is a first sieve before Distance.
func Around(p Point, metres float64) Box {
	// A hair more, so that rounding never leaves out a point of the circle.
	angle := metres / earthRadius * (1 + 1e-9)
	lat := angle * 180 / math.Pi
	box := Box{South: p.Lat - lat, North: p.Lat + lat, West: -180, East: 180}
	if box.South <= -90 || box.North >= 90 {
		box.South, box.North = math.Max(box.South, -90), math.Min(box.North, 90)
		return box
	}
	// The circle is widest a little nearer to the pole than its centre.
	lon := math.Asin(math.Min(1, math.Sin(angle)/math.Cos(radians(p.Lat)))) * 180 / math.Pi
	if west, east := p.Lon-lon, p.Lon+lon; west >= -180 && east <= 180 {
		box.West, box.East = west, east
	}
	return box
}

// Contains says whether p lies in the box.
func (b Box) Contains(p Point) bool {
	return p.Lat >= b.South && p.Lat <= b.North && p.Lon >= b.West && p.Lon <= b.East
}

// Extend returns the box grown until it holds p.
func (b Box) Extend(p Point) Box {
	return Box{math.Min(b.South, p.Lat), math.Min(b.West, p.Lon), math.Max(b.North, p.Lat), math.Max(b.East, p.Lon)}
}

// Union returns the smallest box that holds both.
func (b Box) Union(o Box) Box {
	return b.Extend(Point{o.South, o.West}).Extend(Point{o.North, o.East})
}
