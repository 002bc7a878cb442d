// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"

	"approdo/internal/kit/hsds"
)

// form is what the Go record of one HSDS entity says of it: its own values in the standard's order,
// and the properties that hold other records. Reading, checking, building and writing all follow
// it, so that a property added to package hsds is understood everywhere.
type form struct {
	entity string
	typ    reflect.Type
	values []property // texts and numbers
	lists  []property // lists of records
	ones   []property // one record
	extra  []int      // index of the property "approdo", nil when there is none
	at     map[string]property
}

type property struct {
	name   string
	index  []int
	number bool
	entity string // of the records held, "" for a value
}

// key is the column that names the one record held: "organization" is named by "organization_id".
func (p property) key() string {
	if p.name == "taxonomy_detail" {
		return "taxonomy_id"
	}
	return p.name + "_id"
}

// entities lists every HSDS entity, each before those that hang on it.
var entities = []struct {
	name string
	zero any
}{
	{"organization", hsds.Organization{}}, {"program", hsds.Program{}}, {"service", hsds.Service{}},
	{"location", hsds.Location{}}, {"service_at_location", hsds.ServiceAtLocation{}}, {"contact", hsds.Contact{}},
	{"phone", hsds.Phone{}}, {"address", hsds.Address{}}, {"schedule", hsds.Schedule{}}, {"language", hsds.Language{}},
	{"accessibility", hsds.Accessibility{}}, {"cost_option", hsds.CostOption{}}, {"required_document", hsds.RequiredDocument{}},
	{"service_area", hsds.ServiceArea{}}, {"service_capacity", hsds.ServiceCapacity{}}, {"unit", hsds.Unit{}},
	{"funding", hsds.Funding{}}, {"url", hsds.URL{}}, {"organization_identifier", hsds.OrganizationIdentifier{}},
	{"taxonomy", hsds.Taxonomy{}}, {"taxonomy_term", hsds.TaxonomyTerm{}}, {"attribute", hsds.Attribute{}},
	{"metadata", hsds.Metadata{}}, {"meta_table_description", hsds.MetaTableDescription{}},
}

// more are properties that publishers use and the standard's own examples show, beyond the schema
// of the record: organizations with their services, taxonomies with their terms.
var more = map[string]map[string]string{
	"organization":        {"services": "service"},
	"program":             {"services": "service", "organization": "organization"},
	"location":            {"service_at_locations": "service_at_location", "organization": "organization"},
	"service_at_location": {"service": "service"},
	"taxonomy":            {"taxonomy_terms": "taxonomy_term", "terms": "taxonomy_term"},
}

// forms gives the form of every entity.
var forms = sync.OnceValue(func() map[string]*form {
	names := map[reflect.Type]string{}
	for _, e := range entities {
		names[reflect.TypeOf(e.zero)] = e.name
	}
	all := map[string]*form{}
	for _, e := range entities {
		f := &form{entity: e.name, typ: reflect.TypeOf(e.zero), at: map[string]property{}}
		f.read(f.typ, nil, names)
		all[e.name] = f
	}
	return all
})

var rawType = reflect.TypeOf(json.RawMessage{})

func (f *form) read(t reflect.Type, index []int, names map[reflect.Type]string) {
	for i := range t.NumField() {
		field := t.Field(i)
		at := append(slices.Clone(index), i)
		if field.Anonymous {
			f.read(field.Type, at, names)
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		p := property{name: name, index: at}
		switch {
		case field.Type == rawType:
			f.extra = at
			continue
		case field.Type.Kind() == reflect.Slice:
			p.entity = names[field.Type.Elem()]
			f.lists = append(f.lists, p)
		case field.Type.Kind() == reflect.Pointer && field.Type.Elem().Kind() == reflect.Struct:
			p.entity = names[field.Type.Elem()]
			f.ones = append(f.ones, p)
		default:
			p.number = field.Type.Kind() == reflect.Pointer
			f.values = append(f.values, p)
		}
		f.at[name] = p
	}
}

// holder is the list property of an entity that holds records of another, "" when none does.
func holder(parent, child string) string {
	f := forms()[parent]
	if f == nil {
		return ""
	}
	for _, p := range f.lists {
		if p.entity == child {
			return p.name
		}
	}
	return ""
}

// parentKey is a column of a part that names what it hangs on.
type parentKey struct{ column, entity, list string }

// parentKeys lists the columns by which a row of an entity says what it hangs on:
// "service_id" of a phone.
var parentKeys = sync.OnceValue(func() map[string][]parentKey {
	all := map[string][]parentKey{}
	for _, f := range forms() {
		for _, p := range f.values {
			parent, isKey := strings.CutSuffix(p.name, "_id")
			if !isKey || forms()[parent] == nil {
				continue
			}
			if list := holder(parent, f.entity); list != "" {
				all[f.entity] = append(all[f.entity], parentKey{p.name, parent, list})
			}
		}
	}
	return all
})
