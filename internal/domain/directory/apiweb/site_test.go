// SPDX-License-Identifier: EUPL-1.2

package apiweb_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/apiweb"
	"approdo/internal/domain/directory/demo"
	"approdo/internal/kit/db"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
	"approdo/internal/kit/web/ui"
)

// clock is a Tuesday, half past ten in Italy.
func clock() time.Time { return time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC) }

// api is the JSON API over a directory.
type api struct {
	t         *testing.T
	handler   http.Handler
	routes    *web.Routes
	directory *directory.UseCases
	document  *openapi.Document
}

func serve(t *testing.T, d *db.DB, batches ...directory.Batch) api {
	t.Helper()
	words, err := lang.Open(ui.Locales(), openapi.Locales(), apiweb.Locales())
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
	document := apiweb.Register(rs, apiweb.Deps{Directory: u, Finder: f, Site: site})
	return api{t, rs.Handler(), rs, u, document}
}

func census(t *testing.T) directory.Batch {
	t.Helper()
	b, err := demo.Census(clock())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

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

// ask sends a GET; headers come in pairs.
func (a api) ask(target string, headers ...string) *httptest.ResponseRecorder {
	a.t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	return w
}

// get reads an answer of type T that must be 200.
func get[T any](a api, target string, headers ...string) T {
	a.t.Helper()
	var v T
	w := a.ask(target, headers...)
	if w.Code != http.StatusOK {
		a.t.Fatalf("%s: %d %.300s", target, w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		a.t.Fatal(target, err)
	}
	return v
}
