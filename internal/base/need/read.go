// SPDX-License-Identifier: EUPL-1.2

package need

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"approdo/internal/kit/lang"
)

// Reading is a need that a question may be about, and how surely, from 0 to 1.
type Reading struct {
	Code  string
	Score float64
}

// Sure: the question is about this need, in so many words.
func (r Reading) Sure() bool { return r.Score >= 0.7 }

// Likely: the question may well be about this need.
func (r Reading) Likely() bool { return r.Score >= 0.45 }

// How much a word of the question counts when it is found as something else than itself.
const (
	matchExact  = 1.0
	matchStem   = 0.92
	matchPrefix = 0.8
	matchTypo   = 0.75
	// A letter changed in a short word makes another word as often as a misspelt one.
	matchShortTypo = 0.6
	matchSound     = 0.6
)

// Shares of the score, and where readings are cut.
const (
	shareBag      = 0.7  // of all the words of a need together in a long question; the rest is for its best term
	otherLanguage = 0.93 // a term in another language than that of the person
	topCategory   = 0.9  // a top category against the needs under it
	leastScore    = 0.22
	leastRatio    = 0.5 // of the best reading
	mostReadings  = 6
	everywhere    = 0.4 // a word that so many needs have tells nothing
	unknownMass   = 2.5 // of a word that no term has
)

// Read tells what a question is about, surest first. Language is that of the person (it only breaks
// ties: people mix languages); typing means that the last word may be unfinished.
func Read(question, language string, typing bool) []Reading {
	x := indexed()
	words := x.question(question, language, typing)
	if len(words) == 0 {
		return nil
	}
	var mass float64
	for _, w := range words {
		mass += w.mass
	}
	if mass == 0 {
		return nil
	}
	scratch := x.tallies.Get().(*tally)
	defer x.tallies.Put(scratch)
	best := make([]float64, len(x.needs))
	x.matches(scratch, words, func(t int32, m float64) {
		term := &x.terms[t]
		explained, covered := m/mass, m/term.mass
		score := math.Sqrt(explained * covered)
		if term.language != language && language != "" {
			score *= otherLanguage
		}
		best[term.need] = max(best[term.need], score)
	})
	bag := x.bags(scratch, words)
	// One word alone says no more than the terms that it stands in.
	together := shareBag * (1 - 1/float64(len(words)))
	var list []Reading
	for i, n := range x.needs {
		if best[i] == 0 {
			continue
		}
		score := (1-together)*best[i] + together*bag[i]/mass
		if n.Top() {
			score *= topCategory
		}
		list = append(list, Reading{n.Code, math.Min(score, 1)})
	}
	slices.SortStableFunc(list, func(a, b Reading) int { return cmp.Compare(b.Score, a.Score) })
	for i, r := range list {
		if r.Score < leastScore || r.Score < leastRatio*list[0].Score || i == mostReadings {
			return list[:i]
		}
	}
	return list
}

// index is every word of every term of every language.
type index struct {
	needs   []Need
	terms   []term
	words   map[string]int32
	list    []vocable
	stems   map[string][]int32
	sounds  map[string][]int32
	deletes map[string][]int32 // a word, and it without each of its letters
	heads   map[string][]int32 // the first four letters of longer words
	tallies sync.Pool
}

type term struct {
	need     int32
	language string
	mass     float64
}

type vocable struct {
	text  []rune
	mass  float64 // how much it tells needs apart
	terms []int32
	needs []int32
}

// asked is a word of the question and the words of the terms that it may be.
type asked struct {
	mass    float64
	matches []match
}

type match struct {
	word   int32
	weight float64
}

var indexed = sync.OnceValue(buildIndex)

func buildIndex() *index {
	x := &index{needs: All(), words: map[string]int32{}, stems: map[string][]int32{}, sounds: map[string][]int32{}, deletes: map[string][]int32{}, heads: map[string][]int32{}}
	var cut lang.Tokenizer
	var wordsOf [][]int32
	for i, n := range x.needs {
		for _, language := range lang.All {
			w := n.words[language]
			for _, text := range append([]string{w.Name}, w.Terms...) {
				ids := x.add(cut.Tokens(nil, text, language), language)
				if len(ids) == 0 {
					continue
				}
				t := int32(len(x.terms))
				x.terms = append(x.terms, term{need: int32(i), language: language})
				wordsOf = append(wordsOf, ids)
				for _, id := range ids {
					v := &x.list[id]
					v.terms = append(v.terms, t)
					if len(v.needs) == 0 || v.needs[len(v.needs)-1] != int32(i) {
						v.needs = append(v.needs, int32(i))
					}
				}
			}
		}
	}
	for i := range x.list {
		v := &x.list[i]
		if float64(len(v.needs)) < everywhere*float64(len(x.needs)) {
			v.mass = math.Log(1 + float64(len(x.needs))/float64(len(v.needs)))
		}
	}
	for t, ids := range wordsOf {
		for _, id := range ids {
			x.terms[t].mass += x.list[id].mass
		}
	}
	x.tallies.New = func() any {
		return &tally{total: make([]float64, len(x.terms)), best: make([]float64, len(x.terms))}
	}
	return x
}

// add gives the words of a term, each once, and learns the new ones.
func (x *index) add(tokens []lang.Token, language string) []int32 {
	var ids []int32
	for _, token := range tokens {
		if token.Kind == lang.Unigram {
			continue
		}
		text := string(token.Text)
		id, known := x.words[text]
		if !known {
			id = int32(len(x.list))
			x.words[text] = id
			x.list = append(x.list, vocable{text: []rune(text)})
			x.learn(id, token, text)
		}
		for _, stem := range lang.Stems(nil, text, language) {
			if !slices.Contains(x.stems[stem], id) {
				x.stems[stem] = append(x.stems[stem], id)
			}
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (x *index) learn(id int32, token lang.Token, text string) {
	if token.Kind != lang.Word {
		return
	}
	if sound := string(lang.Sound(nil, []byte(text))); len(sound) >= 3 {
		x.sounds[sound] = append(x.sounds[sound], id)
	}
	letters := x.list[id].text
	if len(letters) >= 4 {
		for _, d := range withoutOne(letters) {
			x.deletes[d] = append(x.deletes[d], id)
		}
	}
	if len(letters) >= 5 {
		head := string(letters[:4])
		x.heads[head] = append(x.heads[head], id)
	}
}

// withoutOne gives a word and what is left of it without each letter: two words that share one of
// these differ by a letter more, less, changed or moved (Garbe's symmetric deletes).
func withoutOne(letters []rune) []string {
	out := []string{string(letters)}
	for i := range letters {
		out = append(out, string(letters[:i])+string(letters[i+1:]))
	}
	return out
}
