// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"approdo/internal/app"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/hsds"
	"approdo/migrations"
)

// TestKillDuringImport kills imports at random moments. Afterwards the directory holds a version
// of the dataset as a whole, and never an older one than the last that an import said was done.
func TestKillDuringImport(t *testing.T) {
	t.Parallel()
	killImports(t, 5)
}

func killImports(t *testing.T, rounds int) {
	for engine, url := range map[string]string{"sqlite": "", "postgres": dbtest.PostgresURL(t, migrations.FS)} {
		t.Run(engine, func(t *testing.T) { killImportsInto(t, url, rounds) })
	}
}

func killImportsInto(t *testing.T, url string, rounds int) {
	t.Parallel()
	dir := t.TempDir()
	where := []string{"--data", dir}
	if url != "" {
		where = append(where, "--database", url)
	}
	done, whole := 0, time.Duration(0)
	for version := 1; version <= rounds; version++ {
		file := writeDataset(t, version)
		if version == 1 {
			began := time.Now()
			if r := run(t, where, "import", "directory", file, "--source", "killed"); r.code != 0 {
				t.Fatalf("import: %+v", r)
			}
			whole, done = time.Since(began), version
			continue
		}
		ctx, cancel := context.WithCancel(context.Background())
		c := program(ctx, t, where, "import", "directory", file, "--source", "killed")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Duration(rand.Int64N(int64(whole*5/4))), cancel)
		if c.Wait() == nil {
			done = version
		}
		cancel()
		checkWhole(t, dir, url, done, version)
	}
}

const servicesOfDataset = 1500

// writeDataset makes a file of services that all carry the number of their version.
func writeDataset(t *testing.T, version int) string {
	t.Helper()
	list := make([]hsds.Service, servicesOfDataset)
	for i := range list {
		s := &list[i]
		s.ID = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
		s.Name, s.Status = fmt.Sprintf("Servizio %d", i), "active"
		s.Description = fmt.Sprintf("versione %d", version)
		o := &hsds.Organization{}
		o.ID, o.Name, o.Description = fmt.Sprintf("00000000-0000-4000-9000-%012d", i%50), fmt.Sprintf("Ente %d", i%50), "esempio"
		s.OrganizationID, s.Organization = o.ID, o
	}
	text, err := json.Marshal(map[string]any{"contents": list})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "services.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func checkWhole(t *testing.T, dir, url string, least, most int) {
	t.Helper()
	ctx := context.Background()
	a, err := app.Open(ctx, app.Config{Data: dir, Database: url})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	versions, entries := map[string]int{}, 0
	if err := a.Directory.Walk(ctx, func(e directory.Entry) error {
		versions[e.Description]++
		entries++
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if entries != servicesOfDataset || len(versions) != 1 {
		t.Fatalf("half of an import is there: %d entries, %v", entries, versions)
	}
	for v := least; v <= most; v++ {
		if versions[fmt.Sprintf("versione %d", v)] == servicesOfDataset {
			return
		}
	}
	t.Fatalf("an import that was acknowledged is lost: %v, want version %d or later", versions, least)
}
