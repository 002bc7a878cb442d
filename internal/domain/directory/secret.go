// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"approdo/internal/kit/lang"
)

// secret is what a text may not say of a place that must not be known.
type secret struct {
	streets []street
	names   []string // compact: only letters and digits
	codes   []string // postal codes
	points  []string // "37.123": degrees to a hundred metres, as people copy them from a map
}

// street is an address taken apart: "Via Giuseppe Garibaldi, 12/B" is the words giuseppe garibaldi
// and the number 12.
type street struct {
	whole  string // compact, as it stands
	words  []string
	number string
}

// shortest is how many letters a name must have to be looked for: shorter ones are in every text.
const shortest = 6

// secretOf gathers what tells where a hidden place is.
func secretOf(s Site) secret {
	l := s.Location
	var all secret
	for _, a := range l.Addresses {
		for _, line := range []string{a.Address1, a.Address2} {
			if one, ok := streetOf(line); ok {
				all.streets = append(all.streets, one)
			}
		}
		if len(a.PostalCode) == 5 && digits(a.PostalCode) {
			all.codes = append(all.codes, a.PostalCode)
		}
	}
	for _, name := range []string{l.Name, l.AlternateName} {
		if one := compact(name); len(one) >= shortest {
			all.names = append(all.names, one)
		}
	}
	for _, degrees := range []*float64{l.Latitude, l.Longitude} {
		if degrees != nil {
			all.points = append(all.points, strconv.FormatFloat(math.Trunc(*degrees*1000)/1000, 'f', 3, 64))
		}
	}
	return all
}

// mapLinks lead to a point on a map. What stands behind a short one can't be read here, so none may
// stand beside a hidden place.
var mapLinks = regexp.MustCompile(`(?i)goo\.gl/maps|maps\.app\.goo\.gl|maps\.google\.|google\.[a-z.]+/maps|maps\.apple\.com|openstreetmap\.org|osm\.org/|what3words\.com|w3w\.co|///[a-z]+\.[a-z]+\.[a-z]+|\bgeo:-?[0-9]`)

// toldIn names the first public text of an entry that tells the secret, "" when none does. Every
// text is looked at, also those that a later version adds. The name of the service or its body may
// be that of the place: who runs the house is known.
func (s secret) toldIn(e Entry) string {
	own := []string{compact(e.Name), compact(e.Organization.Name), compact(e.AlternateName), compact(e.Organization.AlternateName)}
	s.names = slices.DeleteFunc(slices.Clone(s.names), func(name string) bool {
		return slices.ContainsFunc(own, func(known string) bool { return strings.Contains(known, name) })
	})
	return firstText("", tree(e), func(path, text string) bool {
		return !strings.HasSuffix(path, "/number") && (s.tells(text) || mapLinks.MatchString(text)) // of a telephone
	})
}

// addressIn names the first text of a value that holds the whole address, street and number. It is
// the measure for what the same body shows elsewhere, where the name of the street alone is no sign.
func (s secret) addressIn(v any) string {
	return firstText("", tree(v), func(_, text string) bool {
		return slices.ContainsFunc(s.streets, func(one street) bool { return one.number != "" && one.wholeIn(text) })
	})
}

func (s secret) tells(text string) bool {
	small := compact(text)
	if slices.ContainsFunc(s.names, func(name string) bool { return strings.Contains(small, name) }) {
		return true
	}
	if slices.ContainsFunc(append(slices.Clone(s.points), s.codes...), func(number string) bool { return hasNumber(text, number) }) {
		return true
	}
	return slices.ContainsFunc(s.streets, func(one street) bool { return one.in(text) })
}

// streetKinds begin the name of a street.
var streetKinds = strings.Fields("via viale vialetto vico vicolo piazza piazzale piazzetta corso largo strada stradale stradella contrada salita scalinata cortile lungomare traversa borgo localita frazione rampa ronco calle fondamenta galleria street road avenue square rue")

// abbreviations of them, as people write them.
var abbreviations = []struct {
	form *regexp.Regexp
	kind string
}{
	{regexp.MustCompile(`(?i)\bv\.\s?le\b\.?|\bvle\b`), "viale "},
	{regexp.MustCompile(`(?i)\bp\.?\s?z{1,2}a\b\.?`), "piazza "},
	{regexp.MustCompile(`(?i)\bp\.\s?le\b\.?`), "piazzale "},
	{regexp.MustCompile(`(?i)\bc\.\s?so\b\.?`), "corso "},
	{regexp.MustCompile(`(?i)\bc\.\s?da\b\.?`), "contrada "},
	{regexp.MustCompile(`(?i)\bstr\.`), "strada "},
	{regexp.MustCompile(`(?i)\bv\.`), "via "},
}

// streetWords are the folded words of a text, with the kinds of street written out.
func streetWords(text string) []string {
	for _, a := range abbreviations {
		text = a.form.ReplaceAllString(text, a.kind)
	}
	return strings.Fields(lang.Fold(text))
}

func streetOf(line string) (street, bool) {
	one := street{whole: compact(line)}
	for i, word := range streetWords(line) {
		switch {
		case i == 0 && slices.Contains(streetKinds, word):
		case unicode.IsDigit([]rune(word)[0]):
			if one.number == "" && len(one.words) > 0 {
				one.number = strings.TrimRightFunc(word, unicode.IsLetter)
			}
		case one.number == "" && !slices.Contains([]string{"n", "nr", "num", "numero", "civico", "snc", "km", "int", "interno", "scala", "piano"}, word):
			one.words = append(one.words, word)
		}
	}
	return one, len(one.words) > 0 && len(one.whole) >= shortest
}

// in tells whether a text names the street: its last word (people leave out first names) near the
// word "via" or the like, or near its number.
func (s street) in(text string) bool {
	if strings.Contains(compact(text), s.whole) {
		return true
	}
	words := streetWords(text)
	last := s.words[len(s.words)-1]
	for i, word := range words {
		if word != last {
			continue
		}
		before := words[max(0, i-len(s.words)):i]
		if slices.ContainsFunc(before, func(w string) bool { return slices.Contains(streetKinds, w) }) || s.numbered(words[i+1:]) {
			return true
		}
	}
	return false
}

// wholeIn tells whether a text holds every word of the street, then its number.
func (s street) wholeIn(text string) bool {
	words := streetWords(text)
	for i := range words {
		if end := i + len(s.words); end <= len(words) && slices.Equal(words[i:end], s.words) && s.numbered(words[end:]) {
			return true
		}
	}
	return false
}

// numbered tells whether the number of the house is among the next words ("al civico 12").
func (s street) numbered(next []string) bool {
	return s.number != "" && slices.ContainsFunc(next[:min(len(next), 3)], func(w string) bool { return strings.TrimRightFunc(w, unicode.IsLetter) == s.number })
}

// hasNumber finds a number that is not the middle of a longer one before it; digits may follow, as
// in more exact degrees. A comma may stand for the point.
func hasNumber(text, number string) bool {
	text = strings.ReplaceAll(text, ",", ".")
	for from := 0; ; {
		at := strings.Index(text[from:], number)
		if at < 0 {
			return false
		}
		at += from
		if at == 0 || !digits(text[at-1:at]) {
			if end := at + len(number); strings.Contains(number, ".") || end == len(text) || !digits(text[end:end+1]) {
				return true
			}
		}
		from = at + 1
	}
}

func digits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// compact keeps letters and digits in lower case and without accents, so that "Via Roma, 12" is
// found in "via  roma 12".
func compact(s string) string { return strings.ReplaceAll(lang.Fold(s), " ", "") }

// tree is a value as plain JSON, so that no text of it is overlooked.
func tree(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		panic("directory: " + err.Error()) // our own structs
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		panic("directory: " + err.Error())
	}
	return plain
}

// firstText walks a tree in the order of its names and gives the path of the first text that is
// found. Identifiers and languages are no texts.
func firstText(path string, v any, found func(path, text string) bool) string {
	switch v := v.(type) {
	case string:
		if name := path[strings.LastIndex(path, "/")+1:]; name != "id" && !strings.HasSuffix(name, "_id") && found(path, v) {
			return strings.TrimPrefix(path, "/")
		}
	case []any:
		for i, item := range v {
			if at := firstText(path+"/"+strconv.Itoa(i), item, found); at != "" {
				return at
			}
		}
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			if at := firstText(path+"/"+name, v[name], found); at != "" {
				return at
			}
		}
	}
	return ""
}
