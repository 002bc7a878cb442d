// SPDX-License-Identifier: EUPL-1.2

package censusweb_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/domain/directory/censusweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/upload"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func clock() time.Time { return time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC) }

// running is the pages over a database, for whoever actor is.
type running struct {
	http.Handler
	t      *testing.T
	actor  access.Actor
	census *census.UseCases
	uses   *directory.UseCases
	finder *directory.Finder
}

func editor(member string) access.Actor {
	return access.Actor{Account: "editor-" + member, Member: member, Roles: []access.Role{access.DirectoryEditor}, Via: audit.ViaPage}
}

func serve(t *testing.T, d *db.DB) *running {
	t.Helper()
	guard, err := access.New(clock, access.Base(), directory.Policy(), census.Policy())
	if err != nil {
		t.Fatal(err)
	}
	s := &running{t: t, actor: editor("coop"), uses: directory.New(d, clock).Guarded(guard)}
	body := func(id, name string) network.Organization {
		o := network.Organization{Kind: "third-sector"}
		o.ID, o.Name = id, name
		return o
	}
	service := func(id, body, name, need string) directory.Service {
		one := directory.Service{}
		one.ID, one.OrganizationID, one.Name, one.Status = id, body, name, directory.StatusActive
		one.Card = directory.Card{Language: "it", Needs: []string{need}, Summary: "In breve: " + name}
		return one
	}
	refuge := service("s3", "rifugio", "Accoglienza", "gender-violence")
	refuge.Confidential = []directory.ConfidentialSite{{ID: "hidden", Province: "PA"}}
	if _, err := s.uses.Save(t.Context(), directory.Batch{
		Source: "start", Organizations: []network.Organization{body("coop", "Cooperativa <di> esempio"), body("comune", "Comune"), body("rifugio", "Rifugio")},
		Services: []directory.Service{service("s1", "coop", "Mensa della sera", "food-and-meals"), service("s2", "comune", "Anagrafe", "residence-registration"), refuge},
	}); err != nil {
		t.Fatal(err)
	}
	s.finder = directory.NewFinder(s.uses)
	if err := s.finder.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	photos, err := upload.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s.census = census.New(census.Deps{DB: d, Directory: s.uses, Clock: clock, Guard: guard, Photos: photos})
	words, err := lang.Open(ui.Locales(), directory.Locales(), censusweb.Locales())
	if err != nil {
		t.Fatal(err)
	}
	site := &ui.Site{Network: "Rete di prova"}
	rs := web.New(web.Options{
		Catalogue: words, ErrorPage: site.ErrorPage, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), PublicURL: "https://approdo.example",
		Admit: func(r *http.Request, rule web.Rule) (context.Context, error) {
			if rule.Action() != "" && !guard.May(s.actor, rule.Action()) {
				return nil, fault.NotFound("fault.no_page")
			}
			return access.With(r.Context(), s.actor), nil
		},
	})
	censusweb.Register(rs, censusweb.Deps{Census: s.census, Directory: s.uses, Finder: s.finder, Guard: guard, Site: site, Label: func(_ lang.Words, path string) string { return path }})
	s.Handler = rs.Handler()
	return s
}

func (s *running) get(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

// page asks for a page that must be there.
func (s *running) page(path string) *html.Node {
	s.t.Helper()
	w := s.get(path)
	if w.Code != http.StatusOK {
		s.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return s.read(w)
}

func (s *running) read(w *httptest.ResponseRecorder) *html.Node {
	s.t.Helper()
	doc, err := html.Parse(w.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return doc
}

func (s *running) post(path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.send(r, header)
}

func (s *running) send(r *http.Request, header []string) *httptest.ResponseRecorder {
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// bring sends a form with a file.
func (s *running) bring(path, field, name string, content []byte, values map[string]string, header ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for key, value := range values {
		_ = m.WriteField(key, value)
	}
	if name != "" {
		part, err := m.CreateFormFile(field, name)
		if err != nil {
			s.t.Fatal(err)
		}
		_, _ = part.Write(content)
	}
	_ = m.Close()
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return s.send(r, header)
}

func find(n *html.Node, keep func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for one := range n.Descendants() {
		if one.Type == html.ElementNode && keep(one) {
			found = append(found, one)
		}
	}
	return found
}

func having(key, value string) func(*html.Node) bool {
	return func(n *html.Node) bool { return attr(n, key) == value }
}

func named(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == name }
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func attrOK(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func text(n *html.Node) string {
	var b strings.Builder
	for one := range n.Descendants() {
		if one.Type == html.TextNode {
			b.WriteString(one.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// form gives the hidden fields of a form by its action.
func (s *running) form(doc *html.Node, action string) url.Values {
	s.t.Helper()
	list := find(doc, having("action", action))
	if len(list) == 0 {
		s.t.Fatalf("there is no form to %s", action)
	}
	values := url.Values{}
	for _, input := range find(list[0], having("type", "hidden")) {
		values.Set(attr(input, "name"), attr(input, "value"))
	}
	return values
}
