// SPDX-License-Identifier: EUPL-1.2

// Command quality measures how well the search understands people: for every query in queries/, in
// the ten languages, whether a service for one of the accepted needs is among the first five
// (success@5), and which share of the first five is (precision@5). The directory is the example
// census. It ends with one line of JSON.
package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"approdo/internal/base/need"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/demo"
	"approdo/internal/kit/db"
	"approdo/internal/kit/lang"
	"approdo/migrations"
)

// query is a row of a file of queries.
type query struct {
	text  string
	needs []string
}

// score adds up what the queries of a language gave.
type score struct {
	Queries   int     `json:"queries"`
	Success   float64 `json:"success_at_5"`
	Precision float64 `json:"precision_at_5"`
}

func main() {
	misses := flag.Bool("misses", false, "list the queries that failed")
	folder := flag.String("queries", "", "folder of query files (default: quality/queries)")
	least := flag.Float64("least", 0, "fail when success@5 of a language is below this")
	flag.Parse()
	if *folder == "" {
		*folder = filepath.Join("quality", "queries")
	}
	if err := run(*folder, *misses, *least); err != nil {
		fmt.Fprintln(os.Stderr, "quality:", err)
		os.Exit(1)
	}
}

func run(folder string, misses bool, least float64) error {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "approdo-quality-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	d, err := db.Open(ctx, db.Config{Dir: dir})
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	finder, err := example(ctx, d)
	if err != nil {
		return err
	}
	all, languages := score{}, map[string]score{}
	for _, language := range lang.All {
		queries, err := readQueries(filepath.Join(folder, language+".csv"))
		if err != nil {
			return err
		}
		s, err := measure(ctx, finder, language, queries, misses)
		if err != nil {
			return err
		}
		languages[language] = s.mean()
		all.Queries += s.Queries
		all.Success += s.Success
		all.Precision += s.Precision
	}
	return report(languages, all.mean(), least)
}

// tuesday is when everybody asks: what is open ranks higher, so figures would differ by the hour.
func tuesday() time.Time { return time.Date(2026, time.March, 10, 9, 30, 0, 0, time.UTC) }

// example fills an empty database with the example census and gives its index.
func example(ctx context.Context, d *db.DB) (*directory.Finder, error) {
	if _, err := d.Migrate(ctx, migrations.FS); err != nil {
		return nil, err
	}
	census, err := demo.Census(tuesday())
	if err != nil {
		return nil, err
	}
	u := directory.New(d, tuesday)
	if _, err := u.Save(ctx, census); err != nil {
		return nil, err
	}
	finder := directory.NewFinder(u)
	return finder, finder.Load(ctx)
}

func readQueries(path string) ([]query, error) {
	file, err := os.Open(path) // #nosec G304 -- a file of the repository, or one that the caller names
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var list []query
	for i, row := range rows[1:] {
		q := query{row[0], strings.Split(row[1], "|")}
		for _, code := range q.needs {
			if !need.Known(code) {
				return nil, fmt.Errorf("%s, row %d: there is no need %q", path, i+2, code)
			}
		}
		list = append(list, q)
	}
	return list, nil
}

func measure(ctx context.Context, finder *directory.Finder, language string, queries []query, misses bool) (score, error) {
	s := score{Queries: len(queries)}
	for _, q := range queries {
		found, err := finder.Find(ctx, directory.Query{Text: q.text, Language: language, Limit: 5})
		if err != nil {
			return s, err
		}
		accepted := withParents(q.needs)
		right := 0
		for _, item := range found.Items {
			if slices.ContainsFunc(item.Entry.Card.Needs, func(code string) bool { return accepted[code] }) {
				right++
			}
		}
		if right > 0 {
			s.Success++
			s.Precision += float64(right) / float64(len(found.Items))
		} else if misses {
			fmt.Printf("%s\t%s\twanted %s\tread %s\n", language, q.text, strings.Join(q.needs, " "), readings(found.Needs))
		}
	}
	return s, nil
}

// withParents accepts every need under an accepted top category.
func withParents(codes []string) map[string]bool {
	accepted := map[string]bool{}
	for _, code := range codes {
		accepted[code] = true
		for _, n := range need.Under(code) {
			accepted[n.Code] = true
		}
	}
	return accepted
}

func readings(list []need.Reading) string {
	words := make([]string, len(list))
	for i, r := range list {
		words[i] = fmt.Sprintf("%s %.2f", r.Code, r.Score)
	}
	return strings.Join(words, ", ")
}

func (s score) mean() score {
	if s.Queries == 0 {
		return s
	}
	return score{s.Queries, s.Success / float64(s.Queries), s.Precision / float64(s.Queries)}
}

func report(languages map[string]score, all score, least float64) error {
	fmt.Printf("%-4s %8s %12s %14s\n", "", "queries", "success@5", "precision@5")
	var low []string
	for _, language := range lang.All {
		s := languages[language]
		fmt.Printf("%-4s %8d %12.3f %14.3f\n", language, s.Queries, s.Success, s.Precision)
		if s.Success < least {
			low = append(low, language)
		}
	}
	fmt.Printf("%-4s %8d %12.3f %14.3f\n", "all", all.Queries, all.Success, all.Precision)
	line, err := json.Marshal(map[string]any{"bench": "search-quality", "queries": all.Queries, "success_at_5": all.Success, "precision_at_5": all.Precision, "languages": languages})
	if err != nil {
		return err
	}
	fmt.Println(string(line))
	if len(low) > 0 {
		return fmt.Errorf("success@5 is below %.2f in %s", least, strings.Join(low, ", "))
	}
	return nil
}
