// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package hsdsweb_test

import (
	"net/http"
	"strings"
	"testing"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/hsds"
)

const (
	canary       = "CANARINO"
	reservedID   = "0b1c2d3e-0000-4000-8000-0000000000a2"
	reservedBody = "0b1c2d3e-0000-4000-8000-0000000000a1"
)

// hidden is a service at a confidential place, of a body that has no other, in which whatever could
// say where it is holds the canary.
func hidden() directory.Batch {
	body := network.Organization{Seat: canary, Address: canary}
	body.ID, body.Name, body.Description, body.Email, body.Website = reservedBody, "Associazione riservata", "Ente.", canary+"@x.example", "https://"+canary+".example/"
	body.Contacts = []hsds.Contact{{ID: canary, Name: canary}}
	lat, lon := 37.123456, 12.654321
	place := directory.Site{ID: canary, Description: canary, Contacts: []hsds.Contact{{ID: canary, Name: canary}}}
	place.Location.ID, place.Location.Name, place.Location.Comune = canary, "Casa "+canary, "081011"
	place.Location.Latitude, place.Location.Longitude = &lat, &lon
	place.Location.Addresses = []hsds.Address{{ID: canary, Address1: "Via " + canary + " 12", City: canary, PostalCode: "91099"}}
	s := directory.Service{}
	s.ID, s.OrganizationID, s.Name, s.Status, s.ProgramID = reservedID, body.ID, "Centro antiviolenza", directory.StatusActive, "0b1c2d3e-0000-4000-8000-0000000000a4"
	s.Email, s.URL, s.Contacts = canary+"@x.example", "https://"+canary+".example/", []hsds.Contact{{ID: canary, Name: canary}}
	s.Card = directory.Card{Language: "it", Needs: []string{"gender-violence"}, Access: canary, Territory: canary}
	s.Confidential = []directory.ConfidentialSite{{ID: canary, Province: "TP", Place: place, Phones: []hsds.Phone{{ID: "0b1c2d3e-0000-4000-8000-0000000000a3", Number: "000 0000002", LocationID: canary}}}}
	at := directory.BodyLocation{Location: place.Location, Confidential: true}
	at.OrganizationID = body.ID
	return directory.Batch{
		Source: "test", Organizations: []network.Organization{body}, Services: []directory.Service{s}, Locations: []directory.BodyLocation{at},
		Programs: []hsds.Program{{ID: s.ProgramID, OrganizationID: body.ID, Name: canary, Description: canary}},
	}
}

func TestConfidentialPlacesAreInNoAnswer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := serve(t, d, hidden())
		targets := []string{
			"/hsds/services/" + reservedID, "/hsds/services/" + canary, "/hsds/service_at_locations/" + canary, "/hsds/organizations/" + reservedBody,
			"/hsds/organizations/" + reservedBody + "?full_service=true", "/hsds/services?search=" + canary, "/hsds/services?search=antiviolenza", "/hsds/services?minimal=true",
			"/hsds/services?near=37.123456,12.654321&proximity=5000", "/hsds/service_at_locations?near=37.123456,12.654321&proximity=5000", "/hsds/services?postcode=91099",
			"/hsds/organizations?search=" + canary, "/hsds/organizations?taxonomy_term_id=" + need.TermID("gender-violence") + "&full=true", "/hsds/services?organization_id=" + reservedBody + "&full=true",
		}
		for _, list := range []string{"services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms"} {
			for _, query := range []string{"", "?full=true&full_service=true", "?format=ndjson", "?format=ndjson&full=true&full_service=true", "?lang=en&full=true"} {
				targets = append(targets, "/hsds/"+list+query)
			}
		}
		found := map[string]bool{}
		for _, target := range targets {
			w := a.ask(http.MethodGet, target, "")
			text := w.Body.String()
			for _, name := range []string{"Centro antiviolenza", "Associazione riservata"} {
				found[name] = found[name] || strings.Contains(text, name)
			}
			for _, secret := range []string{canary, strings.ToLower(canary), "37.123", "12.654"} {
				if w.Code == http.StatusOK && strings.Contains(text, secret) {
					t.Errorf("%s holds %q: %.400s", target, secret, text)
				}
			}
		}
		if len(found) != 2 || !found["Centro antiviolenza"] || !found["Associazione riservata"] {
			t.Errorf("what may be known is in no answer: %v", found)
		}
		if n := contents(a.get("/hsds/service_at_locations")); len(n) != 0 {
			t.Errorf("places: %v", n)
		}
		if w := a.ask(http.MethodGet, "/hsds/services/"+reservedID, ""); w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("kept by caches: %v", w.Header())
		}
	})
}
