// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// TestWriteSkewIsImpossible lets two transactions each read what the other writes:
// with anything weaker than serializable both lemons would be withdrawn.
func TestWriteSkewIsImpossible(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		var met sync.WaitGroup
		met.Add(2)
		var runs atomic.Int64
		withdraw := func(id int) error {
			first := true
			return d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				runs.Add(1)
				n, err := db.Row(ctx, tx, db.Column[int64], `SELECT count(*) FROM shop_item WHERE section_id = 'c' AND active`)
				if err != nil {
					return err
				}
				// On SQLite the second cannot begin before the first ends.
				if first && d.Engine() == db.Postgres {
					first = false
					met.Done()
					met.Wait()
				}
				if n < 2 {
					return fault.Conflict("test.last_one")
				}
				_, err = db.Exec(ctx, tx, `UPDATE shop_item SET active = FALSE WHERE id = $1`, id)
				return err
			})
		}
		results := make(chan error, 2)
		for id := 1; id <= 2; id++ {
			go func() { results <- withdraw(id) }()
		}
		refused := 0
		for range 2 {
			if err := <-results; fault.Is(err, fault.KindConflict) {
				refused++
			} else if err != nil {
				t.Error(err)
			}
		}
		if refused != 1 {
			t.Errorf("%d were refused, want exactly one", refused)
		}
		if d.Engine() == db.Postgres && (d.Stats().Retries == 0 || runs.Load() < 3) {
			t.Errorf("nothing ran twice: %d runs, %d retries", runs.Load(), d.Stats().Retries)
		}
	})
}

// TestConflictHiddenByTheFunctionStillRetries: what the server said decides, not
// what the function made of it.
func TestConflictHiddenByTheFunctionStillRetries(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t, shop)
	runs := 0
	err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		runs++
		if _, err := db.Row(ctx, tx, db.Column[int64], `SELECT price FROM shop_item WHERE id = 1`); err != nil {
			return err
		}
		if runs == 1 { // another session changes the row after our snapshot
			if err := elsewhere(t, d, `UPDATE shop_item SET price = 99 WHERE id = 1`); err != nil {
				return err
			}
		}
		if _, err := db.Exec(ctx, tx, `UPDATE shop_item SET price = price + 1 WHERE id = 1`); err != nil {
			return fault.Conflict("test.hidden")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	price, err := db.Row(t.Context(), d, db.Column[int64], `SELECT price FROM shop_item WHERE id = 1`)
	if err != nil || price != 100 || runs != 2 {
		t.Errorf("price %d after %d runs, %v; want 100 after 2", price, runs, err)
	}
}

// elsewhere runs a statement in a transaction of another session.
func elsewhere(t *testing.T, d *db.DB, text string) error {
	_, err := db.Exec(t.Context(), d, text)
	return err
}

func TestConflictsThatDoNotEnd(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t, shop)
	runs := 0
	err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		runs++
		if _, err := db.Row(ctx, tx, db.Column[int64], `SELECT price FROM shop_item WHERE id = 1`); err != nil {
			return err
		}
		if err := elsewhere(t, d, `UPDATE shop_item SET price = price + 1 WHERE id = 1`); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `UPDATE shop_item SET price = 0 WHERE id = 1`)
		return err
	})
	if !fault.Is(err, fault.KindUnavailable) || runs < 5 {
		t.Errorf("after %d runs: %v", runs, err)
	}
}

func TestNestingIsAMistake(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		inside := map[string]func(ctx context.Context) error{
			"InTx": func(ctx context.Context) error {
				return d.InTx(ctx, func(context.Context, *db.Tx) error { return nil })
			},
			"InReadTx": func(ctx context.Context) error {
				return d.InReadTx(ctx, func(context.Context, *db.Tx) error { return nil })
			},
			"Exec": func(ctx context.Context) error {
				_, err := db.Exec(ctx, d, `DELETE FROM shop_item`)
				return err
			},
			"Rows": func(ctx context.Context) error {
				_, err := db.Rows(ctx, d, db.Column[int64], `SELECT id FROM shop_item`)
				return err
			},
		}
		for name, use := range inside {
			for kind, outer := range map[string]func(context.Context, func(context.Context, *db.Tx) error) error{"InTx": d.InTx, "InReadTx": d.InReadTx} {
				err := outer(t.Context(), func(ctx context.Context, _ *db.Tx) error { return use(ctx) })
				if !errors.Is(err, db.ErrNested) {
					t.Errorf("%s inside %s: %v", name, kind, err)
				}
			}
		}
	})
}

func TestAFailedStatementEndsTheTransaction(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if _, err := db.Exec(ctx, tx, `UPDATE shop_item SET price = 7 WHERE id = 1`); err != nil {
				return err
			}
			if _, err := db.Exec(ctx, tx, `INSERT INTO shop_section (id, name) VALUES ('f', 'x')`); !db.IsUnique(err) {
				t.Errorf("no violation: %v", err)
			}
			if _, err := db.Exec(ctx, tx, `UPDATE shop_item SET price = 8 WHERE id = 1`); !db.IsUnique(err) {
				t.Errorf("a statement ran after the failure: %v", err)
			}
			return nil // which hides it
		})
		if !db.IsUnique(err) {
			t.Errorf("the transaction ended with %v", err)
		}
		if price, err := db.Row(t.Context(), d, db.Column[int64], `SELECT price FROM shop_item WHERE id = 1`); price != 30 {
			t.Errorf("price %d, %v; want 30 as before", price, err)
		}
	})
}

// What fails after the row that was asked for fails the transaction: PostgreSQL takes no other statement then, and
// whoever asks on hears the reason, not that there was one.
func TestAFailureAfterTheRowThatIsRead(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, first := db.Row(ctx, tx, db.Column[int], `WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3) SELECT 10 / (2 - n) FROM c`)
			_, then := db.Row(ctx, tx, db.Column[int], `SELECT 1`)
			if first == nil && then != nil {
				t.Errorf("the row was read, and then: %v", then)
			}
			return first
		})
		if d.Engine() == db.Postgres && (err == nil || !strings.Contains(err.Error(), "division by zero")) {
			t.Errorf("%v", err)
		}
	})
}

func TestErrorsAndPanicsUndo(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		boom := errors.New("boom")
		change := func(end func() error) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error {
				if _, err := db.Exec(ctx, tx, `DELETE FROM shop_item`); err != nil {
					return err
				}
				return end()
			}
		}
		if err := d.InTx(t.Context(), change(func() error { return boom })); !errors.Is(err, boom) {
			t.Errorf("got %v", err)
		}
		func() {
			defer func() {
				if recover() != boom {
					t.Error("the panic was swallowed")
				}
			}()
			_ = d.InTx(t.Context(), change(func() error { panic(boom) }))
		}()
		ctx, cancel := context.WithCancel(t.Context())
		if err := d.InTx(ctx, change(func() error { cancel(); return ctx.Err() })); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		// The writer is free again and nothing has changed.
		if n, err := db.Exec(t.Context(), d, `UPDATE shop_item SET price = 1`); err != nil || n != 4 {
			t.Errorf("%d rows, %v; want 4", n, err)
		}
	})
}

func TestReadingCannotWrite(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		const insert = `INSERT INTO shop_section (id, name) VALUES ('z', 'z') RETURNING id`
		if _, err := db.Row(t.Context(), d, db.Column[string], insert); err == nil || fault.Is(err, fault.KindNotFound) {
			t.Errorf("written through Row: %v", err)
		}
		err := d.InReadTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, insert)
			return err
		})
		if err == nil {
			t.Error("written in InReadTx")
		}
	})
}

func TestInReadTxSeesOneMoment(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		const count = `SELECT count(*) FROM shop_item`
		err := d.InReadTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			before, err := db.Row(ctx, tx, db.Column[int64], count)
			if err != nil {
				return err
			}
			if err := elsewhere(t, d, `DELETE FROM shop_item WHERE id = 1`); err != nil {
				return err
			}
			after, err := db.Row(ctx, tx, db.Column[int64], count)
			if before != 4 || after != 4 {
				t.Errorf("%d before, %d after", before, after)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := db.Row(t.Context(), d, db.Column[int64], count); n != 3 {
			t.Errorf("%d afterwards, %v", n, err)
		}
	})
}

// TestReadersAndWritersDoNotLockEachOther: four readers and two writers for many
// rounds, not one error, every increment kept.
func TestReadersAndWritersDoNotLockEachOther(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		const rounds = 150
		var writers, readers sync.WaitGroup
		done := make(chan struct{})
		for range 4 {
			readers.Go(func() {
				for {
					select {
					case <-done:
						return
					default:
					}
					sum, err := db.Row(t.Context(), d, db.Column[int64], `SELECT CAST(sum(price) AS BIGINT) FROM shop_item WHERE id IN (1, 2)`)
					if err != nil || sum != 70 {
						t.Errorf("read %d, %v; want 70", sum, err)
						return
					}
				}
			})
		}
		for range 2 {
			writers.Go(func() {
				for range rounds {
					err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
						for id, by := range map[int]int{1: 1, 2: -1} {
							if _, err := db.Exec(ctx, tx, `UPDATE shop_item SET price = price + $1, weight = weight + 1 WHERE id = $2`, by, id); err != nil {
								return err
							}
						}
						_, err := db.Exec(ctx, tx, `UPDATE shop_item SET price = price - $1 WHERE id = 1`, 1)
						if err != nil {
							return err
						}
						_, err = db.Exec(ctx, tx, `UPDATE shop_item SET price = price + $1 WHERE id = 2`, 1)
						return err
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		writers.Wait()
		close(done)
		readers.Wait()
		weight, err := db.Row(t.Context(), d, db.Column[float64], `SELECT weight FROM shop_item WHERE id = 2`)
		if want := 0.2 + 2*rounds; err != nil || weight < want-0.01 || weight > want+0.01 {
			t.Errorf("weight %v, %v; want %v", weight, err, want)
		}
	})
}

func TestAnInterruptedStatementSaysSo(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err := db.Row(ctx, d, db.Column[int64], `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)
			SELECT CAST(sum(i) AS BIGINT) FROM n`)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if err := d.Ping(t.Context()); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

func TestInsertManyRows(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		rows := make([][]any, 5001)
		for i := range rows {
			rows[i] = []any{100 + i, "f", fmt.Sprint("item ", i)}
		}
		insert := func(rows [][]any) (n int64, err error) {
			err = d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				n, err = db.Insert(ctx, tx, `shop_item (id, section_id, name)`, `ON CONFLICT (id) DO NOTHING`, rows)
				return err
			})
			return n, err
		}
		if n, err := insert(rows); err != nil || n != 5001 {
			t.Errorf("wrote %d, %v", n, err)
		}
		if n, err := insert(append(rows[:10:10], []any{1_000_000, "f", "new"})); err != nil || n != 1 {
			t.Errorf("wrote %d, %v; want the new one only", n, err)
		}
		if n, err := insert(nil); err != nil || n != 0 {
			t.Errorf("wrote %d of nothing, %v", n, err)
		}
		if _, err := insert([][]any{{1, "f", "a"}, {2, "f"}}); err == nil {
			t.Error("rows of different lengths were taken")
		}
	})
}

func TestRowsAndRow(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		none, err := db.Rows(t.Context(), d, db.Column[int64], `SELECT id FROM shop_item WHERE id = -1`)
		if err != nil || none == nil || len(none) != 0 {
			t.Errorf("got %v, %v; want an empty list", none, err)
		}
		if _, err := db.Row(t.Context(), d, db.Column[int64], `SELECT id FROM shop_item WHERE id = -1`); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("got %v, want not found", err)
		}
		if id, err := db.Row(t.Context(), d, db.Column[int64], `SELECT id FROM shop_item ORDER BY id`); err != nil || id != 1 {
			t.Errorf("got %d, %v; want the first", id, err)
		}
		stop, seen := errors.New("stop"), 0
		err = db.Walk(t.Context(), d, func(db.Scanner) error {
			if seen++; seen == 2 {
				return stop
			}
			return nil
		}, `SELECT id FROM shop_item`)
		if !errors.Is(err, stop) || seen != 2 {
			t.Errorf("walked %d rows, %v", seen, err)
		}
		// A row that is not there does not spoil a transaction.
		err = d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if _, err := db.Row(ctx, tx, db.Column[int64], `SELECT id FROM shop_item WHERE id = -1`); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("got %v", err)
			}
			_, err := db.Exec(ctx, tx, `DELETE FROM shop_item WHERE id = 1`)
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// When the disk is full nothing of a change is saved, whoever waits is told so, and with room it goes on
// by itself.
func TestAFullDiskSavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		limit := func(pages int64) {
			if d.Engine() == db.Postgres {
				return
			}
			if _, err := d.Writer().ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
				t.Fatal(err)
			}
		}
		full := true
		write := func() error {
			return d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				if _, err := db.Exec(ctx, tx, `UPDATE shop_item SET active = FALSE`); err != nil {
					return err
				}
				fill := `DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$`
				if d.Engine() == db.SQLite {
					fill = `CREATE TABLE shop_filler AS SELECT randomblob(100000) AS filler`
				} else if !full {
					return nil
				}
				_, err := db.Exec(ctx, tx, fill)
				return err
			})
		}
		active := func() int64 {
			n, err := db.Row(t.Context(), d, db.Column[int64], `SELECT count(*) FROM shop_item WHERE active`)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := active()
		limit(1) // no less than there are
		if err := write(); !fault.Is(err, fault.KindUnavailable) || !db.IsFull(err) || errors.Is(err, db.ErrOutcomeUnknown) {
			t.Errorf("with no room: %v", err)
		}
		if n := active(); n != before {
			t.Errorf("%d of %d items were changed by what was not saved", before-n, before)
		}
		full = false
		limit(1 << 30)
		if err := write(); err != nil {
			t.Errorf("with room again: %v", err)
		}
		if n := active(); before == 0 || n != 0 {
			t.Errorf("%d of %d items are as they were", n, before)
		}
	})
}

// A database that goes away for a moment is no mistake of the program: who asks is told to come again,
// and with the database the program is back by itself.
func TestADatabaseThatGoesAwayComesBack(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t, shop)
	_, err := db.Row(t.Context(), d, db.Column[string], `SELECT CASE WHEN pg_terminate_backend(pg_backend_pid()) THEN pg_sleep(60)::text END`)
	if !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("a connection that the server ended: %v", err)
	}
	if n, err := db.Row(t.Context(), d, db.Column[int64], `SELECT count(*) FROM shop_item`); err != nil || n == 0 {
		t.Errorf("the next question: %d, %v", n, err)
	}
}
