// SPDX-License-Identifier: EUPL-1.2

package accesstest

import (
	"regexp"
	"testing"
)

// Question is one request of somebody.
type Question struct {
	Who     string
	Request Request
}

// NonInterference asks the same of two worlds that differ in one hidden record and compares what comes
// back, byte by byte, with headers: whoever may not see the record learns nothing of it, not by a
// count, an order, a length or an error. The clock of both stands at the same moment. It gives how
// many questions were asked.
func NonInterference(t testing.TB, one, other World, questions []Question) int {
	t.Helper()
	for _, q := range questions {
		a, b := one.Ask(q.Who, q.Request), other.Ask(q.Who, q.Request)
		if d := told(plain(a), plain(b)); d != "" {
			t.Errorf("%s %s (%s) as %s tells of the hidden record: %s", q.Request.Method, q.Request.Path, q.Request.Accept, q.Who, d)
		}
	}
	return len(questions)
}

// Interferes says whether any question tells the two worlds apart: that those who may see the record
// do see a difference shows that the comparison can fail.
func Interferes(one, other World, questions []Question) bool {
	for _, q := range questions {
		if told(plain(one.Ask(q.Who, q.Request)), plain(other.Ask(q.Who, q.Request))) != "" {
			return true
		}
	}
	return false
}

// fresh is the identifier that an empty form is given each time it is shown; nothing has it yet.
var fresh = regexp.MustCompile(`name="id" value="[0-9a-f-]{36}"`)

// plain is an answer without the number of its request.
func plain(a Answer) Answer {
	one := masked(a, "/it/\x00")
	one.Body = fresh.ReplaceAll(one.Body, []byte(`name="id" value="FRESH"`))
	return one
}
