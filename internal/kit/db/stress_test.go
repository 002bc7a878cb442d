// SPDX-License-Identifier: EUPL-1.2

//go:build stress

package db_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// claims is the pattern for "never twice at once": a claim on each of several slots.
var claims = fstest.MapFS{"0001_claims.sql": {Data: []byte(`
	CREATE TABLE stress_claim (slot BIGINT PRIMARY KEY, winner BIGINT NOT NULL);
	CREATE TABLE stress_entry (id BIGINT PRIMARY KEY, half TEXT NOT NULL, other TEXT NOT NULL);`)}}

// TestStressOneWinner lets a hundred warm clients claim overlapping hours, round
// after round: no two claims overlap, and somebody wins each time.
func TestStressOneWinner(t *testing.T) {
	dbtest.EachOf(t, claims, func(t *testing.T, d *db.DB) {
		const rounds, clients, hour = 200, 100, 12 // an hour has twelve slots of five minutes
		for round := range rounds {
			var all sync.WaitGroup
			var winners atomic.Int64
			for client := range clients {
				all.Go(func() {
					from := round*100 + rand.N(hour)
					rows := make([][]any, hour)
					for i := range rows {
						rows[i] = []any{from + i, client}
					}
					err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
						_, err := db.Insert(ctx, tx, `stress_claim (slot, winner)`, ``, rows)
						return err
					})
					switch {
					case err == nil:
						winners.Add(1)
					case !db.IsUnique(err):
						t.Errorf("round %d: %v", round, err)
					}
				})
			}
			all.Wait()
			if winners.Load() != 1 { // every two of these hours overlap
				t.Fatalf("round %d: %d winners, want one", round, winners.Load())
			}
		}
		t.Logf("%s: %d rounds of %d clients, %+v", d.Engine(), rounds, clients, d.Stats().Retries)
	})
}

// TestStressKill kills a writing process at a random moment, many times: what it
// acknowledged is there, and no transaction is there by half.
func TestStressKill(t *testing.T) {
	if dir := os.Getenv("APPRODO_STRESS_CHILD"); dir != "" {
		writeUntilKilled(t, dir)
		return
	}
	t.Parallel()
	const kills = 60
	dir := t.TempDir()
	d, err := db.Open(t.Context(), db.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(t.Context(), claims); err != nil {
		t.Fatal(err)
	}
	acknowledged := 0
	for n := range kills {
		last := runAndKill(t, dir, 50*time.Millisecond+rand.N(150*time.Millisecond))
		acknowledged = max(acknowledged, last)
		kept, err := db.Row(t.Context(), d, db.Column[int64], `SELECT count(*) FROM stress_entry`)
		if err != nil {
			t.Fatalf("after kill %d: %v", n, err)
		}
		broken, err := db.Row(t.Context(), d, db.Column[int64], `SELECT count(*) FROM stress_entry WHERE half <> other`)
		if err != nil || int(kept) < acknowledged || broken != 0 {
			t.Fatalf("after kill %d: %d entries of %d acknowledged, %d by half, %v", n, kept, acknowledged, broken, err)
		}
		if sound, err := db.Row(t.Context(), d, db.Column[string], `PRAGMA integrity_check`); err != nil || sound != "ok" {
			t.Fatalf("after kill %d: %s, %v", n, sound, err)
		}
	}
	if acknowledged == 0 {
		t.Error("nothing was ever acknowledged: the writer was killed too early to show anything")
	}
	t.Logf("%d kills, %d entries acknowledged and kept", kills, acknowledged)
}

// runAndKill starts a writer, kills it after a while and gives the last entry it
// acknowledged.
func runAndKill(t *testing.T, dir string, after time.Duration) int {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestStressKill$", "-test.v")
	child.Env = append(os.Environ(), "APPRODO_STRESS_CHILD="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	last, killed := 0, false
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "kept "); ok {
			if _, err := fmt.Sscan(text, &last); err != nil {
				t.Fatal(err)
			}
			if !killed {
				killed = true
				time.AfterFunc(after, func() { _ = child.Process.Kill() })
			}
		}
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the writer ended by itself")
	}
	return last
}

// writeUntilKilled adds entries, each in two steps of one transaction, and says so
// after each commit.
func writeUntilKilled(t *testing.T, dir string) {
	d, err := db.Open(t.Context(), db.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for {
		var id int64
		err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
			if id, err = db.Row(ctx, tx, db.Column[int64], `SELECT count(*) + 1 FROM stress_entry`); err != nil {
				return err
			}
			text := strings.Repeat(fmt.Sprint(id, " "), 500)
			if _, err := db.Exec(ctx, tx, `INSERT INTO stress_entry (id, half, other) VALUES ($1, $2, '')`, id, text); err != nil {
				return err
			}
			_, err = db.Exec(ctx, tx, `UPDATE stress_entry SET other = half WHERE id = $1`, id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("kept", id)
	}
}
