// SPDX-License-Identifier: EUPL-1.2

//go:build stress

package mediation_test

import (
	"os"
	"slices"
	"strconv"
	"testing"
)

// TestStressNeverTwice is TestNeverTwice with a hundred clients and a thousand rounds; APPRODO_STRESS_ROUNDS
// makes it shorter.
func TestStressNeverTwice(t *testing.T) {
	rounds := 1000
	if n, err := strconv.Atoi(os.Getenv("APPRODO_STRESS_ROUNDS")); err == nil {
		rounds = n
	}
	for engine, config := range engines {
		t.Run(string(engine), func(t *testing.T) { // one engine after the other: the times are its own
			nodes := three(t, config(t))
			c := newContest(t, nodes, 100)
			c.run(rounds)
			slices.Sort(c.took)
			retries := int64(0)
			for _, d := range nodes {
				retries += d.Stats().Retries
			}
			at := func(share float64) any { return c.took[int(float64(len(c.took)-1)*share)].Round(1e5) }
			t.Logf("%s: %d rounds of 100 clients over three nodes, every history linearizable; answers p50 %v, p95 %v, p99 %v, longest %v; %d conflicts run again",
				engine, rounds, at(.5), at(.95), at(.99), at(1), retries)
		})
	}
}
