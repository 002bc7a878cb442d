// SPDX-License-Identifier: EUPL-1.2

package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"approdo/internal/kit/db"
	"approdo/migrations"
)

// Each runs fn as two parallel subtests, sqlite and postgres, on an empty database
// with the schema of the program.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachOf(t, migrations.FS, fn)
}

// EachEmpty is Each without any schema.
func EachEmpty(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachOf(t, fstest.MapFS{}, fn)
}

// EachOf is Each with the schema of these migrations.
func EachOf(t *testing.T, schema fs.FS, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, SQLite(t, schema))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, Postgres(t, schema))
	})
}

// SQLite opens a new database in the folder of the test.
func SQLite(t testing.TB, schema fs.FS) *db.DB {
	t.Helper()
	dir := t.TempDir()
	if err := copyTemplate(t.Context(), schema, dir); err != nil {
		t.Fatalf("dbtest: SQLite: %v", err)
	}
	return open(t, db.Config{Dir: dir})
}

// Postgres opens a new database that is dropped after the test.
func Postgres(t testing.TB, schema fs.FS) *db.DB {
	t.Helper()
	return open(t, db.Config{URL: PostgresURL(t, schema)})
}

// PostgresURL makes a new database that is dropped after the test and gives its
// address, for tests that open it themselves, as several nodes do.
func PostgresURL(t testing.TB, schema fs.FS) string {
	t.Helper()
	url, err := server()
	if err != nil {
		t.Fatalf("dbtest: this test needs PostgreSQL, run \"make test\": %v", err)
	}
	address, drop, err := clone(t.Context(), url, schema)
	if err != nil {
		t.Fatalf("dbtest: PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		// The context of the test has ended by now.
		if err := drop(context.Background()); err != nil {
			t.Errorf("dbtest: drop: %v", err)
		}
	})
	return address
}

func open(t testing.TB, c db.Config) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("dbtest: close: %v", err)
		}
	})
	return d
}

// once keeps what is made one time for each schema.
type once[T any] struct {
	mu   sync.Mutex
	made map[string]func() (T, error)
}

func (o *once[T]) get(key string, build func() (T, error)) (T, error) {
	o.mu.Lock()
	if o.made == nil {
		o.made = map[string]func() (T, error){}
	}
	made, ok := o.made[key]
	if !ok {
		made = sync.OnceValues(build)
		o.made[key] = made
	}
	o.mu.Unlock()
	return made()
}

var files once[[]byte]

// copyTemplate writes a SQLite file with the schema into dir.
func copyTemplate(ctx context.Context, schema fs.FS, dir string) error {
	key, err := fingerprint(schema)
	if err != nil {
		return err
	}
	content, err := files.get(key, func() ([]byte, error) { return sqliteTemplate(ctx, schema) })
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, db.SQLiteFile), content, 0o600)
}

func sqliteTemplate(ctx context.Context, schema fs.FS) ([]byte, error) {
	dir, err := os.MkdirTemp("", "approdo-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	d, err := db.Open(ctx, db.Config{Dir: dir})
	if err != nil {
		return nil, err
	}
	_, err = d.Migrate(ctx, schema)
	// Closing moves the WAL into the file.
	if closing := d.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, db.SQLiteFile)) // #nosec G304 -- made two lines above
}

// fingerprint tells one schema from another.
func fingerprint(schema fs.FS) (string, error) {
	names, err := fs.Glob(schema, "*.sql")
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, name := range names {
		text, err := fs.ReadFile(schema, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16], nil
}
