// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"sort"
	"strings"

	"github.com/blevesearch/vellum"
)

// segment is a set of documents with everything needed to search them. It
// never changes once finished. Documents, terms, lists (a term in a language)
// and tags are numbered from 0; terms, lists and tags in sorted order.
type segment struct {
	keys  arena // by document
	byKey []uint32
	boost []float32

	terms     arena
	firstList []uint32 // by term, and the end
	listTerm  []uint32
	listLang  []uint16
	forms     arena // by list: the word as it first stood in a text; empty if equal to the term

	posts    []byte
	postEnds []uint64
	sizes    []uint32 // by list, cumulated: the number of documents of the lists before; one more for the end

	forward     []uint32 // by document: its lists, in order; plain, to be searched in place
	forwardEnds []uint64

	tags    arena
	tagDocs []byte
	tagEnds []uint64

	// What follows is derived from the above when the segment is finished or loaded.
	fst     *vellum.FST // over terms; nil in a small segment
	stems   classes     // language and stem: lists
	sounds  classes     // phonetic key: terms
	columns map[string]*column
}

// classes leads from a string to the numbers that belong to it.
type classes struct {
	keys    arena
	ends    []uint32
	members []uint32
}

func (c *classes) find(key string) []uint32 {
	i, ok := c.keys.find(key)
	if !ok {
		return nil
	}
	from := uint32(0)
	if i > 0 {
		from = c.ends[i-1]
	}
	return c.members[from:c.ends[i]]
}

// column holds for one class of tags which of them each document has, as
// places in tags: counting a facet walks over matches, not over tags.
type column struct {
	tags   []uint32 // numbers of the tags of the class
	first  []uint32 // by document, and the end
	places []uint32
}

func (s *segment) len() int { return s.keys.len() }

func bounds(ends []uint64, i int) (from, to uint64) {
	if i > 0 {
		from = ends[i-1]
	}
	return from, ends[i]
}

func (s *segment) postings(list uint32) []byte {
	from, to := bounds(s.postEnds, int(list))
	return s.posts[from:to]
}

func (s *segment) tagPostings(tag int) []byte {
	from, to := bounds(s.tagEnds, tag)
	return s.tagDocs[from:to]
}

// size is the number of documents in a range of lists, counted for each list.
func (s *segment) size(lo, hi int) int { return int(s.sizes[hi] - s.sizes[lo]) }

// lists returns the range of lists of a range of terms.
func (s *segment) lists(lo, hi int) (from, to int) { return int(s.firstList[lo]), int(s.firstList[hi]) }

// listsOf returns the lists that a document is in.
func (s *segment) listsOf(doc int) []uint32 {
	from, to := bounds(s.forwardEnds, doc)
	return s.forward[from:to]
}

// listsIn returns those of a document's lists that are in a range.
func (s *segment) listsIn(doc, lo, hi int) []uint32 {
	lists := s.listsOf(doc)
	lists = lists[firstFrom(lists, uint32(lo)):]
	for n, list := range lists {
		if int(list) >= hi {
			return lists[:n]
		}
	}
	return lists
}

// firstFrom is the place of the first number that is not below another.
func firstFrom(sorted []uint32, least uint32) int {
	lo, hi := 0, len(sorted)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if sorted[mid] < least {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// doc finds the number of a key.
func (s *segment) doc(key string) (int, bool) {
	i := sort.Search(len(s.byKey), func(i int) bool { return s.keys.at(int(s.byKey[i])) >= key })
	if i < len(s.byKey) && s.keys.at(int(s.byKey[i])) == key {
		return int(s.byKey[i]), true
	}
	return 0, false
}

// form is the word of a list as people wrote it.
func (s *segment) form(list int) string {
	if f := s.forms.at(list); f != "" {
		return f
	}
	return s.terms.at(int(s.listTerm[list]))
}

// classOf is the class of a tag; a bare word has none.
func classOf(tag string) (string, bool) {
	class, _, ok := strings.Cut(tag, ":")
	return class, ok
}

// langCode packs up to three letters of a language code, so that lists sort by it.
func langCode(lang string) uint16 {
	code := uint16(0)
	for i := range 3 {
		code <<= 5
		if i < len(lang) && lang[i]|0x20 >= 'a' && lang[i]|0x20 <= 'z' && !strings.ContainsAny(lang[:i], "-_") {
			code |= uint16(lang[i]&0x1F) & 31
		}
	}
	return code
}

func langName(code uint16) string {
	var name []byte
	for shift := 10; shift >= 0; shift -= 5 {
		if letter := code >> shift & 31; letter > 0 && letter <= 26 {
			name = append(name, byte('a'+letter-1))
		}
	}
	return string(name)
}
