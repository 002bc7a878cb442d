// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// engines in the order in which they run.
var engines = []struct {
	name string
	make func() engine
}{
	{"approdo", func() engine { return &own{} }},
	{"bleve", func() engine { return &bleveEngine{} }},
	{"sqlite_fts5", func() engine { return &sqliteEngine{} }},
	{"sqlite_fts5_trimmed", func() engine { return &sqliteEngine{trimmed: true} }},
	{"postgres_fts", func() engine { return &postgresEngine{} }},
}

func main() {
	services := flag.Int("services", 100_000, "services to generate, each in three languages")
	queries := flag.Int("queries", 300, "distinct queries of each kind")
	rounds := flag.Int("rounds", 3, "rounds after warming up; the median of them counts")
	only := flag.String("engines", "all", "engines to run, with commas between them")
	child := flag.String("child", "", "run one engine in this process (used by the program itself)")
	flag.Parse()
	var err error
	if *child != "" {
		err = runChild(*child, *services, *queries, *rounds)
	} else {
		err = runAll(*only, *services, *queries, *rounds)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench/search:", err)
		os.Exit(1)
	}
}

// runChild measures one engine and prints its report as JSON.
func runChild(name string, services, queries, rounds int) error {
	for _, e := range engines {
		if e.name == name {
			rep, err := measure(e.make(), services, queries, rounds)
			if err != nil {
				return err
			}
			return json.NewEncoder(os.Stdout).Encode(rep)
		}
	}
	return fmt.Errorf("no engine %q", name)
}

// runAll runs every engine in a process of its own, so that none inherits the
// memory or the garbage of another.
func runAll(only string, services, queries, rounds int) error {
	fmt.Printf("%d services × 3 languages, %d distinct queries of each kind, median of %d rounds, on one core\n", services, queries, rounds)
	reports := map[string]report{}
	for _, e := range engines {
		if only != "all" && !slices.Contains(strings.Split(only, ","), e.name) {
			continue
		}
		start := time.Now()
		cmd := exec.Command(os.Args[0], "-child", e.name, "-services", fmt.Sprint(services), "-queries", fmt.Sprint(queries), "-rounds", fmt.Sprint(rounds))
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		var rep report
		if err := json.Unmarshal(out.Bytes(), &rep); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		reports[e.name] = rep
		fmt.Printf("%s took %.0f s in all\n", e.name, time.Since(start).Seconds())
	}
	table(reports)
	for name, rep := range reports {
		for _, t := range []*times{&rep.Exact, &rep.Typo, &rep.Prefix} {
			t.Found, t.Mean = 0, 0
		}
		reports[name] = rep
	}
	line, err := json.Marshal(map[string]any{"bench": "search", "documents": 3 * services, "engines": reports})
	if err != nil {
		return err
	}
	fmt.Println(string(line))
	return nil
}

func table(reports map[string]report) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "engine\tkind\tp50 ms\tp95 ms\tp99 ms\tqueries/s\tfound\tmatches\tbuild s\tmemory MB\t")
	for _, e := range engines {
		rep, ok := reports[e.name]
		if !ok {
			continue
		}
		for i, t := range []times{rep.Exact, rep.Typo, rep.Prefix} {
			fmt.Fprintf(w, "%s\t%s\t%.3f\t%.3f\t%.3f\t%.0f\t%.0f%%\t%.0f\t%.1f\t%.0f\t\n",
				e.name, kinds[i], t.P50, t.P95, t.P99, t.QPS, 100*t.Found, t.Mean, rep.Build, rep.RSS)
		}
	}
	w.Flush()
}
