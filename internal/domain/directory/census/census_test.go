// SPDX-License-Identifier: EUPL-1.2

package census_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	places "approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
	"approdo/migrations"
)

var start = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

// office is a small network: two bodies, one with an office below it, and a service of each.
type office struct {
	*census.UseCases
	t       *testing.T
	db      *db.DB
	now     time.Time
	news    []census.News
	replies []census.Reply
	keys    map[string]bool // subjects with a key in the vault that the tests have
	queued  []string
}

func body(id, name, parent string) places.Organization {
	o := places.Organization{Kind: "third-sector"}
	o.ID, o.Name, o.ParentOrganizationID = id, name, parent
	return o
}

func service(id, body, name string) directory.Service {
	s := directory.Service{}
	s.ID, s.OrganizationID, s.Name, s.Status = id, body, name, directory.StatusActive
	s.Card.Language, s.Card.Needs = "it", []string{"food-and-meals"}
	return s
}

func open(t *testing.T, d *db.DB) *office {
	t.Helper()
	o := &office{t: t, db: d, now: start, keys: map[string]bool{}}
	clock := func() time.Time { return o.now }
	guard, err := access.New(clock, access.Base(), directory.Policy(), census.Policy())
	if err != nil {
		t.Fatal(err)
	}
	uses := directory.New(d, clock).Guarded(guard)
	if _, err := uses.Save(t.Context(), directory.Batch{
		Source:        "start",
		Organizations: []places.Organization{body("comune", "Comune di esempio", ""), body("ufficio", "Ufficio", "comune"), body("coop", "Cooperativa", "")},
		Services:      []directory.Service{service("s1", "comune", "Mensa"), service("s2", "ufficio", "Sportello"), service("s3", "coop", "Doposcuola")},
	}); err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{"comune", "coop"} { // the office below the comune has nobody
		if _, err := db.Exec(t.Context(), d, `INSERT INTO identity_account (id, email, email_key, name, language, handle, password, member, example, created_at) VALUES ($1, $2, $3, $4, 'it', $5, '', '', FALSE, 0)`, "editor-"+member, member, member, member, []byte(member)); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(t.Context(), d, `INSERT INTO identity_membership (id, account_id, member, role, from_at, granted_by) VALUES ($1, $2, $3, $4, 0, '')`, "m-"+member, "editor-"+member, member, string(access.DirectoryEditor)); err != nil {
			t.Fatal(err)
		}
	}
	photos, err := upload.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o.UseCases = census.New(census.Deps{
		DB: d, Directory: uses, Clock: clock, Guard: guard, Vault: o, Photos: photos, Key: []byte("secret of the tests"),
		Tell:   func(_ context.Context, _ *db.Tx, n census.News) error { o.news = append(o.news, n); return nil },
		Answer: func(_ context.Context, _ *db.Tx, r census.Reply) error { o.replies = append(o.replies, r); return nil },
	})
	return o
}

// Seal, Open and Destroy make a vault that one can look into: what is sealed is turned round.
func (o *office) Seal(_ context.Context, _ *db.Tx, subject, _ string, plain []byte) ([]byte, error) {
	o.keys[subject] = true
	turned := slices.Clone(plain)
	slices.Reverse(turned)
	return turned, nil
}

func (o *office) Open(_ context.Context, _ db.Querier, subject, _ string, sealed []byte) ([]byte, error) {
	if !o.keys[subject] {
		return nil, errors.New("the key was destroyed")
	}
	turned := slices.Clone(sealed)
	slices.Reverse(turned)
	return turned, nil
}

func (o *office) Destroy(_ context.Context, _ *db.Tx, subject string) error {
	delete(o.keys, subject)
	return nil
}

func editor(member string) access.Actor {
	return access.Actor{Account: "editor-" + member, Member: member, Roles: []access.Role{access.DirectoryEditor}, Via: audit.ViaPage}
}

func network() access.Actor {
	return access.Actor{Account: "admin", Member: "comune", Roles: []access.Role{access.NetworkAdministrator}, Via: audit.ViaPage}
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// say says something of an entry, and gives the link by which it is followed.
func (o *office) say(f directory.Feedback, contact string) string {
	o.t.Helper()
	link, err := o.Say(o.t.Context(), f, contact)
	o.must(err)
	return link
}

func (o *office) missing(what string, err error) {
	o.t.Helper()
	if !fault.Is(err, fault.KindNotFound) {
		o.t.Errorf("%s: %v, want nothing there", what, err)
	}
}

// events counts what the log holds of an action.
func (o *office) events(action string) int {
	o.t.Helper()
	n, err := db.Row(o.t.Context(), o.db, db.Column[int], `SELECT count(*) FROM audit_event WHERE action = $1`, action)
	o.must(err)
	return n
}

// schema is that of the program.
func schema() fs.FS { return migrations.FS }

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
