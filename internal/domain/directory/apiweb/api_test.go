// SPDX-License-Identifier: EUPL-1.2

package apiweb_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/apiweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web/openapi"
	"approdo/migrations"
)

var update = flag.Bool("update", false, "write the golden files")

func TestLocales(t *testing.T) {
	t.Parallel()
	if problems := lang.CheckCatalogue(apiweb.Locales()); len(problems) > 0 {
		t.Error(problems)
	}
}

// small is a directory whose answers are written in the golden files.
func small() directory.Batch {
	body := network.Organization{Kind: "third-sector"}
	body.ID, body.Name, body.Description = "0b1c2d3e-0000-4000-8000-000000000001", "Associazione Prova", "Ente di prova."
	lat, lon, age := 37.7981, 12.4344, 18.0
	s := directory.Service{}
	s.ID, s.OrganizationID, s.Name, s.Status = "0b1c2d3e-0000-4000-8000-000000000002", body.ID, "Rinnovo del permesso di soggiorno", directory.StatusActive
	s.Description, s.EligibilityDescription, s.ApplicationProcess = "Aiuto per la domanda.", "Chi ha un permesso in scadenza.", "Prendi un appuntamento."
	s.MinimumAge, s.AssuredDate = &age, "2026-11-01"
	s.Phones = []hsds.Phone{{ID: "0b1c2d3e-0000-4000-8000-000000000003", Number: "000 0000001"}}
	s.Languages = []hsds.Language{{ID: "0b1c2d3e-0000-4000-8000-000000000004", Code: "ar"}}
	s.RequiredDocuments = []hsds.RequiredDocument{{ID: "0b1c2d3e-0000-4000-8000-000000000005", Document: "Passaporto"}}
	s.Card = directory.Card{
		Language: "it", Needs: []string{"residence-permit"}, Summary: "Ti aiutano a rinnovare il permesso.", Outcome: "La domanda inviata.", AssuredBy: "Sportello di prova",
		Hours: directory.Hours{Holidays: "closed"}, Eligibility: directory.Eligibility{ResidenceTitles: []string{"none"}},
		Translations: []directory.Translation{{Language: "ar", Group: directory.GroupTitle, State: directory.TranslationUpToDate,
			Fields: map[string]string{"name": "تجديد تصريح الإقامة", "summary": "يساعدونك في تجديد التصريح."}}},
	}
	s.Schedules = []hsds.Schedule{{ID: "0b1c2d3e-0000-4000-8000-000000000006", Freq: "WEEKLY", ByDay: "TU,TH", OpensAt: "09:00", ClosesAt: "13:00"}}
	site := directory.Site{ID: "0b1c2d3e-0000-4000-8000-000000000007"}
	site.Location = directory.Location{Comune: "081011", Location: hsds.Location{ID: "0b1c2d3e-0000-4000-8000-000000000008", LocationType: "physical", Latitude: &lat, Longitude: &lon,
		Addresses: []hsds.Address{{ID: "0b1c2d3e-0000-4000-8000-000000000009", Address1: "Via di Esempio 1", City: "Marsala", StateProvince: "TP", PostalCode: "00000", Country: "IT", AddressType: "physical"}}}}
	s.Sites = []directory.Site{site}
	return directory.Batch{Source: "test", Organizations: []network.Organization{body}, Services: []directory.Service{s}}
}

func TestAnswersAreAsWritten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := serve(t, d, small())
		id := small().Services[0].ID
		for name, target := range map[string]string{
			"search":           "/api/v1/services?q=" + url.QueryEscape("permesso di soggiorno Marsala") + "&lang=it&near=37.80,12.44&spoken=ar",
			"search-arabic":    "/api/v1/services?q=" + url.QueryEscape("تجديد تصريح الإقامة") + "&lang=ar&territory=Sicilia&open=now&for=age:30,title:none",
			"service":          "/api/v1/services/" + id + "?lang=it",
			"service-arabic":   "/api/v1/services/" + id + "?lang=ar",
			"territories":      "/api/v1/territories?q=marsal&limit=3",
			"feed":             "/api/v1/feed",
			"refused":          "/api/v1/services?page=0&need=nothing&territory=Nessundove&near=x&for=age:old&spoken=italian&open=later&limit=1000&lang=it",
			"service-not-here": "/api/v1/services/none?lang=it",
		} {
			w := a.ask(target)
			body := w.Body.Bytes()
			if strings.HasPrefix(name, "search") {
				body = steady(t, body)
			}
			if i := bytes.Index(body, []byte(`"request":"`)); i >= 0 {
				body = slices.Concat(body[:i+len(`"request":"`)], body[i+len(`"request":"`)+16:])
			}
			var indented bytes.Buffer
			if err := json.Indent(&indented, body, "", "  "); err != nil {
				t.Fatal(target, err)
			}
			golden(t, name+".json", indented.Bytes())
		}
	})
}

// steady leaves out of an answer what changes with the words of the taxonomy: how sure the needs are,
// and all but the first.
func steady(t *testing.T, body []byte) []byte {
	t.Helper()
	var answer directory.Answer
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Needs) > 0 {
		answer.Needs = answer.Needs[:1]
		answer.Needs[0].Score = 1
	}
	out, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update writes it anew):\n%s", path, got)
	}
}

func TestTerritoryIsReadTolerantly(t *testing.T) {
	t.Parallel()
	a := serve(t, dbtest.SQLite(t, migrations.FS), sample(t))
	for text, want := range map[string]string{
		"c:081011": "c:081011", "081011": "c:081011", "Marsala": "c:081011", "marsala": "c:081011", "TP": "p:TP", "tp": "p:TP", "p:TP": "p:TP",
		"r:19": "r:19", "19": "r:19", "Sicilia": "r:19", "Sicily": "r:19", "صقلية": "r:19", "Сицилія": "r:19", "西西里": "r:19",
	} {
		answer := get[directory.Answer](a, "/api/v1/services?territory="+url.QueryEscape(text))
		if answer.Territory == nil || answer.Territory.Ref != want || answer.Total == 0 {
			t.Errorf("%s: %+v, %d found; want %s", text, answer.Territory, answer.Total, want)
		}
	}
	if answer := get[directory.Answer](a, "/api/v1/services?q=medico+Marsala&lang=it"); answer.Territory == nil || answer.Territory.Ref != "c:081011" && !answer.Territory.Widened {
		t.Errorf("a place in the words: %+v", answer.Territory)
	}
}

func TestListsAreRepeatedOrWithCommas(t *testing.T) {
	t.Parallel()
	a := serve(t, dbtest.SQLite(t, migrations.FS), census(t))
	want := get[directory.Answer](a, "/api/v1/services?need=residence-permit&need=food-and-meals&spoken=ar&spoken=fr").Total
	for _, query := range []string{
		"need=residence-permit,food-and-meals&spoken=ar,fr", "need=RESIDENCE-PERMIT&need=" + need.TermID("food-and-meals") + "&spoken=AR&spoken=fr",
		"need=residence-permit,,food-and-meals&spoken=ar,fr,ar&territory=&near=&for=&page=&radius_km=&open=&q=",
	} {
		if got := get[directory.Answer](a, "/api/v1/services?"+query).Total; got != want || want == 0 {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
	one, two := get[directory.Answer](a, "/api/v1/services?need=residence-permit").Total, get[directory.Answer](a, "/api/v1/services?need=residence-permit,food-and-meals").Total
	if one == 0 || one >= two {
		t.Errorf("one need gives %d, two %d", one, two)
	}
}

func TestSearchFilters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := serve(t, d, sample(t))
		all := get[directory.Answer](a, "/api/v1/services").Total
		near := get[directory.Answer](a, "/api/v1/services?near=37.80,12.44&radius_km=15&limit=100")
		for _, item := range near.Items {
			if item.DistanceKM == nil && !item.Reserved || item.DistanceKM != nil && *item.DistanceKM > 15 {
				t.Errorf("%s is %v km away", item.Name, item.DistanceKM)
			}
		}
		open := get[directory.Answer](a, "/api/v1/services?open=now&limit=100")
		for _, item := range open.Items {
			if item.Open.State != directory.OpenNow {
				t.Errorf("%s is %s", item.Name, item.Open.State)
			}
		}
		first, second := get[directory.Answer](a, "/api/v1/services?limit=7"), get[directory.Answer](a, "/api/v1/services?limit=7&page=2")
		if near.Total == 0 || near.Total >= all || open.Total == 0 || open.Total >= all || len(first.Items) != 7 || len(second.Items) != 7 || first.Items[6].ID == second.Items[0].ID {
			t.Errorf("of %d: %d near, %d open, pages of %d and %d", all, near.Total, open.Total, len(first.Items), len(second.Items))
		}
		prefix := get[directory.Answer](a, "/api/v1/services?q=perm&typing=true&lang=it")
		if prefix.Total == 0 || len(prefix.Facets["need"]) == 0 {
			t.Errorf("unfinished word: %d", prefix.Total)
		}
	})
}

func TestUrgentQuestionsShowHelplinesFirst(t *testing.T) {
	t.Parallel()
	a := serve(t, dbtest.SQLite(t, migrations.FS), small())
	for _, query := range []string{"need=gender-violence", "q=" + url.QueryEscape("mio marito mi picchia") + "&lang=it", "q=" + url.QueryEscape("my husband beats me") + "&lang=en"} {
		answer := get[directory.Answer](a, "/api/v1/services?"+query)
		if !slices.ContainsFunc(answer.Helplines, func(h directory.AnswerHelpline) bool { return h.Number == "1522" }) {
			t.Errorf("%s: %+v", query, answer.Helplines)
		}
	}
	if answer := get[directory.Answer](a, "/api/v1/services?need=residence-permit"); len(answer.Helplines) > 0 {
		t.Errorf("helplines for a permit: %+v", answer.Helplines)
	}
}

func TestNeedsInTenLanguages(t *testing.T) {
	t.Parallel()
	a := serve(t, dbtest.SQLite(t, migrations.FS), census(t))
	for _, language := range lang.All {
		needs := get[apiweb.Needs](a, "/api/v1/needs?lang="+language)
		if len(needs.Items) != len(need.All()) || needs.Language != language {
			t.Fatalf("%s: %d needs in %s", language, len(needs.Items), needs.Language)
		}
		for _, n := range needs.Items {
			known, _ := need.ByCode(n.Code)
			if n.Name != known.Name(language) || n.Services == 0 {
				t.Errorf("%s: %+v", language, n)
			}
		}
		lines := get[apiweb.Helplines](a, "/api/v1/helplines?need=gender-violence&lang="+language)
		if len(lines.Items) == 0 || len(lines.Items) >= len(directory.Helplines()) {
			t.Errorf("%s: %d helplines", language, len(lines.Items))
		}
		for _, h := range lines.Items {
			if h.Number == "" || h.Source == "" || h.Checked == "" {
				t.Errorf("%s: %+v", language, h)
			}
		}
	}
}

func TestTerritories(t *testing.T) {
	t.Parallel()
	a := serve(t, dbtest.SQLite(t, migrations.FS))
	first := func(text string) string {
		list := get[apiweb.Territories](a, "/api/v1/territories?q="+url.QueryEscape(text)).Items
		if len(list) == 0 {
			return ""
		}
		return list[0].Ref
	}
	for text, want := range map[string]string{"sic": "r:19", "Palermo": "", "marsa": "c:081011", "TP": "p:TP", "Sicile": "r:19", "xyzzyq": "", "forlì": "", "!!": ""} {
		if got := first(text); want != "" && got != want || text == "xyzzyq" && got != "" {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if list := get[apiweb.Territories](a, "/api/v1/territories").Items; len(list) != 20 || list[0].Kind != "region" {
		t.Errorf("without a text: %d", len(list))
	}
	if list := get[apiweb.Territories](a, "/api/v1/territories?q=san&limit=5000").Items; len(list) != 100 {
		t.Errorf("limit: %d", len(list))
	}
}

func TestFeedGivesPublicEntriesOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := serve(t, d, sample(t))
		seen := map[string]bool{}
		next := ""
		for {
			feed := get[apiweb.Feed](a, "/api/v1/feed?limit=40&after="+url.QueryEscape(next))
			for _, c := range feed.Changes {
				if seen[c.ID] || c.Entry == nil || c.Entry.Organization.Name == "" {
					t.Fatalf("%s came twice or empty", c.ID)
				}
				seen[c.ID] = true
			}
			next = feed.Next
			if feed.End {
				break
			}
		}
		if want := get[directory.Answer](a, "/api/v1/services").Total; len(seen) != want {
			t.Errorf("%d entries in the feed, %d to be found", len(seen), want)
		}
		if _, err := a.directory.Save(t.Context(), small()); err != nil {
			t.Fatal(err)
		}
		if feed := get[apiweb.Feed](a, "/api/v1/feed?after="+next); len(feed.Changes) != 1 || feed.Changes[0].ID != small().Services[0].ID || !feed.End {
			t.Errorf("after a change: %d", len(feed.Changes))
		}
	})
}

func TestRefusalsSpeakTheLanguage(t *testing.T) {
	t.Parallel()
	a := serve(t, dbtest.SQLite(t, migrations.FS), small())
	for query, field := range map[string]string{
		"page=0": "page", "limit=0": "limit", "limit=101": "limit", "need=nothing": "need", "territory=Nessundove": "territory", "near=here": "near", "near=91,0": "near",
		"radius_km=5": "radius_km", "radius_km=-1&near=1,1": "radius_km", "radius_km=far&near=1,1": "radius_km", "for=age:200": "for", "for=colour:red": "for", "spoken=italian": "spoken",
		"open=later": "open", "lang=de": "lang", "typing=perhaps": "typing", "q=" + strings.Repeat("x", 501): "q",
	} {
		for _, language := range lang.All {
			w := a.ask("/api/v1/services?"+query, "Accept-Language", language)
			var problem struct {
				Title  string
				Errors []struct{ Field, Detail string }
			}
			if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || w.Code != http.StatusBadRequest || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Fatalf("%s: %d %s", query, w.Code, w.Body)
			}
			if len(problem.Errors) != 1 || problem.Errors[0].Field != field || w.Header().Get("Content-Language") != language ||
				strings.Contains(problem.Errors[0].Detail, "{") || strings.HasPrefix(problem.Errors[0].Detail, "api.") || strings.HasPrefix(problem.Errors[0].Detail, "openapi.") {
				t.Errorf("%s in %s: %+v", query, language, problem)
			}
		}
	}
	for _, target := range []string{"/api/v1/feed?after=x", "/api/v1/feed?limit=501", "/api/v1/needs?lang=xx", "/api/v1/helplines?need=x", "/api/v1/territories?limit=x", "/api/v1/services?q=%zz"} {
		if w := a.ask(target); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	a := serve(t, dbtest.SQLite(t, migrations.FS), small())
	for _, target := range []string{"/api/v1/services", "/api/v1/needs", "/api/v1/territories?q=ma", "/api/v1/helplines", "/api/v1/feed", "/api/v1/services/" + small().Services[0].ID} {
		w := a.ask(target, "Accept-Language", "uk", "Origin", "https://other.example")
		h := w.Header()
		if w.Code != http.StatusOK || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Set-Cookie") != "" || !strings.Contains(strings.Join(h.Values("Vary"), " "), "Accept-Language") {
			t.Errorf("%s: %d %v", target, w.Code, h)
		}
		if !strings.Contains(target, "feed") && h.Get("Content-Language") != "uk" {
			t.Errorf("%s is in %s", target, h.Get("Content-Language"))
		}
		if again := a.ask(target, "Accept-Language", "uk", "If-None-Match", h.Get("ETag")); again.Code != http.StatusNotModified {
			t.Errorf("%s again: %d", target, again.Code)
		}
	}
}

// TestAnswersAreAsDescribed validates answers against the schemas of the OpenAPI document, and tries
// every example in it.
func TestAnswersAreAsDescribed(t *testing.T) {
	t.Parallel()
	a := serve(t, dbtest.SQLite(t, migrations.FS), sample(t))
	document, err := jsonschema.UnmarshalJSON(a.ask("/api/openapi.json").Body)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("https://ours.example/openapi.json", document); err != nil {
		t.Fatal(err)
	}
	id := get[directory.Answer](a, "/api/v1/services").Items[0].ID
	for _, op := range a.document.Operations() {
		target := "/api/v1" + op.Try
		if op.Try == "" {
			target = "/api/v1" + strings.Replace(op.Path, "{id}", id, 1)
		}
		schema, err := compiler.Compile("https://ours.example/openapi.json#/paths/" + strings.ReplaceAll(op.Path, "/", "~1") + "/get/responses/200/content/application~1json/schema")
		if err != nil {
			t.Fatal(op.Path, err)
		}
		value, err := jsonschema.UnmarshalJSON(a.ask(target).Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s is not as described: %v", target, err)
		}
	}
}

// FuzzParseQuery: whatever is asked, it is read or refused, and what is read can be searched for.
func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{
		"q=medico Marsala&lang=it&territory=TP&need=residence-permit&spoken=ar,fr&open=now&near=37.8,12.4&radius_km=5&page=2&limit=10",
		"for=age:17,title:none,sex:female,family:with-children,pregnant:yes,alone-minor:no,comune:081011,income:0", "near=NaN,1", "radius_km=Inf&near=0,0",
		"territory=c:999999", "need=,,", "page=99999999999999999999", "limit=0x10", "territory=%00", "open=%F0%9F%98%80",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		q, err := apiweb.ParseQuery(openapi.Read(values))
		if err != nil {
			for _, one := range fault.All(err) {
				if one.Kind != fault.KindInvalid {
					t.Fatalf("%q: %v", query, one)
				}
			}
			return
		}
		if q.Page < 1 || q.Limit < 1 || q.Limit > directory.MaxLimit || q.RadiusKM < 0 || q.RadiusKM > 2000 || q.Near != nil && !q.Near.Valid() || q.RadiusKM > 0 && q.Near == nil {
			t.Fatalf("%q was read as %+v", query, q)
		}
		if _, err := network.ParseRef(string(q.Territory)); err != nil {
			t.Fatalf("%q: territory %q", query, q.Territory)
		}
	})
}
