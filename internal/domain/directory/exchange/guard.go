// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"strconv"
	"strings"
)

// guard neutralises a cell that a spreadsheet would take for a formula (OWASP, "CSV injection"):
// one that begins with = + - @ tab or return gets an apostrophe before it. So does one that begins
// with an apostrophe and one of those, lest unguard take away what was there.
func guard(s string) string {
	if s == "" {
		return s
	}
	if strings.ContainsRune("=+-@\t\r", rune(s[0])) || guarded(s) {
		return "'" + s
	}
	return s
}

// unguard takes the apostrophe of guard away again.
func unguard(s string) string {
	if guarded(s) {
		return s[1:]
	}
	return s
}

// guarded: one apostrophe or more, then a character that guard fears.
func guarded(s string) bool {
	rest := strings.TrimLeft(s, "'")
	return len(rest) < len(s) && rest != "" && strings.ContainsRune("=+-@\t\r", rune(rest[0]))
}

func number(n int) string { return strconv.Itoa(n) }
