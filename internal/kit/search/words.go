// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"approdo/internal/kit/lang"
)

// What a match is worth, by how it was found; 1 is the word itself.
const (
	worthOther  = 0.95 // the word itself, in another language than the person's
	worthStem   = 0.85
	worthPrefix = 0.6 // plus a part for the share of the word that is typed
	worthRange  = 0.7 // prefixes with many continuations
	worthTypo   = 0.6
	worthTypos  = 0.4 // two mistakes
	worthSound  = 0.5
)

const (
	mostWords       = 24     // of a query; the rest is not looked at
	mostSpelt       = 64     // continuations of a prefix that are weighed one by one
	mostCorrections = 12     // words that an unknown word may stand for
	rareFrom        = 10_000 // documents from which on a rare word may be a misspelt one
	rareShare       = 50_000 // a word is rare below one in so many documents
)

// term is a word of the query and what it leads to in each segment.
type term struct {
	typed      string // as typed
	folded     string
	start, end int // in the query
	kind       lang.TokenKind
	prefix     bool
	optional   bool // only adds to the score
	known      bool // found as such, as a form or as a prefix
	corrected  string
	found      []found // by segment
	idf        float32
}

// found is what a word leads to in one segment: lists with their worth, and
// for a prefix with many continuations a range of lists.
type found struct {
	lists  []weighted
	lo, hi int
}

type weighted struct {
	list  uint32
	worth float32
	kind  Kind
}

func (f *found) empty() bool { return len(f.lists) == 0 && f.lo >= f.hi }

// read cuts the query into terms and finds each in the vocabulary.
func (q *running) read() {
	s := q.scratch
	s.tokens = s.tok.Tokens(s.tokens[:0], q.Text, q.Lang)
	s.terms = s.terms[:0]
	stops := 0
	for i := range s.tokens {
		token := &s.tokens[i]
		if token.Kind == lang.Unigram {
			continue
		}
		last := i == len(s.tokens)-1 || token.Kind == lang.Bigram && i == len(s.tokens)-2
		t := term{
			typed: q.Text[token.Start:token.End], folded: string(token.Text), start: token.Start, end: token.End, kind: token.Kind,
			prefix:   q.Prefix && last && token.End == len(q.Text),
			optional: token.Stop || lang.IsStopSomewhere(token.Text),
		}
		if token.Stop && !t.prefix {
			t.kind, stops = stopWord, stops+1
		}
		if len(s.terms) < mostWords && !slices.ContainsFunc(s.terms, func(o term) bool { return o.folded == t.folded && o.prefix == t.prefix }) {
			s.terms = append(s.terms, t)
		}
	}
	if stops < len(s.terms) {
		s.terms = slices.DeleteFunc(s.terms, func(t term) bool { return t.kind == stopWord })
	}
	if !slices.ContainsFunc(s.terms, func(t term) bool { return !t.optional }) {
		for i := range s.terms {
			s.terms[i].optional = false
		}
	}
	for i := range s.terms {
		q.find(&s.terms[i])
	}
}

// stopWord marks a term that read leaves out if anything else is left.
const stopWord lang.TokenKind = 255

// find fills in what a term leads to.
func (q *running) find(t *term) {
	t.found = make([]found, len(q.view.segments))
	size := 0
	for i, l := range q.view.segments {
		size += q.findKnown(t, &t.found[i], l)
	}
	t.known = size > 0
	letters := utf8.RuneCountInString(t.folded)
	rare := q.view.count >= rareFrom && size <= q.view.count/rareShare
	if (size == 0 || rare && !t.prefix) && t.kind == lang.Word && letters >= 4 {
		size += q.correct(t, letters)
	}
	for i := range t.found {
		lists := t.found[i].lists
		slices.SortFunc(lists, func(a, b weighted) int {
			return cmp.Or(cmp.Compare(a.list, b.list), cmp.Compare(b.worth, a.worth), cmp.Compare(a.kind, b.kind))
		})
		t.found[i].lists = slices.CompactFunc(lists, func(a, b weighted) bool { return a.list == b.list })
	}
	t.idf = inverse(q.view.count, min(size, q.view.count))
}

// findKnown finds the word itself, its forms and, for a prefix, its
// continuations; it returns for how many documents they stand at most.
func (q *running) findKnown(t *term, f *found, s *live) int {
	size := 0
	add := func(list int, worth float32, kind Kind) {
		if n := s.living(list); n > 0 {
			f.lists = append(f.lists, weighted{uint32(list), worth, kind})
			size += n
		}
	}
	own := langCode(q.Lang)
	if i, ok := s.terms.find(t.folded); ok {
		for list := int(s.firstList[i]); list < int(s.firstList[i+1]); list++ {
			worth := float32(worthOther)
			if s.listLang[list] == own {
				worth = 1
			}
			add(list, worth, KindExact)
		}
	}
	if t.kind != lang.Word {
		return size + q.findPrefix(t, f, s, add)
	}
	key := q.scratch.key
	for _, code := range lang.StemLanguages(t.folded) {
		q.scratch.stems = lang.Stems(q.scratch.stems[:0], t.folded, code)
		for _, stem := range q.scratch.stems {
			key = stemKey(key, langCode(code), stem)
			for _, list := range s.stems.find(string(key)) {
				if !t.prefix || !strings.HasPrefix(s.terms.at(int(s.listTerm[list])), t.folded) { // else found below
					add(int(list), worthStem, KindStem)
				}
			}
		}
	}
	q.scratch.key = key
	return size + q.findPrefix(t, f, s, add)
}

func (q *running) findPrefix(t *term, f *found, s *live, add func(int, float32, Kind)) int {
	if !t.prefix {
		return 0
	}
	lo, hi := s.lists(s.terms.prefix(t.folded))
	if hi-lo > mostSpelt {
		f.lo, f.hi = lo, hi
		return s.size(lo, hi)
	}
	for list := lo; list < hi; list++ {
		whole := len(s.terms.at(int(s.listTerm[list])))
		if whole > len(t.folded) {
			add(list, worthPrefix+(1-worthPrefix)*0.8*float32(len(t.folded))/float32(whole), KindPrefix)
		}
	}
	return 0
}

// correction is a word of the vocabulary that an unknown word may stand for.
type correction struct {
	term     string
	distance int
	size     int
	worth    float32
	kind     Kind
}

// correct finds words within typing distance or of the same sound; the best
// few count. It returns for how many documents they stand at most.
func (q *running) correct(t *term, letters int) int {
	list := q.misspelt(t, 1)
	if sounds(t.folded) {
		list = append(list, q.soundsLike(t)...)
	}
	if len(list) == 0 && letters >= 8 {
		list = q.misspelt(t, 2)
	}
	slices.SortFunc(list, func(a, b correction) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.distance, b.distance), cmp.Compare(b.size, a.size), strings.Compare(a.term, b.term))
	})
	size := 0
	kept := list[:0]
	for _, c := range list {
		if len(kept) == mostCorrections {
			break
		}
		if slices.ContainsFunc(kept, func(k correction) bool { return k.term == c.term }) {
			continue
		}
		kept = append(kept, c)
		size += c.size
		for i, l := range q.view.segments {
			if at, ok := l.terms.find(c.term); ok {
				from, to := l.lists(at, at+1)
				for list := from; list < to; list++ {
					t.found[i].lists = append(t.found[i].lists, weighted{uint32(list), c.worth, c.kind})
				}
				if t.corrected == "" {
					t.corrected = l.form(from)
				}
			}
		}
	}
	return size
}

// misspelt finds the words within some mistakes.
func (q *running) misspelt(t *term, most int) []correction {
	a := &q.scratch.automaton
	worth := float32(worthTypo)
	if most == 2 {
		worth = worthTypos
	}
	var list []correction
	for _, l := range q.view.segments {
		if !a.reset(t.folded, most, t.prefix) {
			return nil
		}
		l.within(a, func(term, distance int) {
			if distance == 0 {
				return
			}
			list = addCorrection(list, l, term, correction{distance: distance, worth: worth, kind: KindTypo})
		})
	}
	return list
}

func addCorrection(list []correction, l *live, term int, c correction) []correction {
	c.term = l.terms.at(term)
	from, to := l.lists(term, term+1)
	for at := from; at < to; at++ {
		c.size += l.living(at)
	}
	if c.size == 0 {
		return list
	}
	for i := range list {
		if list[i].term == c.term {
			list[i].size += c.size
			return list
		}
	}
	return append(list, c)
}

// within calls do for every term that the automaton accepts.
func (s *segment) within(a *automaton, do func(term, distance int)) {
	if s.fst == nil {
		for i := range s.terms.len() {
			if d := a.distance(s.terms.at(i)); d >= 0 {
				do(i, d)
			}
		}
		return
	}
	found, err := s.fst.Search(a, nil, nil)
	for err == nil {
		key, number := found.Current()
		do(int(number), a.distance(string(key)))
		err = found.Next()
	}
}

// soundsLike finds the words with the same phonetic key that also sound alike
// with their vowels.
func (q *running) soundsLike(t *term) []correction {
	s := q.scratch
	s.key = lang.Sound(s.key[:0], []byte(t.folded))
	if len(s.key) == 0 {
		return nil
	}
	said := string(lang.Romanize(nil, []byte(t.folded)))
	var list []correction
	for _, l := range q.view.segments {
		for _, at := range l.sounds.find(string(s.key)) {
			term := l.terms.at(int(at))
			if term == t.folded {
				continue
			}
			d := editDistance(said, string(lang.Romanize(nil, []byte(term))))
			if d <= 1+len(said)/4 {
				list = addCorrection(list, l, int(at), correction{distance: d, worth: worthSound, kind: KindSound})
			}
		}
	}
	return list
}

// editDistance is Levenshtein's, for two short ASCII words.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
