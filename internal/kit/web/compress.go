// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzhttp"
)

// minCompressed is the size under which compression gains nothing: one packet.
const minCompressed = 1024

// brotliLevel 5 makes a page of 40 KB a sixth smaller than gzip in about half a millisecond.
const brotliLevel = 5

var brotliWriters = sync.Pool{New: func() any { return brotli.NewWriterLevel(nil, brotliLevel) }}

// compressed sends answers as brotli where the reader takes it, else as gzip.
// Compressing next to secrets can betray them (BREACH): pages carry no token.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(minCompressed), gzhttp.EnableZstd(false), gzhttp.ContentTypeFilter(isText))
	if err != nil {
		panic("web: " + err.Error()) // constant options
	}
	gzipped := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !accepts(r, "br") {
			gzipped.ServeHTTP(w, r)
			return
		}
		bw := &brotliResponse{ResponseWriter: w, status: http.StatusOK}
		defer bw.close()
		next.ServeHTTP(bw, r)
	})
}

// isText says which media types shrink; pictures, fonts, sheets and packages are
// compressed already.
func isText(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	switch kind = strings.TrimSpace(kind); {
	case strings.HasPrefix(kind, "text/"), strings.HasSuffix(kind, "json"), strings.HasSuffix(kind, "xml"):
		return true
	}
	return kind == "application/javascript" || kind == "application/rtf"
}

// accepts reads Accept-Encoding; "br;q=0" is a refusal.
func accepts(r *http.Request, coding string) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) != coding {
			continue
		}
		_, value, given := strings.Cut(quality, "=")
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		return !given || (err == nil && q > 0)
	}
	return false
}

// brotliResponse holds the header back until it is known whether the body is
// worth compressing.
type brotliResponse struct {
	http.ResponseWriter
	status  int
	held    []byte
	decided bool
	writer  *brotli.Writer // nil when sent as it is
}

func (b *brotliResponse) Unwrap() http.ResponseWriter { return b.ResponseWriter }

func (b *brotliResponse) WriteHeader(status int) {
	if status >= 100 && status < 200 {
		b.ResponseWriter.WriteHeader(status)
		return
	}
	b.status = status
}

func (b *brotliResponse) Write(p []byte) (int, error) {
	if !b.decided {
		b.held = append(b.held, p...)
		if len(b.held) < minCompressed {
			return len(p), nil
		}
		return len(p), b.start(true)
	}
	if b.writer != nil {
		return b.writer.Write(p)
	}
	return b.ResponseWriter.Write(p)
}

// Flush sends what there is: streams of records must not wait for a full buffer.
func (b *brotliResponse) Flush() {
	if !b.decided {
		_ = b.start(true)
	}
	if b.writer != nil {
		_ = b.writer.Flush()
	}
	_ = http.NewResponseController(b.ResponseWriter).Flush()
}

// start sends header and held bytes, compressed if that is worth it.
func (b *brotliResponse) start(large bool) error {
	b.decided = true
	h := b.Header()
	if len(b.held) > 0 && h.Get("Content-Type") == "" {
		h.Set("Content-Type", http.DetectContentType(b.held))
	}
	worth := h.Get("Content-Encoding") == "" && h.Get("Content-Range") == "" && isText(h.Get("Content-Type"))
	if worth {
		h.Add("Vary", "Accept-Encoding")
	}
	if large && worth && b.status != http.StatusNotModified && b.status != http.StatusNoContent {
		h.Set("Content-Encoding", "br")
		h.Del("Content-Length")
		b.writer = brotliWriters.Get().(*brotli.Writer)
		b.writer.Reset(b.ResponseWriter)
	}
	b.ResponseWriter.WriteHeader(b.status)
	held := b.held
	b.held = nil
	if len(held) == 0 {
		return nil
	}
	_, err := b.Write(held)
	return err
}

func (b *brotliResponse) close() {
	if !b.decided {
		_ = b.start(false)
	}
	if b.writer != nil {
		_ = b.writer.Close()
		brotliWriters.Put(b.writer)
	}
}
