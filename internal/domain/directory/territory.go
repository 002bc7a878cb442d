// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"strings"

	"approdo/internal/base/network"
)

// placeIn makes a territory of the names of places found in a text: the most particular one, and
// only if there is one of its kind (a name that two comuni bear is left in the text for the index).
func placeIn(f network.Found) network.Ref {
	switch {
	case len(f.Comuni) == 1:
		return network.Ref("c:" + f.Comuni[0])
	case len(f.Comuni) > 1:
		return ""
	case len(f.Provinces) == 1:
		return network.Ref("p:" + f.Provinces[0])
	case len(f.Regions) == 1:
		return network.Ref("r:" + f.Regions[0])
	}
	return ""
}

// wider gives the next wider territory: comune or district, province, region, everywhere ("").
func wider(ref network.Ref) network.Ref {
	t := network.Territories()
	switch kind, code, _ := strings.Cut(string(ref), ":"); kind {
	case "c":
		if c, ok := t.Comune(code); ok {
			return network.Ref("p:" + c.Province)
		}
	case "d":
		if d, ok := t.District(code); ok && len(d.Comuni) > 0 {
			return wider(network.Ref("c:" + d.Comuni[0]))
		}
	case "p":
		if p, ok := t.Province(code); ok {
			return network.Ref("r:" + p.Region)
		}
	}
	return ""
}

// territoryTags are the tags of what is found when somebody looks in a territory: what stands in
// it, and what serves it from elsewhere (the whole province, region or country).
func territoryTags(ref network.Ref) []string {
	tags := ownTags(ref)
	for up := ref; up != ""; up = wider(up) {
		if _, code, _ := strings.Cut(string(up), ":"); code != "" {
			tags = append(tags, "area:"+code)
		}
	}
	return append(tags, "area:IT")
}

// ownTags are the tags of what stands in the territory itself.
func ownTags(ref network.Ref) []string {
	kind, code, _ := strings.Cut(string(ref), ":")
	switch kind {
	case "c":
		return []string{"comune:" + code}
	case "p":
		return []string{"province:" + code}
	case "r":
		return []string{"region:" + code}
	case "d":
		var tags []string
		if d, ok := network.Territories().District(code); ok {
			for _, istat := range d.Comuni {
				tags = append(tags, "comune:"+istat)
			}
		}
		return tags
	}
	return nil
}
