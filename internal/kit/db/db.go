// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"approdo/internal/kit/fault"
)

// Engine is what keeps the data.
type Engine string

const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Config says where the data is.
type Config struct {
	Dir      string           // folder of the SQLite file; made when missing
	URL      string           // postgres://… ; empty means SQLite in Dir
	MaxConns int              // connections to PostgreSQL, a quarter of them for writing; 0 chooses
	Now      func() time.Time // clock for the log of migrations; nil is time.Now
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	engine Engine
	write  *sql.DB // one connection on SQLite
	read   *sql.DB // cannot write
	now    func() time.Time
	// migrations opens the connection they run on; the caller closes it.
	migrations func() (*sql.DB, error)

	commits, retries atomic.Int64
	// lane has room for one transaction that lost again and again: see turn.
	lane chan struct{}
}

// Open opens the database and asserts that the engine is one we can trust: its
// version, encoding and collation. It changes no schema; see Migrate.
func Open(ctx context.Context, c Config) (*DB, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.MaxConns <= 0 {
		c.MaxConns = max(16, 4*runtime.GOMAXPROCS(0))
	}
	switch {
	case c.URL == "":
		return openSQLite(ctx, c)
	case strings.HasPrefix(c.URL, "postgres://"), strings.HasPrefix(c.URL, "postgresql://"):
		return openPostgres(ctx, c)
	}
	// The address may hold a password, so it is not repeated.
	return nil, fault.Invalid("database", "error.database_url")
}

// Engine tells which engine it is, for the rare statement that must differ.
func (d *DB) Engine() Engine { return d.engine }

// Close waits for running statements and closes all connections.
func (d *DB) Close() error { return errors.Join(d.read.Close(), d.write.Close()) }

// Ping answers whether the database can be read now.
func (d *DB) Ping(ctx context.Context) error {
	_, err := Row(ctx, d, Column[int64], `SELECT 1`)
	return err
}

// Stats is what has happened since Open.
type Stats struct {
	Engine  Engine
	Commits int64 // write transactions committed
	Retries int64 // times a transaction ran again after a conflict
	Write   sql.DBStats
	Read    sql.DBStats
}

// Stats gives numbers for metrics.
func (d *DB) Stats() Stats {
	return Stats{d.engine, d.commits.Load(), d.retries.Load(), d.write.Stats(), d.read.Stats()}
}

// Version gives the version of the engine as it calls itself, for people.
func (d *DB) Version(ctx context.Context) (string, error) {
	if d.engine == SQLite {
		return Row(ctx, d, Column[string], `SELECT sqlite_version()`)
	}
	return Row(ctx, d, Column[string], `SELECT current_setting('server_version')`)
}
