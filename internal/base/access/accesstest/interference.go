// SPDX-License-Identifier: EUPL-1.2

package accesstest

import (
	"fmt"
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

// own are the identifiers that an installation makes, different in each: they are numbered in the order
// in which an answer shows them, so that one more or one less is seen. keyOfPush is the key by which
// browsers know an installation.
var (
	own       = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`)
	keyOfPush = regexp.MustCompile(`data-push="[^"]*"`)
)

// plain is an answer without the number of its request and what is random in each installation.
func plain(a Answer) Answer {
	one := masked(a, "/it/\x00")
	numbers := map[string]string{}
	one.Body = own.ReplaceAllFunc(one.Body, func(id []byte) []byte {
		if numbers[string(id)] == "" {
			numbers[string(id)] = fmt.Sprintf("ID-%d", len(numbers)+1)
		}
		return []byte(numbers[string(id)])
	})
	one.Body = keyOfPush.ReplaceAll(one.Body, []byte(`data-push="KEY"`))
	return one
}
