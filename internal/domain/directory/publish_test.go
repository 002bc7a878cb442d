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

// The parts of a reserved record carry nothing that leads to its door: history, links, fingerprints.
func TestPublishCutsTheParts(t *testing.T) {
	t.Parallel()
	history := []hsds.Metadata{{ID: canary, PreviousValue: canary}}
	marks := []hsds.Attribute{{ID: canary, Value: canary}}
	s := hidden()
	s.Sites, s.ProgramID = nil, canary
	s.Confidential[0].Province = canary
	s.Phones[0].Metadata, s.Phones[0].Attributes = history, marks
	s.Phones[0].Languages = []hsds.Language{{ID: "l", Code: "it", LocationID: canary, Metadata: history}}
	s.Schedules = []hsds.Schedule{{ID: "h", LocationID: canary, ScheduleLink: canary, Metadata: history, Attributes: marks}}
	s.CostOptions = []hsds.CostOption{{ID: "c", Metadata: history, Attributes: marks}}
	s.RequiredDocuments = []hsds.RequiredDocument{{ID: "d", Document: "Nessuno", URI: canary, Metadata: history, Attributes: marks}}
	s.Languages = []hsds.Language{{ID: "l", Code: "it", LocationID: canary, Metadata: history, Attributes: marks}}
	s.Funding = []hsds.Funding{{ID: "f", Source: canary}}
	s.Capacities = []hsds.ServiceCapacity{{ID: "k", Metadata: history, Attributes: marks}}
	s.Card.Translations[0].Digest = canary
	e, err := directory.Publish(s, network.Organization{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), canary) {
		t.Errorf("the entry holds the canary: %s", text)
	}
	if e.Province != "IT" || len(e.Schedules) != 1 || len(e.RequiredDocuments) != 1 || s.Schedules[0].ScheduleLink == "" {
		t.Errorf("the parts themselves stay, and the record as it was: %s", text)
	}
}

// The address is recognised as people write it, and refused in whatever text it stands.
func TestPublishKnowsTheAddressAgain(t *testing.T) {
	t.Parallel()
	house := func() directory.Service {
		lat, lon := 37.801567, 12.434789
		s := directory.Service{}
		s.ID, s.OrganizationID, s.Name = "s1", "o1", "Casa delle donne"
		place := directory.Site{ID: "l1"}
		place.Location.Latitude, place.Location.Longitude = &lat, &lon
		place.Location.Name = "Casa Mimosa"
		place.Location.Addresses = []hsds.Address{{ID: "a", Address1: "Viale Niccolò Tommasèo, 12/B", City: "Marsala", PostalCode: "91025"}}
		s.Confidential = []directory.ConfidentialSite{{ID: "l1", Province: "TP", Place: place}}
		return s
	}
	body := network.Organization{}
	body.ID, body.Name = "o1", "Associazione"
	for _, text := range []string{
		"Viale Niccolò Tommaseo 12/B", "in viale tommaseo", "V.le N. Tommaseo", "Tommaseo n. 12", "al 12: no; tommaseo, civico 12b", "Zona 91025", "37.8015, 12.4347", "37,801567",
		"https://maps.app.goo.gl/abc", "https://www.google.it/maps?q=x", "https://www.openstreetmap.org/#map=19", "///casa.mare.sole", "chiedi di casa mimosa",
	} {
		for name, put := range map[string]func(*directory.Service){
			"capacity": func(s *directory.Service) { s.Capacities = []hsds.ServiceCapacity{{ID: "c", Description: text}} },
			"closure": func(s *directory.Service) {
				s.Card.Hours.Closures = []directory.Closure{{From: "08-10", To: "08-20", Note: text}}
			},
			"licences":  func(s *directory.Service) { s.Licenses = text },
			"assurance": func(s *directory.Service) { s.Card.AssuredBy = text },
			"telephone": func(s *directory.Service) {
				s.Confidential[0].Phones = []hsds.Phone{{ID: "p", Number: "000 1", Description: text}}
			},
		} {
			s := house()
			put(&s)
			if _, err := directory.Publish(s, body, nil); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: %q is let through: %v", name, text, err)
			}
		}
	}
	named := body
	named.Name = "Associazione di viale Tommaseo"
	if _, err := directory.Publish(house(), named, nil); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("the name of the body tells the street: %v", err)
	}
	for _, text := range []string{"Scuola Niccolò Tommaseo", "Chiama il 091 91025 37", "Dodici posti, 12 stanze", "Dal lunedì al venerdì 9.00-12.43", "Siamo a Marsala, vicino al mare"} {
		s := house()
		s.Description = text
		s.Phones = []hsds.Phone{{ID: "p", Number: "000 91025"}}
		if strings.Contains(text, "91025") {
			s.Description, s.Phones[0].Number = "", text
		}
		if _, err := directory.Publish(s, body, nil); err != nil {
			t.Errorf("%q is refused: %v", text, err)
		}
	}
}

// A shelter is known by its name or by the terms of other taxonomies when nobody says its needs.
func TestShelteringIsKnownByItsName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"Centro Anti-Violenza Demetra": true, "CASA RIFUGIO": true, "Women’s Refuge": true, "Domestic Violence Shelters": true,
		"Vittime di tratta: accoglienza": true, "Casa per anziani": false, "Safety at work": false, "Corso di italiano": false,
	} {
		var byName, byTerm directory.Record
		byName.Name = name
		byTerm.Attributes = []hsds.Attribute{{ID: "a", TaxonomyTerm: &hsds.TaxonomyTerm{Name: name}}}
		if byName.Sheltering() != want || byTerm.Sheltering() != want {
			t.Errorf("%q: by name %t, by term %t, want %t", name, byName.Sheltering(), byTerm.Sheltering(), want)
		}
	}
}
