// SPDX-License-Identifier: EUPL-1.2

package networkweb_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/base/network/networkweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/upload"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func clock() time.Time { return time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC) }

// site is the pages of the network over the demo network's bodies and projects.
type site struct {
	t       *testing.T
	network *network.UseCases
	handler http.Handler
	routes  *web.Routes
	// who is logged in; the zero actor is nobody
	actor access.Actor
}

func eachSite(t *testing.T, fn func(t *testing.T, s *site)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		guard, err := access.New(clock, access.Base(), network.Policy())
		if err != nil {
			t.Fatal(err)
		}
		files, err := upload.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		words, err := lang.Open(ui.Locales(), networkweb.Locales())
		if err != nil {
			t.Fatal(err)
		}
		s := &site{t: t, network: network.New(network.Deps{DB: d, Clock: clock, Guard: guard, Files: files, Services: func(_ context.Context, ids []string) ([]string, error) {
			return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id != "s1" }), nil
		}})}
		s.fill()
		pages := &ui.Site{Network: "Rete di prova"}
		s.routes = web.New(web.Options{
			Catalogue: words, ErrorPage: pages.ErrorPage, PublicURL: "https://approdo.example",
			Admit: func(r *http.Request, rule web.Rule) (context.Context, error) {
				if !s.actor.Known() {
					return nil, web.Elsewhere{Path: "/login"}
				}
				if rule.Action() != "" && !guard.May(s.actor, rule.Action()) {
					return nil, access.Missing()
				}
				return access.With(r.Context(), s.actor), nil
			},
		})
		networkweb.Register(s.routes, networkweb.Deps{Network: s.network, Site: pages, Funded: func(_ context.Context, ids []string) ([]networkweb.Service, int, error) {
			return []networkweb.Service{{ID: ids[0], Name: "Sportello Girasole", Lang: "it", Body: "Comune di prova"}}, len(ids), nil
		}})
		s.handler = s.routes.Handler()
		fn(t, s)
	})
}

func (s *site) fill() {
	s.t.Helper()
	bodies, projects, funds, err := network.Demo()
	if err != nil {
		s.t.Fatal(err)
	}
	example := network.Organization{Kind: "third-sector", Example: true}
	example.ID, example.Name, example.Website = "example", "Cooperativa di esempio", "https://esempio.example/"
	if err := s.network.DB.InTx(s.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		if err := network.SaveOrganizations(ctx, tx, clock(), append(bodies, example)); err != nil {
			return err
		}
		if err := network.AdmitExamples(ctx, tx, "2026-01-01"); err != nil {
			return err
		}
		if err := network.AddFunds(ctx, tx, funds); err != nil {
			return err
		}
		return network.AddProjects(ctx, tx, projects)
	}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) get(path string) *httptest.ResponseRecorder {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

// post sends a form as a browser of the same site does.
func (s *site) post(path string, form url.Values) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// page is get for a page that must be there.
func (s *site) page(path string) *html.Node {
	s.t.Helper()
	w := s.get(path)
	if w.Code != http.StatusOK {
		s.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return parse(s.t, w)
}

func parse(t *testing.T, w *httptest.ResponseRecorder) *html.Node {
	t.Helper()
	node, err := html.Parse(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return node
}

// text is what a page says, with single spaces, in its main part.
func text(n *html.Node) string {
	if main := find(n, func(n *html.Node) bool { return n.Data == "main" }); main != nil {
		n = main
	}
	var b strings.Builder
	walk(n, func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

func walk(n *html.Node, visit func(*html.Node)) {
	visit(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, visit)
	}
}

func find(n *html.Node, is func(*html.Node) bool) *html.Node {
	var hit *html.Node
	walk(n, func(n *html.Node) {
		if hit == nil && n.Type == html.ElementNode && is(n) {
			hit = n
		}
	})
	return hit
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func smallPNG(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
