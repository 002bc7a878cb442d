// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

// engine is one of the contestants.
type engine interface {
	build(*corpus) error
	ask(*query) (total int, err error)
	extraMB() float64 // memory of other processes that serve it
	close() error
}

// times are those of one kind of query.
type times struct {
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
	P99 float64 `json:"p99_ms"`
	QPS float64 `json:"qps"`

	Found float64 `json:"found,omitempty"` // share of the queries that found anything; for the table
	Mean  float64 `json:"mean,omitempty"`  // matches on average; for the table
}

// report is what one engine achieved.
type report struct {
	Exact  times   `json:"exact"`
	Typo   times   `json:"typo"`
	Prefix times   `json:"prefix"`
	Build  float64 `json:"build_s"`
	RSS    float64 `json:"rss_mb"`
}

// measure runs one engine. It stays on one processor while it asks, so that
// queries per second are those of one core.
func measure(e engine, services, queries, rounds int) (report, error) {
	var rep report
	c := generate(services)
	asked := map[string][]query{}
	for _, kind := range kinds {
		asked[kind] = c.queries(kind, queries)
	}
	before := residentMB()
	start := time.Now()
	if err := e.build(c); err != nil {
		return rep, errors.Join(fmt.Errorf("build: %w", err), e.close())
	}
	rep.Build = thousandth(time.Since(start).Seconds())
	rep.RSS = math.Round(residentMB() - before + e.extraMB())
	runtime.KeepAlive(c)
	runtime.GOMAXPROCS(1)
	for i, into := range []*times{&rep.Exact, &rep.Typo, &rep.Prefix} {
		kind := kinds[i]
		t, err := ask(e, asked[kind], rounds)
		if err != nil {
			return rep, errors.Join(fmt.Errorf("%s: %w", kind, err), e.close())
		}
		*into = t
	}
	runtime.KeepAlive(c)
	return rep, e.close()
}

// ask asks every query once to warm up and then in rounds.
func ask(e engine, list []query, rounds int) (times, error) {
	took := make([][]float64, len(list))
	var t times
	for round := range rounds + 1 {
		for i := range list {
			start := time.Now()
			total, err := e.ask(&list[i])
			if err != nil {
				return t, fmt.Errorf("%q: %w", list[i].text(), err)
			}
			if round > 0 {
				took[i] = append(took[i], float64(time.Since(start).Nanoseconds())/1e6)
				continue
			}
			t.Mean += float64(total) / float64(len(list))
			if total > 0 {
				t.Found += 1 / float64(len(list))
			}
		}
	}
	medians := make([]float64, len(list))
	sum := 0.0
	for i, rounds := range took {
		slices.Sort(rounds)
		medians[i] = rounds[len(rounds)/2]
		for _, ms := range rounds {
			sum += ms
		}
	}
	slices.Sort(medians)
	at := func(share float64) float64 {
		return thousandth(medians[min(len(medians)-1, int(share*float64(len(medians))))])
	}
	t.P50, t.P95, t.P99 = at(0.50), at(0.95), at(0.99)
	t.QPS = math.Round(float64(len(list)*rounds) / (sum / 1000))
	return t, nil
}

func thousandth(x float64) float64 { return math.Round(x*1000) / 1000 }

// residentMB is the memory of this process after everything that can be given
// back was, without pages of files: those are cache, and go when memory is short.
func residentMB() float64 {
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	return sizeMB(string(text), "RssAnon:")
}

// sizeMB finds a size in a file that the kernel shows for a process.
func sizeMB(text, name string) float64 {
	for line := range strings.Lines(text) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == name {
			kb, _ := strconv.ParseFloat(fields[1], 64)
			return kb / 1024
		}
	}
	return 0
}
