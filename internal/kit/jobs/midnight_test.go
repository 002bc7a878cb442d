// SPDX-License-Identifier: EUPL-1.2

package jobs_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/jobs"
	"approdo/migrations"
)

// At midnight (UTC) the queue has housework of its own, which PostgreSQL needs and SQLite can't do.
func TestMidnightIsNoAlarm(t *testing.T) {
	t.Parallel()
	folder := db.Config{Dir: t.TempDir()}
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(24*time.Hour - 10*time.Second) // clocks of a bubble begin at midnight
		d, err := db.Open(t.Context(), folder)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = d.Close() }()
		if _, err := d.Migrate(t.Context(), migrations.FS); err != nil {
			t.Fatal(err)
		}
		var text lines
		r := quick(t, d, func(c *jobs.Config) {
			c.Log, c.Poll = slog.New(slog.NewTextHandler(&text, nil)), time.Second
		})
		var done log
		jobs.Handle(r, 0, func(_ context.Context, _ jobs.Task, args greet) error { done.add(args.Who); return nil })
		stop := run(t, r)
		time.Sleep(20 * time.Second)
		enqueue(t, d, greet{"ada"})
		time.Sleep(5 * time.Second)
		stop()
		if got := time.Now().UTC().Day(); got != 2 || done.String() != "ada" {
			t.Errorf("on day %d, done: %q", got, done.String())
		}
		if text.String() != "" {
			t.Errorf("the log says: %s", text.String())
		}
	})
}
