// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
)

// check tells whether a segment that was read is sound, so that nothing in
// it, whoever made it, can lead a search out of bounds.
func (l *live) check() error {
	n, terms, lists := l.len(), l.terms.len(), len(l.listTerm)
	switch {
	case !l.keys.sound(false) || !l.terms.sound(true) || !l.forms.sound(false) || !l.tags.sound(true):
		return errors.New("broken strings")
	case n == 0 || len(l.boost) != n || len(l.forwardEnds) != n || n > math.MaxUint32/2:
		return errors.New("documents do not fit")
	case len(l.firstList) != terms+1 || len(l.listLang) != lists || l.forms.len() != lists || len(l.sizes) != lists+1 || len(l.postEnds) != lists:
		return errors.New("vocabulary does not fit")
	case len(l.tagEnds) != l.tags.len():
		return errors.New("tags do not fit")
	case !soundEnds(l.postEnds, len(l.posts)) || !soundEnds(l.forwardEnds, len(l.forward)) || !soundEnds(l.tagEnds, len(l.tagDocs)):
		return errors.New("lists do not fit")
	case l.sizes[0] != 0 || !l.soundVocabulary():
		return errors.New("broken vocabulary")
	case !l.soundDead():
		return errors.New("broken deletions")
	}
	for list := range lists {
		size, ok := soundChunks(l.postings(uint32(list)), n, true)
		if !ok || size == 0 || uint64(size) != uint64(l.sizes[list+1])-uint64(l.sizes[list]) {
			return errors.New("broken posting list")
		}
	}
	for tag := range l.tags.len() {
		if _, ok := soundChunks(l.tagPostings(tag), n, false); !ok {
			return errors.New("broken list of a tag")
		}
	}
	for doc := range n {
		if !l.soundForward(doc) {
			return errors.New("broken list of a document")
		}
	}
	return nil
}

func (a *arena) sound(sorted bool) bool {
	last := uint32(0)
	for _, end := range a.ends {
		if end < last || uint64(end) > uint64(len(a.bytes)) {
			return false
		}
		last = end
	}
	for i := 1; sorted && i < a.len(); i++ {
		if a.at(i-1) >= a.at(i) {
			return false
		}
	}
	return true
}

func soundEnds(ends []uint64, size int) bool {
	last := uint64(0)
	for _, end := range ends {
		if end < last || end > uint64(size) {
			return false
		}
		last = end
	}
	return true
}

// soundVocabulary tells whether every term has lists and every list its term.
func (l *live) soundVocabulary() bool {
	if l.firstList[0] != 0 || uint64(l.firstList[l.terms.len()]) != uint64(len(l.listTerm)) {
		return false
	}
	for t := range l.terms.len() {
		from, to := l.firstList[t], l.firstList[t+1]
		if from >= to || uint64(to) > uint64(len(l.listTerm)) {
			return false
		}
		for list := from; list < to; list++ {
			if l.listTerm[list] != uint32(t) || list > from && l.listLang[list] <= l.listLang[list-1] {
				return false
			}
		}
	}
	return true
}

func (l *live) soundDead() bool {
	if len(l.dead) == 0 {
		l.dead = nil
		return true
	}
	if len(l.dead) != (l.len()+63)/64 {
		return false
	}
	beyond := l.len() & 63
	return beyond == 0 || l.dead[len(l.dead)-1]>>beyond == 0
}

// soundChunks checks a list and counts its documents.
func soundChunks(list []byte, docs int, impacts bool) (size int, ok bool) {
	window := -1
	for len(list) > 0 {
		if len(list) < 4 {
			return 0, false
		}
		count := int(binary.LittleEndian.Uint16(list[2:])) + 1
		need := 4 + 2*count
		if count >= denseFrom {
			need = 4 + bitmapSize + rankSize
		}
		if impacts {
			need += count
		}
		if len(list) < need {
			return 0, false
		}
		var c chunk
		c, list = nextChunk(list, impacts)
		if c.window <= window || !c.sound(docs-c.window<<windowBits) {
			return 0, false
		}
		window = c.window
		size += c.count
	}
	return size, true
}

// sound checks a chunk of a window with so many documents.
func (c *chunk) sound(docs int) bool {
	if c.ranks == nil {
		last := -1
		for i := range c.count {
			d := int(c.doc(i))
			if d <= last || d >= docs {
				return false
			}
			last = d
		}
		return true
	}
	rank := 0
	for w := range windowWords {
		if w%rankEvery == 0 && c.rankBefore(w) != rank {
			return false
		}
		word := c.word(w)
		if word != 0 && w<<6+63-bits.LeadingZeros64(word) >= docs {
			return false
		}
		rank += bits.OnesCount64(word)
	}
	return rank == c.count
}

func (l *live) soundForward(doc int) bool {
	last := -1
	for _, list := range l.listsOf(doc) {
		if int(list) <= last || int(list) >= len(l.listTerm) {
			return false
		}
		last = int(list)
	}
	return true
}
