// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"strings"

	"approdo/internal/base/network"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
)

// comuneText is a comune as the form writes it: "Trapani (TP)". An unknown one is shown as its
// address names it.
func comuneText(istat string, a hsds.Address) string {
	if c, ok := network.Territories().Comune(istat); ok {
		return c.Label()
	}
	if a.City != "" && a.StateProvince != "" {
		return a.City + " (" + a.StateProvince + ")"
	}
	return a.City
}

// comune reads a comune; what can't be told apart is a mistake that names the choices.
func (r *reader) comune(field, text string) string {
	if text == "" {
		return ""
	}
	found := network.Territories().Meant(text)
	switch len(found) {
	case 1:
		return found[0].ISTAT
	case 0:
		r.faults = append(r.faults, fault.Invalid(field, "census.comune_unknown", "value", text))
	default:
		names := make([]string, len(found))
		for i, c := range found {
			names[i] = c.Label()
		}
		r.faults = append(r.faults, fault.Invalid(field, "census.comune_which", "value", text, "choices", strings.Join(names, ", ")))
	}
	return ""
}

// province finds a province by its sigla or name.
func province(text string) (network.Province, bool) {
	if p, ok := network.Territories().Province(strings.ToUpper(text)); ok {
		return p, true
	}
	text = strings.TrimPrefix(lang.Fold(text), "provincia di ")
	for _, p := range network.Territories().Provinces() {
		if lang.Fold(p.Name) == text {
			return p, true
		}
	}
	return network.Province{}, false
}

// residence reads the comuni and provinces in which one has to live.
func (r *reader) residence(field string) []string {
	var codes []string
	for _, part := range listed(r.text(field)) {
		switch p, isProvince := province(part); {
		case strings.EqualFold(part, "IT") || strings.EqualFold(part, "Italia"):
			codes = append(codes, "IT")
		case isProvince && !comuneBesides(part):
			codes = append(codes, p.Sigla)
		default:
			if code := r.comune(field, part); code != "" {
				codes = append(codes, code)
			}
		}
	}
	return codes
}

// comuneBesides: a bare name of a town that is also a province means the comune; the sigla, or
// "provincia di …", means the province.
func comuneBesides(text string) bool {
	return len(text) > 2 && !strings.HasPrefix(lang.Fold(text), "provincia") && len(network.Territories().Meant(text)) > 0
}

// residenceText writes codes back as residence reads them.
func residenceText(codes []string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = placeText(code)
	}
	return strings.Join(names, ", ")
}

func placeText(code string) string {
	if c, ok := network.Territories().Comune(code); ok {
		return c.Label()
	}
	if p, ok := network.Territories().Province(code); ok {
		return "Provincia di " + p.Name
	}
	if region, ok := network.Territories().Region(code); ok {
		return region.Name
	}
	if code == "IT" {
		return "Italia"
	}
	return code
}

func territoryText(code string) string {
	if code == "" {
		return ""
	}
	return placeText(code)
}

// territory reads the widest area served: a comune, a province, a region, or the country.
func (r *reader) territory(field string) string {
	text := r.text(field)
	if text == "" {
		return ""
	}
	for _, region := range network.Territories().Regions() {
		if lang.Fold(region.Name) == lang.Fold(text) {
			return region.Code
		}
	}
	if codes := r.residence(field); len(codes) > 0 {
		return codes[0]
	}
	return ""
}
