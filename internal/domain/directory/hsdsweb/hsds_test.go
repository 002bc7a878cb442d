// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package hsdsweb_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"approdo/internal/base/need"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/hsdsweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/geo"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
	"approdo/migrations"
)

func TestLocales(t *testing.T) {
	t.Parallel()
	if problems := lang.CheckCatalogue(hsdsweb.Locales()); len(problems) > 0 {
		t.Error(problems)
	}
}

// TestReading tries what only reads, over one directory.
func TestReading(t *testing.T) {
	t.Parallel()
	a := serve(t, dbtest.SQLite(t, migrations.FS), sample(t))
	for name, try := range map[string]func(*testing.T, api){
		"refusals": tryRefusals, "post": tryPostIsGet, "headers": tryHeaders, "languages": tryLanguages, "sizes": tryMinimalAndBasic,
		"described": tryAnswersAreAsDescribed, "examples": tryExamplesWork,
	} {
		t.Run(name, func(t *testing.T) { try(t, a) })
	}
}

func TestBase(t *testing.T) {
	t.Parallel()
	a := serve(t, dbtest.SQLite(t, migrations.FS))
	for _, path := range []string{"/hsds", "/hsds/"} {
		base := a.get(path)
		if base["version"] != "3.1.3" || base["profile"] != "https://approdo.example/api" || base["openapi_url"] != "https://approdo.example/hsds/openapi.json" {
			t.Errorf("%s: %v", path, base)
		}
	}
}

// TestConditions: every record that a condition lets through has what was asked for, some are let
// through, and some are not.
func TestConditions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := serve(t, d, sample(t))
		all := contents(a.get("/hsds/services?per_page=1000&full=true"))
		sample := all[len(all)/2]
		body := sample["organization_id"].(string)
		term := need.TermID("residence-permit")
		hasTerm := func(id string) func(r map[string]any) bool {
			return func(r map[string]any) bool {
				list, _ := r["attributes"].([]any)
				return slices.ContainsFunc(list, func(x any) bool { return x.(map[string]any)["taxonomy_term_id"] == id })
			}
		}
		for _, c := range []struct {
			query string
			holds func(r map[string]any) bool
		}{
			{"organization_id=" + body, func(r map[string]any) bool { return r["organization_id"] == body }},
			{"taxonomy_term_id=" + term, hasTerm(term)},
			{"taxonomy_term_id=" + term + "&organization_id=" + permitBody(all, term), func(r map[string]any) bool {
				return hasTerm(term)(r) && r["organization_id"] == permitBody(all, term)
			}},
			{"search=" + url.QueryEscape("permesso di soggiorno"), func(map[string]any) bool { return true }},
			{"search=" + url.QueryEscape("تجديد تصريح الإقامة"), func(map[string]any) bool { return true }},
		} {
			got := contents(a.get("/hsds/services?per_page=1000&full=true&" + c.query))
			if len(got) == 0 || len(got) >= len(all) || slices.ContainsFunc(got, func(r map[string]any) bool { return !c.holds(r) }) {
				t.Errorf("%s: %d of %d records", c.query, len(got), len(all))
			}
		}
		for query, want := range map[string]int{
			"taxonomy_id=" + need.TaxonomyID: len(all), "taxonomy_id=" + body: 0, "modified_after=2026-11-24T09:30:00Z": len(all),
			"modified_after=2026-11-24T10:30:00%2B01:00": len(all), "modified_after=2026-11-24T09:30:01Z": 0, "modified_after=2026-11-24": len(all), "modified_after=": len(all),
		} {
			if page := a.get("/hsds/services?per_page=1&" + query); int(page["total_items"].(float64)) != want {
				t.Errorf("%s: %v, want %d", query, page["total_items"], want)
			}
		}
		first := contents(a.get("/hsds/services?search=" + url.QueryEscape("تجديد تصريح الإقامة") + "&full=true&per_page=5"))
		if !hasTerm(term)(first[0]) {
			t.Errorf("an Arabic question does not find the permit first: %v", first[0]["name"])
		}
	})
}

// permitBody is a body that has a service with the term.
func permitBody(all []map[string]any, term string) string {
	for _, r := range all {
		if text, err := json.Marshal(r["attributes"]); err == nil && strings.Contains(string(text), term) {
			return r["organization_id"].(string)
		}
	}
	return ""
}

func TestPlacesNear(t *testing.T) {
	t.Parallel()
	batch := sample(t)
	for i := range batch.Services {
		for j := range batch.Services[i].Sites {
			// The example addresses have no postal code that is anybody's; here each comune has one.
			location := &batch.Services[i].Sites[j].Location
			for k := range location.Addresses {
				location.Addresses[k].PostalCode = location.Comune[1:]
			}
		}
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := serve(t, d, batch)
		list := func(path, query string) []map[string]any {
			return contents(a.get("/hsds/" + path + "?per_page=1000&" + query))
		}
		all := list("service_at_locations", "")
		some, near := list("service_at_locations", "postcode=81011"), list("service_at_locations", "postcode=81011&proximity=20000")
		if len(some) == 0 || len(some) >= len(all) || len(near) == 0 || len(near) >= len(all) {
			t.Errorf("postcode: %d, with distance: %d, of %d", len(some), len(near), len(all))
		}
		for _, p := range near {
			location := p["location"].(map[string]any)
			point := geo.Point{Lat: location["latitude"].(float64), Lon: location["longitude"].(float64)}
			if geo.Distance(point, geo.Point{Lat: 37.80, Lon: 12.44}) > 25000 {
				t.Errorf("%v is far from Marsala", point)
			}
		}
		point, services := list("service_at_locations", "proximity=20000&near=37.80,12.44"), list("services", "proximity=20000&near=37.80,12.44")
		if len(point) == 0 || len(point) >= len(all) || len(services) == 0 || len(services) > len(point) {
			t.Errorf("near: %d places, %d services", len(point), len(services))
		}
		if in := list("services", "postcode=81011"); len(in) == 0 || len(in) > 2*len(some)+20 {
			t.Errorf("%d services and %d places in a postcode", len(in), len(some))
		}
	})
}

func tryRefusals(t *testing.T, a api) {
	a.t = t
	for _, c := range []struct {
		method, target, field string
		status                int
	}{
		{"GET", "/hsds/services?page=0", "page", 400},
		{"GET", "/hsds/services?page=x", "page", 400},
		{"GET", "/hsds/services?per_page=-1", "per_page", 400},
		{"GET", "/hsds/services?perPage=no", "perPage", 400},
		{"GET", "/hsds/services?full=maybe", "full", 400},
		{"GET", "/hsds/services?format=xml", "format", 400},
		{"GET", "/hsds/services?lang=de", "lang", 400},
		{"GET", "/hsds/services?modified_after=soon", "modified_after", 400},
		{"GET", "/hsds/service_at_locations?proximity=100", "proximity", 400},
		{"GET", "/hsds/service_at_locations?near=1,2", "near", 400},
		{"GET", "/hsds/service_at_locations?near=x&proximity=5", "near", 400},
		{"GET", "/hsds/service_at_locations?proximity=far&postcode=91025", "proximity", 400},
		{"GET", "/hsds/service_at_locations?postcode=99999", "postcode", 400},
		{"GET", "/hsds/service_at_locations?postcode=99999&format=ndjson", "postcode", 400},
		{"GET", "/hsds/taxonomy_terms?top_only=perhaps", "top_only", 400},
		{"POST", "/hsds/services?page=0", "page", 422},
		{"GET", "/hsds/services/none", "", 404},
		{"GET", "/hsds/service_at_locations/none", "", 404},
		{"GET", "/hsds/organizations/none", "", 404},
		{"GET", "/hsds/taxonomies/none", "", 404},
		{"GET", "/hsds/taxonomy_terms/none", "", 404},
		{"PUT", "/hsds/services", "", 405},
	} {
		w := a.ask(c.method, c.target, "", "Accept-Language", "ar")
		if w.Code != c.status || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %d %.200s", c.method, c.target, w.Code, w.Body)
			continue
		}
		problem := decode(t, w.Body)
		if c.field != "" {
			list, _ := problem["errors"].([]any)
			if len(list) != 1 || list[0].(map[string]any)["field"] != c.field {
				t.Errorf("%s: %v", c.target, problem)
			}
		}
		if text, _ := problem["title"].(string); !strings.ContainsAny(text, "ابتثجحخدذرزسشصضطظعغفقكلمنهوي") {
			t.Errorf("%s does not speak Arabic: %v", c.target, problem)
		}
	}
	w := a.ask("GET", "/hsds/services?page=0&full=x&lang=yy", "")
	if problem := decode(t, w.Body); len(problem["errors"].([]any)) != 3 {
		t.Errorf("not every mistake is named: %v", problem)
	}
}

func tryPostIsGet(t *testing.T, a api) {
	a.t = t
	for _, path := range []string{"/hsds/services", "/hsds/service_at_locations", "/hsds/organizations", "/hsds/taxonomies", "/hsds/taxonomy_terms"} {
		want := a.ask("GET", path+"?page=2&per_page=3&search=e", "").Body.String()
		for _, w := range []*httptest.ResponseRecorder{
			a.ask("POST", path+"?page=2&per_page=3&search=e", ""),
			a.ask("POST", path, "page=2&per_page=3&search=e", "Content-Type", "application/x-www-form-urlencoded"),
			a.ask("POST", path, `{"page":2,"per_page":3,"search":"e"}`, "Content-Type", "application/json", "Origin", "https://other.example", "Sec-Fetch-Site", "cross-site"),
		} {
			if w.Code != http.StatusOK || w.Body.String() != want {
				t.Errorf("POST %s: %d %.200s", path, w.Code, w.Body)
			}
		}
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := serve(t, d, sample(t))
		for _, path := range []string{"/hsds/services", "/hsds/service_at_locations", "/hsds/organizations", "/hsds/taxonomies", "/hsds/taxonomy_terms"} {
			want := contents(a.get(path + "?per_page=1000"))
			w := a.ask("GET", path+"?format=ndjson&page=7", "")
			lines := strings.Split(strings.TrimSuffix(w.Body.String(), "\n"), "\n")
			if w.Header().Get("Content-Type") != "application/x-ndjson" || len(lines) != len(want) {
				t.Fatalf("%s: %d lines for %d records, %v", path, len(lines), len(want), w.Header())
			}
			for i, line := range lines {
				if record := decode(t, strings.NewReader(line)); record["id"] != want[i]["id"] {
					t.Fatalf("%s line %d: %v, want %v", path, i, record["id"], want[i]["id"])
				}
			}
			tag := w.Header().Get("ETag")
			if again := a.ask("GET", path+"?format=ndjson&page=7", "", "If-None-Match", tag); tag == "" || again.Code != http.StatusNotModified || again.Body.Len() > 0 {
				t.Errorf("%s: tag %q, then %d", path, tag, again.Code)
			}
			if other := a.ask("GET", path+"?format=ndjson&page=7&lang=fr", "", "If-None-Match", tag); other.Code != http.StatusOK {
				t.Errorf("%s: another language is %d", path, other.Code)
			}
		}
		if w := a.ask("GET", "/hsds/services", "", "Accept", "application/x-ndjson"); w.Header().Get("Content-Type") != "application/x-ndjson" {
			t.Errorf("Accept is not heeded: %v", w.Header())
		}
		w := a.ask("GET", "/hsds/services?format=ndjson", "")
		change := sample(t)
		change.Services = change.Services[:1]
		change.Services[0].Name = "Un altro nome"
		if _, err := a.directory.Save(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		if again := a.ask("GET", "/hsds/services?format=ndjson", "", "If-None-Match", w.Header().Get("ETag")); again.Code != http.StatusOK {
			t.Errorf("after a change: %d", again.Code)
		}
	})
}

func tryHeaders(t *testing.T, a api) {
	a.t = t
	w := a.ask("GET", "/hsds/services?per_page=2&page=2", "", "Accept-Language", "fr-FR,fr;q=0.9", "Origin", "https://other.example")
	h := w.Header()
	if h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Content-Language") != "fr" || !strings.Contains(strings.Join(h.Values("Vary"), " "), "Accept-Language") || h.Get("Set-Cookie") != "" {
		t.Errorf("%v", h)
	}
	if links := strings.Join(h.Values("Link"), " "); !strings.Contains(links, `page=1&per_page=2>; rel="prev"`) || !strings.Contains(links, `page=3&per_page=2>; rel="next"`) {
		t.Errorf("links: %s", links)
	}
	if again := a.ask("GET", "/hsds/services?per_page=2&page=2", "", "Accept-Language", "fr", "If-None-Match", h.Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("the same again: %d", again.Code)
	}
	if p := a.ask("OPTIONS", "/hsds/services", "", "Origin", "https://other.example", "Access-Control-Request-Method", "POST"); p.Code != http.StatusNoContent || !strings.Contains(p.Header().Get("Access-Control-Allow-Methods"), "POST") {
		t.Errorf("preflight: %d %v", p.Code, p.Header())
	}
}

func tryLanguages(t *testing.T, a api) {
	a.t = t
	term := "/hsds/taxonomy_terms/" + need.TermID("residence-permit")
	permit, _ := need.ByCode("residence-permit")
	for _, language := range lang.All {
		for _, w := range []*httptest.ResponseRecorder{a.ask("GET", term+"?lang="+language, ""), a.ask("GET", term, "", "Accept-Language", language)} {
			record := decode(t, w.Body)
			if record["name"] != permit.Name(language) || record["language"] != language || w.Header().Get("Content-Language") != language {
				t.Errorf("%s: %v", language, record)
			}
		}
	}
	for header, want := range map[string]string{"": "it", "de": "it", "*": "it"} {
		if record := decode(t, a.ask("GET", term, "", "Accept-Language", header).Body); record["language"] != want {
			t.Errorf("%q: %v", header, record["language"])
		}
	}
}

func tryMinimalAndBasic(t *testing.T, a api) {
	a.t = t
	page := a.get("/hsds/services?minimal=true")
	list := contents(page)
	if len(list) < 90 || page["total_pages"] != 1.0 || page["last_page"] != true {
		t.Errorf("minimal: %d of %v on %v pages", len(list), page["total_items"], page["total_pages"])
	}
	if len(list[0]) != 2 || list[0]["modified_date"] != "2026-11-24T09:30:00.000Z" {
		t.Errorf("minimal: %v", list[0])
	}
	if got := contents(a.get("/hsds/services?minimal=true&per_page=7")); len(got) != 7 {
		t.Errorf("minimal with a size: %d", len(got))
	}
	for _, path := range []string{"services", "organizations", "service_at_locations"} {
		basic, full := a.ask("GET", "/hsds/"+path, "").Body.Len(), a.ask("GET", "/hsds/"+path+"?full=true", "").Body.Len()
		if basic*3 > full*2 {
			t.Errorf("%s: %d bytes, full %d", path, basic, full)
		}
		for _, r := range contents(a.get("/hsds/" + path)) {
			for name, v := range r {
				if _, many := v.([]any); many {
					t.Errorf("%s: %s is a list", path, name)
				}
			}
		}
	}
	body := contents(a.get("/hsds/organizations?taxonomy_term_id=" + need.TermID("residence-permit") + "&per_page=1"))[0]["id"].(string)
	simple, whole := a.get("/hsds/organizations/"+body), a.get("/hsds/organizations/"+body+"?full_service=true")
	services := func(r map[string]any) []any { list, _ := r["services"].([]any); return list }
	if len(services(simple)) == 0 || len(services(simple)) != len(services(whole)) || services(simple)[0].(map[string]any)["attributes"] != nil || services(whole)[0].(map[string]any)["attributes"] == nil {
		t.Errorf("full_service makes no difference: %d, %d", len(services(simple)), len(services(whole)))
	}
}

func TestTaxonomyTree(t *testing.T) {
	t.Parallel()
	imported := directory.Batch{
		Source:     "other",
		Taxonomies: []hsds.Taxonomy{{ID: "0b1c2d3e-0000-4000-8000-000000000001", Name: "Altra", Description: "Altra classificazione"}},
		Terms:      []hsds.TaxonomyTerm{{ID: "0b1c2d3e-0000-4000-8000-000000000002", Name: "Foglia", Description: "F", TaxonomyID: "0b1c2d3e-0000-4000-8000-000000000001"}},
	}
	a := serve(t, dbtest.SQLite(t, migrations.FS), imported)
	tops := contents(a.get("/hsds/taxonomy_terms?top_only=true&per_page=1000&taxonomy_id=" + need.TaxonomyID))
	if len(tops) == 0 || slices.ContainsFunc(tops, func(r map[string]any) bool { return r["parent_id"] != nil }) {
		t.Errorf("tops: %v", tops)
	}
	under := contents(a.get("/hsds/taxonomy_terms?per_page=1000&parent_id=" + tops[0]["id"].(string)))
	if len(under) == 0 || slices.ContainsFunc(under, func(r map[string]any) bool { return r["parent_id"] != tops[0]["id"] }) {
		t.Errorf("under: %v", under)
	}
	if n := len(contents(a.get("/hsds/taxonomies"))); n != 2 {
		t.Errorf("%d taxonomies", n)
	}
	leaf := a.get("/hsds/taxonomy_terms/0b1c2d3e-0000-4000-8000-000000000002")
	if detail, _ := leaf["taxonomy_detail"].(map[string]any); detail["name"] != "Altra" {
		t.Errorf("leaf: %v", leaf)
	}
	if got := contents(a.get("/hsds/taxonomy_terms?search=FOGLIA")); len(got) != 1 {
		t.Errorf("search: %v", got)
	}
}
