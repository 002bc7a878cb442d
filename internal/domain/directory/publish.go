// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"slices"
	"strings"

	"approdo/internal/base/network"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
)

// sheltering needs are served in places whose address is kept unless the body says that it is open:
// the law protects them (anti-violence: art. 5-bis d.l. 93/2013 and the State-Regions agreement of
// 27 November 2014; anti-trafficking: art. 18 d.lgs. 286/1998).
var sheltering = []string{"gender-violence", "trafficking"}

// shelterWords give away such a service whose needs nobody has said: other taxonomies than ours
// have names for it that no table of ours holds. They are compared folded.
var shelterWords = []string{
	"antiviolenza", "anti violenza", "casa rifugio", "case rifugio", "antitratta", "anti tratta", "vittime di tratta", "violenza di genere", "violenza domestica",
	"domestic violence", "gender based violence", "womens refuge", "women s refuge", "safe house", "battered women", "human trafficking", "sex trafficking", "trafficking victims",
}

// Sheltering tells whether places of such a service are confidential when nobody says otherwise: by
// its needs, or by its name or the terms of other taxonomies.
func (r Record) Sheltering() bool {
	if slices.ContainsFunc(sheltering, func(code string) bool { return slices.Contains(r.Card.Needs, code) }) {
		return true
	}
	names := []string{r.Name, r.AlternateName}
	for _, a := range r.Attributes {
		if a.TaxonomyTerm != nil {
			names = append(names, a.TaxonomyTerm.Name)
		}
	}
	return slices.ContainsFunc(names, func(name string) bool {
		name = " " + lang.Fold(name) + " "
		return slices.ContainsFunc(shelterWords, func(words string) bool { return strings.Contains(name, " "+words+" ") })
	})
}

// Publish makes what the public may know of a service. It is the only way to an Entry.
//
// A service with a confidential place keeps its texts, telephones, languages and conditions and
// loses everything that could say where it is: sites (open ones too), contacts, mail and web
// addresses, areas served, its program, internal notes. It fails with Invalid when a public text
// itself names the hidden street, its postal code or its point on a map.
func Publish(s Service, body network.Organization, program *hsds.Program) (Entry, error) {
	e := Entry{Record: s.Record, Organization: body, Program: program, Sites: s.openSites()}
	e.Metadata, e.AssurerEmail = nil, ""
	e.Card.Translations = withoutDrafts(e.Card.Translations)
	if len(s.Confidential) == 0 {
		return e, nil
	}
	e.Province = "IT"
	if p, ok := network.Territories().Province(s.Confidential[0].Province); ok {
		e.Province = p.Sigla // only a province that exists: anything else may be more than a province
	}
	e.Phones = publicPhones(s)
	withoutTraces(&e.Record)
	e.Contacts, e.ServiceAreas, e.Attributes, e.AdditionalURLs = nil, nil, nil, nil
	e.Email, e.URL = "", ""
	e.Card.Territory = e.Province
	e.Card.Access = ""
	e.Card.Eligibility.Residence = nil
	e.Program, e.ProgramID = nil, ""
	e.Organization = reservedBody(body)
	e.Card.Translations = withoutAccess(e.Card.Translations)
	for i := range s.Confidential {
		if field := secretOf(s.Confidential[i].Place).toldIn(e); field != "" {
			return Entry{}, fault.Invalid(field, "service.names-hidden-address", "id", s.ID, "field", field)
		}
	}
	return e, nil
}

// reservedBody keeps of the body that offers a reserved service what identifies it, not what
// leads to its door.
func reservedBody(b network.Organization) network.Organization {
	return network.Organization{
		OrganizationFields: hsds.OrganizationFields{ID: b.ID, Name: b.Name, AlternateName: b.AlternateName},
		Kind:               b.Kind, Example: b.Example,
	}
}

func publicPhones(s Service) []hsds.Phone {
	phones := slices.Clone(s.Phones)
	for _, c := range s.Confidential {
		phones = append(phones, c.Phones...)
	}
	for i := range phones {
		p := &phones[i]
		p.LocationID, p.ServiceAtLocationID, p.ContactID, p.Attributes, p.Metadata = "", "", "", nil, nil
		p.Languages = languagesOnly(p.Languages)
	}
	return phones
}

// withoutTraces drops what hangs on the parts of a reserved record: their history, which may hold
// what stood there before, attributes nobody has thought of, and links that lead elsewhere.
func withoutTraces(r *Record) {
	r.Schedules, r.CostOptions, r.RequiredDocuments = slices.Clone(r.Schedules), slices.Clone(r.CostOptions), slices.Clone(r.RequiredDocuments)
	r.Languages, r.Funding, r.Capacities = languagesOnly(r.Languages), nil, slices.Clone(r.Capacities)
	for i := range r.Schedules {
		s := &r.Schedules[i]
		s.LocationID, s.ServiceAtLocationID, s.ScheduleLink, s.Attributes, s.Metadata = "", "", "", nil, nil
	}
	for i := range r.CostOptions {
		r.CostOptions[i].Attributes, r.CostOptions[i].Metadata = nil, nil
	}
	for i := range r.RequiredDocuments {
		d := &r.RequiredDocuments[i]
		d.URI, d.Attributes, d.Metadata = "", nil, nil
	}
	for i := range r.Capacities {
		c := &r.Capacities[i]
		c.Attributes, c.Metadata = nil, nil
	}
}

func languagesOnly(list []hsds.Language) []hsds.Language {
	list = slices.Clone(list)
	for i := range list {
		l := &list[i]
		l.LocationID, l.Attributes, l.Metadata = "", nil, nil
	}
	return list
}

// withoutDrafts keeps the translations that somebody has let go.
func withoutDrafts(list []Translation) []Translation {
	if !slices.ContainsFunc(list, func(t Translation) bool { return t.State == TranslationDraft }) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(t Translation) bool { return t.State == TranslationDraft })
}

// withoutAccess drops the translated access texts and those of places, and the fingerprints: who
// guesses a hidden text could see from them that it is right.
func withoutAccess(list []Translation) []Translation {
	out := make([]Translation, 0, len(list))
	for _, t := range list {
		fields := make(map[string]string, len(t.Fields))
		for name, text := range t.Fields {
			if name != "access" && !strings.HasPrefix(name, "locations/") && !strings.HasPrefix(name, "accessibility/") {
				fields[name] = text
			}
		}
		t.Fields, t.Digest = fields, ""
		out = append(out, t)
	}
	return out
}
