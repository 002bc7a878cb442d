// SPDX-License-Identifier: EUPL-1.2

package lang

import "unicode"

// Guess names the interface language that a short text is likely to be in, by its script and by the
// letters that only one language of a script has. Latin text is Default: too short to tell.
func Guess(text string) string {
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			return "zh"
		case unicode.Is(unicode.Bengali, r):
			return "bn"
		case unicode.Is(unicode.Cyrillic, r):
			return "uk"
		case urdu[r]:
			return "ur"
		}
	}
	for _, r := range text {
		if unicode.Is(unicode.Arabic, r) {
			return "ar"
		}
	}
	return Default
}

// urdu are the letters of Urdu that Arabic does not have.
var urdu = map[rune]bool{'ٹ': true, 'ڈ': true, 'ڑ': true, 'ں': true, 'ے': true, 'ہ': true, 'ھ': true, 'گ': true, 'چ': true, 'پ': true, 'ک': true, 'ی': true}
