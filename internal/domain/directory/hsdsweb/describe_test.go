// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package hsdsweb_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"approdo/internal/kit/db/dbtest"
	"approdo/migrations"
)

// TestDocumentHoldsTheStandard: every path, method and parameter of the standard is in ours.
func TestDocumentHoldsTheStandard(t *testing.T) {
	t.Parallel()
	a := serve(t, dbtest.SQLite(t, migrations.FS))
	ours := a.value("/hsds/openapi.json")
	theirs := readJSON(t, shared(t, "hsds", "openapi-3.1.3-derived.json"))
	paths, _ := at(theirs, "paths").(map[string]any)
	n := 0
	for path, item := range paths {
		for method, operation := range item.(map[string]any) {
			if method == "parameters" {
				continue
			}
			have := at(ours, "paths", path, method)
			if have == nil {
				t.Errorf("%s %s is not described", method, path)
			}
			names := " "
			list, _ := at(have, "parameters").([]any)
			for _, p := range list {
				names += at(p, "name").(string) + " "
			}
			wanted, _ := at(operation, "parameters").([]any)
			for _, p := range wanted {
				name, _ := at(p, "name").(string)
				if ref, ok := at(p, "$ref").(string); ok {
					name = ref[strings.LastIndexByte(ref, '/')+1:]
				}
				if n++; !strings.Contains(names, " "+name+" ") {
					t.Errorf("%s %s: no parameter %s among%s", method, path, name, names)
				}
			}
		}
	}
	if n < 50 {
		t.Errorf("only %d parameters were compared", n)
	}
}

// tryAnswersAreAsDescribed validates answers against the schemas of our own document.
func tryAnswersAreAsDescribed(t *testing.T, a api) {
	a.t = t
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("https://ours.example/openapi.json", a.value("/hsds/openapi.json")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ target, path string }{
		{"/hsds/", "~1"},
		{"/hsds/services?full=true", "~1services"},
		{"/hsds/services", "~1services"},
		{"/hsds/service_at_locations?full=true", "~1service_at_locations"},
		{"/hsds/organizations?full=true", "~1organizations"},
		{"/hsds/taxonomies", "~1taxonomies"},
		{"/hsds/taxonomy_terms", "~1taxonomy_terms"},
	} {
		schema, err := compiler.Compile("https://ours.example/openapi.json#/paths/" + c.path + "/get/responses/200/content/application~1json/schema")
		if err != nil {
			t.Fatal(c.path, err)
		}
		if err := schema.Validate(a.value(c.target)); err != nil {
			t.Errorf("%s is not as described: %v", c.target, err)
		}
	}
}

// tryExamplesWork: every address that the document offers to try answers.
func tryExamplesWork(t *testing.T, a api) {
	a.t = t
	tried := 0
	for _, op := range a.document.Operations() {
		if op.Try != "" {
			tried++
			if w := a.ask(http.MethodGet, "/hsds"+op.Try, ""); w.Code != http.StatusOK {
				t.Errorf("%s: %d", op.Try, w.Code)
			}
		}
	}
	if tried < 7 {
		t.Errorf("only %d examples", tried)
	}
}

// itoa keeps addresses in tests short.
func itoa(n int) string { return strconv.Itoa(n) }
