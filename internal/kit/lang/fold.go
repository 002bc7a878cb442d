// SPDX-License-Identifier: EUPL-1.2

package lang

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// foldLimit bounds the table of single runes: it holds every alphabet that the
// ten languages use, so that folding them needs no normalisation at run time.
const foldLimit = 0x3100

// Values of the table that are not runes.
const (
	foldDrop = 0  // the rune disappears
	foldMany = -1 // the rune becomes several: see foldSlow
)

// folding is what the table knows of a rune.
type folding struct {
	to    rune
	class class
}

// foldTable is made once: NFKD of 12,544 runes takes a few milliseconds.
var foldTable = sync.OnceValue(func() *[foldLimit]folding {
	var table [foldLimit]folding
	for r := range rune(foldLimit) {
		to, folded := rune(foldMany), foldSlow(r)
		switch utf8.RuneCountInString(folded) {
		case 0:
			to = foldDrop
		case 1:
			to, _ = utf8.DecodeRuneInString(folded)
		}
		table[r] = folding{to, classify(r)}
	}
	return &table
})

// Fold returns the words of a text in the form in which they are compared,
// separated by single spaces: without case, accents, vowel signs, variants of
// letters, invisible characters and punctuation. Fold(Fold(s)) == Fold(s).
// It keeps what Tokens leaves out: stop words, articles, runs of Chinese.
func Fold(s string) string {
	var t Tokenizer
	t.scan(s)
	out := make([]byte, 0, len(t.buf)+len(t.runs))
	for _, run := range t.runs {
		if len(out) > 0 {
			out = append(out, ' ')
		}
		out = append(out, t.buf[run.off:run.end]...)
	}
	return string(out)
}

// classAndFold is what a rune does to a word and what it becomes.
func classAndFold(r rune, table *[foldLimit]folding) folding {
	switch {
	case r < foldLimit:
		return table[r]
	case isHan(r) && r < 0xF900:
		return folding{simplify(r), classHan}
	}
	return folding{foldMany, classify(r)}
}

// appendFold appends the folded form of one rune, which may be empty.
func appendFold(dst []byte, r, to rune) []byte {
	switch to {
	case foldDrop:
		return dst
	case foldMany:
		return append(dst, foldSlow(r)...)
	}
	return utf8.AppendRune(dst, to)
}

// foldSlow folds one rune by the rules. It repeats until nothing changes, which
// is what makes Fold idempotent.
func foldSlow(r rune) string {
	s := string(r)
	for range 4 {
		next := foldOnce(s)
		if next == s {
			break
		}
		s = next
	}
	return s
}

func foldOnce(s string) string {
	var out []rune
	for _, r := range norm.NFKD.String(s) {
		if d, ok := digit(r); ok {
			out = append(out, d)
			continue
		}
		r = unicode.ToLower(r)
		if several, ok := foldSeveral[r]; ok {
			out = append(out, []rune(several)...)
			continue
		}
		if one, ok := foldOne[r]; ok {
			r = one
		}
		if class := classify(r); r == foldDrop || class != classLetter && class != classHan {
			continue
		}
		out = append(out, simplify(r))
	}
	return string(out)
}

// foldsAway tells marks that do not distinguish words from those that do:
// accents, Hebrew points and Arabic vowels go, the vowel signs of Indic scripts stay.
func foldsAway(r rune) bool {
	switch {
	case r < 0x300:
		return r == 0xAD
	case r <= 0x36F, r >= 0x483 && r <= 0x489, r >= 0x591 && r <= 0x5C7:
		return true
	case r >= 0x600 && r <= 0x6FF, r >= 0x8D0 && r <= 0x8FF:
		return unicode.Is(unicode.Mn, r) || r == 0x640 // tatweel
	case r >= 0x1AB0 && r <= 0x1AFF, r >= 0x1DC0 && r <= 0x1DFF, r >= 0x20D0 && r <= 0x20FF:
		return true
	case r >= 0xFE00 && r <= 0xFE2F, r >= 0xE0100 && r <= 0xE01EF:
		return true // variation selectors, half marks
	case r == 0x3099, r == 0x309A, r == 0xFF9E, r == 0xFF9F:
		return true // voicing marks of kana
	}
	return unicode.Is(unicode.Cf, r) // zero width, joiners, direction marks
}

// digit gives the ASCII digit of any decimal digit: they come in runs of ten.
func digit(r rune) (rune, bool) {
	if r < 0x80 || !unicode.IsDigit(r) {
		return 0, false
	}
	first := r
	for first > r-9 && unicode.IsDigit(first-1) {
		first--
	}
	return '0' + (r-first)%10, true
}

// foldSeveral are letters that are written with two where they are missing.
var foldSeveral = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ĳ': "ij", 'ŋ': "ng", 'ĸ': "k",
}

// foldOne maps letters that writers confuse or type for one another. The
// groups: Latin letters with strokes; Ukrainian and Russian vowels; Arabic
// letters and their Persian and Urdu forms; Bengali long and short vowels,
// sibilants and nasals.
var foldOne = map[rune]rune{
	'ø': 'o', 'đ': 'd', 'ð': 'd', 'ł': 'l', 'ı': 'i', 'ħ': 'h', 'ŧ': 't', 'ə': 'e', 'ɛ': 'e', 'ɔ': 'o', 'ɖ': 'd', 'ƙ': 'k', 'ɓ': 'b', 'ɗ': 'd',
	'ς': 'σ',

	'ё': 'е', 'є': 'е', 'э': 'е', 'і': 'и', 'ї': 'и', 'ы': 'и', 'й': 'и', 'ґ': 'г', 'ў': 'у', 'ј': 'и', 'ъ': foldDrop, 'ь': foldDrop,

	'ٱ': 'ا', 'ٲ': 'ا', 'ٳ': 'ا', 'ى': 'ي', 'ی': 'ي', 'ې': 'ي', 'ۍ': 'ي', 'ے': 'ي', 'ۓ': 'ي', 'ئ': 'ي', 'ؤ': 'و', 'ۇ': 'و', 'ۆ': 'و', 'ۋ': 'و',
	'ة': 'ه', 'ۃ': 'ه', 'ہ': 'ه', 'ۂ': 'ه', 'ھ': 'ه', 'ە': 'ه', 'ۀ': 'ه', 'ک': 'ك', 'ڪ': 'ك', 'ګ': 'گ', 'ں': 'ن', 'ء': foldDrop, 'ٸ': 'ي', 'ٶ': 'و',

	'ঈ': 'ই', 'ঊ': 'উ', 'ী': 'ি', 'ূ': 'ু', 'ণ': 'ন', 'শ': 'স', 'ষ': 'স', 'ৎ': 'ত', 'ং': 'ঙ', 'ঁ': foldDrop, '়': foldDrop, 'ৰ': 'র', 'ৱ': 'ব',
	'ৗ': foldDrop,
	'़': foldDrop, 'ँ': 'ं', // Devanagari nukta, chandrabindu
}
