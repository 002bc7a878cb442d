// SPDX-License-Identifier: EUPL-1.2

package jobs

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"approdo/internal/kit/db"
)

// Config is how a node works. The zero Config is right for a server.
type Config struct {
	Log         *slog.Logger
	Poll        time.Duration // how often the queue is looked at; default half a second
	Limit       time.Duration // longest time for a job that names none; default a minute
	RescueAfter time.Duration // more than Limit; default twice as much
	Patience    time.Duration // for running jobs when the program stops; default 20 seconds
	// Backoff gives the time to the next attempt after failures; default their number to the fourth,
	// in seconds.
	Backoff func(failures int) time.Duration
}

// Runner does the jobs of this node.
type Runner struct {
	db       *db.DB
	config   Config
	workers  *river.Workers
	periodic []*river.PeriodicJob
	metrics  *metrics
}

// New makes a runner without work; see Handle and Every.
func New(d *db.DB, c Config) *Runner {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	c.Poll = cmp.Or(c.Poll, 500*time.Millisecond)
	c.Limit = cmp.Or(c.Limit, time.Minute)
	c.RescueAfter = cmp.Or(c.RescueAfter, 2*c.Limit)
	c.Patience = cmp.Or(c.Patience, 20*time.Second)
	return &Runner{db: d, config: c, workers: river.NewWorkers(), metrics: newMetrics(d)}
}

// Task is what a handler may know of the job besides its arguments.
type Task struct {
	ID      int64
	Attempt int  // 1 for the first
	Last    bool // after this attempt the job is a dead letter
}

// Handle says how jobs with these arguments are done, within limit (0 for that of the runner). Two
// handlers for one kind are a mistake that panics.
func Handle[A Args](r *Runner, limit time.Duration, work func(ctx context.Context, task Task, args A) error) {
	river.AddWorker(r.workers, &worker[A]{runner: r, limit: limit, work: work})
}

type worker[A Args] struct {
	river.WorkerDefaults[A]
	runner *Runner
	limit  time.Duration
	work   func(ctx context.Context, task Task, args A) error
}

func (w *worker[A]) Timeout(*river.Job[A]) time.Duration { return w.limit }

func (w *worker[A]) Work(ctx context.Context, job *river.Job[A]) error {
	begun := time.Now()
	err := w.work(ctx, Task{ID: job.ID, Attempt: job.Attempt, Last: job.Attempt >= job.MaxAttempts}, job.Args)
	w.runner.metrics.ended(job.Kind, outcome(err), time.Since(begun))
	return clean(err)
}

// Every puts a job into the queue at this interval, on one node. The name is kept for good. After a
// restart the interval is not begun anew: within one there is at most one job.
func (r *Runner) Every(name string, interval time.Duration, args Args, options ...Option) {
	o := river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: interval}}
	for _, option := range options {
		option(&o)
	}
	r.periodic = append(r.periodic, river.NewPeriodicJob(river.PeriodicInterval(interval),
		func() (river.JobArgs, *river.InsertOpts) { return args, &o },
		&river.PeriodicJobOpts{ID: name, RunOnStart: true}))
}

// Run does jobs until ctx ends, then lets those that run finish. While an import of another process holds
// the only writer it waits to begin.
func (r *Runner) Run(ctx context.Context) error {
	for {
		client, err := river.NewClient(driver(r.db.Engine(), r.db.Writer()), r.settings())
		if err != nil {
			return fmt.Errorf("jobs: %w", err)
		}
		err = client.Start(context.WithoutCancel(ctx))
		if err == nil {
			<-ctx.Done()
			return r.stop(context.WithoutCancel(ctx), client)
		}
		if !db.IsBusy(err) {
			return fmt.Errorf("jobs: %w", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(r.config.Poll):
		}
	}
}

// stop waits for what runs, interrupts it when that takes too long, and gives it a moment to end.
func (r *Runner) stop(ctx context.Context, client *river.Client[*sql.Tx]) error {
	patient, cancel := context.WithTimeout(ctx, r.config.Patience)
	defer cancel()
	err := client.Stop(patient)
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	hard, cancelHard := context.WithTimeout(ctx, 5*time.Second)
	defer cancelHard()
	if err := client.StopAndCancel(hard); err != nil {
		return fmt.Errorf("jobs: some did not end: %w", err)
	}
	return nil
}

func (r *Runner) settings() *river.Config {
	short, long := 8, 2
	if r.db.Engine() == db.SQLite { // one writer: more hands only wait
		short, long = 4, 1
	}
	c := &river.Config{
		MaxAttempts: Attempts,
		Workers:     r.workers,
		Queues: map[string]river.QueueConfig{
			queueShort: {MaxWorkers: short}, queueLong: {MaxWorkers: long},
		},
		PeriodicJobs:         r.periodic,
		FetchPollInterval:    r.config.Poll,
		FetchCooldown:        min(r.config.Poll, 100*time.Millisecond),
		JobTimeout:           r.config.Limit,
		RescueStuckJobsAfter: r.config.RescueAfter,
		PollOnly:             true,
		Logger:               slog.New(calm{r.config.Log.Handler()}),
		// Dead letters wait for a person.
		DiscardedJobRetentionPeriod: forever,
		CancelledJobRetentionPeriod: forever,
		CompletedJobRetentionPeriod: 24 * time.Hour,
	}
	if r.db.Engine() == db.SQLite {
		c.ReindexerSchedule = never{}
	}
	if r.config.Backoff != nil {
		c.RetryPolicy = backoff(r.config.Backoff)
	}
	return c
}

// never is for indexes that river would build anew each midnight: PostgreSQL's grow, SQLite has not even all of
// those that river names, and it says an error of each.
type never struct{}

// Next implements river.PeriodicSchedule.
func (never) Next(now time.Time) time.Time { return now.AddDate(100, 0, 0) }

type backoff func(failures int) time.Duration

// NextRetry implements river.ClientRetryPolicy.
func (b backoff) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().UTC().Add(b(len(job.Errors) + 1))
}

// forever keeps dead letters until a person decides. River's own word for it, -1, is not heard by its
// driver for SQLite, which then deletes them at once.
const forever = 100 * 365 * 24 * time.Hour
