// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package archtest

import (
	"os"
	"testing"
)

// rules are all rules, by the name they have in messages.
var rules = map[string]func(*tree) []finding{
	"imports":  checkImports,
	"handlers": checkHandlers,
	"tables":   checkTables,
	"one text": checkOneText,
	"names":    checkNames,
	"doc":      checkDoc,
	"sizes":    checkSizes,
	"licence":  checkLicence,
	"skips":    checkSkips,
}

// TestHouse holds the repository against every rule.
func TestHouse(t *testing.T) {
	t.Parallel()
	house, err := read(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(house.packages()) < 5 {
		t.Fatalf("only %d packages were found: this test looks in the wrong place", len(house.packages()))
	}
	for name, check := range rules {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, f := range check(house) {
				t.Error(f)
			}
		})
	}
}
