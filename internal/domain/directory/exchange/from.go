// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
)

// FromHSDS is the way back from ToHSDS: the service, its body and its program. What could not be
// kept is in the problems.
func FromHSDS(s hsds.Service) (directory.Service, network.Organization, *hsds.Program, []Problem) {
	var problems []Problem
	c := &converter{report: func(p Problem) { problems = append(problems, p) }}
	var body network.Organization
	if s.Organization != nil {
		body.OrganizationFields = s.Organization.OrganizationFields
		var extra organizationExtra
		c.extra(s.Organization.Approdo, &extra, "organization/approdo")
		body.Kind, body.Aliases, body.Unit, body.Seat, body.Address, body.Example, body.Source = extra.Kind, extra.Aliases, extra.Unit, extra.Seat, extra.Address, extra.Example, extra.Source
	}
	return c.service(s), body, s.Program, problems
}

// converter makes services of the standard's records.
type converter struct {
	report func(Problem)
	opened bool // the last service says itself that every place it has is open
}

func (c *converter) note(severity, column, key, text string, args ...string) {
	p := Problem{Column: column, Severity: severity, Key: key, Value: text}
	for i := 0; i+1 < len(args); i += 2 {
		if p.Args == nil {
			p.Args = map[string]string{}
		}
		p.Args[args[i]] = args[i+1]
	}
	c.report(p)
}

// extra reads a property of our own. What it holds and we don't know is reported.
func (c *converter) extra(text json.RawMessage, into any, column string) {
	if len(text) == 0 {
		return
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err == nil {
		return
	}
	if err := json.Unmarshal(text, into); err != nil {
		c.note(Warning, column, "value.json", string(text))
		return
	}
	c.note(Warning, column, "value.json-unknown", string(text))
}

func (c *converter) service(s hsds.Service) directory.Service {
	out := directory.Service{Record: directory.Record{ServiceFields: s.ServiceFields}}
	var extra serviceExtra
	c.extra(s.Approdo, &extra, "approdo")
	out.Card = extra.Card
	c.card(&out.Card)
	out.Attributes = c.needs(&out.Card, s, len(s.Approdo) > 0)
	if out.OrganizationID == "" && s.Organization != nil {
		out.OrganizationID = s.Organization.ID
	}
	if out.ProgramID == "" && s.Program != nil {
		out.ProgramID = s.Program.ID
	}
	if out.Status == "" {
		out.Status = directory.StatusActive
	}
	c.sites(&out, s, extra)
	return out
}

// needs takes the needs out of the attributes: the terms of our own taxonomy always, those of others
// that mean the same when the record is not ours (ours has said its needs).
func (c *converter) needs(card *directory.Card, s hsds.Service, ours bool) []hsds.Attribute {
	var rest []hsds.Attribute
	add := func(code string) {
		if !slices.Contains(card.Needs, code) {
			card.Needs = append(card.Needs, code)
		}
	}
	for _, a := range s.Attributes {
		code, term := needOf(a)
		switch {
		case term:
			add(code)
			continue
		case code != "" && !ours:
			add(code)
			c.note(Note, "attributes", "need.alike", a.TaxonomyTerm.Name, "need", code)
		}
		rest = append(rest, a)
	}
	return rest
}

// card checks what only our own property says.
func (c *converter) card(k *directory.Card) {
	k.Needs = slices.DeleteFunc(k.Needs, func(code string) bool {
		if !need.Known(code) {
			c.note(Warning, "needs", "need.unknown", code)
		}
		return !need.Known(code)
	})
	allowed := func(column string, value *string, list []string) {
		if *value != "" && !slices.Contains(list, *value) {
			c.note(Warning, column, "value.code", *value, "codes", strings.Join(list, ", "))
			*value = ""
		}
	}
	allowed("eligibility.sex", &k.Eligibility.Sex, directory.Sexes)
	allowed("eligibility.family", &k.Eligibility.Family, directory.Families)
	allowed("hours.holidays", &k.Hours.Holidays, []string{"open", "closed"})
	if k.Hours.TimeZone != "" {
		if _, err := time.LoadLocation(k.Hours.TimeZone); err != nil || k.Hours.TimeZone == "Local" {
			c.note(Warning, "hours.time_zone", "value.time-zone", k.Hours.TimeZone)
			k.Hours.TimeZone = ""
		}
	}
	for name, text := range map[string]*string{"summary": &k.Summary, "state_reason": &k.StateReason, "outcome": &k.Outcome, "deadlines": &k.Deadlines, "access": &k.Access, "conditions": &k.Conditions} {
		c.plain(name, text)
	}
	for i := range k.Translations {
		t := &k.Translations[i]
		allowed("translations.state", &t.State, []string{directory.TranslationUpToDate, directory.TranslationOutdated, directory.TranslationMachine, directory.TranslationDraft})
		for _, name := range sortedKeys(t.Fields) {
			text := t.Fields[name]
			c.plain(t.Language+"/"+name, &text)
			t.Fields[name] = text
		}
	}
	k.Translations = slices.DeleteFunc(k.Translations, func(t directory.Translation) bool {
		bad := t.State == "" || !slices.Contains(directory.Groups, t.Group) || !lang.Known(t.Language)
		if bad {
			c.note(Warning, "translations", "translation.unknown", t.Language+" "+t.Group+" "+t.State)
		}
		return bad
	})
}

func (c *converter) plain(column string, text *string) {
	if plain, changed := stripHTML(*text); changed {
		c.note(Warning, column, "value.html", *text)
		*text = plain
	}
}

// sites makes open or confidential places of the service_at_locations.
func (c *converter) sites(out *directory.Service, s hsds.Service, extra serviceExtra) {
	said := extra.Confidential != nil && *extra.Confidential
	openly := extra.Confidential != nil && !said
	c.opened = openly || len(s.ServiceAtLocations) > 0
	byDefault := false
	for _, at := range s.ServiceAtLocations {
		if at.Location == nil {
			c.note(Warning, "service_at_locations", "site.no-location", at.ID)
			continue
		}
		place, own := c.place(*at.Location)
		site := directory.Site{
			ID: at.ID, Description: at.Description, Phones: at.Phones, Schedules: at.Schedules, Contacts: at.Contacts,
			ServiceAreas: at.ServiceAreas, Attributes: at.Attributes, Metadata: at.Metadata, Location: place,
		}
		hidden := said
		c.opened = c.opened && !said && (openly || own.Confidential != nil && !*own.Confidential)
		switch {
		case own.Confidential != nil:
			hidden = *own.Confidential || said
		case extra.Confidential != nil:
		case out.Sheltering():
			hidden, byDefault = true, true
		}
		if hidden {
			out.Confidential = append(out.Confidential, hide(site))
		} else {
			out.Sites = append(out.Sites, site)
		}
	}
	if byDefault {
		c.note(Note, "service_at_locations", "service.hidden-by-default", out.Name)
	}
	if len(out.Confidential) == 0 && (said || extra.Province != "") {
		// The public record of a reserved service: where it is stays unknown, that it is hidden does not.
		out.Confidential = []directory.ConfidentialSite{{ID: derive("reserved", out.ID), Province: extra.Province}}
	}
}

// hide makes a confidential place: only its province and telephones can become public.
func hide(site directory.Site) directory.ConfidentialSite {
	c := directory.ConfidentialSite{ID: site.ID, Province: provinceOf(site.Location)}
	c.Phones = append(slices.Clone(site.Phones), site.Location.Phones...)
	site.Phones, site.Location.Phones = nil, nil
	c.Place = site
	return c
}

// place recognises the comune of a location.
func (c *converter) place(l hsds.Location) (directory.Location, locationExtra) {
	var extra locationExtra
	c.extra(l.Approdo, &extra, "location/approdo")
	l.Approdo = nil
	out := directory.Location{Location: l}
	if comune, ok := network.Territories().Comune(extra.Comune); ok {
		out.Comune = comune.ISTAT
		return out, extra
	}
	if extra.Comune != "" {
		c.note(Warning, "comune", "comune.unknown", extra.Comune)
	}
	for _, physical := range []bool{true, false} {
		for _, a := range l.Addresses {
			if (a.AddressType == "physical") != physical || out.Comune != "" {
				continue
			}
			if istat, several := comuneOf(a); istat != "" {
				out.Comune = istat
			} else if several {
				c.note(Warning, "city", "comune.several", a.City)
			} else if a.Country == "IT" && a.City != "" {
				c.note(Warning, "city", "comune.unknown", a.City)
			}
		}
	}
	return out, extra
}

// comuneOf finds the comune of an Italian address: by its name, and by the province where several
// comuni bear it. Addresses elsewhere have none, even where the city's name is an Italian one.
func comuneOf(a hsds.Address) (istat string, several bool) {
	if a.Country != "IT" && a.Country != "" || a.City == "" {
		return "", false
	}
	city, sigla := a.City, a.StateProvince
	if i := strings.LastIndex(city, "("); i > 0 && strings.HasSuffix(city, ")") {
		sigla = strings.TrimSuffix(city[i+1:], ")")
		city = strings.TrimSpace(city[:i])
	}
	named := network.Territories().ComuniNamed(city)
	var list []network.Comune
	for _, comune := range named {
		if p, ok := network.Territories().Province(comune.Province); ok && (strings.EqualFold(sigla, p.Sigla) || lang.Fold(sigla) == lang.Fold(p.Name)) {
			list = append(list, comune)
		}
	}
	switch {
	case len(list) == 1:
		return list[0].ISTAT, false
	case len(list) == 0 && len(named) == 1 && (a.Country == "IT" || sigla == ""):
		return named[0].ISTAT, false
	}
	return "", len(named) > 1 && a.Country == "IT"
}

// provinceOf is the sigla of where a place is, "" when nothing says it.
func provinceOf(l directory.Location) string {
	if comune, ok := network.Territories().Comune(l.Comune); ok {
		return comune.Province
	}
	for _, a := range l.Addresses {
		if p, ok := network.Territories().Province(strings.ToUpper(a.StateProvince)); ok && (a.Country == "IT" || a.Country == "") {
			return p.Sigla
		}
	}
	return ""
}
