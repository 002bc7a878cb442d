// SPDX-License-Identifier: EUPL-1.2

package directoryweb_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"approdo/internal/domain/directory/directoryweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web/ui"
)

// addresses gives, for each route with a variable part, real addresses to ask for. A new route
// must be added here, so that no test forgets it.
var addresses = map[string][]string{
	"/{$}":                   {"/"},
	"/services":              {"/services", "/services?q=mensa", "/services?q=medico+Marsala", "/services?q=violenza", "/services?need=gender-violence", "/services?near=38.037,12.587&radius_km=1", "/services?territory=p:TP&view=map", "/services?q=nulladitutto"},
	"/services/{id}":         {"/services/meals", "/services/permit", "/services/school", "/services/women", "/services/example", "/services/reserved"},
	"/services/{id}/qr.svg":  {"/services/meals/qr.svg"},
	"/needs":                 {"/needs"},
	"/needs/{code}":          {"/needs/safety", "/needs/gender-violence", "/needs/food-and-meals"},
	"/territories":           {"/territories"},
	"/territories/{ref}":     {"/territories/p:TP", "/territories/c:081011", "/territories/c:081008", "/territories/r:19"},
	"/shortlist":             {"/shortlist", "/shortlist?ids=meals,permit,reserved", "/shortlist?ids=meals&with=ur", "/shortlist?ids=meals&with=none"},
	"/shortlist.pdf":         {},
	"/shortlist/qr.svg":      {"/shortlist/qr.svg?ids=meals"},
	"/statistics":            {"/statistics"},
	"/open-data":             {"/open-data"},
	"/open-data/{file}":      {"/open-data/approdo.ndjson"},
	"/privacy":               {"/privacy"},
	"/accessibility":         {"/accessibility"},
	"/offline":               {"/offline", "/offline?territory=p:TP"},
	"/offline/{file}":        {"/offline/p:TP.it.json", "/offline/p:TP.ar.json", "/offline/c:081008.it.json"},
	"/exit":                  {"/exit"},
	"/sw.js":                 {"/sw.js"},
	"/manifest.webmanifest":  {"/manifest.webmanifest"},
	"/robots.txt":            {"/robots.txt"},
	"/sitemap.xml":           {"/sitemap.xml"},
	"/sitemap/{file}":        {"/sitemap/1.xml"},
	"/static/{name}":         {},
	"/healthz":               {"/healthz"},
	"/readyz":                {"/readyz"},
	"/metrics":               {}, // for those who are named alone
	"/services/{id}/clear":   {},
	"/services/{id}/mistake": {},
}

// walk asks for every address of the route table in the languages given.
func (s *running) walk(languages []string, visit func(language, path string)) {
	s.t.Helper()
	for _, route := range s.routes.List() {
		paths, ok := addresses[route.Pattern]
		if !ok {
			s.t.Fatalf("the route %s has no address in the table of this test", route.Pattern)
		}
		for _, path := range paths {
			if !route.Localized {
				visit("", path)
				continue
			}
			for _, language := range languages {
				visit(language, "/"+language+path)
			}
		}
	}
}

func TestEveryPageInTenLanguages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		s.walk(lang.All, func(language, path string) {
			w := s.get(path)
			if w.Code != http.StatusOK {
				t.Errorf("%s: %d", path, w.Code)
				return
			}
			if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
				checkPage(t, language, path, w.Body.String())
			}
		})
	})
}

// checkPage looks at what every page must have, and must not.
func checkPage(t *testing.T, language, path, body string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	root := all(doc, named("html"))[0]
	if attr(root, "lang") != language || attr(root, "dir") != lang.Dir(language) {
		t.Errorf("%s: lang %q dir %q", path, attr(root, "lang"), attr(root, "dir"))
	}
	if titles := all(doc, named("title")); len(titles) == 0 || text(titles[0]) == "" {
		t.Errorf("%s has no title", path)
	}
	if !strings.HasSuffix(path, "/exit") && len(all(doc, named("h1"))) != 1 {
		t.Errorf("%s has %d main headings", path, len(all(doc, named("h1"))))
	}
	ids := map[string]bool{}
	for _, n := range all(doc, func(*html.Node) bool { return true }) {
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s: inline %s on %s", path, a.Key, n.Data)
			}
			if a.Key == "id" && ids[a.Val] {
				t.Errorf("%s: the id %q twice", path, a.Val)
			}
			if a.Key == "id" {
				ids[a.Val] = true
			}
			if a.Key == "src" && !strings.HasPrefix(a.Val, "/") {
				t.Errorf("%s asks another host for %s", path, a.Val)
			}
		}
	}
	// The page of copies carries the words of its script, with their placeholders.
	if (strings.Contains(body, "{n}") || strings.Contains(body, "{territory}") || strings.Contains(body, "{date}")) && !strings.Contains(path, "/offline") {
		t.Errorf("%s shows a placeholder", path)
	}
}

func TestCatalogueIsWholeInTenLanguages(t *testing.T) {
	t.Parallel()
	for _, p := range lang.CheckCatalogue(directoryweb.Locales()) {
		t.Error(p)
	}
	words, err := lang.Open(ui.Locales(), directoryweb.Locales())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range lang.CheckUse(os.DirFS("."), words) {
		t.Error(p)
	}
	for _, item := range append(directoryweb.Menu(), directoryweb.Foot()...) {
		if !words.Words("it").Has(item.Key) {
			t.Errorf("the menu says %s, which has no words", item.Key)
		}
	}
}

// TestConfidentialPlaceNeverLeaves asks for everything that the public can ask for, and looks for
// anything that stands only in the confidential place.
func TestConfidentialPlaceNeverLeaves(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		reached := 0
		look := func(path string) {
			w := s.get(path)
			reached++
			for _, canary := range canaries {
				if strings.Contains(w.Body.String(), canary) || strings.Contains(w.Header().Get("Link"), canary) {
					// What the asker wrote comes back in the box; it is not ours to hide.
					if strings.Contains(strings.ToLower(path), strings.ToLower(canary)) {
						continue
					}
					t.Errorf("%s tells %q", path, canary)
				}
			}
		}
		s.walk([]string{"it", "ar"}, func(_, path string) { look(path) })
		if reached < 60 {
			t.Fatalf("only %d addresses were looked at", reached)
		}
		for _, question := range []string{"Rifugio", "Erice", "accoglienza donne", "davanti"} {
			look("/it/services?q=" + strings.ReplaceAll(question, " ", "+"))
		}
		// Searching for what is hidden must find nothing by it.
		for _, secret := range []string{"canarino", "vicolo"} {
			doc := s.page("/it/services?q=" + secret)
			if links := all(doc, having("href", "/it/services/reserved")); len(links) > 0 {
				t.Errorf("the hidden word %q leads to the service", secret)
			}
		}
	})
}
