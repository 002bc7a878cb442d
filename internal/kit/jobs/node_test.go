// SPDX-License-Identifier: EUPL-1.2

package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/jobs"
	"approdo/migrations"
)

// nodes opens one database several times, as several nodes do.
func nodes(t *testing.T, n int, fn func(t *testing.T, c db.Config, list []*db.DB)) {
	t.Helper()
	each := func(t *testing.T, c db.Config) {
		list := make([]*db.DB, n)
		for i := range list {
			d, err := db.Open(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = d.Close() })
			if _, err := d.Migrate(t.Context(), migrations.FS); err != nil {
				t.Fatal(err)
			}
			list[i] = d
		}
		fn(t, c, list)
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		each(t, db.Config{Dir: t.TempDir()})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		each(t, db.Config{URL: dbtest.PostgresURL(t, migrations.FS)})
	})
}

func TestTwoNodesDoEachJobOnce(t *testing.T) {
	t.Parallel()
	nodes(t, 2, func(t *testing.T, _ db.Config, list []*db.DB) {
		const all = 200
		var mu sync.Mutex
		times, byNode := map[string]int{}, map[int]int{}
		for i, d := range list {
			r := quick(t, d)
			jobs.Handle(r, 0, func(_ context.Context, _ jobs.Task, args greet) error {
				mu.Lock()
				defer mu.Unlock()
				times[args.Who]++
				byNode[i]++
				return nil
			})
			run(t, r)
		}
		for n := range all {
			enqueue(t, list[n%2], greet{fmt.Sprint(n)})
		}
		eventually(t, "all are greeted", func() bool {
			mu.Lock()
			defer mu.Unlock()
			return len(times) == all
		})
		time.Sleep(200 * time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		for who, n := range times {
			if n != 1 {
				t.Errorf("%s was greeted %d times", who, n)
			}
		}
		if byNode[0] == 0 || byNode[1] == 0 {
			t.Errorf("one node did all: %v", byNode)
		}
	})
}

func TestOnceAddsNothingWhileAJobWaits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for range 3 {
			enqueue(t, d, greet{"ada"}, jobs.Once())
		}
		enqueue(t, d, greet{"grace"}, jobs.Once(), jobs.After(time.Hour))
		list, err := jobs.Queue(t.Context(), d)
		if err != nil || fmt.Sprint(list) != "[{test.greet available 1} {test.greet scheduled 1}]" {
			t.Fatalf("queue: %v %v", list, err)
		}
		var done log
		r := quick(t, d)
		jobs.Handle(r, 0, func(_ context.Context, _ jobs.Task, args greet) error {
			done.add(args.Who)
			return nil
		})
		run(t, r)
		eventually(t, "ada is greeted", func() bool { return done.String() == "ada" })
		eventually(t, "she can be greeted again", func() bool {
			enqueue(t, d, greet{"ada"}, jobs.Once())
			return strings.HasPrefix(done.String(), "ada ada")
		})
	})
}

func TestLongWorkDoesNotKeepShortWorkWaiting(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		free := make(chan struct{})
		var done log
		r := quick(t, d)
		jobs.Handle(r, time.Hour, func(_ context.Context, _ jobs.Task, args greet) error {
			if strings.HasPrefix(args.Who, "long") {
				<-free
			}
			done.add(args.Who)
			return nil
		})
		run(t, r)
		for n := range 10 {
			enqueue(t, d, greet{fmt.Sprint("long", n)}, jobs.Long())
		}
		enqueue(t, d, greet{"short"})
		eventually(t, "the short one is done", func() bool { return done.String() == "short" })
		close(free)
		eventually(t, "all are done", func() bool { return len(strings.Fields(done.String())) == 11 })
	})
}

type tick struct{}

func (tick) Kind() string { return "test.tick" }

func TestPeriodicWorkIsDoneByOneNode(t *testing.T) {
	t.Parallel()
	nodes(t, 2, func(t *testing.T, _ db.Config, list []*db.DB) {
		var done log
		for _, d := range list {
			r := quick(t, d)
			jobs.Handle(r, 0, func(context.Context, jobs.Task, tick) error { done.add("tick"); return nil })
			r.Every("test.tick", time.Second, tick{})
			run(t, r)
		}
		eventually(t, "it ticks twice", func() bool { return len(strings.Fields(done.String())) >= 2 })
		// Which second each was for stands in the queue: no second has two.
		type seconds struct{ jobs, different int }
		got, err := db.Row(t.Context(), list[0], func(s db.Scanner) (n seconds, err error) { return n, s.Scan(&n.jobs, &n.different) },
			`SELECT count(*), count(DISTINCT substr(CAST(scheduled_at AS TEXT), 1, 19)) FROM river_job WHERE kind = 'test.tick'`)
		if err != nil || got.jobs < 2 || got.jobs != got.different {
			t.Errorf("%d ticks for %d seconds, %v", got.jobs, got.different, err)
		}
	})
}

func TestWhatRunsMayFinish(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var done log
		began := make(chan struct{})
		r := quick(t, d)
		jobs.Handle(r, 0, func(_ context.Context, _ jobs.Task, args greet) error {
			close(began)
			time.Sleep(300 * time.Millisecond)
			done.add(args.Who)
			return nil
		})
		stop := run(t, r)
		enqueue(t, d, greet{"ada"})
		<-began
		stop()
		if done.String() != "ada" {
			t.Fatalf("it stopped before its work was done: %q", done.String())
		}
		if list, err := jobs.Queue(t.Context(), d); err != nil || len(list) != 0 {
			t.Errorf("left: %v %v", list, err)
		}
	})
}

func TestWhoDoesNotFinishIsInterruptedAndDoneByAnother(t *testing.T) {
	t.Parallel()
	nodes(t, 2, func(t *testing.T, _ db.Config, list []*db.DB) {
		began := make(chan struct{})
		first := quick(t, list[0], func(c *jobs.Config) { c.Patience = 50 * time.Millisecond })
		jobs.Handle(first, 0, func(ctx context.Context, _ jobs.Task, _ greet) error {
			close(began)
			<-ctx.Done()
			return ctx.Err()
		})
		stop := run(t, first)
		enqueue(t, list[1], greet{"ada"})
		<-began
		stop()
		var done log
		second := quick(t, list[1])
		jobs.Handle(second, 0, func(_ context.Context, _ jobs.Task, args greet) error { done.add(args.Who); return nil })
		run(t, second)
		eventually(t, "another does it", func() bool { return done.String() == "ada" })
	})
}

func TestAJobHasALimit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var done log
		r := quick(t, d)
		jobs.Handle(r, 50*time.Millisecond, func(ctx context.Context, task jobs.Task, _ greet) error {
			done.add(fmt.Sprint(task.Attempt))
			if task.Attempt == 1 {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		})
		run(t, r)
		enqueue(t, d, greet{"ada"})
		eventually(t, "the second attempt is made", func() bool { return done.String() == "1 2" })
	})
}

// While an import of another process holds the only writer for longer than anybody waits for it, the
// queue tries again; nobody is to be called for that. PostgreSQL has more than one writer.
func TestABusyDatabaseIsNoAlarm(t *testing.T) {
	t.Parallel()
	folder := db.Config{Dir: t.TempDir()}
	open := func() *db.DB {
		d, err := db.Open(t.Context(), folder)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		return d
	}
	queue, importer := open(), open()
	if _, err := queue.Migrate(t.Context(), migrations.FS); err != nil {
		t.Fatal(err)
	}
	// There is one connection that writes, and it waits a moment instead of ten seconds.
	if _, err := queue.Writer().ExecContext(t.Context(), `PRAGMA busy_timeout = 20`); err != nil {
		t.Fatal(err)
	}
	var text lines
	r := quick(t, queue, func(c *jobs.Config) {
		c.Log = slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	var done log
	jobs.Handle(r, 0, func(_ context.Context, _ jobs.Task, args greet) error { done.add(args.Who); return nil })
	stop := func() {}
	for _, who := range []string{"ada", "grace"} { // before the queue has begun, and after
		told := len(text.String())
		if err := importer.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if err := jobs.Enqueue(ctx, tx, greet{who}); err != nil {
				return err
			}
			if who == "ada" {
				stop = run(t, r)
			}
			eventually(t, "the queue finds no writer", func() bool { return strings.Contains(text.String()[told:], "database is locked") })
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		eventually(t, who+" is greeted", func() bool { return strings.HasSuffix(done.String(), who) })
	}
	stop()
	for line := range strings.Lines(text.String()) {
		if !strings.Contains(line, "level=DEBUG") {
			t.Errorf("the log says: %s", line)
		}
	}
}

// lines is a log that several goroutines write.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestFailuresAreLoggedAndCounted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var text lines
		r := quick(t, d, func(c *jobs.Config) { c.Log = slog.New(slog.NewTextHandler(&text, nil)) })
		jobs.Handle(r, 0, func(_ context.Context, task jobs.Task, _ greet) error {
			switch task.Attempt {
			case 1:
				return errors.New("no such door for ada@example.org")
			case 2:
				panic("a mistake")
			}
			return nil
		})
		registry := prometheus.NewRegistry()
		if err := r.Register(registry); err != nil {
			t.Fatal(err)
		}
		run(t, r)
		enqueue(t, d, greet{"ada"})
		enqueue(t, d, greet{"grace"}, jobs.After(time.Hour))
		read := func() string {
			families, err := registry.Gather()
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for _, f := range families {
				for _, m := range f.Metric {
					fmt.Fprintf(&b, "%s %v %v %v\n", f.GetName(), m.Label, m.Counter.GetValue(), m.Gauge.GetValue())
				}
			}
			return b.String()
		}
		eventually(t, "it is done", func() bool { return strings.Contains(read(), `value:"done"`) })
		for _, part := range []string{"approdo_jobs ", `value:"scheduled"`, `value:"failed"`, "approdo_job_duration_seconds"} {
			if !strings.Contains(read(), part) {
				t.Errorf("the metrics lack %s: %s", part, read())
			}
		}
		got := text.String()
		if !strings.Contains(got, "no such door for …") || !strings.Contains(got, "a mistake") || strings.Contains(got, "@example") {
			t.Errorf("the log says: %s", got)
		}
	})
}

// childEnv makes this test program a node that is killed in the middle of a job.
const childEnv = "APPRODO_TEST_JOBS_NODE"

func TestMain(m *testing.M) {
	if where := os.Getenv(childEnv); where != "" {
		if err := child(where); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// deadly are short times, so that a test does not wait for minutes.
func deadly(c *jobs.Config) { c.Limit, c.RescueAfter = 50*time.Millisecond, 100*time.Millisecond }

// child does the first job it finds for ever.
func child(where string) error {
	c := db.Config{Dir: where}
	if strings.HasPrefix(where, "postgres") {
		c = db.Config{URL: where}
	}
	d, err := db.Open(context.Background(), c)
	if err != nil {
		return err
	}
	config := jobs.Config{Poll: 20 * time.Millisecond, Log: slog.New(slog.DiscardHandler)}
	deadly(&config)
	r := jobs.New(d, config)
	jobs.Handle(r, 0, func(context.Context, jobs.Task, greet) error {
		fmt.Println("begun")
		select {}
	})
	return r.Run(context.Background())
}

func TestAJobOfAKilledNodeIsDoneByAnother(t *testing.T) {
	t.Parallel()
	nodes(t, 1, func(t *testing.T, c db.Config, list []*db.DB) {
		d := list[0]
		enqueue(t, d, greet{"ada"})
		program, err := filepath.Abs(os.Args[0])
		if err != nil {
			t.Fatal(err)
		}
		node := exec.Command(program) // #nosec G204 -- this very program
		node.Env = append(os.Environ(), childEnv+"="+c.Dir+c.URL)
		out, err := node.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := node.Start(); err != nil {
			t.Fatal(err)
		}
		begun := make([]byte, 5)
		if _, err := out.Read(begun); err != nil || string(begun) != "begun" {
			t.Fatalf("the node says %q: %v", begun, err)
		}
		if err := node.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = node.Wait() // it was killed
		if list, err := jobs.Queue(t.Context(), d); err != nil || fmt.Sprint(list) != "[{test.greet running 1}]" {
			t.Fatalf("left behind: %v %v", list, err)
		}
		// What takes time: the dead node's term as the one who hands out such jobs (fifteen seconds), and RescueAfter.
		if _, err := db.Exec(t.Context(), d, `DELETE FROM river_leader`); err != nil {
			t.Fatal(err)
		}
		time.Sleep(150 * time.Millisecond)
		var done log
		r := quick(t, d, deadly)
		jobs.Handle(r, 0, func(_ context.Context, task jobs.Task, args greet) error {
			done.add(fmt.Sprint(args.Who, task.Attempt))
			return nil
		})
		run(t, r)
		eventually(t, "another does it, as the second attempt", func() bool { return done.String() == "ada2" })
	})
}
