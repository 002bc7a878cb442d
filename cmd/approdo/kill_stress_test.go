// SPDX-License-Identifier: EUPL-1.2

//go:build stress

package main

import "testing"

func TestStressKillDuringImport(t *testing.T) {
	t.Parallel()
	killImports(t, 200)
}
