// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"approdo/internal/app/home"
	"approdo/internal/base/access"
	"approdo/internal/base/audit"
)

// What the menu and the home offer must be there, for exactly those who see it.
func TestOfficeLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	a, err := Open(t.Context(), Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	finder, err := a.Finder(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rs, err := a.routes(t.Context(), ServeConfig{Log: slog.New(slog.DiscardHandler)}, finder)
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]string{}
	for _, route := range rs.List() {
		if route.Method == "GET" {
			rules[route.Pattern] = route.Rule.Action()
		}
	}
	words, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	check := func(key, path, action string) {
		path, _, _ = strings.Cut(path, "?")
		rule, ok := rules[path]
		if !ok {
			t.Errorf("%s leads to %s, where nothing is", key, path)
		}
		for _, role := range access.Roles {
			who := access.Actor{Account: "a", Member: "m", Roles: []access.Role{role}, Strong: true, SteppedUp: time.Now(), Via: audit.ViaPage}
			if (action == "" || a.Guard.May(who, action)) && rule != "" && !a.Guard.May(who, rule) {
				t.Errorf("%s shows to a %s, to whom %s is closed", key, role, path)
			}
		}
		if !words.Words("it").Has(key) {
			t.Errorf("%s has no words", key)
		}
	}
	for _, item := range a.desk.menu {
		check(item.Key, item.Path, item.Action)
	}
	for _, task := range home.Tasks {
		check(task.Key, task.Path, task.Action)
	}
}
