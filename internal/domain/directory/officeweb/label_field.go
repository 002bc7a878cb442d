// SPDX-License-Identifier: EUPL-1.2

package officeweb

import "approdo/internal/kit/lang"

// FieldLabel names a field of a service (directory.FieldChange) as the editor's form does; "" for those
// that say nothing to people.
func FieldLabel(w lang.Words, path string) string {
	if silent(path) {
		return ""
	}
	return label(w, path)
}
