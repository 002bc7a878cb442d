// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

var (
	one   = []string{"0001_one.sql", "CREATE TABLE m_one (id TEXT PRIMARY KEY); INSERT INTO m_one VALUES ('a');"}
	two   = []string{"0002_two.sql", "ALTER TABLE m_one ADD COLUMN name TEXT NOT NULL DEFAULT '';"}
	three = []string{"0003_three.sqlite.sql", "CREATE TABLE m_sqlite (id TEXT);", "0003_three.postgres.sql", "CREATE TABLE m_postgres (id TEXT);"}
)

func join(parts ...[]string) fstest.MapFS {
	var all []string
	for _, part := range parts {
		all = append(all, part...)
	}
	return files(all...)
}

func TestMigrateAppliesWhatIsMissingInOrder(t *testing.T) {
	t.Parallel()
	dbtest.EachEmpty(t, func(t *testing.T, d *db.DB) {
		steps := []struct {
			fsys fstest.MapFS
			want string
		}{
			{join(one), "0001_one"},
			{join(one), ""},
			{join(one, two, three), "0002_two 0003_three"},
			{join(one, two, three), ""},
		}
		for i, step := range steps {
			pending, err := d.Pending(t.Context(), step.fsys)
			if err != nil || strings.Join(pending, " ") != step.want {
				t.Errorf("step %d: pending %v, %v; want %s", i, pending, err, step.want)
			}
			applied, err := d.Migrate(t.Context(), step.fsys)
			if err != nil || strings.Join(applied, " ") != step.want {
				t.Errorf("step %d: applied %v, %v; want %s", i, applied, err, step.want)
			}
		}
		if _, err := db.Exec(t.Context(), d, `INSERT INTO m_`+string(d.Engine())+` (id) VALUES ('x')`); err != nil {
			t.Errorf("the file of the pair meant for this engine was not applied: %v", err)
		}
	})
}

func TestMigrateRefuses(t *testing.T) {
	t.Parallel()
	dbtest.EachEmpty(t, func(t *testing.T, d *db.DB) {
		if _, err := d.Migrate(t.Context(), join(one, two)); err != nil {
			t.Fatal(err)
		}
		edited := []string{one[0], one[1] + " -- edited"}
		for name, c := range map[string]struct {
			fsys fstest.MapFS
			want error
		}{
			"an edited file":     {join(edited, two), db.ErrEdited},
			"a renamed file":     {join([]string{"0001_uno.sql", one[1]}, two), db.ErrEdited},
			"a number twice":     {join(one, two, []string{"0002_x.sql", ""}), nil},
			"half a pair":        {join(one, two, three[:2]), nil},
			"a pair and a whole": {join(one, two, three, []string{"0003_three.sql", ""}), nil},
			"a strange name":     {join(one, two, []string{"three.sql", ""}), nil},
		} {
			for way, try := range map[string]func(context.Context, fstest.MapFS) ([]string, error){
				"Migrate": func(ctx context.Context, f fstest.MapFS) ([]string, error) { return d.Migrate(ctx, f) },
				"Pending": func(ctx context.Context, f fstest.MapFS) ([]string, error) { return d.Pending(ctx, f) },
			} {
				if _, err := try(t.Context(), c.fsys); err == nil || c.want != nil && !errors.Is(err, c.want) {
					t.Errorf("%s of %s: %v", way, name, err)
				}
			}
		}
		// Line endings of another system are no edit.
		windows := join(one, []string{two[0], strings.ReplaceAll(two[1], "\n", "\r\n")})
		if _, err := d.Migrate(t.Context(), windows); err != nil {
			t.Error(err)
		}
	})
}

// Each part of the house has a range of numbers, so what is missing may lie below what is there.
func TestRangesGrowApart(t *testing.T) {
	t.Parallel()
	dbtest.EachEmpty(t, func(t *testing.T, d *db.DB) {
		later := []string{"0020_later.sql", "CREATE TABLE m_later (id TEXT)"}
		if applied, err := d.Migrate(t.Context(), join(one, later)); err != nil || strings.Join(applied, " ") != "0001_one 0020_later" {
			t.Fatalf("applied %v, %v", applied, err)
		}
		between := []string{"0010_between.sql", "CREATE TABLE m_between (id TEXT)"}
		if pending, err := d.Pending(t.Context(), join(one, between, later)); err != nil || strings.Join(pending, " ") != "0010_between" {
			t.Errorf("pending %v, %v", pending, err)
		}
		if applied, err := d.Migrate(t.Context(), join(one, between, later)); err != nil || strings.Join(applied, " ") != "0010_between" {
			t.Errorf("applied %v, %v", applied, err)
		}
		if applied, err := d.Migrate(t.Context(), join(one, later)); err != nil || len(applied) > 0 {
			t.Errorf("a program that lacks one in the middle applies %v, %v", applied, err)
		}
	})
}

// Two neighbouring versions run on one database until the newer one takes away what the older uses.
func TestNeighboursShareADatabase(t *testing.T) {
	t.Parallel()
	dbtest.EachEmpty(t, func(t *testing.T, d *db.DB) {
		expand := []string{"0002_expand.sql", "ALTER TABLE m_one ADD COLUMN more TEXT NOT NULL DEFAULT ''"}
		contract := []string{"0003_contract.sql", "-- contracts: 0002_expand\nCREATE TABLE m_instead (id TEXT)"}
		oldest, old, next := join(one), join(one, expand), join(one, expand, contract)
		if _, err := d.Migrate(t.Context(), oldest); err != nil {
			t.Fatal(err)
		}
		// Before any Migrate of a program that knows contracts, the list of them is not there.
		if _, err := db.Exec(t.Context(), d, `DROP TABLE db_contract`); err != nil {
			t.Fatal(err)
		}
		if pending, err := d.Pending(t.Context(), old); err != nil || len(pending) != 1 {
			t.Errorf("pending %v, %v", pending, err)
		}
		may := func(when string, program fstest.MapFS, want error) {
			t.Helper()
			for name, try := range map[string]func(context.Context, fstest.MapFS) ([]string, error){
				"Migrate": func(ctx context.Context, f fstest.MapFS) ([]string, error) { return d.Migrate(ctx, f) },
				"Pending": func(ctx context.Context, f fstest.MapFS) ([]string, error) { return d.Pending(ctx, f) },
			} {
				if _, err := try(t.Context(), program); !errors.Is(err, want) {
					t.Errorf("%s, %s: %v, want %v", when, name, err, want)
				}
			}
		}
		may("expanded", old, nil)
		may("the oldest beside the expanded", oldest, nil)
		may("contracted", next, nil)
		may("the one before beside the contracted", old, nil)
		may("the oldest beside the contracted", oldest, db.ErrNewer)
	})
}

func TestAMigrationThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.EachEmpty(t, func(t *testing.T, d *db.DB) {
		broken := join(one, []string{"0002_broken.sql", "CREATE TABLE m_half (id TEXT); INSERT INTO m_nowhere VALUES (1);"})
		applied, err := d.Migrate(t.Context(), broken)
		if err == nil || !strings.Contains(err.Error(), "0002_broken") || strings.Join(applied, " ") != "0001_one" {
			t.Errorf("applied %v, %v", applied, err)
		}
		if _, err := db.Rows(t.Context(), d, db.Column[string], `SELECT id FROM m_half`); err == nil {
			t.Error("the first half of the broken migration is there")
		}
		if applied, err := d.Migrate(t.Context(), join(one, two)); err != nil || len(applied) != 1 {
			t.Errorf("mended: %v, %v", applied, err)
		}
	})
}

func TestMigrationsMayRebuildTablesButNotBreakReferences(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, files("0001_a.sql", `
		CREATE TABLE r_parent (id TEXT PRIMARY KEY);
		CREATE TABLE r_child (id TEXT PRIMARY KEY, parent_id TEXT NOT NULL REFERENCES r_parent (id) ON DELETE CASCADE);
		INSERT INTO r_parent VALUES ('p'); INSERT INTO r_child VALUES ('c', 'p');`))
	first := []string{"0001_a.sql", `
		CREATE TABLE r_parent (id TEXT PRIMARY KEY);
		CREATE TABLE r_child (id TEXT PRIMARY KEY, parent_id TEXT NOT NULL REFERENCES r_parent (id) ON DELETE CASCADE);
		INSERT INTO r_parent VALUES ('p'); INSERT INTO r_child VALUES ('c', 'p');`}
	rebuild := []string{"0002_b.sql", `
		CREATE TABLE r_new (id TEXT PRIMARY KEY, name TEXT);
		INSERT INTO r_new (id) SELECT id FROM r_parent;
		DROP TABLE r_parent;
		ALTER TABLE r_new RENAME TO r_parent;`}
	if _, err := d.Migrate(t.Context(), join(first, rebuild)); err != nil {
		t.Fatal(err)
	}
	if n, err := db.Row(t.Context(), d, db.Column[int64], `SELECT count(*) FROM r_child`); err != nil || n != 1 {
		t.Errorf("%d children are left, %v; want 1", n, err)
	}
	dangling := []string{"0003_c.sql", `DELETE FROM r_parent;`}
	if _, err := d.Migrate(t.Context(), join(first, rebuild, dangling)); err == nil || !strings.Contains(err.Error(), "r_child") {
		t.Errorf("rows without parents were committed: %v", err)
	}
}

func TestSeveralNodesStartAtOnce(t *testing.T) {
	t.Parallel()
	start := func(t *testing.T, c db.Config) {
		schema := join(one, two, three)
		var nodes sync.WaitGroup
		var mu sync.Mutex
		total := 0
		for range 5 {
			nodes.Go(func() {
				d, err := db.Open(t.Context(), c)
				if err != nil {
					t.Error(err)
					return
				}
				defer d.Close()
				applied, err := d.Migrate(t.Context(), schema)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				total += len(applied)
				mu.Unlock()
			})
		}
		nodes.Wait()
		if total != 3 {
			t.Errorf("%d migrations were applied in all, want 3", total)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		start(t, db.Config{Dir: t.TempDir()})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		start(t, db.Config{URL: dbtest.PostgresURL(t, fstest.MapFS{})})
	})
}

func TestTheClockOfTheConfigurationIsUsed(t *testing.T) {
	t.Parallel()
	then := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	d, err := db.Open(t.Context(), db.Config{Dir: t.TempDir(), Now: func() time.Time { return then }})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(t.Context(), join(one)); err != nil {
		t.Fatal(err)
	}
	if at, err := db.Row(t.Context(), d, db.Column[int64], `SELECT applied_at FROM db_migration`); err != nil || at != db.Millis(then) {
		t.Errorf("applied at %v, %v", at, err)
	}
}
