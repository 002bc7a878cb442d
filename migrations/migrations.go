// SPDX-License-Identifier: EUPL-1.2

package migrations

import "embed"

// FS holds the files, for db.Migrate.
//
//go:embed *.sql
var FS embed.FS
