// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package exchange_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/exchange"
)

// schemas compiles the JSON schemas of HSDS 3.1, with formats checked.
func schemas(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	folder := shared(t, "hsds", "3.1")
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if filepath.Ext(f.Name()) != ".json" || f.Name() == "datapackage.json" || f.Name() == "openapi.json" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if m, ok := doc.(map[string]any); ok {
			delete(m, "$id") // found by the name of the file, without a network
			delete(m, "id")
		}
		if err := c.AddResource("mem:///"+f.Name(), doc); err != nil {
			t.Fatal(err)
		}
	}
	s, err := c.Compile("mem:///" + name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every record that goes out is valid against the schemas of the standard, in the page of hsds-json.
// TestRoundTrip holds those against them that are drawn anew each time.
func TestValidHSDS(t *testing.T) {
	t.Parallel()
	schema := schemas(t, "service.json")
	var list []directory.Entry
	for _, e := range fixed(100) {
		if e.Organization.Description == "" { // the standard wants one; what is missing is not invented
			e.Organization.Description = "x"
		}
		list = append(list, e)
	}
	var out bytes.Buffer
	if err := exchange.Write(t.Context(), &out, exchange.HSDSJSON, entries(list...), exchange.ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	var page struct {
		Contents   []json.RawMessage `json:"contents"`
		TotalItems int               `json:"total_items"`
	}
	if err := json.Unmarshal(out.Bytes(), &page); err != nil || page.TotalItems != len(list) || len(page.Contents) != len(list) {
		t.Fatal(err, page.TotalItems)
	}
	for _, text := range page.Contents {
		validText(t, schema, text)
	}
}

func validText(t interface{ Fatalf(string, ...any) }, schema *jsonschema.Schema, text []byte) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err == nil {
		err = schema.Validate(doc)
	}
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, text)
	}
}

// valid holds one entry against the standard.
func valid(t interface{ Fatalf(string, ...any) }, schema *jsonschema.Schema, e directory.Entry) {
	if e.Organization.Description == "" { // the standard wants one; what is missing is not invented
		e.Organization.Description = "x"
	}
	text, err := json.Marshal(exchange.ToHSDS(e, exchange.Shape{}))
	if err != nil {
		t.Fatalf("%v", err)
	}
	validText(t, schema, text)
}

// The data package describes its tables, and its tables have the columns it describes.
func TestDataPackage(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := exchange.Write(t.Context(), &out, exchange.HSDSCSV, entries(fixed(20)...), exchange.ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	files := zipped(t, out.Bytes())
	var descriptor struct {
		Resources []struct {
			Path   string `json:"path"`
			Schema struct {
				Fields []struct {
					Name string `json:"name"`
				} `json:"fields"`
			} `json:"schema"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(files["datapackage.json"], &descriptor); err != nil || len(descriptor.Resources) < 15 {
		t.Fatalf("%v, %d tables", err, len(descriptor.Resources))
	}
	for _, r := range descriptor.Resources {
		var names []string
		for _, f := range r.Schema.Fields {
			names = append(names, f.Name)
		}
		header, _, _ := strings.Cut(string(files[r.Path]), "\n")
		if header != strings.Join(names, ",") {
			t.Errorf("%s: columns %s, described as %s", r.Path, header, names)
		}
	}
}

// Linked data and the map are well formed, and say what the entries say.
func TestLinkedData(t *testing.T) {
	t.Parallel()
	list := fixed(40)
	sites := 0
	for _, e := range list {
		sites += len(e.Sites)
	}
	for format, count := range map[exchange.Format]func(map[string]any) (int, int){
		exchange.SchemaLD: func(m map[string]any) (int, int) { return len(m["@graph"].([]any)), len(list) },
		exchange.CPSV: func(m map[string]any) (int, int) {
			n := 0
			for _, v := range m["@graph"].([]any) {
				if v.(map[string]any)["@type"] == "cpsv:PublicService" {
					n++
				}
			}
			return n, len(list)
		},
		exchange.DCAT:    func(m map[string]any) (int, int) { return len(m["@graph"].([]any)), 2 },
		exchange.GeoJSON: func(m map[string]any) (int, int) { return len(m["features"].([]any)), sites },
	} {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			if err := exchange.Write(t.Context(), &out, format, entries(list...), exchange.ExportOptions{Base: "https://rete.example", Language: "en"}); err != nil {
				t.Fatal(err)
			}
			var doc map[string]any
			if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
				t.Fatalf("%v\n%.500s", err, out.String())
			}
			if got, want := count(doc); got != want {
				t.Errorf("%d things, want %d", got, want)
			}
			if strings.Contains(out.String(), `:""`) || strings.Contains(out.String(), ":null") && format != exchange.GeoJSON {
				t.Error("an empty value went out")
			}
		})
	}
}

// The catalogue names what other parts of the program publish, with its own files.
func TestCatalogueHoldsOtherDatasets(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := exchange.Write(t.Context(), &out, exchange.DCAT, entries(), exchange.ExportOptions{Base: "https://rete.example", Datasets: []exchange.Dataset{{
		Name: "mediation", Title: "Mediazione", Description: "Numeri", Frequency: "MONTHLY", Keywords: []string{"lingue"},
		Distributions: []exchange.Distribution{{Title: "CSV", Path: "/open-data/m.csv", Type: "text/csv", FileType: "CSV"}},
	}}}); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Graph []struct {
			ID    string `json:"@id"`
			Ways  []any  `json:"dcat:distribution"`
			Cycle struct {
				ID string `json:"@id"`
			} `json:"dct:accrualPeriodicity"`
		} `json:"@graph"`
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Graph) != 3 || doc.Graph[1].ID != "https://rete.example/id/dataset/mediation" || len(doc.Graph[1].Ways) != 1 || !strings.HasSuffix(doc.Graph[1].Cycle.ID, "/MONTHLY") {
		t.Errorf("%+v", doc.Graph)
	}
}

// The data block of a page is in the language of the page where the entry has it.
func TestSchemaOrg(t *testing.T) {
	t.Parallel()
	for _, e := range fixed(60) {
		for _, tr := range e.Card.Translations {
			if tr.Group != directory.GroupTitle || tr.State == directory.TranslationDraft {
				continue
			}
			var doc map[string]any
			if err := json.Unmarshal(exchange.SchemaOrg(e, tr.Language, exchange.ExportOptions{}), &doc); err != nil {
				t.Fatal(err)
			}
			if doc["name"] != tr.Fields["name"] || doc["inLanguage"] != tr.Language {
				t.Errorf("in %s: %v (%v)", tr.Language, doc["name"], doc["inLanguage"])
			}
			return
		}
	}
	t.Fatal("no drawn entry has a translated title")
}
