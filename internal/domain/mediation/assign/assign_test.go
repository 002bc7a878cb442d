// SPDX-License-Identifier: EUPL-1.2

package assign_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"approdo/internal/domain/mediation/assign"
)

// draw makes a problem: tasks within a day, workers who live somewhere on a road and need time for the way,
// who have at most so many hours, and who cost more the more they have.
func draw(t *rapid.T, most int) assign.Problem {
	workers := rapid.IntRange(1, 4).Draw(t, "workers")
	p := assign.Problem{Workers: workers}
	var place []int64
	costs := map[[2]int]int64{}
	for i := range rapid.IntRange(0, most).Draw(t, "tasks") {
		from := int64(rapid.IntRange(0, 20).Draw(t, "from"))
		task := assign.Task{From: from, To: from + int64(rapid.IntRange(1, 6).Draw(t, "long")), Unmet: 10_000}
		for w := range workers {
			if rapid.Bool().Draw(t, "able") {
				task.Able = append(task.Able, w)
				costs[[2]int{w, i}] = int64(rapid.IntRange(0, 1000).Draw(t, "cost"))
			}
		}
		p.Tasks = append(p.Tasks, task)
		place = append(place, int64(rapid.IntRange(0, 3).Draw(t, "place")))
	}
	hours := int64(rapid.IntRange(4, 20).Draw(t, "hours"))
	p.Cost = func(worker int, tasks []int) (int64, bool) {
		sum, worked, end, at := int64(0), int64(0), int64(math.MinInt32), int64(0)
		for _, i := range tasks {
			task := p.Tasks[i]
			if way := place[i] - at; task.From < end+max(way, -way) {
				return 0, false
			}
			end, at = task.To, place[i]
			worked += task.To - task.From
			sum += costs[[2]int{worker, i}]
		}
		return sum + worked*worked, worked <= hours || len(tasks) == 1
	}
	return p
}

// Whatever is to be done: the plans can be done, none is dearer than the greedy one, none is cheaper than the
// bound, and the same question has the same answer.
func TestPlans(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := draw(t, 14)
		greedy, best := assign.Greedy(p), assign.Best(context.Background(), p, 5)
		for name, plan := range map[string]assign.Plan{"greedy": greedy, "best": best} {
			if !assign.Check(p, plan) {
				t.Fatalf("%s can't be done, or does not cost that: %+v", name, plan)
			}
			if bound := assign.Bound(p); plan.Cost < bound {
				t.Fatalf("%s costs %d and the bound is %d", name, plan.Cost, bound)
			}
		}
		if best.Cost > greedy.Cost {
			t.Fatalf("%d is dearer than the greedy %d", best.Cost, greedy.Cost)
		}
		if again := assign.Best(context.Background(), p, 5); !slices.Equal(again.Worker, best.Worker) {
			t.Fatal("another answer to the same question")
		}
	})
}

// A plan that is kept to what choices share can be done, takes no more than there is, and is the same when
// there is enough.
func TestWithin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := draw(t, 14)
		plan := assign.Greedy(p)
		room := []int64{int64(rapid.IntRange(0, 20).Draw(t, "room")), 1_000}
		left := slices.Clone(room)
		kept := assign.Within(p, plan, func(task, worker int) bool {
			long, of := p.Tasks[task].To-p.Tasks[task].From, worker%2
			if left[of] < long {
				return false
			}
			left[of] -= long
			return true
		})
		if !assign.Check(p, kept) {
			t.Fatalf("it can't be done, or does not cost that: %+v", kept)
		}
		used := make([]int64, 2)
		for task, w := range kept.Worker {
			if w != assign.Nobody {
				used[w%2] += p.Tasks[task].To - p.Tasks[task].From
			}
		}
		if used[0] != room[0]-left[0] || used[0] > room[0] {
			t.Fatalf("%d are used of %d, and %d are left", used[0], room[0], left[0])
		}
		if all := assign.Within(p, plan, func(int, int) bool { return true }); !slices.Equal(all.Worker, plan.Worker) || all.Cost != plan.Cost {
			t.Fatal("a plan with room enough is another")
		}
	})
}

// Few tasks are planned as by trying everything.
func TestFewTasksAreExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := draw(t, 6)
		want := everything(p, make([]int, len(p.Tasks)), 0)
		if got := assign.Best(context.Background(), p, 0).Cost; got != want {
			t.Fatalf("%d, and trying everything %d", got, want)
		}
		if got := assign.Exact(p).Cost; got != want {
			t.Fatalf("exact: %d, and trying everything %d", got, want)
		}
	})
}

// everything is the cost of the cheapest of all plans, with none left out.
func everything(p assign.Problem, worker []int, task int) int64 {
	if task < len(p.Tasks) {
		least := int64(math.MaxInt64)
		for _, w := range append([]int{assign.Nobody}, p.Tasks[task].Able...) {
			worker[task] = w
			least = min(least, everything(p, worker, task+1))
		}
		return least
	}
	sum := int64(0)
	for t, w := range worker {
		if w == assign.Nobody {
			sum += p.Tasks[t].Unmet
		}
	}
	for w := range p.Workers {
		var mine []int
		for t := range worker {
			if worker[t] == w {
				mine = append(mine, t)
			}
		}
		if len(mine) == 0 {
			continue
		}
		slices.SortFunc(mine, func(a, b int) int { return int(p.Tasks[a].From - p.Tasks[b].From) })
		for i := 1; i < len(mine); i++ {
			if p.Tasks[mine[i]].From < p.Tasks[mine[i-1]].To {
				return math.MaxInt64
			}
		}
		cost, able := p.Cost(w, mine)
		if !able {
			return math.MaxInt64
		}
		sum += cost
	}
	return sum
}

// One moment is exact at any size: the assignment is the cheapest of all permutations.
func TestAssign(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(0, 5).Draw(t, "rows")
		columns := rows + rapid.IntRange(0, 2).Draw(t, "more")
		cost := make([][]int64, rows)
		for i := range cost {
			for range columns {
				cost[i] = append(cost[i], int64(rapid.IntRange(-50, 50).Draw(t, "cost")))
			}
		}
		sum, taken := int64(0), map[int]bool{}
		for i, j := range assign.Assign(cost) {
			if taken[j] {
				t.Fatalf("column %d twice", j)
			}
			taken[j] = true
			sum += cost[i][j]
		}
		if want := cheapest(cost, 0, map[int]bool{}); sum != want {
			t.Fatalf("%d, and the cheapest is %d", sum, want)
		}
	})
}

func cheapest(cost [][]int64, row int, taken map[int]bool) int64 {
	if row == len(cost) {
		return 0
	}
	least := int64(math.MaxInt64)
	for j := range cost[row] {
		if !taken[j] {
			taken[j] = true
			least = min(least, cost[row][j]+cheapest(cost, row+1, taken))
			taken[j] = false
		}
	}
	return least
}

// The greedy plan can be bad: the first takes the only one whom the second could have had.
func TestBestMeetsMore(t *testing.T) {
	t.Parallel()
	p := assign.Problem{Workers: 2, Tasks: []assign.Task{{From: 0, To: 2, Able: []int{0, 1}, Unmet: 1000}, {From: 1, To: 3, Able: []int{0}, Unmet: 1000}}}
	p.Cost = func(worker int, tasks []int) (int64, bool) { return int64(len(tasks) * (1 + worker)), true }
	if plan := assign.Greedy(p); plan.Unmet != 1 {
		t.Errorf("greedy: %+v", plan)
	}
	if plan := assign.Best(t.Context(), p, 0); plan.Unmet != 0 || plan.Cost != 3 {
		t.Errorf("best: %+v", plan)
	}
}
