// SPDX-License-Identifier: EUPL-1.2

package lang_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"approdo/internal/kit/lang"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"Libertà, È perché CITTÀ", "liberta e perche citta"},
		{"liberta' e citta'", "liberta e citta"},
		{"L'ufficio dell’immigrazione", "l ufficio dell immigrazione"},
		{"S.T.P. e C.P.I.A. di Trapani.", "stp e cpia di trapani"},
		{"Fëmijë, çerdhe", "femije cerdhe"},
		{"Straße œuvre Łódź", "strasse oeuvre lodz"},
		{"إقامة أُسرة آخر", "اقامه اسره اخر"},
		{"تـــصريح", "تصريح"},
		{"كَتَبَ", "كتب"},
		{"مستشفى", "مستشفي"},
		{"رہائش کے لیے", "رهايش كي ليي"},
		{"گھر", "گهر"},
		{"٢٠٢٤ ۱۲ ১২ １２", "2024 12 12 12"},
		{"здоров'я здоров’я здоров`я", "здоровя здоровя здоровя"},
		{"Ёлка їжа інше", "елка ижа инше"},
		{"বাড়ি বাড়ি", "বাডি বাডি"},
		{"চিকিৎ\u200dসা", "চিকিতসা"},
		{"নদী নদি", "নদি নদি"},
		{"居留許可", "居留许可"},
		{"醫療護理", "医疗护理"},
		{"per\u200bmes\u200fso", "permesso"},
		{"per\u00admesso", "permesso"},
		{"  ", ""},
		{"ﬁne ﻻ", "fine لا"},
	} {
		if got := lang.Fold(c.text); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"L'ufficio", "здоров'я", "إقامة", "居留許可ABC", "½ ŀ ﷺ ŉ ﾞｶﾞ", "a.b.c", "\xff\xfe", "l'l's", "Ǆ ῼ İ", "ー々〇"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := lang.Fold(s)
		if twice := lang.Fold(once); twice != once {
			t.Fatalf("Fold(%q) = %q, folded again %q", s, once, twice)
		}
		if !utf8.ValidString(once) || strings.Contains(once, "  ") {
			t.Fatalf("Fold(%q) = %q", s, once)
		}
	})
}

func BenchmarkTokens(b *testing.B) {
	text := strings.Repeat("Sportello per il rinnovo del permesso di soggiorno: città, attività e dell’immigrazione. ", 20)
	var t lang.Tokenizer
	var tokens []lang.Token
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		tokens = t.Tokens(tokens[:0], text, "it")
	}
}
