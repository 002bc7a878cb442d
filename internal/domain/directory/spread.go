// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"slices"
	"strings"

	"approdo/internal/base/need"
	"approdo/internal/kit/search"
)

// A question may be about more than one need. While one reading is plainly the best its services
// fill the page; otherwise the first results also give the next readings their turn, so that who
// meant one of those sees it without scrolling.
const (
	plainlyBest = 0.7 // of the best score: a second reading below this gets no turn
	turns       = 5
)

// spread reorders the first results of an ambiguous question: three for the first reading, one each
// for the second and the third (two for the second when there is no third).
func spread(list []ranked, readings []need.Reading) []ranked {
	order := leads(readings)
	if order == nil || len(list) <= turns {
		return list
	}
	taken := make([]bool, len(list))
	out := make([]ranked, 0, len(list))
	for _, code := range order {
		i := slices.IndexFunc(list, func(r ranked) bool { return r.serves(code) })
		for i >= 0 && taken[i] {
			next := slices.IndexFunc(list[i+1:], func(r ranked) bool { return r.serves(code) })
			if next < 0 {
				i = -1
				break
			}
			i += 1 + next
		}
		if i >= 0 {
			taken[i] = true
			out = append(out, list[i])
		}
	}
	for i, r := range list {
		if !taken[i] {
			out = append(out, r)
		}
	}
	return out
}

// leads are the needs whose turn it is at the first places; nil when one reading is plainly the best.
func leads(readings []need.Reading) []string {
	if len(readings) < 2 || readings[1].Score < plainlyBest*readings[0].Score {
		return nil
	}
	first, second, third := readings[0].Code, readings[1].Code, readings[1].Code
	if len(readings) > 2 && readings[2].Score >= plainlyBest*readings[0].Score {
		third = readings[2].Code
	}
	return []string{first, first, second, first, third}
}

// serves tells whether the main need of a result is the one with this code, or is under it.
func (r ranked) serves(code string) bool {
	if len(r.facts.source.Needs) == 0 {
		return false
	}
	main := r.facts.source.Needs[0]
	n, ok := need.ByCode(main)
	return main == code || ok && n.Parent == code
}

// answers tells whether anything found serves the need that the question is most likely about.
func answers(r search.Result, readings []need.Reading) bool {
	if len(readings) == 0 || !readings[0].Likely() {
		return true
	}
	return slices.ContainsFunc(r.Hits, func(h search.Hit) bool {
		return slices.ContainsFunc(h.Matched, func(m search.Match) bool {
			_, code, _ := strings.Cut(m.Term, ":")
			return m.Kind == search.KindTag && code == readings[0].Code
		})
	})
}
