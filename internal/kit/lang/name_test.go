// SPDX-License-Identifier: EUPL-1.2

package lang_test

import (
	"slices"
	"testing"

	"approdo/internal/kit/lang"
)

func TestName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ page, code, want string }{
		{"it", "ar", "arabo"}, {"en", "ar", "Arabic"}, {"ar", "wo", lang.Name("ar", "wo")},
		{"it", "ise", "lingua dei segni italiana"}, {"it", "cs", "ceco"}, {"fr", "cs", "tchèque"}, {"it", "zxx-nobody", "zxx-nobody"}, {"it", "", ""},
	} {
		if got := lang.Name(c.page, c.code); got != c.want {
			t.Errorf("%s in %s is %q, want %q", c.code, c.page, got, c.want)
		}
	}
	list := lang.Named("it")
	if !slices.Contains(list, "bin") || !slices.Contains(list, "it") || list[0] != "sq" {
		t.Errorf("%q", list)
	}
}

// What stands in lists of offices is understood.
func TestMeant(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"arabo": "ar", "ARABO": "ar", " Arabic ": "ar", "العربية": "ar", "lingua araba": "ar", "Lingua cinese": "zh", "mandarino": "zh",
		"Bengalese": "bn", "bangla": "bn", "Urdu": "ur", "wolof": "wo", "fr": "fr", "Albanese": "sq", "shqip": "sq", "LIS": "ise",
		"tigrino": "ti", "Ucraino": "uk", "Rumeno": "ro", "romeno": "ro", "Türkçe": "tr", "italiana": "it", "cs": "cs",
		"": "", "qualcosa": "", "xx": "", "12": "", "nessuna": "",
	} {
		if got, ok := lang.Meant(text); got != want || ok != (want != "") {
			t.Errorf("%q is read as %q, %t", text, got, ok)
		}
	}
}
