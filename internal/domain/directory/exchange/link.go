// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"slices"
	"strings"
)

// settle joins the records when everything has been read: parts to what they hang on, rows of hours
// to services; and makes bad what depends on bad.
func (s *pool) settle(stored func(entity, id string) bool) {
	for _, e := range entities {
		for _, r := range s.order[e.name] {
			s.check(r)
		}
	}
	for _, e := range entities {
		for _, r := range slices.Clone(s.order[e.name]) {
			s.splitPlaces(r)
		}
	}
	for _, e := range entities {
		for _, r := range s.order[e.name] {
			s.joinParents(r)
			s.checkOnes(r, stored)
		}
	}
	s.giveHours()
	s.bodiesOfServices(stored)
	s.bodiesOfPrograms()
	s.spreadBad()
	s.orphans()
}

// splitPlaces makes several service_at_locations of a row whose keys are joined by commas.
func (s *pool) splitPlaces(r *record) {
	if r.entity != "service_at_location" {
		return
	}
	for _, column := range []string{"location_id", "service_id"} {
		keys := splitKeys(r.get(column))
		if len(keys) < 2 {
			continue
		}
		v := r.values[column]
		s.report.add(r.problem(Note, v.column, "key.several", v.text, "n", number(len(keys))))
		r.set(column, keys[0], v.column)
		for _, key := range keys[1:] {
			other := s.newRecord(r.entity, "", r.origin)
			other.id = derive(r.id, column, key)
			other.strict = r.strict
			for name, v := range r.values {
				other.values[name] = v
			}
			other.set(column, key, v.column)
			s.add(other)
			s.splitPlaces(other)
		}
	}
}

// joinParents hangs a part on what its columns name.
func (s *pool) joinParents(r *record) {
	found, asked := 0, 0
	join := func(entity, list, column string) {
		v := r.values[column]
		keys := splitKeys(v.text)
		if len(keys) > 1 {
			s.report.add(r.problem(Note, v.column, "key.several", v.text, "n", number(len(keys))))
		}
		for _, key := range keys {
			asked++
			if parent := s.find(entity, key); parent != nil && !parent.partial {
				parent.hold(list, r.id)
				r.parents = append(r.parents, parent)
				found++
				continue
			}
			s.missing(r, v, entity, key)
		}
	}
	for _, k := range parentKeys()[r.entity] {
		join(k.entity, k.list, k.column)
	}
	switch r.entity {
	case "attribute":
		s.joinAny(r, "link_id", "link_entity", "attributes", join)
	case "metadata":
		s.joinAny(r, "resource_id", "resource_type", "metadata", join)
	}
}

// joinAny hangs an attribute or a piece of metadata on the records that it names by kind and key.
// Afterwards the nesting says it, so the columns have done their work.
func (s *pool) joinAny(r *record, column, kind, list string, join func(entity, list, column string)) {
	v := r.values[column]
	hint := entityOfFile(r.get(kind))
	if what := r.get(kind); what != "" && hint == "" {
		s.reportOnce(r.id+kind, r.problem(Warning, kind, "link.entity", what))
	}
	if v.text == "" {
		delete(r.values, kind)
		return
	}
	for _, key := range splitKeys(v.text) {
		entity := s.entityWith(hint, list, key)
		switch {
		case entity != "":
			r.set(column, key, v.column)
			join(entity, list, column)
		case hint == "":
			s.missing(r, v, "", key)
		default:
			s.missing(r, v, hint, key)
		}
	}
	delete(r.values, column)
	delete(r.values, kind)
}

// entityWith finds the entity that has a record with this key and can hold the list.
func (s *pool) entityWith(hint, list, key string) string {
	if f := forms()[hint]; f != nil && f.isList(list) && s.find(hint, key) != nil {
		return hint
	}
	for _, e := range entities {
		if forms()[e.name].isList(list) && s.all[e.name][s.identify(e.name, key)] != nil {
			return e.name
		}
	}
	return ""
}

// missing reports a row that names something that is not there.
func (s *pool) missing(r *record, v value, entity, key string) {
	severity := Warning
	if r.strict {
		severity, r.bad = Error, true
	}
	r.lost = true
	if forms()[entity] == nil {
		s.report.add(r.problem(severity, v.column, "key.not-found-any", key, "key", key))
		return
	}
	s.report.add(r.problem(severity, v.column, "key.not-found", key, "entity", entity, "key", key, "file", fileOf(entity)))
}

// fileOf is the name that the standard gives to the table of an entity.
func fileOf(entity string) string {
	switch entity {
	case "service_at_location", "service_capacity", "funding", "accessibility", "metadata", "url":
		return entity + ".csv"
	case "address":
		return "addresses.csv"
	case "taxonomy":
		return "taxonomies.csv"
	}
	return entity + "s.csv"
}

// heldBy tells whether some record holds r already, because it was nested in it.
func (s *pool) heldBy(r *record) bool {
	if s.held == nil {
		s.held = map[string]bool{}
		for _, e := range entities {
			for _, parent := range s.order[e.name] {
				for _, p := range forms()[e.name].lists {
					for _, id := range parent.lists[p.name] {
						s.held[p.entity+"/"+id] = true
					}
				}
			}
		}
	}
	return s.held[r.entity+"/"+r.id]
}

// required are records that cannot be without the one they belong to.
var required = map[string][]string{
	"service_at_location": {"service_id", "location_id"},
	"service_capacity":    {"unit_id"},
}

// checkOnes looks at the single records that r belongs to.
func (s *pool) checkOnes(r *record, stored func(entity, id string) bool) {
	for _, p := range forms()[r.entity].ones {
		v := r.values[p.key()]
		if v.text == "" {
			continue
		}
		if keys := splitKeys(v.text); len(keys) > 1 {
			s.fault(r, v, "key.one-only")
			continue
		}
		other := s.find(p.entity, v.text)
		switch {
		case other != nil:
			r.needs = append(r.needs, other)
		case p.name == "organization":
			if !stored(p.entity, s.identify(p.entity, v.text)) {
				r.bad = true
				s.report.add(r.problem(Error, v.column, "key.not-found", v.text, "entity", p.entity, "key", v.text, "file", fileOf(p.entity)))
			}
		case r.entity == "service_at_location", r.strict:
			r.bad = true
			s.report.add(r.problem(Error, v.column, "key.not-found", v.text, "entity", p.entity, "key", v.text, "file", fileOf(p.entity)))
		case p.name == "program" && stored(p.entity, s.identify(p.entity, v.text)):
		case p.name == "unit":
			s.report.add(r.problem(Warning, v.column, "key.not-found", v.text, "entity", p.entity, "key", v.text, "file", fileOf(p.entity)))
			r.dropped = true
		case p.name == "taxonomy_term" && !knownTerm(v.text), p.name == "taxonomy_detail", p.name == "program":
			s.report.add(r.problem(Note, v.column, "key.not-here", v.text, "entity", p.entity, "key", v.text))
		}
	}
	for _, column := range required[r.entity] {
		if r.get(column) == "" && !s.heldBy(r) && !r.bad && !r.dropped {
			r.bad = true
			s.report.add(r.problem(Error, column, "value.missing", ""))
		}
	}
	if parent := r.get("parent_id"); parent != "" && r.entity == "taxonomy_term" && s.find(r.entity, parent) == nil && r.strict {
		v := r.values["parent_id"]
		s.fault(r, v, "key.not-found", "entity", r.entity, "key", parent, "file", "taxonomy.csv")
	}
}

// giveHours hands the closures that stand in rows of their own to the services they are about.
func (s *pool) giveHours() {
	for _, w := range s.waiting {
		given := 0
		for _, key := range splitKeys(w.get("service_id")) {
			given += s.giveTo(w, s.find("service", key), "service_id", "service", key)
		}
		for _, key := range splitKeys(w.get("service_at_location_id")) {
			at := s.find("service_at_location", key)
			if at == nil {
				s.missing(w, w.values["service_at_location_id"], "service_at_location", key)
				continue
			}
			given += s.giveTo(w, s.find("service", at.get("service_id")), "service_at_location_id", "service", at.get("service_id"))
		}
		for _, key := range splitKeys(w.get("location_id")) {
			location := s.find("location", key)
			if location == nil {
				s.missing(w, w.values["location_id"], "location", key)
				continue
			}
			n := 0
			for _, at := range s.order["service_at_location"] {
				if s.identify("location", at.get("location_id")) == location.id {
					n += s.giveTo(w, s.find("service", at.get("service_id")), "location_id", "service", at.get("service_id"))
				}
			}
			if n == 0 {
				s.report.add(w.problem(Warning, "location_id", "holiday.no-service", key))
			}
			given += n
		}
		if given == 0 && !w.bad && w.get("location_id")+w.get("service_id")+w.get("service_at_location_id") == "" {
			w.bad = true
			s.report.add(w.problem(Error, "", "part.alone", "", "columns", "service_id, location_id"))
		}
		if w.bad {
			s.badRows = append(s.badRows, w)
		}
	}
}

func (s *pool) giveTo(w, service *record, column, entity, key string) int {
	if service == nil {
		s.missing(w, value{key, column}, entity, key)
		return 0
	}
	service.hours.Closures = append(service.hours.Closures, w.hours.Closures...)
	service.hours.Exceptions = append(service.hours.Exceptions, w.hours.Exceptions...)
	return 1
}

// bodiesOfServices finds the body of a service that names none: that of its place or program, as in
// Ohana. A service that nobody offers cannot be imported.
func (s *pool) bodiesOfServices(stored func(entity, id string) bool) {
	at := map[string][]*record{}
	for _, place := range s.order["service_at_location"] {
		id := s.identify("service", place.get("service_id"))
		at[id] = append(at[id], place)
	}
	for _, r := range s.order["service"] {
		if r.bad || r.get("organization_id") != "" {
			continue
		}
		body := ""
		if p := s.find("program", r.get("program_id")); p != nil && r.get("program_id") != "" {
			body = p.get("organization_id")
		}
		for _, place := range append(s.places(r), at[r.id]...) {
			location := s.find("location", place.get("location_id"))
			if body == "" && location != nil {
				body = s.ownerOf(location)
			}
			if location == nil && r.strict {
				r.bad = true // the missing place has been reported
			}
		}
		if body == "" && !r.bad {
			r.bad = true
			s.report.add(r.problem(Error, "organization_id", "service.no-body", r.get("name")))
			continue
		}
		r.set("organization_id", body, "organization_id")
		s.checkOnes(r, stored)
	}
}

// bodiesOfPrograms finds the body of a program that names none: the one that holds it, or the one
// whose service belongs to it.
func (s *pool) bodiesOfPrograms() {
	for _, p := range s.order["program"] {
		if p.bad || p.get("organization_id") != "" {
			continue
		}
		for _, o := range s.order["organization"] {
			if slices.Contains(o.lists["programs"], p.id) {
				p.set("organization_id", o.id, "")
			}
		}
		for _, r := range s.order["service"] {
			if p.get("organization_id") == "" && r.get("program_id") != "" && s.identify("program", r.get("program_id")) == p.id {
				p.set("organization_id", r.get("organization_id"), "")
			}
		}
		if p.get("organization_id") == "" {
			s.fault(p, value{"", "organization_id"}, "value.missing")
		}
	}
}

// places are the service_at_locations that a service holds.
func (s *pool) places(r *record) []*record {
	var list []*record
	for _, id := range r.lists["service_at_locations"] {
		if p := s.all["service_at_location"][id]; p != nil {
			list = append(list, p)
		}
	}
	return list
}

// ownerOf is the body of a location: the one it names, or the one that holds it.
func (s *pool) ownerOf(location *record) string {
	if body := location.get("organization_id"); body != "" {
		return body
	}
	for _, o := range s.order["organization"] {
		if slices.Contains(o.lists["locations"], location.id) {
			return o.id
		}
	}
	return ""
}

// spreadBad makes bad what depends on bad, and says so.
func (s *pool) spreadBad() {
	for changed := true; changed; {
		changed = false
		for _, e := range entities {
			for _, r := range s.order[e.name] {
				if r.bad {
					continue
				}
				for _, other := range append(slices.Clone(r.needs), r.parents...) {
					if other.bad {
						r.bad, changed = true, true
						s.report.add(r.problem(Error, "", "row.depends", s.known(other), "entity", other.entity, "file", other.file, "row", number(other.row)))
						break
					}
				}
			}
		}
	}
}

// parts are entities whose records mean nothing by themselves.
var parts = strings.Fields("contact phone address schedule language accessibility cost_option required_document service_area service_capacity funding url organization_identifier attribute metadata")

// orphans reports parts that hang on nothing.
func (s *pool) orphans() {
	s.held = nil
	for _, entity := range parts {
		for _, r := range s.order[entity] {
			if r.bad || r.dropped || r.lost || s.heldBy(r) {
				continue
			}
			severity := Warning
			if r.strict {
				severity, r.bad = Error, true
			}
			var names []string
			for _, k := range parentKeys()[entity] {
				names = append(names, k.column)
			}
			if entity == "attribute" {
				names = []string{"link_id"}
			} else if entity == "metadata" {
				names = []string{"resource_id"}
			}
			s.report.add(r.problem(severity, "", "part.alone", s.known(r), "columns", strings.Join(names, ", "), "entity", entity))
		}
	}
	for _, r := range s.order["location"] {
		if !r.strict || r.bad || r.get("location_type") == "virtual" {
			continue
		}
		if !slices.ContainsFunc(r.lists["addresses"], func(id string) bool { return s.all["address"][id] != nil }) {
			r.bad = true
			s.report.add(r.problem(Error, "", "location.no-address", r.get("name")))
		}
	}
	s.spreadBad()
}
