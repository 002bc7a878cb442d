// SPDX-License-Identifier: EUPL-1.2

package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"filippo.io/age"

	"approdo/internal/kit/backup"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// schema has every kind of column, references in a circle, a table that only one engine knows, and
// rows that a migration brings.
func schema() fstest.MapFS {
	return fstest.MapFS{
		"0001_all.sql": {Data: []byte(`
			CREATE TABLE b_parent (id TEXT PRIMARY KEY, child TEXT, note TEXT NOT NULL DEFAULT '');
			CREATE TABLE b_child (id TEXT PRIMARY KEY, parent TEXT NOT NULL REFERENCES b_parent (id), before TEXT REFERENCES b_child (id));
			CREATE TABLE b_kind (id BIGINT PRIMARY KEY, t TEXT, b BOOLEAN, d DOUBLE PRECISION, x BYTEA);
			INSERT INTO b_parent (id) VALUES ('seed');`)},
		"0002_own.sqlite.sql":   {Data: []byte(`CREATE TABLE b_own (id INTEGER PRIMARY KEY, at TIMESTAMP, body BLOB, flag INTEGER);`)},
		"0002_own.postgres.sql": {Data: []byte(`CREATE TYPE b_state AS ENUM ('new', 'done'); CREATE TABLE b_own (id BIGSERIAL PRIMARY KEY, at TIMESTAMPTZ, body JSONB, tags TEXT[], state b_state, raw BYTEA, small SMALLINT);`)},
	}
}

func later() fstest.MapFS {
	s := schema()
	s["0003_later.sql"] = &fstest.MapFile{Data: []byte(`ALTER TABLE b_parent ADD COLUMN extra TEXT NOT NULL DEFAULT 'later'`)}
	return s
}

func write(t *testing.T, d *db.DB, sql string, args ...any) {
	t.Helper()
	if _, err := db.Exec(t.Context(), d, sql, args...); err != nil {
		t.Fatal(err)
	}
}

func fill(t *testing.T, d *db.DB) {
	t.Helper()
	write(t, d, `INSERT INTO b_parent (id, child) VALUES ('p', 'c1')`)
	// The first points to the second, so no order of rows is right.
	write(t, d, `INSERT INTO b_child (id, parent) VALUES ('c2', 'p')`)
	write(t, d, `INSERT INTO b_child (id, parent, before) VALUES ('c1', 'p', 'c2')`)
	write(t, d, `UPDATE b_child SET before = 'c1' WHERE id = 'c2'`)
	write(t, d, `INSERT INTO b_kind (id, t, b, d, x) VALUES ($1, $2, $3, $4, $5)`, int64(1)<<62, "tab\t «è» 中 \\ \"q\"\nline", true, 0.1, []byte{0, 1, 255})
	write(t, d, `INSERT INTO b_kind (id, t, b, d, x) VALUES (-1, '', FALSE, -1e300, NULL)`)
	write(t, d, `INSERT INTO b_kind (id, t, b, d, x) VALUES (0, NULL, NULL, NULL, NULL)`)
	if d.Engine() == db.SQLite {
		write(t, d, `INSERT INTO b_own (id, at, body, flag) VALUES (7, '2026-01-02 03:04:05.678', $1, 1)`, []byte(`{"a":1}`))
		write(t, d, `INSERT INTO b_own (id, at, body, flag) VALUES (8, NULL, 'text in a blob', NULL)`)
	} else {
		write(t, d, `INSERT INTO b_own (id, at, body, tags, state, raw, small) VALUES (7, '2026-01-02 03:04:05.678901+00', '{"a": 1}', '{x,"y z"}', 'done', $1, 3)`, []byte{1, 0})
		write(t, d, `INSERT INTO b_own (id) VALUES (8)`)
	}
}

// dump writes every row of every table of ours as text.
func dump(t *testing.T, d *db.DB, tables ...string) string {
	t.Helper()
	var lines []string
	for _, table := range tables {
		var columns []string
		text := `SELECT name FROM pragma_table_info($1)`
		if d.Engine() == db.Postgres {
			text = `SELECT attname FROM pg_attribute WHERE attrelid = CAST($1 AS regclass) AND attnum > 0 ORDER BY attnum`
		}
		columns, err := db.Rows(t.Context(), d, db.Column[string], text, table)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range columns {
			values, err := db.Rows(t.Context(), d, db.Column[any], `SELECT `+c+` FROM `+table)
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, v := range values {
				if b, ok := v.([]byte); ok {
					v = string(b)
				}
				texts = append(texts, fmt.Sprintf("%v", v))
			}
			slices.Sort(texts)
			lines = append(lines, fmt.Sprintf("%s.%s %q", table, c, texts))
		}
	}
	return strings.Join(lines, "\n")
}

func identity(t *testing.T) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// back makes a backup in a file.
func back(t *testing.T, d *db.DB, files fs.FS, to age.Recipient) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "backup.age")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	source := backup.Source{DB: d, Files: files, Program: "test", Now: time.Now(), Keep: func(p string) bool { return p != "keys" }}
	if keys, ok := files.(fstest.MapFS); ok && keys["with"] != nil {
		source.Keys = fstest.MapFS{"a.key": {Data: []byte("k")}}
	}
	if _, _, err := backup.Write(t.Context(), source, file, to); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func empty(t *testing.T, engine db.Engine) *db.DB {
	t.Helper()
	if engine == db.SQLite {
		return dbtest.SQLite(t, fstest.MapFS{})
	}
	return dbtest.Postgres(t, fstest.MapFS{})
}

func restore(t *testing.T, path string, d *db.DB, schema fs.FS, dir string, id age.Identity) (backup.Result, error) {
	t.Helper()
	return backup.Restore(t.Context(), path, backup.Target{DB: d, Schema: schema, Files: dir, Keys: filepath.Join(dir, "restored-keys")}, id)
}

func TestThereAndBackOnBothEnginesAndAcross(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, schema(), func(t *testing.T, d *db.DB) {
		fill(t, d)
		id := identity(t)
		files := fstest.MapFS{
			"files/a.pdf":      {Data: []byte("content")},
			"keys/secret":      {Data: []byte("never")},
			"deep/er/file.txt": {Data: nil},
		}
		path := back(t, d, files, id.Recipient())
		for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
			to, dir := empty(t, engine), t.TempDir()
			result, err := restore(t, path, to, later(), dir, id)
			if err != nil {
				t.Fatal(engine, err)
			}
			tables := []string{"b_parent", "b_child", "b_kind"}
			if engine == d.Engine() {
				tables = append(tables, "b_own")
			}
			// A column that came later is not in the first.
			got := strings.ReplaceAll(dump(t, to, tables...), "\n"+`b_parent.extra ["later" "later"]`, "")
			if want := dump(t, d, tables...); engine == d.Engine() && got != want {
				t.Errorf("%s: restored\n%s\nwant\n%s", engine, got, want)
			}
			if n, err := db.Row(t.Context(), to, db.Column[string], `SELECT t FROM b_kind WHERE id = 4611686018427387904`); err != nil || n != "tab\t «è» 中 \\ \"q\"\nline" {
				t.Errorf("%s: %q, %v", engine, n, err)
			}
			if n, err := db.Row(t.Context(), to, db.Column[[]byte], `SELECT x FROM b_kind WHERE b AND d = 0.1`); err != nil || !bytes.Equal(n, []byte{0, 1, 255}) {
				t.Errorf("%s: %v, %v", engine, n, err)
			}
			if left := result.LeftOut["b_own"]; (left == 2) != (engine != d.Engine()) {
				t.Errorf("%s to %s left out %v", d.Engine(), engine, result.LeftOut)
			}
			if _, err := db.Exec(t.Context(), to, `INSERT INTO b_child (id, parent) VALUES ('x', 'nobody')`); !db.IsForeignKey(err) {
				t.Errorf("%s: references do not hold after the restore: %v", engine, err)
			}
			if engine == db.Postgres && d.Engine() == db.Postgres {
				write(t, to, `INSERT INTO b_own (state) VALUES ('new')`) // its number is not taken
			}
			if result.Files != 2 {
				t.Errorf("%d files", result.Files)
			}
			if content, err := os.ReadFile(filepath.Join(dir, "files", "a.pdf")); err != nil || string(content) != "content" {
				t.Errorf("%q, %v", content, err)
			}
			if _, err := os.Stat(filepath.Join(dir, "keys")); err == nil {
				t.Error("what must not be in a backup is there")
			}
			if _, err := restore(t, path, to, later(), dir, id); err == nil {
				t.Error("a backup was restored over another")
			}
		}
	})
}

func TestABackupIsOneMoment(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, schema(), func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(t.Context())
		var writing sync.WaitGroup
		for w := range 3 {
			writing.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					id := fmt.Sprint(w, "-", i)
					// Parent and child are one transaction, in tables that are read one after the other.
					err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
						if _, err := db.Exec(ctx, tx, `INSERT INTO b_parent (id, note) VALUES ($1, $2)`, id, strings.Repeat("x", 2000)); err != nil {
							return err
						}
						_, err := db.Exec(ctx, tx, `INSERT INTO b_child (id, parent) VALUES ($1, $1)`, id)
						return err
					})
					if err != nil && ctx.Err() == nil {
						t.Error(err)
						return
					}
				}
			})
		}
		id := identity(t)
		last := int64(0)
		for range 3 {
			for {
				n, err := db.Row(t.Context(), d, db.Column[int64], `SELECT count(*) FROM b_child`)
				if err != nil {
					t.Fatal(err)
				}
				if n >= last+100 {
					break
				}
			}
			to := empty(t, d.Engine())
			if _, err := restore(t, back(t, d, nil, id.Recipient()), to, schema(), t.TempDir(), id); err != nil {
				t.Fatal(err)
			}
			counts, err := db.Rows(t.Context(), to, db.Column[int64], `SELECT count(*) FROM b_parent WHERE id <> 'seed' UNION ALL SELECT count(*) FROM b_child`)
			if err != nil || counts[0] != counts[1] || counts[0] <= last {
				t.Errorf("parents and children: %v, %v", counts, err)
			}
			last = counts[0]
		}
		stop()
		writing.Wait()
	})
}

func TestADamagedBackupIsRefusedBeforeAnythingIsDone(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, schema())
	fill(t, d)
	for i := range 3000 {
		write(t, d, `INSERT INTO b_kind (id, t) VALUES ($1, $2)`, 10+i, strings.Repeat(db.NewID(), 3))
	}
	id := identity(t)
	whole, err := os.ReadFile(back(t, d, nil, id.Recipient()))
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 1
	for name, content := range map[string][]byte{
		"cut": whole[:len(whole)/2], "cut at its end": whole[:len(whole)-20], "a chunk cut": whole[:len(whole)-len(whole)%65536], "flipped": flipped, "empty": nil,
	} {
		path := filepath.Join(t.TempDir(), "b.age")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		to := empty(t, db.SQLite)
		if _, err := restore(t, path, to, schema(), t.TempDir(), id); err == nil {
			t.Errorf("%s: restored", name)
		}
		if pending, err := to.Pending(t.Context(), schema()); err != nil || len(pending) != 2 {
			t.Errorf("%s: something was done already: %v, %v", name, pending, err)
		}
	}
	path := filepath.Join(t.TempDir(), "b.age")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := restore(t, path, empty(t, db.SQLite), schema(), t.TempDir(), identity(t)); err == nil {
		t.Error("somebody else's key opens it")
	}
	if bytes.Contains(whole, []byte("«è»")) || bytes.Contains(whole, []byte("b_kind")) {
		t.Error("the backup is not encrypted")
	}
	older := fstest.MapFS{"0001_all.sql": schema()["0001_all.sql"]}
	if _, err := restore(t, path, empty(t, db.SQLite), older, t.TempDir(), id); err == nil || !strings.Contains(err.Error(), "0002_own") {
		t.Errorf("by a program that is older: %v", err)
	}
	if _, _, err := backup.Write(t.Context(), backup.Source{DB: d}, &bytes.Buffer{}); err == nil {
		t.Error("a backup was written in clear")
	}
}

func TestKeysAreInABackupWhenAskedFor(t *testing.T) {
	t.Parallel()
	d, id, dir := dbtest.SQLite(t, schema()), identity(t), t.TempDir()
	path := back(t, d, fstest.MapFS{"with": {Data: []byte("keys")}}, id.Recipient())
	if result, err := restore(t, path, empty(t, db.SQLite), schema(), dir, id); err != nil || result.Files != 2 {
		t.Fatalf("%+v, %v", result, err)
	}
	if key, err := os.ReadFile(filepath.Join(dir, "restored-keys", "a.key")); err != nil || string(key) != "k" {
		t.Errorf("%q, %v", key, err)
	}
}

// A disk that is full must not leave what looks like a backup.
func TestAWriterThatFails(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, schema())
	for i := range 2000 {
		write(t, d, `INSERT INTO b_kind (id, t) VALUES ($1, $2)`, i, strings.Repeat(db.NewID(), 5))
	}
	full := errors.New("no space left")
	_, _, err := backup.Write(t.Context(), backup.Source{DB: d, Now: time.Now()}, &limited{left: 5_000, err: full}, identity(t).Recipient())
	if !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
}

type limited struct {
	left int
	err  error
}

func (l *limited) Write(p []byte) (int, error) {
	if len(p) > l.left {
		return 0, l.err
	}
	l.left -= len(p)
	return len(p), nil
}
