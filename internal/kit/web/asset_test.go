// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"approdo/internal/kit/web"
)

func TestAssetsAreKeptForEver(t *testing.T) {
	t.Parallel()
	h := site(t, nil).Handler()
	for _, name := range []string{"site.css", "site.rtl.css", "site.js", "map.js", "map.css", "icons.svg", "titillium-400.woff2"} {
		address := web.Asset(name)
		if address == "/static/"+name {
			t.Errorf("%s has no hash in its address", name)
		}
		for _, accept := range []string{"br, gzip", "gzip", ""} {
			w := get(h, address, header{"Accept-Encoding": accept})
			if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("ETag") == "" {
				t.Errorf("%s: %d %v", address, w.Code, w.Header())
			}
			if got := decode(t, w); got != string(web.AssetBytes(name)) {
				t.Errorf("%s as %q: another content", name, w.Header().Get("Content-Encoding"))
			}
			again := get(h, address, header{"Accept-Encoding": accept, "If-None-Match": w.Header().Get("ETag")})
			if again.Code != 304 || again.Body.Len() > 0 {
				t.Errorf("%s again: %d", address, again.Code)
			}
		}
	}
	for _, address := range []string{"/static/site.css", "/static/site.css.br", "/static/..%2fdoc.go", "/static/"} {
		if w := get(h, address, nil); w.Code != 404 {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
	mustPanic(t, "an unknown file", func() { web.Asset("nothing.css") })
}

// Whoever built the sources and forgot to pack would send yesterday's style to
// browsers that take brotli and today's to the others.
func TestPackedFormsAreUpToDate(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("static/*")
	if err != nil || len(names) == 0 {
		t.Fatalf("no static files: %v", err)
	}
	for _, name := range names {
		switch filepath.Ext(name) {
		case ".css", ".js", ".svg":
			plain := read(t, name)
			unpacked, err := gzip.NewReader(bytes.NewReader(read(t, name+".gz")))
			if err != nil {
				t.Fatal(err)
			}
			for kind, reader := range map[string]io.Reader{"br": brotli.NewReader(bytes.NewReader(read(t, name+".br"))), "gz": unpacked} {
				got, err := io.ReadAll(reader)
				if err != nil || !bytes.Equal(got, plain) {
					t.Errorf("%s.%s is not %s: run npm run build in web/", name, kind, name)
				}
			}
		case ".br", ".gz":
			read(t, strings.TrimSuffix(name, filepath.Ext(name)))
		}
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The security policy forbids data: and other hosts; a style that wants them would
// be broken without anybody noticing.
func TestStylesAskNothingOfOthers(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"site.css", "site.rtl.css", "map.css", "plain.css"} {
		css := string(web.AssetBytes(name))
		for _, bad := range []string{"data:", "http:", "https:", "@import"} {
			if strings.Contains(css, bad) {
				t.Errorf("%s has %q", name, bad)
			}
		}
		for _, part := range strings.Split(css, "url(")[1:] {
			address, _, _ := strings.Cut(part, ")")
			if strings.HasPrefix(address, "#") {
				continue
			}
			if w := get(site(t, nil).Handler(), strings.Trim(address, `"'`), nil); w.Code != 200 {
				t.Errorf("%s names %s, which is not there", name, address)
			}
		}
	}
}
