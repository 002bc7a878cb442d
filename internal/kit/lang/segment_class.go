// SPDX-License-Identifier: EUPL-1.2

package lang

import (
	"unicode"
	"unicode/utf8"
)

// class is what a rune does to a word.
type class uint8

const (
	classOther class = iota
	classLetter
	classHan
	classApostrophe
	classIgnored
)

func classify(r rune) class {
	switch {
	case isApostrophe(r):
		return classApostrophe
	case foldsAway(r):
		return classIgnored
	case isHan(r) || isKana(r):
		return classHan
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		return classLetter
	case unicode.IsMark(r):
		return classLetter
	}
	return classOther
}

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '`', '’', 'ʼ', '‘', '´', 'ʻ', '′', '＇', 'ʹ', 'ʽ', 'ˈ':
		return true
	}
	return false
}

func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r >= 0xF900 && r <= 0xFAFF ||
		r >= 0x20000 && r <= 0x323AF || r == '々' || r == '〇'
}

func isKana(r rune) bool {
	return (r >= 0x3041 && r <= 0x30FF || r >= 0xFF66 && r <= 0xFF9F) && unicode.IsLetter(r)
}

// joinsWord tells the Ukrainian apostrophe, which is part of a word (здоров'я),
// from the one that parts two words or ends a quotation.
func joinsWord(text string, at, size int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at+size:])
	return unicode.Is(unicode.Cyrillic, before) && unicode.Is(unicode.Cyrillic, after)
}

// insideAcronym tells whether the full stop at a position joins the letters of
// an acronym, as in "S.T.P." or "C.P.I.A.", in a word that began at start.
func insideAcronym(text string, start, at int) bool {
	if at-1 != start && (at < 2 || text[at-2] != '.') || !asciiLetter(text[at-1]) {
		return false
	}
	if at+1 >= len(text) || !asciiLetter(text[at+1]) {
		return false
	}
	return at+2 >= len(text) || !asciiLetter(text[at+2]) && text[at+2] < utf8.RuneSelf && (text[at+2] < '0' || text[at+2] > '9')
}

func asciiLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// apostropheBetween tells whether only apostrophes stand between two positions.
func (t *Tokenizer) apostropheBetween(from, to int) bool {
	for _, r := range t.text[from:to] {
		if !isApostrophe(r) {
			return false
		}
	}
	return true
}

func onlyDigits(word []byte) bool {
	for _, c := range word {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func onlyMarks(word []byte) bool {
	if word[0] < utf8.RuneSelf {
		return false
	}
	for _, r := range string(word) { // compiled without a copy
		if !unicode.IsMark(r) {
			return false
		}
	}
	return true
}

// elided are the articles, prepositions and pronouns of Italian and French
// that lose their last vowel before another.
var elided = set(`l un d dell all dall nell sull coll quell quest bell c s n m t j qu gl degl agl dagl negl sugl
	dov com cos senz tutt ciascun nessun qualcun buon lorsqu puisqu quoiqu jusqu presqu quelqu aujourd`)

// clitic are what English and others put behind an apostrophe.
var clitic = set(`s t re ll ve m d hui ci`)
