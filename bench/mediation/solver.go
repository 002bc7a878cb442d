// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/assign"
	"approdo/internal/kit/calendar"
)

//go:embed solver.py
var solver string

// solved is one matrix, by both.
type solved struct {
	Rows    int     `json:"rows"`
	Columns int     `json:"columns"`
	Ours    float64 `json:"ours_ms"`
	SciPy   float64 `json:"scipy_ms"`
	Same    bool    `json:"same_cost"`
}

// oneDay is a day of the scheduled load, shared out.
type oneDay struct {
	Requests int     `json:"requests"`
	Greedy   int     `json:"greedy_met"`
	Best     int     `json:"best_met"`
	Lacks    [3]int  `json:"points_lacking_greedy_best_bound"`
	Shaken   int     `json:"points_lacking_after_shaking"`
	Seconds  float64 `json:"seconds"`
	Longer   float64 `json:"seconds_with_shaking"`
}

func runSolver(ctx context.Context, b *bench) (any, error) {
	dice := rand.New(rand.NewPCG(3, 3)) // #nosec G404 -- a benchmark
	var list []solved
	for _, size := range [][2]int{{50, 200}, {200, 800}, {500, 800}, {800, 800}} {
		cost := make([][]int64, size[0])
		for i := range cost {
			cost[i] = make([]int64, size[1])
			for j := range cost[i] {
				cost[i][j] = dice.Int64N(1000)
				if dice.IntN(4) > 0 {
					cost[i][j] = 1_000_000 // does not speak the language
				}
			}
		}
		one, err := beside(ctx, cost)
		if err != nil {
			return nil, err
		}
		fmt.Printf("%d tasks, %d workers: ours %.1f ms, scipy %.1f ms, same cost: %v\n", one.Rows, one.Columns, one.Ours, one.SciPy, one.Same)
		list = append(list, one)
	}
	w := shareDay(ctx, b.region())
	fmt.Printf("a day of %d scheduled requests: one by one %d met, together %d; points lacking %v (one by one, together, bound) in %.1f s, %d after %.1f s\n",
		w.Requests, w.Greedy, w.Best, w.Lacks, w.Seconds, w.Shaken, w.Longer)
	return map[string]any{"assignment": list, "day": w}, nil
}

// beside solves a matrix with ours and with scipy's, and compares.
func beside(ctx context.Context, cost [][]int64) (solved, error) {
	s := solved{Rows: len(cost), Columns: len(cost[0])}
	began := time.Now()
	given := assign.Assign(cost)
	s.Ours = time.Since(began).Seconds() * 1000
	sum := int64(0)
	for i, j := range given {
		sum += cost[i][j]
	}
	line, err := json.Marshal(cost)
	if err != nil {
		return s, err
	}
	c := exec.CommandContext(ctx, "/usr/bin/python3", "-c", solver) // #nosec G204 -- the program above
	c.Stdin = bytes.NewReader(append(line, '\n'))
	out, err := c.Output()
	if err != nil {
		return s, fmt.Errorf("scipy (python3-scipy of Debian): %w", err)
	}
	var theirs struct {
		Cost    int64
		Seconds float64
	}
	if err := json.NewDecoder(bufio.NewReader(bytes.NewReader(out))).Decode(&theirs); err != nil {
		return s, err
	}
	s.SciPy, s.Same = theirs.Seconds*1000, theirs.Cost == sum
	return s, nil
}

// shareDay shares out the scheduled requests of one day of the region, whose mediators have nothing else.
func shareDay(ctx context.Context, r *region) oneDay {
	day := year + 22*7
	s := newSimulation(r, policies()[2])
	s.today = day - 2
	load := &mediation.Load{Now: evening(day - 2)}
	from, to := calendar.Earliest(day, 0, calendar.Rome()), calendar.Earliest(day+1, 0, calendar.Rome())
	for _, a := range r.requests() {
		if a.Kind == mediation.Scheduled && !a.Slot.Start.Before(from) && a.Slot.Start.Before(to) {
			load.Add(mediation.Seat{Request: a.Request, Weights: s.weights}, s.candidates(a.Request, from, to))
		}
	}
	began := time.Now()
	greedy, best, bound := load.Share(ctx, 0)
	w := oneDay{Requests: len(best.Choices), Greedy: greedy.Met, Best: best.Met, Lacks: [3]int{greedy.Lacks, best.Lacks, bound}, Seconds: time.Since(began).Seconds()}
	began = time.Now()
	_, shaken, _ := load.Share(ctx, 200)
	w.Shaken, w.Longer = shaken.Lacks, time.Since(began).Seconds()
	return w
}
