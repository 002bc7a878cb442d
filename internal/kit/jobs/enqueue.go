// SPDX-License-Identifier: EUPL-1.2

package jobs

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"approdo/internal/kit/db"
)

// Args says what is to be done: Kind names the work ("notice.deliver"), the fields, written as JSON,
// hold identifiers.
type Args = river.JobArgs

// Attempts is how often a job is tried unless it says otherwise.
const Attempts = 12

// Queues: what takes long must not keep what is short waiting.
const (
	queueShort = river.QueueDefault
	queueLong  = "long"
)

// Option changes one job.
type Option func(*river.InsertOpts)

// After lets the job wait.
func After(d time.Duration) Option {
	return func(o *river.InsertOpts) { o.ScheduledAt = time.Now().Add(d) }
}

// Once adds nothing while a job of the same kind with the same arguments is waiting or running.
func Once() Option {
	return func(o *river.InsertOpts) {
		o.UniqueOpts.ByArgs = true
		o.UniqueOpts.ByState = unfinished
	}
}

// Try is how often the job is tried before it is a dead letter.
func Try(attempts int) Option { return func(o *river.InsertOpts) { o.MaxAttempts = attempts } }

// Long puts the job among those that take minutes.
func Long() Option { return func(o *river.InsertOpts) { o.Queue = queueLong } }

// Enqueue asks for a job in the transaction of the change that needs it.
func Enqueue(ctx context.Context, tx *db.Tx, args Args, options ...Option) error {
	client, err := clients[tx.Engine()]()
	if err != nil {
		return err
	}
	var o river.InsertOpts
	for _, option := range options {
		option(&o)
	}
	return tx.Raw(ctx, func(raw *sql.Tx) error {
		_, err := client.InsertTx(ctx, raw, args, &o)
		return err
	})
}

// clients only write into transactions that are lent to them.
var clients = map[db.Engine]func() (*river.Client[*sql.Tx], error){
	db.SQLite:   sync.OnceValues(func() (*river.Client[*sql.Tx], error) { return inserting(db.SQLite) }),
	db.Postgres: sync.OnceValues(func() (*river.Client[*sql.Tx], error) { return inserting(db.Postgres) }),
}

func inserting(engine db.Engine) (*river.Client[*sql.Tx], error) {
	return river.NewClient(driver(engine, nil), &river.Config{
		MaxAttempts: Attempts, Logger: slog.New(slog.DiscardHandler),
	})
}

func driver(engine db.Engine, pool *sql.DB) riverdriver.Driver[*sql.Tx] {
	if engine == db.SQLite {
		return riversqlite.New(pool)
	}
	return silent{riverdatabasesql.New(pool)}
}

// silent sends no NOTIFY: nobody listens on this driver, and PostgreSQL lets transactions that
// notify commit only one after another.
type silent struct{ *riverdatabasesql.Driver }

func (silent) SupportsListenNotify() bool { return false }
