// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"approdo/internal/kit/lang"
)

// runSize is the number of documents analysed at once. Build makes runs side
// by side and merges them; Put makes one.
const runSize = 8192

// analyser turns texts into postings. One for each goroutine.
type analyser struct {
	options Options
	tok     lang.Tokenizer
	tokens  []lang.Token
	key     []byte

	words wordTable
	found []word
	posts []post

	counts  []wordCount // by word, for the document at hand
	touched []uint32
	slots   []uint16 // languages of the document at hand
	lengths [][Fields]float32
}

// word is a term in a language.
type word struct {
	term string
	form string
	head uint64 // the first bytes of the term, to sort by
	lang uint16
	slot uint16 // of the language in the document at hand
	size uint32
}

type wordCount struct{ field [Fields]uint16 }

// post is a word in a document.
type post struct {
	word   uint32
	doc    uint16
	impact byte
}

func newAnalyser(o Options) *analyser {
	return &analyser{options: o}
}

// run makes a bare segment: searchable only after finish.
func (a *analyser) run(docs []Document) *segment {
	a.words.reset()
	a.found, a.posts, a.counts = a.found[:0], a.posts[:0], a.counts[:0]
	s := &segment{}
	for i := range docs {
		a.document(uint16(i), &docs[i])
		s.keys.add(docs[i].Key)
		s.boost = append(s.boost, docs[i].Boost)
	}
	rank := a.vocabulary(s)
	a.invert(s, rank)
	collectTags(s, docs)
	return s
}

func (a *analyser) document(doc uint16, d *Document) {
	a.touched = a.touched[:0]
	a.slots, a.lengths = a.slots[:0], a.lengths[:0]
	for i := range d.Texts {
		a.text(&d.Texts[i])
	}
	for _, w := range a.touched {
		count := &a.counts[w]
		lengths := &a.lengths[a.found[w].slot]
		weight, heaviest := float32(0), uint8(Fields)
		for f := range uint8(Fields) {
			if n := count.field[f]; n > 0 {
				o := a.options.Fields[f]
				weight += o.Weight * float32(n) / (1 - lengthShare + lengthShare*max(1, lengths[f]/o.Length))
				heaviest = min(heaviest, f)
			}
		}
		a.posts = append(a.posts, post{w, doc, impactByte(heaviest, weight/(weight+saturation))})
		a.found[w].size++
		*count = wordCount{}
	}
}

// The constants of BM25F: how much the length of a text matters, and the
// weight at which a word has half of its effect.
const (
	lengthShare = 0.6
	saturation  = 3
)

func (a *analyser) text(t *Text) {
	code := langCode(t.Lang)
	a.tokens = a.tok.Tokens(a.tokens[:0], t.Text, t.Lang)
	field := t.Field & (Fields - 1)
	slot := slices.Index(a.slots, code)
	if slot < 0 {
		slot = len(a.slots)
		a.slots, a.lengths = append(a.slots, code), append(a.lengths, [Fields]float32{})
	}
	for i := range a.tokens {
		token := &a.tokens[i]
		if token.Stop {
			continue
		}
		if token.Kind != lang.Unigram {
			a.lengths[slot][field]++
		}
		a.key = binary.BigEndian.AppendUint16(a.key[:0], code)
		a.key = append(a.key, token.Text...)
		w, ok := a.words.find(a.key)
		if !ok {
			a.learn(token, t.Text[token.Start:token.End], code)
		}
		count := &a.counts[w]
		if *count == (wordCount{}) {
			a.touched = append(a.touched, w)
			a.found[w].slot = uint16(slot)
		}
		if count.field[field] < 1<<15 {
			count.field[field]++
		}
	}
}

// learn adds the word in a.key, which the table has just numbered.
func (a *analyser) learn(token *lang.Token, written string, code uint16) {
	term := string(token.Text)
	form := strings.ToLower(written)
	if form == term || len(form) > 2*len(term)+8 {
		form = ""
	}
	var head [8]byte
	copy(head[:], term)
	a.found = append(a.found, word{term: term, form: form, lang: code, head: binary.BigEndian.Uint64(head[:])})
	a.counts = append(a.counts, wordCount{})
}

// vocabulary sorts the words into terms and lists and returns the list of each word.
func (a *analyser) vocabulary(s *segment) []uint32 {
	order := make([]uint32, len(a.found))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(x, y uint32) int {
		v, w := &a.found[x], &a.found[y]
		if v.head != w.head {
			return cmp.Compare(v.head, w.head)
		}
		return cmp.Or(strings.Compare(v.term, w.term), cmp.Compare(v.lang, w.lang))
	})
	rank := make([]uint32, len(order))
	s.sizes = append(s.sizes, 0)
	for list, w := range order {
		rank[w] = uint32(list)
		s.addList(a.found[w].term, a.found[w].lang, a.found[w].form, a.found[w].size)
	}
	s.firstList = append(s.firstList, uint32(len(order)))
	return rank
}

// addList appends a list to the vocabulary; lists come in sorted order.
func (s *segment) addList(term string, code uint16, form string, size uint32) {
	if n := s.terms.len(); n == 0 || s.terms.at(n-1) != term {
		s.terms.add(term)
		s.firstList = append(s.firstList, uint32(len(s.listTerm)))
	}
	s.listTerm = append(s.listTerm, uint32(s.terms.len()-1))
	s.listLang = append(s.listLang, code)
	s.forms.add(form)
	s.sizes = append(s.sizes, s.sizes[len(s.sizes)-1]+size)
}

// invert sorts the postings by list (they already are by document) and encodes
// them, then the other way round: the lists of each document.
func (a *analyser) invert(s *segment, rank []uint32) {
	next := slices.Clone(s.sizes)
	docs := make([]uint32, len(a.posts))
	impacts := make([]byte, len(a.posts))
	for _, p := range a.posts {
		at := &next[rank[p.word]]
		docs[*at], impacts[*at] = uint32(p.doc), p.impact
		*at++
	}
	lists := make([]uint32, len(a.posts)) // by document, in order
	at := make([]uint32, s.len()+1)
	for _, p := range a.posts {
		at[p.doc+1]++
	}
	for i := range s.len() {
		at[i+1] += at[i]
	}
	ends := slices.Clone(at[:s.len()])
	for list := range s.listTerm {
		from, to := s.sizes[list], s.sizes[list+1]
		s.posts = appendChunks(s.posts, docs[from:to], impacts[from:to])
		s.postEnds = append(s.postEnds, uint64(len(s.posts)))
		for _, d := range docs[from:to] {
			lists[ends[d]] = uint32(list)
			ends[d]++
		}
	}
	s.forward = lists
	for _, end := range ends {
		s.forwardEnds = append(s.forwardEnds, uint64(end))
	}
}

// collectTags inverts the tags of documents.
func collectTags(s *segment, docs []Document) {
	byTag := map[string][]uint32{}
	for i := range docs {
		for _, tag := range docs[i].Tags {
			list := byTag[tag]
			if len(list) == 0 || list[len(list)-1] != uint32(i) { // a tag given twice counts once
				byTag[tag] = append(list, uint32(i))
			}
		}
	}
	s.setTags(byTag)
}

func (s *segment) setTags(byTag map[string][]uint32) {
	tags := make([]string, 0, len(byTag))
	for tag := range byTag {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	for _, tag := range tags {
		s.tags.add(tag)
		s.tagDocs = appendChunks(s.tagDocs, byTag[tag], nil)
		s.tagEnds = append(s.tagEnds, uint64(len(s.tagDocs)))
	}
}
