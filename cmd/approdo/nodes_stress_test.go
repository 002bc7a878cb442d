// SPDX-License-Identifier: EUPL-1.2

//go:build stress && !race

package main

import (
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"approdo/internal/kit/db/dbtest"
	"approdo/migrations"
)

// rounds is how long a stress test is; APPRODO_STRESS_ROUNDS makes it shorter.
func rounds() int {
	if n, err := strconv.Atoi(os.Getenv("APPRODO_STRESS_ROUNDS")); err == nil {
		return max(n, 1)
	}
	return 1000
}

// TestStressKillDuringWaves kills nodes at one of twenty-five messages, and at any moment besides, while the
// rules of the body are those that people may decide on. Nothing is hastened: what a dead node had begun is done
// by another after two minutes.
func TestStressKillDuringWaves(t *testing.T) {
	t.Parallel()
	eachFleet(t, 4, func(t *testing.T, f *fleet, g *gateway) {
		calls := max(rounds()/20, 5) // of each desk
		k := newKilling(t, f, g, 5*calls, 10*time.Second)
		g.lost = func(int) bool { return g.dice.IntN(50) == 0 }
		g.repeated = func(int) bool { return g.dice.IntN(50) == 0 }
		done := make(chan struct{})
		k.beside(func() {
			for {
				select {
				case <-done:
					return
				case <-time.After(time.Duration(k.throw(6000)) * time.Millisecond):
					k.strike(k.throw(nodes))
				}
			}
		})
		k.call(calls)
		time.Sleep(20 * time.Second) // while the waves after the first go out
		close(done)
		k.calm()
		k.cut(func() {})
		k.settle(20*time.Minute, true)
		k.check()
	})
}

// TestStressContest is a hundred clients and a thousand rounds over HTTP, and says how long answers took.
func TestStressContest(t *testing.T) {
	for engine, url := range map[string]string{"sqlite": "", "postgres": dbtest.PostgresURL(t, migrations.FS)} {
		t.Run(engine, func(t *testing.T) { // one engine after the other: the times are its own
			c := newContest(t, newFleet(t, url, 10, newGateway(t).flags))
			c.run(rounds(), 100)
			slices.Sort(c.took)
			at := func(share float64) any { return c.took[int(float64(len(c.took)-1)*share)].Round(1e5) }
			t.Logf("%s: %d rounds of 100 clients over HTTP and three processes, one winner for each mediator and hour; answers p50 %v, p95 %v, p99 %v, longest %v",
				engine, c.round, at(.5), at(.95), at(.99), at(1))
		})
	}
}
