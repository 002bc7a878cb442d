// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
)

// parts in the order in which they run.
var parts = []struct {
	name string
	run  func(ctx context.Context, b *bench) (any, error)
}{
	{"year", runYear},
	{"search", runSearch},
	{"calls", runCalls},
	{"bookings", runBookings},
	{"solver", runSolver},
}

// bench is one run.
type bench struct {
	parameters
	code    string // of the region
	server  string // PostgreSQL
	queries int
	seconds int
	profile string
}

func (b *bench) region() *region { return makeRegion(b.parameters, b.code) }

func main() {
	file := flag.String("parameters", "", "file of the parameters (default: those of bench/mediation/parameters.json)")
	only := flag.String("parts", "all", "parts to run, with commas between them")
	queries := flag.Int("queries", 1000, "distinct questions of the slot search")
	seconds := flag.Int("seconds", 30, "how long to book")
	profile := flag.String("profile", "", "file for profiles of the processor during the slot search")
	flag.Parse()
	if err := run(context.Background(), *file, *only, bench{queries: *queries, seconds: *seconds, profile: *profile}); err != nil {
		fmt.Fprintln(os.Stderr, "bench/mediation:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, file, only string, b bench) error {
	p, code, err := read(file)
	if err != nil {
		return err
	}
	b.parameters, b.code, b.server = p, code, os.Getenv("APPRODO_TEST_POSTGRES")
	if b.server == "" {
		return errors.New("APPRODO_TEST_POSTGRES names no server: run make bench-mediation")
	}
	line := map[string]any{"bench": "mediation"}
	for _, part := range parts {
		if only != "all" && !slices.Contains(strings.Split(only, ","), part.name) {
			continue
		}
		fmt.Printf("\n%s\n", part.name)
		if line[part.name], err = part.run(ctx, &b); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	fmt.Println(string(text))
	return nil
}

func runSearch(ctx context.Context, b *bench) (any, error) {
	found := map[string]searches{}
	for _, engine := range []string{"postgres", "sqlite"} {
		server := ""
		if engine == "postgres" {
			server = b.server
		}
		w, err := openWorld(ctx, b.region(), server, nil)
		if err != nil {
			return nil, err
		}
		w.profile = b.profile
		s, err := measureSearch(ctx, w, b.queries)
		w.end()
		if err != nil {
			return nil, err
		}
		fmt.Printf("%-9s twelve times: p50 %.1f p95 %.1f p99 %.1f max %.1f ms (%.1f found); eight weeks: p50 %.1f p95 %.1f p99 %.1f max %.1f ms\n",
			engine, s.First.P50, s.First.P95, s.First.P99, s.First.Max, s.Found, s.All.P50, s.All.P95, s.All.P99, s.All.Max)
		found[engine] = s
	}
	return found, nil
}

func runYear(ctx context.Context, b *bench) (any, error) {
	found := map[string]outcome{}
	for _, p := range policies() {
		r := b.region()
		o := simulate(ctx, r, r.requests(), p)
		fmt.Printf("%-7s fill %.1f%% (on call %.1f%%, scheduled %.1f%%), first acceptance p50 %.0f s p95 %.0f s, %.0f min on the way for each meeting in person, %.2f € an hour, Gini %.3f (alike %.3f), score %.0f; took %.0f s\n",
			p.name, 100*o.Fill, 100*o.OnCall, 100*o.Scheduled, o.AnswerP50, o.AnswerP95, o.WayEach, o.Euro, o.Gini, o.GiniAlike, o.Score, o.Seconds)
		if o.Plans.Days > 0 {
			fmt.Printf("        %d plans: met %d, one by one %d, of %d; points lacking %d, one by one %d, no plan less than %d\n",
				o.Plans.Days, o.Plans.BestMet, o.Plans.GreedyMet, o.Plans.Requests, o.Plans.BestLack, o.Plans.GreedyLack, o.Plans.Bound)
		}
		found[p.name] = o
	}
	return found, nil
}
