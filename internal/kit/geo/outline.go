// SPDX-License-Identifier: EUPL-1.2

package geo

import (
	"encoding/json"
	"fmt"
)

// Outline is the shape of one territory: closed rings, the first and last point
// of each the same, without holes. It is for drawing and for a rough "within".
type Outline struct {
	Code  string // what the territory is called elsewhere in the program
	Name  string
	Rings [][]Point
}

// Box returns the rectangle around the outline, and false for an empty one.
func (o Outline) Box() (Box, bool) {
	var box Box
	found := false
	for _, ring := range o.Rings {
		b, ok := BoxOf(ring...)
		switch {
		case ok && found:
			box = box.Union(b)
		case ok:
			box, found = b, true
		}
	}
	return box, found
}

// Contains says whether p lies in the outline, by the even-odd rule.
func (o Outline) Contains(p Point) bool {
	inside := false
	for _, ring := range o.Rings {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a.Lat > p.Lat) != (b.Lat > p.Lat) && p.Lon < (b.Lon-a.Lon)*(p.Lat-a.Lat)/(b.Lat-a.Lat)+a.Lon {
				inside = !inside
			}
		}
	}
	return inside
}

// feature and collection are the part of GeoJSON (RFC 7946) used for outlines.
type feature struct {
	Type       string `json:"type"`
	Properties struct {
		Code string `json:"code"`
		Name string `json:"name"`
	} `json:"properties"`
	Geometry struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

type collection struct {
	Type     string    `json:"type"`
	Features []feature `json:"features"`
}

// ReadOutlines reads a GeoJSON FeatureCollection of polygons and multipolygons
// with the properties code and name.
func ReadOutlines(geoJSON []byte) ([]Outline, error) {
	var all collection
	if err := json.Unmarshal(geoJSON, &all); err != nil {
		return nil, fmt.Errorf("read outlines: %w", err)
	}
	if all.Type != "FeatureCollection" {
		return nil, fmt.Errorf("read outlines: %q is not a FeatureCollection", all.Type)
	}
	outlines := make([]Outline, 0, len(all.Features))
	for _, f := range all.Features {
		outline := Outline{Code: f.Properties.Code, Name: f.Properties.Name}
		var polygons [][][][2]float64
		var err error
		switch f.Geometry.Type {
		case "Polygon":
			polygons = make([][][][2]float64, 1)
			err = json.Unmarshal(f.Geometry.Coordinates, &polygons[0])
		case "MultiPolygon":
			err = json.Unmarshal(f.Geometry.Coordinates, &polygons)
		default:
			err = fmt.Errorf("geometry %q is no polygon", f.Geometry.Type)
		}
		if err != nil {
			return nil, fmt.Errorf("read outline %s: %w", outline.Code, err)
		}
		for _, polygon := range polygons {
			for _, ring := range polygon {
				points := make([]Point, len(ring))
				for i, position := range ring {
					points[i] = Point{Lat: position[1], Lon: position[0]}
				}
				outline.Rings = append(outline.Rings, points)
			}
		}
		outlines = append(outlines, outline)
	}
	return outlines, nil
}

// WriteOutlines returns the outlines as a GeoJSON FeatureCollection: each ring
// is a polygon of its own. Coordinates keep the digits they came with.
func WriteOutlines(outlines []Outline) ([]byte, error) {
	type geometry struct {
		Type        string           `json:"type"`
		Coordinates [][][][2]float64 `json:"coordinates"`
	}
	type outFeature struct {
		Type       string            `json:"type"`
		Properties map[string]string `json:"properties"`
		Geometry   geometry          `json:"geometry"`
	}
	features := make([]outFeature, len(outlines))
	for i, o := range outlines {
		shape := geometry{Type: "MultiPolygon", Coordinates: make([][][][2]float64, 0, len(o.Rings))}
		for _, ring := range o.Rings {
			line := make([][2]float64, len(ring))
			for j, p := range ring {
				line[j] = [2]float64{p.Lon, p.Lat}
			}
			shape.Coordinates = append(shape.Coordinates, [][][2]float64{line})
		}
		features[i] = outFeature{"Feature", map[string]string{"code": o.Code, "name": o.Name}, shape}
	}
	text, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
	if err != nil {
		return nil, fmt.Errorf("write outlines: %w", err)
	}
	return text, nil
}
