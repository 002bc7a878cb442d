// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"approdo/internal/kit/lang"
)

// Found is what a text says about places.
type Found struct {
	// Comuni has more than one code when several bear the name and none is far larger.
	Comuni    []string
	Provinces []string // sigle
	Regions   []string // codes
	// Rest is the text without the places and the small words that led to them.
	Rest string
	// Matched are the names as they stood in the text.
	Matched []string
}

// ComuniNamed returns every comune with that name, in any script that the program knows, the
// largest first.
func (t *Territory) ComuniNamed(name string) []Comune {
	n := t.index().names[lang.Fold(name)]
	if n == nil {
		n = t.index().han[strings.ReplaceAll(lang.Fold(name), " ", "")]
	}
	if n == nil {
		return nil
	}
	list := make([]Comune, len(n.comuni))
	for i, at := range n.comuni {
		list[i] = t.comuni[at]
	}
	return list
}

var comuneLabel = regexp.MustCompile(`^(.*?)\s*(?:\(\s*([A-Za-z]{2})\s*\))?$`)

// Meant finds the comuni that the text of a form may mean: an ISTAT code, a name, or a name with its
// province as Label writes it. None when there is no such comune, several when the name does not decide.
func (t *Territory) Meant(text string) []Comune {
	text = strings.TrimSpace(text)
	if c, ok := t.Comune(text); ok {
		return []Comune{c}
	}
	m := comuneLabel.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	found := t.ComuniNamed(m[1])
	if m[2] != "" {
		found = slices.DeleteFunc(slices.Clone(found), func(c Comune) bool { return !strings.EqualFold(c.Province, m[2]) })
	}
	return found
}

// FindInText finds names of comuni, provinces and regions in a question such as "medico Marsala",
// in the ten languages. A bare name that both a comune and its province bear means the comune. How
// much must speak for a name depends on how common it is as a word: see care.
func (t *Territory) FindInText(text string) Found {
	if len(text) > maxQuestion {
		text = strings.ToValidUTF8(text[:maxQuestion], "")
	}
	s := scan{t: t, x: t.index(), text: text}
	s.split()
	for i := 0; i < len(s.words); {
		i = s.at(i)
	}
	return s.result()
}

// maxQuestion bounds the work for a text that is no question.
const maxQuestion = 2000

// piece is a word of the text: its bytes and its folded form.
type piece struct {
	start, end int
	folded     string
	capital    bool
	han        bool
	gone       bool
}

type scan struct {
	t       *Territory
	x       *nameIndex
	text    string
	words   []piece
	places  []place
	matched []string
}

// place is one thing found: what it can mean, and the sigla written behind it.
type place struct {
	comuni             []int
	provinces, regions []string
	sigla              string
}

// split cuts the text into words; apostrophes and hyphens part words, each Chinese character is one.
func (s *scan) split() {
	start := -1
	flush := func(end int) {
		if start >= 0 {
			raw := s.text[start:end]
			if folded := lang.Fold(raw); folded != "" {
				first, _ := utf8.DecodeRuneInString(raw)
				s.words = append(s.words, piece{start: start, end: end, folded: folded, capital: unicode.IsUpper(first)})
			}
		}
		start = -1
	}
	for i, r := range s.text {
		switch {
		case unicode.Is(unicode.Han, r):
			flush(i)
			s.words = append(s.words, piece{start: i, end: i + utf8.RuneLen(r), folded: lang.Fold(string(r)), han: true})
		case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || unicode.Is(unicode.Cf, r):
			if start < 0 {
				start = i
			}
		case cyrillicApostrophe(s.text, i, r):
			// "П'ємонт" is one word.
		default:
			flush(i)
		}
	}
	flush(len(s.text))
}

func cyrillicApostrophe(text string, i int, r rune) bool {
	if r != '\'' && r != '’' && r != 'ʼ' {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	return unicode.Is(unicode.Cyrillic, before)
}

// at looks for the longest name that begins at word i and returns where to go on.
func (s *scan) at(i int) int {
	if s.words[i].han {
		return s.hanAt(i)
	}
	for n := min(s.x.longest[s.words[i].folded], len(s.words)-i); n > 0; n-- {
		key := s.words[i].folded
		for _, w := range s.words[i+1 : i+n] {
			key += " " + w.folded
		}
		name := s.x.names[key]
		if name == nil {
			continue
		}
		if len(name.comuni)+len(name.provinces)+len(name.regions) == 0 {
			return i + n // a phrase that is no place
		}
		if s.accept(name, i, i+n) {
			return s.take(name, i, i+n)
		}
	}
	return i + 1
}

func (s *scan) hanAt(i int) int {
	most := min(s.x.longHan, len(s.words)-i)
	for n := most; n >= 2; n-- {
		key := ""
		for _, w := range s.words[i : i+n] {
			key += w.folded
		}
		if name := s.x.han[key]; name != nil {
			if len(name.comuni)+len(name.provinces)+len(name.regions) == 0 {
				return i + n
			}
			return s.take(name, i, i+n)
		}
	}
	return i + 1
}

// accept weighs what speaks for the words from i to end being a place.
func (s *scan) accept(name *named, i, end int) bool {
	if s.inAddress(i, end) {
		return false
	}
	if _, _, ok := s.siglaAfter(name, end); ok || s.introduced(i) {
		return true
	}
	switch name.care {
	case plain:
		return true
	case guarded:
		if name.foreign != "" && s.speaks(name.foreign) {
			return false
		}
		return end == len(s.words) || s.leads(i) || s.oddCapital(i) || s.followed(end)
	default:
		return s.words[i].capital && s.leads(i) && s.hasSmall(i, end)
	}
}

// inAddress is "via Palermo", "piazza Roma 3": a street, not a place to look in.
func (s *scan) inAddress(i, end int) bool {
	for i > 0 && leadWords[s.words[i-1].folded] {
		i--
	}
	if i == 0 {
		return false
	}
	before := s.words[i-1].folded
	if before == "corso" { // a street or a course: only a house number tells
		return end < len(s.words) && unicode.IsDigit(rune(s.words[end].folded[0]))
	}
	return streetWords[before]
}

// leads says that a small word such as "a" or "near" stands before word i.
func (s *scan) leads(i int) bool { return i > 0 && leadWords[s.words[i-1].folded] }

// introduced says that "comune di", "provincia di" … stands before word i.
func (s *scan) introduced(i int) bool {
	for i > 0 && leadWords[s.words[i-1].folded] {
		i--
	}
	return i > 0 && (townWords[s.words[i-1].folded] || provinceWords[s.words[i-1].folded])
}

// oddCapital is a capital letter within a text that has small ones, not at its beginning.
func (s *scan) oddCapital(i int) bool {
	return i > 0 && s.words[i].capital && s.hasSmall(i, i+1)
}

// hasSmall says that some word outside of [i, end) begins with a small letter.
func (s *scan) hasSmall(i, end int) bool {
	for j, w := range s.words {
		if j >= i && j < end || w.capital {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(s.text[w.start:]); unicode.IsLower(r) {
			return true
		}
	}
	return false
}

// followed says that a postposition of Urdu, which marks a place, stands at word end.
func (s *scan) followed(end int) bool {
	return end < len(s.words) && followWords[s.words[end].folded]
}

// speaks says that the text has small words of one of the languages.
func (s *scan) speaks(languages string) bool {
	for language := range strings.FieldsSeq(languages) {
		for _, w := range s.words {
			if slices.Contains(smallWords[language], w.folded) {
				return true
			}
		}
	}
	return false
}

// siglaAfter reads "(TP)" or "TP" behind the name, if a comune of that name lies there.
func (s *scan) siglaAfter(name *named, end int) (sigla string, next int, ok bool) {
	if end >= len(s.words) {
		return "", end, false
	}
	w := s.words[end]
	raw := s.text[w.start:w.end]
	bracket := w.start > 0 && s.text[w.start-1] == '('
	if len(raw) != 2 || !bracket && raw != strings.ToUpper(raw) {
		return "", end, false
	}
	sigla = strings.ToUpper(raw)
	for _, at := range name.comuni {
		if s.t.comuni[at].Province == sigla {
			return sigla, end + 1, true
		}
	}
	return "", end, false
}

// take notes the place at words [i, end) and drops what leads to it.
func (s *scan) take(name *named, i, end int) int {
	p := place{comuni: name.comuni, provinces: name.provinces, regions: name.regions}
	from, next := i, end
	for from > 0 && leadWords[s.words[from-1].folded] && !s.words[from-1].gone {
		from--
	}
	asProvince := from > 0 && provinceWords[s.words[from-1].folded]
	if from > 0 && (asProvince || townWords[s.words[from-1].folded]) && !s.words[from-1].gone {
		from--
		for from > 0 && leadWords[s.words[from-1].folded] && !s.words[from-1].gone {
			from--
		}
	}
	if sigla, after, ok := s.siglaAfter(name, end); ok {
		p.sigla, next = sigla, after
	} else if after, ok := s.provinceAfter(end); ok {
		asProvince, next = true, after
	} else if s.followed(end) {
		next++
	}
	if asProvince {
		p = s.asProvince(p)
	}
	s.matched = append(s.matched, s.text[s.words[i].start:s.words[end-1].end])
	for j := from; j < next; j++ {
		s.words[j].gone = true
	}
	s.places = append(s.places, p)
	return next
}

// provinceAfter reads "e provincia", "省", "প্রদেশ", "صوبہ" behind a name.
func (s *scan) provinceAfter(end int) (next int, ok bool) {
	next = end
	if next < len(s.words) && s.words[next].folded == "e" {
		next++
	}
	if next < len(s.words) && (provinceWords[s.words[next].folded] || s.words[next].folded == "省") {
		return next + 1, true
	}
	return end, false
}

// asProvince turns a seat into its province: "provincia di Trapani".
func (s *scan) asProvince(p place) place {
	if len(p.provinces) > 0 {
		return place{provinces: p.provinces}
	}
	for _, at := range p.comuni {
		c := s.t.comuni[at]
		if province, ok := s.t.Province(c.Province); ok && lang.Fold(firstName(province.Name)) == lang.Fold(firstName(c.Name)) {
			return place{provinces: []string{province.Sigla}}
		}
	}
	return p
}

func firstName(name string) string {
	first, _, _ := strings.Cut(name, "/")
	return first
}
