// SPDX-License-Identifier: EUPL-1.2

package data

import "embed"

// FS holds the files under their folders' names.
//
//go:embed all:italy all:maps all:needs all:demo helplines.json languages.json
var FS embed.FS
