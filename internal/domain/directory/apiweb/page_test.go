// SPDX-License-Identifier: EUPL-1.2

package apiweb_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/lang"
	"approdo/migrations"
)

// TestPageInTenLanguages: the page speaks every language, its links work, and it asks nobody else.
func TestPageInTenLanguages(t *testing.T) {
	t.Parallel()
	a := serve(t, dbtest.SQLite(t, migrations.FS), sample(t))
	titles := map[string]bool{}
	for _, language := range lang.All {
		w := a.ask("/" + language + "/api")
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d", language, w.Code)
		}
		page, err := html.Parse(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		ids, links, forms := map[string]bool{}, []string{}, 0
		for n := range page.Descendants() {
			if id := attribute(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("%s: the id %s is there twice", language, id)
				}
				ids[id] = true
			}
			if n.Type != html.ElementNode {
				continue
			}
			switch n.Data {
			case "html":
				if attribute(n, "lang") != language || attribute(n, "dir") != lang.Dir(language) {
					t.Errorf("%s: %v", language, n.Attr)
				}
			case "h1":
				titles[n.FirstChild.Data] = true
			case "a":
				links = append(links, attribute(n, "href"))
			case "form":
				if strings.HasPrefix(attribute(n, "action"), "/api/v1/") {
					forms++
				}
			case "script":
				if !strings.HasPrefix(attribute(n, "src"), "/static/") {
					t.Errorf("%s: a script of somebody else: %v", language, n.Attr)
				}
			}
		}
		tried := 0
		for _, href := range links {
			switch {
			case strings.HasPrefix(href, "#"):
				if !ids[href[1:]] {
					t.Errorf("%s: %s leads nowhere", language, href)
				}
			case strings.HasPrefix(href, "/api/"):
				if tried++; a.ask(href).Code != http.StatusOK {
					t.Errorf("%s: %s: %d", language, href, a.ask(href).Code)
				}
			}
		}
		if tried < 7 || forms < 5 {
			t.Errorf("%s: %d examples, %d forms", language, tried, forms)
		}
	}
	if len(titles) != len(lang.All) {
		t.Errorf("titles: %v", titles)
	}
	if w := a.ask("/api", "Accept-Language", "bn"); w.Header().Get("Location") != "/bn/api" {
		t.Errorf("/api leads to %s", w.Header().Get("Location"))
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
