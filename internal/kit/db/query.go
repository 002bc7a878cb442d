// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"approdo/internal/kit/fault"
)

// Querier is a *DB or a *Tx.
type Querier interface {
	Engine() Engine
	query(ctx context.Context, text string, args []any) (*sql.Rows, error)
	exec(ctx context.Context, text string, args []any) (int64, error)
	fail(err error) error
}

// Scanner is one row of an answer.
type Scanner interface {
	Scan(dest ...any) error
}

// Exec runs one statement and gives the number of rows it changed. On a *DB it is
// a transaction of its own.
func Exec(ctx context.Context, q Querier, text string, args ...any) (int64, error) {
	return q.exec(ctx, text, args)
}

// Walk calls each for every row. The row is gone when each returns; no other
// statement may run on the same Tx before Walk ends. An error of each ends the
// walk and is returned as it is.
func Walk(ctx context.Context, q Querier, each func(Scanner) error, text string, args ...any) (err error) {
	rows, err := q.query(ctx, text, args)
	if err != nil {
		return err
	}
	defer func() {
		// Also after the last row that each wants: PostgreSQL may have undone the transaction for what comes later.
		closing := rows.Close()
		if closing == nil {
			return
		}
		if closing = q.fail(explain(ctx, closing)); err == nil || errors.Is(err, errEnough) {
			err = closing
		}
	}()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return q.fail(explain(ctx, err))
	}
	return nil
}

// Rows gives all rows, each read by scan; none is an empty list, not an error.
func Rows[T any](ctx context.Context, q Querier, scan func(Scanner) (T, error), text string, args ...any) ([]T, error) {
	list := []T{}
	err := Walk(ctx, q, func(s Scanner) error {
		one, err := scan(s)
		if err != nil {
			return err
		}
		list = append(list, one)
		return nil
	}, text, args...)
	if err != nil {
		return nil, err
	}
	return list, nil
}

// errEnough ends a walk after its first row.
var errEnough = errors.New("db: enough")

// Row gives the first row, read by scan, or the fault NotFound.
func Row[T any](ctx context.Context, q Querier, scan func(Scanner) (T, error), text string, args ...any) (T, error) {
	var one, zero T
	err := Walk(ctx, q, func(s Scanner) (err error) {
		if one, err = scan(s); err != nil {
			return err
		}
		return errEnough
	}, text, args...)
	switch {
	case errors.Is(err, errEnough):
		return one, nil
	case err == nil:
		return zero, fault.NotFound("error.not_found")
	}
	return zero, err
}

// Column reads a row of one column.
func Column[T any](s Scanner) (T, error) {
	var value T
	err := s.Scan(&value)
	return value, err
}

// Placeholders writes n of them, beginning with $from: "$3, $4, $5". For IN (…).
func Placeholders(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String()
}

// batch is how many parameters one INSERT of Insert carries at most. Both engines
// allow more (SQLite 32,766, PostgreSQL 65,535), but longer statements are slower
// to read than they save in round trips.
const batch = 2000

// Insert writes many rows with few statements. into is the table with its columns
// ("desk_visit (id, day)"), after an optional ON CONFLICT clause. All rows have
// the same length. It gives the number of rows written.
func Insert(ctx context.Context, tx *Tx, into, after string, rows [][]any) (int64, error) {
	if len(rows) == 0 {
		return 0, nil
	}
	width := len(rows[0])
	if width == 0 {
		return 0, errors.New("db: insert into " + into + ": rows without columns")
	}
	size := max(1, batch/width)
	var written int64
	var text string
	for start, last := 0, 0; start < len(rows); start += last {
		part := rows[start:min(start+size, len(rows))]
		args := make([]any, 0, len(part)*width)
		for _, row := range part {
			if len(row) != width {
				return written, fmt.Errorf("db: insert into %s: a row of %d values among rows of %d", into, len(row), width)
			}
			args = append(args, row...)
		}
		if len(part) != last {
			text = insertText(tx.Engine(), into, after, len(part), width)
			last = len(part)
		}
		n, err := Exec(ctx, tx, text, args...)
		if err != nil {
			return written, err
		}
		written += n
	}
	return written, nil
}

// insertText numbers its placeholders only for PostgreSQL: SQLite looks each number
// up among all others, which makes long statements slower than short ones.
func insertText(engine Engine, into, after string, rows, width int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + into + " VALUES ")
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		if engine == SQLite {
			b.WriteString("(" + strings.Repeat("?, ", width-1) + "?)")
		} else {
			b.WriteString("(" + Placeholders(i*width+1, width) + ")")
		}
	}
	if after != "" {
		b.WriteString(" " + after)
	}
	return b.String()
}

func (d *DB) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if ctx.Value(txKey{}) != nil {
		return nil, ErrNested
	}
	args, err := plain(args)
	if err != nil {
		return nil, err
	}
	rows, err := d.read.QueryContext(ctx, text, args...)
	return rows, explain(ctx, err)
}

func (d *DB) exec(ctx context.Context, text string, args []any) (int64, error) {
	var n int64
	err := d.InTx(ctx, func(ctx context.Context, tx *Tx) (err error) {
		n, err = tx.exec(ctx, text, args)
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

func (d *DB) fail(err error) error { return err }

func (t *Tx) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if t.failed != nil {
		return nil, t.failed
	}
	args, err := plain(args)
	if err != nil {
		return nil, t.fail(err)
	}
	rows, err := t.tx.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, t.fail(explain(ctx, err))
	}
	return rows, nil
}

func (t *Tx) exec(ctx context.Context, text string, args []any) (int64, error) {
	if t.failed != nil {
		return 0, t.failed
	}
	args, err := plain(args)
	if err != nil {
		return 0, t.fail(err)
	}
	result, err := t.tx.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, t.fail(explain(ctx, err))
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, t.fail(explain(ctx, err))
	}
	return n, nil
}

// fail remembers the first statement that failed.
func (t *Tx) fail(err error) error {
	if t.failed == nil {
		t.failed = err
	}
	return err
}

// explain makes an interrupted statement recognisable: SQLite reports only that
// something interrupted it.
func explain(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil && !errors.Is(err, ctx.Err()):
		return fmt.Errorf("db: %w: %w", ctx.Err(), err)
	case postgresAway(err):
		return fault.Unavailable("error.database_away").Because(fmt.Errorf("db: %w", err))
	}
	return fmt.Errorf("db: %w", err)
}
