// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

func TestOpenRefusesAnAddressItCannotRead(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"mysql://u:secret@h/d", "secret", "postgres://u:secret@h:port/d"} {
		_, err := db.Open(t.Context(), db.Config{Dir: t.TempDir(), URL: address})
		if !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", address, err)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
	if _, err := db.Open(t.Context(), db.Config{}); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("no folder: %v", err)
	}
}

func TestAServerThatDoesNotAnswerIsUnavailable(t *testing.T) {
	t.Parallel()
	_, err := db.Open(t.Context(), db.Config{URL: "postgres://nobody@/none?host=" + t.TempDir()})
	if !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("got %v", err)
	}
}

// TestCollationIsAsserted: a database that sorts by the rules of a language gets an
// error that says how to make the right one.
func TestCollationIsAsserted(t *testing.T) {
	t.Parallel()
	right := dbtest.PostgresURL(t, fstest.MapFS{})
	conn, err := pgx.Connect(t.Context(), right)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for name, create := range map[string]string{
		"icu":    "LOCALE_PROVIDER icu ICU_LOCALE 'it' LOCALE 'C' ENCODING 'UTF8'",
		"latin1": "LOCALE 'C' ENCODING 'LATIN1'",
	} {
		database := conn.Config().Database + "_" + name
		if _, err := conn.Exec(t.Context(), "CREATE DATABASE "+database+" TEMPLATE template0 "+create); err != nil {
			t.Fatal(err)
		}
		address, err := url.Parse(right)
		if err != nil {
			t.Fatal(err)
		}
		address.Path = "/" + database
		_, err = db.Open(t.Context(), db.Config{URL: address.String()})
		if err == nil || !strings.Contains(err.Error(), "createdb -T template0 --locale=C --encoding=UTF8 approdo") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := conn.Exec(t.Context(), "DROP DATABASE "+database); err != nil {
			t.Error(err)
		}
	}
}

func TestTheDataFolderIsPrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "folder with ? and #")
	d, err := db.Open(t.Context(), db.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := db.Exec(t.Context(), d, `CREATE TABLE x_y (id TEXT)`); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{".": 0o700, db.SQLiteFile: 0o600, db.SQLiteFile + "-wal": 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		} else if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
}

func TestTwoProgramsShareAFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var open [2]*db.DB
	for i := range open {
		d, err := db.Open(t.Context(), db.Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		open[i] = d
	}
	if _, err := db.Exec(t.Context(), open[0], `CREATE TABLE x_n (n BIGINT)`); err != nil {
		t.Fatal(err)
	}
	const each = 100
	errs := make(chan error, len(open))
	for _, d := range open {
		go func() {
			for range each {
				// Reading first: a transaction that took its write lock only afterwards
				// would find its snapshot out of date.
				err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
					n, err := db.Row(ctx, tx, db.Column[int64], `SELECT count(*) FROM x_n`)
					if err != nil {
						return err
					}
					_, err = db.Exec(ctx, tx, `INSERT INTO x_n (n) VALUES ($1)`, n)
					return err
				})
				if err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range open {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	n, err := db.Row(t.Context(), open[0], db.Column[int64], `SELECT count(DISTINCT n) FROM x_n`)
	if err != nil || n != 2*each {
		t.Errorf("%d different numbers, %v; want %d", n, err, 2*each)
	}
}

func TestVersionAndStats(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		version, err := d.Version(t.Context())
		if err != nil || !strings.Contains(version, ".") && d.Engine() == db.SQLite {
			t.Errorf("version %q, %v", version, err)
		}
		if _, err := db.Exec(t.Context(), d, `DELETE FROM shop_item`); err != nil {
			t.Fatal(err)
		}
		if s := d.Stats(); s.Engine != d.Engine() || s.Commits != 1 || s.Retries != 0 {
			t.Errorf("stats %+v", s)
		}
		if err := d.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
