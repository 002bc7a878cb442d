// SPDX-License-Identifier: EUPL-1.2

//go:build stress

package mediation_test

import (
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
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
			at := func(share float64, took []time.Duration) any {
				took = slices.Sorted(slices.Values(took))
				return took[int(float64(len(took)-1)*share)].Round(1e5)
			}
			retries := int64(0)
			for _, d := range nodes {
				retries += d.Stats().Retries
			}
			t.Logf("%s: %d rounds of 100 clients over three nodes, every history linearizable; answers p50 %v, p95 %v, p99 %v, longest %v; %d conflicts run again",
				engine, rounds, at(.5, c.took), at(.95, c.took), at(.99, c.took), at(1, c.took), retries)
			// Does it get slower as there is more?
			first, last := c.took[:len(c.took)/2], c.took[len(c.took)/2:]
			t.Logf("%s: p50 and p99 of the first half %v, %v, of the second %v, %v", engine, at(.5, first), at(.99, first), at(.5, last), at(.99, last))
		})
	}
}
