// SPDX-License-Identifier: EUPL-1.2

package audit_test

import (
	"fmt"
	"testing"
	"time"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/migrations"
)

// told are the refusals of the log: who, how often, what, where.
func told(t *testing.T, d *db.DB) []string {
	t.Helper()
	list, err := audit.Select(t.Context(), d, "e.action = $1 ORDER BY e.at, e.account, e.changes, e.id", audit.ActionRefuse)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, e := range list {
		if e.Record != "" || e.Subject != "" || !e.Read {
			t.Errorf("%+v", e)
		}
		text := e.Actor.Account + "/" + e.Actor.Member + " " + e.Kind
		for _, c := range e.Changes {
			text += " " + c.Field + "=" + c.After
		}
		texts = append(texts, text)
	}
	return texts
}

func equal(t *testing.T, got []string, want ...string) {
	t.Helper()
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("the log says\n%q, want\n%q", got, want)
	}
}

// The first refusal of a kind is written at once, what follows is counted for an hour.
func TestRefusalsAreEvents(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
		r := audit.NewRefusals(d, func() time.Time { return at })
		anna := audit.Refusal{
			Actor:  audit.Actor{Account: "anna", Member: "m1", Roles: "translator", Session: "s", Address: "192.0.2.1", Via: audit.ViaPage},
			Action: "directory.service.edit", Kind: "Service", Route: "POST /{lang}/office/services/{id}",
		}
		write := func(all bool) {
			t.Helper()
			if err := r.Write(t.Context(), all); err != nil {
				t.Fatal(err)
			}
		}
		r.Note(anna)
		r.Note(anna)
		r.Note(audit.Refusal{Action: "directory.service.edit"}) // a stranger
		write(false)
		first := "anna/m1 Service times=2 asked=directory.service.edit route=POST /{lang}/office/services/{id}"
		equal(t, told(t, d), first)
		for range 500 {
			r.Note(anna)
		}
		at = at.Add(audit.RefusalHolds - time.Second)
		write(false)
		equal(t, told(t, d), first)
		at = at.Add(time.Second)
		write(false)
		second := "anna/m1 Service times=500 asked=directory.service.edit route=POST /{lang}/office/services/{id}"
		equal(t, told(t, d), first, second)
		r.Note(anna)
		at = at.Add(time.Minute)
		write(true) // the program ends
		third := "anna/m1 Service times=1 asked=directory.service.edit route=POST /{lang}/office/services/{id}"
		equal(t, told(t, d), first, second, third)
		at = at.Add(audit.RefusalHolds)
		write(false) // and now it is forgotten
		r.Note(anna)
		write(false)
		equal(t, told(t, d), first, second, third, third)
	})
}

// However many kinds somebody tries, and however many try, so much is written and no more.
func TestAFloodOfRefusalsFillsNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, migrations.FS)
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	r := audit.NewRefusals(d, func() time.Time { return at })
	for account := range 150 {
		for route := range 100 {
			r.Note(audit.Refusal{Actor: audit.Actor{Account: fmt.Sprintf("a%03d", account), Member: "m1"}, Action: "x.y.z", Route: fmt.Sprint(route)})
		}
	}
	if err := r.Write(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	texts := told(t, d)
	if len(texts) != audit.RefusalsTogether+1 {
		t.Fatalf("%d events", len(texts))
	}
	if !has(texts, "a000/m1  times=80") {
		t.Errorf("beyond %d kinds one account is not counted together: %q", audit.RefusalsOfOne, texts[:25])
	}
	if rest := 150*100 - 95*100 - 5; !has(texts, fmt.Sprintf("/  times=%d", rest)) {
		t.Errorf("what is beyond all bounds is not counted: %q", texts[:3])
	}
	r.Note(audit.Refusal{Actor: audit.Actor{Account: "a000", Member: "m1"}, Action: "x.y.z", Route: "0"})
	if err := r.Write(t.Context(), false); err != nil || len(told(t, d)) != len(texts) {
		t.Errorf("written again within the hour: %v", err)
	}
}

func has(list []string, text string) bool {
	for _, one := range list {
		if one == text {
			return true
		}
	}
	return false
}

// What can't be written now is written later, and is not counted twice.
func TestRefusalsWait(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, migrations.FS)
	r := audit.NewRefusals(d, time.Now)
	r.Note(audit.Refusal{Actor: audit.Actor{Account: "anna"}, Action: "x.y.z"})
	if _, err := db.Exec(t.Context(), d, `ALTER TABLE audit_event RENAME TO away`); err != nil {
		t.Fatal(err)
	}
	if err := r.Write(t.Context(), false); err == nil {
		t.Fatal("written where nothing is")
	}
	if _, err := db.Exec(t.Context(), d, `ALTER TABLE away RENAME TO audit_event`); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := r.Write(t.Context(), true); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, told(t, d), "anna/  times=1 asked=x.y.z")
}
