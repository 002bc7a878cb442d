// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"encoding/binary"
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

	forward     []byte // by document: its lists, as gaps
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

// appendLists decodes the lists that a document is in.
func (s *segment) appendLists(dst []uint32, doc int) []uint32 {
	from, to := bounds(s.forwardEnds, doc)
	list := uint32(0)
	for b := s.forward[from:to]; len(b) > 0; {
		gap, n := binary.Uvarint(b)
		list += uint32(gap)
		dst = append(dst, list)
		b = b[n:]
	}
	return dst
}

// hasListIn tells whether a document is in any list of a range.
func (s *segment) hasListIn(doc, lo, hi int) bool {
	from, to := bounds(s.forwardEnds, doc)
	list := 0
	for b := s.forward[from:to]; len(b) > 0; {
		gap, n := uint64(b[0]), 1
		if gap >= 0x80 {
			gap, n = binary.Uvarint(b)
		}
		list += int(gap)
		if list >= lo {
			return list < hi
		}
		b = b[n:]
	}
	return false
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
