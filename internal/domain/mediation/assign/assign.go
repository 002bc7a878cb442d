// SPDX-License-Identifier: EUPL-1.2

package assign

import (
	"cmp"
	"slices"
)

// Nobody is the worker of a task that nobody does.
const Nobody = -1

// Task is one thing to do, within [From, To) of any clock.
type Task struct {
	From, To int64
	Able     []int // workers who could do it, if they had nothing else to do
	Unmet    int64 // what it costs when nobody does it: more than when anybody does
}

// Problem is what has to be done, and what it costs.
type Problem struct {
	Tasks   []Task
	Workers int
	// Cost is what it costs when a worker does these tasks, which are in order and of which all can be done
	// by that worker alone; able is false when they can't do them all. Doing more never costs less than
	// the tasks would each by itself. Tasks that overlap are never asked for.
	Cost func(worker int, tasks []int) (cost int64, able bool)
}

// Plan is who does what.
type Plan struct {
	Worker []int // of each task, or Nobody
	Cost   int64
	Unmet  int // how many tasks nobody does
}

// state is a plan that is being made.
type state struct {
	p      Problem
	worker []int   // by task
	tasks  [][]int // by worker, in order
	cost   []int64 // by worker
	total  int64
	free   []int // scratch
}

func newState(p Problem) *state {
	s := &state{p: p, worker: make([]int, len(p.Tasks)), tasks: make([][]int, p.Workers), cost: make([]int64, p.Workers)}
	for t := range p.Tasks {
		s.worker[t] = Nobody
		s.total += p.Tasks[t].Unmet
	}
	return s
}

// marginal is what a task adds when a worker does it besides the others they have.
func (s *state) marginal(worker, task int) (int64, bool) {
	mine := s.tasks[worker]
	at, _ := slices.BinarySearchFunc(mine, task, func(a, b int) int { return s.order(a, b) })
	t := s.p.Tasks[task]
	if at > 0 && s.p.Tasks[mine[at-1]].To > t.From || at < len(mine) && s.p.Tasks[mine[at]].From < t.To {
		return 0, false
	}
	s.free = append(append(append(s.free[:0], mine[:at]...), task), mine[at:]...)
	cost, able := s.p.Cost(worker, s.free)
	return cost - s.cost[worker], able
}

func (s *state) order(a, b int) int {
	return cmp.Or(cmp.Compare(s.p.Tasks[a].From, s.p.Tasks[b].From), cmp.Compare(a, b))
}

// give makes a worker do a task that nobody does; marginal has said that they can.
func (s *state) give(task, worker int, marginal int64) {
	at, _ := slices.BinarySearchFunc(s.tasks[worker], task, func(a, b int) int { return s.order(a, b) })
	s.tasks[worker] = slices.Insert(s.tasks[worker], at, task)
	s.cost[worker] += marginal
	s.worker[task] = worker
	s.total += marginal - s.p.Tasks[task].Unmet
}

// take takes a task away from whoever does it.
func (s *state) take(task int) {
	w := s.worker[task]
	if w == Nobody {
		return
	}
	s.tasks[w] = slices.DeleteFunc(s.tasks[w], func(t int) bool { return t == task })
	cost := int64(0)
	if len(s.tasks[w]) > 0 {
		cost, _ = s.p.Cost(w, s.tasks[w])
	}
	s.total += cost - s.cost[w] + s.p.Tasks[task].Unmet
	s.cost[w], s.worker[task] = cost, Nobody
}

func (s *state) plan() Plan {
	plan := Plan{Worker: slices.Clone(s.worker), Cost: s.total}
	for _, w := range s.worker {
		if w == Nobody {
			plan.Unmet++
		}
	}
	return plan
}

// load makes the state that of a plan.
func (s *state) load(plan Plan) {
	for t := range s.worker {
		s.worker[t] = Nobody
	}
	s.total = 0
	for w := range s.tasks {
		s.tasks[w], s.cost[w] = s.tasks[w][:0], 0
	}
	for t, w := range plan.Worker {
		if w == Nobody {
			s.total += s.p.Tasks[t].Unmet
			continue
		}
		s.worker[t] = w
		s.tasks[w] = append(s.tasks[w], t)
	}
	for w, mine := range s.tasks {
		if len(mine) > 0 {
			slices.SortFunc(mine, s.order)
			s.cost[w], _ = s.p.Cost(w, mine)
			s.total += s.cost[w]
		}
	}
}

// Greedy gives each task, in the order in which they are, to whoever costs least then. The first of equals
// has it.
func Greedy(p Problem) Plan {
	s := newState(p)
	for t := range p.Tasks {
		s.cheapest(t)
	}
	return s.plan()
}

// cheapest gives a task to whoever costs least, if that is better than nobody.
func (s *state) cheapest(task int) {
	best, least := Nobody, s.p.Tasks[task].Unmet
	for _, w := range s.p.Tasks[task].Able {
		if cost, able := s.marginal(w, task); able && cost < least {
			best, least = w, cost
		}
	}
	if best != Nobody {
		s.give(task, best, least)
	}
}

// Within makes a plan keep to something that choices share. may is asked for every choice, in the order of
// the tasks, and remembers to what it has said yes. Tasks to which it says no go to whoever costs least of
// those to whom it says yes, or to nobody.
func Within(p Problem, plan Plan, may func(task, worker int) bool) Plan {
	s := newState(p)
	s.load(plan)
	var lost []int
	for t, w := range plan.Worker {
		if w != Nobody && !may(t, w) {
			s.take(t)
			lost = append(lost, t)
		}
	}
	for _, t := range lost {
		type price struct {
			worker int
			cost   int64
		}
		var list []price
		for _, w := range p.Tasks[t].Able {
			if cost, able := s.marginal(w, t); able && w != plan.Worker[t] && cost < p.Tasks[t].Unmet {
				list = append(list, price{w, cost})
			}
		}
		slices.SortStableFunc(list, func(a, b price) int { return cmp.Compare(a.cost, b.cost) })
		for _, one := range list {
			if may(t, one.worker) {
				s.give(t, one.worker, one.cost)
				break
			}
		}
	}
	return s.plan()
}

// Check says whether a plan can be done, and costs what it says.
func Check(p Problem, plan Plan) bool {
	s := newState(p)
	unmet := 0
	for t, w := range plan.Worker {
		if w == Nobody {
			unmet++
			continue
		}
		cost, able := s.marginal(w, t)
		if !slices.Contains(p.Tasks[t].Able, w) || !able {
			return false
		}
		s.give(t, w, cost)
	}
	return s.total == plan.Cost && unmet == plan.Unmet
}
