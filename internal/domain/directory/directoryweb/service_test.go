// SPDX-License-Identifier: EUPL-1.2

package directoryweb_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/directoryweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

func TestServicePage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census(), func(deps *directoryweb.Deps) {
			deps.SchemaOrg = func(e directory.Entry, language string) ([]byte, error) {
				return []byte(`{"@type":"GovernmentService","name":"</script>` + e.Name + `","inLanguage":"` + language + `"}`), nil
			}
		})
		doc := s.page("/it/services/meals")
		for _, id := range []string{"about", "bring", "get", "cost", "contact", "hours", "where", "spoken"} {
			if part := all(doc, having("id", id)); len(part) != 1 || len(all(part[0], having("data-read", id))) != 1 {
				t.Errorf("the part %s, with its voice: %d", id, len(part))
			}
		}
		if state := all(doc, classed("state-open")); len(state) == 0 || !strings.Contains(text(state[0]), "13:00") {
			t.Error("it is half past ten on a Tuesday: it must be open until one")
		}
		if rows := all(all(doc, classed("timetable"))[0], named("tr")); len(rows) != 8 {
			t.Errorf("the timetable has %d lines, want a head and seven days", len(rows))
		}
		if address := all(doc, classed("place-address")); len(address) != 1 || attr(address[0], "lang") != "it" || !strings.Contains(text(address[0]), "Via Garibaldi 12, 91025 Marsala (TP)") {
			t.Error("the address to show is not there in Italian")
		}
		if phone := all(doc, having("href", "tel:0923000111")); len(phone) != 1 {
			t.Error("the telephone can't be tapped")
		}
		block := all(doc, having("type", "application/ld+json"))
		if len(block) != 1 || strings.Contains(block[0].FirstChild.Data, "</script>") {
			t.Error("the description for search engines is missing or breaks out of its block")
		}
		if overdue := all(s.page("/it/services/school"), classed("is-overdue")); len(overdue) != 1 || !strings.Contains(text(overdue[0]), "10 gennaio 2024") {
			t.Error("that the confirmation is overdue is not said")
		}
	})
}

func TestServiceSaysWhichLanguageItIsIn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		arabic := s.page("/ar/services/meals")
		if title := text(all(arabic, named("h1"))[0]); title != "مطعم مسائي" {
			t.Errorf("the Arabic title is %q", title)
		}
		about := all(arabic, having("id", "about"))[0]
		if foreign := all(about, having("lang", "it")); len(foreign) == 0 || attr(foreign[0], "dir") != "ltr" {
			t.Error("the Italian text in the Arabic page is not marked as such")
		}
		for path, want := range map[string]string{
			"/ar/services/meals": "بعض أجزاء", "/ur/services/meals": "صرف اس زبان", "/en/services/meals": "A program translated",
		} {
			if notes := all(s.page(path), classed("notice-info")); len(notes) == 0 || !strings.Contains(text(notes[0]), want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
		if notes := all(s.page("/it/services/meals"), classed("notice-info")); len(notes) != 0 {
			t.Error("the original is called a translation")
		}
	})
}

func TestReservedServiceShowsProvinceAndTelephoneOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		doc := s.page("/it/services/reserved")
		whole := text(doc)
		if !strings.Contains(whole, "Provincia di Trapani") || !strings.Contains(whole, "0923 000111") || !strings.Contains(whole, "Il luogo è riservato") {
			t.Errorf("the page says: %s", whole)
		}
		for _, id := range []string{"where", "service-places"} {
			if len(all(doc, having("id", id))) > 0 {
				t.Errorf("a reserved service shows the part %s", id)
			}
		}
		if s.get("/it/services/reserved/qr.svg").Code != http.StatusNotFound {
			t.Error("a reserved service has a code to pass on")
		}
		if sheet := text(s.page("/it/shortlist?ids=reserved,meals")); strings.Contains(sheet, "Accoglienza per donne") || !strings.Contains(sheet, "Mensa serale") {
			t.Error("a reserved service is on the sheet, or the sheet is empty")
		}
		if pack := s.get("/offline/p:TP.it.json").Body.String(); strings.Contains(pack, "Accoglienza per donne") || !strings.Contains(pack, "Mensa serale") {
			t.Error("a reserved service is in the copy, or the copy is empty")
		}
		// Near searches must not tell where in the province it is.
		for _, point := range []string{"38.037,12.587", "37.65,12.6"} {
			list := s.page("/it/services?need=gender-violence&radius_km=1&near=" + point)
			if got := found(list); len(got) != 1 || got[0] != "reserved" {
				t.Errorf("from %s: %v", point, got)
			}
			if strings.Contains(text(all(list, classed("results-list"))[0]), " km") {
				t.Error("a distance to a reserved place is shown")
			}
		}
	})
}

func TestFeedback(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		yes := s.post("/ar/services/meals/clear", "kind=clear&word=")
		if yes.Code != http.StatusSeeOther || yes.Header().Get("Location") != "/ar/services/meals?thanks=1" {
			t.Fatalf("one tap: %d %s", yes.Code, yes.Header().Get("Location"))
		}
		if thanks := all(s.page("/ar/services/meals?thanks=1"), classed("notice-success")); len(thanks) != 1 {
			t.Error("nobody says thank you")
		}
		refused := s.post("/it/services/meals/mistake", "kind=mistake-other&word=")
		if refused.Code != http.StatusOK || !strings.Contains(refused.Body.String(), "Scrivi che cosa è sbagliato") {
			t.Errorf("an empty word: %d", refused.Code)
		}
		if w := s.post("/it/services/none/clear", "kind=clear"); w.Code != http.StatusNotFound {
			t.Errorf("an unknown service: %d", w.Code)
		}
		if w := s.post("/it/services/meals/clear", "kind=clear", "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusForbidden {
			t.Errorf("from another site: %d", w.Code)
		}
		list, err := s.directory.FeedbackOn(context.Background(), "meals")
		if err != nil || len(list) != 1 || list[0].Language != "ar" {
			t.Errorf("kept: %v, %v", list, err)
		}
		code := 0
		for range 30 {
			code = s.post("/it/services/meals/clear", "kind=unclear").Code
		}
		if code != http.StatusTooManyRequests {
			t.Errorf("the thirtieth tap in a second: %d", code)
		}
		s.now = s.now.Add(10 * time.Minute)
		if w := s.post("/it/services/meals/clear", "kind=unclear"); w.Code != http.StatusSeeOther {
			t.Errorf("ten minutes later: %d", w.Code)
		}
	})
}

func TestHolidaysInTheTimetable(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		s.now = time.Date(2026, 12, 23, 9, 0, 0, 0, time.UTC)
		table := text(all(s.page("/it/services/meals"), classed("timetable"))[0])
		if !strings.Contains(table, "25 dicembre Chiuso Natale") {
			t.Errorf("Christmas is not in the timetable: %s", table)
		}
		if arabic := text(all(s.page("/ar/services/meals"), classed("timetable"))[0]); !strings.Contains(arabic, "عيد الميلاد") {
			t.Errorf("Christmas has no Arabic name: %s", arabic)
		}
	})
}
