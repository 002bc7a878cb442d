// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"encoding/json"
	"slices"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/hsds"
)

// Shape says how a record is written as HSDS.
type Shape struct {
	// Language gives the texts in this language where there is one; "" keeps the original texts and
	// all translations.
	Language string
	// Plain leaves our own property "approdo" out.
	Plain bool
}

// serviceExtra is the property "approdo" of a service.
type serviceExtra struct {
	directory.Card
	// Shown says, in a record in one language, in which language each group of texts is.
	Shown map[string]directory.Shown `json:"shown,omitempty"`
	// Province is the sigla of where a service with confidential places is.
	Province string `json:"province,omitempty"`
	// Confidential: every place of the service is.
	Confidential *bool `json:"confidential,omitempty"`
}

// locationExtra is the property "approdo" of a location.
type locationExtra struct {
	Comune       string `json:"comune,omitempty"`
	Confidential *bool  `json:"confidential,omitempty"`
}

// organizationExtra is the property "approdo" of an organization.
type organizationExtra struct {
	Kind    string   `json:"kind,omitempty"`
	Aliases []string `json:"aliases,omitempty"`
	Unit    string   `json:"unit,omitempty"`
	Seat    string   `json:"seat,omitempty"`
	Address string   `json:"address,omitempty"`
	Example bool     `json:"example,omitempty"`
	Source  string   `json:"source,omitempty"`
	// Reserved: this is only what may be said of the body beside a reserved service.
	Reserved bool `json:"reserved,omitempty"`
}

// ToHSDS writes an entry as the full form of the HSDS service record: with its organization,
// program, places, and its needs as attributes, so that others understand them. A reserved entry
// has no service_at_locations. The record shares no slice with the entry that a caller could spoil
// by cutting properties off.
func ToHSDS(e directory.Entry, s Shape) hsds.Service {
	extra := serviceExtra{Province: e.Province}
	if s.Language != "" {
		e, extra.Shown = e.In(s.Language)
		e.Card.Translations = nil
	}
	extra.Card = e.Card
	out := hsds.Service{ServiceFields: e.ServiceFields}
	out.Phones = phones(e.Phones)
	out.Schedules = schedules(e.Schedules)
	out.ServiceAreas = serviceAreas(e.ServiceAreas)
	out.Languages = languages(e.Languages)
	out.Contacts = contacts(e.Contacts)
	out.Attributes = append(needAttributes(e, s), e.Attributes...)
	out.Organization = new(Organization(e.Organization, s))
	if e.Reserved() && !s.Plain {
		out.Organization.Approdo = raw(organizationExtra{Kind: e.Organization.Kind, Example: e.Organization.Example, Reserved: true})
	}
	if e.Program != nil {
		out.Program = new(*e.Program)
	}
	for _, site := range e.Sites {
		out.ServiceAtLocations = append(out.ServiceAtLocations, ServiceAtLocation(e, site, s))
	}
	if !s.Plain {
		out.Approdo = always(extra)
	}
	return out
}

// ServiceAtLocation writes one place of an entry, with its location and without the service.
func ServiceAtLocation(e directory.Entry, site directory.Site, s Shape) hsds.ServiceAtLocation {
	l := Location(site.Location, s)
	if e.Sheltering() && !s.Plain {
		// Open by somebody's decision: without the word a reader would have to hide it.
		l.Approdo = raw(locationExtra{Comune: site.Location.Comune, Confidential: new(false)})
	}
	return hsds.ServiceAtLocation{
		ID: site.ID, ServiceID: e.ID, LocationID: site.Location.ID, Description: site.Description,
		ServiceAreas: serviceAreas(site.ServiceAreas), Contacts: contacts(site.Contacts), Phones: phones(site.Phones),
		Schedules: schedules(site.Schedules), Attributes: slices.Clone(site.Attributes), Metadata: slices.Clone(site.Metadata),
		Location: &l,
	}
}

// Organization writes a body, without locations and programs.
func Organization(o network.Organization, s Shape) hsds.Organization {
	out := hsds.Organization{OrganizationFields: o.OrganizationFields}
	out.Phones, out.Contacts = phones(o.Phones), contacts(o.Contacts)
	extra := organizationExtra{Kind: o.Kind, Aliases: o.Aliases, Unit: o.Unit, Seat: o.Seat, Address: o.Address, Example: o.Example, Source: o.Source}
	if !s.Plain {
		out.Approdo = always(extra)
	}
	return out
}

// Location writes an open place.
func Location(l directory.Location, s Shape) hsds.Location {
	out := l.Location
	out.Phones, out.Contacts, out.Schedules, out.Languages = phones(l.Phones), contacts(l.Contacts), schedules(l.Schedules), languages(l.Languages)
	out.Addresses = slices.Clone(l.Addresses)
	for i := range out.Addresses {
		out.Addresses[i].LocationID = ""
	}
	out.Accessibility = slices.Clone(l.Accessibility)
	for i := range out.Accessibility {
		out.Accessibility[i].LocationID = ""
	}
	if l.Comune != "" && !s.Plain {
		out.Approdo = raw(locationExtra{Comune: l.Comune})
	}
	return out
}

// raw encodes one of our own structs, which cannot fail; an empty one gives nothing.
func raw(extra any) json.RawMessage {
	text, err := json.Marshal(extra)
	if err != nil {
		panic("exchange: " + err.Error())
	}
	if string(text) == "{}" {
		return nil
	}
	return text
}

// always encodes one of our own structs even when it is empty: that the property is there says that
// the record is ours, and that what it does not say is not so.
func always(extra any) json.RawMessage {
	if text := raw(extra); text != nil {
		return text
	}
	return json.RawMessage("{}")
}

// NeedTaxonomy is the taxonomy of needs as HSDS.
func NeedTaxonomy(language string) hsds.Taxonomy {
	t := hsds.Taxonomy{ID: need.TaxonomyID, Name: "Needs", Description: "What people come for: the needs that services answer, in the words people use.", Version: "1"}
	if language == "it" {
		t.Name, t.Description = "Bisogni", "Ciò che le persone cercano: i bisogni a cui rispondono i servizi, con le parole che le persone usano."
	}
	return t
}

// NeedTerm is one need as HSDS, in a language; false when there is no such need.
func NeedTerm(code, language string) (hsds.TaxonomyTerm, bool) {
	n, ok := need.ByCode(code)
	if !ok {
		return hsds.TaxonomyTerm{}, false
	}
	words := n.In(language)
	taxonomy := NeedTaxonomy(language)
	t := hsds.TaxonomyTerm{
		ID: need.TermID(code), Code: code, Name: words.Name, Description: words.About, Language: language,
		Taxonomy: taxonomy.Name, TaxonomyID: taxonomy.ID, TaxonomyDetail: &taxonomy,
	}
	if t.Description == "" {
		t.Description = words.Name // the standard wants one
	}
	if n.Parent != "" {
		t.ParentID = need.TermID(n.Parent)
	}
	return t, true
}

// needAttributes are the needs of an entry as attributes.
func needAttributes(e directory.Entry, s Shape) []hsds.Attribute {
	language := s.Language
	if language == "" {
		language = e.Card.Language
	}
	if language == "" {
		language = "it"
	}
	var list []hsds.Attribute
	for _, code := range e.Card.Needs {
		if term, ok := NeedTerm(code, language); ok {
			list = append(list, hsds.Attribute{ID: needAttributeID(e.ID, code), LinkID: e.ID, LinkEntity: "service", LinkType: "need", TaxonomyTermID: term.ID, TaxonomyTerm: &term})
		}
	}
	return list
}

// The functions below copy lists of parts without the identifiers of what they hang on: in JSON
// the nesting says it.

func phones(list []hsds.Phone) []hsds.Phone {
	list = slices.Clone(list)
	for i := range list {
		p := &list[i]
		p.LocationID, p.ServiceID, p.OrganizationID, p.ContactID, p.ServiceAtLocationID = "", "", "", "", ""
		p.Languages = languages(p.Languages)
	}
	return list
}

func contacts(list []hsds.Contact) []hsds.Contact {
	list = slices.Clone(list)
	for i := range list {
		c := &list[i]
		c.OrganizationID, c.ServiceID, c.ServiceAtLocationID, c.LocationID = "", "", "", ""
		c.Phones = phones(c.Phones)
	}
	return list
}

func schedules(list []hsds.Schedule) []hsds.Schedule {
	list = slices.Clone(list)
	for i := range list {
		list[i].ServiceID, list[i].LocationID, list[i].ServiceAtLocationID = "", "", ""
	}
	return list
}

func languages(list []hsds.Language) []hsds.Language {
	list = slices.Clone(list)
	for i := range list {
		list[i].ServiceID, list[i].LocationID, list[i].PhoneID = "", "", ""
	}
	return list
}

func serviceAreas(list []hsds.ServiceArea) []hsds.ServiceArea {
	list = slices.Clone(list)
	for i := range list {
		list[i].ServiceID, list[i].ServiceAtLocationID = "", ""
	}
	return list
}
