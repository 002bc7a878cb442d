// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"approdo/internal/app"
	"approdo/internal/kit/fault"
)

// Behind a proxy that is named, what it says of the visitor counts; what others say never does.
func TestTrustedProxies(t *testing.T) {
	t.Parallel()
	a, err := app.Open(t.Context(), app.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	config := app.ServeConfig{Log: slog.New(slog.DiscardHandler), TrustedProxies: "10.1.0.0/16, 192.0.2.7,::1"}
	site, _, err := a.Site(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	for peer, want := range map[string]bool{"10.1.2.3:1": true, "192.0.2.7:1": true, "[::1]:1": true, "10.2.0.1:1": false, "192.0.2.8:1": false} {
		r := httptest.NewRequest(http.MethodGet, "/it/", nil)
		r.RemoteAddr = peer
		r.Header.Set("X-Forwarded-Proto", "https")
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if got := w.Header().Get("Strict-Transport-Security") != ""; got != want {
			t.Errorf("%s is believed: %t", peer, got)
		}
	}
	for _, bad := range []string{"proxy", "10.0.0.0/33", "0.0.0.0/0", "::/0", "10.0.0.1;10.0.0.2"} {
		config.TrustedProxies = bad
		if _, _, err := a.Site(t.Context(), config); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Tiles may come from one host, which the content security policy names; what would say something else there
// stops the start.
func TestTilesNameOneHost(t *testing.T) {
	t.Parallel()
	a, err := app.Open(t.Context(), app.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	for tiles, want := range map[string]string{
		"": "img-src 'self';", "/tiles/{z}/{x}/{y}.png": "img-src 'self';", "https://tiles.example/{z}/{x}/{y}.png": "img-src 'self' https://tiles.example;",
		"https://[::1%25a%2Cb]/{z}/{x}/{y}.png": "", "tiles.example:8080/{z}": "", "https://a;b/{z}": "",
	} {
		site, _, err := a.Site(t.Context(), app.ServeConfig{Log: slog.New(slog.DiscardHandler), Tiles: tiles})
		if want == "" {
			if !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%q: %v", tiles, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/it/", nil))
		if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, want) {
			t.Errorf("%q: %s", tiles, policy)
		}
	}
}
