// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"encoding/json"
	"strings"
	"testing"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
)

const canary = "CANARINO"

// hidden is a service whose every confidential field holds the canary.
func hidden() directory.Service {
	lat, lon := 37.123456, 12.654321
	place := directory.Site{ID: canary, Description: canary}
	place.Contacts = []hsds.Contact{{ID: canary, Name: canary}}
	place.Schedules = []hsds.Schedule{{ID: canary, Description: canary}}
	place.ServiceAreas = []hsds.ServiceArea{{ID: canary, Name: canary}}
	place.Location.ID, place.Location.Name, place.Location.Comune = canary, "Casa "+canary, canary
	place.Location.Latitude, place.Location.Longitude = &lat, &lon
	place.Location.Addresses = []hsds.Address{{ID: canary, Address1: "Via " + canary + " 12", City: canary, PostalCode: canary}}
	s := directory.Service{Source: "test"}
	s.ID, s.OrganizationID, s.Name, s.Status = "s1", "o1", "Centro antiviolenza", directory.StatusActive
	s.Email, s.URL = canary+"@example.example", "https://"+canary+".example/"
	s.Contacts = []hsds.Contact{{ID: canary, Name: canary}}
	s.ServiceAreas = []hsds.ServiceArea{{ID: canary, Name: canary}}
	s.Attributes = []hsds.Attribute{{ID: canary, Value: canary}}
	s.Metadata = []hsds.Metadata{{ID: canary, PreviousValue: canary}}
	s.Phones = []hsds.Phone{{ID: "p1", Number: "000 1111111", LocationID: canary}}
	s.Card.Needs = []string{"gender-violence"}
	s.Card.Access, s.Card.Territory = canary, canary
	s.Card.Eligibility.Residence = []string{canary}
	s.Card.Translations = []directory.Translation{{Language: "en", Group: directory.GroupBody, State: directory.TranslationUpToDate, Fields: map[string]string{"access": canary, "description": "Help for women"}}}
	s.Confidential = []directory.ConfidentialSite{{ID: canary, Province: "TP", Phones: []hsds.Phone{{ID: "p2", Number: "000 2222222", LocationID: canary}}, Place: place}}
	s.Sites = []directory.Site{place}
	return s
}

func TestPublishHidesConfidentialPlaces(t *testing.T) {
	t.Parallel()
	body := network.Organization{Seat: canary, Address: canary, Unit: canary}
	body.Description, body.Phones = canary, []hsds.Phone{{ID: canary, Number: canary}}
	body.ID, body.Name, body.Email, body.Website = "o1", "Associazione", canary+"@x.example", "https://"+canary+".example"
	program := &hsds.Program{ID: "g1", Name: canary}
	e, err := directory.Publish(hidden(), body, program)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{canary, "37.12", "12.65"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the entry holds %q:\n%s", secret, text)
		}
	}
	if !e.Reserved() || e.Province != "TP" || len(e.Phones) != 2 || e.Name == "" {
		t.Errorf("province, telephones and texts stay: %s", text)
	}
	if len(e.Card.Translations) != 1 || e.Card.Translations[0].Fields["description"] == "" {
		t.Errorf("translations of the texts stay: %+v", e.Card.Translations)
	}
}

func TestPublishRefusesTextsThatTellTheAddress(t *testing.T) {
	t.Parallel()
	for name, tell := range map[string]func(*directory.Service){
		"description": func(s *directory.Service) { s.Description = "Siamo in via  canarino, 12!" },
		"translation": func(s *directory.Service) { s.Card.Translations[0].Fields["description"] = "At Via CANARINO 12" },
		"phone":       func(s *directory.Service) { s.Phones[0].Description = "casa canarino" },
	} {
		s := hidden()
		s.Sites = nil
		tell(&s)
		if _, err := directory.Publish(s, network.Organization{}, nil); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
}

func TestPublishKeepsOpenPlaces(t *testing.T) {
	t.Parallel()
	s := hidden()
	s.Sites[0].Location.Name = "Sede"
	s.Confidential = nil
	e, err := directory.Publish(s, network.Organization{}, nil)
	if err != nil || len(e.Sites) != 1 || e.Reserved() {
		t.Errorf("%+v, %v", e, err)
	}
	if e.Metadata != nil || e.AssurerEmail != "" {
		t.Error("the history and the assurer's mail are nobody's business")
	}
}

func TestPublishKeepsDraftsBack(t *testing.T) {
	t.Parallel()
	s := directory.Service{}
	s.ID, s.Name = "s1", "Mensa"
	s.Card.Language = "it"
	s.Card.Translations = []directory.Translation{
		{Language: "en", Group: directory.GroupTitle, State: directory.TranslationUpToDate, Fields: map[string]string{"name": "Meals"}},
		{Language: "fr", Group: directory.GroupTitle, State: directory.TranslationDraft, Fields: map[string]string{"name": "Brouillon"}},
	}
	e, err := directory.Publish(s, network.Organization{}, nil)
	if err != nil || len(e.Card.Translations) != 1 || e.Card.Translations[0].Language != "en" {
		t.Errorf("%+v, %v", e.Card.Translations, err)
	}
	if len(s.Card.Translations) != 2 {
		t.Error("the record itself lost its draft")
	}
}
