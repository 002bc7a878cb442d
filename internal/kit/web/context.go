// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"approdo/internal/kit/lang"
)

// visit is what the middleware found out about a request. One pointer in the
// context, so that the route can write its name back for log and metrics.
type visit struct {
	id     string
	words  lang.Words
	place  Place
	origin string // "https://host"
	secure bool
	addr   netip.Addr // for the rate limit only; never logged
	route  string     // the pattern, once the mux has chosen
	json   bool       // this route answers errors as problem details only

	admitted context.Context // in which the handler runs, once Admit has let somebody in; nil before
	started  bool            // some of the answer has been written
}

// Place is where in the site a request is, apart from the language.
type Place struct {
	Path  string     // "/services/x"
	Query url.Values // never nil
}

type visitKey struct{}

func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{place: Place{Path: "/", Query: url.Values{}}}
}

// WithWords gives a context in which pages speak the language of words, outside of
// any request: for tests, letters and pages printed by commands.
func WithWords(ctx context.Context, words lang.Words) context.Context {
	v := *visitOf(ctx)
	v.words = words
	return context.WithValue(ctx, visitKey{}, &v)
}

// Lang is the code of the language of this page.
func Lang(ctx context.Context) string { return Words(ctx).Lang() }

// Words are the words of the language of this page.
func Words(ctx context.Context) lang.Words { return visitOf(ctx).words }

// Here is the place of this request, without the language.
func Here(ctx context.Context) Place { return visitOf(ctx).place }

// Secure says whether the reader came over TLS, so that cookies can be bound to it.
func Secure(ctx context.Context) bool { return visitOf(ctx).secure }

// Pattern is the pattern of the route that answers, without language: "/services/{id}". It is "" until
// the route is chosen.
func Pattern(ctx context.Context) string {
	return strings.TrimPrefix(visitOf(ctx).route, "/{lang}")
}

// RequestID names this request in log and error page.
func RequestID(ctx context.Context) string { return visitOf(ctx).id }

// Path puts the language of this page before a path: "/services" becomes "/it/services".
func Path(ctx context.Context, path string) string { return "/" + Lang(ctx) + path }

// Absolute makes a path into a whole address, for what leaves the site: social
// cards, QR codes, letters, JSON.
func Absolute(ctx context.Context, path string) string { return visitOf(ctx).origin + path }

// Alternate is the same page in another language.
type Alternate struct {
	Lang string
	Href string // "/uk/services?q=…"
}

// Localized gives the addresses of a page in all languages, in the order of lang.All.
func Localized(path string, query url.Values) []Alternate {
	suffix := ""
	if len(query) > 0 {
		suffix = "?" + query.Encode()
	}
	all := make([]Alternate, len(lang.All))
	for i, code := range lang.All {
		all[i] = Alternate{Lang: code, Href: "/" + code + path + suffix}
	}
	return all
}

// splitLang takes the language off a path: "/it/services" is "it" and "/services".
// Without one the language is empty and the path unchanged.
func splitLang(path string) (code, rest string) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !lang.Known(first) {
		return "", path
	}
	return first, "/" + rest
}

// langCookie remembers a language that somebody chose. The script of the page sets
// it when a link of the language menu is followed; the server only reads it.
const langCookie = "lang"

func chooseLang(r *http.Request) string {
	if code, _ := splitLang(r.URL.Path); code != "" {
		return code
	}
	preferred := ""
	if cookie, err := r.Cookie(langCookie); err == nil {
		preferred = cookie.Value
	}
	if asked := r.URL.Query().Get("lang"); lang.Known(asked) { // JSON addresses name it so
		preferred = asked
	}
	return lang.Match(r.Header.Get("Accept-Language"), preferred)
}

// newVisit reads what a request says about itself. Forwarded headers count only
// from a proxy that is trusted.
func (rs *Routes) newVisit(r *http.Request) *visit {
	_, path := splitLang(r.URL.Path)
	v := &visit{
		id:    newRequestID(),
		words: rs.options.Catalogue.Words(chooseLang(r)),
		place: Place{Path: path, Query: r.URL.Query()},
	}
	peer, _ := netip.ParseAddrPort(r.RemoteAddr)
	v.addr, v.secure = peer.Addr().Unmap(), r.TLS != nil
	if rs.trusts(v.addr) {
		v.secure = v.secure || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
		v.addr = rs.forwardedFor(r, v.addr)
	}
	v.origin = strings.TrimSuffix(rs.options.PublicURL, "/")
	if v.origin == "" {
		scheme := "http"
		if v.secure {
			scheme = "https"
		}
		v.origin = scheme + "://" + hostOf(r)
	}
	return v
}

// hostOf is the host that the request names, as far as it is the name of one: net/http lets more
// through, and the name goes into links and headers.
func hostOf(r *http.Request) string {
	if hostName.MatchString(r.Host) {
		return strings.ToLower(r.Host)
	}
	return "localhost"
}

var hostName = regexp.MustCompile(`^([A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

func (rs *Routes) trusts(addr netip.Addr) bool {
	for _, prefix := range rs.options.TrustedProxies {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// forwardedFor walks X-Forwarded-For from the right, past our own proxies: what
// stands further left is written by strangers.
func (rs *Routes) forwardedFor(r *http.Request, peer netip.Addr) netip.Addr {
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	addr := peer
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return addr
		}
		addr = hop.Unmap()
		if !rs.trusts(addr) {
			return addr
		}
	}
	return addr
}
