// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"approdo/internal/kit/lang"
)

// care says how much must speak for a place before a word is taken for its name.
type care int

const (
	// plain: the name alone is enough.
	plain care = iota
	// guarded: the word means something else too. It must be the last one of the question, or
	// follow "a", "di", "in" …, or carry a capital letter where none is due.
	guarded
	// strict: the word is far more common than the place. A town hall, a province in brackets, or
	// a capital letter after "a" or "di" must speak for it.
	strict
)

// important is how many people make a name likely enough to mean the place.
const important = 15000

// named is what a name can mean.
type named struct {
	care      care
	comuni    []int // positions in Territory.comuni, the most likely first
	provinces []string
	regions   []string
	foreign   string // languages in which the word is ordinary, when it is not so in Italian
}

// nameIndex finds names in texts. Keys are folded names.
type nameIndex struct {
	names map[string]*named
	// longest is the number of words of the longest name that begins with a word.
	longest map[string]int
	// han are the names and the look-alikes in Chinese, which has no spaces.
	han     map[string]*named
	longHan int
}

func newNameIndex(t *Territory) *nameIndex {
	x := &nameIndex{names: map[string]*named{}, longest: map[string]int{}, han: map[string]*named{}}
	ordinary := ordinaryWords()
	for i, c := range t.comuni {
		for name := range strings.SplitSeq(c.Name, "/") {
			key := lang.Fold(name)
			word, common := ordinary[key]
			x.add(key, careOf(key, c, common, word.strict), func(n *named) {
				n.comuni = append(n.comuni, i)
				if !strings.Contains(word.languages, "it") {
					n.foreign = word.languages
				}
			})
		}
	}
	for _, p := range t.provinces {
		for name := range strings.SplitSeq(p.Name, "/") {
			key := lang.Fold(name)
			how := plain
			if word, common := ordinary[key]; common {
				how = careOf(key, Comune{Population: important}, true, word.strict)
			}
			x.add(key, how, func(n *named) { n.provinces = append(n.provinces, p.Sigla) })
		}
	}
	for _, r := range t.regions {
		for name := range strings.SplitSeq(r.Name, "/") {
			how := plain
			if r.Name == "Marche" { // French for "walks" and "works", Italian for "brands"
				how = guarded
			}
			x.add(lang.Fold(name), how, func(n *named) {
				n.regions = append(n.regions, r.Code)
				if how == guarded {
					n.foreign = "fr"
				}
			})
		}
	}
	x.addOtherNames(t)
	for _, phrase := range notPlaces {
		x.addMask(phrase)
	}
	for _, n := range x.names {
		slices.SortStableFunc(n.comuni, func(a, b int) int { return t.comuni[b].Population - t.comuni[a].Population })
	}
	return x
}

// careOf judges an Italian name by its length, its size and the dictionaries.
func careOf(key string, c Comune, ordinary, always bool) care {
	words, letters := strings.Count(key, " ")+1, utf8.RuneCountInString(key)
	large := c.Population >= important
	switch {
	case words > 1 && !always:
		return plain
	case always, ordinary && !large, letters <= 3 && !large:
		return strict
	case ordinary, letters <= 4 && !large:
		return guarded
	}
	return plain
}

func (x *nameIndex) add(key string, how care, fill func(*named)) {
	if key == "" {
		return
	}
	n := x.names[key]
	if n == nil {
		n = &named{care: how}
		x.names[key] = n
		first, _, _ := strings.Cut(key, " ")
		x.longest[first] = max(x.longest[first], strings.Count(key, " ")+1)
	}
	n.care = min(n.care, how)
	fill(n)
}

// word is a line of the list of ordinary words.
type word struct {
	languages string
	strict    bool
}

func ordinaryWords() map[string]word {
	list := map[string]word{}
	if err := eachRow(table("ordinary"), 3, func(r []string) error {
		list[lang.Fold(r[0])] = word{r[1], r[2] != ""}
		return nil
	}); err != nil {
		panic("network: embedded ordinary words: " + err.Error())
	}
	return list
}

// addOtherNames reads names.csv: exonyms and names in other scripts. "~" before a name means that
// it is guarded, "!" that it is strict.
func (x *nameIndex) addOtherNames(t *Territory) {
	if err := eachRow(table("names"), 9, func(r []string) error {
		fill := t.filler(r[0], r[1], r[2])
		for column, names := range r[3:] {
			for name := range strings.SplitSeq(names, "|") {
				how := plain
				switch {
				case strings.HasPrefix(name, "~"):
					how, name = guarded, name[1:]
				case strings.HasPrefix(name, "!"):
					how, name = strict, name[1:]
				}
				for _, form := range forms(name, column) {
					if isHan(form) {
						x.addHan(form, fill)
					} else {
						x.add(lang.Fold(form), how, fill)
					}
				}
			}
		}
		return nil
	}); err != nil {
		panic("network: embedded names: " + err.Error())
	}
}

// filler makes the function that gives a name its meaning. A row that names nothing is a fault of
// the table, which a test finds.
func (t *Territory) filler(kind, code, name string) func(*named) {
	switch kind {
	case "region":
		return func(n *named) { n.regions = appendNew(n.regions, code) }
	case "province":
		return func(n *named) { n.provinces = appendNew(n.provinces, code) }
	}
	at := slices.IndexFunc(t.comuni, func(c Comune) bool { return c.Province == code && strings.HasPrefix(c.Name, name) })
	if at < 0 {
		return func(*named) {}
	}
	return func(n *named) { n.comuni = appendNew(n.comuni, at) }
}

func appendNew[T comparable](list []T, one T) []T {
	if slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}

// Columns of names.csv after the Italian name.
const (
	columnArabic    = 1
	columnUkrainian = 2
	columnBengali   = 4
)

// forms adds to a name the endings and prefixes it takes inside a sentence: case endings in
// Ukrainian and Russian, postpositions in Bengali, prepositions written together in Arabic.
func forms(name string, column int) []string {
	if name == "" {
		return nil
	}
	list := []string{name}
	last, size := utf8.DecodeLastRuneInString(name)
	stem := name[:len(name)-size]
	attach := func(base string, endings ...string) {
		for _, ending := range endings {
			list = append(list, base+ending)
		}
	}
	switch column {
	case columnArabic:
		for _, prefix := range []string{"ب", "ل", "بمدينة ", "لمدينة "} {
			list = append(list, prefix+name)
		}
	case columnUkrainian:
		switch {
		case strings.ContainsRune("а", last):
			attach(stem, "и", "і", "у", "ою", "е", "ы", "ой")
		case last == 'я':
			attach(stem, "ї", "ю", "єю", "и", "ей")
		case !strings.ContainsRune("оеєиіїуюяь", last):
			attach(name, "а", "у", "і", "ом", "ові", "е")
		case last == 'ь':
			attach(stem, "я", "ю", "і", "ем", "е")
		}
	case columnBengali:
		attach(name, "তে", "ে", "য়", "র", "ের", "এ", "এর", "য়ে", "কে")
	}
	return list
}

func isHan(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.Is(unicode.Han, r)
}

func (x *nameIndex) addHan(name string, fill func(*named)) {
	key := strings.ReplaceAll(lang.Fold(name), " ", "")
	n := x.han[key]
	if n == nil {
		n = &named{}
		x.han[key] = n
		x.longHan = max(x.longHan, utf8.RuneCountInString(key))
	}
	fill(n)
}

// addMask lists a phrase that contains a name but is no place of ours.
func (x *nameIndex) addMask(phrase string) {
	if isHan(phrase) {
		x.addHan(phrase, func(n *named) { n.comuni, n.regions, n.provinces = nil, nil, nil })
		return
	}
	key := lang.Fold(phrase)
	first, _, _ := strings.Cut(key, " ")
	x.names[key] = &named{}
	x.longest[first] = max(x.longest[first], strings.Count(key, " ")+1)
}

// notPlaces are phrases in which a name of ours means something else.
var notPlaces = []string{
	"San Marino", "America Latina", "Amérique latine", "lingua latina", "lengua latina", "Nuova Guinea", "Costa d'Avorio",
	"stato di fermo", "provvedimento di fermo", "fermo amministrativo", "comme ça marche", "comment ça marche", "ça marche",
	"comunidad latina", "misa latina", "música latina", "Roma Tre",
	"nola osta", "النولا أوستا", "نولا أوستا", "نلا أوستا", "نوله اوستا", "nulla osta", "chiesa cattolica", "messa cattolica", "parrocchia cattolica", "la vita è bella",
	"罗马尼亚", "阿尔巴尼亚", "比萨饼", "巴里岛", "新喀里多尼亚",
}
