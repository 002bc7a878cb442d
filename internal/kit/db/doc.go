// SPDX-License-Identifier: EUPL-1.2

// Package db is the one door to the database: SQLite in a folder, or PostgreSQL,
// with one SQL text and one meaning on both.
//
// # Transactions
//
// InTx means serializable: on PostgreSQL the isolation level, repeated when the
// server reports a conflict; on SQLite BEGIN IMMEDIATE, one writer at a time. The
// function may run more than once, so it has no effects outside the transaction
// and resets whatever it collects; it is short and never waits for a file or a
// network. InReadTx is one consistent snapshot that cannot write.
//
// A transaction inside a transaction is ErrNested, and so is using the *DB with
// the context of a running transaction: on SQLite it would wait for itself, on
// PostgreSQL it would see something else.
//
// After a statement has failed the transaction can neither go on nor commit. That
// is PostgreSQL's rule; it holds here on SQLite too, because a program tested on
// one engine must not behave otherwise on the other.
//
// When the commit itself fails nobody knows whether it happened: the error is
// ErrOutcomeUnknown. Writes that come from outside carry an idempotency key.
//
// # One SQL text
//
// Placeholders are $1, $2 … on both. Column types are TEXT, BIGINT, BOOLEAN,
// DOUBLE PRECISION and BYTEA. Instants are UTC milliseconds in BIGINT, days are
// ISO 8601 text, identifiers are UUIDs version 7 (RFC 9562) as text, JSON is
// text decoded in Go. Text holds no NUL and is valid UTF-8, since PostgreSQL
// takes nothing else. Empty bytes and NULL are read alike. There is no ILIKE, no = ANY($1), no FOR UPDATE and no
// now(): folded columns are computed in Go, lists use Placeholders, InTx is
// serializable, time comes from a clock. RETURNING, ON CONFLICT, window
// functions, FILTER, UPDATE … FROM, recursive queries, row values, NULLS LAST and
// partial unique indexes work alike and a test says so.
//
// # The engines
//
// SQLite is at least 3.51.3 (before, a checkpoint racing with a commit could
// damage a WAL database) and runs in WAL mode with synchronous=FULL: what was
// acknowledged survives a power cut. Several processes may open the same folder;
// SQLite's own locks keep them apart, and a writer waits ten seconds for another
// before it gives up with the fault Unavailable. The folder is on a local disk,
// never on a network share, where those locks do not hold.
//
// PostgreSQL is at least 15, encoded in UTF8 with collation C, so that ORDER BY
// and comparisons follow code points on every machine and after every upgrade of
// its libraries; sort keys for people are made in Go.
//
// # Migrations
//
// Migrate applies a numbered, forward-only list of files, each in its own
// transaction, and remembers a checksum of each. Several nodes may start at once.
package db
