// SPDX-License-Identifier: EUPL-1.2

package need_test

import (
	"testing"

	"approdo/internal/base/need"
)

func TestRead(t *testing.T) {
	t.Parallel()
	tests := []struct{ language, question, want string }{
		{"it", "rinnovo permesso di soggiorno", "residence-permit"},
		{"it", "dove posso dormire stanotte", "emergency-shelter"},
		{"it", "il padrone non mi paga", "trade-union"},
		{"it", "permeso di sogiorno", "residence-permit"},
		{"en", "where can I sleep tonight", "emergency-shelter"},
		{"en", "i want to learn italian", "italian-course"},
		{"fr", "je cherche un logement", "find-a-home"},
		{"es", "médico de cabecera", "family-doctor"},
		{"ar", "تجديد تصريح الإقامة", "residence-permit"},
		{"ar", "سوجورنو", "residence-permit"},
		{"uk", "соджорно", "residence-permit"},
		{"uk", "де переночувати сьогодні", "emergency-shelter"},
		{"sq", "leje qendrimi", "residence-permit"},
		{"zh", "续居留", "residence-permit"},
		{"zh", "我想学意大利语", "italian-course"},
		{"ur", "پرمیسو دی سوجورنو", "residence-permit"},
		{"bn", "সোজ্জোর্নো", "residence-permit"},
	}
	for _, tc := range tests {
		t.Run(tc.question, func(t *testing.T) {
			t.Parallel()
			list := need.Read(tc.question, tc.language, false)
			for i, r := range list {
				if r.Code == tc.want && i < 2 {
					return
				}
			}
			t.Errorf("%s: %+v, want %s among the first two", tc.language, list, tc.want)
		})
	}
}

func TestReadUnfinished(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"perm", "permes", "permesso di sog"} {
		list := need.Read(question, "it", true)
		found := false
		for _, r := range list {
			found = found || r.Code == "residence-permit"
		}
		if !found {
			t.Errorf("%q: %+v", question, list)
		}
	}
}

func TestReadSaysNothingOfNothing(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"", "   ", "!!", "xqzwv"} {
		if list := need.Read(question, "it", false); len(list) > 0 {
			t.Errorf("%q: %+v", question, list)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, q := range []string{"permesso", "سوجورنو", "我想学", "à\x00\xff"} {
		f.Add(q, "it", true)
	}
	f.Fuzz(func(t *testing.T, question, language string, typing bool) {
		last := 2.0
		for _, r := range need.Read(question, language, typing) {
			if r.Score < 0 || r.Score > 1 || r.Score > last {
				t.Errorf("%q: score %v after %v", question, r.Score, last)
			}
			last = r.Score
		}
	})
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		need.Read("come posso rinnovare il permesso di soggiorno scaduto", "it", false)
	}
}
