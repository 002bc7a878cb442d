// SPDX-License-Identifier: EUPL-1.2

package tally

import (
	"cmp"
	"slices"
)

// Fewest is the smallest number that is published.
const Fewest = 5

// Publishable gives what may be published of a list, in its order. group says which lines make one sum,
// and count how many people, visits or requests stand behind a line.
func Publishable[T any, G comparable](list []T, group func(T) G, count func(T) int) []T {
	groups := map[G][]int{} // positions
	for i, one := range list {
		groups[group(one)] = append(groups[group(one)], i)
	}
	hidden := make([]bool, len(list))
	for _, places := range groups {
		slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(count(list[a]), count(list[b])) })
		n, sum := 0, 0
		for _, i := range places {
			small := count(list[i]) < Fewest
			if !small && (n == 0 || n > 1 && sum >= Fewest) {
				break
			}
			hidden[i] = true
			n++
			sum += count(list[i])
		}
	}
	kept := make([]T, 0, len(list))
	for i, one := range list {
		if !hidden[i] {
			kept = append(kept, one)
		}
	}
	return kept
}
