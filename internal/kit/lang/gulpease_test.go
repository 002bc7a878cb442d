// SPDX-License-Identifier: EUPL-1.2

package lang_test

import (
	"testing"

	"approdo/internal/kit/lang"
)

func TestMeasure(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]lang.Measured{
		"": {},
		"Vieni allo sportello. Porta un documento.": {Letters: 34, Words: 6, Sentences: 2, Longest: 3},
		"Aperto alle 9.30, tutti i giorni":          {Letters: 25, Words: 7, Sentences: 1, Longest: 7},
		"Dalle 8:30 alle 12":                        {Letters: 14, Words: 5, Sentences: 1, Longest: 5},
		"L’ufficio":                                 {Letters: 8, Words: 2, Sentences: 1, Longest: 2},
		"Serve:\n- il permesso\n- la tessera\n\n":   {Letters: 24, Words: 5, Sentences: 3, Longest: 2},
		"免费午餐。":                                     {Letters: 4, Words: 4, Sentences: 1, Longest: 4},
		"هل تحتاج إلى مساعدة؟ اتصل بنا.":            {Letters: 23, Words: 6, Sentences: 2, Longest: 4},
		"...": {},
	} {
		if got := lang.Measure(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func TestGulpease(t *testing.T) {
	t.Parallel()
	plain, _ := lang.Measure("Vieni allo sportello. Porta un documento.").Gulpease()
	hard, _ := lang.Measure("L’amministrazione provvede, previa verifica della sussistenza dei requisiti soggettivi e oggettivi normativamente prescritti, all’espletamento dell’istruttoria procedimentale.").Gulpease()
	if plain != 100 || hard > 30 {
		t.Errorf("plain %d, hard %d", plain, hard)
	}
	// 10 words, 40 letters, 2 sentences: 89 + (600 − 400) / 10 = 109, cut to 100; 50 letters, 1 sentence: 89 + (300 − 500) / 10 = 69.
	if v, ok := (lang.Measured{Letters: 50, Words: 10, Sentences: 1}).Gulpease(); v != 69 || !ok {
		t.Errorf("%d, want 69", v)
	}
	if _, ok := lang.Measure(" – ").Gulpease(); ok {
		t.Error("a text without words has no index")
	}
}
