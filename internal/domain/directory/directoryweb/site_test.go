// SPDX-License-Identifier: EUPL-1.2

package directoryweb_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/directoryweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// clock is a Tuesday morning in Italy.
func clock() time.Time { return time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC) }

// Canaries stand in everything about the confidential place; none may ever leave the server.
const (
	canaryStreet = "Vicolo Canarino Segreto 77"
	canaryName   = "Casa Rifugio Canarino"
	canaryCity   = "Erice"
	canaryLat    = 38.0371239
	canaryLon    = 12.5874567
	canaryPost   = "91016"
	canaryBus    = "Fermata davanti al canarino"
)

// canaries are the texts to look for, in the spellings that an encoder may give them.
var canaries = []string{"canarino", "Canarino", "CANARINO", "38.03712", "12.58745", canaryPost, "081008"}

func body(id, name string) network.Organization {
	o := network.Organization{Kind: "third-sector"}
	o.ID, o.Name, o.Description = id, name, "Lavora con chi arriva da altri Paesi."
	o.Website, o.Email = "https://ente.example/", "info@ente.example"
	return o
}

func service(id, body, name string, needs ...string) directory.Service {
	s := directory.Service{}
	s.ID, s.OrganizationID, s.Name, s.Status = id, body, name, directory.StatusActive
	s.AssuredDate = "2026-11-01"
	s.Card = directory.Card{Language: "it", Needs: needs, Summary: "Un aiuto concreto: " + name + ".", Outcome: "Sai che cosa fare."}
	s.Description = "Che cosa offre " + name + "."
	s.Phones = []hsds.Phone{{ID: id + "-phone", Number: "0923 000111"}}
	s.Languages = []hsds.Language{{ID: id + "-it", Code: "it"}, {ID: id + "-ar", Code: "ar"}}
	return s
}

func at(s directory.Service, comune string, lat, lon float64) directory.Service {
	site := directory.Site{ID: s.ID + "-site"}
	site.Location.ID, site.Location.Comune, site.Location.LocationType = s.ID+"-place", comune, "physical"
	site.Location.Latitude, site.Location.Longitude = &lat, &lon
	c, _ := network.Territories().Comune(comune)
	site.Location.Addresses = []hsds.Address{{ID: s.ID + "-address", Address1: "Via Garibaldi 12", City: c.Name, StateProvince: c.Province, PostalCode: "91025", Country: "IT", AddressType: "physical"}}
	s.Sites = []directory.Site{site}
	return s
}

// weekdays opens a service from Monday to Friday, holidays excluded.
func weekdays(s directory.Service) directory.Service {
	s.Schedules = []hsds.Schedule{{ID: s.ID + "-hours", Freq: "WEEKLY", ByDay: "MO,TU,WE,TH,FR", OpensAt: "09:00", ClosesAt: "13:00"}}
	s.Card.Hours.Holidays = "closed"
	return s
}

func reserved() directory.Service {
	s := service("reserved", "refuge", "Accoglienza per donne", "gender-violence")
	lat, lon := canaryLat, canaryLon
	place := directory.Site{ID: "hidden-site", Description: canaryName}
	place.Location.ID, place.Location.Name, place.Location.Comune, place.Location.LocationType = "hidden-place", canaryName, "081008", "physical"
	place.Location.Latitude, place.Location.Longitude, place.Location.Transportation = &lat, &lon, canaryBus
	place.Location.Addresses = []hsds.Address{{ID: "hidden-address", Address1: canaryStreet, City: canaryCity, StateProvince: "TP", PostalCode: canaryPost, Country: "IT", AddressType: "physical"}}
	place.Contacts = []hsds.Contact{{ID: "hidden-contact", Name: "Anna Canarino", Email: "anna@canarino.example"}}
	s.Confidential = []directory.ConfidentialSite{{ID: "hidden-site", Province: "TP", Place: place}}
	s.Email, s.URL = "porta@canarino.example", "https://canarino.example/"
	return s
}

// census is a small directory in which every kind of entry occurs once.
func census() directory.Batch {
	meals := weekdays(at(service("meals", "kitchen", "Mensa serale", "food-and-meals"), "081011", 37.8, 12.43))
	zero := 0.0
	meals.CostOptions = []hsds.CostOption{{ID: "meals-cost", Option: "Gratuito", Amount: &zero, Currency: "EUR"}}
	meals.RequiredDocuments = []hsds.RequiredDocument{{ID: "meals-paper", Document: "Nessun documento"}}
	meals.Card.Translations = []directory.Translation{
		{Language: "ar", Group: directory.GroupTitle, State: directory.TranslationUpToDate, Fields: map[string]string{"name": "مطعم مسائي", "summary": "وجبة ساخنة كل مساء."}},
		{Language: "en", Group: directory.GroupTitle, State: directory.TranslationMachine, Fields: map[string]string{"name": "Evening canteen", "summary": "A hot meal every evening."}},
		{Language: "en", Group: directory.GroupBody, State: directory.TranslationMachine, Fields: map[string]string{"description": "A hot meal."}},
		{Language: "en", Group: directory.GroupPractice, State: directory.TranslationMachine, Fields: map[string]string{"cost_options/meals-cost/option": "Free"}},
	}
	permit := weekdays(at(service("permit", "office", "Sportello permessi", "residence-permit"), "082053", 38.11, 13.36))
	permit.Card.Eligibility = directory.Eligibility{ResidenceTitles: []string{"work", "family"}, Residence: []string{"082053"}}
	school := at(service("school", "office", "Corso di italiano", "italian-course"), "081011", 37.81, 12.44)
	school.AssuredDate = "2024-01-10"
	women := at(service("women", "kitchen", "Ambulatorio donne", "womens-health"), "081021", 38.01, 12.51)
	women.Card.Eligibility.Sex = "female"
	women.Card.Hours.AlwaysOpen = true
	example := at(service("example", "office", "Esempio inventato", "job-search"), "081011", 37.79, 12.42)
	example.Card.Example = true
	return directory.Batch{
		Source:        "test",
		Organizations: []network.Organization{body("kitchen", "Cucina popolare"), body("office", "Sportello comunale"), body("refuge", "Associazione Donne")},
		Services:      []directory.Service{meals, permit, school, women, example, reserved()},
	}
}

// running is the site over a database, with the parts that tests look at.
type running struct {
	http.Handler
	t         *testing.T
	routes    *web.Routes
	directory *directory.UseCases
	now       time.Time
	sizes     map[string]int // of files, compressed
}

// serve fills a database and puts the public site over it.
func serve(t *testing.T, d *db.DB, batch directory.Batch, change ...func(*directoryweb.Deps)) *running {
	t.Helper()
	s := &running{t: t, now: clock(), sizes: map[string]int{}}
	s.directory = directory.New(d, func() time.Time { return s.now })
	if _, err := s.directory.Save(context.Background(), batch); err != nil {
		t.Fatal(err)
	}
	finder := directory.NewFinder(s.directory)
	if err := finder.Load(context.Background()); err != nil {
		t.Fatal(err)
	}
	words, err := lang.Open(ui.Locales(), directoryweb.Locales())
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	site := &ui.Site{Network: "Rete di prova", Menu: directoryweb.Menu(), Foot: directoryweb.Foot(), Manifest: directoryweb.Manifest}
	s.routes = web.New(web.Options{Catalogue: words, ErrorPage: site.ErrorPage, Log: quiet, PublicURL: "https://approdo.example"})
	deps := directoryweb.Deps{
		Directory: s.directory, Finder: finder, Site: site, Log: quiet, Contact: "accessibilita@ente.example",
		Projects: func(context.Context) ([]network.Project, error) {
			return []network.Project{{Code: "PROVA", Title: "Progetto di prova", Lead: "office", Partners: []string{"kitchen"}, Activities: []network.Activity{{Kind: "desk", What: "a desk"}}}}, nil
		},
		Formats: []directoryweb.Format{{Name: "ndjson", File: "approdo.ndjson", Type: "application/x-ndjson", Write: s.names}},
	}
	for _, one := range change {
		one(&deps)
	}
	directoryweb.Register(s.routes, deps)
	s.Handler = s.routes.Handler()
	return s
}

// names is a format of the open data: one name a line.
func (s *running) names(ctx context.Context, w io.Writer) error {
	return s.directory.Walk(ctx, func(e directory.Entry) error {
		_, err := io.WriteString(w, e.Name+"\n")
		return err
	})
}

// get asks for an address and gives the whole answer.
func (s *running) get(path string, header ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// page asks for a page that must be there and reads it.
func (s *running) page(path string) *html.Node {
	s.t.Helper()
	w := s.get(path)
	if w.Code != http.StatusOK {
		s.t.Fatalf("%s: %d %s", path, w.Code, w.Body.String())
	}
	doc, err := html.Parse(w.Body)
	if err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
	return doc
}

// post sends a form as a browser does that has the page open.
func (s *running) post(path, form string, header ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// all finds the elements for which keep is true, in the order of the page.
func all(n *html.Node, keep func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for one := range n.Descendants() {
		if one.Type == html.ElementNode && keep(one) {
			found = append(found, one)
		}
	}
	return found
}

func named(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == name }
}

func having(key, value string) func(*html.Node) bool {
	return func(n *html.Node) bool { return attr(n, key) == value }
}

func classed(class string) func(*html.Node) bool {
	return func(n *html.Node) bool { return strings.Contains(" "+attr(n, "class")+" ", " "+class+" ") }
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// text is what an element says, spaces tidied.
func text(n *html.Node) string {
	var b strings.Builder
	for one := range n.Descendants() {
		if one.Type == html.TextNode && one.Parent.Data != "script" {
			b.WriteString(one.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
