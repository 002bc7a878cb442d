// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package directoryweb_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"approdo/internal/domain/directory/demo"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/lang"
	"approdo/migrations"
)

// firstView is what a page may weigh with everything that it needs, compressed.
const firstView = 100_000

// packWeight is what a copy of 300 services in one language may weigh, compressed.
const packWeight = 400_000

// weigh sums a page and the files that it asks for, as a browser that takes brotli gets them.
func (s *running) weigh(path string) (total int, parts []string) {
	s.t.Helper()
	size := func(address string) int {
		if _, known := s.sizes[address]; !known {
			w := s.get(address, "Accept-Encoding", "br")
			if w.Code != 200 {
				s.t.Fatalf("%s asks for %s: %d", path, address, w.Code)
			}
			s.sizes[address] = w.Body.Len()
		}
		parts = append(parts, fmt.Sprintf("%d %s", s.sizes[address], address))
		return s.sizes[address]
	}
	total = size(path)
	asked := map[string]bool{}
	for _, n := range all(s.page(path), func(n *html.Node) bool {
		return n.Data == "link" || n.Data == "script" || n.Data == "img" || n.Data == "use"
	}) {
		address := attr(n, "src") + attr(n, "href")
		switch attr(n, "rel") {
		case "alternate", "canonical", "apple-touch-icon", "manifest", "license":
			continue // not fetched to show the page
		}
		if attr(n, "loading") == "lazy" {
			continue
		}
		address, _, _ = strings.Cut(address, "#")
		if address != "" && !asked[address] {
			asked[address] = true
			total += size(address)
		}
	}
	return total, parts
}

func TestFirstViewIsLight(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, migrations.FS) // how heavy a page is has nothing to do with the engine
	batch, err := demo.Census(clock())
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, d, batch)
	id := found(s.page("/it/services?q=mensa"))[0]
	for _, language := range lang.All {
		for _, path := range []string{"/", "/services", "/services?q=medico", "/services/" + id, "/needs", "/territories/r:19"} {
			total, parts := s.weigh("/" + language + path)
			if total > firstView {
				t.Errorf("/%s%s weighs %d bytes: %s", language, path, total, strings.Join(parts, ", "))
			}
		}
	}
}

func TestCopyOfThreeHundredServicesIsLight(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, migrations.FS) // how heavy a page is has nothing to do with the engine
	batch, err := demo.Census(clock())
	if err != nil {
		t.Fatal(err)
	}
	// Everything in one town: the census is spread over four regions.
	list := batch.Services[:0]
	for _, one := range batch.Services {
		if len(one.Sites) > 0 && len(list) < 300 {
			one.Sites[0].Location.Comune = "081011"
			list = append(list, one)
		}
	}
	batch.Services = append(list, reserved())
	batch.Organizations = append(batch.Organizations, body("refuge", "Associazione Donne"))
	s := serve(t, d, batch)
	for _, language := range []string{"it", "ar", "bn"} {
		path := "/offline/c:081011." + language + ".json"
		plain := s.get(path).Body.String()
		if n := strings.Count(plain, `"i":"`); n < 290 {
			t.Fatalf("%s holds %d services", path, n)
		}
		if strings.Contains(plain, `"reserved"`) || strings.Contains(plain, "gender-violence") || strings.Contains(plain, `"fgm"`) {
			t.Errorf("%s keeps what must leave no trace", path)
		}
		if n := s.get(path, "Accept-Encoding", "gzip").Body.Len(); n > packWeight {
			t.Errorf("%s weighs %d bytes", path, n)
		} else {
			t.Logf("%s weighs %d bytes", path, n)
		}
	}
}
