// SPDX-License-Identifier: EUPL-1.2

package audit_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// attack is what somebody does who can write to the database and knows how the log works.
type attack struct {
	name string
	sql  []string
	want string // kind of the first finding
	seq  int64  // of it; 0 for any
}

// tampering: every column of an entry, every table, every way. The log has 20 entries with
// checkpoints at 1, 2, 7 and 20.
func tampering() []attack {
	list := []attack{
		{"dropped", []string{`DELETE FROM audit_event WHERE seq = 9`}, audit.Missing, 9},
		{"the first dropped", []string{`DELETE FROM audit_event WHERE seq = 1`}, audit.Missing, 1},
		{"the last dropped", []string{`DELETE FROM audit_event WHERE seq = 20`}, audit.Missing, 20},
		{"all dropped", []string{`DELETE FROM audit_event`}, audit.Missing, 1},
		{"its number taken away", []string{`UPDATE audit_event SET seq = NULL WHERE seq = 9`}, audit.Missing, 9},
		{"inserted at the end", []string{insertWith(`21`)}, audit.Inserted, 21},
		{"inserted far off", []string{insertWith(`1000000000000`)}, audit.Inserted, 1000000000000},
		{"inserted before the first", []string{insertWith(`0`)}, audit.Inserted, 0},
		{"inserted with a number that is taken", []string{`DROP INDEX audit_event_seq`, insertWith(`9`)}, audit.Inserted, 9},
		{"reordered", []string{`DROP INDEX audit_event_seq`, `UPDATE audit_event SET seq = 17 - seq WHERE seq IN (8, 9)`}, audit.Altered, 8},
		{"moved up into a gap", []string{`DELETE FROM audit_event WHERE seq = 9`, `UPDATE audit_event SET seq = 9 WHERE seq = 10`}, audit.Altered, 9},
		{"cut off with its checkpoint", []string{`DELETE FROM audit_event WHERE seq > 7`, `DELETE FROM audit_checkpoint WHERE size > 7`,
			`DELETE FROM audit_hash WHERE place >= 11`}, audit.Truncated, 20},
		{"cut off to nothing", []string{`DELETE FROM audit_event`, `DELETE FROM audit_checkpoint`, `DELETE FROM audit_hash`}, audit.Truncated, 20},
		{"a leaf altered with its entry", []string{`UPDATE audit_event SET record = 'other' WHERE seq = 9`,
			`UPDATE audit_hash SET hash = (SELECT hash FROM audit_hash WHERE place = 0) WHERE place = 15`}, audit.Altered, 9},
		{"a node altered", []string{`UPDATE audit_hash SET hash = (SELECT hash FROM audit_hash WHERE place = 0) WHERE place = 2`}, audit.Tree, 2},
		{"a node dropped", []string{`DELETE FROM audit_hash WHERE place = 15`}, audit.Tree, 9},
		{"all nodes dropped", []string{`DELETE FROM audit_hash`}, audit.Tree, 1},
		{"a checkpoint altered", []string{`UPDATE audit_checkpoint SET note = replace(note, '20', '19') WHERE size = 20`}, audit.Unsigned, 20},
		{"a checkpoint moved", []string{`UPDATE audit_checkpoint SET size = 19 WHERE size = 20`}, audit.Unsigned, 19},
		{"a checkpoint that is garbage", []string{`UPDATE audit_checkpoint SET note = 'x' WHERE size = 7`}, audit.Unsigned, 7},
	}
	for _, column := range []string{"id", "account", "member", "roles", "session", "address", "via", "action", "kind", "record", "subject", "basis", "purpose", "reason"} {
		list = append(list, attack{"flipped " + column, []string{`UPDATE audit_event SET ` + column + ` = ` + column + ` || 'x' WHERE seq = 9`}, audit.Altered, 9})
	}
	return append(list,
		attack{"flipped at", []string{`UPDATE audit_event SET at = at + 1 WHERE seq = 9`}, audit.Altered, 9},
		attack{"flipped is_read", []string{`UPDATE audit_event SET is_read = NOT is_read WHERE seq = 9`}, audit.Altered, 9},
		attack{"flipped changes", []string{`UPDATE audit_event SET changes = replace(changes, 'nuovo', 'altro') WHERE seq = 9`}, audit.Altered, 9},
		attack{"changes written otherwise", []string{`UPDATE audit_event SET changes = changes || ' ' WHERE seq = 9`}, audit.Altered, 9},
		attack{"changes that are no JSON", []string{`UPDATE audit_event SET changes = '{' WHERE seq = 9`}, audit.Altered, 9},
		attack{"contents swapped", []string{`UPDATE audit_event SET record = CASE WHEN seq = 8 THEN 's1' ELSE 's0' END WHERE seq IN (8, 9)`}, audit.Altered, 8},
	)
}

func insertWith(seq string) string {
	return `INSERT INTO audit_event (id, at, account, member, session, address, via, action, kind, record, subject, is_read, basis, purpose, reason, changes, seq)
		SELECT 'forged', at, account, member, session, address, via, action, kind, record, subject, is_read, basis, purpose, reason, changes, ` + seq + `
		FROM audit_event WHERE seq = 5`
}

func TestEveryTamperingIsFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, c := keys(t), newClock()
		fill(t, d, k, c)
		elsewhere := latest(t, d, k)
		tables := []string{"audit_event", "audit_hash", "audit_checkpoint"}
		for _, table := range tables {
			execute(t, d, `CREATE TABLE whole_`+table+` AS SELECT * FROM `+table)
		}
		for _, a := range tampering() {
			for _, sql := range a.sql {
				execute(t, d, sql)
			}
			r := verify(t, d, k, elsewhere)
			if !slices.ContainsFunc(r.Findings, func(f audit.Finding) bool {
				return f.Kind == a.want && (f.Seq == a.seq || a.seq == 0)
			}) {
				t.Errorf("%s: found %+v, want %s at %d", a.name, r.Findings, a.want, a.seq)
			}
			if len(r.Findings) > 80 {
				t.Errorf("%s: one deed is %d findings", a.name, len(r.Findings))
			}
			for _, table := range tables {
				execute(t, d, `DELETE FROM `+table)
				execute(t, d, `INSERT INTO `+table+` SELECT * FROM whole_`+table)
			}
			execute(t, d, `CREATE UNIQUE INDEX IF NOT EXISTS audit_event_seq ON audit_event (seq) WHERE seq IS NOT NULL`)
			if r := verify(t, d, k, elsewhere); !r.Whole() || r.Size != 20 {
				t.Fatalf("after %s was undone: %+v", a.name, r)
			}
		}
	})
}

func execute(t *testing.T, d *db.DB, sql string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), d, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// fill makes a log of 20 entries with checkpoints at 1, 2, 7 and 20.
func fill(t *testing.T, d *db.DB, k *audit.Keys, c *clock) *audit.Sequencer {
	t.Helper()
	s := audit.NewSequencer(d, k, c.Now, audit.Checkpoint{})
	for _, n := range []int{1, 1, 5, 13} {
		record(t, d, c, n)
		step(t, s, n)
		c.Move(time.Minute)
	}
	if r := verify(t, d, k); !r.Whole() || r.Size != 20 {
		t.Fatalf("before anything was done: %+v", r)
	}
	return s
}

// Who holds the signing key as well can make a log that is right in itself. A checkpoint kept
// elsewhere still gives them away.
func TestAForgerWithTheKeyIsFoundByACheckpointElsewhere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, c := keys(t), newClock()
		fill(t, d, k, c)
		elsewhere := latest(t, d, k)
		for _, sql := range []string{`UPDATE audit_event SET record = 'other' WHERE seq = 9`, `UPDATE audit_event SET seq = NULL`,
			`DELETE FROM audit_hash`, `DELETE FROM audit_checkpoint`, `DELETE FROM audit_lease`} {
			if _, err := db.Exec(t.Context(), d, sql); err != nil {
				t.Fatal(err)
			}
		}
		step(t, audit.NewSequencer(d, k, c.Now, audit.Checkpoint{}), 20)
		if r := verify(t, d, k); !r.Whole() {
			t.Fatalf("the forgery is not good enough for this test: %+v", r)
		}
		if r := verify(t, d, k, elsewhere); len(r.Findings) != 1 || r.Findings[0].Kind != audit.Rewritten {
			t.Errorf("%+v", r.Findings)
		}
	})
}

// Somebody who lets the program itself number a forged entry of last year.
func TestABackdatedEntryIsFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, c := keys(t), newClock()
		s := fill(t, d, k, c)
		if _, err := db.Exec(t.Context(), d, strings.Replace(insertWith(`NULL`), "SELECT 'forged', at", "SELECT 'forged', at - 31536000000", 1)); err != nil {
			t.Fatal(err)
		}
		step(t, s, 1)
		if r := verify(t, d, k); len(r.Findings) != 1 || r.Findings[0].Kind != audit.Backdated || r.Findings[0].Seq != 21 {
			t.Errorf("%+v", r.Findings)
		}
	})
}

// A sequencer that sees the log contradict what it knows signs nothing: no forgery gets our name.
func TestTheSequencerSignsNothingThatContradictsIt(t *testing.T) {
	t.Parallel()
	cutOff := []string{`DELETE FROM audit_event WHERE seq > 7`, `DELETE FROM audit_checkpoint WHERE size > 7`, `DELETE FROM audit_hash WHERE place >= 11`}
	for name, c := range map[string]struct {
		sql     []string
		restart bool // with the checkpoint kept in a file as all it knows
	}{
		"cut off":                         {cutOff, false},
		"cut off while it was stopped":    {cutOff, true},
		"its checkpoint altered":          {[]string{`UPDATE audit_checkpoint SET note = replace(note, 'approdo', 'approdi') WHERE size = 20`}, false},
		"its checkpoint moved":            {[]string{`UPDATE audit_checkpoint SET size = 21 WHERE size = 20`}, true},
		"a node of the tree altered":      {[]string{`UPDATE audit_hash SET hash = (SELECT hash FROM audit_hash WHERE place = 1) WHERE place = 30`}, false},
		"a node of the tree that is gone": {[]string{`DELETE FROM audit_hash WHERE place = 30`}, false},
		"a node that is too short":        {[]string{`UPDATE audit_hash SET hash = (SELECT hash FROM audit_hash WHERE place = 99) WHERE place = 0`, `DELETE FROM audit_hash WHERE place = 30`}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				done := c.sql
				if name == "a node that is too short" {
					done = []string{`UPDATE audit_hash SET hash = CAST('short' AS ` + bytesType(d) + `) WHERE place = 30`}
				}
				k, now := keys(t), newClock()
				s := fill(t, d, k, now)
				last := latest(t, d, k)
				for _, sql := range done {
					if _, err := db.Exec(t.Context(), d, sql); err != nil {
						t.Fatal(err)
					}
				}
				if c.restart {
					now.Move(time.Minute)
					s = audit.NewSequencer(d, k, now.Now, last)
				}
				record(t, d, now, 3)
				if n, err := s.Step(t.Context()); !errors.Is(err, audit.ErrContradiction) {
					t.Errorf("signed %d, %v", n, err)
				}
				if r := verify(t, d, k); r.Tail != 3 {
					t.Errorf("events are lost meanwhile: %+v", r)
				}
			})
		})
	}
}

func bytesType(d *db.DB) string {
	if d.Engine() == db.SQLite {
		return "BLOB"
	}
	return "BYTEA"
}

func TestExportAndCheckpointFile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, c := keys(t), newClock()
		fill(t, d, k, c)
		record(t, d, c, 1)
		dir := filepath.Join(t.TempDir(), "export")
		if n, err := audit.Export(t.Context(), d, k, dir); err != nil || n != 20 {
			t.Fatalf("exported %d, %v", n, err)
		}
		if _, err := audit.Export(t.Context(), d, k, dir); err == nil {
			t.Error("an export was written over another")
		}
		for name, lines := range map[string]int{audit.EventsFile: 20, audit.TailFile: 1, audit.KeysFile: 1} {
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil || strings.Count(string(text), "\n") != lines {
				t.Errorf("%s has %d lines, %v", name, strings.Count(string(text), "\n"), err)
			}
		}
		list, err := k.ReadCheckpoints(filepath.Join(dir, audit.CheckpointsFile))
		if err != nil || len(list) != 4 || fmt.Sprint(list[0].Size, list[1].Size, list[2].Size, list[3].Size) != "1 2 7 20" {
			t.Errorf("%v, %v", list, err)
		}
		if !list[3].At.Equal(c.Now().Add(-time.Minute)) {
			t.Errorf("signed at %v", list[3].At)
		}
		if _, err := keys(t).ReadCheckpoints(filepath.Join(dir, audit.CheckpointsFile)); err == nil {
			t.Error("the keys of another log take our checkpoints")
		}
		if list, err := k.ReadCheckpoints(filepath.Join(dir, "none")); err != nil || len(list) != 0 {
			t.Errorf("a file that is not there: %v, %v", list, err)
		}
	})
}
