// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/tally"
)

// Dimensions in which use is counted.
const (
	UseViews     = "views"    // pages of services opened; no subject
	UseSearches  = "searches" // searches made; no subject
	UseService   = "service"  // subject: identifier of the entry
	UseNeed      = "need"     // subject: code of the need searched for
	UseLanguage  = "language" // subject: language of the page on which was searched
	UseProvince  = "province" // subject: sigla of the province searched in
	UseClear     = "clear"    // answers to "is this clear?"; subject: yes, no
	keepUse      = 3 * 365    // days
	flushEvery   = time.Minute
	mostBuffered = 10_000
)

// dimensions are those that are published, in the order of the tables.
var dimensions = []string{UseViews, UseSearches, UseService, UseNeed, UseLanguage, UseProvince}

// Use is one number: how often, on a day or in a span of days.
type Use struct {
	Day       string `json:"day"`
	Dimension string `json:"dimension"`
	Subject   string `json:"subject,omitempty"`
	Count     int    `json:"count"`
}

// Counter counts use in memory and writes it down once a minute: a page is not kept waiting, and a
// crash loses a minute of numbers that hurt nobody.
type Counter struct {
	uses *UseCases
	log  *slog.Logger

	mu     sync.Mutex
	counts map[Use]int // with Count 0
}

// Counter begins counting. Run writes down.
func (u *UseCases) Counter(log *slog.Logger) *Counter {
	return &Counter{uses: u, log: log, counts: map[Use]int{}}
}

// Viewed counts that the page of a service was opened.
func (c *Counter) Viewed(agent, service string) {
	if machine(agent) {
		return
	}
	c.add(UseViews, "")
	c.add(UseService, service)
}

// Searched counts a search: its language, what it was about, and in which province, "" for none.
func (c *Counter) Searched(agent, language string, needs []string, province string) {
	if machine(agent) {
		return
	}
	c.add(UseSearches, "")
	c.add(UseLanguage, language)
	for _, code := range needs {
		c.add(UseNeed, code)
	}
	if province != "" {
		c.add(UseProvince, province)
	}
}

func (c *Counter) add(dimension, subject string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := Use{Day: c.uses.today().String(), Dimension: dimension, Subject: subject}
	if _, counted := c.counts[key]; !counted && len(c.counts) >= mostBuffered {
		return
	}
	c.counts[key]++
}

// Run writes down until the context ends, and once more then.
func (c *Counter) Run(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.report(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			c.report(last)
			return
		}
	}
}

func (c *Counter) report(ctx context.Context) {
	if err := c.Flush(ctx); err != nil && c.log != nil {
		c.log.LogAttrs(ctx, slog.LevelWarn, "use could not be written down", slog.String("error", err.Error()))
	}
}

// Flush writes down what was counted since the last time.
func (c *Counter) Flush(ctx context.Context) error {
	c.mu.Lock()
	counted := c.counts
	c.counts = map[Use]int{}
	c.mu.Unlock()
	if len(counted) == 0 {
		return nil
	}
	rows := make([][]any, 0, len(counted))
	for use, n := range counted {
		rows = append(rows, []any{use.Day, use.Dimension, use.Subject, n})
	}
	// In one order, so that two nodes that write at once do not wait for each other in a circle.
	slices.SortFunc(rows, func(a, b []any) int {
		return cmp.Or(cmp.Compare(a[0].(string), b[0].(string)), cmp.Compare(a[1].(string), b[1].(string)), cmp.Compare(a[2].(string), b[2].(string)))
	})
	err := c.uses.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Insert(ctx, tx, `directory_usage (day, dimension, subject, count)`,
			`ON CONFLICT (day, dimension, subject) DO UPDATE SET count = directory_usage.count + excluded.count`, rows); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `DELETE FROM directory_usage WHERE day < $1`, (c.uses.today() - keepUse).String())
		return err
	})
	if err != nil {
		c.mu.Lock()
		for use, n := range counted {
			c.counts[use] += n
		}
		c.mu.Unlock()
	}
	return err
}

// machines are words in the names of programs that read pages without anybody looking.
var machines = []string{
	"bot", "crawl", "spider", "slurp", "scrape", "curl", "wget", "python", "java/", "go-http", "okhttp", "libwww", "headless", "lighthouse",
	"preview", "facebookexternalhit", "whatsapp", "monitor", "uptime", "pingdom", "archiver", "feed", "validator", "phantom", "axios", "node-fetch",
}

func machine(agent string) bool {
	agent = strings.ToLower(agent)
	return agent == "" || slices.ContainsFunc(machines, func(word string) bool { return strings.Contains(agent, word) })
}

// UsePublic gives the numbers of days that are over, from one day to another (both included), as they
// may be published. Anybody may.
func (u *UseCases) UsePublic(ctx context.Context, from, to calendar.Day) ([]Use, error) {
	to = min(to, u.today()-1) // today is not over: whoever reads twice would see single visits
	all, err := db.Rows(ctx, u.DB, scanUse, `SELECT day, dimension, subject, count FROM directory_usage WHERE day >= $1 AND day <= $2 AND dimension <> $3
		ORDER BY day, dimension, subject`, from.String(), to.String(), UseClear)
	return publishable(all), err
}

// UseTotals sums the numbers of days that are over up by subject, the largest first, as they may be
// published. Anybody may.
func (u *UseCases) UseTotals(ctx context.Context, from, to calendar.Day) (map[string][]Use, error) {
	to = min(to, u.today()-1)
	all, err := db.Rows(ctx, u.DB, scanUse, `SELECT '', dimension, subject, CAST(SUM(count) AS BIGINT) FROM directory_usage WHERE day >= $1 AND day <= $2 AND dimension <> $3
		GROUP BY dimension, subject ORDER BY dimension, subject`, from.String(), to.String(), UseClear)
	if err != nil {
		return nil, err
	}
	totals := map[string][]Use{}
	for _, use := range publishable(all) {
		totals[use.Dimension] = append(totals[use.Dimension], use)
	}
	for _, list := range totals {
		slices.SortStableFunc(list, func(a, b Use) int { return cmp.Compare(b.Count, a.Count) })
	}
	return totals, nil
}

func scanUse(s db.Scanner) (Use, error) {
	var use Use
	return use, s.Scan(&use.Day, &use.Dimension, &use.Subject, &use.Count)
}

// publishable leaves out small numbers, for every day and dimension.
func publishable(all []Use) []Use {
	type group struct{ day, dimension string }
	return tally.Publishable(all, func(use Use) group { return group{use.Day, use.Dimension} }, func(use Use) int { return use.Count })
}

// Dimensions lists the dimensions that are published.
func Dimensions() []string { return slices.Clone(dimensions) }
