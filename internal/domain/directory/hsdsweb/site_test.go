// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package hsdsweb_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/demo"
	"approdo/internal/domain/directory/hsdsweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
	"approdo/internal/kit/web/ui"
)

func clock() time.Time { return time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC) }

// api is the HSDS API over a directory.
type api struct {
	t         *testing.T
	handler   http.Handler
	directory *directory.UseCases
	document  *openapi.Document
}

// serve builds the API over a database that holds the batches.
func serve(t *testing.T, d *db.DB, batches ...directory.Batch) api {
	t.Helper()
	words, err := lang.Open(ui.Locales(), openapi.Locales(), hsdsweb.Locales())
	if err != nil {
		t.Fatal(err)
	}
	u := directory.New(d, clock)
	for _, b := range batches {
		if _, err := u.Save(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	f := directory.NewFinder(u)
	if err := f.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	site := &ui.Site{}
	rs := web.New(web.Options{Catalogue: words, ErrorPage: site.ErrorPage, PublicURL: "https://approdo.example", Log: slog.New(slog.DiscardHandler)})
	document := hsdsweb.Register(rs, hsdsweb.Deps{Directory: u, Finder: f, Profile: "/api", Version: "1"})
	return api{t, rs.Handler(), u, document}
}

// census is the example census, made once: nobody writes to its records.
func census(t *testing.T) directory.Batch {
	t.Helper()
	b, err := example()
	if err != nil {
		t.Fatal(err)
	}
	b.Services = slices.Clone(b.Services)
	return b
}

var example = sync.OnceValues(func() (directory.Batch, error) { return demo.Census(clock()) })

// sample is one in four of the example services, for tests that need no more.
func sample(t *testing.T) directory.Batch {
	t.Helper()
	b := census(t)
	var some []directory.Service
	for i := 0; i < len(b.Services); i += 4 {
		// Every region comes up: the census goes through them one after the other.
		some = append(some, b.Services[min(i+i/4%4, len(b.Services)-1)])
	}
	b.Services = some
	return b
}

// ask sends a request; headers come in pairs.
func (a api) ask(method, target, body string, headers ...string) *httptest.ResponseRecorder {
	a.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	return w
}

// get reads a JSON answer that must be 200.
func (a api) get(target string) map[string]any {
	a.t.Helper()
	w := a.ask(http.MethodGet, target, "")
	if w.Code != http.StatusOK {
		a.t.Fatalf("%s: %d %s", target, w.Code, w.Body)
	}
	return decode(a.t, w.Body)
}

func decode(t *testing.T, body io.Reader) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.NewDecoder(body).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// contents are the records of a page.
func contents(page map[string]any) []map[string]any {
	list, _ := page["contents"].([]any)
	out := make([]map[string]any, 0, len(list))
	for _, item := range list {
		record, _ := item.(map[string]any)
		out = append(out, record)
	}
	return out
}

func idsOf(records []map[string]any) []string {
	out := make([]string, len(records))
	for i, r := range records {
		out[i], _ = r["id"].(string)
	}
	return out
}

// shared is a folder of the data that the project was given, $APPRODO_SHARED or found upward.
func shared(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("APPRODO_SHARED")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for root = filepath.Join(dir, "shared", "data"); !isDir(root); root = filepath.Join(dir, "shared", "data") {
			parent := filepath.Dir(dir)
			if parent == dir {
				t.Fatal("no folder shared/data beside or above the project: set APPRODO_SHARED")
			}
			dir = parent
		}
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
