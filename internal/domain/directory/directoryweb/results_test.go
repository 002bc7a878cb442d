// SPDX-License-Identifier: EUPL-1.2

package directoryweb_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// found are the services that a page lists, in order.
func found(doc *html.Node) []string {
	var ids []string
	for _, link := range all(doc, classed("tile-link")) {
		if _, id, ok := strings.Cut(attr(link, "href"), "/services/"); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

func TestResultsAcrossLanguages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		for path, want := range map[string]string{
			"/it/services?q=mensa": "meals",
			"/ar/services?q=%D8%AA%D8%AC%D8%AF%D9%8A%D8%AF+%D8%AA%D8%B5%D8%B1%D9%8A%D8%AD+%D8%A7%D9%84%D8%A5%D9%82%D8%A7%D9%85%D8%A9": "permit",
			"/en/services?q=free+italian+course":              "school",
			"/it/services?q=permeso+di+sogiorno":              "permit",
			"/it/services?need=food-and-meals&territory=p:TP": "meals",
		} {
			if list := found(s.page(path)); len(list) == 0 || list[0] != want {
				t.Errorf("%s finds %v, want %s first", path, list, want)
			}
		}
	})
}

func TestFiltersCountAndHold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		doc := s.page("/it/services?need=food-and-meals&spoken=ar&open=now&age=30")
		if list := found(doc); !slices.Equal(list, []string{"meals"}) {
			t.Errorf("found %v", list)
		}
		for id, checked := range map[string]bool{"need-food-and-meals": true, "need-arrival": false, "spoken-ar": true, "spoken-it": false, "open": true} {
			box := all(doc, having("id", id))
			if len(box) != 1 || slices.ContainsFunc(box[0].Attr, func(a html.Attribute) bool { return a.Key == "checked" }) != checked {
				t.Errorf("the mark %s: %d of them, want checked %t", id, len(box), checked)
			}
		}
		// A count says what the choice would show, with its own group left open.
		counts := all(s.page("/it/services?territory=c:081011"), having("id", "n-need-language-and-school"))
		if len(counts) != 1 || text(counts[0]) != "1" {
			t.Errorf("courses in Marsala: %v", counts)
		}
		other := all(s.page("/it/services?need=arrival"), having("id", "n-need-language-and-school"))
		if len(other) != 1 || text(other[0]) != "1" {
			t.Errorf("with another need chosen the count of courses is %v", other)
		}
	})
}

func TestForMeLeavesOutOnlyWhatIsCertainlyNotForThem(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		man := found(s.page("/it/services?sex=male&title=none"))
		if slices.Contains(man, "women") || slices.Contains(man, "permit") || !slices.Contains(man, "meals") {
			t.Errorf("for a man without permit: %v", man)
		}
		if woman := found(s.page("/it/services?for=sex:female")); !slices.Contains(woman, "women") || !slices.Contains(woman, "permit") {
			t.Errorf("for a woman: %v", woman)
		}
		doc := s.page("/it/services?age=trenta&near=qui&territory=p:XX")
		if problems := all(doc, having("role", "alert")); len(problems) != 1 || len(all(problems[0], named("li"))) != 3 {
			t.Errorf("what could not be read is not said: %v", problems)
		}
		if len(found(doc)) == 0 {
			t.Error("a mistake in the form hides everything")
		}
	})
}

func TestLittleFoundHelpsOn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		doc := s.page("/it/services?q=astronave&need=work&territory=c:081021")
		empty := all(doc, classed("empty"))
		if len(empty) != 1 || len(all(empty[0], named("a"))) < 3 {
			t.Fatalf("an empty answer offers nothing to do: %v", empty)
		}
		if needs := all(doc, classed("nearest")); len(needs) != 1 || len(all(needs[0], named("a"))) < 5 {
			t.Error("an empty answer offers no needs")
		}
		widened := s.page("/it/services?q=mensa+Siracusa")
		if list := found(widened); len(list) == 0 || list[0] != "meals" {
			t.Errorf("mensa Siracusa finds %v", list)
		}
		if notes := all(widened, classed("notice-info")); len(notes) == 0 || !strings.Contains(text(notes[0]), "territorio più grande") {
			t.Error("that the territory was widened is not said")
		}
	})
}

func TestUrgentQuestionsShowHelplinesFirstAndLeaveNoTrace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		for _, path := range []string{"/it/services?q=mio+marito+mi+picchia", "/it/services?need=gender-violence", "/it/needs/gender-violence", "/it/services/reserved"} {
			w := s.get(path)
			if w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s may be stored: %q", path, w.Header().Get("Cache-Control"))
			}
			doc, err := html.Parse(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			lines := all(doc, classed("helplines"))
			if len(lines) != 1 || !strings.Contains(text(lines[0]), "1522") {
				t.Errorf("%s does not show the national line", path)
			}
			if robots := all(doc, having("name", "robots")); len(robots) == 0 || attr(robots[0], "content") != "noindex" {
				t.Errorf("%s may be indexed", path)
			}
			if len(all(doc, having("data-keep", "reserved"))) > 0 || len(all(doc, having("property", "og:title"))) > 0 {
				t.Errorf("%s offers to keep or to pass on", path)
			}
		}
	})
}

func TestPagingAndMap(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		batch := census()
		for i := range 45 {
			batch.Services = append(batch.Services, at(service(fmt.Sprintf("many-%02d", i), "office", fmt.Sprintf("Biblioteca %d", i), "library-and-internet"), "082053", 38.1, 13.3))
		}
		s := serve(t, d, batch)
		seen := map[string]bool{}
		for page := 1; page <= 5; page++ {
			for _, id := range found(s.page(fmt.Sprintf("/it/services?need=library-and-internet&page=%d", page))) {
				seen[id] = true
			}
		}
		if len(seen) != 45 {
			t.Errorf("five pages show %d of 45", len(seen))
		}
		doc := s.page("/it/services?need=library-and-internet")
		if next := all(doc, having("rel", "next")); len(next) != 1 || !strings.Contains(attr(next[0], "href"), "need=library-and-internet") || !strings.Contains(attr(next[0], "href"), "page=2") {
			t.Errorf("the way to the next page: %v", next)
		}
		block := all(doc, having("id", "results-places"))
		if len(block) != 1 || !strings.Contains(block[0].FirstChild.Data, `"lat":38.1`) || !strings.Contains(block[0].FirstChild.Data, `"outline":[[`) {
			t.Error("the map has no places or no ground")
		}
	})
}

func TestSearchesThatFoundNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		ask := func(query, visitor, dest string) {
			t.Helper()
			r := s.get("/it/services?q="+query, "User-Agent", visitor, "Sec-Fetch-Dest", dest)
			if r.Code != http.StatusOK {
				t.Fatal(r.Code)
			}
		}
		for i := range 6 {
			ask("zzyzxwvut", fmt.Sprint("visitor ", i), "empty") // as somebody types: no question yet
		}
		count := func(query string) int64 {
			t.Helper()
			n, err := db.Row(context.Background(), d, db.Column[int64], query)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := count(`SELECT count(*) FROM directory_missed_visit`); n != 0 {
			t.Fatalf("typing was counted %d times", n)
		}
		for i := range 5 {
			ask("qqxxjjkk", fmt.Sprint("visitor ", i), "document")
		}
		list, err := s.directory.MissedSearches(context.Background(), 9)
		if err != nil || len(list) != 1 || list[0].Words != "qqxxjjkk" {
			t.Errorf("after five visits: %v, %v", list, err)
		}
	})
}
