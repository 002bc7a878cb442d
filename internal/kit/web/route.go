// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/prometheus/client_golang/prometheus"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
)

// Handler answers a request or says why it cannot.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Rule says who may use a route. The zero Rule is no rule and stops the start. A rule with an
// action asks whether somebody may do it at all; on what, the use case asks.
type Rule struct{ name, action string }

var (
	// Public routes are for everybody, and the same for everybody.
	Public = Rule{name: "public"}
	// Link routes are for whoever holds the link; the handler opens it.
	Link = Rule{name: "link"}
	// AppToken routes are for programs that somebody let in with a password made for it; the handler asks
	// for it. The session of a browser opens nothing there.
	AppToken = Rule{name: "app-token"}
	// SignedIn routes are for everybody who has logged in.
	SignedIn = Rule{name: "signed-in"}
)

// May is the rule for routes of those who may do action on something.
func May(action string) Rule { return Rule{"may", action} }

// Action is what the rule asks for; "" when it names nobody in particular.
func (r Rule) Action() string { return r.action }

// Open says whether a stranger may come in.
func (r Rule) Open() bool { return r == Public || r == Link || r == AppToken }

func (r Rule) String() string { return strings.TrimSpace(r.name + " " + r.action) }

// Elsewhere is the error of a handler that wants something done first: to log in, to prove a
// second factor. A page sends the reader to Path, which brings them back (its parameter next);
// whoever asks for JSON gets 401.
type Elsewhere struct{ Path string }

func (e Elsewhere) Error() string { return "first " + e.Path }

// Route is one line of the route table.
type Route struct {
	Method    string // "" means every method
	Pattern   string // as http.ServeMux wants it, without method; without language if Localized
	Name      string
	Rule      Rule
	Localized bool // served under every language: /it/…, /en/…
	Office    bool // for operators: served in their languages alone
}

// ErrorPage renders a problem for people. Package ui has one.
type ErrorPage func(r *http.Request, p Problem) templ.Component

// Options are what the site needs to know. Catalogue and ErrorPage are required.
type Options struct {
	Catalogue      *lang.Catalogue
	ErrorPage      ErrorPage
	Log            *slog.Logger                // default: slog.Default
	PublicURL      string                      // "https://approdo.example"; default: as the request says
	TrustedProxies []netip.Prefix              // whose X-Forwarded-* headers count; default none
	MaxBody        int64                       // bytes of a request body; default 1 MiB
	NoIndex        bool                        // ask search engines to stay away (the demo network)
	ImageHosts     []string                    // sources of map tiles for the content security policy, "https://tiles.example"
	Ready          func(context.Context) error // what /readyz asks; default: always ready
	Metrics        MetricsRule                 // who may read /metrics; default nobody
	// Admit decides on every route that is not open, and gives the context in which the handler runs
	// (who asks). Its error is the answer. Default: nobody enters.
	Admit func(r *http.Request, rule Rule) (context.Context, error)
	// Refused is told every error that a route for some answers with, and which route it was
	// ("GET /{lang}/office"). It must not wait for anything. Default: nobody is told.
	Refused func(route string, err error)
}

// Routes is the route table and, by Handler, the whole site.
type Routes struct {
	options   Options
	mux       *http.ServeMux
	origin    *http.CrossOriginProtection
	list      []Route
	names     map[string]bool
	preflight map[string]bool
	jsonRoots map[string]bool // first parts of paths that have JSON routes
	metrics   *metrics
}

// New makes a table that has /static/, /healthz, /readyz and /metrics already.
func New(options Options) *Routes {
	if options.Catalogue == nil || options.ErrorPage == nil {
		panic("web: New needs a catalogue and an error page")
	}
	if options.Log == nil {
		options.Log = slog.Default()
	}
	if options.MaxBody == 0 {
		options.MaxBody = 1 << 20
	}
	if options.Ready == nil {
		options.Ready = func(context.Context) error { return nil }
	}
	if options.Admit == nil {
		options.Admit = func(*http.Request, Rule) (context.Context, error) { return nil, fault.NotFound("fault.no_page") }
	}
	if options.Refused == nil {
		options.Refused = func(string, error) {}
	}
	rs := &Routes{
		options: options, mux: http.NewServeMux(), origin: http.NewCrossOriginProtection(),
		names: map[string]bool{}, preflight: map[string]bool{}, jsonRoots: map[string]bool{}, metrics: newMetrics(),
	}
	if options.PublicURL != "" {
		if err := rs.origin.AddTrustedOrigin(strings.TrimSuffix(options.PublicURL, "/")); err != nil {
			panic("web: PublicURL: " + err.Error())
		}
	}
	rs.origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rs.fail(w, r, fault.Forbidden("fault.cross_origin"))
	}))
	rs.Handle("GET /static/{name}", "static", Public, serveAsset)
	rs.Handle("GET /healthz", "healthz", Public, healthy, JSONErrors)
	rs.mux.HandleFunc("/", rs.lost)
	rs.Handle("GET /readyz", "readyz", Public, rs.ready, JSONErrors)
	rs.Handle("GET /metrics", "metrics", Link, rs.serveMetrics, JSONErrors)
	return rs
}

// Registry is where the program adds metrics of its own.
func (rs *Routes) Registry() prometheus.Registerer { return rs.metrics.registry }

// List is the route table in the order of registration.
func (rs *Routes) List() []Route { return slices.Clone(rs.list) }

// Option changes how one route is served.
type Option func(*routeOptions)

type routeOptions struct {
	maxBody    int64
	jsonErrors bool
	anyOrigin  bool
}

// MaxBody allows a larger or smaller body than usual, in bytes.
func MaxBody(n int64) Option { return func(o *routeOptions) { o.maxBody = n } }

// JSONErrors makes every error of the route problem details, whatever is accepted.
var JSONErrors Option = func(o *routeOptions) { o.jsonErrors = true }

// AnyOrigin lets pages of other sites read the route (CORS with "*", never with
// cookies) and post to it. For open data that changes nothing.
var AnyOrigin Option = func(o *routeOptions) { o.anyOrigin = true }

// Handle registers a route as it is written: "GET /sitemap.xml".
func (rs *Routes) Handle(pattern, name string, rule Rule, h Handler, options ...Option) {
	method, path := splitPattern(pattern)
	rs.add(Route{Method: method, Pattern: path, Name: name, Rule: rule})
	rs.mount(method, path, path, rs.admitted(rule, h), options)
}

// Page registers a page under every language: "GET /services/{id}" is served at
// /it/services/{id} and the nine others; without language it leads to the reader's own.
func (rs *Routes) Page(pattern, name string, rule Rule, h Handler, options ...Option) {
	method, path := splitPattern(pattern)
	rs.add(Route{Method: method, Pattern: path, Name: name, Rule: rule, Localized: true})
	rs.mountLanguages(lang.All, method, path, rs.admitted(rule, h), options)
}

// Office registers a page of operators, in their languages: "GET /office/services".
func (rs *Routes) Office(pattern, name string, rule Rule, h Handler, options ...Option) {
	method, path := splitPattern(pattern)
	if root(path) != officeRoot {
		panic("web: the route " + name + " belongs below /" + officeRoot)
	}
	rs.add(Route{Method: method, Pattern: path, Name: name, Rule: rule, Localized: true, Office: true})
	rs.mountLanguages(lang.OfficeLanguages, method, path, rs.admitted(rule, h), options)
}

func (rs *Routes) mountLanguages(codes []string, method, path string, h Handler, options []Option) {
	for _, code := range codes {
		rs.mount(method, "/"+code+path, "/{lang}"+path, h, options)
	}
	if method == http.MethodGet {
		rs.mount(method, path, path, toOwnLanguage(codes), nil)
	}
}

// admitted asks before h who may come in. What is not for everybody is kept by nobody on the way.
func (rs *Routes) admitted(rule Rule, h Handler) Handler {
	if rule == Public {
		return h
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		NoStore(w)
		if rule.Open() {
			return h(w, r)
		}
		ctx, err := rs.options.Admit(r, rule)
		if err == nil {
			visitOf(ctx).admitted = ctx // an error page, too, knows whom it speaks to
			err = h(w, r.WithContext(ctx))
		}
		if err != nil {
			rs.options.Refused(r.Method+" "+visitOf(r.Context()).route, err)
		}
		return err
	}
}

func splitPattern(pattern string) (method, path string) {
	method, path, found := strings.Cut(pattern, " ")
	if !found {
		return "", pattern
	}
	return method, path
}

func (rs *Routes) add(route Route) {
	switch {
	case route.Rule == Rule{}:
		panic("web: the route " + route.Pattern + " has no rule")
	case route.Name == "" || rs.names[route.Name]:
		panic("web: the route " + route.Pattern + " needs a name of its own, not " + `"` + route.Name + `"`)
	case !strings.HasPrefix(route.Pattern, "/"):
		panic("web: the route " + route.Name + " needs a path")
	}
	rs.names[route.Name] = true
	rs.list = append(rs.list, route)
}

// mount puts a handler into the mux with its limits; label is the route in log and metrics.
func (rs *Routes) mount(method, path, label string, h Handler, options []Option) {
	o := routeOptions{maxBody: rs.options.MaxBody}
	for _, option := range options {
		option(&o)
	}
	pattern := strings.TrimSpace(method + " " + path)
	label = strings.TrimSuffix(label, "{$}")
	// Below a language there are pages, whatever one address of them answers.
	if code, _ := splitLang(path); o.jsonErrors && code == "" {
		rs.jsonRoots[root(path)] = true
	}
	if o.anyOrigin {
		rs.origin.AddInsecureBypassPattern(pattern)
		rs.mountPreflight(path, label)
	}
	rs.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r.Context())
		v.route, v.json = label, o.jsonErrors
		if o.anyOrigin {
			allowAnyOrigin(w.Header())
		}
		r.Body = http.MaxBytesReader(w, r.Body, o.maxBody)
		if err := h(w, r); err != nil {
			rs.fail(w, r, err)
		}
	})
}

func allowAnyOrigin(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "ETag, Link, Content-Language")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

func (rs *Routes) mountPreflight(path, label string) {
	if rs.preflight[path] {
		return
	}
	rs.preflight[path] = true
	rs.mux.HandleFunc("OPTIONS "+path, func(w http.ResponseWriter, r *http.Request) {
		visitOf(r.Context()).route = label
		allowAnyOrigin(w.Header())
		w.Header().Set("Access-Control-Allow-Methods", "GET, HEAD, POST")
		w.Header().Set("Access-Control-Allow-Headers", "Accept, Accept-Language, Content-Type, If-None-Match")
		w.Header().Set("Access-Control-Max-Age", "86400")
		w.WriteHeader(http.StatusNoContent)
	})
}

// toOwnLanguage sends the address without language to the reader's own, or to the nearest of those
// there are. Shared caches must not give one reader's choice to another.
func toOwnLanguage(codes []string) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Vary", "Accept-Language, Cookie")
		w.Header().Set("Cache-Control", "private, no-cache")
		code := Lang(r.Context())
		if !slices.Contains(codes, code) {
			code = codes[len(codes)-1]
		}
		target := "/" + code + r.URL.EscapedPath()
		if r.URL.RawQuery != "" {
			target += "?" + r.URL.RawQuery
		}
		http.Redirect(w, r, target, http.StatusFound) // #nosec G710 -- it begins with "/", the code of a language and "/"
		return nil
	}
}

// API is a group of JSON routes under one rule, in the form that routers of other
// libraries want (huma's humago.New takes it). Every pattern becomes a line of the table.
type API struct {
	routes  *Routes
	name    string
	rule    Rule
	options []Option
}

// API opens a group; the routes are named name + pattern.
func (rs *Routes) API(name string, rule Rule, options ...Option) *API {
	return &API{rs, name, rule, append([]Option{JSONErrors}, options...)}
}

// HandleFunc registers one pattern of the group.
func (a *API) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	a.Handle(pattern, func(w http.ResponseWriter, r *http.Request) error { h(w, r); return nil })
}

// Handle registers one pattern of the group with a Handler of ours.
func (a *API) Handle(pattern string, h Handler, options ...Option) {
	a.routes.Handle(pattern, a.name+" "+pattern, a.rule, h, append(slices.Clone(a.options), options...)...)
}

// ServeHTTP serves the whole table.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.routes.Handler().ServeHTTP(w, r) }
