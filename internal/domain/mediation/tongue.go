// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"slices"

	"approdo/internal/kit/lang"
)

// Tongues are the codes of the languages that one mediates in, by their names on a page: all that have
// names, without Italian, which is what one mediates to.
func Tongues(page string) []string {
	return slices.DeleteFunc(lang.Named(page), func(code string) bool { return code == lang.Default })
}
