// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package app

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/base/audit"
)

// refusalsOf are the events about what was refused: who, and what they asked for.
func (r *running) refusalsOf(write bool) []string {
	r.t.Helper()
	if write {
		if err := r.app.refusals.Write(r.t.Context(), true); err != nil {
			r.t.Fatal(err)
		}
	}
	list, err := audit.Select(r.t.Context(), r.app.DB, "e.action = $1 ORDER BY e.id", audit.ActionRefuse)
	if err != nil {
		r.t.Fatal(err)
	}
	var texts []string
	for _, e := range list {
		text := e.Actor.Roles + " " + e.Kind
		if e.Actor.Account == "" || e.Actor.Member == "" || e.Actor.Session == "" || e.Actor.Address == "" {
			r.t.Errorf("an event does not say who: %+v", e)
		}
		for _, c := range e.Changes {
			text += " " + c.Field + "=" + c.After
		}
		texts = append(texts, text)
	}
	slices.Sort(texts)
	return texts
}

// What is refused to somebody who has logged in is an event, at the door and behind it; that something
// does not exist is none, nor what a stranger asks for. Nothing of it is written before the answer.
func TestWhatIsRefusedIsRecorded(t *testing.T) {
	t.Parallel()
	r := newDemo(t).run(t)
	service := r.first(`SELECT id FROM directory_service WHERE organization_id = $1 ORDER BY id LIMIT 1`, r.demo.bodies[1])
	for _, q := range []struct{ who, method, path string }{
		{"stranger", http.MethodGet, "/it/office/log"},                                                          // to the login
		{string(access.Translator), http.MethodGet, "/it/office/log"},                                           // the door
		{string(access.DirectoryEditor), http.MethodGet, "/it/office/services/" + service},                      // another body's
		{string(access.DirectoryEditor), http.MethodGet, "/it/office/services/" + service},                      // again
		{string(access.DirectoryEditor), http.MethodGet, "/it/office/services/none"},                            // there is none
		{string(access.BodyAdministrator), http.MethodPost, "/it/office/network/" + r.demo.bodies[1] + "/edit"}, // a change
	} {
		if a := r.Ask(q.who, accesstest.Request{Method: q.method, Path: q.path, Accept: "text/html", Form: url.Values{}}); a.Status != http.StatusNotFound && q.who != "stranger" {
			t.Fatalf("%s %s as %s: %d", q.method, q.path, q.who, a.Status)
		}
	}
	if early := r.refusalsOf(false); len(early) > 0 {
		t.Errorf("written before it was asked for: %q", early)
	}
	want := []string{
		"body-administrator Body times=1 asked=network.body.edit route=POST /{lang}/office/network/{id}/edit",
		"directory-editor Service times=2 asked=directory.service.read route=GET /{lang}/office/services/{id}",
		"translator  times=1 asked=audit.event.read route=GET /{lang}/office/log",
	}
	if got := r.refusalsOf(true); !slices.Equal(got, want) {
		t.Errorf("the log says\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
