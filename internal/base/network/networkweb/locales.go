// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"embed"
	"io/fs"
)

//go:embed locales
var localeFiles embed.FS

// Locales are the words of the pages, and of what package network refuses.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("networkweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}
