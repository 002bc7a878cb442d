// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
)

// Problem is an error as the reader sees it. As JSON it is a problem detail of
// RFC 9457 with the members kind, request and errors added.
type Problem struct {
	Type    string        `json:"type"`
	Title   string        `json:"title"`
	Status  int           `json:"status"`
	Detail  string        `json:"detail,omitempty"`
	Kind    fault.Kind    `json:"kind"`
	Request string        `json:"request"`
	Errors  []FieldDetail `json:"errors,omitempty"`
	Help    string        `json:"-"` // what to do next, for pages
}

// FieldDetail says what is wrong with one field.
type FieldDetail struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

var statuses = map[fault.Kind]int{
	fault.KindNotFound:    http.StatusNotFound,
	fault.KindInvalid:     http.StatusUnprocessableEntity,
	fault.KindConflict:    http.StatusConflict,
	fault.KindForbidden:   http.StatusForbidden,
	fault.KindTooLarge:    http.StatusRequestEntityTooLarge,
	fault.KindTooMany:     http.StatusTooManyRequests,
	fault.KindUnavailable: http.StatusServiceUnavailable,
	fault.KindUnsupported: http.StatusUnsupportedMediaType,
	fault.KindInternal:    http.StatusInternalServerError,
}

// ProblemOf puts an error into words. Errors that are no faults say nothing of
// themselves: the request id ties the answer to the log.
func ProblemOf(r *http.Request, err error) Problem {
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		err = fault.TooLarge("", "fault.body_too_large", "limit", int(tooLarge.Limit/1024)).Because(err)
	}
	kind := fault.KindOf(err)
	words := Words(r.Context())
	p := Problem{
		Type: "about:blank", Kind: kind, Status: statuses[kind], Request: RequestID(r.Context()),
		Title: words.Text("fault." + string(kind) + ".title"), Help: words.Text("fault." + string(kind) + ".help"),
	}
	if errors.Is(err, errMethod) {
		p.Status = http.StatusMethodNotAllowed
	}
	if errors.Is(err, errStranger) {
		p.Status = http.StatusUnauthorized
	}
	if kind == fault.KindInvalid && r.Method == http.MethodGet {
		p.Status = http.StatusBadRequest // nothing was sent that could be processed; the address is wrong
	}
	for _, f := range fault.All(err) {
		text := say(words, f.Message)
		if f.Field != "" {
			p.Errors = append(p.Errors, FieldDetail{f.Field, text})
		}
		if p.Detail == "" {
			p.Detail = text
		}
	}
	return p
}

// say puts the message of a fault into words; plurals follow an argument "n".
func say(words lang.Words, m fault.Message) string { return words.Fill(m.Key, m.Args) }

// Say is the message of a fault in the reader's language, for forms that show it
// beside the field.
func Say(r *http.Request, f *fault.Error) string { return say(Words(r.Context()), f.Message) }

// fail answers an error as a page or as problem details. What is not the reader's
// doing is logged with its cause.
func (rs *Routes) fail(w http.ResponseWriter, r *http.Request, err error) {
	var first Elsewhere
	if errors.As(err, &first) {
		if !visitOf(r.Context()).json && !WantsJSON(r) {
			http.Redirect(w, r, first.target(r), http.StatusSeeOther)
			return
		}
		err = fault.Forbidden("fault.log_in").Because(errStranger)
	}
	p := ProblemOf(r, err)
	if p.Status >= http.StatusInternalServerError {
		rs.options.Log.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("request", p.Request),
			slog.String("route", visitOf(r.Context()).route), slog.String("error", err.Error()))
	}
	if visitOf(r.Context()).started {
		// Half an answer must not look whole: the connection is cut, and the reader
		// of a stream sees that it is not complete.
		panic(http.ErrAbortHandler)
	}
	h := w.Header()
	for _, name := range []string{"ETag", "Last-Modified", "Content-Encoding", "Content-Disposition"} {
		h.Del(name) // meant for the answer that failed
	}
	h.Set("Cache-Control", "no-store")
	if p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable {
		if h.Get("Retry-After") == "" {
			h.Set("Retry-After", strconv.Itoa(retrySeconds))
		}
	}
	if visitOf(r.Context()).json || WantsJSON(r) {
		writeProblem(w, r, p)
		return
	}
	if known := rs.reader(r); known != nil {
		r = r.WithContext(known)
	}
	if pageErr := Render(w, r, p.Status, rs.options.ErrorPage(r, p)); pageErr != nil {
		rs.options.Log.LogAttrs(r.Context(), slog.LevelError, "error page failed",
			slog.String("request", p.Request), slog.String("error", pageErr.Error()))
		http.Error(w, p.Title, p.Status)
	}
}

// reader is the context of whoever is let in, nil for nobody. Who works here reads of every address of the
// office that it leads nowhere in the same frame, whether there is nothing or it is not for them.
func (rs *Routes) reader(r *http.Request) context.Context {
	v := visitOf(r.Context())
	if v.admitted == nil && root(v.place.Path) == officeRoot {
		if ctx, err := rs.options.Admit(r, SignedIn); err == nil {
			v.admitted = ctx
		}
	}
	return v.admitted
}

// retrySeconds is when to come back after 429 and 503, if nobody knows better.
const retrySeconds = 60

func writeProblem(w http.ResponseWriter, r *http.Request, p Problem) {
	body, err := json.Marshal(p)
	if err != nil {
		body = []byte(`{"type":"about:blank","status":500}`) // cannot happen: only strings and numbers
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Language", Lang(r.Context()))
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n')) // the reader has gone: nothing to be done
}

// WantsJSON says whether the reader prefers JSON to a page: some JSON type is
// accepted and HTML is not named before it.
func WantsJSON(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
		kind, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		switch {
		case kind == "text/html" || kind == "application/xhtml+xml":
			return false
		case kind == "application/json" || strings.HasSuffix(kind, "+json") || kind == "application/x-ndjson":
			return true
		}
	}
	return false
}

// errStranger marks that the reader has to log in first (RFC 9110, 15.5.2).
var errStranger = errors.New("web: not logged in")

// target is where the reader goes first, with the way back. What was posted is not repeated: the
// way back is the page that the form stands on.
func (e Elsewhere) target(r *http.Request) string {
	back := r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		back = "/"
		if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host && strings.HasPrefix(from.Path, "/") {
			back = from.RequestURI()
		}
	}
	return Path(r.Context(), e.Path) + "?" + url.Values{"next": {back}}.Encode()
}

// errMethod marks that the address exists but not for this method.
var errMethod = errors.New("web: method not allowed")

// lost answers what no route matched: a trailing slash too many or too few is
// forgiven, a wrong method is 405, the rest is 404.
func (rs *Routes) lost(w http.ResponseWriter, r *http.Request) {
	visitOf(r.Context()).json = rs.jsonRoots[root(r.URL.Path)]
	// A stranger is not told which pages operators have.
	if root(visitOf(r.Context()).place.Path) == officeRoot {
		if _, err := rs.options.Admit(r, SignedIn); err != nil {
			rs.fail(w, r, err)
			return
		}
	}
	if target, ok := rs.slash(r); ok {
		http.Redirect(w, r, target, http.StatusMovedPermanently)
		return
	}
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if rs.matches(r, method, r.URL.EscapedPath()) {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		rs.fail(w, r, fault.NotFound("fault.method").Because(errMethod))
		return
	}
	rs.fail(w, r, fault.NotFound("fault.no_page"))
}

// officeRoot is the first part of the address of every page of operators.
const officeRoot = "office"

// root is the first part of a path: below one that has JSON routes, a wrong
// address is answered in JSON too.
func root(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first
}

func (rs *Routes) slash(r *http.Request) (target string, ok bool) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return "", false
	}
	path := r.URL.EscapedPath() + "/"
	if strings.HasSuffix(r.URL.Path, "/") {
		path = strings.TrimSuffix(r.URL.EscapedPath(), "/")
	}
	if path == "" || strings.HasPrefix(path, "//") || !rs.matches(r, http.MethodGet, path) {
		return "", false
	}
	u := *r.URL
	u.Path, u.RawPath, u.Scheme, u.Host = strings.TrimSuffix(u.Path, "/"), path, "", ""
	if strings.HasSuffix(path, "/") {
		u.Path += "/"
	}
	return u.String(), true
}

// matches asks the mux whether a route of ours serves this method and path, which is given as it was
// written: "office%2fmembers" is one part of an address, and not the page of members.
func (rs *Routes) matches(r *http.Request, method, path string) bool {
	plain, err := url.PathUnescape(path)
	if err != nil {
		return false
	}
	probe := r.Clone(r.Context())
	probe.Method, probe.URL.Path, probe.URL.RawPath = method, plain, path
	_, pattern := rs.mux.Handler(probe)
	return pattern != "" && pattern != "/"
}
