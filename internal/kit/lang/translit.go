// SPDX-License-Identifier: EUPL-1.2

package lang

import "unicode/utf8"

// The sounds of Italian words as they are heard and written in other scripts.
// Both forms are written with these letters: k g C (ci) j (gi) s S (sci) z t d
// p b f m n l r and the vowels a i u (e counts as i, o as u, since Arabic and
// Urdu write them alike and listeners confuse them).

// Romanize appends how a folded word sounds, with vowels, in Latin letters:
// "soggiorno", "соджорно" and "سوجورنو" all give "sujurnu". An
// unwritten vowel stays unwritten.
func Romanize(dst, word []byte) []byte {
	start := len(dst)
	for i := 0; i < len(word); {
		if word[i] < utf8.RuneSelf {
			var n int
			dst, n = latinSound(dst, word, i)
			i += n
			continue
		}
		r, size := utf8.DecodeRune(word[i:])
		if s, ok := sounds[r]; ok {
			dst = append(dst, s...)
		} else if isBengaliConsonant(r) { // a letter without a known sound
			dst = append(dst, 'h')
		}
		i += size
	}
	return mergeSounds(dst, start)
}

// mergeSounds joins what several scripts write with two letters, and doubles.
func mergeSounds(dst []byte, start int) []byte {
	out := dst[:start]
	for i := start; i < len(dst); i++ {
		c := dst[i]
		last := byte(0)
		if len(out) > start {
			last = out[len(out)-1]
		}
		switch {
		case c == last, c == 'h', c == 'i' && last == 'j':
			continue
		case (c == 'S' || c == 'C') && last == 't': // тш, تش
			out[len(out)-1] = 'C'
		case (c == 'j' || c == 'z' || c == 'Z') && last == 'd': // дж, дз
			if c == 'z' {
				out[len(out)-1] = 'z'
			} else {
				out[len(out)-1] = 'j'
			}
		case (c == 's' || c == 'z') && last == 't': // тс: the Italian z
			out[len(out)-1] = 'z'
		case c == 'Z':
			out = append(out, 'j')
		default:
			out = append(out, c)
		}
	}
	return out
}

// Sound appends the phonetic key of a folded word: the consonants of its
// Romanize form, with those that some script does not tell apart made equal,
// and a mark for a vowel at the beginning. Words with one key sound alike;
// compare their Romanize forms to know how much. A word of fewer than two
// consonants has no key.
func Sound(dst, word []byte) []byte {
	var space [96]byte
	sound := Romanize(space[:0], word)
	start := len(dst)
	consonants := 0
	for i, c := range sound {
		switch c {
		case 'a', 'i', 'u':
			if i == 0 {
				dst = append(dst, 'a')
			}
			continue
		case 'g':
			c = 'k'
		case 'p':
			c = 'b'
		case 'z', 'S':
			c = 's'
		case 'C':
			c = 'j'
		}
		consonants++
		if n := len(dst); n > start && dst[n-1] == c {
			continue
		}
		dst = append(dst, c)
	}
	if consonants < 2 {
		return dst[:start]
	}
	return dst
}

// latinSound appends the sound of the Latin letters at i, read the Italian
// way, with the spellings of other languages that Italian does not have, and
// tells how many letters it took.
func latinSound(dst, w []byte, i int) ([]byte, int) {
	at := func(n int) byte {
		if i+n < len(w) {
			return w[i+n]
		}
		return 0
	}
	soft := func(c byte) bool { return c == 'e' || c == 'i' }
	a, b := at(0), at(1)
	switch a {
	case 'a':
		return append(dst, 'a'), 1
	case 'e', 'i', 'y':
		return append(dst, 'i'), 1
	case 'o', 'u', 'w':
		return append(dst, 'u'), 1
	case 'h':
		return dst, 1
	case 'c':
		return cSound(dst, b, at(2))
	case 'g':
		switch {
		case b == 'h':
			return append(dst, 'g'), 2
		case b == 'j':
			return append(dst, 'j'), 2
		case b == 'n':
			return append(dst, 'n'), 2
		case b == 'l' && at(2) == 'i':
			return append(dst, 'l'), 2
		case b == 'g' && soft(at(2)), soft(b):
			return softened(append(dst, 'j'), w, i)
		}
		return append(dst, 'g'), 1
	case 's':
		if b == 'c' && soft(at(2)) {
			return append(dst, 'S'), 2
		}
		if b == 'h' {
			return append(dst, 'S'), 2
		}
		return append(dst, 's'), 1
	case 'z', 'x':
		if b == 'h' {
			return append(dst, 'j'), 2
		}
		if a == 'x' {
			return append(dst, 'k', 's'), 1
		}
		return append(dst, 'z'), 1
	case 'q':
		if b == 'u' {
			return append(dst, 'k', 'u'), 2
		}
		return append(dst, 'k'), 1
	case 'p':
		if b == 'h' {
			return append(dst, 'f'), 2
		}
		return append(dst, 'p'), 1
	case 'v':
		return append(dst, 'f'), 1
	}
	if a >= '0' && a <= '9' || a >= 'a' && a <= 'z' {
		return append(dst, a), 1
	}
	return dst, 1
}

func cSound(dst []byte, b, c byte) ([]byte, int) {
	switch {
	case b == 'h':
		return append(dst, 'k'), 2
	case b == 'c' && (c == 'e' || c == 'i'):
		return append(dst, 'C'), 2
	case b == 'e', b == 'i':
		return append(dst, 'C'), 1
	}
	return append(dst, 'k'), 1
}

// softened skips the letters of "ggio", "gio": the i only makes the g soft.
func softened(dst, w []byte, i int) ([]byte, int) {
	n := 1
	if i+n < len(w) && w[i+n] == 'g' {
		n++
	}
	if i+n+1 < len(w) && w[i+n] == 'i' {
		switch w[i+n+1] {
		case 'a', 'e', 'o', 'u':
			n++
		}
	}
	return dst, n
}

func isBengaliConsonant(r rune) bool { return r >= 0x995 && r <= 0x9B9 }
