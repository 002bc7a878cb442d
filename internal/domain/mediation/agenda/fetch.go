// SPDX-License-Identifier: EUPL-1.2

package agenda

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"code.dny.dev/ssrf"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/calendar/ical"
	"approdo/internal/kit/outside"
)

const (
	maxFile   = 8 << 20 // bytes of a calendar
	fetchTime = 30 * time.Second
	redirects = 5
)

// fetched is what an address answered.
type fetched struct {
	trouble        Trouble
	same           bool // nothing has changed since
	etag, modified string
	busy           []calendar.Interval
	odd            int
}

// client reaches public addresses alone, and follows few redirects, none from TLS to plain text.
func client(allowed []netip.Prefix) *http.Client {
	return &http.Client{
		Timeout: fetchTime,
		Transport: &http.Transport{
			DialContext: outside.Dialer(allowed).DialContext, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 20 * time.Second,
			DisableKeepAlives: true, Proxy: nil, // a proxy would look the name up in our place
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) >= redirects || r.URL.Scheme != "https" && (r.URL.Scheme != "http" || via[0].URL.Scheme == "https") {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}
}

// get asks an address for its calendar.
func (u *UseCases) get(ctx context.Context, o Outside, address string) fetched {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fetched{trouble: Forbidden}
	}
	r.Header.Set("Accept", "text/calendar, */*;q=0.5")
	r.Header.Set("User-Agent", "Approdo (busy times)")
	fresh := u.Clock().Sub(o.whole) < wholeEvery
	if o.etag != "" && fresh {
		r.Header.Set("If-None-Match", o.etag)
	}
	if o.modified != "" && fresh {
		r.Header.Set("If-Modified-Since", o.modified)
	}
	answer, err := client(u.Allowed).Do(r)
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP) || errors.Is(err, ssrf.ErrProhibitedPort) || errors.Is(err, ssrf.ErrProhibitedNetwork):
		return fetched{trouble: Forbidden}
	case err != nil:
		return fetched{trouble: Unreachable}
	}
	defer func() { _ = answer.Body.Close() }()
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusNotModified:
		if fresh {
			return fetched{same: true}
		}
		return fetched{trouble: Failing}
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		return fetched{trouble: Gone}
	default:
		return fetched{trouble: Failing}
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxFile+1))
	switch {
	case err != nil:
		return fetched{trouble: Unreachable}
	case len(data) > maxFile:
		return fetched{trouble: TooLarge}
	}
	got := u.busyIn(data)
	got.etag, got.modified = kept(answer.Header.Get("ETag")), kept(answer.Header.Get("Last-Modified"))
	return got
}

// busyIn reads the busy times of a calendar, for a year to come.
func (u *UseCases) busyIn(data []byte) fetched {
	file, dropped, err := ical.Read(data, ical.File)
	if errors.Is(err, ical.ErrTooMuch) {
		return fetched{trouble: TooLarge}
	}
	if err != nil {
		return fetched{trouble: NoCalendar}
	}
	now := u.Clock()
	read, err := ical.BusyTimes(file, calendar.Interval{From: now.Add(-24 * time.Hour), To: now.Add(busyAhead)}, calendar.Rome(), ical.File)
	if err != nil {
		return fetched{trouble: TooLarge}
	}
	busy := read.Busy()
	if len(busy) > mostBusy {
		return fetched{trouble: TooLarge}
	}
	return fetched{busy: busy, odd: read.Odd + dropped}
}

// kept is a header that is sent back, if it can be.
func kept(value string) string {
	if len(value) > 200 || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return value
}
