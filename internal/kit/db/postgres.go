// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"approdo/internal/kit/fault"
)

const leastPostgres = 150000 // server_version_num of 15.0

func openPostgres(ctx context.Context, c Config) (*DB, error) {
	config, err := pgx.ParseConfig(c.URL)
	if err != nil {
		// The text of err may repeat the password.
		return nil, fault.Invalid("database", "error.database_url")
	}
	setDefault := func(name, value string) {
		if _, chosen := config.RuntimeParams[name]; !chosen {
			config.RuntimeParams[name] = value
		}
	}
	setDefault("application_name", "approdo")
	setDefault("timezone", "UTC")
	// The plan of a statement is made once for a connection: with small tables and short statements making it
	// again and again took as long as the work. What a statement reads must not depend on a value that is empty.
	setDefault("plan_cache_mode", "force_generic_plan")
	// A node that dies or hangs in a transaction must not hold back the others.
	setDefault("idle_in_transaction_session_timeout", "60s")

	readOnly := config.Copy()
	readOnly.RuntimeParams["default_transaction_read_only"] = "on"

	d := &DB{engine: Postgres, now: c.Now, lane: make(chan struct{}, 1)}
	// Serializable transactions that run at the same time undo one another: with few writers they wait instead.
	d.write = postgresPool(config, max(2, c.MaxConns/4))
	d.read = postgresPool(readOnly, max(2, c.MaxConns-c.MaxConns/4))
	d.migrations = func() (*sql.DB, error) { return postgresPool(config, 1), nil }
	if err := d.checkPostgres(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func postgresPool(config *pgx.ConnConfig, size int) *sql.DB {
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return pool
}

func (d *DB) checkPostgres(ctx context.Context) error {
	var (
		version                              int
		name, encoding, collate, kind, shown string
	)
	err := d.read.QueryRowContext(ctx, `
		SELECT CAST(current_setting('server_version_num') AS INTEGER), current_setting('server_version'),
		       datname, pg_encoding_to_char(encoding), datcollate, CAST(datlocprovider AS TEXT)
		FROM pg_database WHERE datname = current_database()`).Scan(&version, &shown, &name, &encoding, &collate, &kind)
	if code := postgresCode(err); code == "42703" { // datlocprovider came with 15
		return errors.New("db: this PostgreSQL is too old, at least 15 is needed")
	}
	if err != nil {
		return fault.Unavailable("error.database_unreachable").Because(fmt.Errorf("db: open PostgreSQL: %w", err))
	}
	if version < leastPostgres {
		return fmt.Errorf("db: PostgreSQL %s is too old, at least 15 is needed", shown)
	}
	// Provider b is built into the server and sorts by code point whatever it is called.
	byCodePoint := kind == "b" || kind == "c" && (collate == "C" || collate == "POSIX")
	if encoding != "UTF8" || !byCodePoint {
		return fmt.Errorf("db: database %q has encoding %s and collation %s, but UTF8 and C are needed: "+
			"create another one with\n\n    createdb -T template0 --locale=C --encoding=UTF8 approdo", name, encoding, collate)
	}
	return nil
}

// postgresCode gives the SQLSTATE, "" when err is not from PostgreSQL.
func postgresCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// postgresAway says that the server can't be reached, or stops or starts: it will be there again.
func postgresAway(err error) bool {
	var connect *pgconn.ConnectError
	var network *net.OpError
	code := postgresCode(err)
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		strings.HasPrefix(code, "57P0") || strings.HasPrefix(code, "08") // operator intervention, connection exception
}

// postgresConflict says that the server undid the transaction because of another
// one, and that the same transaction can succeed when it runs again.
func postgresConflict(err error) bool {
	code := postgresCode(err)
	return code == "40001" || code == "40P01" // serialization_failure, deadlock_detected
}
