// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"approdo/internal/app"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
)

// The page of a body that shelters shows neither its address nor what the network knows of it.
func TestPageOfABodyThatShelters(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	a, err := app.Open(ctx, app.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	o := network.Organization{Kind: "third-sector", Address: "Vicolo Canarino 7", Seat: "Canarino"}
	o.ID, o.Name, o.Website, o.Email, o.Description = "refuge", "Associazione Donne", "https://canarino.example/", "porta@canarino.example", "Siamo in Vicolo Canarino."
	o.Phones = []hsds.Phone{{ID: "p", Number: "0923 000111"}}
	s := directory.Service{}
	s.ID, s.OrganizationID, s.Name, s.Status, s.Card.Language, s.Card.Needs = "s", "refuge", "Accoglienza per donne", directory.StatusActive, "it", []string{"gender-violence"}
	place := directory.Site{ID: "hidden"}
	place.Location.ID, place.Location.LocationType = "hidden-place", "physical"
	place.Location.Addresses = []hsds.Address{{ID: "hidden-address", Address1: "Vicolo Canarino 7", City: "Erice", StateProvince: "TP", PostalCode: "91016", Country: "IT", AddressType: "physical"}}
	s.Confidential = []directory.ConfidentialSite{{ID: "hidden", Province: "TP", Place: place}}
	if _, err := a.Directory.Save(ctx, directory.Batch{Source: "test", Organizations: []network.Organization{o}, Services: []directory.Service{s}}); err != nil {
		t.Fatal(err)
	}
	if err := a.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return network.SaveProfile(ctx, tx, "refuge", network.Profile{MemberSince: "2026-01-01", IPA: "canarino", Territories: []network.Ref{"c:081008"}, DPO: network.Person{Name: "Anna Canarino"}})
	}); err != nil {
		t.Fatal(err)
	}
	site, _, err := a.Site(ctx, app.ServeConfig{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range lang.All {
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/"+code+"/organizations/refuge", nil))
		page := w.Body.String()
		if w.Code != http.StatusOK || !strings.Contains(page, "Associazione Donne") || !strings.Contains(page, "Accoglienza per donne") {
			t.Fatalf("%s: %d %s", code, w.Code, page)
		}
		if strings.Contains(strings.ToLower(page), "canarino") || strings.Contains(page, "Erice") || strings.Contains(page, "91016") {
			t.Errorf("%s: the page tells where the refuge is", code)
		}
		if w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: the page stays on the phone: %s", code, w.Header().Get("Cache-Control"))
		}
	}
}
