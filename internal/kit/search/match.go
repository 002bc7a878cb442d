// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"math"
	"math/bits"
	"sync"

	"approdo/internal/kit/lang"
)

// window is a set of documents of one window of a segment.
type window = [windowWords]uint64

// scratch is the memory of one query, kept for the next one.
type scratch struct {
	tok       lang.Tokenizer
	tokens    []lang.Token
	terms     []term
	key       []byte
	stems     []string
	automaton automaton

	levels  [mostWords + 1]window // documents that have at least so many of the words
	union   window
	allowed window
	places  []place
	best    [windowSize]float32
	score   [windowSize]float32
	docs    []uint16
	near    []uint16
	floor   []float32
	lists   []uint32
	top     []ranked
}

var scratches = sync.Pool{New: func() any { return &scratch{} }}

// place is a window of a segment and its matches.
type place struct {
	segment int
	window  int
	words   int // of the set: the last window is seldom full
	matches *window
	count   int
}

// running is a query at work.
type running struct {
	Query
	*scratch
	view     *view
	required []int // terms that a match must have
}

func inverse(all, size int) float32 {
	return float32(math.Log1p((float64(all-size) + 0.5) / (float64(size) + 0.5)))
}

// match finds the matching documents of every window; it returns how many
// there are and how many of the words a match may lack.
func (q *running) match() (total, missing int) {
	s := q.scratch
	q.required = q.required[:0]
	for i := range s.terms {
		if t := &s.terms[i]; !t.optional && t.idf >= 0 && q.leads(t) {
			q.required = append(q.required, i)
		}
	}
	words := len(q.required)
	if total = q.matchLevel(words, 1); total >= q.Enough || words < 2 {
		return total, 0
	}
	// All but one, all but two …: each level is counted at once.
	counts := q.countLevels()
	for level := words - 1; level >= 1; level-- {
		if counts[level] >= q.Enough || level == 1 {
			if counts[level] == total { // nothing gained; counting has overwritten the matches
				return q.matchLevel(words, 1), 0
			}
			return q.matchLevel(words, words-level+1), words - level
		}
	}
	return total, 0
}

// leads tells whether a term was found anywhere.
func (q *running) leads(t *term) bool {
	for i := range t.found {
		if !t.found[i].empty() {
			return true
		}
	}
	return false
}

// eachWindow calls do for every window, with the documents that the filters allow.
func (q *running) eachWindow(do func(p *place)) {
	n := 0
	for i, l := range q.view.segments {
		for w := 0; w<<windowBits < l.len(); w++ {
			if n == len(q.places) {
				q.places = append(q.places, place{matches: new(window)})
			}
			p := &q.places[n]
			p.segment, p.window, p.count = i, w, 0
			p.words = min(windowWords, (l.len()-w<<windowBits+63)/64)
			q.allow(l, p)
			do(p)
			n++
		}
	}
	q.places = q.places[:n]
}

// matchLevel finds the documents that have all the words but less-1.
func (q *running) matchLevel(words, less int) int {
	total := 0
	q.eachWindow(func(p *place) {
		q.fill(p, words, less)
		p.count = count(p.matches[:p.words])
		total += p.count
	})
	return total
}

// fill sets the matches of a window: those of the words, and those of the tags of Any.
func (q *running) fill(p *place, words, less int) {
	l := q.view.segments[p.segment]
	matches := p.matches[:p.words]
	allowed := q.allowed[:p.words]
	switch {
	case words == 0 && (len(q.terms) > 0 || len(q.Any) > 0):
		clear(matches)
	case words == 0:
		copy(matches, allowed)
	case less == 1:
		q.matchAll(l, p)
	default:
		q.rise(l, p, words)
		copy(matches, q.levels[words-less+1][:p.words])
	}
	for _, any := range q.Any {
		q.orTag(l, p, any.Tag, matches, allowed)
	}
	if q.Filter != nil {
		q.filter(l, p, matches)
	}
}

func (q *running) filter(l *live, p *place, set []uint64) {
	for i, x := range set {
		for ; x != 0; x &= x - 1 {
			bit := bits.TrailingZeros64(x)
			if !q.Filter(l.keys.at(p.window<<windowBits + i<<6 + bit)) {
				set[i] &^= 1 << bit
			}
		}
	}
}

// matchAll leaves the allowed documents that have all the words. The words
// with many continuations come last: then few documents are left to look at.
func (q *running) matchAll(l *live, p *place) {
	matches := p.matches[:p.words]
	copy(matches, q.allowed[:p.words])
	for _, ranges := range [...]bool{false, true} {
		for _, i := range q.required {
			f := &q.terms[i].found[p.segment]
			if (f.lo < f.hi) != ranges {
				continue
			}
			union := q.union[:p.words]
			q.unite(l, p, f, matches, union)
			any := uint64(0)
			for w := range matches {
				matches[w] &= union[w]
				any |= matches[w]
			}
			if any == 0 {
				return
			}
		}
	}
}

// unite sets union to the documents of a term, at least as far as they are
// among the candidates.
func (q *running) unite(l *live, p *place, f *found, candidates, union []uint64) {
	clear(union)
	for _, w := range f.lists {
		if c := findChunk(l.postings(w.list), p.window, true); c.count > 0 {
			c.or(union)
		}
	}
	if f.lo >= f.hi {
		return
	}
	if q.cheaperForward(l, f, count(candidates)) {
		for i, x := range candidates {
			for x &^= union[i]; x != 0; x &= x - 1 {
				bit := bits.TrailingZeros64(x)
				if len(l.listsIn(p.window<<windowBits+i<<6+bit, f.lo, f.hi)) > 0 {
					union[i] |= 1 << bit
				}
			}
		}
		return
	}
	for list := f.lo; list < f.hi; list++ {
		if c := findChunk(l.postings(uint32(list)), p.window, true); c.count > 0 {
			c.or(union)
		}
	}
}

// cheaperForward tells whether looking at the words of some documents costs
// less than going through the lists of a range. Measured in nanoseconds: a
// document costs about sixty, a posting two, finding a list sixty.
func (q *running) cheaperForward(l *live, f *found, docs int) bool {
	return 60*docs < 2*l.size(f.lo, f.hi)+60*(f.hi-f.lo)
}

// rise sets levels[n] to the allowed documents that have at least n of the words.
func (q *running) rise(l *live, p *place, words int) {
	allowed, union := q.allowed[:p.words], q.union[:p.words]
	for n := 1; n <= words; n++ {
		clear(q.levels[n][:p.words])
	}
	for seen, i := range q.required {
		q.unite(l, p, &q.terms[i].found[p.segment], allowed, union)
		for n := seen + 1; n > 1; n-- {
			below, level := q.levels[n-1][:p.words], q.levels[n][:p.words]
			for w := range level {
				level[w] |= below[w] & union[w]
			}
		}
		first := q.levels[1][:p.words]
		for w := range first {
			first[w] |= union[w] & allowed[w]
		}
	}
}

// countLevels counts the matches of every level, tags of Any and Filter included.
func (q *running) countLevels() (counts [mostWords + 1]int) {
	words := len(q.required)
	q.eachWindow(func(p *place) {
		l := q.view.segments[p.segment]
		q.rise(l, p, words)
		tagged := p.matches[:p.words]
		clear(tagged)
		for _, any := range q.Any {
			q.orTag(l, p, any.Tag, tagged, q.allowed[:p.words])
		}
		for n := 1; n <= words; n++ {
			level := q.levels[n][:p.words]
			for w := range level {
				level[w] |= tagged[w]
			}
			if q.Filter != nil && n == 1 {
				q.filter(l, p, level)
			}
			if n > 1 { // what the filter took from the first level is in none
				for w := range level {
					level[w] &= q.levels[1][w]
				}
			}
			counts[n] += count(level)
		}
	})
	return counts
}

func count(set []uint64) int {
	n := 0
	for _, w := range set {
		n += bits.OnesCount64(w)
	}
	return n
}

// allow sets allowed to the living documents of a window that meet All and None.
func (q *running) allow(l *live, p *place) {
	allowed, union := q.allowed[:p.words], q.union[:p.words]
	for i := range allowed {
		allowed[i] = ^uint64(0)
	}
	if end := l.len() - p.window<<windowBits; end < p.words*64 {
		allowed[p.words-1] = 1<<(end&63) - 1
	}
	if l.dead != nil {
		for i, dead := range l.dead[p.window*windowWords:][:p.words] {
			allowed[i] &^= dead
		}
	}
	for _, group := range q.All {
		clear(union)
		for _, tag := range group {
			q.orTag(l, p, tag, union, nil)
		}
		for i := range allowed {
			allowed[i] &= union[i]
		}
	}
	clear(union)
	for _, tag := range q.None {
		q.orTag(l, p, tag, union, nil)
	}
	for i := range allowed {
		allowed[i] &^= union[i]
	}
}

// orTag adds the documents with a tag to a set, limited to another unless nil.
func (q *running) orTag(l *live, p *place, tag string, set, limit []uint64) {
	at, ok := l.tags.find(tag)
	if !ok {
		return
	}
	c := findChunk(l.tagPostings(at), p.window, false)
	if c.count == 0 {
		return
	}
	c.or(set)
	for i := range limit {
		set[i] &= limit[i]
	}
}
