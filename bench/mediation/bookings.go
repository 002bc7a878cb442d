// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/fault"
)

// booked are the figures of many clients who book.
type booked struct {
	Clients   int     `json:"clients"`
	Seconds   float64 `json:"seconds"`
	Bookings  int64   `json:"bookings"`
	PerSecond float64 `json:"bookings_per_second"`
	Nobody    int64   `json:"nobody"`    // could come
	Conflicts int64   `json:"conflicts"` // transactions that ran again
	Times     times   `json:"times"`
}

// runBookings lets clients ask for whatever the region asks for, as fast as they are answered: each is the
// whole use case, with choice, claims, message, sealed reason and log.
func runBookings(ctx context.Context, b *bench) (any, error) {
	w, err := openWorld(ctx, b.region(), b.server, nil)
	if err != nil {
		return nil, err
	}
	defer w.end()
	var list []asked
	for _, a := range w.requests() {
		if a.Kind == mediation.Scheduled && a.Slot.Start.After(w.now.AddDate(0, 0, 2)) && a.Slot.Start.Before(w.now.AddDate(0, 4, 0)) {
			list = append(list, a)
		}
	}
	rand.New(rand.NewPCG(7, 7)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] }) // #nosec G404 -- a benchmark
	found := map[string]booked{}
	next := atomic.Int64{}
	for _, clients := range []int{1, 4, 16} {
		f := booked{Clients: clients}
		var mu sync.Mutex
		var took []time.Duration
		var failed error
		var all sync.WaitGroup
		began, before := time.Now(), w.app.DB.Stats().Retries
		until := began.Add(time.Duration(b.seconds) * time.Second)
		for range clients {
			all.Go(func() {
				for time.Now().Before(until) {
					a := list[int(next.Add(1))%len(list)]
					r := a.Request
					r.ID = ""
					r.Private.Reason = "colloquio"
					from := time.Now()
					_, _, err := w.app.Mediation.Ask(ctx, operator(a.Member, w.now), mediation.AskRequest{Request: r})
					mu.Lock()
					took = append(took, time.Since(from))
					switch {
					case err == nil:
						f.Bookings++
					case fault.Is(err, fault.KindConflict):
						f.Nobody++
					default:
						failed = err
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
		if failed != nil {
			return nil, failed
		}
		f.Seconds, f.Conflicts, f.Times = time.Since(began).Seconds(), w.app.DB.Stats().Retries-before, timesOf(took)
		f.PerSecond = float64(f.Bookings) / f.Seconds
		fmt.Printf("%2d clients: %.0f bookings a second (%d in %.0f s, %d times nobody could, %d conflicts), p50 %.1f p95 %.1f p99 %.1f ms\n",
			clients, f.PerSecond, f.Bookings, f.Seconds, f.Nobody, f.Conflicts, f.Times.P50, f.Times.P95, f.Times.P99)
		found[fmt.Sprint(clients)] = f
	}
	return found, nil
}
