// SPDX-License-Identifier: EUPL-1.2

package lang_test

import (
	"testing"

	"approdo/internal/kit/lang"
)

func TestGuess(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"dove dormire":        "it",
		"تجديد تصريح الإقامة": "ar",
		"گھر چاہیے":           "ur",
		"де переночувати":     "uk",
		"税号怎么办":               "zh",
		"বাসা চাই":            "bn",
		"permesso 更新":         "zh",
		"":                    "it",
	} {
		if got := lang.Guess(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
