// SPDX-License-Identifier: EUPL-1.2

package search

import "unicode/utf8"

// automaton accepts the words within one or two typing mistakes of a word:
// a letter too many, missing, another one, or two neighbours swapped. It runs
// the nondeterministic automaton with one bit for each letter of the word
// (bit i set: i letters consumed), over UTF-8 bytes, and fits vellum's search.
// Vellum's own builds a deterministic one for each word, which costs more than
// the search itself and leaves much garbage; this one reuses its memory.
type automaton struct {
	letters []rune
	goal    uint64
	most    int  // mistakes allowed
	prefix  bool // accept every word that continues an accepted one
	states  []state
}

// state is a set of positions for each number of mistakes, the positions in
// the middle of a swap, and the bytes of a rune that is not whole yet.
type state struct {
	at      [3]uint64
	swap    [3]uint64
	partial rune
	missing int8
	done    int8 // in prefix mode: mistakes of the accepted beginning plus one
}

const (
	longestFuzzy = 40 // letters; a longer word is not corrected
	deadState    = 0
	firstState   = 1
)

func (a *automaton) reset(word string, most int, prefix bool) bool {
	a.letters = a.letters[:0]
	for _, r := range word {
		a.letters = append(a.letters, r)
	}
	if len(a.letters) > longestFuzzy {
		return false
	}
	a.goal, a.most, a.prefix = 1<<len(a.letters), most, prefix
	first := state{}
	first.at[0] = 1
	for e := 1; e <= most; e++ {
		first.at[e] = first.at[e-1] | first.at[e-1]<<1
	}
	a.states = append(a.states[:0], state{}, first)
	return true
}

// Start, IsMatch, CanMatch, WillAlwaysMatch and Accept are vellum.Automaton.
func (a *automaton) Start() int { return firstState }

// IsMatch tells whether the bytes so far are a word within the mistakes.
func (a *automaton) IsMatch(s int) bool { return a.mistakes(s) >= 0 }

// CanMatch tells whether more bytes can lead to a match.
func (a *automaton) CanMatch(s int) bool { return s != deadState }

// WillAlwaysMatch tells whether any continuation matches.
func (a *automaton) WillAlwaysMatch(s int) bool { return a.states[s].done > 0 }

// Accept takes one byte.
func (a *automaton) Accept(s int, b byte) int {
	if s == deadState {
		return deadState
	}
	from := a.states[s] // a copy: append may move the states
	if from.done > 0 {
		return s
	}
	switch {
	case b < utf8.RuneSelf:
		from.partial = rune(b)
	case b >= 0xC0:
		from.missing = 1
		from.partial = rune(b & 0x1F)
		if b >= 0xE0 {
			from.missing, from.partial = 2, rune(b&0x0F)
		}
		if b >= 0xF0 {
			from.missing, from.partial = 3, rune(b&0x07)
		}
		return a.push(from)
	default:
		from.partial = from.partial<<6 | rune(b&0x3F)
		if from.missing--; from.missing > 0 {
			return a.push(from)
		}
	}
	return a.step(&from)
}

func (a *automaton) push(s state) int {
	a.states = append(a.states, s)
	return len(a.states) - 1
}

// step takes a whole rune.
func (a *automaton) step(from *state) int {
	var mask uint64
	for i, r := range a.letters {
		if r == from.partial {
			mask |= 1 << i
		}
	}
	var to state
	all := a.goal<<1 - 1
	alive := uint64(0)
	for e := 0; e <= a.most; e++ {
		next := (from.at[e] & mask) << 1
		if e > 0 {
			next |= from.at[e-1]                    // a letter too many
			next |= from.at[e-1] << 1               // another letter
			next |= to.at[e-1] << 1                 // a letter missing
			next |= (from.swap[e] & mask) << 2      // the second of two swapped
			to.swap[e] = from.at[e-1] & (mask >> 1) // the first of two swapped
		}
		to.at[e] = next & all
		alive |= to.at[e] | to.swap[e]
	}
	if alive == 0 {
		return deadState
	}
	if a.prefix {
		for e := 0; e <= a.most; e++ {
			if to.at[e]&a.goal != 0 {
				to.done = int8(e + 1)
				break
			}
		}
	}
	return a.push(to)
}

// mistakes is the least number of mistakes in a state, -1 if it is no match.
func (a *automaton) mistakes(s int) int {
	st := &a.states[s]
	if st.done > 0 {
		return int(st.done) - 1
	}
	if st.missing > 0 {
		return -1
	}
	for e := 0; e <= a.most; e++ {
		if st.at[e]&a.goal != 0 {
			return e
		}
	}
	return -1
}

// distance runs a word through the automaton and forgets the states it took,
// so that a search that is under way keeps its own.
func (a *automaton) distance(word string) int {
	n := len(a.states)
	defer func() { a.states = a.states[:n] }()
	s := firstState
	for i := 0; i < len(word) && s != deadState; i++ {
		s = a.Accept(s, word[i])
	}
	return a.mistakes(s)
}
