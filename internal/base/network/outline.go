// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"sync"

	"approdo/data"
	"approdo/internal/kit/geo"
)

// regionOutlines is read once: the shapes are drawn under places when no tile source is set.
var regionOutlines = sync.OnceValue(func() []geo.Outline {
	text, err := data.FS.ReadFile("maps/italy-regions.geojson")
	if err != nil {
		panic("network: embedded outlines: " + err.Error())
	}
	outlines, err := geo.ReadOutlines(text)
	if err != nil {
		panic("network: embedded outlines: " + err.Error())
	}
	return outlines
})

// RegionOutlines returns the shapes of all regions; their Code is the region's. Do not change them.
func RegionOutlines() []geo.Outline { return regionOutlines() }

// RegionOutline returns the shape of one region.
func RegionOutline(code string) (geo.Outline, bool) {
	for _, o := range regionOutlines() {
		if o.Code == code {
			return o, true
		}
	}
	return geo.Outline{}, false
}

// OutlineJSON returns the shape of one region as GeoJSON, or of all of them for the empty code, and
// false for a region that does not exist. It is worth caching by whoever serves it.
func OutlineJSON(code string) ([]byte, bool) {
	outlines := regionOutlines()
	if code != "" {
		one, ok := RegionOutline(code)
		if !ok {
			return nil, false
		}
		outlines = []geo.Outline{one}
	}
	text, err := geo.WriteOutlines(outlines)
	return text, err == nil
}
