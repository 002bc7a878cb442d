// SPDX-License-Identifier: EUPL-1.2

package vault_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/vault"
	"approdo/migrations"
)

// schema is that of the program; tests that open the database themselves need it.
func schema(t *testing.T) fs.FS {
	t.Helper()
	text, err := fs.ReadFile(migrations.FS, "0010_vault.sql")
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"0010_vault.sql": {Data: text}}
}

func TestRotationWhileEverythingRuns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		keys := folder(t)
		v := open(t, d, keys)
		first, err := keys.Current(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		const people = 250
		sealed := make([][]byte, people)
		for i := range people {
			sealed[i] = seal(t, d, v, fmt.Sprint("p", i), "person.name", fmt.Sprint("name ", i))
		}
		ctx, stop := context.WithCancel(t.Context())
		var readers sync.WaitGroup
		reads := make([]int, 3)
		for r := range reads {
			readers.Go(func() {
				for i := r; ctx.Err() == nil; i = (i + 7) % people {
					plain, err := v.Open(t.Context(), d, fmt.Sprint("p", i), "person.name", sealed[i])
					if err != nil || string(plain) != fmt.Sprint("name ", i) {
						t.Errorf("during the rotation: %q, %v", plain, err)
						return
					}
					reads[r]++
				}
			})
		}
		second, err := keys.Make(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Retire(t.Context(), keys, first); !errors.Is(err, vault.ErrInUse) {
			t.Errorf("a key that is in use was retired: %v", err)
		}
		fresh := seal(t, d, v, "new", "person.name", "somebody new")
		moved, err := v.RewrapAll(t.Context())
		if err != nil || moved != people+1 { // and the secret of the indexes
			t.Errorf("moved %d, %v", moved, err)
		}
		if err := v.Retire(t.Context(), keys, first); err != nil {
			t.Error(err)
		}
		if err := v.Retire(t.Context(), keys, second); !errors.Is(err, vault.ErrInUse) {
			t.Errorf("the key that wraps was retired: %v", err)
		}
		stop()
		readers.Wait()
		for r, n := range reads {
			if n == 0 {
				t.Errorf("reader %d read nothing", r)
			}
		}
		report, err := vault.Check(t.Context(), d, keys)
		if err != nil || !report.Sound() || report.Current != second || report.Wrapped[second] != people+2 || len(report.Wrapped) != 1 {
			t.Errorf("after the rotation: %+v, %v", report, err)
		}
		if plain, err := open(t, d, keys).Open(t.Context(), d, "new", "person.name", fresh); err != nil || string(plain) != "somebody new" {
			t.Errorf("after a restart: %q, %v", plain, err)
		}
	})
}

// Two nodes over one database and one folder seal and open without a pause while one of them makes a new
// key, moves everything under it and retires the old one.
func TestRotationOverTwoNodes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := t.TempDir()
		keys, err := vault.OpenFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		others, err := vault.OpenFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		nodes := []*vault.Vault{open(t, d, keys), open(t, d, others)}
		first, err := keys.Current(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		var working sync.WaitGroup
		done, began := make([]int, len(nodes)), make(chan struct{}, len(nodes))
		for n, mine := range nodes {
			working.Go(func() {
				other := nodes[1-n]
				for i := 0; ctx.Err() == nil; i++ {
					subject, text := fmt.Sprint("n", n, "-", i), fmt.Sprint("what node ", n, " was told ", i)
					sealed, err := sealNow(t.Context(), d, mine, subject, text)
					if err != nil {
						t.Errorf("sealed by node %d: %v", n, err)
						return
					}
					if plain, err := other.Open(t.Context(), d, subject, "person.name", sealed); err != nil || string(plain) != text {
						t.Errorf("opened by the other: %q, %v", plain, err)
						return
					}
					if done[n]++; done[n] == 3 {
						began <- struct{}{}
					}
					time.Sleep(time.Millisecond)
				}
				if done[n] < 3 {
					began <- struct{}{}
				}
			})
		}
		for range nodes {
			<-began
		}
		second, err := keys.Make(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// What the other node seals under the old key meanwhile is moved by the next round.
		for retired := errors.New("not yet"); retired != nil; {
			if _, err := nodes[0].RewrapAll(t.Context()); err != nil {
				t.Fatal(err)
			}
			if retired = nodes[0].Retire(t.Context(), keys, first); retired != nil && !errors.Is(retired, vault.ErrInUse) {
				t.Fatal(retired)
			}
		}
		stop()
		working.Wait()
		report, err := vault.Check(t.Context(), d, keys)
		if err != nil || !report.Sound() || report.Current != second {
			t.Errorf("after the rotation: %+v, %v", report, err)
		}
	})
}

// sealNow seals in a transaction of its own; it may be called beside others.
func sealNow(ctx context.Context, d *db.DB, v *vault.Vault, subject, text string) (sealed []byte, err error) {
	err = d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		sealed, err = v.Seal(ctx, tx, subject, "person.name", []byte(text))
		return err
	})
	return sealed, err
}

func TestRewrapLeavesTheDestroyedAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		keys := folder(t)
		v := open(t, d, keys)
		sealed := seal(t, d, v, "anna", "person.name", "Anna")
		destroy(t, d, v, "anna")
		if _, err := keys.Make(t.Context()); err != nil {
			t.Fatal(err)
		}
		if moved, err := v.RewrapAll(t.Context()); err != nil || moved != 1 {
			t.Errorf("moved %d, %v; want the secret of the indexes alone", moved, err)
		}
		if _, err := v.Open(t.Context(), d, "anna", "person.name", sealed); !errors.Is(err, vault.ErrDestroyed) {
			t.Errorf("back after the rotation: %v", err)
		}
	})
}

func TestAStagedKeyOpensAndDoesNotWrap(t *testing.T) {
	t.Parallel()
	keys := folder(t)
	first, err := keys.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	staged, err := keys.Stage()
	if err != nil {
		t.Fatal(err)
	}
	if id, _, err := keys.Wrap(t.Context(), []byte("x"), nil); err != nil || id != first {
		t.Errorf("wrapped by %s, %v", id, err)
	}
	if err := keys.Use("0009-00000000"); !errors.Is(err, vault.ErrNoKey) {
		t.Errorf("a key that is not there: %v", err)
	}
	if err := keys.Use(staged); err != nil {
		t.Fatal(err)
	}
	if id, _, err := keys.Wrap(t.Context(), []byte("x"), nil); err != nil || id != staged {
		t.Errorf("wrapped by %s, %v", id, err)
	}
}

// Two programs over one folder: what one adds the other uses, without a restart.
func TestAnotherNodeSeesANewKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, err := vault.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	two, err := vault.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := one.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	id, wrapped, err := one.Wrap(t.Context(), []byte("secret"), []byte("place"))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := two.Unwrap(t.Context(), id, wrapped, []byte("place")); err != nil || string(plain) != "secret" {
		t.Errorf("%q, %v", plain, err)
	}
	if _, err := two.Unwrap(t.Context(), id, wrapped, []byte("another place")); !errors.Is(err, vault.ErrDamaged) {
		t.Errorf("in another place: %v", err)
	}
}

func TestTheFolderIsForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	f, err := vault.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 1 {
		t.Fatalf("%v, %v", names, err)
	}
	info, err := names[0].Info()
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%s has mode %v, %v", names[0].Name(), info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, "vault-0002-00000000.key"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.OpenFolder(dir); err == nil {
		t.Error("a broken key was taken")
	}
}

func TestTheLedgerBringsErasuresBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		keys := folder(t)
		v := open(t, d, keys)
		ledger := vault.NewLedger(filepath.Join(t.TempDir(), "out", "erasures.jsonl"))
		sealed := seal(t, d, v, "anna", "person.name", "Anna")
		kept := seal(t, d, v, "omar", "person.name", "Omar")
		before, err := db.Row(t.Context(), d, db.Column[[]byte], `SELECT wrapped FROM vault_key WHERE subject = 'anna'`)
		if err != nil {
			t.Fatal(err)
		}
		wrapping, err := db.Row(t.Context(), d, db.Column[string], `SELECT wrapping FROM vault_key WHERE subject = 'anna'`)
		if err != nil {
			t.Fatal(err)
		}
		destroy(t, d, v, "anna")
		for want := 1; want >= 0; want-- { // the second time there is nothing new
			if n, err := ledger.Update(t.Context(), d); err != nil || n != want {
				t.Fatalf("wrote %d, %v; want %d", n, err, want)
			}
		}
		// An old copy is put back: the key of the erased is there again.
		if _, err := db.Exec(t.Context(), d, `UPDATE vault_key SET wrapped = $1, wrapping = $2, destroyed_at = NULL WHERE subject = 'anna'`, before, wrapping); err != nil {
			t.Fatal(err)
		}
		if plain, err := v.Open(t.Context(), d, "anna", "person.name", sealed); err != nil || string(plain) != "Anna" {
			t.Fatalf("the copy does not bring back what was erased, so this test shows nothing: %v", err)
		}
		var erased []string
		n, err := v.Replay(t.Context(), ledger, func(_ context.Context, _ *db.Tx, subject string) error {
			erased = append(erased, subject)
			return nil
		})
		if err != nil || n != 1 || len(erased) != 1 || erased[0] != "anna" {
			t.Errorf("replayed %d, %v, %v", n, erased, err)
		}
		if _, err := v.Open(t.Context(), d, "anna", "person.name", sealed); !errors.Is(err, vault.ErrDestroyed) {
			t.Errorf("the erased is readable again: %v", err)
		}
		if plain, err := v.Open(t.Context(), d, "omar", "person.name", kept); err != nil || string(plain) != "Omar" {
			t.Errorf("somebody else was erased too: %v", err)
		}
	})
}

func TestTheLedgerFollows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := open(t, d, folder(t))
		ledger := vault.NewLedger(filepath.Join(t.TempDir(), "erasures.jsonl"))
		ctx, stop := context.WithCancel(t.Context())
		var following sync.WaitGroup
		following.Go(func() {
			ledger.Follow(ctx, d, 10*time.Millisecond, func(err error) { t.Error(err) })
		})
		for _, subject := range []string{"a", "b", "c"} {
			destroy(t, d, v, subject)
		}
		deadline := time.Now().Add(10 * time.Second)
		for list, err := ledger.Read(); len(list) < 3; list, err = ledger.Read() {
			if err != nil || time.Now().After(deadline) {
				t.Fatalf("the ledger has %v, %v", list, err)
			}
			time.Sleep(10 * time.Millisecond)
		}
		stop()
		following.Wait()
	})
}
