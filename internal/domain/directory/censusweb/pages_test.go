// SPDX-License-Identifier: EUPL-1.2

package censusweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

func TestFeedbackIsAnsweredOnThePage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d)
		if _, err := s.census.Say(t.Context(), directory.Feedback{Entry: "s1", Kind: directory.MistakeHours, Language: "ar", Word: "مغلق <b>"}, ""); err != nil {
			t.Fatal(err)
		}
		links := find(s.page("/it/office/feedback"), func(n *html.Node) bool { return strings.HasPrefix(attr(n, "href"), "/it/office/feedback/") })
		if len(links) != 1 {
			t.Fatalf("%d in the inbox", len(links))
		}
		at := attr(links[0], "href")
		doc := s.page(at)
		if quote := find(doc, named("blockquote")); len(quote) != 1 || attr(quote[0], "dir") != "rtl" || text(quote[0]) != "مغلق <b>" {
			t.Errorf("what was written: %v", quote)
		}
		if fields := find(doc, having("name", "reply")); len(fields) != 0 {
			t.Error("a reply to somebody who left no address")
		}
		form := s.form(doc, at)
		form.Set("answer", "")
		if w := s.post(at, form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Scrivi che cosa hai trovato") {
			t.Errorf("without an answer: %d", w.Code)
		}
		form.Set("answer", "Corretto l'orario.")
		if w := s.post(at, form); w.Code != http.StatusSeeOther {
			t.Errorf("answered: %d %s", w.Code, w.Body)
		}
		if w := s.post(at, form); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "Corretto l") {
			t.Errorf("answered twice: %d, and what was typed must stay", w.Code)
		}
		s.actor = editor("comune")
		if w := s.get(at); w.Code != http.StatusNotFound {
			t.Errorf("another body reads it: %d", w.Code)
		}
		s.actor = access.Actor{Account: "x", Member: "coop"}
		if w := s.get("/it/office/feedback"); w.Code != http.StatusNotFound {
			t.Errorf("without a role: %d", w.Code)
		}
	})
}

func TestAnImportOnThePage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d)
		if w := s.bring("/it/office/import", "file", "", nil, map[string]string{"dataset": ""}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "nome alla raccolta") {
			t.Errorf("nothing: %d", w.Code)
		}
		w := s.bring("/it/office/import", "file", "elenco.csv", []byte("Denominazione;Tel.;Colore\nDoposcuola;000 1;blu\n"), map[string]string{"dataset": "elenco"})
		if w.Code != http.StatusSeeOther {
			t.Fatalf("uploaded: %d %s", w.Code, w.Body)
		}
		at := w.Header().Get("Location")
		doc := s.page(at)
		selects := find(doc, func(n *html.Node) bool { return n.Data == "select" && strings.HasPrefix(attr(n, "name"), "title-") })
		if len(selects) != 3 {
			t.Fatalf("%d columns to map", len(selects))
		}
		form := s.form(doc, at)
		for i, one := range selects {
			for _, option := range find(one, named("option")) {
				if _, chosen := attrOK(option, "selected"); chosen {
					form.Set("title-"+string(rune('0'+i)), attr(option, "value"))
				}
			}
		}
		if form.Get("title-0") != "Nome del servizio" || form.Get("title-1") != "Telefono" || form.Get("title-2") != "" {
			t.Errorf("guessed: %v", form)
		}
		if w := s.post(at, form); w.Code != http.StatusSeeOther {
			t.Fatalf("mapped: %d %s", w.Code, w.Body)
		}
		doc = s.page(at)
		if tables := find(doc, having("id", "counts")); len(tables) != 1 || !strings.Contains(text(tables[0]), "Servizi 1 0 0 0 0") {
			t.Fatalf("what would change: %s", text(doc))
		}
		if w := s.post(at+"/apply", s.form(doc, at+"/apply")); w.Code != http.StatusSeeOther {
			t.Fatalf("applied: %d", w.Code)
		}
		if list, err := s.uses.EntriesOf(t.Context(), "coop"); err != nil || len(list) != 2 {
			t.Errorf("%d services, %v", len(list), err)
		}
		doc = s.page(at + "/undo")
		if w := s.post(at+"/undo", s.form(doc, at+"/undo")); w.Code != http.StatusSeeOther {
			t.Fatalf("undone: %d", w.Code)
		}
		if list, err := s.uses.EntriesOf(t.Context(), "coop"); err != nil || len(list) != 1 {
			t.Errorf("after undoing %d services, %v", len(list), err)
		}
		if log := text(s.page("/it/office/import")); !strings.Contains(log, "Annullata") {
			t.Error("the log does not say it")
		}
		if w := s.get("/it/office/datasets"); w.Code != http.StatusNotFound {
			t.Errorf("an editor sets what is fetched: %d", w.Code)
		}
	})
}

func TestDatasetsOnThePage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d)
		s.actor = access.Actor{Account: "admin", Member: "comune", Roles: []access.Role{access.NetworkAdministrator}}
		form := url.Values{"dataset": {"altrove"}, "address": {"ftp://x"}, "every": {"24"}, "complete": {"1"}, "fresh": {"1"}}
		if w := s.post("/it/office/datasets/edit", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "ftp://x") {
			t.Errorf("a bad address: %d", w.Code)
		}
		form.Set("address", "https://altrove.example/hsds")
		if w := s.post("/it/office/datasets/edit", form); w.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if list := text(s.page("/en/office/datasets")); !strings.Contains(list, "altrove") || !strings.Contains(list, "https://altrove.example/hsds") {
			t.Errorf("the list: %s", list)
		}
	})
}

func TestTheSearchBoxIsFramedOnlyWhereTheBodySays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d)
		policy := func(path string) string { return s.get(path).Header().Get("Content-Security-Policy") }
		if csp := policy("/it/widget/coop"); !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("nobody was named: %s", csp)
		}
		if w := s.post("/it/office/share", url.Values{"body": {"coop"}, "origins": {"https://coop.example"}}); w.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if csp := policy("/it/widget/coop"); !strings.Contains(csp, "frame-ancestors https://coop.example") || strings.Contains(csp, "frame-ancestors 'none'") || !strings.Contains(csp, "script-src 'self'") {
			t.Errorf("named: %s", csp)
		}
		for _, other := range []string{"/it/widget/comune", "/it/poster", "/it/office/share"} {
			if csp := policy(other); !strings.Contains(csp, "frame-ancestors 'none'") {
				t.Errorf("%s: %s", other, csp)
			}
		}
		for _, language := range []string{"it", "ar"} {
			doc := s.page("/" + language + "/widget/coop?q=mensa")
			links := find(doc, func(n *html.Node) bool { return strings.Contains(attr(n, "href"), "/services/s1") })
			if len(links) != 1 || attr(links[0], "target") != "_blank" || !strings.HasPrefix(attr(links[0], "href"), "https://approdo.example/"+language+"/") {
				t.Errorf("%s: %v", language, links)
			}
			if found := find(doc, func(n *html.Node) bool { return strings.Contains(attr(n, "href"), "/services/s2") }); len(found) != 0 {
				t.Error("another body's services are found")
			}
		}
		if w := s.post("/it/office/share", url.Values{"body": {"comune"}, "origins": {""}}); w.Code != http.StatusNotFound {
			t.Errorf("another body: %d", w.Code)
		}
		if w := s.get("/it/widget/nobody"); w.Code != http.StatusNotFound {
			t.Errorf("no such body: %d", w.Code)
		}
	})
}

func TestPostersShowNoHiddenPlace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d)
		doc := s.page("/it/poster?body=coop&second=ar")
		sides := find(doc, having("class", "poster-side"))
		if len(sides) != 2 || attr(sides[0], "lang") != "it" || attr(sides[1], "lang") != "ar" || attr(sides[1], "dir") != "rtl" || !strings.Contains(text(sides[0]), "Cooperativa <di> esempio") {
			t.Errorf("two languages: %v", sides)
		}
		pictures := find(doc, func(n *html.Node) bool { return n.Data == "img" && strings.HasPrefix(attr(n, "src"), "/poster.svg") })
		if len(pictures) != 1 {
			t.Fatalf("%d codes", len(pictures))
		}
		if w := s.get(attr(pictures[0], "src")); w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/svg+xml" {
			t.Errorf("the code: %d", w.Code)
		}
		for _, path := range []string{"/it/poster", "/it/poster?service=s1", "/it/poster?territory=c:082053"} {
			s.page(path)
		}
		for _, path := range []string{"/it/poster?service=s3", "/it/poster?body=rifugio", "/poster.svg?service=s3", "/it/poster?territory=c:000", "/it/poster?body=none"} {
			if w := s.get(path); w.Code != http.StatusNotFound {
				t.Errorf("%s: %d", path, w.Code)
			}
		}
	})
}

func TestTheFormForTheField(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d)
		s.actor.Roles = []access.Role{access.Mediator}
		doc := s.page("/it/office/field/new")
		if len(find(doc, func(n *html.Node) bool { _, is := attrOK(n, "data-field"); return is })) != 1 || strings.Contains(text(doc), "Rete di prova") {
			t.Error("the form is a page of its own, without anybody's name on it")
		}
		id := attr(find(doc, having("name", "id"))[0], "value")
		bad := map[string]string{"id": id, "name": "Mensa", "comune": "Paperopoli", "note": "torna"}
		if w := s.bring("/it/office/field", "photo", "", nil, bad); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Paperopoli") || !strings.Contains(w.Body.String(), "torna") {
			t.Errorf("what was typed must stay: %d", w.Code)
		}
		if w := s.bring("/it/office/field", "photo", "", nil, bad, "Accept", "application/json"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "mistakes") {
			t.Errorf("for the script: %d %s", w.Code, w.Body)
		}
		good := map[string]string{"id": id, "name": "Mensa", "comune": "Samone (TO)", "need": "food-and-meals", "language": "wo"}
		for range 2 {
			if w := s.bring("/it/office/field", "photo", "", nil, good, "Accept", "application/json"); w.Code != http.StatusNoContent {
				t.Fatalf("sent: %d %s", w.Code, w.Body)
			}
		}
		s.actor = editor("coop")
		if list := text(s.page("/it/office/field")); strings.Count(list, "Samone (TO)") != 1 {
			t.Errorf("the list: %s", list)
		}
		if w := s.post("/it/office/field/"+id+"/adopt", url.Values{}); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/it/office/services/") {
			t.Errorf("adopted: %d %s", w.Code, w.Header().Get("Location"))
		}
		worker := s.get("/field-worker.js")
		if worker.Header().Get("Service-Worker-Allowed") != "/" || !strings.HasPrefix(worker.Body.String(), "const shell = [") {
			t.Errorf("the worker: %v", worker.Header())
		}
	})
}
