// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"slices"
	"strings"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
)

// Ref names any territory in addresses, filters and files: "c:081011" a comune, "p:TP" a province,
// "r:19" a region, "d:ats-11" a social district. The empty Ref is the whole of Italy.
type Ref string

// ParseRef checks that the text names a territory that exists.
func (t *Territory) ParseRef(text string) (Ref, error) {
	if _, ok := t.name(Ref(text)); text != "" && !ok {
		return "", fault.Invalid("territory", "territory.unknown", "territory", text)
	}
	return Ref(text), nil
}

// ParseRef is Territories().ParseRef.
func ParseRef(text string) (Ref, error) { return Territories().ParseRef(text) }

// RefNamed reads what people write for a territory: a Ref, or the name of a region, a province or a
// comune. What is none of these is given back as it is, for ParseRef to refuse.
func RefNamed(text string) Ref {
	t := Territories()
	if _, ok := t.name(Ref(text)); ok {
		return Ref(text)
	}
	folded := lang.Fold(text)
	for _, r := range t.regions {
		if lang.Fold(r.Name) == folded {
			return Ref("r:" + r.Code)
		}
	}
	for _, p := range t.provinces {
		if lang.Fold(p.Name) == strings.TrimPrefix(folded, "provincia di ") || lang.Fold(p.Sigla) == folded {
			return Ref("p:" + p.Sigla)
		}
	}
	if list := t.ComuniNamed(text); len(list) == 1 { // of homonyms nobody knows which is meant
		return Ref("c:" + list[0].ISTAT)
	}
	return Ref(text)
}

// Split returns the kind ("c", "p", "r", "d") and the code; both are empty for the whole of Italy.
func (r Ref) Split() (kind, code string) {
	kind, code, found := strings.Cut(string(r), ":")
	if !found {
		return "", ""
	}
	return kind, code
}

// RefName returns the name of a territory as it is shown, "" for the whole of Italy or an unknown one.
func (t *Territory) RefName(r Ref) string {
	name, _ := t.name(r)
	return name
}

func (t *Territory) name(r Ref) (string, bool) {
	kind, code := r.Split()
	switch kind {
	case "c":
		c, ok := t.Comune(code)
		return c.Name, ok
	case "p":
		p, ok := t.Province(code)
		return p.Name, ok
	case "r":
		region, ok := t.Region(code)
		return region.Name, ok
	case "d":
		d, ok := t.District(code)
		return d.Name, ok
	}
	return "", false
}

// Contains says whether a comune lies in a territory. A district whose comuni no source states
// contains none.
func (t *Territory) Contains(r Ref, istat string) bool {
	c, ok := t.Comune(istat)
	if !ok {
		return false
	}
	kind, code := r.Split()
	switch kind {
	case "c":
		return c.ISTAT == code
	case "p":
		return c.Province == code
	case "r":
		return c.Region == code
	case "d":
		d, _ := t.District(code)
		return slices.Contains(d.Comuni, istat)
	}
	return r == ""
}

// ComuniIn lists the comuni of a territory by name; all of them for the empty Ref.
func (t *Territory) ComuniIn(r Ref) []Comune {
	var list []Comune
	for _, at := range t.byName {
		if t.Contains(r, t.comuni[at].ISTAT) {
			list = append(list, t.comuni[at])
		}
	}
	return list
}
