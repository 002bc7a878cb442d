// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/hsds"
)

// build fills a record of package hsds with what was read, and with the records it holds.
func (s *pool) build(r *record, into reflect.Value) {
	f := forms()[r.entity]
	for _, p := range f.values {
		text := r.get(p.name)
		if p.name == "id" {
			text = r.id
		} else if text != "" {
			text = s.keyValue(r, p.name, text)
		}
		if text == "" {
			continue
		}
		field := into.FieldByIndex(p.index)
		if !p.number {
			field.SetString(text)
		} else if n, err := strconv.ParseFloat(text, 64); err == nil {
			field.Set(reflect.ValueOf(&n))
		}
	}
	for _, p := range f.lists {
		if r.entity == "organization" && (p.name == "locations" || p.name == "programs") {
			continue // kept by themselves
		}
		field := into.FieldByIndex(p.index)
		for _, id := range r.lists[p.name] {
			part := s.all[p.entity][id]
			if part == nil || part.bad || part.dropped {
				continue
			}
			item := reflect.New(field.Type().Elem()).Elem()
			s.build(part, item)
			field.Set(reflect.Append(field, item))
		}
	}
	for _, p := range f.ones {
		key := r.get(p.key())
		if key == "" {
			continue
		}
		if other := s.find(p.entity, key); other != nil && !other.bad {
			item := reflect.New(into.FieldByIndex(p.index).Type().Elem())
			s.build(other, item.Elem())
			into.FieldByIndex(p.index).Set(item)
		}
	}
	if f.extra != nil && r.extra != nil {
		into.FieldByIndex(f.extra).SetBytes(slices.Clone(r.extra))
	}
}

// kept are keys that stay in a record that is nested, since the nesting does not say them.
var kept = map[string]bool{
	"service.organization_id": true, "service.program_id": true, "program.organization_id": true, "location.organization_id": true,
	"service_at_location.service_id": true, "service_at_location.location_id": true, "attribute.taxonomy_term_id": true,
	"taxonomy_term.taxonomy_id": true, "service_capacity.unit_id": true,
}

// keyValue makes UUIDs of the keys of other records, and leaves out those that nesting makes
// needless. Other values come back as they are.
func (s *pool) keyValue(r *record, name, text string) string {
	switch name {
	case "parent_id":
		return s.identify("taxonomy_term", text)
	case "parent_organization_id":
		return s.identify("organization", text)
	}
	entity, isKey := strings.CutSuffix(name, "_id")
	if !isKey || name == "tax_id" {
		return text
	}
	if !kept[r.entity+"."+name] {
		return ""
	}
	if entity == "taxonomy" {
		return s.identify("taxonomy", text)
	}
	return s.identify(entity, text)
}

func built[T any](s *pool, r *record) T {
	var out T
	s.build(r, reflect.ValueOf(&out).Elem())
	return out
}

// batch makes of the records what the directory stores.
func (s *pool) batch() directory.Batch {
	s.opens = map[string]bool{}
	b := directory.Batch{Source: s.source, Opens: s.opens}
	for _, r := range s.good("organization") {
		b.Organizations = append(b.Organizations, s.organization(r))
	}
	for _, r := range s.good("program") {
		p := built[hsds.Program](s, r)
		p.Attributes = append(p.Attributes, s.original(r)...)
		b.Programs = append(b.Programs, p)
	}
	for _, r := range s.good("taxonomy") {
		if t := built[hsds.Taxonomy](s, r); !ownTerm(r) {
			b.Taxonomies = append(b.Taxonomies, t)
		}
	}
	for _, r := range s.good("taxonomy_term") {
		if t := built[hsds.TaxonomyTerm](s, r); !knownTerm(t.ID) {
			t.TaxonomyDetail = nil // kept by itself
			b.Terms = append(b.Terms, t)
		}
	}
	used := map[string]bool{}
	sheltering := map[string]bool{}
	places := s.placesByService()
	services := s.good("service")
	hidden := map[string]bool{}
	for _, r := range services {
		service := s.service(r, places[r.id])
		for _, c := range service.Confidential {
			hidden[c.Place.Location.ID] = true
		}
		b.Services = append(b.Services, service)
	}
	for i, r := range services {
		service := &b.Services[i]
		s.hideShared(r, service, hidden)
		for _, site := range service.Sites {
			used[site.Location.ID] = true
		}
		for _, site := range service.Confidential {
			used[site.Place.Location.ID] = true
			sheltering[service.OrganizationID] = true
		}
	}
	for _, r := range s.good("location") {
		if !used[r.id] {
			b.Locations = append(b.Locations, s.bodyLocation(r, sheltering))
		}
	}
	b.Terms = withoutHiddenTerms(b.Terms, b.Services)
	return b
}

// hideShared: a place that must not be known for one service must not be known for any.
func (s *pool) hideShared(r *record, service *directory.Service, hidden map[string]bool) {
	service.Sites = slices.DeleteFunc(service.Sites, func(site directory.Site) bool {
		if !hidden[site.Location.ID] {
			return false
		}
		service.Confidential = append(service.Confidential, hide(site))
		s.report.add(r.problem(Note, "", "service.hidden-elsewhere", service.Name))
		return true
	})
	if len(service.Sites) == 0 {
		service.Sites = nil
	}
}

func (s *pool) good(entity string) []*record {
	var list []*record
	for _, r := range s.order[entity] {
		switch {
		case r.bad:
			// counted by skipped
		case r.partial:
			s.report.add(r.problem(Warning, "", "key.not-found", r.key, "entity", entity, "key", r.key, "file", fileOf(entity)))
		default:
			s.report.Read[entity]++
			list = append(list, r)
		}
	}
	return list
}

func (s *pool) organization(r *record) network.Organization {
	o := network.Organization{OrganizationFields: built[hsds.Organization](s, r).OrganizationFields, Source: s.source}
	if r.extra != nil {
		var extra organizationExtra
		if err := json.Unmarshal(r.extra, &extra); err != nil {
			s.report.add(r.problem(Warning, "approdo", "value.json", string(r.extra)))
		}
		o.Kind, o.Aliases, o.Unit, o.Seat, o.Address, o.Example, o.Source = extra.Kind, extra.Aliases, extra.Unit, extra.Seat, extra.Address, extra.Example, extra.Source
		if !network.KnownKind(o.Kind) {
			s.report.add(r.problem(Warning, "kind", "value.code", o.Kind))
			o.Kind = ""
		}
		if extra.Reserved {
			s.reserved = append(s.reserved, o.ID)
		}
	}
	if foreign(r) {
		o.OrganizationIdentifiers = append(o.OrganizationIdentifiers, hsds.OrganizationIdentifier{
			ID: derive("original", r.id), IdentifierScheme: s.source, IdentifierType: originalID, Identifier: r.key,
		})
	}
	return o
}

// originalID names the identifier that a record had where it came from.
const originalID = "source-id"

// foreign tells whether the identifier of a record was replaced.
func foreign(r *record) bool { return r.key != "" && !strings.EqualFold(r.key, r.id) }

// original keeps the identifier that a record had in its source.
func (s *pool) original(r *record) []hsds.Attribute {
	if !foreign(r) {
		return nil
	}
	return []hsds.Attribute{{ID: derive("original", r.id), LinkType: originalID, Label: s.source, Value: r.key}}
}

// placesByService lists the service_at_locations of every service, those it holds first.
func (s *pool) placesByService() map[string][]*record {
	all := map[string][]*record{}
	for _, r := range s.order["service"] {
		all[r.id] = s.places(r)
	}
	for _, p := range s.order["service_at_location"] {
		id := s.identify("service", p.get("service_id"))
		if p.get("service_id") != "" && !slices.Contains(all[id], p) {
			all[id] = append(all[id], p)
		}
	}
	return all
}

func (s *pool) service(r *record, places []*record) directory.Service {
	wire := built[hsds.Service](s, r)
	wire.ServiceAtLocations = nil
	for _, p := range places {
		if p.bad {
			continue
		}
		p.set("service_id", r.id, "")
		at := built[hsds.ServiceAtLocation](s, p)
		if at.Location != nil {
			at.Location.Attributes = append(at.Location.Attributes, s.originalPlace(p, at.Location)...)
		}
		wire.ServiceAtLocations = append(wire.ServiceAtLocations, at)
	}
	wire.Attributes = append(wire.Attributes, s.original(r)...)
	c := &converter{report: func(p Problem) {
		p.File, p.Row = r.file, r.row
		s.report.add(p)
	}}
	service := c.service(wire)
	if c.opened {
		s.opens[service.ID] = true
	}
	service.Source = s.source
	service.Card.Hours.Closures = append(service.Card.Hours.Closures, r.hours.Closures...)
	service.Card.Hours.Exceptions = append(service.Card.Hours.Exceptions, r.hours.Exceptions...)
	return service
}

// originalPlace keeps the identifier of a location: as its external identifier when that is free.
func (s *pool) originalPlace(p *record, l *hsds.Location) []hsds.Attribute {
	r := s.find("location", p.get("location_id"))
	if r == nil || !foreign(r) {
		return nil
	}
	if l.ExternalIdentifier == "" {
		l.ExternalIdentifier, l.ExternalIdentifierType = r.key, s.source
		return nil
	}
	return s.original(r)
}

func (s *pool) bodyLocation(r *record, sheltering map[string]bool) directory.BodyLocation {
	l := built[hsds.Location](s, r)
	if foreign(r) && l.ExternalIdentifier == "" {
		l.ExternalIdentifier, l.ExternalIdentifierType = r.key, s.source
	}
	c := &converter{report: func(p Problem) {
		p.File, p.Row = r.file, r.row
		s.report.add(p)
	}}
	if l.OrganizationID == "" {
		if body := s.ownerOf(r); body != "" {
			l.OrganizationID = s.identify("organization", body)
		}
	}
	place, extra := c.place(l)
	out := directory.BodyLocation{Location: place}
	switch {
	case extra.Confidential != nil:
		out.Confidential = *extra.Confidential
	case sheltering[l.OrganizationID]:
		// The body shelters people: its other places may be shelters too.
		out.Confidential = true
		s.report.add(r.problem(Note, "", "location.hidden-by-default", l.Name))
	}
	return out
}
