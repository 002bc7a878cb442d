// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package hsdsweb_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// standard compiles the schemas of the standard, with formats asserted.
type standard struct {
	mu       sync.Mutex // compiling is not safe for several tests at once
	compiler *jsonschema.Compiler
}

const schemaBase = "https://hsds.example/3.1/"

var (
	theStandard *standard
	readItOnce  sync.Once
)

// readStandard gives the schemas, which are compiled once for all tests.
func readStandard(t *testing.T) *standard {
	t.Helper()
	readItOnce.Do(func() { theStandard = compileStandard(t) })
	if theStandard == nil {
		t.Fatal("the schemas of the standard can't be read")
	}
	return theStandard
}

func compileStandard(t *testing.T) *standard {
	t.Helper()
	s := &standard{compiler: jsonschema.NewCompiler()}
	s.compiler.DefaultDraft(jsonschema.Draft2020)
	s.compiler.AssertFormat()
	files, err := filepath.Glob(shared(t, "hsds", "3.1", "*.json"))
	if err != nil || len(files) < 20 {
		t.Fatalf("schemas: %v, %v", files, err)
	}
	for _, file := range files {
		s.add(t, schemaBase+filepath.Base(file), readJSON(t, file))
	}
	page := readJSON(t, shared(t, "hsds", "openapi-3.1.3-derived.json")).(map[string]any)
	s.add(t, schemaBase+"page", at(page, "components", "schemas", "Page"))
	s.add(t, schemaBase+"base", at(page, "paths", "/", "get", "responses", "200", "content", "application/json", "schema"))
	for _, entity := range []string{"service", "service_at_location", "organization", "taxonomy", "taxonomy_term"} {
		s.add(t, schemaBase+entity+"_page", map[string]any{
			"allOf":      []any{map[string]any{"$ref": "page"}},
			"required":   []any{"total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents"},
			"properties": map[string]any{"contents": map[string]any{"type": "array", "items": map[string]any{"$ref": entity + "_with"}}},
		})
		// What the compiled schemas add: the service of a place, the services of a body.
		s.add(t, schemaBase+entity+"_with", map[string]any{
			"$ref": entity + ".json",
			"properties": map[string]any{
				"service":  map[string]any{"$ref": "service.json"},
				"services": map[string]any{"type": "array", "items": map[string]any{"$ref": "service.json"}},
			},
		})
	}
	return s
}

func (s *standard) add(t *testing.T, url string, doc any) {
	t.Helper()
	if err := s.compiler.AddResource(url, doc); err != nil {
		t.Fatal(url, err)
	}
}

// check validates a value against one of the schemas.
func (s *standard) check(t *testing.T, what, schema string, value any) {
	t.Helper()
	s.mu.Lock()
	compiled, err := s.compiler.Compile(schemaBase + schema)
	s.mu.Unlock()
	if err != nil {
		t.Fatal(schema, err)
	}
	if err := compiled.Validate(value); err != nil {
		t.Errorf("%s is no %s: %v", what, schema, err)
	}
	if path := emptyAt(value, ""); path != "" && schema != "base" {
		t.Errorf("%s: %s is empty and should be left out", what, path)
	}
}

// required properties stay when they are empty; the envelope is always whole.
var mayBeEmpty = []string{
	"contents", "description", "name", "address_1", "city", "state_province", "postal_code", "country", "url", "identifier", "number",
	"previous_value", "replacement_value", "field_name", "updated_by", "last_action_date", "last_action_type",
}

// emptyAt finds a property that is null, "" or an empty list or object.
func emptyAt(value any, path string) string {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			at := path + "/" + name
			if name == "approdo" {
				continue
			}
			if isEmpty(inner) && !slices.Contains(mayBeEmpty, name) {
				return at
			}
			if found := emptyAt(inner, at); found != "" {
				return found
			}
		}
	case []any:
		for _, inner := range v {
			if found := emptyAt(inner, path+"/[]"); found != "" {
				return found
			}
		}
	}
	return ""
}

func isEmpty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func readJSON(t *testing.T, path string) any {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	v, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(path, err)
	}
	return v
}

func at(v any, path ...string) any {
	for _, name := range path {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}

// profile is a test profile of the validator of Open Referral UK.
type profile struct {
	Profile    string
	TestGroups []struct {
		Tests []struct {
			Name, Endpoint, Schema, UseIDFrom string
			Pagination, SaveIDs               bool
			SaveIDField                       string
		}
	}
}

// TestProfiles runs the test profiles of HSDS 3: every endpoint they name, its paging, and records
// by the identifiers of the lists. (The third profile in the folder is of the older UK 1.0 API,
// which has other addresses and another envelope.)
func TestProfiles(t *testing.T) {
	t.Parallel()
	s := readStandard(t)
	var profiles []profile
	for _, name := range []string{"HSDS-3.0.json", "HSDS-UK-3.0.json"} {
		text, err := os.ReadFile(shared(t, "hsds", "oruk", "TestProfiles", name))
		if err != nil {
			t.Fatal(err)
		}
		var p profile
		if err := json.Unmarshal(text, &p); err != nil || len(p.TestGroups) == 0 {
			t.Fatal(name, err)
		}
		profiles = append(profiles, p)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := serve(t, d, sample(t))
		for _, p := range profiles {
			t.Run(p.Profile, func(t *testing.T) { runProfile(api{t, a.handler, a.directory, a.document}, s, p) })
		}
	})
}

func runProfile(a api, s *standard, p profile) {
	t := a.t
	saved := map[string][]string{}
	for _, group := range p.TestGroups {
		for _, test := range group.Tests {
			schema := strings.TrimSuffix(filepath.Base(test.Schema), ".json")
			switch {
			case schema == "api_details":
				s.check(t, test.Name, "base", a.value("/hsds"+test.Endpoint))
			case test.Pagination:
				pages(a, s, "/hsds"+test.Endpoint, strings.TrimSuffix(schema, "_list")+"_page")
				saved[test.Endpoint+"-id"] = idsOf(contents(a.get("/hsds" + test.Endpoint)))
			default:
				ids := saved[test.UseIDFrom]
				if len(ids) == 0 {
					t.Errorf("%s: no identifiers from %s", test.Name, test.UseIDFrom)
				}
				for _, id := range ids[:min(10, len(ids))] {
					s.check(t, test.Name, schema+"_with", a.value("/hsds"+test.Endpoint+id))
				}
			}
		}
	}
}

// value reads an answer as the validator wants it.
func (a api) value(target string) any {
	a.t.Helper()
	w := a.ask(http.MethodGet, target, "")
	if w.Code != http.StatusOK {
		a.t.Fatalf("%s: %d %s", target, w.Code, w.Body)
	}
	v, err := jsonschema.UnmarshalJSON(w.Body)
	if err != nil {
		a.t.Fatal(target, err)
	}
	return v
}

// pages reads the first, a middle and the last page, and checks the envelopes against one another.
func pages(a api, s *standard, target, schema string) {
	t := a.t
	t.Helper()
	first := a.get(target + "?per_page=5")
	total, last := int(first["total_items"].(float64)), int(first["total_pages"].(float64))
	if want := (total + 4) / 5; last != want {
		t.Errorf("%s: %d pages of %d records", target, last, total)
	}
	for _, n := range []int{1, (last + 1) / 2, last, last + 1} {
		page := a.get(target + "?perPage=5&page=" + itoa(n))
		s.check(t, target, schema, a.value(target+"?per_page=5&page="+itoa(n)))
		size := max(0, min(5, total-(n-1)*5))
		if int(page["size"].(float64)) != size || len(contents(page)) != size || page["first_page"] != (n == 1) || page["last_page"] != (n >= last) ||
			page["empty"] != (size == 0) || int(page["page_number"].(float64)) != n || int(page["total_items"].(float64)) != total {
			page["contents"] = nil
			t.Errorf("%s page %d of %d: %v", target, n, last, page)
		}
	}
}

// TestEveryRecordIsValid reads every record of the example census whole from the lists, and one in
// ten services (one in twenty of the others) by its identifier.
func TestEveryRecordIsValid(t *testing.T) {
	t.Parallel()
	s := readStandard(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		// The whole census once: how a record is written does not hang on the engine that it comes out of.
		batch, share := census(t), 1
		if d.Engine() == db.Postgres {
			batch, share = sample(t), 5
		}
		a := serve(t, d, batch)
		for _, list := range []struct {
			schema, path string
			least, step  int
		}{
			{"service", "/hsds/services", 200, 10}, {"service_at_location", "/hsds/service_at_locations", 200, 20}, {"organization", "/hsds/organizations", 20, 20},
			{"taxonomy", "/hsds/taxonomies", 1, 1}, {"taxonomy_term", "/hsds/taxonomy_terms", 100, 20},
		} {
			whole := a.value(list.path + "?per_page=1000&full=true&full_service=true")
			s.check(t, list.path, list.schema+"_page", whole)
			s.check(t, list.path, list.schema+"_page", a.value(list.path+"?per_page=20&page=2&lang=ar"))
			records, _ := at(whole, "contents").([]any)
			if len(records) < list.least/share {
				t.Errorf("%s: only %d records", list.path, len(records))
			}
			for i := 0; i < len(records); i += list.step {
				id, _ := at(records[i], "id").(string)
				s.check(t, id, list.schema+"_with", a.value(list.path+"/"+id))
			}
		}
	})
}
