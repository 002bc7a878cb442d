// SPDX-License-Identifier: EUPL-1.2

package lang

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/spanish"
)

// stemmers are the kept Snowball stemmers. Ukrainian, Albanian, Chinese,
// Bengali and Urdu have none: there prefixes and the caller's taxonomy serve.
var stemmers = map[string]func(*snowballstem.Env) bool{
	"it": italian.Stem, "en": english.Stem, "fr": french.Stem, "es": spanish.Stem, "ar": arabic.Stem,
}

var environments = sync.Pool{New: func() any { return snowballstem.NewEnv("") }}

// StemLanguages are the languages that Stems knows, by script.
func StemLanguages(word string) []string {
	r, _ := utf8.DecodeRuneInString(word)
	switch {
	case r < 0x250:
		return []string{"it", "en", "fr", "es"}
	case r >= 0x600 && r < 0x700:
		return []string{"ar"}
	}
	return nil
}

// Stems appends the stems of a folded word in a language to dst: words that
// share one are forms of each other. An Arabic word has several, since a
// letter at its beginning may be a conjunction, a preposition or its own. A
// language without a stemmer, or a short word, has none.
func Stems(dst []string, word, lang string) []string {
	stemmer := stemmers[lang]
	if stemmer == nil || utf8.RuneCountInString(word) < 3 || !inScript(word, lang) {
		return dst
	}
	env := environments.Get().(*snowballstem.Env)
	defer environments.Put(env)
	stem := func(w string) {
		env.SetCurrent(accented(w, lang))
		stemmer(env)
		if s := refold(env.Current()); len(s) > 1 && !contains(dst, s) {
			dst = append(dst, s)
		}
	}
	stem(word)
	if lang == "ar" {
		if bare := withoutParticle(word); bare != word {
			stem(bare)
		}
	}
	return dst
}

// refold takes off the accents that accented gave back.
func refold(stem string) string {
	for i := range len(stem) {
		if stem[i] >= utf8.RuneSelf {
			return Fold(stem)
		}
	}
	return stem
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}

func inScript(word, lang string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return (lang == "ar") == (r >= 0x600 && r < 0x700) && (lang == "ar" || r < 0x250)
}

// accented gives back the accents that folding took and that the Spanish
// stemmer needs to know a suffix. The French one, which leaves the r of
// "étrangers" but not of "étranger", is always shown the singular.
func accented(word, lang string) string {
	if lang == "fr" && len(word) > 4 {
		return strings.TrimRight(word, "sx")
	}
	if lang != "es" {
		return word
	}
	for _, suffix := range [...][2]string{{"cion", "ción"}, {"sion", "sión"}, {"logia", "logía"}} {
		if strings.HasSuffix(word, suffix[0]) {
			return strings.TrimSuffix(word, suffix[0]) + suffix[1]
		}
	}
	return word
}

// articles are the forms of the Arabic article, alone and behind a
// conjunction or preposition, longest first.
var articles = [...]string{"وبال", "وال", "بال", "كال", "فال", "ولل", "لل", "ال"}

// withoutArticle cuts the Arabic article off a folded word when at least two
// letters remain, so that "الإقامة" and "إقامة" are one word. Persian and Urdu
// have no such article.
func withoutArticle(word []byte, lang string) []byte {
	if len(word) < 8 || word[0] < 0xD8 || word[0] > 0xDB || lang == "ur" || lang == "fa" || lang == "ps" {
		return word
	}
	for _, article := range articles {
		if len(word) >= len(article)+4 && string(word[:len(article)]) == article {
			return word[len(article):]
		}
	}
	return word
}

// withoutParticle cuts a conjunction or preposition of one letter off a
// folded Arabic word when at least three letters remain.
func withoutParticle(word string) string {
	if len(word) < 8 {
		return word
	}
	switch r, size := utf8.DecodeRuneInString(word); r {
	case 'و', 'ف', 'ب', 'ل', 'ك':
		return string(withoutArticle([]byte(word[size:]), "ar"))
	}
	return word
}
