// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"slices"
	"strings"
	"unicode"

	"approdo/internal/base/network"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
)

// sheltering needs are served in places whose address is kept unless the body says that it is open:
// the law protects them (anti-violence: art. 5-bis d.l. 93/2013 and the State-Regions agreement of
// 27 November 2014; anti-trafficking: art. 18 d.lgs. 286/1998).
var sheltering = []string{"gender-violence", "trafficking"}

// Sheltering tells whether places of such a service are confidential when nobody says otherwise.
func (r Record) Sheltering() bool {
	return slices.ContainsFunc(sheltering, func(code string) bool { return slices.Contains(r.Card.Needs, code) })
}

// Publish makes what the public may know of a service. It is the only way to an Entry.
//
// A service with a confidential place keeps its texts, telephones, languages and conditions and
// loses everything that could say where it is: sites (open ones too), contacts, mail and web
// addresses, areas served, internal notes. It fails with Invalid when a public text itself names
// the hidden street.
func Publish(s Service, body network.Organization, program *hsds.Program) (Entry, error) {
	e := Entry{Record: s.Record, Organization: body, Program: program, Sites: s.Sites}
	e.Metadata, e.AssurerEmail = nil, ""
	e.Card.Translations = withoutDrafts(e.Card.Translations)
	if len(s.Confidential) == 0 {
		return e, nil
	}
	e.Sites = nil
	e.Province = s.Confidential[0].Province
	if e.Province == "" {
		e.Province = "IT"
	}
	e.Phones = publicPhones(s)
	e.Contacts, e.ServiceAreas, e.Attributes, e.AdditionalURLs = nil, nil, nil, nil
	e.Email, e.URL = "", ""
	e.Card.Territory = e.Province
	e.Card.Access = ""
	e.Card.Eligibility.Residence = nil
	e.Program = nil
	e.Organization = reservedBody(body)
	e.Card.Translations = withoutAccess(e.Card.Translations)
	for i := range s.Confidential {
		if field := names(&e, s.Confidential[i].Place.Location); field != "" {
			return Entry{}, fault.Invalid(field, "service.names-hidden-address", "field", field)
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
		phones[i].LocationID, phones[i].ServiceAtLocationID, phones[i].ContactID = "", "", ""
	}
	return phones
}

// withoutDrafts keeps the translations that somebody has let go.
func withoutDrafts(list []Translation) []Translation {
	if !slices.ContainsFunc(list, func(t Translation) bool { return t.State == TranslationDraft }) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(t Translation) bool { return t.State == TranslationDraft })
}

// withoutAccess drops the translated access texts and those of places.
func withoutAccess(list []Translation) []Translation {
	out := make([]Translation, 0, len(list))
	for _, t := range list {
		fields := make(map[string]string, len(t.Fields))
		for name, text := range t.Fields {
			if name != "access" && !strings.HasPrefix(name, "locations/") && !strings.HasPrefix(name, "accessibility/") {
				fields[name] = text
			}
		}
		t.Fields = fields
		out = append(out, t)
	}
	return out
}

// names returns the name of the first public text that contains the street or the co-ordinates'
// name of a hidden place, "" when none does.
func names(e *Entry, l Location) string {
	var secrets []string
	for _, a := range l.Addresses {
		if s := plain(a.Address1); len(s) >= 6 {
			secrets = append(secrets, s)
		}
	}
	if s := plain(l.Name); len(s) >= 6 && s != plain(e.Name) && s != plain(e.Organization.Name) {
		secrets = append(secrets, s)
	}
	tells := func(text string) bool {
		text = plain(text)
		return slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(text, s) })
	}
	for _, t := range texts(&e.Record, nil) {
		if tells(*t.at) {
			return t.name
		}
	}
	for _, t := range e.Card.Translations {
		for name, text := range t.Fields {
			if tells(text) {
				return t.Language + "/" + name
			}
		}
	}
	for _, p := range e.Phones {
		if tells(p.Description) {
			return "phones/" + p.ID
		}
	}
	return ""
}

// plain keeps letters and digits in lower case, so that "Via Roma, 12" is found in "via  roma 12".
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
