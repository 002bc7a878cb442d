// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"slices"
	"strings"
)

// Search answers a query.
func (ix *Index) Search(query Query) Result {
	if query.Limit == 0 {
		query.Limit = 10
	}
	if query.Enough == 0 {
		query.Enough = 3
	}
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	q := running{Query: query, scratch: s, view: ix.now.Load()}
	q.read()
	var r Result
	r.Total, r.Missing = q.match()
	offset, limit := max(0, q.Offset), max(0, q.Limit)
	q.rank(min(offset+limit, r.Total))
	if offset < len(q.top) {
		r.Hits = q.hits(q.top[offset:])
	}
	if len(q.Facets) > 0 {
		r.Facets = q.facets()
	}
	r.Unknown, r.DidYouMean = q.unknown()
	clear(s.top) // keys and lists keep their segment alive
	s.lists = nil
	clear(s.terms)
	return r
}

// unknown lists the words that were not found as such, and the query with
// those that could be corrected.
func (q *running) unknown() (words []string, corrected string) {
	var out strings.Builder
	at := 0
	for i := range q.terms {
		t := &q.terms[i]
		if t.known || t.kind == stopWord {
			continue
		}
		words = append(words, t.typed)
		if t.corrected != "" && t.start >= at {
			out.WriteString(q.Text[at:t.start])
			out.WriteString(t.corrected)
			at = t.end
		}
	}
	if at == 0 {
		return words, ""
	}
	out.WriteString(q.Text[at:])
	return words, out.String()
}

// hits says of each of the best matches why it was found.
func (q *running) hits(top []ranked) []Hit {
	hits := make([]Hit, len(top))
	var all []Match
	for i, r := range top {
		l := q.view.segments[r.segment]
		q.lists = l.listsOf(r.doc)
		from := len(all)
		for t := range q.terms {
			if m, ok := q.why(l, r, &q.terms[t]); ok {
				all = append(all, m)
			}
		}
		for _, any := range q.Any {
			if l.hasTag(any.Tag, r.doc) {
				all = append(all, Match{Query: any.Tag, Term: any.Tag, Kind: KindTag})
			}
		}
		hits[i] = Hit{Key: strings.Clone(r.key), Score: r.score, Matched: all[from:len(all):len(all)]}
	}
	return hits
}

// why finds the word of a document that did most for a term.
func (q *running) why(l *live, r ranked, t *term) (Match, bool) {
	f := &t.found[r.segment]
	best := float32(-1)
	m := Match{Query: t.typed}
	consider := func(list uint32, worth float32, kind Kind) {
		c := findChunk(l.postings(list), r.doc>>windowBits, true)
		at := c.at(uint16(r.doc))
		if at < 0 {
			return // only in a snapshot that someone made up
		}
		impact := c.impacts[at]
		if s := worth * impactScale[impact]; s > best {
			best = s
			m.Term, m.Field, m.Lang, m.Kind = l.form(int(list)), impactField(impact), langName(l.listLang[list]), kind
		}
	}
	for _, w := range f.lists {
		if _, ok := slices.BinarySearch(q.lists, w.list); ok {
			consider(w.list, w.worth, w.kind)
		}
	}
	for _, list := range l.listsIn(r.doc, f.lo, f.hi) {
		consider(list, worthRange, KindPrefix)
	}
	m.Term = strings.Clone(m.Term)
	return m, best >= 0
}

func (s *segment) hasTag(tag string, doc int) bool {
	at, ok := s.tags.find(tag)
	if !ok {
		return false
	}
	c := findChunk(s.tagPostings(at), doc>>windowBits, false)
	return c.count > 0 && c.at(uint16(doc)) >= 0
}

// facets counts the tags of some classes over all matches.
func (q *running) facets() map[string][]Count {
	out := make(map[string][]Count, len(q.Facets))
	for _, class := range q.Facets {
		out[class] = q.facet(class)
	}
	return out
}

func (q *running) facet(class string) []Count {
	var list []Count
	byTag := map[string]int{} // place in list; only filled when there are several segments
	for i := 0; i < len(q.places); {
		segment := q.places[i].segment
		c := q.view.segments[segment].columns[class]
		var counts []int32
		for ; i < len(q.places) && q.places[i].segment == segment; i++ {
			if p := &q.places[i]; c != nil && p.count > 0 {
				if counts == nil {
					counts = make([]int32, len(c.tags))
				}
				q.listDocs(p)
				for _, d := range q.docs {
					doc := p.window<<windowBits + int(d)
					for _, place := range c.places[c.first[doc]:c.first[doc+1]] {
						counts[place]++
					}
				}
			}
		}
		list = q.addCounts(list, byTag, segment, c, counts)
	}
	slices.SortFunc(list, func(a, b Count) int { return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Tag, b.Tag)) })
	if q.FacetLimit > 0 && len(list) > q.FacetLimit {
		list = list[:q.FacetLimit]
	}
	for i := range list {
		list[i].Tag = strings.Clone(list[i].Tag)
	}
	return list
}

func (q *running) addCounts(list []Count, byTag map[string]int, segment int, c *column, counts []int32) []Count {
	l := q.view.segments[segment]
	for place, n := range counts {
		if n == 0 {
			continue
		}
		tag := l.tags.at(int(c.tags[place]))
		if at, ok := byTag[tag]; ok {
			list[at].Count += int(n)
			continue
		}
		if len(q.view.segments) > 1 {
			byTag[tag] = len(list)
		}
		list = append(list, Count{tag, int(n)})
	}
	return list
}
