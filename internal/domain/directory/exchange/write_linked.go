// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/hsds"
)

// node is one thing of linked data. Nothing that is empty goes in.
type node map[string]any

// with adds a property unless its value says nothing.
func (n node) with(name string, value any) node {
	switch v := value.(type) {
	case nil:
	case string:
		if v != "" {
			n[name] = v
		}
	case node:
		if len(v) > 0 {
			n[name] = v
		}
	case []node:
		if len(v) > 0 {
			n[name] = v
		}
	case []string:
		if len(v) > 0 {
			n[name] = v
		}
	default:
		n[name] = v
	}
	return n
}

func servicePage(o ExportOptions, language, id string) string {
	return o.base() + "/" + language + "/services/" + id
}

// publicKinds are the kinds of body that belong to the public administration.
var publicKinds = []string{
	"municipality", "union-of-municipalities", "social-district", "health-authority", "hospital", "public-services-company",
	"prefecture", "police-headquarters", "adult-school", "association-of-municipalities",
}

// SchemaOrg is an entry as schema.org, for search engines and for the page of the service: a
// GovernmentService when a public body offers it, otherwise a Service.
func SchemaOrg(e directory.Entry, language string, o ExportOptions) json.RawMessage {
	text, err := json.Marshal(schemaNode(e, language, o).with("@context", "https://schema.org"))
	if err != nil {
		panic("exchange: " + err.Error()) // texts and lists of texts
	}
	return text
}

func schemaNode(e directory.Entry, language string, o ExportOptions) node {
	e, shown := e.In(language)
	public := slices.Contains(publicKinds, e.Organization.Kind)
	kind, body := "Service", "Organization"
	if public {
		kind, body = "GovernmentService", "GovernmentOrganization"
	}
	var types []string
	for _, code := range e.Card.Needs {
		if n, ok := need.ByCode(code); ok {
			types = append(types, n.Name(language))
		}
	}
	at := servicePage(o, language, e.ID)
	provider := node{"@type": body, "@id": o.base() + "/organizations/" + e.Organization.ID, "name": e.Organization.Name}
	provider.with("url", e.Organization.Website)
	return node{"@type": kind, "@id": at, "url": at, "name": e.Name, "inLanguage": shown[directory.GroupTitle].Language, "identifier": e.ID}.
		with("alternateName", e.AlternateName).
		with("description", or(e.Description, e.Card.Summary)).
		with("abstract", e.Card.Summary).
		with("serviceType", types).
		with("provider", provider).
		with("areaServed", areaNode(e)).
		with("audience", audience(e)).
		with("termsOfService", e.Card.Conditions).
		with("serviceOutput", thing("Thing", e.Card.Outcome)).
		with("availableChannel", channels(e)).
		with("hoursAvailable", openingHours(e.Schedules)).
		with("offers", offers(e))
}

func thing(kind, name string) node {
	if name == "" {
		return nil
	}
	return node{"@type": kind, "name": name}
}

// areaNode is where people may live who use the service; of a reserved one the province.
func areaNode(e directory.Entry) node {
	area := or(e.Card.Territory, e.Province)
	if c, ok := network.Territories().Comune(area); ok {
		return node{"@type": "City", "name": c.Label()}
	}
	if p, ok := network.Territories().Province(area); ok {
		return node{"@type": "AdministrativeArea", "name": p.Name}
	}
	if area == "IT" {
		return node{"@type": "Country", "name": "IT"}
	}
	return nil
}

func audience(e directory.Entry) node {
	if e.EligibilityDescription == "" && e.MinimumAge == nil && e.MaximumAge == nil && e.Card.Eligibility.Sex == "" {
		return nil
	}
	n := node{"@type": "PeopleAudience"}.with("audienceType", e.EligibilityDescription).with("suggestedGender", e.Card.Eligibility.Sex)
	if e.MinimumAge != nil {
		n["suggestedMinAge"] = *e.MinimumAge
	}
	if e.MaximumAge != nil {
		n["suggestedMaxAge"] = *e.MaximumAge
	}
	return n
}

func channels(e directory.Entry) []node {
	var list []node
	spoken := spokenIn(e.Languages)
	for _, site := range e.Sites {
		l := site.Location
		place := node{"@type": "Place"}.with("name", l.Name).with("address", postal(l)).with("openingHoursSpecification", openingHours(append(slices.Clone(site.Schedules), l.Schedules...)))
		if l.Latitude != nil && l.Longitude != nil {
			place["geo"] = node{"@type": "GeoCoordinates", "latitude": *l.Latitude, "longitude": *l.Longitude}
		}
		list = append(list, node{"@type": "ServiceChannel", "serviceLocation": place}.with("availableLanguage", spoken))
	}
	for _, p := range e.Phones {
		list = append(list, node{"@type": "ServiceChannel", "servicePhone": node{"@type": "ContactPoint", "telephone": p.Number}.with("description", p.Description)}.with("availableLanguage", spoken))
	}
	if e.URL != "" {
		list = append(list, node{"@type": "ServiceChannel", "serviceUrl": e.URL})
	}
	return list
}

func spokenIn(list []hsds.Language) []string {
	var codes []string
	for _, l := range list {
		if c := or(l.Code, l.Name); c != "" {
			codes = append(codes, c)
		}
	}
	return codes
}

func postal(l directory.Location) node {
	for _, a := range l.Addresses {
		return node{"@type": "PostalAddress"}.with("streetAddress", strings.TrimSpace(a.Address1+" "+a.Address2)).with("addressLocality", a.City).
			with("addressRegion", a.StateProvince).with("postalCode", a.PostalCode).with("addressCountry", a.Country)
	}
	return nil
}

var schemaDays = map[string]string{"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday", "SU": "Sunday"}

// openingHours are the plain weekly hours; schema.org has no words for the rest.
func openingHours(list []hsds.Schedule) []node {
	var out []node
	for _, s := range list {
		if s.Freq != "WEEKLY" || s.OpensAt == "" || s.ClosesAt == "" || s.Interval != nil && *s.Interval > 1 {
			continue
		}
		var days []string
		for _, d := range strings.Split(s.ByDay, ",") {
			if name := schemaDays[d]; name != "" {
				days = append(days, "https://schema.org/"+name)
			}
		}
		if len(days) > 0 {
			out = append(out, node{"@type": "OpeningHoursSpecification", "dayOfWeek": days, "opens": hourMinute(s.OpensAt), "closes": hourMinute(s.ClosesAt)}.
				with("validFrom", s.ValidFrom).with("validThrough", s.ValidTo))
		}
	}
	return out
}

func offers(e directory.Entry) []node {
	var list []node
	for _, c := range e.CostOptions {
		n := node{"@type": "Offer"}.with("name", c.Option).with("description", c.AmountDescription).with("priceCurrency", strings.ToUpper(c.Currency))
		if c.Amount != nil {
			n["price"] = strconv.FormatFloat(*c.Amount, 'f', -1, 64)
		}
		list = append(list, n)
	}
	if len(list) == 0 && e.FeesDescription != "" {
		list = append(list, node{"@type": "Offer", "description": e.FeesDescription})
	}
	return list
}

// writeGraph writes linked data as one JSON-LD document.
func writeGraph(ctx context.Context, w io.Writer, entries Entries, context any, nodes func(directory.Entry) []node) error {
	if _, err := io.WriteString(w, `{"@context":`); err != nil {
		return err
	}
	if err := encode(w, context, ",\n\"@graph\":["); err != nil {
		return err
	}
	out := &series{w: w}
	seen := map[any]bool{}
	err := each(ctx, entries, func(e directory.Entry) error {
		for _, n := range nodes(e) {
			if id, ok := n["@id"]; ok {
				if seen[id] {
					continue
				}
				seen[id] = true
			}
			if err := out.add(n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n]}\n")
	return err
}

func writeSchemaOrg(ctx context.Context, w io.Writer, entries Entries, o ExportOptions) error {
	return writeGraph(ctx, w, entries, "https://schema.org", func(e directory.Entry) []node { return []node{schemaNode(e, o.language(), o)} })
}
