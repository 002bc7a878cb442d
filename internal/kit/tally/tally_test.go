// SPDX-License-Identifier: EUPL-1.2

package tally_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"approdo/internal/kit/tally"
)

type line struct {
	table string
	n     int
}

func publish(list ...line) []line {
	return tally.Publishable(list, func(l line) string { return l.table }, func(l line) int { return l.n })
}

func TestSmallNumbersAreHiddenWithOthers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ list, want []line }{
		"nothing is small":            {[]line{{"a", 5}, {"a", 90}}, []line{{"a", 5}, {"a", 90}}},
		"a small one takes the next":  {[]line{{"a", 40}, {"a", 3}, {"a", 7}}, []line{{"a", 40}}},
		"two that make five":          {[]line{{"a", 4}, {"a", 40}, {"a", 1}}, []line{{"a", 40}}},
		"two that make less than it":  {[]line{{"a", 1}, {"a", 40}, {"a", 50}, {"a", 1}}, []line{{"a", 50}}},
		"tables are looked at alone":  {[]line{{"a", 3}, {"b", 9}, {"a", 8}, {"b", 7}}, []line{{"b", 9}, {"b", 7}}},
		"one alone and small is gone": {[]line{{"a", 2}}, nil},
		"nothing at all":              {nil, nil},
	} {
		if got := publish(c.list...); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Whoever knows the sum learns of no small number: what is missing is nothing, or at least two lines that
// together make Fewest, or the whole table.
func TestTheSumTellsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var list []line
		sum := 0
		for _, n := range rapid.SliceOf(rapid.IntRange(1, 12)).Draw(t, "counts") {
			list = append(list, line{"a", n})
			sum += n
		}
		kept := publish(list...)
		for _, one := range kept {
			if one.n < tally.Fewest {
				t.Fatalf("%v is published", one)
			}
			sum -= one.n
		}
		missing := len(list) - len(kept)
		if len(kept) > 0 && missing > 0 && (missing < 2 || sum < tally.Fewest) {
			t.Fatalf("%d lines with %d in all are missing of %v", missing, sum, list)
		}
	})
}
