// SPDX-License-Identifier: EUPL-1.2

package need

import (
	"strings"

	"approdo/internal/kit/lang"
)

// question cuts a question into words and finds what each may be.
func (x *index) question(text, language string, typing bool) []asked {
	var cut lang.Tokenizer
	tokens := cut.Tokens(nil, text, language)
	var words []asked
	for i, token := range tokens {
		if token.Kind == lang.Unigram {
			continue
		}
		last := typing && i == len(tokens)-1
		words = append(words, x.ask(token, language, last))
	}
	return words
}

func (x *index) ask(token lang.Token, language string, unfinished bool) asked {
	text := string(token.Text)
	a := asked{mass: unknownMass}
	seen := map[int32]bool{}
	add := func(ids []int32, weight float64) {
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				a.matches = append(a.matches, match{id, weight})
			}
		}
	}
	id, known := x.words[text]
	if known {
		add([]int32{id}, matchExact)
		a.mass = x.list[id].mass
	}
	if token.Kind != lang.Word {
		return a
	}
	x.askStems(text, language, add)
	letters := []rune(text)
	if unfinished || !known || bends(language) {
		add(x.beginning(letters, unfinished), matchPrefix)
	}
	if !known && len(letters) >= 4 {
		if len(letters) < 6 {
			add(x.typos(letters), matchShortTypo)
		} else {
			add(x.typos(letters), matchTypo)
		}
		if len(a.matches) == 0 {
			a.hear(x, token.Text)
		}
	}
	if !known && len(a.matches) > 0 {
		a.mass = 0
		for _, m := range a.matches {
			a.mass = max(a.mass, x.list[m.word].mass)
		}
	}
	if token.Stop {
		a.mass = min(a.mass, 0.4)
	}
	return a
}

// leastAlike is how alike two words of one phonetic key must sound when their vowels count too.
const leastAlike = 0.6

// hear adds the words that sound like an unknown one: an Italian word as heard, in another script.
func (a *asked) hear(x *index, text []byte) {
	sound := lang.Sound(nil, text)
	if len(sound) < 3 {
		return
	}
	heard := lang.Romanize(nil, text)
	for _, id := range x.sounds[string(sound)] {
		said := lang.Romanize(nil, []byte(string(x.list[id].text)))
		alike := 1 - float64(distance(heard, said))/float64(max(len(heard), len(said), 1))
		if alike >= leastAlike {
			a.matches = append(a.matches, match{id, matchSound + (1-matchSound)*(alike-leastAlike)/2})
		}
	}
}

// distance is that of Levenshtein.
func distance(a, b []byte) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before := row[0]
		row[0] = i + 1
		for j := range b {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(row[j]+1, row[j+1]+1, change)
		}
	}
	return row[len(b)]
}

// bends tells whether words of a language change at the end and no stemmer undoes it.
func bends(language string) bool {
	switch language {
	case "uk", "sq", "bn", "ur":
		return true
	}
	return false
}

// askStems tries the stemmers of the person's language and of Italian and English, which everybody mixes in.
func (x *index) askStems(text, language string, add func([]int32, float64)) {
	tried := ""
	for _, l := range []string{language, "it", "en"} {
		if strings.Contains(tried, l) {
			continue
		}
		tried += l + " "
		for _, stem := range lang.Stems(nil, text, l) {
			add(x.stems[stem], matchStem)
		}
	}
}

// beginning finds words that begin alike: all that continue an unfinished word, else those that
// differ only in a short ending (languages without a stemmer bend their words at the end).
func (x *index) beginning(letters []rune, unfinished bool) []int32 {
	if len(letters) < 4 || !unfinished && len(letters) < 5 {
		return nil
	}
	var out []int32
	for _, id := range x.heads[string(letters[:4])] {
		word := x.list[id].text
		n := shared(letters, word)
		switch {
		case unfinished && n == len(letters):
			out = append(out, id)
		case n >= 4 && n >= len(letters)-3 && n >= len(word)-3 && 4*n >= 3*min(len(letters), len(word)):
			out = append(out, id)
		}
	}
	return out
}

func shared(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func (x *index) typos(letters []rune) []int32 {
	var out []int32
	for _, d := range withoutOne(letters) {
		out = append(out, x.deletes[d]...)
	}
	return out
}

// tally is the memory of one reading, used again for the next.
type tally struct {
	total, best []float64 // by term, then by need
	touched     []int32
	seen        []int32
}

// matches adds up, for each term that shares a word with the question, the mass they share, and
// yields every such term.
func (x *index) matches(t *tally, words []asked, yield func(term int32, mass float64)) {
	x.sum(t, words, func(v *vocable) []int32 { return v.terms })
	for _, id := range t.seen {
		yield(id, t.total[id])
	}
	t.clear()
}

// bags adds up, for each need, the mass of the question's words that any of its terms has.
func (x *index) bags(t *tally, words []asked) []float64 {
	x.sum(t, words, func(v *vocable) []int32 { return v.needs })
	bags := make([]float64, len(x.needs))
	for _, id := range t.seen {
		bags[id] = t.total[id]
	}
	t.clear()
	return bags
}

func (x *index) sum(t *tally, words []asked, of func(*vocable) []int32) {
	for _, w := range words {
		for _, m := range w.matches {
			v := &x.list[m.word]
			gain := m.weight * min(w.mass, v.mass)
			if gain == 0 {
				continue
			}
			for _, id := range of(v) {
				if t.best[id] == 0 {
					t.touched = append(t.touched, id)
				}
				t.best[id] = max(t.best[id], gain)
			}
		}
		for _, id := range t.touched {
			if t.total[id] == 0 {
				t.seen = append(t.seen, id)
			}
			t.total[id] += t.best[id]
			t.best[id] = 0
		}
		t.touched = t.touched[:0]
	}
}

func (t *tally) clear() {
	for _, id := range t.seen {
		t.total[id] = 0
	}
	t.seen = t.seen[:0]
}
