// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"

	"approdo/internal/kit/fault"
)

// static is what web/ builds (npm run build) with, beside every text file, its
// compressed forms made by internal/kit/web/pack.
//
//go:embed static
var static embed.FS

// asset is one file under /static/.
type asset struct {
	name        string // name in the address, with the hash of the content
	contentType string
	tag         string
	plain       []byte
	br, gz      []byte // nil when compression gains nothing
}

// assets by their plain name ("site.css") and by the name in the address.
var assets, served = loadAssets()

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".png": "image/png", ".ico": "image/x-icon", ".txt": "text/plain; charset=utf-8",
}

// hashed finds the hash that the build itself puts into the names of fonts, because
// the style sheet names them.
var hashed = regexp.MustCompile(`\.[0-9a-f]{12}(\.[a-z0-9]+)$`)

func loadAssets() (byName, byAddress map[string]*asset) {
	byName, byAddress = map[string]*asset{}, map[string]*asset{}
	entries, err := static.ReadDir("static")
	if err != nil {
		panic("web: " + err.Error()) // embedded: only a broken build gets here
	}
	for _, entry := range entries {
		name := entry.Name()
		ext := path.Ext(name)
		if ext == ".br" || ext == ".gz" {
			continue
		}
		contentType, ok := contentTypes[ext]
		if !ok {
			panic("web: no content type for static/" + name)
		}
		plain := mustRead(name)
		sum := sha256.Sum256(plain)
		hash := hex.EncodeToString(sum[:6])
		a := &asset{name: name, contentType: contentType, tag: hash, plain: plain}
		a.br, _ = fs.ReadFile(static, "static/"+name+".br") // absent where it gains nothing
		a.gz, _ = fs.ReadFile(static, "static/"+name+".gz")
		if match := hashed.FindStringSubmatch(name); match != nil {
			name = strings.TrimSuffix(name, match[0]) + match[1]
		} else {
			a.name = strings.TrimSuffix(name, ext) + "." + hash + ext
		}
		byName[name], byAddress[a.name] = a, a
	}
	return byName, byAddress
}

func mustRead(name string) []byte {
	data, err := fs.ReadFile(static, "static/"+name)
	if err != nil {
		panic("web: " + err.Error())
	}
	return data
}

// Asset is the address of a static file, with the hash of its content in the name:
// it may be kept for ever. An unknown name is a mistake of the programmer and panics.
func Asset(name string) string {
	a, ok := assets[name]
	if !ok {
		panic(fmt.Sprintf("web: there is no static file %q", name))
	}
	return "/static/" + a.name
}

// AssetBytes is the content of a static file, for pages that must carry it whole
// (the sheet made into a PDF, the list of files kept offline).
func AssetBytes(name string) []byte {
	a, ok := assets[name]
	if !ok {
		panic(fmt.Sprintf("web: there is no static file %q", name))
	}
	return a.plain
}

func serveAsset(w http.ResponseWriter, r *http.Request) error {
	a, ok := served[r.PathValue("name")]
	if !ok {
		return fault.NotFound("fault.no_page")
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", a.contentType)
	body, tag := a.plain, a.tag
	if a.br != nil || a.gz != nil {
		h.Set("Vary", "Accept-Encoding")
		switch {
		case a.br != nil && accepts(r, "br"):
			body, tag = a.br, tag+"-br"
			h.Set("Content-Encoding", "br")
		case a.gz != nil && accepts(r, "gzip"):
			body, tag = a.gz, tag+"-gz"
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	if unchanged(r, h.Get("ETag")) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	_, _ = w.Write(body) // the reader has gone: nothing to be done
	return nil
}
