// SPDX-License-Identifier: EUPL-1.2

package lang_test

import (
	"strings"
	"testing"

	"approdo/internal/kit/lang"
)

// words writes tokens as text: a stop word in brackets, an inner character of
// a run of Chinese with a tilde.
func words(tokens []lang.Token) string {
	var out []string
	for _, t := range tokens {
		w := string(t.Text)
		switch {
		case t.Stop:
			w = "[" + w + "]"
		case t.Kind == lang.Unigram:
			w = "~" + w
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, lang, want string }{
		{"Dove rinnovo il permesso di soggiorno?", "it", "[dove] rinnovo [il] permesso [di] soggiorno"},
		{"l'ufficio dell’immigrazione", "it", "[l] ufficio [dell] immigrazione"},
		{"sant'Agata", "it", "sant agata"},
		{"the women's shelter isn't far", "en", "[the] women [s] shelter isn [t] far"},
		{"l’hôpital aujourd'hui", "fr", "[l] hopital [aujourd] hui"},
		{"تجديد تصريح الإقامة", "ar", "تجديد تصريح اقامه"},
		{"والسكن للعمال", "ar", "سكن عمال"},
		{"الیکشن", "ur", "اليكشن"},
		{"медична допомога для сім'ї", "uk", "медична допомога [для] сими"},
		{"我在哪里可以睡觉", "zh", "~睡 睡觉 ~觉"},
		{"居留许可", "zh", "~居 居留 ~留 留许 ~许 许可 ~可"},
		{"钱", "zh", "钱"},
		{"modello C3 del 12/2024", "it", "modello c3 [del] 12 2024"},
		{"", "it", ""},
	} {
		var tok lang.Tokenizer
		if got := words(tok.Tokens(nil, c.text, c.lang)); got != c.want {
			t.Errorf("Tokens(%q, %s) = %q, want %q", c.text, c.lang, got, c.want)
		}
	}
}

func TestTokensTellWhereTheyStood(t *testing.T) {
	t.Parallel()
	var tok lang.Tokenizer
	text := "La CITTÀ: 居留許可, здоров'я!"
	var got []string
	for _, x := range tok.Tokens(nil, text, "it") {
		got = append(got, text[x.Start:x.End])
	}
	want := "La CITTÀ 居 居留 留 留許 許 許可 可 здоров'я"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got %q, want %q", s, want)
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"dell'immigrazione", "الإقامة والسكن", "居\u200d留許可ﾞ", "S.T.P.", "\xf0\x9f", strings.Repeat("ა", 90)} {
		f.Add(s, "ar")
	}
	var tok lang.Tokenizer
	f.Fuzz(func(t *testing.T, s, code string) {
		last := 0
		for _, x := range tok.Tokens(nil, s, code) {
			if len(x.Text) == 0 || len(x.Text) > 64 {
				t.Fatalf("%q gives a token of %d bytes", s, len(x.Text))
			}
			if x.Start < last || x.End < x.Start || x.End > len(s) {
				t.Fatalf("%q: token %q at %d..%d after %d", s, x.Text, x.Start, x.End, last)
			}
			last = x.Start
			lang.Stems(nil, string(x.Text), code)
			lang.Sound(nil, x.Text)
		}
	})
}
