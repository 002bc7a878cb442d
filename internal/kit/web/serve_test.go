// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
)

func TestServeFinishesRunningRequests(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	began, release := make(chan struct{}), make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(began)
		<-release
		fmt.Fprint(w, "done")
	})
	at, ended := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		ended <- web.Serve(ctx, "127.0.0.1:0", handler, web.ServeOptions{Ready: func(a net.Addr) { at <- a }})
	}()
	address := (<-at).String()
	answer := make(chan string, 1)
	go func() {
		response, err := http.Get("http://" + address)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		answer <- string(body)
	}()
	<-began
	stop()
	waitRefused(t, address)
	close(release)
	if got := <-answer; got != "done" {
		t.Errorf("the running request got %q", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("a graceful stop is no error: %v", err)
	}
}

func TestANodeSaysThatItGoesBeforeItGoes(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	at, ended := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		ended <- web.Serve(ctx, "127.0.0.1:0", handler, web.ServeOptions{Ready: func(a net.Addr) { at <- a }, Drain: time.Second})
	}()
	base := "http://" + (<-at).String()
	status := func(path string) int {
		response, err := http.Get(base + path)
		if err != nil {
			return 0
		}
		defer response.Body.Close()
		return response.StatusCode
	}
	if got := status("/readyz"); got != http.StatusOK {
		t.Fatalf("ready: %d", got)
	}
	stop()
	for status("/readyz") == http.StatusOK { // until the server has heard of it
		time.Sleep(time.Millisecond)
	}
	if ready, page := status("/readyz"), status("/it/"); ready != http.StatusServiceUnavailable || page != http.StatusOK {
		t.Errorf("while it goes: ready %d, page %d", ready, page)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got := status("/it/"); got != 0 {
		t.Errorf("after it went: %d", got)
	}
}

// waitRefused waits until new connections are refused, which shows that the server is stopping.
func waitRefused(t *testing.T, address string) {
	t.Helper()
	for range 200 {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		if err != nil {
			return
		}
		_ = conn.Close()
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the server still takes connections after its context ended")
}

func TestServeSaysWhatFails(t *testing.T) {
	t.Parallel()
	if err := web.Serve(t.Context(), "127.0.0.1:notaport", http.NotFoundHandler(), web.ServeOptions{}); err == nil {
		t.Error("an address that cannot be must be an error")
	}
	ctx, stop := context.WithCancel(context.Background())
	hang := make(chan struct{})
	defer close(hang)
	began := make(chan struct{})
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(began); <-hang })
	at, ended := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		ended <- web.Serve(ctx, "127.0.0.1:0", handler, web.ServeOptions{Grace: 20 * time.Millisecond, Ready: func(a net.Addr) { at <- a }})
	}()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", (<-at).String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	<-began
	stop()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "did not end") {
		t.Errorf("got %v", err)
	}
}

// sender makes a site whose one form is limited, and sends it from an address.
func sender(t *testing.T, limiter *web.Limiter) func(peer, forwarded string) *httptest.ResponseRecorder {
	t.Helper()
	return spender(t, limiter, 1)
}

// spender sends forms that cost n each.
func spender(t *testing.T, limiter *web.Limiter, n int64) func(peer, forwarded string) *httptest.ResponseRecorder {
	t.Helper()
	rs := site(t, func(o *web.Options) {
		o.Log = slog.New(slog.DiscardHandler)
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	})
	rs.Handle("POST /form", "form", web.Public, func(w http.ResponseWriter, r *http.Request) error {
		if err := limiter.Spend(w, r, n); err != nil {
			if !fault.Is(err, fault.KindTooMany) {
				t.Errorf("kind %s", fault.KindOf(err))
			}
			return err
		}
		return web.JSON(w, r, http.StatusOK, "ok")
	})
	h := rs.Handler()
	return func(peer, forwarded string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/form", nil)
		r.RemoteAddr = peer
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
}

// A limiter counts bytes as well: what is left of a day is not enough for a large form.
func TestLimiterOfBytes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 7, 10, 0, 0, 0, time.UTC)
	send := spender(t, web.NewLimiter(60, 2500, func() time.Time { return now }), 1000)
	for i, want := range []int{200, 200, 429} {
		if got := send("192.0.2.1:1", "").Code; got != want {
			t.Errorf("form %d: %d, want %d", i, got, want)
		}
	}
	if got := send("192.0.2.1:1", "").Header().Get("Retry-After"); got != "501" {
		t.Errorf("Retry-After %q", got)
	}
	now = now.Add(9 * time.Minute)
	if got := send("192.0.2.1:1", "").Code; got != 200 {
		t.Errorf("nine minutes later: %d", got)
	}
}

func TestLimiter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 7, 10, 0, 0, 0, time.UTC)
	send := sender(t, web.NewLimiter(2, 3, func() time.Time { return now }))
	expect := func(what, peer, forwarded string, want int) {
		t.Helper()
		if got := send(peer, forwarded).Code; got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	for range 3 {
		expect("the first three", "192.0.2.1:1", "", 200)
	}
	w := send("192.0.2.1:2", "")
	if w.Code != 429 || w.Header().Get("Retry-After") != "31" {
		t.Errorf("the fourth: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	expect("somebody else", "192.0.2.2:1", "", 200)
	expect("a stranger who claims another address", "192.0.2.1:1", "203.0.113.9", 429)
	now = now.Add(30 * time.Second)
	expect("half a minute later", "192.0.2.1:1", "", 200)
	expect("but only one", "192.0.2.1:1", "", 429)
	now = now.Add(14 * time.Hour)
	expect("the next day", "192.0.2.1:1", "", 200)
	for range 3 {
		expect("one house in IPv6", "[2001:db8:1:1::1]:1", "", 200)
	}
	expect("another machine in it", "[2001:db8:1:1::2]:1", "", 429)
	expect("the next house", "[2001:db8:1:2::1]:1", "", 200)
	for range 3 {
		expect("behind our proxies", "10.0.0.1:1", "1.2.3.4, 198.51.100.7, 10.0.0.9", 200)
	}
	expect("who made up the first hop", "10.0.0.1:1", "5.6.7.8, 198.51.100.7, 10.0.0.9", 429)
}
