// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package main

import (
	"testing"
	"time"

	"approdo/internal/kit/db/dbtest"
	"approdo/migrations"
)

// eachFleet runs a test on three processes over one database of either engine.
func eachFleet(t *testing.T, desks int, fn func(t *testing.T, f *fleet, g *gateway)) {
	urls := map[string]func() string{"sqlite": func() string { return "" }, "postgres": func() string { return dbtest.PostgresURL(t, migrations.FS) }}
	for engine, url := range urls {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t)
			f := newFleet(t, url(), desks, g.flags)
			g.fleet = f
			fn(t, f, g)
		})
	}
}

// What runs at once here are processes, which the race detector can't watch together.

// TestThreeProcesses lets three processes of the program serve one database. Many programs want the same hour
// through the API, and one has it. Then nodes are killed while offers go out: every offer is there once and was
// delivered at least once under one key, and whoever was told that they have a request has it.
func TestThreeProcesses(t *testing.T) {
	t.Parallel()
	eachFleet(t, 2, func(t *testing.T, f *fleet, g *gateway) {
		newContest(t, f).run(4, 12)
		k := newKilling(t, f, g, 16, time.Second)
		g.lost = func(n int) bool { return n == 2 }
		g.repeated = func(n int) bool { return n == 5 }
		k.beside(func() { // and one at any moment
			time.Sleep(time.Duration(k.throw(1000)) * time.Millisecond)
			k.strike(k.throw(nodes))
		})
		k.call(4)
		k.await(5)
		k.calm()
		k.cut(k.laterAtOnce)
		k.settle(time.Minute, false)
		k.check()
	})
}
