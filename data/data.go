// SPDX-License-Identifier: EUPL-1.2

// Package data is the reference data that the program carries with it: territories, needs in ten
// languages, holidays, helplines, the demo network. README.md says where each file comes from.
package data

import "embed"

// FS holds the files under their folders' names.
//
//go:embed all:italy all:maps all:needs all:demo helplines.json languages.json
var FS embed.FS
