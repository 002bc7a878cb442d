// SPDX-License-Identifier: EUPL-1.2

package accesstest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Golden holds text against a file below testdata. With ACCESS_ACCEPT=1 the file is written: read the
// difference before you commit it, since it says who may do more or less than before.
func Golden(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("ACCESS_ACCEPT") == "1" {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path) // #nosec G304 -- a file of the test
	if err != nil {
		t.Fatalf("%v: run the test once with ACCESS_ACCEPT=1 and read what it writes", err)
	}
	if d := Difference(string(want), text); d != "" {
		t.Errorf("%s is not what happens now. When the change is meant, run with ACCESS_ACCEPT=1 and read the difference:\n%s", path, d)
	}
}

// Difference names the lines that only one of two texts has, at most forty; "" for none.
func Difference(want, got string) string {
	count := map[string]int{}
	for line := range strings.Lines(want) {
		count[line]--
	}
	for line := range strings.Lines(got) {
		count[line]++
	}
	var b strings.Builder
	n := 0
	add := func(sign, text string, only func(int) bool) {
		for line := range strings.Lines(text) {
			if only(count[line]) && n < 40 {
				b.WriteString(sign + strings.TrimRight(line, "\n") + "\n")
				n++
				count[line] = 0
			}
		}
	}
	add("- ", want, func(c int) bool { return c < 0 })
	add("+ ", got, func(c int) bool { return c > 0 })
	if b.Len() == 0 && want != got {
		return "the same lines in another order\n"
	}
	return b.String()
}
