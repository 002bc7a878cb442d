// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
			known(t, a)
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
			if err := a.EraseAccount(t.Context(), app.Console, "anna@prova.example", "she asked"); err != nil {
				t.Fatal(err)
			}
			erase(t, a, "letter")
			erase(t, a, "feedback:said")
			if _, err := c.Ledger().Update(t.Context(), a.DB); err != nil {
				t.Fatal(err)
			}
			unknown(t, a, 1) // what rooms destroy they take away themselves; here the account alone
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

// known lets rooms keep in clear who somebody is: an account, an invitation, an emergency, preferences,
// what was sealed for a stranger.
func known(t *testing.T, a *app.App) {
	t.Helper()
	for _, text := range []string{
		`INSERT INTO identity_account (id, email, email_key, name, language, handle, password, member, example, created_at) VALUES
			('goes', 'Anna@prova.example', 'anna@prova.example', 'Anna Prova', 'it', $1, 'x', '', $2, 1),
			('boss', 'boss@prova.example', 'boss@prova.example', 'Boss', 'it', $3, 'x', '', $2, 1)`,
		`INSERT INTO identity_membership (id, account_id, member, role, from_at, granted_by) VALUES ('m', 'boss', 'b', 'network-administrator', 1, '')`,
		`INSERT INTO identity_link (id, kind, account_id, email, email_key, name, created_at, expires_at) VALUES ('l', 'invitation', '', 'Anna@prova.example', 'anna@prova.example', 'Anna Prova', 1, 2)`,
		`INSERT INTO access_relation (id, kind, account, member, type, object, since, giver, givermember, reason) VALUES ('r', 'emergency', 'goes', 'b', 'Case', 'c', 1, '', '', '')`,
		`INSERT INTO access_glass (id, relation, account, name, member, type, object, reason, at, until) VALUES ('g', 'r', 'goes', 'Anna Prova', 'b', 'Case', 'c', '', 1, 2)`,
		`INSERT INTO notice_quiet (account, enabled, start, finish, zone) VALUES ('goes', $2, 1, 2, 'Europe/Rome')`,
		`INSERT INTO notice_message (id, key, template, topic, account, member, language, urgent, sealed, made_at) VALUES ('letter', 'k', 'x', 'x', '', '', 'it', $2, $1, 1)`,
		`INSERT INTO directory_feedback (id, entry_id, kind, language, day, contact, contact_state) VALUES ('said', 'e', 'clear', 'it', '2026-01-01', $1, 'kept')`,
	} {
		args := []any{[]byte("anna"), false, []byte("boss")}
		var given []any
		for i, arg := range args { // each statement gets those it names, in their order
			if name := fmt.Sprint("$", i+1); strings.Contains(text, name) {
				given = append(given, arg)
				text = strings.ReplaceAll(text, name, fmt.Sprint("$", len(given)))
			}
		}
		if _, err := db.Exec(t.Context(), a.DB, text, given...); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}

// unknown looks whether anything of it is left in clear. some is 1 where the rooms of letters and
// feedback were not asked.
func unknown(t *testing.T, a *app.App, some int) {
	t.Helper()
	counts, err := db.Rows(t.Context(), a.DB, db.Column[int], `
		SELECT count(*) FROM identity_account WHERE id = 'goes' AND (name <> '' OR email LIKE '%nna%' OR email_key LIKE '%anna%' OR password <> '' OR closed_at IS NULL)
		UNION ALL SELECT count(*) FROM identity_link WHERE name <> '' OR email <> '' OR email_key <> '' OR ended_at IS NULL
		UNION ALL SELECT count(*) FROM access_glass WHERE name <> 'goes'
		UNION ALL SELECT count(*) FROM notice_quiet
		UNION ALL SELECT count(*) FROM notice_message WHERE sealed IS NOT NULL
		UNION ALL SELECT count(*) FROM directory_feedback WHERE contact IS NOT NULL OR contact_state = 'kept'
		UNION ALL SELECT 2 - count(*) FROM identity_account WHERE id IN ('goes', 'boss')
		UNION ALL SELECT count(*) FROM identity_account WHERE id = 'boss' AND (name = '' OR closed_at IS NOT NULL)`)
	if err != nil || !slices.Equal(counts, []int{0, 0, 0, 0, some, some, 0, 0}) {
		t.Errorf("left of an account, its invitation, its emergency, its preferences, a letter, a feedback; accounts gone; others taken: %v, %v", counts, err)
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
	if done.Erased != 3 || !done.LogWhole || done.Checkpoints == "" {
		t.Errorf("%+v", done)
	}
	a, err := app.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	unknown(t, a, 0)
	if plain, err := a.Vault.Open(t.Context(), a.DB, "stays", "drill.note", stays.sealed); err != nil || string(plain) != "note of stays" {
		t.Errorf("what should be there: %q, %v", plain, err)
	}
	if _, err := a.Vault.Open(t.Context(), a.DB, "goes", "drill.note", goes.sealed); !errors.Is(err, vault.ErrDestroyed) {
		t.Errorf("the erased is back: %v", err)
	}
	// Key and event are one transaction, so of each there are as many.
	counts, err := db.Rows(t.Context(), a.DB, db.Column[int64], `SELECT count(*) FROM audit_event WHERE action = 'drill.note.write'
		UNION ALL SELECT count(*) FROM vault_key WHERE subject NOT LIKE ':%' AND subject NOT IN ('letter', 'feedback:said')`)
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
	if r, err := app.VerifyLog(t.Context(), c, nil, ""); err != nil || !r.Whole() || r.Tail != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	// The checkpoints that were signed after the backup prove that something is lost.
	if r, err := app.VerifyLog(t.Context(), c, []string{done.Checkpoints}, ""); err != nil || r.Whole() {
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

// A room that seals something about somebody is asked when they are erased anew.
func TestEveryRoomThatSealsErases(t *testing.T) {
	t.Parallel()
	asked, err := os.ReadFile("erase.go")
	if err != nil {
		t.Fatal(err)
	}
	rooms := 0
	for _, root := range []string{"../base", "../domain"} {
		if err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path) // #nosec G304 -- our own source
			if err != nil || !strings.Contains(strings.ToLower(string(text)), "vault.seal(") {
				return err
			}
			rooms++
			room := filepath.Base(filepath.Dir(path))
			if !strings.Contains(strings.ToLower(string(asked)), "."+room+".erased,") {
				t.Errorf("%s seals, and App.erased does not ask package %s", path, room)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if rooms < 4 {
		t.Errorf("only %d files seal: this test looks at the wrong places", rooms)
	}
}
