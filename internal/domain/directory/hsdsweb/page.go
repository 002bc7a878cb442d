// SPDX-License-Identifier: EUPL-1.2

package hsdsweb

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/kit/web"
)

// Page is the envelope of every list, with all of the standard's fields.
type Page[T any] struct {
	TotalItems int  `json:"total_items"`
	TotalPages int  `json:"total_pages"`
	PageNumber int  `json:"page_number"`
	Size       int  `json:"size"`
	FirstPage  bool `json:"first_page"`
	LastPage   bool `json:"last_page"`
	Empty      bool `json:"empty"`
	Contents   []T  `json:"contents"`
}

func pageOf[T any](a ask, total int, contents []T) Page[T] {
	if contents == nil {
		contents = []T{}
	}
	pages, number := 0, a.page
	switch {
	case total > 0 && a.size == 0:
		pages = 1
	case total > 0:
		pages = (total + a.size - 1) / a.size
	}
	return Page[T]{
		TotalItems: total, TotalPages: pages, PageNumber: number, Size: len(contents),
		FirstPage: number == 1, LastPage: number >= pages, Empty: len(contents) == 0, Contents: contents,
	}
}

// source is where a list comes from: keys of a page (size 0: all), and the records of keys.
type source[K, T any] struct {
	keys func(ctx context.Context, page, size int) ([]K, int, error)
	load func(ctx context.Context, keys []K) ([]T, error)
}

// answer sends a list as a page or as lines.
func answer[K, T any](w http.ResponseWriter, r *http.Request, a ask, s source[K, T]) error {
	if err := a.Err(); err != nil {
		return err
	}
	if a.lines {
		return stream(w, r, a, s)
	}
	keys, total, err := s.keys(r.Context(), a.page, a.size)
	if err != nil {
		return explain(err)
	}
	contents, err := s.load(r.Context(), keys)
	if err != nil {
		return err
	}
	page := pageOf(a, total, contents)
	links(w, r, page.PageNumber, page.TotalPages)
	return web.JSON(w, r, http.StatusOK, page)
}

// links names the neighbouring pages (RFC 8288).
func links(w http.ResponseWriter, r *http.Request, number, pages int) {
	if r.Method != http.MethodGet {
		return
	}
	link := func(rel string, page int) {
		query := r.URL.Query()
		query.Set("page", strconv.Itoa(page))
		target := url.URL{Path: r.URL.Path, RawQuery: query.Encode()}
		w.Header().Add("Link", "<"+web.Absolute(r.Context(), target.String())+`>; rel="`+rel+`"`)
	}
	if number > 1 && pages > 0 {
		link("prev", min(number-1, pages))
	}
	if number < pages {
		link("next", number+1)
	}
}

const (
	chunk      = 200             // records read at once for a stream
	chunkGrace = 2 * time.Minute // in which a reader takes a chunk
)

// stream sends every record as a line. The records are read in chunks: a slow reader holds no
// transaction, and may get a record that has changed since it began.
func stream[K, T any](w http.ResponseWriter, r *http.Request, a ask, s source[K, T]) error {
	keys, _, err := s.keys(r.Context(), 1, 0)
	if err != nil {
		return explain(err)
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.Header().Set("Content-Language", web.Lang(r.Context()))
	w.Header().Set("Cache-Control", "no-cache")
	control := http.NewResponseController(w)
	out := bufio.NewWriter(w)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for part := range slices.Chunk(keys, chunk) {
		records, err := s.load(r.Context(), part)
		if err != nil {
			return err
		}
		// Not every writer has deadlines; then there is none to move.
		_ = control.SetWriteDeadline(time.Now().Add(chunkGrace))
		for _, record := range records {
			if err := encoder.Encode(record); err != nil {
				return err
			}
		}
		if err := out.Flush(); err != nil {
			return nil //nolint:nilerr // the reader has gone: nothing to be done
		}
		_ = control.Flush()
	}
	return nil
}

// unchanged answers 304 to a reader of lines who has all of them, and gives others the tag for the
// next time. Lines are not made in memory first, so the tag comes from what they depend on. A search
// depends on the clock as well and has none.
func (d *doors) unchanged(w http.ResponseWriter, r *http.Request, a ask) (bool, error) {
	if !a.lines || r.Method != http.MethodGet || a.Text("search") != "" {
		return false, nil
	}
	seq, err := d.Directory.Seq(r.Context())
	if err != nil {
		return false, err
	}
	sum := sha256.Sum256(fmt.Append(nil, d.Version, seq, r.URL.Path, a.Encode(), a.shape.Language))
	tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
	w.Header().Set("ETag", tag)
	for have := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if have = strings.TrimSpace(have); have == "*" || strings.TrimPrefix(have, "W/") == strings.TrimPrefix(tag, "W/") {
			w.WriteHeader(http.StatusNotModified)
			return true, nil
		}
	}
	return false, nil
}
