// SPDX-License-Identifier: EUPL-1.2

package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/vault"
)

func folder(t *testing.T) *vault.Folder {
	t.Helper()
	f, err := vault.OpenFolder(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func open(t *testing.T, d *db.DB, kms vault.KMS) *vault.Vault {
	t.Helper()
	v, err := vault.New(t.Context(), d, kms, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func seal(t *testing.T, d *db.DB, v *vault.Vault, subject, column, plain string) []byte {
	t.Helper()
	var sealed []byte
	if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		sealed, err = v.Seal(ctx, tx, subject, column, []byte(plain))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return sealed
}

func destroy(t *testing.T, d *db.DB, v *vault.Vault, subject string) {
	t.Helper()
	if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return v.Destroy(ctx, tx, subject)
	}); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsSealedOpensInItsPlaceAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := open(t, d, folder(t))
		sealed := seal(t, d, v, "anna", "person.name", "Anna")
		if bytes.Contains(sealed, []byte("Anna")) {
			t.Error("the sealed value holds the clear one")
		}
		if again := seal(t, d, v, "anna", "person.name", "Anna"); bytes.Equal(again, sealed) {
			t.Error("the same value is sealed alike twice, so equal values can be told")
		}
		if plain, err := v.Open(t.Context(), d, "anna", "person.name", sealed); err != nil || string(plain) != "Anna" {
			t.Errorf("opened %q, %v", plain, err)
		}
		seal(t, d, v, "omar", "person.name", "Omar")
		flipped := bytes.Clone(sealed)
		flipped[len(flipped)-1] ^= 1
		otherForm := bytes.Clone(sealed)
		otherForm[0] = 9
		for name, c := range map[string]struct {
			subject, column string
			sealed          []byte
		}{
			"of another subject": {"omar", "person.name", sealed},
			"of another column":  {"anna", "person.birth", sealed},
			"flipped":            {"anna", "person.name", flipped},
			"cut":                {"anna", "person.name", sealed[:len(sealed)-4]},
			"empty":              {"anna", "person.name", nil},
			"of another form":    {"anna", "person.name", otherForm},
			"without any key":    {"nobody", "person.name", sealed},
		} {
			if plain, err := v.Open(t.Context(), d, c.subject, c.column, c.sealed); !errors.Is(err, vault.ErrDamaged) || plain != nil {
				t.Errorf("%s: %q, %v", name, plain, err)
			}
		}
		// A wrapped key moved to another subject's row opens nothing either.
		if _, err := db.Exec(t.Context(), d, `UPDATE vault_key SET wrapped = (SELECT wrapped FROM vault_key WHERE subject = 'omar') WHERE subject = 'anna'`); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Open(t.Context(), d, "anna", "person.name", sealed); !errors.Is(err, vault.ErrDamaged) {
			t.Errorf("with the key of another row: %v", err)
		}
	})
}

func TestDestroyedIsGoneForGood(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := open(t, d, folder(t))
		sealed := seal(t, d, v, "anna", "person.name", "Anna")
		destroy(t, d, v, "anna")
		destroy(t, d, v, "anna")
		destroy(t, d, v, "never seen")
		_, err := v.Open(t.Context(), d, "anna", "person.name", sealed)
		if !errors.Is(err, vault.ErrDestroyed) || !fault.Is(err, fault.KindNotFound) {
			t.Errorf("opened after destruction: %v", err)
		}
		for _, subject := range []string{"anna", "never seen"} {
			err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := v.Seal(ctx, tx, subject, "person.name", []byte("Anna"))
				return err
			})
			if !errors.Is(err, vault.ErrDestroyed) {
				t.Errorf("%s got a second key: %v", subject, err)
			}
		}
		left, err := db.Row(t.Context(), d, db.Column[int64], `SELECT count(*) FROM vault_key WHERE subject = 'anna' AND wrapped IS NOT NULL`)
		if err != nil || left != 0 {
			t.Errorf("the wrapped key is still there: %d, %v", left, err)
		}
	})
}

// A destroyed key must not lie about in the file either.
func TestSQLiteOverwritesDestroyedKeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d, err := db.Open(t.Context(), db.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Migrate(t.Context(), schema(t)); err != nil {
		t.Fatal(err)
	}
	v := open(t, d, folder(t))
	seal(t, d, v, "anna", "person.name", "Anna")
	wrapped, err := db.Row(t.Context(), d, db.Column[[]byte], `SELECT wrapped FROM vault_key WHERE subject = 'anna'`)
	if err != nil {
		t.Fatal(err)
	}
	destroy(t, d, v, "anna")
	if err := d.Close(); err != nil { // moves the journal into the file
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, wrapped) {
			t.Errorf("%s still holds the destroyed key", filepath.Base(name))
		}
	}
}

func TestTwoTransactionsMakeOneKey(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := open(t, d, folder(t))
		const n = 8
		sealed := make([][]byte, n)
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
					sealed[i], err = v.Seal(ctx, tx, "anna", "person.name", fmt.Append(nil, "Anna ", i))
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for i := range n {
			plain, err := v.Open(t.Context(), d, "anna", "person.name", sealed[i])
			if err != nil || string(plain) != fmt.Sprint("Anna ", i) {
				t.Errorf("%d: %q, %v", i, plain, err)
			}
		}
	})
}

func TestIndexesOfPurposesTellNothingOfOneAnother(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		keys := folder(t)
		v, again := open(t, d, keys), open(t, d, keys)
		a := v.Index("person.tax-code", "RSSMRA")
		if !bytes.Equal(a, again.Index("person.tax-code", "RSSMRA")) {
			t.Error("two nodes do not find the same")
		}
		if bytes.Equal(a, v.Index("person.phone", "RSSMRA")) || bytes.Equal(a, v.Index("person.tax-code", "RSSMRB")) {
			t.Error("another purpose or value has the same index")
		}
	})
	one, two := open(t, dbtest.SQLite(t, schema(t)), folder(t)), open(t, dbtest.SQLite(t, schema(t)), folder(t))
	if bytes.Equal(one.Index("p", "x"), two.Index("p", "x")) {
		t.Error("two installations have the same indexes")
	}
}

func TestADatabaseWithoutItsKeysIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		keys, elsewhere := folder(t), folder(t)
		open(t, d, keys)
		_, err := vault.New(t.Context(), d, elsewhere, time.Now)
		if !fault.Is(err, fault.KindUnavailable) {
			t.Errorf("opened under other keys: %v", err)
		}
		if list, err := elsewhere.Keys(); err != nil || len(list) != 0 {
			t.Errorf("a new key was made for a database that has others: %v, %v", list, err)
		}
		report, err := vault.Check(t.Context(), d, elsewhere)
		if err != nil || report.Sound() || len(report.Missing) != 1 {
			t.Errorf("check: %+v, %v", report, err)
		}
	})
}

func TestSealNeedsASubjectAndAColumn(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, schema(t))
	v := open(t, d, folder(t))
	for _, c := range [][2]string{{"", "c"}, {"s", ""}, {":index", "c"}} {
		err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := v.Seal(ctx, tx, c[0], c[1], nil)
			return err
		})
		if err == nil || strings.Contains(err.Error(), "Anna") {
			t.Errorf("%q: %v", c, err)
		}
		if c[1] != "" {
			err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return v.Destroy(ctx, tx, c[0]) })
			if err == nil {
				t.Errorf("the key of %q was destroyed", c[0])
			}
		}
	}
}
