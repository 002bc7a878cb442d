// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/blevesearch/vellum"

	"approdo/internal/kit/lang"
)

// fstFrom is the number of terms from which on a segment has an FST: below,
// running every term through the automaton is as fast.
const fstFrom = 1024

// finish derives what a bare segment needs to be searched.
func (s *segment) finish() error {
	var wait sync.WaitGroup
	var err error
	wait.Go(func() { err = s.makeFST() })
	wait.Go(func() { s.stems = s.makeStems() })
	s.sounds = s.makeSounds()
	s.byKey = make([]uint32, s.len())
	for i := range s.byKey {
		s.byKey[i] = uint32(i)
	}
	slices.SortFunc(s.byKey, func(a, b uint32) int { return strings.Compare(s.keys.at(int(a)), s.keys.at(int(b))) })
	s.makeColumns()
	wait.Wait()
	return err
}

func (s *segment) makeFST() error {
	if s.terms.len() < fstFrom {
		return nil
	}
	var out bytes.Buffer
	builder, err := vellum.New(&out, nil)
	if err != nil {
		return err
	}
	for i := range s.terms.len() {
		if err := builder.Insert([]byte(s.terms.at(i)), uint64(i)); err != nil {
			return err
		}
	}
	if err := builder.Close(); err != nil {
		return err
	}
	s.fst, err = vellum.Load(clip(out.Bytes()))
	return err
}

// classBuilder collects pairs of a string and a number.
type classBuilder struct {
	keys  arena
	pairs []uint32
}

func (b *classBuilder) add(key []byte, member uint32) {
	b.keys.bytes = append(b.keys.bytes, key...)
	b.keys.ends = append(b.keys.ends, uint32(len(b.keys.bytes)))
	b.pairs = append(b.pairs, member)
}

func (b *classBuilder) build() classes {
	order := make([]uint32, len(b.pairs))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortStableFunc(order, func(x, y uint32) int { return strings.Compare(b.keys.at(int(x)), b.keys.at(int(y))) })
	var c classes
	for _, i := range order {
		key := b.keys.at(int(i))
		if n := c.keys.len(); n == 0 || c.keys.at(n-1) != key {
			c.keys.add(key)
			c.ends = append(c.ends, 0)
		}
		c.members = append(c.members, b.pairs[i])
		c.ends[len(c.ends)-1] = uint32(len(c.members))
	}
	c.keys.clip()
	c.ends, c.members = clip(c.ends), clip(c.members)
	return c
}

// makeStems groups the lists of each language by stem.
func (s *segment) makeStems() classes {
	var b classBuilder
	var stems []string
	var key []byte
	for list, term := range s.listTerm {
		code := s.listLang[list]
		stems = lang.Stems(stems[:0], s.terms.at(int(term)), langName(code))
		for _, stem := range stems {
			key = stemKey(key, code, stem)
			b.add(key, uint32(list))
		}
	}
	return b.build()
}

func stemKey(key []byte, code uint16, stem string) []byte {
	return append(binary.BigEndian.AppendUint16(key[:0], code), stem...)
}

// shortestSound is the number of letters from which on a word is looked for by its sound.
const shortestSound = 4

// makeSounds groups the terms by sound.
func (s *segment) makeSounds() classes {
	var b classBuilder
	var key []byte
	for i := range s.terms.len() {
		term := s.terms.at(i)
		if !sounds(term) {
			continue
		}
		key = lang.Sound(key[:0], []byte(term))
		if len(key) > 0 {
			b.add(key, uint32(i))
		}
	}
	return b.build()
}

// sounds tells whether a word is looked for by its sound: no numbers, no Chinese.
func sounds(term string) bool {
	r, _ := utf8.DecodeRuneInString(term)
	return r > '9' && r < 0x2E80 && utf8.RuneCountInString(term) >= shortestSound
}

// makeColumns turns the tags that have a class into columns.
func (s *segment) makeColumns() {
	s.columns = map[string]*column{}
	for tag := range s.tags.len() {
		class, ok := classOf(s.tags.at(tag))
		if !ok {
			continue
		}
		c := s.columns[class]
		if c == nil {
			c = &column{first: make([]uint32, s.len()+1)}
			s.columns[strings.Clone(class)] = c
		}
		c.tags = append(c.tags, uint32(tag))
		s.eachTagged(tag, func(doc uint32) { c.first[doc+1]++ })
	}
	for _, c := range s.columns {
		for i := range s.len() {
			c.first[i+1] += c.first[i]
		}
		c.places = make([]uint32, c.first[s.len()])
		next := slices.Clone(c.first)
		for place, tag := range c.tags {
			s.eachTagged(int(tag), func(doc uint32) {
				c.places[next[doc]] = uint32(place)
				next[doc]++
			})
		}
	}
}

func (s *segment) eachTagged(tag int, do func(doc uint32)) {
	var docs []uint32
	for list := s.tagPostings(tag); len(list) > 0; {
		var c chunk
		c, list = nextChunk(list, false)
		docs = c.appendDocs(docs[:0])
		for _, d := range docs {
			do(d)
		}
	}
}
