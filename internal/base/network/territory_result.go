// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"slices"
	"strings"

	"approdo/internal/kit/lang"
)

// farLarger is how many times more people make one of two homonyms the one that is meant.
const farLarger = 10

// result sums up the places. Provinces and regions that were named choose among homonyms.
func (s *scan) result() Found {
	var f Found
	for _, p := range s.places {
		if len(p.comuni) > 0 {
			continue
		}
		// What is both (Valle d'Aosta) is meant as a region.
		if len(p.regions) > 0 {
			f.Regions = appendNew(f.Regions, p.regions[0])
			continue
		}
		for _, sigla := range p.provinces {
			f.Provinces = appendNew(f.Provinces, sigla)
		}
	}
	for _, p := range s.places {
		for _, at := range s.meant(p, f) {
			f.Comuni = appendNew(f.Comuni, s.t.comuni[at].ISTAT)
		}
	}
	f.Matched = s.matched
	f.Rest = s.rest()
	return f
}

// meant chooses among the comuni of one name.
func (s *scan) meant(p place, f Found) []int {
	if len(p.comuni) < 2 {
		return p.comuni
	}
	only := func(keep func(Comune) bool) []int {
		var kept []int
		for _, at := range p.comuni {
			if keep(s.t.comuni[at]) {
				kept = append(kept, at)
			}
		}
		return kept
	}
	if p.sigla != "" {
		return only(func(c Comune) bool { return c.Province == p.sigla })
	}
	near := only(func(c Comune) bool {
		return slices.Contains(f.Provinces, c.Province) || slices.Contains(f.Regions, c.Region)
	})
	if len(near) == 0 {
		near = p.comuni
	}
	if len(near) > 1 && s.t.comuni[near[0]].Population >= farLarger*max(1, s.t.comuni[near[1]].Population) {
		return near[:1]
	}
	return near
}

// rest is the text without the words that are gone.
func (s *scan) rest() string {
	if len(s.places) == 0 {
		return s.text
	}
	var b strings.Builder
	from := 0
	for i, w := range s.words {
		if !w.gone {
			continue
		}
		if i == 0 || !s.words[i-1].gone {
			b.WriteString(s.text[from:w.start])
			b.WriteByte(' ')
		}
		from = w.end
	}
	b.WriteString(s.text[from:])
	left := strings.NewReplacer("()", "", "( )", "").Replace(b.String())
	fields := strings.Fields(left)
	// Brackets and commas that stood around the place are left over.
	fields = slices.DeleteFunc(fields, func(word string) bool { return strings.Trim(word, "()[],;:.'’-–\"") == "" })
	return strings.Trim(strings.Join(fields, " "), " ,;:(-–")
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		m[lang.Fold(word)] = true
	}
	return m
}

// The words around places. Those of one language do no harm in another.
var (
	leadWords = set(`a ad al allo alla ai agli alle in nel nello nella nell nei nelle negli di del dello della dell dei delle da dal
		dalla presso vicino zona area l la le il lo les los las the at near to from of around dans en au aux des de d du pres chez cerca por
		ne nga te tek prane afer в у во з із зи из до биля близько поблизу рядом возле около недалеко от від вид
		في من قرب بالقرب الي`)
	townWords = set(`comune citta municipio questura prefettura paese ville city town municipality ciudad municipio commune
		qytet qyteti qytetin bashkia komuna мисто мисти город городе комуна муниципалитет مدينه بلديه شهر`)
	provinceWords = set(`provincia province prov provinces provincie provinca provinces provincen провинция провинции провинцию
		область области محافظه مقاطعه اقليم صوبه صوبي ضلع ضلعي প্রদেশ জেলা regione region regional wilaya`)
	followWords = set(`میں مے کے کی کا کو سے`)
	streetWords = set(`via viale piazza piazzale largo vicolo strada contrada lungomare rue avenue street calle rruga вулиця вул улица شارع`)
	smallWords  = map[string][]string{
		"es": {"que", "puedo", "necesito", "para", "mi", "el", "los", "las", "hacer", "pedir", "donde", "renovar", "tengo", "quiero", "por", "un", "una", "se"},
		"fr": {"je", "comment", "ca", "le", "les", "ou", "pour", "mon", "ma", "est", "une", "dois", "peux", "faire", "avec", "qui"},
		"en": {"how", "can", "i", "my", "the", "where", "what", "is", "need", "help", "do", "get", "for"},
		"sq": {"si", "ku", "une", "dua", "per", "kam", "me"},
	}
)
