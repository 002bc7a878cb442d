// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package exchange_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/fault"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// api is a small HSDS API: two pages of outlines, and the whole records behind them.
func api(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	outline := func(n int) string {
		return fmt.Sprintf(`{"id":"00000000-0000-4000-8000-00000000000%d","name":"Servizio %d","status":"active","organization":{"id":"00000000-0000-4000-9000-000000000001","name":"Ente","description":"x"}}`, n, n)
	}
	mux.HandleFunc("GET /hsds/{$}", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"version":"3.1.3","profile":"https://example.org","openapi_url":"https://example.org/openapi.json"}`)
	})
	mux.HandleFunc("GET /hsds/services", func(w http.ResponseWriter, r *http.Request) {
		n := 1
		if r.URL.Query().Get("page") == "2" {
			n = 2
		}
		_, _ = fmt.Fprintf(w, `{"total_items":2,"total_pages":2,"page_number":%d,"size":1,"first_page":%t,"last_page":%t,"empty":false,"contents":[%s]}`, n, n == 1, n == 2, outline(n))
	})
	mux.HandleFunc("GET /hsds/services/{id}", func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		n := int(id[len(id)-1] - '0')
		_, _ = fmt.Fprint(w, strings.TrimSuffix(outline(n), "}")+`,"phones":[{"id":"00000000-0000-4000-a000-00000000000`+fmt.Sprint(n)+`","number":"000"}],"service_at_locations":[]}`)
	})
	mux.HandleFunc("GET /inward", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
	})
	mux.HandleFunc("GET /round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	mux.HandleFunc("GET /large.json", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, strings.Repeat(" ", 5000)) })
	mux.HandleFunc("GET /broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	mux.HandleFunc("GET /package.zip", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(archive(t, map[string]string{"organizations.csv": "id,name,description\n1,Ente,x\n"}))
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestRemote(t *testing.T) {
	t.Parallel()
	s := api(t)
	for _, path := range []string{"/hsds/", "/hsds/services"} {
		batch, report, err := exchange.Read(t.Context(), exchange.Source{Path: s.URL + path}, exchange.Options{Allowed: loopback})
		if err != nil || len(batch.Services) != 2 || len(batch.Services[0].Phones) != 1 || len(batch.Services[1].Phones) != 1 {
			t.Errorf("%s: %v, %d services\n%s", path, err, len(batch.Services), lines(report))
		}
	}
	batch, _, err := exchange.Read(t.Context(), exchange.Source{Path: s.URL + "/package.zip"}, exchange.Options{Allowed: loopback})
	if err != nil || len(batch.Organizations) != 1 {
		t.Errorf("zip: %v", err)
	}
}

// Whatever a feed calls its records, nothing is asked but what stands below its list.
func TestIdentifiersOfAFeedStayInTheirPlace(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL.EscapedPath())
		if r.URL.Path != "/hsds/services" {
			http.NotFound(w, r)
			return
		}
		_, _ = fmt.Fprint(w, `{"total_items":4,"total_pages":1,"page_number":1,"size":4,"first_page":true,"last_page":true,"empty":false,"contents":[
			{"id":"../../admin","name":"a"},{"id":"..","name":"b"},{"id":"","name":"c"},{"id":"x/y?z=1","name":"d"}]}`)
	}))
	t.Cleanup(s.Close)
	_, report, err := exchange.Read(t.Context(), exchange.Source{Path: s.URL + "/hsds/services"}, exchange.Options{Allowed: loopback})
	if want := []string{"/hsds/services", "/hsds/services/..%2F..%2Fadmin", "/hsds/services/x%2Fy%3Fz=1"}; !slices.Equal(asked, want) {
		t.Errorf("asked: %q (%v)\n%s", asked, err, lines(report))
	}
}

// Addresses that lead into a network, at once or by a redirect, are not reached.
func TestRemoteRefused(t *testing.T) {
	t.Parallel()
	s := api(t)
	for _, c := range []struct {
		name, path string
		o          exchange.Options
		kind       fault.Kind
	}{
		{"loopback", s.URL + "/hsds/", exchange.Options{}, fault.KindUnavailable},
		{"metadata of a cloud", "http://169.254.169.254/latest", exchange.Options{}, fault.KindUnavailable},
		{"redirect inward", s.URL + "/inward", exchange.Options{Allowed: loopback}, fault.KindUnavailable},
		{"redirect without end", s.URL + "/round", exchange.Options{Allowed: loopback}, fault.KindUnavailable},
		{"too large", s.URL + "/large.json", exchange.Options{Allowed: loopback, Limits: exchange.Limits{File: 1000}}, fault.KindTooLarge},
		{"too many pages", s.URL + "/hsds/", exchange.Options{Allowed: loopback, Limits: exchange.Limits{Pages: 3}}, fault.KindTooLarge},
		{"an error", s.URL + "/broken", exchange.Options{Allowed: loopback}, fault.KindUnavailable},
		{"nothing there", s.URL + "/nowhere", exchange.Options{Allowed: loopback}, fault.KindNotFound},
		{"a password in the address", "https://name:word@example.org/", exchange.Options{}, fault.KindInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := exchange.Read(t.Context(), exchange.Source{Path: c.path}, c.o)
			if !fault.Is(err, c.kind) {
				t.Errorf("%v", err)
			}
			for _, f := range fault.All(err) {
				if !exchange.Knows(f.Message.Key) {
					t.Errorf("no words for %s", f.Message.Key)
				}
			}
		})
	}
}
