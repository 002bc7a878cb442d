// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"slices"
	"time"

	"approdo/internal/domain/mediation"
)

// times are percentiles, in milliseconds.
type times struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
	P99 float64 `json:"p99_ms"`
	Max float64 `json:"max_ms"`
}

func timesOf(list []time.Duration) times {
	slices.Sort(list)
	at := func(share float64) float64 {
		if len(list) == 0 {
			return 0
		}
		return float64(list[int(float64(len(list)-1)*share)].Microseconds()) / 1000
	}
	return times{N: len(list), P50: at(.5), P95: at(.95), P99: at(.99), Max: at(1)}
}

// searches are the figures of the slot search.
type searches struct {
	First times   `json:"first_twelve"` // the twelve first free times: what the page shows
	All   times   `json:"eight_weeks"`  // all that eight weeks have, six a day
	Found float64 `json:"found"`        // times found by a search for twelve, in the mean
}

// measureSearch asks distinct questions, one after the other, each once after as many others to warm up.
func measureSearch(ctx context.Context, w *world, queries int) (searches, error) {
	var s searches
	var list []asked
	for _, a := range w.requests() {
		if a.Kind == mediation.Scheduled {
			list = append(list, a)
		}
	}
	var first, all []time.Duration
	found := 0
	if w.profile != "" {
		file, err := os.Create(w.profile + "." + string(w.app.DB.Engine()))
		if err != nil {
			return s, err
		}
		defer func() { _ = file.Close() }()
		if err := pprof.StartCPUProfile(file); err != nil {
			return s, err
		}
		defer pprof.StopCPUProfile()
	}
	for i := range 2 * queries {
		a := list[i*len(list)/(2*queries)]
		ask := func(most int) (time.Duration, int, error) { // three times, of which the median counts
			r := a.Request
			r.ID = ""
			var took [3]time.Duration
			n := 0
			for i := range took {
				began := time.Now()
				options, err := w.app.Mediation.Find(ctx, operator(a.Member, w.now), mediation.FindRequest{Request: r, Minutes: a.Slot.Minutes(), From: w.now, Most: most})
				if err != nil {
					return 0, 0, err
				}
				took[i], n = time.Since(began), len(options)
			}
			slices.Sort(took[:])
			return took[1], n, nil
		}
		took, n, err := ask(12)
		if err != nil {
			return s, fmt.Errorf("%+v: %w", a.Request, err)
		}
		if i < queries {
			continue // to warm up
		}
		found += n
		first = append(first, took)
		if took, _, err = ask(10_000); err != nil {
			return s, err
		}
		all = append(all, took)
	}
	s.First, s.All, s.Found = timesOf(first), timesOf(all), float64(found)/float64(queries)
	return s, nil
}
