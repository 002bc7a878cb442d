// SPDX-License-Identifier: EUPL-1.2

package openapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
	"approdo/internal/kit/web/ui"
)

func TestLocales(t *testing.T) {
	t.Parallel()
	if problems := lang.CheckCatalogue(openapi.Locales()); len(problems) > 0 {
		t.Error(problems)
	}
}

type answer struct {
	Name string   `json:"name"`
	Tags []string `json:"tags,omitempty"`
}

func TestWhatIsDescribedIsServed(t *testing.T) {
	t.Parallel()
	words, err := lang.Open(ui.Locales(), openapi.Locales())
	if err != nil {
		t.Fatal(err)
	}
	site := &ui.Site{}
	rs := web.New(web.Options{Catalogue: words, ErrorPage: site.ErrorPage})
	d := openapi.New(rs.API("x", web.Public, web.AnyOrigin), "/x", openapi.Info{Title: "X", Version: "1", License: "EUPL-1.2"})
	for _, path := range []string{"/", "/things/{id}"} {
		d.Add(openapi.Operation{Method: http.MethodGet, Path: path, ID: "op" + path, Summary: "S", Answer: answer{}, Refusals: []int{400, 404},
			Params: []openapi.Param{{Name: "id", In: "path"}, {Name: "tag", Many: true, Enum: []string{"a", "b"}}}}, func(w http.ResponseWriter, r *http.Request) error {
			return web.JSON(w, r, http.StatusOK, answer{Name: r.PathValue("id")})
		})
	}
	h := rs.Handler()
	for _, path := range []string{"/x/", "/x/things/7"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusOK || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
	text, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		OpenAPI string
		Servers []struct{ URL string }
		Paths   map[string]map[string]struct {
			Parameters []struct{ Name, In string }
			Responses  map[string]any
		}
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	get := doc.Paths["/things/{id}"]["get"]
	if doc.OpenAPI != "3.1.0" || doc.Servers[0].URL != "/x" || len(get.Parameters) != 2 || get.Responses["404"] == nil || doc.Components.Schemas["Answer"] == nil {
		t.Errorf("%s", text)
	}
}

func TestAskedReadsAddressAndBody(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, kind, body, query string
		want                    string
		fails                   fault.Kind
	}{
		{"address", "", "", "a=1&a=2&b=", "a=1&a=2", ""},
		{"form", "application/x-www-form-urlencoded; charset=utf-8", "a=3&c=+", "a=1", "a=1&a=3", ""},
		{"object", "application/json", `{"a":[1,"x"],"b":true,"c":null}`, "", "a=1&a=x&b=true", ""},
		{"nested object", "application/json", `{"a":{"b":1}}`, "", "", fault.KindInvalid},
		{"broken object", "application/json", `{"a":`, "", "", fault.KindInvalid},
		{"array", "application/json", `[1]`, "", "", fault.KindInvalid},
		{"other type", "text/csv", `a,b`, "", "", fault.KindUnsupported},
		{"no type but empty", "", " ", "a=1", "a=1", ""},
		{"broken query", "", "", "a=%zz", "", fault.KindInvalid},
	} {
		r := httptest.NewRequest(http.MethodPost, "/?"+c.query, strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.kind)
		v, err := openapi.Asked(r)
		if fault.KindOf(err) != c.fails {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if err == nil && v.Encode() != c.want {
			t.Errorf("%s: %s, want %s", c.name, v.Encode(), c.want)
		}
	}
}

func TestValuesCollectMistakes(t *testing.T) {
	t.Parallel()
	v := openapi.Read(url.Values{"page": {"0"}, "r": {"nan"}, "full": {"perhaps"}, "f": {"XML"}, "t": {"yesterday"}, "lang": {"de"}, "q": {strings.Repeat("x", 501)}, "n": {strings.Repeat("9", 30)}})
	v.Int(1, 1, "page")
	v.Int(1, 1, "n")
	v.Float(10, "r")
	v.Bool("full")
	v.Choice("f", "json", "json", "ndjson")
	v.Time("t")
	v.Language()
	var fields []string
	for _, f := range fault.All(v.Err()) {
		fields = append(fields, f.Field)
	}
	if got := strings.Join(fields, " "); got != "q page n r full f t lang" {
		t.Errorf("the mistakes are in %s", got)
	}
	good := openapi.Read(url.Values{"page": {"7"}, "r": {"2.5"}, "full": {"TRUE"}, "f": {"NDJSON"}, "need": {"a,b", "b", " c "}, "perPage": {"9"}})
	if good.Int(1, 1, "page") != 7 || good.Int(50, 1, "per_page", "perPage") != 9 || good.Float(3, "r") != 2.5 || !good.Bool("full") || good.Bool("none") ||
		good.Choice("f", "json", "json", "ndjson") != "ndjson" || strings.Join(good.List("need"), " ") != "a b c" || good.Err() != nil {
		t.Errorf("%+v, %v", good, good.Err())
	}
	want := time.Date(2026, 1, 31, 8, 30, 0, 0, time.UTC)
	for _, text := range []string{"2026-01-31T09:30:00+01:00", "2026-01-31T09:30:00 01:00", "2026-01-31T08:30:00Z", "2026-01-31 08:30:00", "2026-01-31T08:30"} {
		v := openapi.Read(url.Values{"t": {text}})
		if got := v.Time("t"); !got.Equal(want) || v.Err() != nil {
			t.Errorf("%s: %v, %v", text, got, v.Err())
		}
	}
}

// FuzzValues: whatever is asked, a value is read or refused by name, and what is read can be used.
func FuzzValues(f *testing.F) {
	for _, seed := range []string{"page=1&per_page=2", "modified_after=2026-01-01T00:00:00+01:00", "full=yes&format=ndjson", "r=1e999", "page=-1", "a=%00", "lang=ar"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		v := openapi.Read(values)
		page, size, radius, at := v.Int(1, 1, "page"), v.Int(50, 1, "per_page", "perPage"), v.Float(100, "r"), v.Time("modified_after")
		_ = v.Bool("full")
		format, language := v.Choice("format", "json", "json", "ndjson"), v.Language()
		if page < 1 || size < 1 || radius < 0 || radius > 100 || radius != radius || (format != "json" && format != "ndjson") || (language != "" && !lang.Known(language)) || at.Year() < 1 {
			t.Fatalf("%q was read as %d %d %v %v %q %q", query, page, size, radius, at, format, language)
		}
		for _, err := range fault.All(v.Err()) {
			if err.Kind != fault.KindInvalid {
				t.Fatalf("%q: %v", query, err)
			}
		}
	})
}

// A small request full of mistakes must not get a huge answer.
func TestMistakesAreCounted(t *testing.T) {
	t.Parallel()
	wide := url.Values{"page": slices.Repeat([]string{"x"}, 100_000), "long": slices.Repeat([]string{strings.Repeat("a", 501)}, 1000)}
	for i := range 1000 {
		wide.Add(strings.Repeat("n", i+1), strings.Repeat("a", 501))
	}
	v := openapi.Read(wide)
	v.Int(1, 1, "page")
	if n := len(fault.All(v.Err())); n == 0 || n > 20 {
		t.Errorf("%d mistakes are named", n)
	}
	many := openapi.Read(url.Values{"spoken": slices.Repeat([]string{"it"}, 60)})
	if n := len(fault.All(many.Err())); n != 1 {
		t.Errorf("too many values of one parameter are %d mistakes, want 1", n)
	}
}
