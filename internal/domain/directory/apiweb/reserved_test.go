// SPDX-License-Identifier: EUPL-1.2

package apiweb_test

import (
	"net/http"
	"strings"
	"testing"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/hsds"
)

const canary = "CANARINO"

// hidden is a service at a confidential place whose every field holds the canary.
func hidden() directory.Batch {
	body := network.Organization{Seat: canary, Address: canary}
	body.ID, body.Name, body.Description, body.Email = "0b1c2d3e-0000-4000-8000-0000000000a1", "Associazione riservata", "Ente.", canary+"@x.example"
	lat, lon := 37.123456, 12.654321
	place := directory.Site{ID: canary, Description: canary}
	place.Contacts = []hsds.Contact{{ID: canary, Name: canary}}
	place.Location.ID, place.Location.Name, place.Location.Comune = canary, "Casa "+canary, "081011"
	place.Location.Latitude, place.Location.Longitude = &lat, &lon
	place.Location.Addresses = []hsds.Address{{ID: canary, Address1: "Via " + canary + " 12", City: canary, PostalCode: "91099"}}
	s := directory.Service{}
	s.ID, s.OrganizationID, s.Name, s.Status = "0b1c2d3e-0000-4000-8000-0000000000a2", body.ID, "Centro antiviolenza", directory.StatusActive
	s.Email, s.URL = canary+"@x.example", "https://"+canary+".example/"
	s.Card = directory.Card{Language: "it", Needs: []string{"gender-violence"}, Access: canary, Territory: canary}
	s.Confidential = []directory.ConfidentialSite{{ID: canary, Province: "TP", Place: place, Phones: []hsds.Phone{{ID: "0b1c2d3e-0000-4000-8000-0000000000a3", Number: "000 0000002", LocationID: canary}}}}
	return directory.Batch{Source: "test", Organizations: []network.Organization{body}, Services: []directory.Service{s}}
}

// TestConfidentialPlacesAreInNoAnswer asks every route, and searches that would find the place by
// its address, its position or its postal code.
func TestConfidentialPlacesAreInNoAnswer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := serve(t, d, hidden())
		id := hidden().Services[0].ID
		targets := []string{
			"/api/v1/services?q=" + canary, "/api/v1/services?q=antiviolenza&lang=it", "/api/v1/services?near=37.123456,12.654321&radius_km=1", "/api/v1/services?near=37.123456,12.654321",
			"/api/v1/services?territory=Marsala", "/api/v1/services?territory=TP", "/api/v1/services/" + canary, "/it/api",
		}
		for _, route := range a.routes.List() {
			if route.Method == http.MethodGet && strings.HasPrefix(route.Pattern, "/api/") {
				targets = append(targets, strings.Replace(route.Pattern, "{id}", id, 1))
			}
		}
		found := false
		for _, target := range targets {
			w := a.ask(target)
			text := strings.ReplaceAll(w.Body.String(), `"query":"`+canary, "") // the question itself
			found = found || strings.Contains(text, "Centro antiviolenza")
			for _, secret := range []string{canary, strings.ToLower(canary), "37.123", "12.654", "91099"} {
				if w.Code == http.StatusOK && strings.Contains(text, secret) {
					t.Errorf("%s holds %q: %.400s", target, secret, text)
				}
			}
		}
		if !found {
			t.Error("the service itself is in no answer")
		}
		// Its distance and its comune would say where it is.
		for _, item := range get[directory.Answer](a, "/api/v1/services?near=37.123456,12.654321").Items {
			if item.DistanceKM != nil || !item.Reserved || item.Territory != "Trapani" {
				t.Errorf("%+v", item)
			}
		}
		if w := a.ask("/api/v1/services/" + id); w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("kept by caches: %s", w.Header().Get("Cache-Control"))
		}
	})
}
