// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package exchange_test

import (
	"testing"

	"approdo/internal/domain/directory/exchange"
)

// Two services share a term; the one with a hidden place has another of its own, which stays hidden.
func TestTermsOfHiddenServicesAreNotPublic(t *testing.T) {
	t.Parallel()
	const file = `[
	 {"id":"10000000-0000-4000-8000-000000000001","name":"Mensa","status":"active","organization":{"id":"10000000-0000-4000-8000-0000000000aa","name":"Ente","description":"Esempio"},
	  "attributes":[{"id":"10000000-0000-4000-8000-0000000000b1","taxonomy_term":{"id":"10000000-0000-4000-8000-0000000000c1","name":"Shared","description":"Shared"}}]},
	 {"id":"10000000-0000-4000-8000-000000000002","name":"Rifugio","status":"active","organization":{"id":"10000000-0000-4000-8000-0000000000aa","name":"Ente","description":"Esempio"},
	  "approdo":{"confidential":true,"province":"TP"},
	  "attributes":[{"id":"10000000-0000-4000-8000-0000000000b2","taxonomy_term":{"id":"10000000-0000-4000-8000-0000000000c1","name":"Shared","description":"Shared"}},
	   {"id":"10000000-0000-4000-8000-0000000000b3","taxonomy_term":{"id":"10000000-0000-4000-8000-0000000000c2","name":"Behind the bakery","description":"Hidden"}}]}]`
	batch, _, err := exchange.Read(t.Context(), exchange.Source{Name: "services.json", Data: []byte(file)}, exchange.Options{Source: "test"})
	if err != nil || len(batch.Services) != 2 {
		t.Fatalf("%d services, %v", len(batch.Services), err)
	}
	if len(batch.Terms) != 1 || batch.Terms[0].Name != "Shared" {
		t.Errorf("terms %+v, want the shared one alone", batch.Terms)
	}
	for _, s := range batch.Services {
		if len(s.Confidential) > 0 && len(s.Attributes) != 2 {
			t.Errorf("the hidden service lost what it bears: %+v", s.Attributes)
		}
	}
}
