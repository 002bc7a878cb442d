// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"approdo/internal/app"
	"approdo/internal/base/register"
	"approdo/migrations"
)

// withoutPersons are the tables that hold nothing about persons, with what they hold.
var withoutPersons = map[string]string{
	"audit_lease": "which node numbers the log", "directory_body_origin": "fingerprints of bodies", "directory_dataset": "addresses of datasets",
	"directory_entry_site": "points of open places", "directory_entry_term": "terms of entries", "directory_feed": "one number",
	"directory_taxonomy": "terms", "directory_taxonomy_term": "terms", "directory_widget": "search boxes of bodies",
	"network_fund": "funds", "river_client": "work behind the page", "river_client_queue": "work behind the page", "river_job": "identifiers of what is to be done",
	"river_leader": "which node plans work", "river_migration": "the version of the queue", "river_queue": "names of queues",
}

var created = regexp.MustCompile(`(?i)CREATE TABLE (?:IF NOT EXISTS )?([a-z0-9_]+)`)
var dropped = regexp.MustCompile(`(?i)DROP TABLE (?:IF EXISTS )?([a-z0-9_]+)`)

// The register of processing says what the program really does: every table is named by a processing,
// or said here to hold nothing about persons. A new table without either fails.
func TestEveryTableIsInTheRegister(t *testing.T) {
	t.Parallel()
	tables := map[string]bool{}
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(migrations.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range created.FindAllSubmatch(text, -1) {
			tables[string(m[1])] = true
		}
		for _, m := range dropped.FindAllSubmatch(text, -1) {
			delete(tables, string(m[1]))
		}
	}
	if len(tables) < 40 {
		t.Fatalf("only %d tables were found", len(tables))
	}
	named := map[string]string{}
	for _, p := range app.Processings() {
		for _, table := range p.Tables {
			if !tables[table] {
				t.Errorf("%s names the table %s, which is not there", p.Code, table)
			}
			if other, twice := named[table]; twice {
				t.Errorf("%s and %s both name the table %s", p.Code, other, table)
			}
			named[table] = p.Code
		}
	}
	for table := range tables {
		_, nobody := withoutPersons[table]
		if _, is := named[table]; is == nobody {
			t.Errorf("the table %s: in a processing %t, said to hold nothing about persons %t", table, is, nobody)
		}
	}
	for table := range withoutPersons {
		if !tables[table] {
			t.Errorf("%s is not there any more", table)
		}
	}
}

// Every declaration says everything that art. 30 asks for, in both languages.
func TestDeclarationsAreWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range app.Processings() {
		if seen[p.Code] || !regexp.MustCompile(`^[a-z]+\.[a-z]+$`).MatchString(p.Code) || len(p.Tables) == 0 {
			t.Errorf("%q: the code is taken or wrong, or it has no tables", p.Code)
		}
		seen[p.Code] = true
		v := reflect.ValueOf(p)
		for i := range v.NumField() {
			if text, ok := v.Field(i).Interface().(register.Text); ok && (len(text.IT) < 5 || len(text.EN) < 5) {
				t.Errorf("%s: %s says nothing", p.Code, v.Type().Field(i).Name)
			}
		}
	}
	if len(seen) < 10 {
		t.Errorf("only %d processings", len(seen))
	}
}

// The accessibility statement leads to the form for feedback (art. 3-quater l. 4/2004).
func TestAccessibilityStatementLeadsToFeedback(t *testing.T) {
	t.Parallel()
	a, err := app.Open(t.Context(), app.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	site, _, err := a.Site(t.Context(), app.ServeConfig{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/ar/accessibility", nil))
	if !strings.Contains(w.Body.String(), `href="/ar/accessibility/feedback"`) {
		t.Error("the statement does not lead to the form")
	}
	w = httptest.NewRecorder()
	site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/ar/accessibility/feedback", nil))
	if w.Code != http.StatusOK {
		t.Errorf("the form: %d", w.Code)
	}
}
