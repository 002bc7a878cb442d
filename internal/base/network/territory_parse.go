// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"slices"
	"strings"

	"approdo/internal/kit/fault"
)

// ParseTerritory reads a territory as people and programs write it: a Ref ("c:081011"), an ISTAT
// code of a comune (6 digits) or region (2 digits), the sigla of a province, or a name in any
// language that we know. "" is the whole of Italy. A name that several comuni bear, or that nothing
// bears, is Invalid("territory").
func ParseTerritory(text string) (Ref, error) {
	text = strings.TrimSpace(text)
	t := Territories()
	if text == "" || strings.Contains(text, ":") {
		return t.ParseRef(text)
	}
	for _, ref := range []Ref{Ref("c:" + text), Ref("r:" + text), Ref("p:" + strings.ToUpper(text))} {
		if t.RefName(ref) != "" {
			return ref, nil
		}
	}
	if named := t.ComuniNamed(text); len(named) == 1 {
		return Ref("c:" + named[0].ISTAT), nil
	}
	found := t.FindInText(text)
	switch {
	case len(found.Comuni) == 1:
		return Ref("c:" + found.Comuni[0]), nil
	case len(found.Provinces) == 1:
		return Ref("p:" + found.Provinces[0]), nil
	case len(found.Regions) == 1:
		return Ref("r:" + found.Regions[0]), nil
	}
	return parseFolded(t, text)
}

// parseFolded compares names letter by letter whatever their case.
func parseFolded(t *Territory, text string) (Ref, error) {
	same := func(name string) bool { return strings.EqualFold(name, text) }
	if i := slices.IndexFunc(t.Provinces(), func(p Province) bool { return same(p.Name) }); i >= 0 {
		return Ref("p:" + t.Provinces()[i].Sigla), nil
	}
	if i := slices.IndexFunc(t.Regions(), func(r Region) bool { return same(r.Name) }); i >= 0 {
		return Ref("r:" + t.Regions()[i].Code), nil
	}
	if i := slices.IndexFunc(t.Districts(), func(d SocialDistrict) bool { return same(d.Name) }); i >= 0 {
		return Ref("d:" + t.Districts()[i].Code), nil
	}
	return "", fault.Invalid("territory", "territory.unknown", "territory", text)
}
