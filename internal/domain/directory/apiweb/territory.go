// SPDX-License-Identifier: EUPL-1.2

package apiweb

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"

	"approdo/internal/base/network"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
)

// Territories lists territories that a text may mean, likeliest first.
type Territories struct {
	Items []Territory `json:"items"`
}

// Territory is a comune, province, region or social district.
type Territory struct {
	Ref       string   `json:"ref"` // the value of the parameter territory
	Kind      string   `json:"kind" enum:"comune,province,region,district"`
	Name      string   `json:"name"`
	ISTAT     string   `json:"istat,omitempty"`
	Province  string   `json:"province,omitempty"` // sigla
	Region    string   `json:"region,omitempty"`   // name
	Latitude  *float64 `json:"latitude,omitempty"`
	Longitude *float64 `json:"longitude,omitempty"`
}

const (
	usualTerritories = 20
	mostTerritories  = 100
)

// place is a territory with what it is found by.
type place struct {
	Territory
	folded     string
	rank       int // regions before provinces before districts before comuni
	population int
}

// places lists every territory once, with folded names.
var places = sync.OnceValue(func() []place {
	t := network.Territories()
	region := func(code string) string { r, _ := t.Region(code); return r.Name }
	var list []place
	add := func(rank, population int, one Territory) {
		list = append(list, place{one, lang.Fold(one.Name), rank, population})
	}
	for _, r := range t.Regions() {
		add(0, 0, Territory{Ref: "r:" + r.Code, Kind: "region", Name: r.Name, ISTAT: r.Code})
	}
	for _, p := range t.Provinces() {
		lat, lon := p.Center.Lat, p.Center.Lon
		add(1, 0, Territory{Ref: "p:" + p.Sigla, Kind: "province", Name: p.Name, Province: p.Sigla, Region: region(p.Region), Latitude: &lat, Longitude: &lon})
	}
	for _, s := range t.Districts() {
		add(2, 0, Territory{Ref: "d:" + s.Code, Kind: "district", Name: s.Name, Region: region(s.Region)})
	}
	for _, c := range t.Comuni() {
		one := Territory{Ref: "c:" + c.ISTAT, Kind: "comune", Name: c.Name, ISTAT: c.ISTAT, Province: c.Province, Region: region(c.Region)}
		if c.HasPoint {
			one.Latitude, one.Longitude = &c.Lat, &c.Lon
		}
		add(3, c.Population, one)
	}
	return list
})

func (d *doors) getTerritories(w http.ResponseWriter, r *http.Request) error {
	values, r, err := read(w, r)
	if err != nil {
		return err
	}
	language := values.Language()
	limit := values.Int(usualTerritories, 1, "limit")
	limit = min(limit, mostTerritories)
	if err := values.Err(); err != nil {
		return err
	}
	if language == "" {
		language = languageOf(r, "")
	}
	found := findPlaces(values.Text("q"))
	return web.JSON(w, speaking(r, language), http.StatusOK, Territories{Items: found[:min(limit, len(found))]})
}

// findPlaces puts what the text names as it stands first (a code, a name in any language), then
// names that begin so, then names that hold it, the most peopled first. No text gives the regions.
func findPlaces(text string) []Territory {
	all, folded := places(), lang.Fold(text)
	exact, err := network.ParseTerritory(text)
	if err != nil {
		exact = ""
	}
	type hit struct {
		place
		match int
	}
	var hits []hit
	for _, p := range all {
		match := -1
		switch {
		case text == "":
			if p.rank == 0 {
				match = 0
			}
		case exact != "" && string(exact) == p.Ref:
			match = 0
		case folded == "":
		case p.folded == folded:
			match = 1
		case strings.HasPrefix(p.folded, folded):
			match = 2
		case strings.Contains(p.folded, folded):
			match = 3
		}
		if match >= 0 {
			hits = append(hits, hit{p, match})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.match, b.match), cmp.Compare(a.rank, b.rank), cmp.Compare(b.population, a.population))
	})
	out := make([]Territory, len(hits))
	for i, h := range hits {
		out[i] = h.Territory
	}
	return out
}
