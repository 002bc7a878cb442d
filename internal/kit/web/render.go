// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"github.com/a-h/templ"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render writes a page. It is made in memory first, so that an error halfway is a
// proper error page, and so that a reader who has it already gets 304. A page with a method
// SetHeader(http.Header) is asked for what it has to say in the header.
func Render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := page.Render(r.Context(), b); err != nil {
		return err
	}
	if with, ok := page.(interface{ SetHeader(http.Header) }); ok {
		with.SetHeader(w.Header())
	}
	return send(w, r, status, "text/html; charset=utf-8", b.Bytes())
}

// JSON writes v. The answer speaks the language of the request where it has texts.
func JSON(w http.ResponseWriter, r *http.Request, status int, v any) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	encoder := json.NewEncoder(b)
	encoder.SetEscapeHTML(false) // the type is application/json and sniffing is off
	if err := encoder.Encode(v); err != nil {
		return err
	}
	w.Header().Add("Vary", "Accept-Language") // JSON addresses have no language in the path
	return send(w, r, status, "application/json", b.Bytes())
}

// send adds what makes repeated visits cheap. The tag is weak because the same
// page leaves compressed in several ways.
func send(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Language", Lang(r.Context()))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache") // keep, but ask each time whether it changed
	}
	if status == http.StatusOK && h.Get("Cache-Control") != "no-store" {
		if h.Get("ETag") == "" {
			sum := sha256.Sum256(body)
			h.Set("ETag", `W/"`+hex.EncodeToString(sum[:12])+`"`)
		}
		if unchanged(r, h.Get("ETag")) {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the reader has gone: nothing to be done
	return nil
}

// unchanged compares If-None-Match weakly (RFC 9110, 13.1.2).
func unchanged(r *http.Request, tag string) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	for have := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		have = strings.TrimSpace(have)
		if have == "*" || strings.TrimPrefix(have, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// Redirect sends the browser to another page of this site after a form was taken,
// so that reloading does not send it twice. path is whole: use Path for pages.
func Redirect(w http.ResponseWriter, r *http.Request, path string) error {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.HasPrefix(path, `/\`) {
		panic("web: Redirect leads only to pages of this site, not to " + path)
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// NoStore keeps a page out of every cache and of the phone's history copies. For
// pages about violence and whatever could give somebody away. Call it before Render.
func NoStore(w http.ResponseWriter) { w.Header().Set("Cache-Control", "no-store") }
