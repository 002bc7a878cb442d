// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"approdo/internal/kit/fault"
)

// SQLiteFile is the name of the database in its folder; SQLite keeps -wal and
// -shm beside it.
const SQLiteFile = "approdo.sqlite"

// leastSQLite: from this version on, a checkpoint that races with a commit can no
// longer damage a database in WAL mode.
var leastSQLite = []int{3, 51, 3}

func openSQLite(ctx context.Context, c Config) (*DB, error) {
	if c.Dir == "" {
		return nil, fault.Invalid("data", "error.data_missing")
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("db: data folder: %w", err)
	}
	path, err := filepath.Abs(filepath.Join(c.Dir, SQLiteFile))
	if err != nil {
		return nil, fmt.Errorf("db: data folder: %w", err)
	}
	// SQLite would let the group and others read; -wal and -shm take over this mode.
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // #nosec G304 -- the operator chooses the folder
	if err != nil {
		return nil, fmt.Errorf("db: data file: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("db: data file: %w", err)
	}

	d := &DB{engine: SQLite, now: c.Now}
	if d.write, err = sql.Open("sqlite", sqliteName(path, "_txlock=immediate", "_pragma=foreign_keys(1)")); err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	d.write.SetMaxOpenConns(1)
	if d.read, err = sql.Open("sqlite", sqliteName(path, "_pragma=foreign_keys(1)", "_query_only=1")); err != nil {
		return nil, errors.Join(fmt.Errorf("db: %w", err), d.write.Close())
	}
	readers := max(4, 2*runtime.GOMAXPROCS(0))
	d.read.SetMaxOpenConns(readers)
	d.read.SetMaxIdleConns(readers)
	// Rebuilding a table, SQLite's only way to change most of it, needs foreign
	// keys off; Migrate checks them before each commit.
	d.migrations = func() (*sql.DB, error) {
		return sql.Open("sqlite", sqliteName(path, "_txlock=immediate", "_pragma=foreign_keys(0)"))
	}
	if err := d.checkSQLite(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// sqliteName puts together the data source name. dqs=0 turns off SQLite's habit of
// reading a misspelt "column" as text, which PostgreSQL does not share.
func sqliteName(path string, more ...string) string {
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	name.RawQuery = strings.Join(append([]string{
		"_busy_timeout=10000",
		"_journal_mode=WAL",
		"_synchronous=FULL",
		"_dqs=0",
		"_pragma=cache_size(-16000)",
		"_pragma=journal_size_limit(67108864)",
		"_pragma=temp_store(memory)",
		// What is deleted is overwritten in its page at once, keys of erased persons above all.
		"_pragma=secure_delete(fast)",
	}, more...), "&")
	return name.String()
}

func (d *DB) checkSQLite(ctx context.Context) error {
	// The writer goes first: it turns a new file into WAL mode, which a reader cannot.
	var mode string
	if err := d.write.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&mode); err != nil {
		return fmt.Errorf("db: open SQLite: %w", err)
	}
	if mode != "wal" {
		return fmt.Errorf("db: SQLite keeps its journal as %q, not wal: is the data folder on a network share?", mode)
	}
	version, err := d.Version(ctx)
	if err != nil {
		return err
	}
	if !atLeast(version, leastSQLite) {
		return fmt.Errorf("db: SQLite %s is too old, at least 3.51.3 is needed", version)
	}
	return nil
}

// atLeast compares a dotted version with the least one.
func atLeast(version string, least []int) bool {
	parts := strings.Split(version, ".")
	for i, want := range least {
		if i >= len(parts) {
			return false
		}
		have, err := strconv.Atoi(parts[i])
		if err != nil {
			return false
		}
		if have != want {
			return have > want
		}
	}
	return true
}

// sqliteCode gives the extended result code, 0 when err is not from SQLite.
func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// IsBusy reports that another process held the write lock of SQLite for too long.
func IsBusy(err error) bool { return sqliteCode(err)&0xff == sqlite3.SQLITE_BUSY }
