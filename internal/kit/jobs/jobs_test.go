// SPDX-License-Identifier: EUPL-1.2

package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/jobs"
)

type greet struct {
	Who string `json:"who"`
}

func (greet) Kind() string { return "test.greet" }

// quick makes a runner that loses no time.
func quick(t *testing.T, d *db.DB, change ...func(*jobs.Config)) *jobs.Runner {
	t.Helper()
	c := jobs.Config{
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Poll: 20 * time.Millisecond,
		Backoff: func(int) time.Duration { return 0 },
	}
	for _, f := range change {
		f(&c)
	}
	return jobs.New(d, c)
}

// run runs until the test ends, or until stop is called.
func run(t *testing.T, r *jobs.Runner) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := r.Run(ctx); err != nil {
			t.Errorf("run: %v", err)
		}
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		<-done
	})
	t.Cleanup(stop)
	return stop
}

func enqueue(t *testing.T, d *db.DB, args jobs.Args, options ...jobs.Option) {
	t.Helper()
	if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return jobs.Enqueue(ctx, tx, args, options...)
	}); err != nil {
		t.Fatal(err)
	}
}

// log keeps what was done, from several goroutines.
type log struct {
	mu   sync.Mutex
	list []string
}

func (l *log) add(s string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, s)
	return len(l.list)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.list, " ")
}

// eventually waits until what holds is true.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("it never came about that %s", what)
}

func TestAJobExistsWhenItsChangeDoes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var done log
		r := quick(t, d)
		jobs.Handle(r, 0, func(_ context.Context, _ jobs.Task, args greet) error {
			done.add(args.Who)
			return nil
		})
		run(t, r)
		undone := errors.New("undone")
		err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if err := jobs.Enqueue(ctx, tx, greet{"nobody"}); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		enqueue(t, d, greet{"ada"})
		eventually(t, "ada is greeted", func() bool { return done.String() != "" })
		time.Sleep(100 * time.Millisecond)
		if done.String() != "ada" {
			t.Errorf("greeted: %s", done.String())
		}
	})
}

func TestErrorsAreTriedAgainUntilAPersonDecides(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var done log
		var mended bool
		var mu sync.Mutex
		r := quick(t, d)
		jobs.Handle(r, 0, func(_ context.Context, task jobs.Task, args greet) error {
			done.add(fmt.Sprintf("%s%d%t", args.Who, task.Attempt, task.Last))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case args.Who == "never":
				return jobs.Never(errors.New("no such door"))
			case mended:
				return nil
			}
			return errors.New("550 <ada@example.org> unknown, call +39 333 1234567")
		})
		run(t, r)
		enqueue(t, d, greet{"x"}, jobs.Try(2))
		enqueue(t, d, greet{"never"})
		var letters []jobs.Letter
		eventually(t, "two jobs are dead", func() bool {
			var err error
			letters, err = jobs.Dead(t.Context(), d, 10)
			return err == nil && len(letters) == 2
		})
		if got := done.String(); !strings.Contains(got, "x1false") || !strings.Contains(got, "x2true") || strings.Count(got, "never") != 1 {
			t.Errorf("tried: %s", got)
		}
		var dead jobs.Letter
		for _, l := range letters {
			if strings.Contains(l.Error, "ada") || strings.Contains(l.Error, "333") {
				t.Errorf("the queue keeps an address: %s", l.Error)
			}
			if l.Kind != "test.greet" || l.At.IsZero() || l.Error == "" {
				t.Errorf("a letter says too little: %+v", l)
			}
			if strings.Contains(l.Args, `"x"`) {
				dead = l
			}
		}
		mu.Lock()
		mended = true
		mu.Unlock()
		if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return jobs.Again(ctx, tx, dead.ID) }); err != nil {
			t.Fatal(err)
		}
		eventually(t, "it is tried a third time", func() bool { return strings.Contains(done.String(), "x3") })
		eventually(t, "one letter is left", func() bool {
			letters, _ = jobs.Dead(t.Context(), d, 10)
			return len(letters) == 1
		})
		for _, want := range []fault.Kind{"", fault.KindNotFound} {
			err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return jobs.GiveUp(ctx, tx, letters[0].ID) })
			if fault.KindOf(err) != want {
				t.Errorf("giving up: %v, want %q", err, want)
			}
		}
		if left, err := jobs.Dead(t.Context(), d, 10); err != nil || len(left) != 0 {
			t.Errorf("left: %v %v", left, err)
		}
	})
}
