// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package app_test

import (
	"testing"
	"time"

	"approdo/internal/app"
	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
)

// fixed is when decisions are made in tests.
var fixed = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

// Every decision of every policy, as a table that people read.
func TestDecisions(t *testing.T) {
	t.Parallel()
	files := app.Policies()
	g, err := access.New(func() time.Time { return fixed }, files...)
	if err != nil {
		t.Fatal(err)
	}
	accesstest.Golden(t, "decisions.txt", accesstest.Decide(g, accesstest.Cases(t, files, fixed), fixed))
}

// No policy, and no part of one, can be lost without the table of decisions telling.
func TestNoPolicyCanBeLost(t *testing.T) {
	t.Parallel()
	files := app.Policies()
	mutants := accesstest.Mutants(t, files)
	for _, name := range accesstest.Undetected(t, files, mutants, fixed) {
		t.Errorf("%s: the table of decisions does not change", name)
	}
	t.Logf("%d mutants", len(mutants))
}
