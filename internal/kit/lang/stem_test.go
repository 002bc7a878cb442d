// SPDX-License-Identifier: EUPL-1.2

package lang_test

import (
	"slices"
	"testing"

	"approdo/internal/kit/lang"
)

func TestStemsJoinTheFormsOfAWord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, a, b string }{
		{"it", "servizio", "servizi"}, {"it", "permesso", "permessi"}, {"it", "iscrizione", "iscrizioni"}, {"it", "medico", "medici"},
		{"en", "permit", "permits"}, {"en", "renewal", "renewals"}, {"fr", "étranger", "étrangers"}, {"fr", "logement", "logements"},
		{"es", "información", "informaciones"}, {"es", "permiso", "permisos"},
		{"ar", "سكن", "وسكن"}, {"ar", "مستشفى", "بمستشفى"},
	} {
		a, b := lang.Stems(nil, lang.Fold(c.a), c.lang), lang.Stems(nil, lang.Fold(c.b), c.lang)
		if !slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) }) {
			t.Errorf("%s: %s %q and %s %q share no stem", c.lang, c.a, a, c.b, b)
		}
	}
	for _, code := range []string{"uk", "sq", "zh", "bn", "ur", ""} {
		if got := lang.Stems(nil, "permessi", code); len(got) > 0 {
			t.Errorf("Stems in %q = %q, want none", code, got)
		}
	}
	if got := lang.Stems(nil, "документ", "it"); len(got) > 0 {
		t.Errorf("an Italian stemmer took a Cyrillic word: %q", got)
	}
}
