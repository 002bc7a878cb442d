// SPDX-License-Identifier: EUPL-1.2

package officeweb_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/officeweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// canaries stand in everything about the hidden place.
var canaries = []string{"Canarino", "canarino", "38.0371", "12.5874", "91016"}

func person(member string, roles ...access.Role) access.Actor {
	return access.Actor{Account: "who-" + member, Name: "Prova", Member: member, Roles: roles, Via: "page"}
}

var (
	editor     = person("comune", access.DirectoryEditor)
	refugeEdit = person("refuge", access.DirectoryEditor)
	translator = person("comune", access.Translator)
	networkAdm = person("comune", access.NetworkAdministrator)
)

// office is the pages of operators over a database, as one of them sees it.
type office struct {
	http.Handler
	t         *testing.T
	directory *directory.UseCases
	actor     access.Actor
	letters   []directory.VerificationLetter
	now       time.Time
}

func batch() directory.Batch {
	body := func(id, name, parent string) network.Organization {
		o := network.Organization{Kind: "municipality"}
		o.ID, o.Name, o.ParentOrganizationID, o.Email = id, name, parent, id+"@ente.example"
		return o
	}
	meals := directory.Service{}
	meals.ID, meals.OrganizationID, meals.Name, meals.Status = "meals", "comune", "Mensa serale", directory.StatusActive
	meals.Card = directory.Card{Language: "it", Needs: []string{"food-and-meals"}, Summary: "Un pasto caldo ogni sera."}
	meals.Description, meals.AssuredDate = "Si mangia alle otto.", "2026-08-10"
	meals.Phones = []hsds.Phone{{ID: "meals-phone", Number: "0923 000111"}}
	meals.Schedules = []hsds.Schedule{{ID: "meals-hours", Freq: "WEEKLY", ByDay: "MO,TU,WE,TH,FR", OpensAt: "19:00", ClosesAt: "21:00"}}
	lat, lon := 37.8, 12.43
	site := directory.Site{ID: "meals-site"}
	site.Location.ID, site.Location.LocationType, site.Location.Comune, site.Location.Latitude, site.Location.Longitude = "meals-place", "physical", "081011", &lat, &lon
	site.Location.Addresses = []hsds.Address{{ID: "meals-address", Address1: "Via Garibaldi 12", City: "Marsala", StateProvince: "TP", PostalCode: "91025", Country: "IT", AddressType: "physical"}}
	meals.Sites = []directory.Site{site}
	house := directory.Service{}
	house.ID, house.OrganizationID, house.Name, house.Status = "house", "refuge", "Accoglienza per donne", directory.StatusActive
	house.Card = directory.Card{Language: "it", Needs: []string{"gender-violence"}, Summary: "Un posto sicuro."}
	house.Phones, house.AssuredDate = []hsds.Phone{{ID: "house-phone", Number: "0923 000222"}}, "2026-08-10"
	clat, clon := 38.0371239, 12.5874567
	place := directory.Site{ID: "hidden-site"}
	place.Location.ID, place.Location.Name, place.Location.Comune, place.Location.LocationType = "hidden-place", "Casa Canarino", "081008", "physical"
	place.Location.Latitude, place.Location.Longitude, place.Location.Transportation = &clat, &clon, "Fermata davanti al canarino"
	place.Location.Addresses = []hsds.Address{{ID: "hidden-address", Address1: "Vicolo Canarino Segreto 77", City: "Erice", StateProvince: "TP", PostalCode: "91016", Country: "IT", AddressType: "physical"}}
	house.Confidential = []directory.ConfidentialSite{{ID: "hidden-site", Province: "TP", Place: place}}
	return directory.Batch{Source: "test", Organizations: []network.Organization{body("comune", "Comune", ""), body("refuge", "Associazione", "comune")}, Services: []directory.Service{meals, house}}
}

func serve(t *testing.T, d *db.DB) *office {
	t.Helper()
	o := &office{t: t, actor: editor, now: time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)}
	clock := func() time.Time { return o.now }
	guard, err := access.New(clock, directory.Policy())
	if err != nil {
		t.Fatal(err)
	}
	o.directory = directory.New(d, clock).Guarded(guard)
	if _, err := o.directory.Save(context.Background(), batch()); err != nil {
		t.Fatal(err)
	}
	words, err := lang.Open(ui.Locales(), directory.Locales(), officeweb.Locales())
	if err != nil {
		t.Fatal(err)
	}
	site := &ui.Site{Network: "Rete di prova"}
	rs := web.New(web.Options{
		Catalogue: words, ErrorPage: site.ErrorPage, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), PublicURL: "https://approdo.example",
		Admit: func(r *http.Request, rule web.Rule) (context.Context, error) {
			if a := rule.Action(); a != "" && !guard.May(o.actor, a) {
				return nil, fault.NotFound("fault.no_page")
			}
			return access.With(r.Context(), o.actor), nil
		},
	})
	verifier := directory.NewVerifier(o.directory, []byte("a key of this test alone"), func(_ context.Context, _ *db.Tx, l directory.VerificationLetter) error {
		o.letters = append(o.letters, l)
		return nil
	})
	officeweb.Register(rs, officeweb.Deps{Directory: o.directory, Verifier: verifier, Guard: guard, Site: site})
	o.Handler = rs.Handler()
	return o
}

func (o *office) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	o.ServeHTTP(w, r)
	return w
}

// get opens a page and expects a status.
func (o *office) get(path string, status int) string {
	o.t.Helper()
	w := o.do(httptest.NewRequest(http.MethodGet, "https://approdo.example"+path, nil))
	if w.Code != status {
		o.t.Fatalf("GET %s: %d, want %d\n%s", path, w.Code, status, w.Body)
	}
	return w.Body.String()
}

// post sends a form and expects a status; it gives the answer.
func (o *office) post(path string, form url.Values, status int) *httptest.ResponseRecorder {
	o.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "https://approdo.example"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := o.do(r)
	if w.Code != status {
		o.t.Fatalf("POST %s: %d, want %d\n%s", path, w.Code, status, w.Body)
	}
	return w
}

// fields reads the form with an action as a browser would send it.
func (o *office) fields(page, action string) url.Values {
	o.t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		o.t.Fatal(err)
	}
	form := find(root, func(n *html.Node) bool {
		return n.Data == "form" && attr(n, "action") == action && attr(n, "method") == "post"
	})
	if form == nil {
		o.t.Fatalf("no form leads to %s", action)
	}
	values := url.Values{}
	walk(form, func(n *html.Node) {
		name := attr(n, "name")
		if name == "" {
			return
		}
		switch n.Data {
		case "input":
			if kind := attr(n, "type"); kind == "checkbox" || kind == "radio" {
				if has(n, "checked") {
					value := attr(n, "value")
					if value == "" {
						value = "on"
					}
					values.Add(name, value)
				}
				return
			}
			values.Add(name, attr(n, "value"))
		case "textarea":
			values.Add(name, content(n))
		case "select":
			chosen := find(n, func(n *html.Node) bool { return n.Data == "option" && has(n, "selected") })
			if chosen == nil {
				chosen = find(n, func(n *html.Node) bool { return n.Data == "option" })
			}
			if chosen != nil {
				values.Add(name, attr(chosen, "value"))
			}
		}
	})
	return values
}

func walk(n *html.Node, each func(*html.Node)) {
	if n.Type == html.ElementNode {
		each(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, each)
	}
}

func find(n *html.Node, wanted func(*html.Node) bool) (found *html.Node) {
	walk(n, func(n *html.Node) {
		if found == nil && wanted(n) {
			found = n
		}
	})
	return found
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func content(n *html.Node) string {
	var b strings.Builder
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
	}
	visit(n)
	return strings.TrimPrefix(b.String(), "\n")
}
