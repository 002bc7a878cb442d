// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/migrations"
)

// with gives the migrations of this version and one more: what a next version brings.
func with(t *testing.T, more ...string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(migrations.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = &fstest.MapFile{Data: data}
	}
	for i := 0; i+1 < len(more); i += 2 {
		all[more[i]] = &fstest.MapFile{Data: []byte(more[i+1])}
	}
	return all
}

// The next version adds a column and an index to a table that is read all the time, and one more
// table. The one after it takes away what only this version uses.
var (
	expands   = []string{"9001_expand.sql", "ALTER TABLE directory_entry ADD COLUMN next TEXT NOT NULL DEFAULT '';\nCREATE INDEX directory_entry_next ON directory_entry (next);\nCREATE TABLE directory_next (id TEXT PRIMARY KEY);"}
	contracts = []string{"9002_contract.sql", "-- contracts: 9001_expand\nDROP INDEX directory_entry_next;"}
)

// node is one node of an installation.
func node(t *testing.T, url, keys string, list fs.FS) (*App, http.Handler, error) {
	t.Helper()
	a, err := Open(t.Context(), Config{Data: t.TempDir(), Database: url, Keys: keys, Migrations: list})
	if err != nil {
		return nil, nil, err
	}
	t.Cleanup(func() { _ = a.Close() })
	site, _, err := a.Site(t.Context(), ServeConfig{Addr: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	return a, site, err
}

// Two nodes on one PostgreSQL are upgraded one after the other while people use them.
func TestRollingUpgrade(t *testing.T) {
	t.Parallel()
	url := dbtest.PostgresURL(t, fstest.MapFS{})
	keys := t.TempDir() // nodes share the keys and the database, and nothing else
	first, old, err := node(t, url, keys, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	write := func(a *App, name string) {
		t.Helper()
		o := network.Organization{Kind: "third-sector"}
		o.ID, o.Name, o.Description = "body", "Ente di prova", "Una prova."
		s := directory.Service{}
		s.ID, s.OrganizationID, s.Name, s.Status, s.Card.Language, s.Card.Needs = "service", o.ID, name, directory.StatusActive, "it", []string{"job-search"}
		outcome, err := a.Directory.Save(t.Context(), directory.Batch{Source: "test", Organizations: []network.Organization{o}, Services: []directory.Service{s}})
		if err != nil || !outcome.Changed() {
			t.Errorf("%s: nothing was written: %v, %v", name, outcome, err)
		}
	}
	write(first, "Prima di ogni cosa")
	var served, failed atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	var visitors sync.WaitGroup
	for range 3 {
		visitors.Go(func() {
			for ctx.Err() == nil {
				for _, path := range []string{"/it/", "/it/network", "/api/v1/services?limit=3", "/readyz"} {
					w := httptest.NewRecorder()
					old.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
					if served.Add(1); w.Code != http.StatusOK {
						failed.Add(1)
						t.Errorf("%s answers %d while the schema changes", path, w.Code)
						return
					}
				}
				// Visitors who never pause would take the processor from what they are to disturb.
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
	second, next, err := node(t, url, keys, with(t, expands...))
	if err != nil {
		t.Fatalf("the next version does not start beside this one: %v", err)
	}
	write(first, "Scritto dalla versione vecchia")
	write(second, "Scritto dalla versione nuova")
	// Each reads what the other has written.
	for name, site := range map[string]http.Handler{"this version": old, "the next version": next} {
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/hsds/services/service", nil))
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Scritto dalla versione nuova") {
			t.Errorf("%s answers %d: %.300s", name, w.Code, w.Body)
		}
	}
	// A node of this version that falls and rises again finds its place.
	if _, _, err := node(t, url, keys, migrations.FS); err != nil {
		t.Errorf("a node of this version does not start again beside the next one: %v", err)
	}
	stop()
	visitors.Wait()
	if served.Load() < 20 || failed.Load() > 0 {
		t.Errorf("%d requests, %d failed", served.Load(), failed.Load())
	}
	// When every node is of the next version, the one after may take away what this version used.
	if _, _, err := node(t, url, keys, with(t, append(expands, contracts...)...)); err != nil {
		t.Fatalf("the version after the next: %v", err)
	}
	if _, _, err := node(t, url, keys, with(t, expands...)); err != nil {
		t.Errorf("its neighbour: %v", err)
	}
	if _, _, err := node(t, url, keys, migrations.FS); !errors.Is(err, db.ErrNewer) {
		t.Errorf("this version, two behind, starts on a database that lacks what it uses: %v", err)
	}
}
