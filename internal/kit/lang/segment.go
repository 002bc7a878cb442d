// SPDX-License-Identifier: EUPL-1.2

package lang

import "unicode/utf8"

// TokenKind tells what a token is made of.
type TokenKind uint8

// The kinds. A run of Chinese gives its pairs (Bigram) and its single
// characters (Unigram): an index takes both, a query only the pairs, unless
// the run is a single character, which then is Alone.
const (
	Word TokenKind = iota
	Number
	Bigram
	Unigram
	Alone
)

// Token is a word of a text. Text is folded and valid until the next call of
// the Tokenizer; Start and End are offsets in the text as given.
type Token struct {
	Text       []byte
	Start, End int
	Kind       TokenKind
	Stop       bool // a word without content in the language of the text, or an elided article
}

// Tokenizer cuts texts into tokens. It reuses its memory: one for each goroutine.
type Tokenizer struct {
	text string
	buf  []byte
	runs []span
	han  []ideograph
}

// longest is the most bytes that a folded word keeps: longer ones are no words.
const longest = 64

// span is a folded word in buf and where it stood in the text.
type span struct {
	off, end   int
	start, fin int
	kind       spanKind
	stop       bool
}

type spanKind uint8

const (
	spanWord spanKind = iota
	spanNumber
	spanHan
)

// Tokens appends the tokens of a text in a language (an ISO 639 code, or
// empty) to dst. Articles that Arabic writes together with the word are cut off.
func (t *Tokenizer) Tokens(dst []Token, text, lang string) []Token {
	t.scan(text)
	stops := stopWords[lang]
	for i := range t.runs {
		run := &t.runs[i]
		switch run.kind {
		case spanHan:
			dst = t.ideographs(dst, run)
		case spanNumber:
			dst = append(dst, Token{Text: shorten(t.buf[run.off:run.end]), Start: run.start, End: run.fin, Kind: Number})
		default:
			word := shorten(t.buf[run.off:run.end])
			stop := run.stop || stops.has(word)
			if !stop {
				word = withoutArticle(word, lang)
			}
			dst = append(dst, Token{Text: word, Start: run.start, End: run.fin, Kind: Word, Stop: stop})
		}
	}
	return dst
}

// scan fills runs with the folded words of a text.
func (t *Tokenizer) scan(text string) {
	t.text, t.buf, t.runs = text, t.buf[:0], t.runs[:0]
	table := foldTable()
	open, han := false, false
	var run span
	end := func(at int) {
		if open {
			run.end, run.fin = len(t.buf), at
			t.close(run, han)
			open = false
		}
	}
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf { // most text: no table, no decoding
			switch {
			case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			case c >= 'A' && c <= 'Z':
				c += 'a' - 'A'
			case c == '\'' || c == '`':
				if open && !han && joinsWord(text, i, 1) {
					i++
					continue
				}
				end(i)
				i++
				continue
			case c == '.':
				if open && !han && insideAcronym(text, run.start, i) {
					i++
					continue
				}
				fallthrough
			default:
				end(i)
				i++
				continue
			}
			if !open || han {
				end(i)
				run, open, han = span{off: len(t.buf), start: i}, true, false
			}
			t.buf = append(t.buf, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		f := classAndFold(r, table)
		class := f.class
		switch {
		case class == classApostrophe && open && !han && joinsWord(text, i, size):
			i += size
			continue
		case class == classApostrophe || class == classOther:
			end(i)
			i += size
			continue
		case class == classIgnored:
			i += size
			continue
		}
		isIdeograph := class == classHan
		if !open || han != isIdeograph {
			end(i)
			run, open, han = span{off: len(t.buf), start: i}, true, isIdeograph
		}
		t.buf = appendFold(t.buf, r, f.to)
		i += size
	}
	end(len(text))
}

// close keeps a run that has letters or digits, and marks elided articles.
func (t *Tokenizer) close(run span, han bool) {
	word := t.buf[run.off:run.end]
	switch {
	case len(word) == 0:
		return
	case han:
		run.kind = spanHan
	case onlyDigits(word):
		run.kind = spanNumber
	case onlyMarks(word):
		t.buf = t.buf[:run.off]
		return
	}
	t.runs = append(t.runs, run)
	t.elide()
}

// elide looks at the last two runs: "dell" + "immigrazione" with only an
// apostrophe between them makes the first a stop word, "women" + "s" the second.
func (t *Tokenizer) elide() {
	if len(t.runs) < 2 {
		return
	}
	a, b := &t.runs[len(t.runs)-2], &t.runs[len(t.runs)-1]
	gap := b.start - a.fin
	if gap < 1 || gap > 3 || a.kind != spanWord || b.kind != spanWord || !t.apostropheBetween(a.fin, b.start) {
		return
	}
	if _, ok := elided[string(t.buf[a.off:a.end])]; ok {
		a.stop = true
	} else if _, ok := clitic[string(t.buf[b.off:b.end])]; ok {
		b.stop = true
	}
}

// shorten cuts a word at a whole rune.
func shorten(word []byte) []byte {
	if len(word) <= longest {
		return word
	}
	n := longest
	for n > 0 && !utf8.RuneStart(word[n]) {
		n--
	}
	return word[:n]
}
