// SPDX-License-Identifier: EUPL-1.2

package lang_test

import (
	"testing"

	"approdo/internal/kit/lang"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ header, want string }{
		{"", "it"},
		{"it-IT,it;q=0.9,en;q=0.8", "it"},
		{"ar-EG", "ar"},
		{"ar-MA,fr;q=0.7", "ar"},
		{"zh-TW", "zh"},
		{"zh-Hans-CN", "zh"},
		{"en-US,en;q=0.9", "en"},
		{"ur-IN", "ur"},
		{"de-DE,uk;q=0.4", "uk"},
		{"ti,it;q=0.5", "it"},
		{"wo-SN", "fr"}, // the matcher of CLDR sends Wolof to French
		{"fi", "it"},
		{";;;", "it"},
		{"*", "it"},
		{"fr;q=0.1,es;q=0.9", "es"},
	} {
		if got := lang.Match(test.header); got != test.want {
			t.Errorf("%q: %s, want %s", test.header, got, test.want)
		}
	}
	if got := lang.Match("fr", "", "xx", "bn"); got != "bn" {
		t.Errorf("a language chosen before must win over the header, got %s", got)
	}
}

func TestDir(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"it": "ltr", "ar": "rtl", "ur": "rtl", "fa": "rtl", "ps": "rtl", "prs": "rtl", "ckb": "rtl", "ku": "ltr",
		"pnb": "rtl", "pa": "ltr", "pa-Arab": "rtl", "ar-EG": "rtl", "zh": "ltr", "": "ltr", "not a code": "ltr",
	} {
		if got := lang.Dir(code); got != want {
			t.Errorf("%q: %s, want %s", code, got, want)
		}
	}
}

func TestNativeName(t *testing.T) {
	t.Parallel()
	for _, code := range lang.All {
		if lang.NativeName(code) == code {
			t.Errorf("%s has no name of its own", code)
		}
	}
	if got := lang.NativeName("zz"); got != "zz" {
		t.Errorf("an unknown language is named %q", got)
	}
}
