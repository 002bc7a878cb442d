// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/andybalholm/brotli"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	})
}

// plainError is an error page that is easy to look at.
func plainError(_ *http.Request, p web.Problem) templ.Component {
	return text("ERROR " + p.Title + "|" + p.Detail)
}

func site(t *testing.T, change func(*web.Options)) *web.Routes {
	t.Helper()
	catalogue, err := lang.Open(ui.Locales())
	if err != nil {
		t.Fatal(err)
	}
	options := web.Options{Catalogue: catalogue, ErrorPage: plainError, Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&options)
	}
	return web.New(options)
}

type header map[string]string

func do(h http.Handler, method, target string, body io.Reader, headers header) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, body)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func get(h http.Handler, target string, headers header) *httptest.ResponseRecorder {
	return do(h, http.MethodGet, target, nil, headers)
}

func page(s string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return web.Render(w, r, http.StatusOK, text(s)) }
}

func mustPanic(t *testing.T, what string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s must stop the start", what)
		}
	}()
	f()
}

func TestEveryRouteHasARule(t *testing.T) {
	t.Parallel()
	rs := site(t, nil)
	mustPanic(t, "a route without rule", func() { rs.Handle("GET /x", "x", web.Rule{}, page("")) })
	mustPanic(t, "a page without rule", func() { rs.Page("GET /x", "x", web.Rule{}, page("")) })
	mustPanic(t, "a route without name", func() { rs.Handle("GET /x", "", web.Public, page("")) })
	rs.Handle("GET /x", "x", web.Public, page(""))
	mustPanic(t, "a name used twice", func() { rs.Handle("GET /y", "x", web.Public, page("")) })
	rs.API("v1", web.Public).HandleFunc("GET /api/v1/things", func(http.ResponseWriter, *http.Request) {})
	list := rs.List()
	if last := list[len(list)-1]; last.Method != "GET" || last.Pattern != "/api/v1/things" || last.Rule != web.Public {
		t.Errorf("the table has %+v", last)
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	rs := site(t, nil)
	rs.Page("GET /services/{id}", "service", web.Public, func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		return web.Render(w, r, http.StatusOK, text(web.Lang(ctx)+" "+r.PathValue("id")+" "+web.Here(ctx).Path+" "+web.Path(ctx, "/a")+" "+web.Absolute(ctx, "/b")))
	})
	rs.Page("GET /{$}", "home", web.Public, page("home"))
	h := rs.Handler()
	for _, code := range lang.All {
		w := get(h, "/"+code+"/services/7", nil)
		if want := code + " 7 /services/7 /" + code + "/a http://example.com/b"; w.Body.String() != want || w.Header().Get("Content-Language") != code {
			t.Errorf("%s: %q, want %q", code, w.Body, want)
		}
	}
	for _, test := range []struct{ target, accept, cookie, want string }{
		{"/services/7?x=1&y=a%20b", "ar-EG", "", "/ar/services/7?x=1&y=a%20b"},
		{"/services/7", "", "", "/it/services/7"},
		{"/services/7", "ar", "lang=bn", "/bn/services/7"},
		{"/services/7", "ar", "lang=zz", "/ar/services/7"},
		{"/", "uk", "", "/uk/"},
	} {
		w := get(h, test.target, header{"Accept-Language": test.accept, "Cookie": test.cookie})
		if got := w.Header().Get("Location"); w.Code != http.StatusFound || got != test.want || !strings.Contains(w.Header().Get("Vary"), "Accept-Language") {
			t.Errorf("%s %s: %d %s, want %s", test.target, test.accept, w.Code, got, test.want)
		}
	}
	for target, want := range map[string]string{"/it/services/7/": "/it/services/7", "/it/services/7/?q=a": "/it/services/7?q=a"} {
		if w := get(h, target, nil); w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != want {
			t.Errorf("%s: %d %s, want %s", target, w.Code, w.Header().Get("Location"), want)
		}
	}
	alternates := web.Localized("/a", map[string][]string{"q": {"à b"}})
	if len(alternates) != 10 || alternates[4].Href != "/ar/a?q=%C3%A0+b" {
		t.Errorf("alternates: %+v", alternates)
	}
}

func TestFaultsBecomeAnswers(t *testing.T) {
	t.Parallel()
	rs := site(t, nil)
	secret := errors.New("password 1234")
	faults := map[string]error{
		"notfound": fault.NotFound("fault.no_page"), "conflict": fault.Conflict("fault.method").Because(secret),
		"forbidden": fault.Forbidden("fault.method"), "toolarge": fault.TooLarge("f", "fault.body_too_large", "limit", 3),
		"toomany": fault.TooMany("fault.too_many.text"), "unavailable": fault.Unavailable("fault.not_ready"),
		"unsupported": fault.Unsupported("f", "fault.method"), "internal": secret,
		"invalid": errors.Join(fault.Invalid("a", "fault.body_too_large", "limit", 12), fault.Invalid("b", "fault.no_page")),
	}
	for name, err := range faults {
		h := func(http.ResponseWriter, *http.Request) error { return err }
		rs.Page("GET /"+name, name, web.Public, h)
		rs.Handle("GET /api/"+name, "api-"+name, web.Public, h, web.JSONErrors)
		rs.Handle("POST /api/"+name, "post-"+name, web.Public, h, web.JSONErrors)
	}
	rs.Page("GET /panic", "panic", web.Public, func(http.ResponseWriter, *http.Request) error { panic(secret) })
	h := rs.Handler()
	for name, status := range map[string]int{"notfound": 404, "conflict": 409, "forbidden": 403, "toolarge": 413, "toomany": 429, "unavailable": 503, "unsupported": 415, "internal": 500, "invalid": 400, "panic": 500} {
		w := get(h, "/en/"+name, nil)
		if w.Code != status || !strings.HasPrefix(w.Body.String(), "ERROR ") || strings.Contains(w.Body.String(), "1234") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %q", name, w.Code, w.Body)
		}
		if (status == 429 || status == 503) != (w.Header().Get("Retry-After") != "") {
			t.Errorf("%s: Retry-After %q", name, w.Header().Get("Retry-After"))
		}
	}
	w := do(h, http.MethodPost, "/api/invalid", nil, header{"Accept-Language": "en"})
	for _, part := range []string{`"status":422`, `"field":"a"`, `At most 12 KB`, `"field":"b"`, `"kind":"invalid"`} {
		if !strings.Contains(w.Body.String(), part) {
			t.Errorf("problem %s lacks %s", w.Body, part)
		}
	}
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %q", got)
	}
	if w := get(h, "/api/internal", header{"Accept": "text/html"}); strings.Contains(w.Body.String(), "1234") || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("internal: %s", w.Body)
	}
}

func TestLostAddresses(t *testing.T) {
	t.Parallel()
	rs := site(t, nil)
	rs.Page("GET /a", "a", web.Public, page(""))
	rs.API("v1", web.Public).Handle("GET /api/v1/things", page(""))
	h := rs.Handler()
	if w := get(h, "/ar/nothing", nil); w.Code != 404 || !strings.Contains(w.Body.String(), "الصفحة غير موجودة") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := get(h, "/xx", header{"Accept": "application/json", "Accept-Language": "es"}); w.Code != 404 || !strings.Contains(w.Body.String(), "Página no encontrada") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := get(h, "/api/v1/nothing", header{"Accept": "*/*"}); w.Code != 404 || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("below JSON routes: %d %s", w.Code, w.Header().Get("Content-Type"))
	}
	// A slash that is written as %2f belongs to a name: there is no such page.
	if w := get(h, "/it%2fa", nil); w.Code != 404 || w.Header().Get("Allow") != "" {
		t.Errorf("an encoded slash: %d %q", w.Code, w.Header().Get("Allow"))
	}
	for path, want := range map[string]string{"/it/a/": "/it/a", "/it/%61/?q=1": "/it/%61?q=1"} {
		if w := get(h, path, nil); w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != want {
			t.Errorf("%s: %d %q", path, w.Code, w.Header().Get("Location"))
		}
	}
	if w := do(h, http.MethodPost, "/it/a", nil, nil); w.Code != 405 || w.Header().Get("Allow") != "GET" {
		t.Errorf("%d %q", w.Code, w.Header().Get("Allow"))
	}
}

// Who reads a stream must be able to see that it broke off.
func TestBrokenStreamIsCutOff(t *testing.T) {
	t.Parallel()
	rs := site(t, nil)
	begin := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/x-ndjson")
		_, _ = io.WriteString(w, "{}\n")
		_ = http.NewResponseController(w).Flush()
	}
	rs.Handle("GET /fails", "fails", web.Public, func(w http.ResponseWriter, _ *http.Request) error {
		begin(w)
		return errors.New("disk gone")
	})
	rs.Handle("GET /panics", "panics", web.Public, func(w http.ResponseWriter, _ *http.Request) error {
		begin(w)
		panic("bug")
	})
	server := httptest.NewServer(rs.Handler())
	defer server.Close()
	for _, path := range []string{"/fails", "/panics"} {
		response, err := server.Client().Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err == nil || strings.Contains(string(body), "ERROR") {
			t.Errorf("%s looks whole: %q", path, body)
		}
	}
}

func TestWantsJSON(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]bool{
		"": false, "text/html,application/xhtml+xml,*/*;q=0.8": false, "application/json": true, "application/ld+json, text/html": true,
		"text/html, application/json": false, "*/*": false, "application/problem+json": true,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept", accept)
		if got := web.WantsJSON(r); got != want {
			t.Errorf("%q: %v", accept, got)
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	rs := site(t, func(o *web.Options) {
		o.NoIndex, o.ImageHosts = true, []string{"https://tiles.example"}
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	})
	rs.Page("GET /a", "a", web.Public, page("x"))
	h := rs.Handler()
	w := get(h, "/it/a", nil)
	policy := w.Header().Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'self'", "script-src 'self';", "style-src 'self';", "img-src 'self' https://tiles.example;", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy+";", part) {
			t.Errorf("the policy lacks %q: %s", part, policy)
		}
	}
	for _, bad := range []string{"unsafe", "data:", "*"} {
		if strings.Contains(policy, bad) {
			t.Errorf("the policy has %q: %s", bad, policy)
		}
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "X-Robots-Tag": "noindex, nofollow", "Strict-Transport-Security": "", "Set-Cookie": ""} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, test := range map[string]struct {
		peer string
		tls  bool
		want bool
	}{"stranger says https": {"192.0.2.1:1", false, false}, "trusted proxy says https": {"10.1.1.1:1", false, true}, "own TLS": {"192.0.2.1:1", true, true}} {
		r := httptest.NewRequest(http.MethodGet, "/it/a", nil)
		r.RemoteAddr = test.peer
		r.Header.Set("X-Forwarded-Proto", "https")
		if test.tls {
			r.TLS = &tls.ConnectionState{}
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if got := rec.Header().Get("Strict-Transport-Security") != ""; got != test.want {
			t.Errorf("%s: HSTS %v", name, got)
		}
	}
}

// Without a public URL links name the host of the request; what is no name of a host is not repeated.
func TestHostOfLinks(t *testing.T) {
	t.Parallel()
	rs := site(t, nil)
	rs.Handle("GET /where", "where", web.Public, func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.WriteString(w, web.Absolute(r.Context(), "/x"))
		return err
	})
	h := rs.Handler()
	for host, want := range map[string]string{
		"Servizi.Example": "http://servizi.example/x", "localhost:8080": "http://localhost:8080/x", "[::1]:8080": "http://[::1]:8080/x", "192.0.2.1": "http://192.0.2.1/x",
		"a';alert(1)": "http://localhost/x", "e;b": "http://localhost/x", "[::1": "http://localhost/x", "a b": "http://localhost/x", "": "http://localhost/x", "a..b": "http://localhost/x",
		"x@evil.example": "http://localhost/x", "evil.example/y": "http://localhost/x",
	} {
		r := httptest.NewRequest(http.MethodGet, "/where", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Body.String(); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}

func TestOtherSites(t *testing.T) {
	t.Parallel()
	rs := site(t, nil)
	echo := func(w http.ResponseWriter, r *http.Request) error { return web.JSON(w, r, http.StatusOK, "ok") }
	rs.Page("POST /form", "form", web.Public, echo)
	rs.API("open", web.Public, web.AnyOrigin).Handle("POST /open", echo)
	h := rs.Handler()
	foreign := header{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
	if w := do(h, http.MethodPost, "/it/form", nil, foreign); w.Code != http.StatusForbidden || w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a form sent by another site: %d", w.Code)
	}
	if w := do(h, http.MethodPost, "/it/form", nil, header{"Origin": "http://example.com", "Sec-Fetch-Site": "same-origin"}); w.Code != http.StatusOK {
		t.Errorf("our own form: %d", w.Code)
	}
	if w := do(h, http.MethodPost, "/open", nil, foreign); w.Code != http.StatusOK || w.Header().Get("Access-Control-Allow-Origin") != "*" || w.Header().Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("open data: %d %v", w.Code, w.Header())
	}
	if w := do(h, http.MethodOptions, "/open", nil, foreign); w.Code != http.StatusNoContent || !strings.Contains(w.Header().Get("Access-Control-Allow-Methods"), "POST") {
		t.Errorf("preflight: %d %v", w.Code, w.Header())
	}
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	rs := site(t, nil)
	read := func(w http.ResponseWriter, r *http.Request) error {
		if _, err := io.ReadAll(r.Body); err != nil {
			return err
		}
		return web.JSON(w, r, http.StatusOK, "ok")
	}
	rs.Handle("POST /small", "small", web.Public, read)
	rs.Handle("POST /large", "large", web.Public, read, web.MaxBody(4<<20))
	h := rs.Handler()
	body := strings.Repeat("x", 1<<20+1)
	if w := do(h, http.MethodPost, "/small", strings.NewReader(body), nil); w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "1024 KB") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := do(h, http.MethodPost, "/large", strings.NewReader(body), nil); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	rs := site(t, nil)
	long := strings.Repeat("Permesso di soggiorno. ", 200)
	rs.Page("GET /long", "long", web.Public, page(long))
	rs.Page("GET /short", "short", web.Public, page("ciao"))
	rs.Handle("GET /picture", "picture", web.Public, func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "image/png")
		_, err := io.WriteString(w, long)
		return err
	})
	rs.Handle("GET /stream", "stream", web.Public, func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "application/x-ndjson")
		for range 3 {
			if _, err := io.WriteString(w, "{}\n"); err != nil {
				return err
			}
			if err := http.NewResponseController(w).Flush(); err != nil {
				return err
			}
		}
		return nil
	})
	h := rs.Handler()
	for _, test := range []struct{ target, accept, want, body string }{
		{"/it/long", "gzip, deflate, br, zstd", "br", long}, {"/it/long", "gzip", "gzip", long}, {"/it/long", "br;q=0, gzip", "gzip", long},
		{"/it/long", "", "", long}, {"/it/short", "br", "", "ciao"}, {"/picture", "br", "", long}, {"/stream", "br", "br", "{}\n{}\n{}\n"},
	} {
		w := get(h, test.target, header{"Accept-Encoding": test.accept})
		if got := w.Header().Get("Content-Encoding"); got != test.want {
			t.Errorf("%s %q: encoded %q, want %q", test.target, test.accept, got, test.want)
		}
		if got := decode(t, w); got != test.body {
			t.Errorf("%s %q: body of %d bytes, want %d", test.target, test.accept, len(got), len(test.body))
		}
	}
	first := get(h, "/it/long", header{"Accept-Encoding": "br"})
	tag := first.Header().Get("ETag")
	again := get(h, "/it/long", header{"Accept-Encoding": "br", "If-None-Match": `"x", ` + strings.TrimPrefix(tag, "W/")})
	if tag == "" || again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("the second visit: %d, %d bytes", again.Code, again.Body.Len())
	}
}

func decode(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var reader io.Reader = w.Body
	switch w.Header().Get("Content-Encoding") {
	case "br":
		reader = brotli.NewReader(w.Body)
	case "gzip":
		unpacked, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		reader = unpacked
	}
	body, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestReady(t *testing.T) {
	t.Parallel()
	var down error
	rs := site(t, func(o *web.Options) { o.Ready = func(context.Context) error { return down } })
	h := rs.Handler()
	if w := get(h, "/readyz", nil); w.Code != http.StatusOK {
		t.Errorf("%d", w.Code)
	}
	down = errors.New("no database at /secret")
	if w := get(h, "/readyz", nil); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := get(h, "/healthz", nil); w.Code != http.StatusOK {
		t.Errorf("the process itself is well: %d", w.Code)
	}
}

func TestRedirectStaysHere(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "it/a"} {
		mustPanic(t, target, func() {
			_ = web.Redirect(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil), target)
		})
	}
	w := httptest.NewRecorder()
	if err := web.Redirect(w, httptest.NewRequest(http.MethodPost, "/", nil), "/it/thanks"); err != nil || w.Code != http.StatusSeeOther {
		t.Errorf("%v %d", err, w.Code)
	}
}
