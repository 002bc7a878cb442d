// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"math"
	"strings"
)

// live is a segment and which of its documents are dead: deleted, or replaced
// by a document of a later segment. It is immutable; killing makes a copy.
type live struct {
	*segment
	dead  []uint64 // nil when all live
	count int      // documents alive
}

func whole(s *segment) *live { return &live{segment: s, count: s.len()} }

func (l *live) isDead(doc int) bool { return l.dead != nil && l.dead[doc>>6]>>(doc&63)&1 != 0 }

// without returns a copy in which some documents are dead.
func (l *live) without(docs []int) *live {
	out := &live{segment: l.segment, dead: make([]uint64, (l.len()+63)/64), count: l.count}
	copy(out.dead, l.dead)
	for _, d := range docs {
		if out.dead[d>>6]>>(d&63)&1 == 0 {
			out.dead[d>>6] |= 1 << (d & 63)
			out.count--
		}
	}
	return out
}

// living is the number of documents of a list, exact where it matters: zero
// only when none of them lives.
func (l *live) living(list int) int {
	size := l.size(list, list+1)
	if size > l.len()-l.count {
		return size
	}
	alive := 0
	for posts := l.postings(uint32(list)); len(posts) > 0; {
		var c chunk
		c, posts = nextChunk(posts, true)
		for _, d := range c.appendDocs(nil) {
			if !l.isDead(int(d)) {
				alive++
			}
		}
	}
	return alive
}

const gone = math.MaxUint32

// merger puts the living documents of several segments into one.
type merger struct {
	from  []*live
	to    *segment
	docs  [][]uint32 // by segment and document: the new number, or gone
	lists [][]uint32 // by segment and list: the new number, or gone
	next  []int      // by segment: the first list not yet merged

	postDocs []uint32
	impacts  []byte
}

// merge returns a bare segment, with documents in the order of the segments.
func merge(from []*live) *segment {
	m := &merger{from: from, to: &segment{}, next: make([]int, len(from))}
	for _, l := range from {
		m.addDocuments(l)
		m.lists = append(m.lists, make([]uint32, len(l.listTerm)))
	}
	m.to.sizes = append(m.to.sizes, 0)
	for m.mergeList() {
		continue
	}
	m.to.firstList = append(m.to.firstList, uint32(len(m.to.listTerm)))
	m.forward()
	m.tags()
	m.to.clip()
	return m.to
}

func (m *merger) addDocuments(l *live) {
	numbers := make([]uint32, l.len())
	for d := range numbers {
		if l.isDead(d) {
			numbers[d] = gone
			continue
		}
		numbers[d] = uint32(m.to.len())
		m.to.keys.add(l.keys.at(d))
		m.to.boost = append(m.to.boost, l.boost[d])
	}
	m.docs = append(m.docs, numbers)
}

// mergeList merges the first list in order; it returns false when none is left.
func (m *merger) mergeList() bool {
	term, code, any := "", uint16(0), false
	for i, l := range m.from {
		if m.next[i] < len(l.listTerm) && (!any || compareList(l.segment, m.next[i], term, code) < 0) {
			term, code, any = l.terms.at(int(l.listTerm[m.next[i]])), l.listLang[m.next[i]], true
		}
	}
	if !any {
		return false
	}
	form := ""
	m.postDocs, m.impacts = m.postDocs[:0], m.impacts[:0]
	number := uint32(len(m.to.listTerm))
	for i, l := range m.from {
		if m.next[i] >= len(l.listTerm) || compareList(l.segment, m.next[i], term, code) != 0 {
			continue
		}
		list := m.next[i]
		m.next[i]++
		m.lists[i][list] = number
		if form == "" {
			form = l.forms.at(list)
		}
		m.appendPostings(l.postings(uint32(list)), m.docs[i])
	}
	if len(m.postDocs) == 0 { // its documents are gone, so nothing refers to the number
		return true
	}
	m.to.addList(term, code, form, uint32(len(m.postDocs)))
	m.to.posts = appendChunks(m.to.posts, m.postDocs, m.impacts)
	m.to.postEnds = append(m.to.postEnds, uint64(len(m.to.posts)))
	return true
}

func compareList(s *segment, list int, term string, code uint16) int {
	if c := strings.Compare(s.terms.at(int(s.listTerm[list])), term); c != 0 {
		return c
	}
	return cmp.Compare(s.listLang[list], code)
}

func (m *merger) appendPostings(list []byte, numbers []uint32) {
	for len(list) > 0 {
		var c chunk
		c, list = nextChunk(list, true)
		from := len(m.postDocs)
		m.postDocs = c.appendDocs(m.postDocs)
		to := from
		for i, d := range m.postDocs[from:] {
			if n := numbers[d]; n != gone {
				m.postDocs[to] = n
				to++
				m.impacts = append(m.impacts, c.impacts[i])
			}
		}
		m.postDocs = m.postDocs[:to]
	}
}

func (m *merger) forward() {
	words := 0
	for _, l := range m.from {
		words += len(l.forward)
	}
	m.to.forward = make([]uint32, 0, words)
	for i, l := range m.from {
		for d := range l.len() {
			if m.docs[i][d] == gone {
				continue
			}
			for _, list := range l.listsOf(d) {
				m.to.forward = append(m.to.forward, m.lists[i][list])
			}
			m.to.forwardEnds = append(m.to.forwardEnds, uint64(len(m.to.forward)))
		}
	}
}

func (m *merger) tags() {
	byTag := map[string][]uint32{}
	for i, l := range m.from {
		for tag := range l.tags.len() {
			name := strings.Clone(l.tags.at(tag))
			for list := l.tagPostings(tag); len(list) > 0; {
				var c chunk
				c, list = nextChunk(list, false)
				m.postDocs = c.appendDocs(m.postDocs[:0])
				for _, d := range m.postDocs {
					if n := m.docs[i][d]; n != gone {
						byTag[name] = append(byTag[name], n)
					}
				}
			}
		}
	}
	m.to.setTags(byTag)
}

// clip gives back the memory that growing left over.
func (s *segment) clip() {
	for _, a := range []*arena{&s.keys, &s.terms, &s.forms, &s.tags} {
		a.clip()
	}
	s.posts, s.tagDocs = clip(s.posts), clip(s.tagDocs)
	s.postEnds, s.forwardEnds, s.tagEnds = clip(s.postEnds), clip(s.forwardEnds), clip(s.tagEnds)
	s.sizes, s.firstList, s.listTerm, s.listLang, s.boost = clip(s.sizes), clip(s.firstList), clip(s.listTerm), clip(s.listLang), clip(s.boost)
}

func clip[T any](s []T) []T { return append(make([]T, 0, len(s)), s...) }
