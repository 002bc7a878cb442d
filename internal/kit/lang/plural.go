// SPDX-License-Identifier: EUPL-1.2

package lang

import (
	"slices"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// pluralNames are the categories of Unicode CLDR in their usual order.
var pluralNames = []string{"zero", "one", "two", "few", "many", "other"}

var pluralForms = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two",
	plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// Plural is the CLDR category of the whole number n in a language: "one", "few", …
func Plural(code string, n int) string {
	if n < 0 {
		n = -n
	}
	return pluralForms[plural.Cardinal.MatchPlural(language.Make(code), n, 0, 0, 0, 0)]
}

// Plurals are the categories that whole numbers take in a language, and always
// "other", which CLDR requires. x/text keeps the rules but no list of them, so the
// numbers themselves are asked: no language tells apart what 0 to 200 does not.
func Plurals(code string) []string {
	found := map[string]bool{"other": true}
	for n := range 201 {
		found[Plural(code, n)] = true
	}
	return slices.DeleteFunc(slices.Clone(pluralNames), func(name string) bool { return !found[name] })
}
