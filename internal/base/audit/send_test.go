// SPDX-License-Identifier: EUPL-1.2

package audit_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/migrations"
)

// place is somewhere outside that can be out of reach.
type place struct {
	broken bool
	got    []int64
}

func (p *place) Name() string { return "place" }

func (p *place) Publish(_ context.Context, c audit.Checkpoint) error {
	if p.broken {
		return errors.New("no\nway through")
	}
	p.got = append(p.got, c.Size)
	return nil
}

// slow is a place that wants one an hour at most.
type slow struct{ place }

func (s *slow) Name() string         { return "slow" }
func (s *slow) Every() time.Duration { return time.Hour }

func TestAPlaceThatFailsGetsWhatItMissed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, k := newClock(), keys(t)
		s := audit.NewSequencer(d, k, c.Now, audit.Checkpoint{})
		p, mailbox := &place{broken: true}, &slow{}
		file := filepath.Join(t.TempDir(), "kept", "checkpoints.txt")
		node := func() *audit.Publisher {
			return &audit.Publisher{DB: d, Keys: k, Clock: c.Now, Sinks: []audit.Sink{p, mailbox, audit.FileSink{Path: file}}, Every: 5 * time.Minute, Mine: s.Leads}
		}
		publisher := node()
		grow := func(n int) {
			record(t, d, c, n)
			step(t, s, n)
		}
		if err := publisher.Publish(t.Context()); err != nil {
			t.Errorf("a log without entries: %v", err)
		}
		grow(2)
		if err := publisher.Publish(t.Context()); err == nil || !strings.Contains(err.Error(), "place") {
			t.Errorf("nobody hears that a place is out of reach: %v", err)
		}
		fates, err := audit.Fates(t.Context(), d, c.Now())
		if err != nil || len(fates) != 3 || fates[1].Name != "place" || !strings.HasSuffix(fates[1].Problem, "no way through") || !fates[1].Sent.IsZero() {
			t.Fatalf("%+v, %v", fates, err)
		}
		p.broken = false
		c.Move(time.Minute)
		grow(1)
		// A node that has just started knows from the database what has arrived.
		publisher = node()
		for range 2 {
			if err := publisher.Publish(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if len(p.got) != 1 || p.got[0] != 3 || len(mailbox.got) != 1 || mailbox.got[0] != 2 {
			t.Errorf("got %v; the mailbox, before its hour is over, %v", p.got, mailbox.got)
		}
		c.Move(time.Hour)
		if err := publisher.Publish(t.Context()); err != nil || len(mailbox.got) != 2 || mailbox.got[1] != 3 || len(p.got) != 1 {
			t.Errorf("after the hour: %v, %v, %v", mailbox.got, p.got, err)
		}
		if fates, err = audit.Fates(t.Context(), d, time.UnixMilli(0)); err != nil || fates[1].Problem != "" || fates[1].Size != 3 || fates[2].Size != 3 {
			t.Errorf("%+v, %v", fates, err)
		}
		if list, err := k.ReadCheckpoints(file); err != nil || len(list) != 2 {
			t.Errorf("the file has %v, %v", list, err)
		}
	})
}

func TestOneNodeSends(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, k := newClock(), keys(t)
		one, two := audit.NewSequencer(d, k, c.Now, audit.Checkpoint{}), audit.NewSequencer(d, k, c.Now, audit.Checkpoint{})
		record(t, d, c, 1)
		step(t, one, 1)
		p := &place{}
		other := &audit.Publisher{DB: d, Keys: k, Clock: c.Now, Sinks: []audit.Sink{p}, Every: time.Minute, Mine: two.Leads}
		if err := other.Publish(t.Context()); err != nil || len(p.got) != 0 {
			t.Errorf("both send: %v, %v", p.got, err)
		}
		c.Move(2 * time.Minute) // the node that signed it was killed, and nothing happens any more
		if err := other.Publish(t.Context()); err != nil || len(p.got) != 1 {
			t.Errorf("nobody sends the last one: %v, %v", p.got, err)
		}
	})
}

func TestASavedLetterIsRead(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, migrations.FS)
	c, k := newClock(), keys(t)
	record(t, d, c, 1)
	step(t, audit.NewSequencer(d, k, c.Now, audit.Checkpoint{}), 1)
	last := latest(t, d, k)
	letter := "From: a@rete.example\r\nMessage-ID: <1@rete.example>\r\nContent-Type: text/plain; charset=UTF-8\r\n" +
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + strings.NewReplacer("—", "=E2=80=94", "=", "=3D", "\n", "\r\n").Replace(last.Note)
	path := filepath.Join(t.TempDir(), "letter.eml")
	if err := os.WriteFile(path, []byte(letter), 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := k.ReadCheckpoints(path); err != nil || len(list) != 1 || list[0].Hash != last.Hash {
		t.Errorf("%v, %v", list, err)
	}
}
