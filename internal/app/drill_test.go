// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"filippo.io/age"

	"approdo/internal/app"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/vault"
)

// place is where an installation lies.
func place(t *testing.T, engine db.Engine) app.Config {
	t.Helper()
	c := app.Config{Data: t.TempDir()}
	if engine == db.Postgres {
		c.Database = dbtest.PostgresURL(t, fstest.MapFS{})
	}
	return c
}

// told is one thing that somebody was told to be kept: sealed, and recorded in the log.
type told struct {
	subject string
	sealed  []byte
}

// tell seals something under a subject and records it, in one transaction.
func tell(ctx context.Context, a *app.App, subject string) (one told, err error) {
	err = a.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		one.subject = subject
		if one.sealed, err = a.Vault.Seal(ctx, tx, subject, "drill.note", []byte("note of "+subject)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, time.Now(), audit.Event{Action: "drill.note.write", Kind: "note", Record: subject, Subject: subject})
	})
	return one, err
}

func erase(t *testing.T, a *app.App, subject string) {
	t.Helper()
	if err := a.DB.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return a.Vault.Destroy(ctx, tx, subject)
	}); err != nil {
		t.Fatal(err)
	}
}

// The drill: a backup while people work, erasures and work after it, and a restore elsewhere, on the
// same engine and on the other.
func TestDrill(t *testing.T) {
	t.Parallel()
	for _, from := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(from), func(t *testing.T) {
			t.Parallel()
			c := place(t, from)
			a, err := app.Open(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = a.Close() }()
			if err := os.MkdirAll(filepath.Join(c.Data, "files"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(c.Data, "files", "agreement.pdf"), []byte("signed"), 0o600); err != nil {
				t.Fatal(err)
			}
			stays, err := tell(t.Context(), a, "stays")
			if err != nil {
				t.Fatal(err)
			}
			goes, err := tell(t.Context(), a, "goes")
			if err != nil {
				t.Fatal(err)
			}
			identity, err := age.GenerateX25519Identity()
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "drill.age")
			underLoad(t, a, func() {
				if _, err := a.SealLog(t.Context()); err != nil {
					t.Error(err)
				}
				m, end, err := app.Backup(t.Context(), c, app.BackupRequest{Out: file, Recipients: []age.Recipient{identity.Recipient()}})
				if err != nil || len(m.Tables) < 20 || end.Rows["vault_key"] < 3 || end.Files == 0 {
					t.Errorf("%+v, %+v, %v", m, end, err)
				}
			})
			// After the backup somebody is erased, the ledger hears of it, and work goes on.
			erase(t, a, "goes")
			if _, err := c.Ledger().Update(t.Context(), a.DB); err != nil {
				t.Fatal(err)
			}
			if _, err := tell(t.Context(), a, "later"); err != nil {
				t.Fatal(err)
			}
			if _, err := a.SealLog(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, to := range []db.Engine{db.SQLite, db.Postgres} {
				elsewhere := place(t, to)
				elsewhere.Keys = copyKeys(t, c.KeysDir())
				drillRestore(t, elsewhere, file, identity, stays, goes)
			}
		})
	}
}

// underLoad runs do while four people write without a break. They leave the machine to others for a
// moment after each write: how long the drill takes must not depend on what else runs.
func underLoad(t *testing.T, a *app.App, do func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var people sync.WaitGroup
	began := make(chan struct{}, 4)
	for p := range 4 {
		people.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if _, err := tell(ctx, a, fmt.Sprint("p", p, "-", i)); err != nil && ctx.Err() == nil && !fault.Is(err, fault.KindUnavailable) {
					t.Error(err)
				}
				if i == 5 {
					began <- struct{}{}
				}
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	for range 4 {
		<-began
	}
	do()
	stop()
	people.Wait()
}

func copyKeys(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "keys")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func drillRestore(t *testing.T, c app.Config, file string, identity age.Identity, stays, goes told) {
	t.Helper()
	done, err := app.Restore(t.Context(), c, app.RestoreRequest{File: file, Identities: []age.Identity{identity}, Reason: "drill"})
	if err != nil {
		t.Fatal(err)
	}
	if done.Erased != 1 || !done.LogWhole || done.Checkpoints == "" {
		t.Errorf("%+v", done)
	}
	a, err := app.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	if plain, err := a.Vault.Open(t.Context(), a.DB, "stays", "drill.note", stays.sealed); err != nil || string(plain) != "note of stays" {
		t.Errorf("what should be there: %q, %v", plain, err)
	}
	if _, err := a.Vault.Open(t.Context(), a.DB, "goes", "drill.note", goes.sealed); !errors.Is(err, vault.ErrDestroyed) {
		t.Errorf("the erased is back: %v", err)
	}
	// Key and event are one transaction, so of each there are as many.
	counts, err := db.Rows(t.Context(), a.DB, db.Column[int64], `SELECT count(*) FROM audit_event WHERE action = 'drill.note.write'
		UNION ALL SELECT count(*) FROM vault_key WHERE subject NOT LIKE ':%'`)
	if err != nil || counts[0] != counts[1] || counts[0] < 3 {
		t.Errorf("events and keys: %v, %v", counts, err)
	}
	if content, err := os.ReadFile(filepath.Join(c.Data, "files", "agreement.pdf")); err != nil || string(content) != "signed" {
		t.Errorf("%q, %v", content, err)
	}
	// The log goes on, and is whole.
	if _, err := a.SealLog(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r, err := app.VerifyLog(t.Context(), c, nil); err != nil || !r.Whole() || r.Tail != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	// The checkpoints that were signed after the backup prove that something is lost.
	if r, err := app.VerifyLog(t.Context(), c, []string{done.Checkpoints}); err != nil || r.Whole() {
		t.Errorf("the loss can't be seen: %+v, %v", r, err)
	}
	if _, err := app.Restore(t.Context(), c, app.RestoreRequest{File: file, Identities: []age.Identity{identity}, Reason: "drill"}); err == nil {
		t.Error("restored over an installation that is there")
	}
}

func TestReplace(t *testing.T) {
	t.Parallel()
	c := place(t, db.SQLite)
	a, err := app.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tell(t.Context(), a, "goes"); err != nil {
		t.Fatal(err)
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "b.age")
	if _, _, err := app.Backup(t.Context(), c, app.BackupRequest{Out: file, Recipients: []age.Recipient{identity.Recipient()}}); err != nil {
		t.Fatal(err)
	}
	// Erased after the backup, and no program had the time to write it into the ledger.
	erase(t, a, "goes")
	for _, name := range []string{"search.snapshot"} {
		if err := os.WriteFile(filepath.Join(c.Data, name), []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	request := app.RestoreRequest{File: file, Identities: []age.Identity{identity}, Replace: true, Reason: "drill"}
	if _, err := app.Restore(t.Context(), c, request); !fault.Is(err, fault.KindConflict) {
		t.Errorf("replaced under a program that runs: %v", err)
	}
	if _, err := tell(t.Context(), a, "works"); err != nil {
		t.Errorf("the program that runs was disturbed: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	done, err := app.Restore(t.Context(), c, request)
	if err != nil || done.Erased != 1 || done.Aside == "" {
		t.Fatalf("%+v, %v", done, err)
	}
	if _, err := os.Stat(filepath.Join(c.Data, "search.snapshot")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the index of before is still there: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(c.Data, ".restore-*")); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
	if checks := app.Examine(t.Context(), c); len(checks) < 8 {
		t.Errorf("%+v", checks)
	} else {
		for _, k := range checks {
			if !k.OK {
				t.Errorf("%+v", k)
			}
		}
	}
}
