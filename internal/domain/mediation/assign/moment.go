// SPDX-License-Identifier: EUPL-1.2

package assign

import (
	"math"
	"slices"
)

// forbidden is the cost of what can't be; sums of it stay far from overflow.
const forbidden = math.MaxInt64 / 1_000_000

// Assign solves the assignment problem: each row gets a column of its own such that the costs sum to the
// least. There are at least as many columns as rows. It gives the column of each row.
func Assign(cost [][]int64) []int {
	rows := len(cost)
	if rows == 0 {
		return nil
	}
	columns := len(cost[0])
	// Potentials and matches count from 1; column 0 is the row that is being placed.
	u, v := make([]int64, rows+1), make([]int64, columns+1)
	match, way := make([]int, columns+1), make([]int, columns+1)
	least, seen := make([]int64, columns+1), make([]bool, columns+1)
	for row := 1; row <= rows; row++ {
		match[0] = row
		for j := range least {
			least[j], seen[j] = math.MaxInt64, false
		}
		at := 0
		for {
			seen[at] = true
			i, delta, next := match[at], int64(math.MaxInt64), 0
			for j := 1; j <= columns; j++ {
				if seen[j] {
					continue
				}
				if reduced := cost[i-1][j-1] - u[i] - v[j]; reduced < least[j] {
					least[j], way[j] = reduced, at
				}
				if least[j] < delta {
					delta, next = least[j], j
				}
			}
			for j := range seen {
				if seen[j] {
					u[match[j]] += delta
					v[j] -= delta
				} else {
					least[j] -= delta
				}
			}
			if at = next; match[at] == 0 {
				break
			}
		}
		for at != 0 {
			match[at] = match[way[at]]
			at = way[at]
		}
	}
	given := make([]int, rows)
	for j := 1; j <= columns; j++ {
		if match[j] > 0 {
			given[match[j]-1] = j - 1
		}
	}
	return given
}

// moments are sets of tasks that share a moment, such that each task is in one at least; those that are
// within another are left out.
func moments(tasks []Task) [][]int {
	order := make([]int, len(tasks))
	for t := range order {
		order[t] = t
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(min(max(tasks[a].From-tasks[b].From, -1), 1)) })
	var list [][]int
	var open []int
	grown := false // since the last moment that was noted
	for _, t := range order {
		running := slices.DeleteFunc(slices.Clone(open), func(o int) bool { return tasks[o].To <= tasks[t].From })
		if len(running) < len(open) && grown {
			list = append(list, slices.Clone(open))
			grown = false
		}
		open, grown = append(running, t), true
	}
	if len(open) > 0 {
		list = append(list, open)
	}
	return list
}

// again shares out tasks of one moment again, everything else as it is: exactly.
func (s *state) again(tasks []int) {
	for _, t := range tasks {
		s.take(t)
	}
	column := map[int]int{}
	var workers []int
	for _, t := range tasks {
		for _, w := range s.p.Tasks[t].Able {
			if _, ok := column[w]; !ok {
				column[w] = len(workers)
				workers = append(workers, w)
			}
		}
	}
	cost := make([][]int64, len(tasks))
	for i, t := range tasks {
		cost[i] = make([]int64, len(workers)+len(tasks)) // each task has a nobody of its own
		for j := range cost[i] {
			cost[i][j] = forbidden
		}
		cost[i][len(workers)+i] = s.p.Tasks[t].Unmet
		for _, w := range s.p.Tasks[t].Able {
			if m, able := s.marginal(w, t); able {
				cost[i][column[w]] = m
			}
		}
	}
	for i, j := range Assign(cost) {
		if j < len(workers) {
			s.give(tasks[i], workers[j], cost[i][j])
		}
	}
}

// Bound is what no plan costs less than: every task is in one moment, and each moment costs at least what
// it would if there were no others.
func Bound(p Problem) int64 {
	s := newState(p)
	placed := make([]bool, len(p.Tasks))
	list := moments(p.Tasks)
	slices.SortStableFunc(list, func(a, b []int) int { return len(b) - len(a) }) // large ones say most
	bound := int64(0)
	for _, m := range list {
		m = slices.DeleteFunc(slices.Clone(m), func(t int) bool { return placed[t] })
		before := s.total
		for _, t := range m {
			placed[t] = true
			before -= p.Tasks[t].Unmet
		}
		s.again(m)
		bound += s.total - before
		for _, t := range m {
			s.take(t)
		}
	}
	return bound
}
