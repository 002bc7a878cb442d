// SPDX-License-Identifier: EUPL-1.2

package directoryweb_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/directoryweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/lang"
)

// printer stands for the program that makes PDFs; it remembers what it was asked to print.
type printer struct {
	asked []string
	fails bool
}

func (p *printer) Print(_ context.Context, path string) ([]byte, error) {
	p.asked = append(p.asked, path)
	if p.fails {
		return nil, errors.New("no paper")
	}
	return []byte("%PDF-1.7"), nil
}

func TestSheetInTwoLanguages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		doc := s.page("/ar/shortlist?ids=meals,nobody,permit,meals")
		items := all(doc, classed("sheet-item"))
		if len(items) != 2 {
			t.Fatalf("%d services on the sheet, want 2", len(items))
		}
		titles := all(all(items[0], classed("sheet-titles"))[0], named("h2"))
		if len(titles) != 2 || text(titles[0]) != "مطعم مسائي" || attr(titles[0], "dir") != "rtl" || text(titles[1]) != "Mensa serale" || attr(titles[1], "dir") != "ltr" {
			t.Errorf("the two titles: %v", titles)
		}
		for _, row := range all(items[0], classed("sheet-row"))[1:] {
			if labels := all(row, classed("sheet-label")); len(labels) != 2 || text(labels[0]) == text(labels[1]) {
				t.Error("a part has no translation beside it")
			}
		}
		if left := all(doc, classed("notice-info")); len(left) != 1 {
			t.Error("that one service is missing is not said")
		}
		if code := all(doc, classed("qr")); len(code) != 1 || s.get(attr(code[0], "src")).Header().Get("Content-Type") != "image/svg+xml" {
			t.Error("the sheet has no code")
		}
		if one := all(s.page("/ar/shortlist?ids=meals&with=none"), classed("sheet-two")); len(one) != 0 {
			t.Error("one language was asked for and two are shown")
		}
		if italian := all(s.page("/it/shortlist?ids=meals"), classed("sheet-titles")); len(all(italian[0], named("h2"))) != 2 {
			t.Error("beside Italian stands nothing")
		}
	})
}

func TestPDF(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if w := serve(t, d, census()).get("/it/shortlist.pdf?ids=meals"); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "Salva come PDF") {
			t.Errorf("without a printer: %d", w.Code)
		}
		p := &printer{}
		s := serve(t, d, census(), func(deps *directoryweb.Deps) { deps.PDF = p })
		w := s.get("/ar/shortlist.pdf?ids=meals,permit&with=it&other=http://169.254.169.254/")
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/pdf" {
			t.Fatalf("%d %s", w.Code, w.Header().Get("Content-Type"))
		}
		if len(p.asked) != 1 || p.asked[0] != "/ar/shortlist?ids=meals%2Cpermit&with=it" {
			t.Errorf("printed %v", p.asked)
		}
		p.fails = true
		if w := s.get("/it/shortlist.pdf?ids=meals"); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "no paper") {
			t.Errorf("with a broken printer: %d", w.Code)
		}
	})
}

func TestSearchEnginesSeeOnlyWhatIsRealAndOpen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		if index := s.get("/sitemap.xml").Body.String(); !strings.Contains(index, "https://approdo.example/sitemap/1.xml") {
			t.Fatalf("the index: %s", index)
		}
		part := s.get("/sitemap/1.xml").Body.String()
		for _, code := range lang.All {
			if !strings.Contains(part, `hreflang="`+code+`" href="https://approdo.example/`+code+`/services/meals"`) {
				t.Errorf("no alternate in %s", code)
			}
		}
		for _, hidden := range []string{"/services/reserved", "/services/example", "/needs/gender-violence", "/organizations/refuge"} {
			if strings.Contains(part, hidden) {
				t.Errorf("the sitemap lists %s", hidden)
			}
		}
		if robots := s.get("/robots.txt").Body.String(); strings.Contains(robots, "Disallow: /\n") || !strings.Contains(robots, "Sitemap: https://approdo.example/sitemap.xml") {
			t.Errorf("robots.txt: %s", robots)
		}
		demo := serve(t, d, census(), func(deps *directoryweb.Deps) { deps.Site.Demo = true })
		if robots := demo.get("/robots.txt").Body.String(); !strings.Contains(robots, "Disallow: /\n") {
			t.Errorf("robots.txt of the demo network: %s", robots)
		}
		if index := demo.get("/sitemap.xml").Body.String(); strings.Contains(index, "<loc>") {
			t.Error("the demo network has a sitemap")
		}
	})
}

func TestInstallableAndOpenData(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		var manifest struct {
			Lang, Dir, Display string
			StartURL           string `json:"start_url"`
			Icons              []struct{ Src string }
		}
		if err := json.Unmarshal(s.get("/manifest.webmanifest", "Accept-Language", "ar").Body.Bytes(), &manifest); err != nil {
			t.Fatal(err)
		}
		if manifest.Lang != "ar" || manifest.Dir != "rtl" || manifest.StartURL != "/ar/" || len(manifest.Icons) < 2 {
			t.Errorf("the manifest: %+v", manifest)
		}
		for _, icon := range manifest.Icons {
			if s.get(icon.Src).Code != http.StatusOK {
				t.Errorf("there is no icon %s", icon.Src)
			}
		}
		worker := s.get("/sw.js")
		list, _, _ := strings.Cut(strings.TrimPrefix(worker.Body.String(), "const shell = "), ";")
		var shell []string
		if err := json.Unmarshal([]byte(list), &shell); err != nil || len(shell) < 6 {
			t.Fatalf("the worker keeps %v, %v", shell, err)
		}
		for _, file := range shell {
			if s.get(file).Code != http.StatusOK {
				t.Errorf("the worker keeps %s, which is not there", file)
			}
		}
		download := s.get("/open-data/approdo.ndjson")
		if download.Code != http.StatusOK || !strings.Contains(download.Body.String(), "Mensa serale") || download.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("the download: %d", download.Code)
		}
		if s.get("/open-data/other.zip").Code != http.StatusNotFound {
			t.Error("a format that is not there")
		}
	})
}

func TestStatisticsFollowTheDirectory(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := serve(t, d, census())
		figures := func() string { return text(all(s.page("/it/statistics"), classed("figures"))[0]) }
		if got := figures(); !strings.HasPrefix(got, "6 Servizi 3 Enti che li offrono 5 Verificati e in regola 1 Da ricontrollare 0 Mai verificati") {
			t.Errorf("the figures: %s", got)
		}
		more := directory.Batch{Source: "more", Services: []directory.Service{service("more", "office", "Biblioteca", "library-and-internet")}}
		if _, err := s.directory.Save(context.Background(), more); err != nil {
			t.Fatal(err)
		}
		if got := figures(); !strings.HasPrefix(got, "7 Servizi") {
			t.Errorf("after a change: %s", got)
		}
		s.now = s.now.AddDate(2, 0, 0)
		if got := figures(); !strings.Contains(got, "0 Verificati e in regola 7 Da ricontrollare") {
			t.Errorf("two years later: %s", got)
		}
	})
}
