// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/hsds"
)

// italianContext are the names of the ontologies of the Italian administration (OntoPiA) that
// CPSV-AP_IT 1.1 is made of.
var italianContext = map[string]any{
	"cpsv": "https://w3id.org/italia/onto/CPSV/", "cov": "https://w3id.org/italia/onto/COV/", "clv": "https://w3id.org/italia/onto/CLV/",
	"sm": "https://w3id.org/italia/onto/SM/", "ac": "https://w3id.org/italia/onto/AccessCondition/", "ro": "https://w3id.org/italia/onto/RO/",
	"lang": "https://w3id.org/italia/onto/Language/", "l0": "https://w3id.org/italia/onto/l0/",
	"dct": "http://purl.org/dc/terms/", "xsd": "http://www.w3.org/2001/XMLSchema#",
	"l0:name": map[string]string{"@container": "@language"}, "l0:description": map[string]string{"@container": "@language"},
}

func writeCPSV(ctx context.Context, w io.Writer, entries Entries, o ExportOptions) error {
	return writeGraph(ctx, w, entries, italianContext, func(e directory.Entry) []node { return cpsvNodes(e, o) })
}

func ref(id string) node { return node{"@id": id} }

// words are a text in every language that the entry has it in.
func words(e directory.Entry, field func(directory.Entry) string) any {
	all := map[string]string{}
	for _, language := range e.TextLanguages() {
		in, _ := e.In(language)
		text := field(in)
		if language == "" {
			language = "it"
		}
		if text != "" && (len(all) == 0 || text != all[or(e.Card.Language, "it")]) {
			all[language] = text
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

var cpsvStatus = map[string]string{directory.StatusActive: "cpsv:Active"}

// cpsvNodes are the service, the body and its role, in the words of CPSV-AP_IT.
func cpsvNodes(e directory.Entry, o ExportOptions) []node {
	id := o.base() + "/id/services/" + e.ID
	bodyID := o.base() + "/id/organizations/" + e.Organization.ID
	status := cpsvStatus[e.Status]
	if status == "" {
		status = "cpsv:NonActive"
	}
	service := node{"@id": id, "@type": "cpsv:PublicService", "dct:identifier": e.ID, "cpsv:hasServiceStatus": ref(status)}
	if names := words(e, func(e directory.Entry) string { return e.Name }); names != nil {
		service["l0:name"] = names
	}
	if texts := words(e, func(e directory.Entry) string { return or(e.Description, e.Card.Summary) }); texts != nil {
		service["l0:description"] = texts
	}
	var keywords []string
	for _, code := range e.Card.Needs {
		if n, ok := need.ByCode(code); ok {
			keywords = append(keywords, n.Name("it"))
		}
	}
	var spoken []node
	for _, l := range e.Languages {
		spoken = append(spoken, node{"@type": "lang:Language"}.with("dct:identifier", l.Code).with("dct:title", l.Name))
	}
	service.with("cpsv:serviceKeyword", keywords).with("lang:hasLanguage", spoken).with("dct:modified", day(e.LastModified))
	service.with("cpsv:hasInput", inputs(e)).with("cpsv:producesOutput", titled("cpsv:Output", e.Card.Outcome)).with("cpsv:hasCost", costs(e))
	service.with("cpsv:hasProcessingTime", titled("cpsv:ServiceProcessingTime", e.WaitTime))
	service.with("cpsv:hasPhoneCh", phoneChannels(e)).with("cpsv:hasEmailCh", mailChannel(e)).with("cpsv:hasWebSiteCh", webChannel(e))
	var places, offices []node
	for _, site := range e.Sites {
		placeID := o.base() + "/id/locations/" + site.Location.ID
		offices = append(offices, ref(placeID))
		places = append(places, placeNode(placeID, site))
	}
	service.with("cpsv:isPhysicallyAvailableAt", offices)
	if area := areaNode(e); area != nil {
		service["dct:spatial"] = area["name"]
	}
	kind := "cov:Organization"
	switch {
	case slices.Contains(publicKinds, e.Organization.Kind):
		kind = "cov:PublicOrganization"
	case e.Organization.Kind == "third-sector", e.Organization.Kind == "trade-union", e.Organization.Kind == "employment-agency":
		kind = "cov:PrivateOrganization"
	}
	body := node{"@id": bodyID, "@type": kind, "cov:legalName": e.Organization.Name}.with("cov:taxCode", e.Organization.TaxID)
	role := node{"@id": id + "/provider", "@type": "ro:TimeIndexedRole", "ro:withRole": ref("cpsv:Provider"), "ro:isRoleInTimeOf": ref(bodyID), "ro:forEntity": ref(id)}
	return append([]node{service, body, role}, places...)
}

func day(instant string) any {
	if len(instant) < 10 {
		return nil
	}
	return map[string]string{"@type": "xsd:date", "@value": instant[:10]}
}

func titled(kind, title string) node {
	if title == "" {
		return nil
	}
	return node{"@type": kind, "dct:title": title}
}

func inputs(e directory.Entry) []node {
	var list []node
	for _, d := range e.RequiredDocuments {
		if d.Document != "" {
			list = append(list, node{"@type": "cpsv:Input", "dct:title": d.Document}.with("cpsv:referenceDoc", d.URI))
		}
	}
	return list
}

func costs(e directory.Entry) []node {
	var list []node
	for _, c := range e.CostOptions {
		kind := "cpsv:VariableCost"
		if c.Amount != nil {
			kind = "cpsv:FixedCost"
		}
		list = append(list, node{"@type": kind}.with("dct:title", costText(c)))
	}
	if len(list) == 0 && e.FeesDescription != "" {
		list = append(list, node{"@type": "cpsv:Cost", "dct:title": e.FeesDescription})
	}
	return list
}

func phoneChannels(e directory.Entry) []node {
	var list []node
	for _, p := range e.Phones {
		list = append(list, node{"@type": "cpsv:PhoneChannel",
			"sm:hasTelephone": node{"@type": "sm:Telephone", "sm:telephoneNumber": p.Number}}.with("dct:title", p.Description))
	}
	return list
}

func mailChannel(e directory.Entry) node {
	if e.Email == "" {
		return nil
	}
	return node{"@type": "cpsv:EmailChannel", "sm:hasEmail": node{"@type": "sm:Email", "sm:emailAddress": e.Email}}
}

func webChannel(e directory.Entry) node {
	if e.URL == "" {
		return nil
	}
	return node{"@type": "cpsv:WebSiteChannel", "sm:hasWebSite": node{"@type": "sm:WebSite", "sm:URL": e.URL}}
}

func placeNode(id string, site directory.Site) node {
	l := site.Location
	n := node{"@id": id, "@type": "clv:Feature"}.with("dct:title", l.Name)
	for _, a := range l.Addresses {
		n["clv:hasAddress"] = node{"@type": "clv:Address"}.with("clv:fullAddress", fullAddress(a)).with("clv:postCode", a.PostalCode)
		break
	}
	if l.Latitude != nil && l.Longitude != nil {
		n["clv:hasGeometry"] = node{"@type": "clv:Point", "clv:lat": strconv.FormatFloat(*l.Latitude, 'f', -1, 64), "clv:long": strconv.FormatFloat(*l.Longitude, 'f', -1, 64)}
	}
	var hours []node
	for _, s := range append(slices.Clone(site.Schedules), l.Schedules...) {
		for _, d := range strings.Split(s.ByDay, ",") {
			if name := schemaDays[d]; name != "" && s.Freq == "WEEKLY" && s.OpensAt != "" && s.ClosesAt != "" {
				hours = append(hours, node{"@type": "ac:OpeningHoursSpecification", "ac:hasDayOfWeek": ref("cpsv:" + name[:3]), "ac:opens": hourMinute(s.OpensAt), "ac:closes": hourMinute(s.ClosesAt)})
			}
		}
	}
	return n.with("ac:hasAccessCondition", hours)
}

// fullAddress is an address on one line.
func fullAddress(a hsds.Address) string {
	city := strings.TrimSpace(a.PostalCode + " " + a.City)
	if a.StateProvince != "" {
		city += " (" + a.StateProvince + ")"
	}
	return strings.Trim(strings.TrimSpace(a.Address1+" "+a.Address2)+", "+city, ", ")
}

// writeDCAT writes the entries of the program in an open data catalogue (DCAT-AP_IT): the data sets and
// the files in which they can be had.
func writeDCAT(w io.Writer, o ExportOptions) error {
	base := o.base()
	publisher := node{"@id": base + "/id/network", "@type": []string{"dcatapit:Agent", "foaf:Agent"}, "foaf:name": or(o.Network, "Approdo"), "dct:identifier": base}
	ways := o.Distributions
	if ways == nil {
		ways = []Distribution{{"HSDS 3.1 (API)", "/hsds/services", "application/json", "JSON"}}
	}
	census := o.dataset("/id/dataset", Dataset{
		Title: "Servizi del territorio per le persone che arrivano da altri Paesi",
		Description: "Il censimento dei servizi che gli enti della rete offrono: che cosa, dove, quando, per chi, in quali lingue. " +
			"Dei servizi che proteggono persone non c'è l'indirizzo.",
		Frequency: "CONT", Keywords: []string{"servizi", "immigrazione", "integrazione", "orari", "mediazione"}, Distributions: ways,
	})
	census["dct:conformsTo"] = ref("https://docs.openreferral.org/")
	graph := []node{census}
	for _, one := range o.Datasets {
		graph = append(graph, o.dataset("/id/dataset/"+one.Name, one))
	}
	return encode(w, map[string]any{
		"@context": map[string]string{
			"dcatapit": "http://dati.gov.it/onto/dcatapit#", "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
			"foaf": "http://xmlns.com/foaf/0.1/", "xsd": "http://www.w3.org/2001/XMLSchema#",
		},
		"@graph": append(graph, publisher),
	}, "\n")
}

// dataset is one entry of the catalogue.
func (o ExportOptions) dataset(path string, d Dataset) node {
	base := o.base()
	var distributions []node
	for _, way := range d.Distributions {
		distributions = append(distributions, node{
			"@id": base + way.Path + "#distribution", "@type": []string{"dcatapit:Distribution", "dcat:Distribution"}, "dct:title": way.Title,
			"dcat:accessURL": ref(base + way.Path), "dcat:mediaType": way.Type,
			"dct:format":  ref("http://publications.europa.eu/resource/authority/file-type/" + way.FileType),
			"dct:license": ref("https://w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40"),
		})
	}
	modified := o.Modified
	if modified.IsZero() {
		modified = time.Unix(0, 0)
	}
	return node{
		"@id": base + path, "@type": []string{"dcatapit:Dataset", "dcat:Dataset"}, "dct:identifier": base + path,
		"dct:title": node{"@language": "it", "@value": d.Title}, "dct:description": node{"@language": "it", "@value": d.Description},
		"dcat:theme":             ref("http://publications.europa.eu/resource/authority/data-theme/SOCI"),
		"dct:accrualPeriodicity": ref("http://publications.europa.eu/resource/authority/frequency/" + d.Frequency),
		"dct:modified":           node{"@type": "xsd:date", "@value": modified.UTC().Format(time.DateOnly)},
		"dct:language":           ref("http://publications.europa.eu/resource/authority/language/ITA"),
		"dct:spatial":            ref("http://publications.europa.eu/resource/authority/country/ITA"),
		"dct:rightsHolder":       ref(base + "/id/network"), "dct:publisher": ref(base + "/id/network"), "dct:creator": ref(base + "/id/network"),
		"dcat:landingPage": ref(base + "/it"), "dcat:keyword": d.Keywords, "dcat:distribution": distributions,
	}
}

// writeGeoJSON writes the open places as points (RFC 7946); a place without co-ordinates of its own
// has none, and a reserved service is not on the map.
func writeGeoJSON(ctx context.Context, w io.Writer, entries Entries, o ExportOptions) error {
	if _, err := io.WriteString(w, `{"type":"FeatureCollection","features":[`); err != nil {
		return err
	}
	out := &series{w: w}
	err := each(ctx, entries, func(e directory.Entry) error {
		in, _ := e.In(o.language())
		for _, site := range in.Sites {
			if err := out.add(feature(in, site, o)); err != nil {
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

func feature(e directory.Entry, site directory.Site, o ExportOptions) map[string]any {
	l := site.Location
	var geometry any
	if l.Latitude != nil && l.Longitude != nil {
		geometry = map[string]any{"type": "Point", "coordinates": []float64{*l.Longitude, *l.Latitude}}
	}
	properties := node{"service_id": e.ID, "name": e.Name, "organization": e.Organization.Name, "status": e.Status, "url": servicePage(o, o.language(), e.ID)}.
		with("needs", e.Card.Needs).with("location", l.Name).with("comune", l.Comune).with("languages", spokenIn(e.Languages))
	for _, a := range l.Addresses {
		properties.with("address", fullAddress(a))
		break
	}
	if c, ok := network.Territories().Comune(l.Comune); ok {
		properties.with("territory", c.Label())
	}
	if e.Card.Example {
		properties["example"] = true
	}
	return map[string]any{"type": "Feature", "id": site.ID, "geometry": geometry, "properties": properties}
}
