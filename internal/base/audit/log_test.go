// SPDX-License-Identifier: EUPL-1.2

package audit_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/migrations"
)

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Move(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

func keys(t *testing.T) *audit.Keys {
	t.Helper()
	k, err := audit.OpenKeys(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// record writes n events, one transaction each.
func record(t *testing.T, d *db.DB, c *clock, n int) {
	t.Helper()
	for i := range n {
		if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return audit.Record(ctx, tx, c.Now(), audit.Event{
				Actor:  audit.Actor{Account: "a1", Member: "m1", Roles: "directory-editor", Via: audit.ViaPage},
				Action: "directory.service.edit", Kind: "service", Record: fmt.Sprint("s", i),
				Changes: []audit.Change{{Field: "name", Before: "Sportello <vecchio>", After: "Sportello «nuovo» & più"}},
			})
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func step(t *testing.T, s *audit.Sequencer, want int) {
	t.Helper()
	if n, err := s.Step(t.Context()); err != nil || n != want {
		t.Fatalf("numbered %d, %v; want %d", n, err, want)
	}
}

func verify(t *testing.T, d *db.DB, k *audit.Keys, outside ...audit.Checkpoint) *audit.Report {
	t.Helper()
	r, err := audit.Verify(t.Context(), d, k, outside)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func latest(t *testing.T, d *db.DB, k *audit.Keys) audit.Checkpoint {
	t.Helper()
	c, ok, err := k.Latest(t.Context(), d)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	return c
}

func TestTheLogGrowsWithoutGaps(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, k := newClock(), keys(t)
		s := audit.NewSequencer(d, k, c.Now, audit.Checkpoint{})
		step(t, s, 0)
		if r := verify(t, d, k); !r.Whole() || r.Size != 0 {
			t.Errorf("an empty log: %+v", r)
		}
		for _, n := range []int{1, 1, 5, 13} {
			record(t, d, c, n)
			step(t, s, n)
		}
		record(t, d, c, 2)
		r := verify(t, d, k, latest(t, d, k))
		if !r.Whole() || r.Size != 20 || r.Checkpoints != 5 || r.Outside != 1 || r.Tail != 2 || !r.TailSince.Equal(c.Now()) {
			t.Errorf("%+v", r)
		}
		var seen int64
		for {
			list, err := audit.Since(t.Context(), d, seen, 7)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				break
			}
			for _, e := range list {
				seen++
				if e.Seq != seen || e.Actor.Roles != "directory-editor" || e.Changes[0].After != "Sportello «nuovo» & più" {
					t.Errorf("entry %d is %+v", seen, e)
				}
			}
		}
		if seen != 20 {
			t.Errorf("the feed ends at %d", seen)
		}
	})
}

// More than one batch, more than one chunk, and a tree that is no power of two.
func TestALongLog(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, k := newClock(), keys(t)
		const n = 2345
		if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			for range n {
				if err := audit.Record(ctx, tx, c.Now(), audit.Event{Action: "x", Kind: "y", Record: "z"}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		s := audit.NewSequencer(d, k, c.Now, audit.Checkpoint{})
		for total := 0; total < n; {
			done, err := s.Step(t.Context())
			if err != nil || done == 0 {
				t.Fatal(done, err)
			}
			total += done
		}
		if r := verify(t, d, k); !r.Whole() || r.Size != n || r.Root != latest(t, d, k).Hash.String() {
			t.Errorf("%+v", r)
		}
		if _, err := db.Exec(t.Context(), d, `DELETE FROM audit_event WHERE seq > 10 AND seq < 2300`); err != nil {
			t.Fatal(err)
		}
		if r := verify(t, d, k); len(r.Findings) != 1000 || r.More != 2289-1000 {
			t.Errorf("%d findings and %d more", len(r.Findings), r.More)
		}
	})
}

// Two nodes over one database number at once, while others write: no number twice, none left out.
func TestSeveralNodesNumberAtOnce(t *testing.T) {
	t.Parallel()
	run := func(t *testing.T, open func() *db.DB) {
		k, c := keys(t), newClock()
		const nodes, writers, each = 3, 4, 10
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var numbering sync.WaitGroup
		var numbered [nodes]atomic.Int64
		for i := range nodes {
			d := open()
			s := audit.NewSequencer(d, k, c.Now, audit.Checkpoint{})
			numbering.Go(func() {
				for ctx.Err() == nil {
					n, err := s.Step(ctx)
					if err != nil && ctx.Err() == nil {
						t.Error(err)
						return
					}
					numbered[i].Add(int64(n))
					// The lease runs out between any two steps, so that all of them try.
					c.Move(4 * time.Second)
				}
			})
		}
		d := open()
		written := int64(0)
		done := func() (total int64, busy int) {
			for i := range numbered {
				total += numbered[i].Load()
				busy += min(1, int(numbered[i].Load()))
			}
			return total, busy
		}
		// Rounds go on until every node has done something, or this test would show nothing.
		for deadline := time.Now().Add(time.Minute); ; {
			var writing sync.WaitGroup
			for range writers {
				writing.Go(func() { record(t, d, c, each) })
			}
			writing.Wait()
			written += writers * each
			total, busy := done()
			for ; total < written && time.Now().Before(deadline); total, busy = done() {
				time.Sleep(5 * time.Millisecond)
			}
			if busy == nodes && written >= 200 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("%d nodes of %d have numbered %d of %d events", busy, nodes, total, written)
			}
		}
		stop()
		numbering.Wait()
		total, _ := done()
		if r := verify(t, d, k); !r.Whole() || r.Size != written || total != written || r.Tail != 0 {
			t.Errorf("numbered %d of %d, the log has %+v", total, written, r)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		run(t, func() *db.DB { return node(t, db.Config{Dir: dir}) })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := dbtest.PostgresURL(t, migrations.FS)
		run(t, func() *db.DB { return node(t, db.Config{URL: url}) })
	})
}

func node(t *testing.T, c db.Config) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Migrate(t.Context(), migrations.FS); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func TestWhenTheLeaderDiesAnotherGoesOn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, k := newClock(), keys(t)
		leader := audit.NewSequencer(d, k, c.Now, audit.Checkpoint{})
		other := audit.NewSequencer(d, k, c.Now, audit.Checkpoint{})
		record(t, d, c, 3)
		step(t, leader, 3)
		record(t, d, c, 2)
		step(t, other, 0) // the lease is the leader's
		c.Move(time.Second)
		step(t, leader, 2)
		if leads, err := leader.Leads(t.Context()); err != nil || !leads {
			t.Errorf("the leader does not lead: %v", err)
		}
		record(t, d, c, 4) // and now it is killed: it never speaks again
		c.Move(2 * time.Second)
		step(t, other, 0)
		c.Move(2 * time.Second)
		step(t, other, 4)
		if err := other.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		record(t, d, c, 1)
		third := audit.NewSequencer(d, k, c.Now, latest(t, d, k))
		step(t, third, 1) // at once
		if r := verify(t, d, k); !r.Whole() || r.Size != 10 {
			t.Errorf("%+v", r)
		}
	})
}

// A transaction that is killed half way leaves neither numbers nor nodes.
func TestAStepIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, k := newClock(), keys(t)
		s := audit.NewSequencer(d, k, c.Now, audit.Checkpoint{})
		record(t, d, c, 3)
		// What the step would write last is there already, so the step fails at its end.
		if _, err := db.Exec(t.Context(), d, `INSERT INTO audit_hash (place, hash) VALUES (3, $1)`, make([]byte, 32)); err != nil {
			t.Fatal(err)
		}
		if n, err := s.Step(t.Context()); err == nil {
			t.Fatalf("numbered %d over a node that was there", n)
		}
		if r := verify(t, d, k); r.Tail != 3 || r.Size != 0 || r.Checkpoints != 0 {
			t.Errorf("half of it is there: %+v", r)
		}
	})
}

func TestRunSignsWithinASecond(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, k := &clock{now: time.Now()}, keys(t)
		s := audit.NewSequencer(d, k, time.Now, audit.Checkpoint{})
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { s.Run(ctx, func(err error) { t.Error(err) }) })
		record(t, d, c, 5)
		deadline := time.Now().Add(10 * time.Second)
		for {
			if list, err := audit.Since(t.Context(), d, 4, 1); err != nil || len(list) == 1 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("nothing was numbered")
			}
			time.Sleep(10 * time.Millisecond)
		}
		stop()
		running.Wait()
		if r := verify(t, d, k); !r.Whole() || r.Size != 5 {
			t.Errorf("%+v", r)
		}
	})
}
