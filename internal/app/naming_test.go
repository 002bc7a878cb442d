// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// The name of the network stands on the pages, in the manifest and on letters, from the next page on.
func TestTheSiteIsCalledAsTheNetworkIs(t *testing.T) {
	t.Parallel()
	a, err := Open(t.Context(), Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	site, _, err := a.Site(t.Context(), ServeConfig{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	page := func(path string) string {
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Body.String()
	}
	if text := page("/it/login/reset"); !strings.Contains(text, "<title>Password dimenticata · Approdo</title>") {
		t.Error("a network without a name is not called after the program")
	}
	boss := access.Actor{Account: "boss", Member: "m1", Roles: []access.Role{access.NetworkAdministrator}, Strong: true}
	for name, other := range map[string]access.Actor{
		"a stranger": {}, "a body's administrator": {Account: "x", Member: "m1", Roles: []access.Role{access.BodyAdministrator}, Strong: true},
		"one without second factor": {Account: "boss", Member: "m1", Roles: boss.Roles},
	} {
		if err := a.Identity.RenameNetwork(t.Context(), other, "", "Rete Altrui"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := a.Identity.RenameNetwork(t.Context(), boss, "", " Rete  di <Prova>"); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("a name that is none: %v", err)
	}
	if err := a.Identity.RenameNetwork(t.Context(), boss, "", " Rete  di Prova"); err != nil {
		t.Fatal(err)
	}
	if record, err := db.Row(t.Context(), a.DB, db.Column[string], `SELECT record FROM audit_event WHERE action = 'identity.network.rename'`); err != nil || record != "network" {
		t.Errorf("the log says %q of which record was renamed, %v", record, err)
	}
	if err := a.Identity.RenameNetwork(t.Context(), boss, "", "Rete di altri"); !fault.Is(err, fault.KindConflict) {
		t.Errorf("somebody who has not seen that it has changed: %v", err)
	}
	a.naming.Forget()
	if text := page("/it/login/reset"); !strings.Contains(text, "<title>Password dimenticata · Rete di Prova</title>") || !strings.Contains(text, `<span class="brand-name" dir="auto">Rete di Prova</span>`) ||
		!strings.Contains(text, "<strong>Approdo</strong>") || !strings.Contains(text, "Un servizio della rete: Rete di Prova") {
		t.Error("the page is not called after the network, or the footer not after the program")
	}
	if text := page("/manifest.webmanifest"); !strings.Contains(text, `"name":"Rete di Prova"`) {
		t.Errorf("the manifest: %s", text)
	}
	if carriers, err := a.carriers(ServeConfig{}); err != nil || carriers.Network(t.Context()) != "Rete di Prova" {
		t.Errorf("letters: %v", err)
	}
}

// A node that has not changed the name itself follows within two seconds, and keeps the old one while
// the database does not answer.
func TestOtherNodesFollowTheName(t *testing.T) {
	t.Parallel()
	now, name, reads := time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC), "Prima", 0
	var broken error
	n := newNaming(func(context.Context) (string, error) {
		reads++
		return name, broken
	}, func() time.Time { return now })
	says := func(want string, after int) {
		t.Helper()
		if got := n.Name(t.Context()); got != want || reads != after {
			t.Errorf("%q after %d reads, want %q after %d", got, reads, want, after)
		}
	}
	says("Prima", 1)
	name = "Seconda"
	says("Prima", 1)
	now = now.Add(nameHolds)
	says("Seconda", 2)
	now, broken = now.Add(nameHolds), errors.New("no database")
	says("Seconda", 3)
	says("Seconda", 3) // a database that is down is not asked by every page
	now, name, broken = now.Add(nameHolds), "", nil
	says("Approdo", 4)
}

// One page looks the name up; those that come meanwhile take the old one and don't wait. What was read
// before the name was changed here is looked up again.
func TestOnePageLooksForTheName(t *testing.T) {
	t.Parallel()
	began, goOn, name := make(chan struct{}), make(chan struct{}), "Prima"
	n := newNaming(func(ctx context.Context) (string, error) {
		if _, bounded := ctx.Deadline(); !bounded || ctx.Err() != nil {
			t.Error("the read has no end, or ends with its visitor")
		}
		was := name
		began <- struct{}{}
		<-goOn
		return was, nil
	}, time.Now)
	gone, leave := context.WithCancel(t.Context())
	leave()
	first := make(chan string)
	look := func() { first <- n.Name(gone) }
	go look()
	<-began
	if got := n.Name(t.Context()); got != "Approdo" {
		t.Errorf("a second page says %q", got)
	}
	name = "Seconda"
	n.Forget()
	goOn <- struct{}{}
	if got := <-first; got != "Prima" {
		t.Errorf("the first page says %q", got)
	}
	go look()
	<-began
	goOn <- struct{}{}
	if got := <-first; got != "Seconda" {
		t.Errorf("the page after the change says %q", got)
	}
}
