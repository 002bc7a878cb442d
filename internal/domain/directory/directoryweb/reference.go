// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"slices"
	"sync"

	"approdo/data"
	"approdo/internal/base/network"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
)

// mostOutlines is how many regions a map without tiles draws.
const mostOutlines = 6

// outlines are the shapes of the regions, ready for the map, each made once.
var outlines sync.Map

// ring is a closed line in hundredths of a degree, about a kilometre: latitude and longitude of the
// first point, then how far each next point is from the one before. A third of what GeoJSON takes.
type ring []int

func outlineOf(region string) []ring {
	if shape, ok := outlines.Load(region); ok {
		return shape.([]ring)
	}
	shape, ok := network.RegionOutline(region)
	if !ok {
		return nil
	}
	var rings []ring
	for _, points := range shape.Rings {
		var one ring
		lat, lon := 0, 0
		for _, at := range points {
			y, x := int(math.Round(at.Lat*100)), int(math.Round(at.Lon*100))
			if len(one) == 0 || y != lat || x != lon {
				one = append(one, y-lat, x-lon)
				lat, lon = y, x
			}
		}
		rings = append(rings, one)
	}
	outlines.Store(region, rings)
	return rings
}

// outlineAround is the shape of the regions in which the places lie: a map without tiles must show
// at once where one is. Empty when none is known.
func outlineAround(places []place) []ring {
	var codes []string
	var rings []ring
	for _, at := range places {
		c, _, ok := network.Territories().Nearest(at.Lat, at.Lon)
		if ok && !slices.Contains(codes, c.Region) && len(codes) < mostOutlines {
			codes = append(codes, c.Region)
			rings = append(rings, outlineOf(c.Region)...)
		}
	}
	return rings
}

// named is a table of the reference data: code → language → name, in the order of the file.
type named struct {
	codes []string
	names map[string]map[string]string
}

func (n named) name(language, code string) string {
	for _, l := range []string{language, lang.Default} {
		if name := n.names[code][l]; name != "" {
			return name
		}
	}
	return code
}

// table reads an embedded table once; tests of package data check it, so a fault is a bug.
func table(file string) func() named {
	return sync.OnceValue(func() named {
		n := named{names: map[string]map[string]string{}}
		var all map[string]map[string]any // beside names some tables hold other facts
		text, err := data.FS.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, &all)
		}
		if err != nil {
			panic("directoryweb: " + file + ": " + err.Error())
		}
		for code, facts := range all {
			n.names[code] = map[string]string{}
			for key, fact := range facts {
				if name, ok := fact.(string); ok {
					n.names[code][key] = name
				}
			}
		}
		n.codes = keysInOrder(text)
		return n
	})
}

// keysInOrder lists the keys of a JSON object as they stand in the file.
func keysInOrder(text []byte) []string {
	var keys []string
	decoder := json.NewDecoder(bytes.NewReader(text))
	depth, key := 0, true
	for token, err := decoder.Token(); err == nil; token, err = decoder.Token() {
		switch t := token.(type) {
		case json.Delim:
			if t == '{' {
				depth++
			} else if t == '}' {
				depth--
			}
			key = true
		case string:
			if depth == 1 && key {
				keys = append(keys, t)
			}
		}
	}
	return keys
}

var (
	titlesOfStay = table("italy/residence-titles.json")
	holidays     = table("italy/holidays.json")
)

// residenceTitle is a title in words; an unknown code, brought by an import, is shown as it is.
func residenceTitle(w lang.Words, code string) string { return titlesOfStay().name(w.Lang(), code) }

// holidayName is a holiday in words.
func holidayName(w lang.Words, code string) string {
	if code == "patron" {
		return w.Text("holiday.patron")
	}
	return holidays().name(w.Lang(), code)
}

// tongue is the name of a language in the language of the page, "" when it is the name that its
// speakers use, which stands beside it anyway.
func tongue(ctx context.Context, code string) string {
	if name := lang.Name(web.Lang(ctx), code); name != code && name != lang.NativeName(code) {
		return name
	}
	return ""
}

// nativeName is what speakers call their language; of one that the interface does not name, the
// name in the language of the page.
func nativeName(ctx context.Context, code string) string {
	if name := lang.NativeName(code); name != code {
		return name
	}
	return lang.Name(web.Lang(ctx), code)
}
