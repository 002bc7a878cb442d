// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"approdo/internal/kit/web"
)

func TestNobodyIsWatched(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	rs := site(t, func(o *web.Options) {
		o.Log, o.Metrics.Token = slog.New(slog.NewJSONHandler(&log, nil)), "token"
	})
	rs.Page("GET /services/{id}", "service", web.Public, page("x"))
	h := rs.Handler()
	for _, target := range []string{"/it/services/violenza?q=aiuto", "/it/wrong-violenza?q=aiuto", "/services/violenza?q=aiuto"} {
		get(h, target, header{"User-Agent": "phone", "X-Forwarded-For": "198.51.100.7", "Referer": "https://before.example"})
	}
	do(h, "VIOLENZA", "/it/services/violenza", nil, nil)
	metrics := get(h, "/metrics", header{"Authorization": "Bearer token"}).Body.String()
	for _, secret := range []string{"violenza", "VIOLENZA", "aiuto", "192.0.2.1", "198.51.100.7", "phone", "before.example"} {
		if strings.Contains(log.String(), secret) || strings.Contains(metrics, secret) {
			t.Errorf("log or metrics tell %q", secret)
		}
	}
	if !strings.Contains(log.String(), `"route":"/{lang}/services/{id}"`) {
		t.Errorf("the log lacks the route: %s", log.String())
	}
	for _, line := range []string{
		`http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="200",http_route="/{lang}/services/{id}"} 1`,
		`http_server_request_duration_seconds_count{http_request_method="_OTHER",http_response_status_code="405",http_route=""} 1`,
		"http_server_active_requests 1",
	} {
		if !strings.Contains(metrics, line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
}

func TestMetricsAreForThoseWhoAreNamed(t *testing.T) {
	t.Parallel()
	proxy := netip.MustParsePrefix("192.0.2.1/32") // httptest's visitor
	for name, c := range map[string]struct {
		rule    web.MetricsRule
		proxies []netip.Prefix
		header  header
		want    int
	}{
		"nobody":                  {want: http.StatusNotFound},
		"no token set, none sent": {header: header{"Authorization": "Bearer "}, want: http.StatusNotFound},
		"the token":               {rule: web.MetricsRule{Token: "t0k"}, header: header{"Authorization": "Bearer t0k"}, want: http.StatusOK},
		"another token":           {rule: web.MetricsRule{Token: "t0k"}, header: header{"Authorization": "Bearer t0l"}, want: http.StatusNotFound},
		"the address":             {rule: web.MetricsRule{From: []netip.Prefix{proxy}}, want: http.StatusOK},
		"another address":         {rule: web.MetricsRule{From: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}, want: http.StatusNotFound},
		"said to be the address":  {rule: web.MetricsRule{From: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}, header: header{"X-Forwarded-For": "10.0.0.1"}, want: http.StatusNotFound},
		"behind the proxy":        {rule: web.MetricsRule{From: []netip.Prefix{proxy}}, proxies: []netip.Prefix{proxy}, header: header{"X-Forwarded-For": "198.51.100.7"}, want: http.StatusNotFound},
	} {
		h := site(t, func(o *web.Options) { o.Metrics, o.TrustedProxies = c.rule, c.proxies }).Handler()
		w := get(h, "/metrics", c.header)
		if w.Code != c.want || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %q", name, w.Code, w.Header().Get("Cache-Control"))
		}
	}
}

// One page that answers in JSON does not make JSON of the errors of all others.
func TestLostPagesStayPages(t *testing.T) {
	t.Parallel()
	rs := site(t, nil)
	rs.Page("POST /proof", "proof", web.Public, func(http.ResponseWriter, *http.Request) error { return nil }, web.JSONErrors)
	w := httptest.NewRecorder()
	rs.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/it/nothing", nil))
	if got := w.Header().Get("Content-Type"); w.Code != http.StatusNotFound || !strings.HasPrefix(got, "text/html") {
		t.Errorf("%d %s", w.Code, got)
	}
}
