// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/outside"
)

// isAddress tells an address from a path.
func isAddress(s string) bool {
	low := strings.ToLower(s)
	return strings.HasPrefix(low, "http://") || strings.HasPrefix(low, "https://")
}

// answerTime bounds one answer.
const answerTime = 60 * time.Second

// newClient makes a client that only reaches public addresses, and what is allowed besides.
func newClient(allowed []netip.Prefix) *http.Client {
	return &http.Client{
		Timeout: answerTime,
		Transport: &http.Transport{
			DialContext: outside.Dialer(allowed).DialContext, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 30 * time.Second,
			MaxIdleConnsPerHost: 2, Proxy: nil, // a proxy would look up the address in our place
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) >= 5 || r.URL.Scheme != "http" && r.URL.Scheme != "https" {
				return fault.Unavailable("fetch.redirects", "address", r.URL.Redacted())
			}
			if via[0].URL.Scheme == "https" && r.URL.Scheme == "http" {
				return fault.Unavailable("fetch.downgrade", "address", r.URL.Redacted())
			}
			return nil
		},
	}
}

// fetcher reads one address, and the pages that belong to it.
type fetcher struct {
	client *http.Client
	budget *budget
	opt    Options
	report *Report
	pages  int
	files  []file
	last   *Validators // of the request that is being made; nil asks for everything
}

// fetch reads an address: a file, a zip, one page of an HSDS API and those that follow it, or the
// root of such an API.
func fetch(ctx context.Context, address string, opt Options, b *budget, report *Report) ([]file, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return nil, fault.Invalid("import", "fetch.address", "address", shorten(address))
	}
	f := &fetcher{client: newClient(opt.Allowed), budget: b, opt: opt, report: report}
	defer f.client.CloseIdleConnections()
	data, err := f.first(ctx, u)
	if err != nil {
		return nil, err
	}
	defer f.forget()
	name := path.Base(u.Path)
	if !isReadable(name) && looksJSON(data) {
		name = strings.Trim(u.Host+u.Path, "/") + ".json"
	}
	trees, err := readTrees(data)
	if !looksJSON(data) || err != nil || len(trees) != 1 {
		return openFile(file{name, data}, b, report)
	}
	if _, root := trees[0].get("openapi_url"); root {
		for _, list := range []string{"services", "organizations", "taxonomies", "taxonomy_terms"} {
			at := u.JoinPath(list) // #nosec G125 -- one of the names above
			if list == "services" {
				at.RawQuery = "full=true"
			}
			if err := f.list(ctx, at, list == "services"); err != nil {
				return nil, err
			}
		}
		return f.files, nil
	}
	f.files = append(f.files, file{name, data})
	return f.files, f.follow(ctx, u, &trees[0], path.Base(u.Path) == "services")
}

// first reads the address itself, unless it has what was read the last time.
func (f *fetcher) first(ctx context.Context, u *url.URL) ([]byte, error) {
	f.last = f.opt.Last
	defer func() { f.last = nil }()
	return f.get(ctx, u)
}

// forget: the first of several answers says nothing of the others.
func (f *fetcher) forget() {
	if f.opt.Last != nil && f.pages > 1 {
		*f.opt.Last = Validators{}
	}
}

// list reads every page of a list; one that the API does not have is noted.
func (f *fetcher) list(ctx context.Context, u *url.URL, details bool) error {
	data, err := f.get(ctx, u)
	if fault.Is(err, fault.KindNotFound) {
		f.report.add(Problem{File: u.Redacted(), Severity: Note, Key: "fetch.no-list"})
		return nil
	}
	if err != nil {
		return err
	}
	trees, err := readTrees(data)
	if err != nil || len(trees) != 1 {
		return fault.Invalid("import", "fetch.no-json", "address", u.Redacted()).Because(err)
	}
	f.add(u, data)
	return f.follow(ctx, u, &trees[0], details)
}

func (f *fetcher) add(u *url.URL, data []byte) {
	name := path.Base(u.Path)
	if q := u.Query().Get("page"); q != "" {
		name += "-" + q
	}
	f.files = append(f.files, file{strings.Trim(u.Host+path.Dir(u.Path), "/") + "/" + name + ".json", data})
}

// follow reads the pages after the first, and the whole record of every service of a list that
// only has the outlines, as the standard's minimal lists do.
func (f *fetcher) follow(ctx context.Context, first *url.URL, page *tree, details bool) error {
	total := pageNumber(page, "total_pages")
	for n := 1; ; n++ {
		if details {
			if err := f.details(ctx, first, page); err != nil {
				return err
			}
		}
		if n >= total || isLast(page) {
			return nil
		}
		next := *first
		q := next.Query()
		q.Set("page", strconv.Itoa(n+1))
		next.RawQuery = q.Encode()
		data, err := f.get(ctx, &next)
		if err != nil {
			return err
		}
		trees, err := readTrees(data)
		if err != nil || len(trees) != 1 {
			return fault.Invalid("import", "fetch.no-json", "address", next.Redacted()).Because(err)
		}
		f.add(&next, data)
		page = &trees[0]
	}
}

func pageNumber(page *tree, name string) int {
	if v, ok := page.get(name); ok {
		n, _ := strconv.Atoi(v.text)
		return n
	}
	return 0
}

func isLast(page *tree) bool {
	last, ok := page.get("last_page")
	return ok && last.text == "true"
}

func (f *fetcher) details(ctx context.Context, list *url.URL, page *tree) error {
	for _, name := range pageLists {
		records, ok := page.get(name)
		if !ok {
			continue
		}
		for i := range records.items {
			id, ok := records.items[i].get("id")
			if _, whole := records.items[i].get("service_at_locations"); !ok || whole {
				continue
			}
			if strings.Trim(id.text, ".") == "" { // it would lead above the list
				f.report.add(Problem{File: list.Redacted(), Severity: Warning, Key: "fetch.no-record", Value: id.text})
				continue
			}
			u := list.JoinPath(url.PathEscape(id.text))
			u.RawQuery = ""
			data, err := f.get(ctx, u)
			if fault.Is(err, fault.KindNotFound) {
				f.report.add(Problem{File: u.Redacted(), Severity: Warning, Key: "fetch.no-record", Value: id.text})
				continue
			}
			if err != nil {
				return err
			}
			f.files = append(f.files, file{strings.Trim(u.Host+u.Path, "/") + ".json", data})
		}
	}
	return nil
}

func (f *fetcher) get(ctx context.Context, u *url.URL) ([]byte, error) {
	if f.pages++; f.pages > f.opt.Limits.Pages {
		return nil, fault.TooLarge("import", "limit.pages", "most", f.opt.Limits.Pages)
	}
	if f.opt.Progress != nil {
		f.opt.Progress(u.Redacted(), f.pages)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fault.Invalid("import", "fetch.address", "address", u.Redacted()).Because(err)
	}
	r.Header.Set("Accept", "application/json, text/csv, application/zip, */*;q=0.5")
	r.Header.Set("User-Agent", "Approdo (directory import)")
	if f.last != nil && f.last.ETag != "" {
		r.Header.Set("If-None-Match", f.last.ETag)
	}
	if f.last != nil && f.last.Modified != "" {
		r.Header.Set("If-Modified-Since", f.last.Modified)
	}
	answer, err := f.client.Do(r)
	if err != nil {
		return nil, fault.Unavailable("fetch.failed", "address", u.Redacted()).Because(err)
	}
	defer func() { _ = answer.Body.Close() }()
	switch {
	case answer.StatusCode == http.StatusNotFound, answer.StatusCode == http.StatusGone:
		return nil, fault.NotFound("fetch.not-found", "address", u.Redacted())
	case answer.StatusCode == http.StatusNotModified && f.last != nil && *f.last != Validators{}:
		return nil, ErrUnchanged
	case answer.StatusCode != http.StatusOK:
		return nil, fault.Unavailable("fetch.status", "address", u.Redacted(), "status", answer.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, f.budget.File+1))
	if err != nil {
		return nil, fault.Unavailable("fetch.failed", "address", u.Redacted()).Because(fmt.Errorf("after %d bytes: %w", len(data), err))
	}
	if f.last != nil {
		*f.last = Validators{ETag: answer.Header.Get("ETag"), Modified: answer.Header.Get("Last-Modified")}
	}
	return data, f.budget.take(u.Redacted(), int64(len(data)))
}
