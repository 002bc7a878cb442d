// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"embed"
	"io/fs"
)

//go:embed locales
var locales embed.FS

// Locales are the words for what the package refuses.
func Locales() fs.FS {
	files, err := fs.Sub(locales, "locales")
	if err != nil {
		panic("timesheet: " + err.Error()) // the folder is embedded above
	}
	return files
}
