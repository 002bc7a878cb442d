// SPDX-License-Identifier: EUPL-1.2

package assign

import (
	"context"
	"math/rand/v2"
	"slices"
)

// SmallPart is how many tasks a part has at most that is planned by trying everything.
const SmallPart = 8

// Best improves the greedy plan. It takes tasks away at random as often as rounds says, fewer times when ctx
// ends first; the answer is a whole plan in any case.
func Best(ctx context.Context, p Problem, rounds int) Plan {
	greedy := Greedy(p)
	if best := improve(ctx, p, greedy, rounds); Check(p, best) {
		return best
	}
	return greedy // a cost that breaks its word: somebody can do a set of tasks and not a part of it
}

func improve(ctx context.Context, p Problem, from Plan, rounds int) Plan {
	s := newState(p)
	s.load(from)
	hard := moments(p.Tasks)
	for _, part := range parts(p) {
		if len(part) <= SmallPart {
			s.exact(part)
		}
	}
	s.settle(hard)
	best := s.plan()
	if best.Cost == 0 || len(p.Tasks) <= 1 {
		return best
	}
	dice := rand.New(rand.NewPCG(uint64(len(p.Tasks)), uint64(p.Workers))) // #nosec G404 -- the same question, the same answer
	for range rounds {
		if ctx.Err() != nil {
			break
		}
		s.shake(dice, hard)
		if s.total < best.Cost {
			best = s.plan()
		} else {
			s.load(best)
		}
	}
	return best
}

// settle shares out moment after moment until none gets cheaper.
func (s *state) settle(list [][]int) {
	for before := s.total + 1; s.total < before; {
		before = s.total
		for _, m := range list {
			s.again(m)
		}
	}
}

// shake empties a few workers who could do each other's work, gives out their tasks in another order, and
// settles the moments of those tasks.
func (s *state) shake(dice *rand.Rand, all [][]int) {
	first := dice.IntN(len(s.p.Tasks))
	able := s.p.Tasks[first].Able
	if len(able) == 0 {
		return
	}
	loose := []int{first}
	for range 2 + dice.IntN(2) {
		loose = append(loose, s.tasks[able[dice.IntN(len(able))]]...)
	}
	if w := s.worker[first]; w != Nobody {
		loose = append(loose, s.tasks[w]...)
	}
	slices.Sort(loose)
	loose = slices.Compact(loose)
	for _, t := range loose {
		s.take(t)
	}
	dice.Shuffle(len(loose), func(i, j int) { loose[i], loose[j] = loose[j], loose[i] })
	for _, t := range loose {
		s.cheapest(t)
	}
	var near [][]int
	for _, m := range all {
		if slices.ContainsFunc(m, func(t int) bool { return slices.Contains(loose, t) }) {
			near = append(near, m)
		}
	}
	s.settle(near)
}

// parts are the sets of tasks that hang together: no worker can do tasks of two of them.
func parts(p Problem) [][]int {
	of := make([]int, p.Workers) // a task that each worker can do, counted from 1
	root := make([]int, len(p.Tasks))
	find := func(t int) int {
		for root[t] != t {
			root[t] = root[root[t]]
			t = root[t]
		}
		return t
	}
	for t := range p.Tasks {
		root[t] = t
		for _, w := range p.Tasks[t].Able {
			if of[w] > 0 {
				root[find(of[w]-1)] = t
			}
			of[w] = t + 1
		}
	}
	byRoot := map[int]int{}
	var list [][]int
	for t := range p.Tasks {
		r := find(t)
		if _, ok := byRoot[r]; !ok {
			byRoot[r] = len(list)
			list = append(list, nil)
		}
		list[byRoot[r]] = append(list[byRoot[r]], t)
	}
	return list
}

// Exact is the cheapest plan of all. The time it takes doubles with every few tasks: for SmallPart of them.
func Exact(p Problem) Plan {
	s := newState(p)
	for _, part := range parts(p) {
		s.exact(part)
	}
	return s.plan()
}

// exact tries every way to share out tasks that hang together, leaving out those that can't be cheaper
// than the best so far.
func (s *state) exact(part []int) {
	held := s.plan()
	least := s.total
	for _, t := range part {
		s.take(t)
	}
	rest := make([]int64, len(part)+1) // what the tasks from i on save at most
	for i := len(part) - 1; i >= 0; i-- {
		t := part[i]
		saves := int64(0)
		for _, w := range s.p.Tasks[t].Able {
			if cost, able := s.p.Cost(w, []int{t}); able {
				saves = max(saves, s.p.Tasks[t].Unmet-cost)
			}
		}
		rest[i] = rest[i+1] + saves
	}
	best := held
	var try func(i int)
	try = func(i int) {
		if i == len(part) {
			if s.total < least {
				least, best = s.total, s.plan()
			}
			return
		}
		if s.total-rest[i] >= least {
			return
		}
		t := part[i]
		for _, w := range s.p.Tasks[t].Able {
			if cost, able := s.marginal(w, t); able {
				s.give(t, w, cost)
				try(i + 1)
				s.take(t)
			}
		}
		try(i + 1)
	}
	try(0)
	s.load(best)
}
