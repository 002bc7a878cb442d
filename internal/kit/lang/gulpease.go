// SPDX-License-Identifier: EUPL-1.2

package lang

import (
	"math"
	"unicode"
)

// Measured is what a text is made of, for whoever writes plainly.
type Measured struct {
	Letters   int // letters and digits
	Words     int
	Sentences int
	// Longest is the number of words of the longest sentence.
	Longest int
}

// Measure counts the letters, words and sentences of a text. A sentence ends with . ! ? … : ; or a
// line; what has no word is no sentence. A run of Chinese counts each sign as a word.
func Measure(text string) Measured {
	var m Measured
	words, inWord := 0, false
	end := func() {
		if words > 0 {
			m.Sentences++
			m.Longest = max(m.Longest, words)
		}
		words = 0
	}
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case unicode.Is(unicode.Han, r):
			m.Letters++
			m.Words++
			words++
			inWord = false
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && inWord:
			if !unicode.IsMark(r) {
				m.Letters++
			}
			if !inWord {
				m.Words++
				words++
			}
			inWord = true
		default:
			inWord = false
			if ends(runes, i) {
				end()
			}
		}
	}
	end()
	return m
}

// ends says whether the sign at i ends a sentence. A point inside a number or an abbreviation
// ("9.30", "n. 5" stays one sentence only where a digit follows at once) does not.
func ends(runes []rune, i int) bool {
	switch runes[i] {
	case '!', '?', '…', ';', ':', '\n', '。', '؟', '！', '？', '۔':
		return !(runes[i] == ':' && between(runes, i))
	case '.':
		return !between(runes, i)
	}
	return false
}

// between says whether digits stand on both sides.
func between(runes []rune, i int) bool {
	return i > 0 && i+1 < len(runes) && unicode.IsDigit(runes[i-1]) && unicode.IsDigit(runes[i+1])
}

// Gulpease is how easily an Italian text is read, from 0 to 100: below 80 it is hard for who has
// finished primary school, below 60 for lower secondary school, below 40 for upper secondary school.
// It is 89 + (300 × sentences − 10 × letters) / words (Lucisano and Piemontese, "Gulpease: una formula
// per la predizione della difficoltà dei testi in lingua italiana", Scuola e città 3, 1988). ok is
// false for a text without words.
func (m Measured) Gulpease() (index int, ok bool) {
	if m.Words == 0 {
		return 0, false
	}
	v := 89 + float64(300*m.Sentences-10*m.Letters)/float64(m.Words)
	return int(math.Round(min(max(v, 0), 100))), true
}
