// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
)

// Source is the name of the example dataset.
const Source = "example-census"

// places are the comuni of the twelve projects, a list for each territory: Sicily, Marche, Romagna,
// Lombardy (ISTAT codes).
var places = [][]string{
	{"082053", "081021", "081011", "089017", "084001", "082034", "081014"}, // Palermo Trapani Marsala Siracusa Agrigento Corleone Pantelleria
	{"042002", "042045", "042018", "042034"},                               // Ancona Senigallia Falconara Osimo
	{"040007", "040012", "039014"},                                         // Cesena Forlì Ravenna
	{"020030", "019036", "108023", "108033", "017029"},                     // Mantova Cremona Desio Monza Brescia
}

// flowers name the made-up bodies.
var flowers = []string{"Girasole", "Papavero", "Ginestra", "Lavanda", "Mimosa", "Gelsomino", "Mandorlo", "Ulivo", "Corbezzolo", "Rosmarino", "Camomilla", "Margherita", "Oleandro", "Tiglio", "Melograno", "Fiordaliso", "Biancospino", "Glicine", "Malva"}

// Census makes the example census. Dates (last confirmations, closures) are counted from the first
// day of today's month, so that making it again in the same month gives the same records.
func Census(today time.Time) (directory.Batch, error) {
	s, err := read()
	if err != nil {
		return directory.Batch{}, err
	}
	m := maker{source: s, anchor: calendar.DayOf(time.Date(today.Year(), today.Month(), 1, 12, 0, 0, 0, time.UTC), time.UTC), bodies: map[string]network.Organization{}}
	for i, p := range s.plan {
		for region := range places {
			m.add(i, region, p)
		}
	}
	return m.batch, nil
}

// refuges name the made-up bodies that shelter people.
var refuges = []string{"Aurora", "Alba", "Stella", "Luna", "Brezza", "Marea", "Onda"}

type maker struct {
	source source
	anchor calendar.Day
	batch  directory.Batch
	bodies map[string]network.Organization
}

// id derives the identifier of a record from what it is.
func id(parts ...string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://approdo.example/demo/"+strings.Join(parts, "/"))).String()
}

// add makes the service for the i-th need in one of the territories. In each territory another
// variant, comune and set of languages comes up; a third of the services have Italian texts alone.
func (m *maker) add(i, region int, p planned) {
	comune := places[region][(i+i/len(places[region]))%len(places[region])]
	variant := 0
	if region == i%4 || region == (i+2)%4 && i%3 == 0 {
		variant = 1
	}
	n := i*4 + region
	body := m.body(p.bodies[variant], comune, (&directory.Record{Card: directory.Card{Needs: []string{p.need}}}).Sheltering())
	t := m.source.italian[p.need][string("ab"[variant])]
	key := p.need + "/" + comune
	s := directory.Service{Source: Source}
	s.ID = id("service", key)
	s.OrganizationID = body.ID
	s.Name, s.Description, s.EligibilityDescription, s.ApplicationProcess = t.Title, t.Description, t.ForWhom, t.How
	s.Status = directory.StatusActive
	s.Card = directory.Card{Language: "it", Needs: m.needs(p.need), Summary: t.Summary, Outcome: t.Outcome, Example: true}
	m.card(&s, p, n)
	m.contact(&s, body, key, n)
	m.practice(&s, p, key)
	m.hours(&s, p.hours[variant], key, n)
	m.eligibility(&s, p, comune)
	m.verify(&s, body, n)
	m.place(&s, comune, key, n)
	if variant == 0 {
		m.translate(&s, p, n)
	}
	m.batch.Source = Source
	m.batch.Services = append(m.batch.Services, s)
}

// alsoServes adds second needs where one service plainly answers two.
var alsoServes = map[string][]string{
	"food-and-meals": {"clothes-and-showers"}, "residence-permit": {"long-term-permit"}, "italian-course": {"language-test"},
	"job-search": {"vocational-training"}, "isee": {"family-benefits"}, "pregnancy": {"womens-health"},
	"family-doctor": {"medicines"}, "trade-union": {"labour-exploitation"}, "find-a-home": {"tenancy-rules"},
	"information-desk": {"legal-advice", "social-assistance"}, "trauma-torture": {"mental-health"}, "asylum-appeal": {"legal-advice"},
	"domestic-work": {"trade-union"}, "library-and-internet": {"school-support"}, "unaccompanied-minor": {"child-protection"},
}

func (m *maker) needs(main string) []string { return append([]string{main}, alsoServes[main]...) }

// body gives the made-up body of a kind in a comune, making it the first time. A body that shelters
// people is one of its own and names only its province, so that nothing leads to its door.
func (m *maker) body(kind, comune string, shelters bool) network.Organization {
	c, _ := network.Territories().Comune(comune)
	where, name := c.Label(), flowers[indexOfPlace(comune)%len(flowers)]
	if shelters {
		p, _ := network.Territories().Province(c.Province)
		where, name, comune = "provincia di "+p.Name, refuges[indexOfPlace(comune)%len(refuges)], "province/"+c.Province
	}
	key := kind + "/" + comune
	if o, ok := m.bodies[key]; ok {
		return o
	}
	slug := strings.ToLower(name) + "-" + kind
	o := network.Organization{Kind: kindsOfBody[kind], Example: true, Source: Source}
	o.ID = id("organization", key)
	o.Name = m.source.phrases["it"]["body."+kind] + " " + name
	o.Description = "Ente di esempio, inventato per provare il programma. Territorio: " + where + "."
	o.Email = "info@" + slug + ".example"
	o.Website = "https://" + slug + ".example/"
	m.bodies[key] = o
	m.batch.Organizations = append(m.batch.Organizations, o)
	return o
}

func indexOfPlace(comune string) int {
	n := 0
	for _, list := range places {
		for _, istat := range list {
			if istat == comune {
				return n
			}
			n++
		}
	}
	return n
}

var kindsOfBody = map[string]string{
	"desk": "municipality", "municipal-office": "municipality", "social-service": "municipality", "library": "municipality",
	"association": "third-sector", "cooperative": "third-sector", "foundation": "third-sector", "reception-centre": "third-sector",
	"anti-violence": "third-sector", "clinic": "health-authority", "family-clinic": "health-authority", "health-office": "health-authority",
	"school": "school", "adult-school": "adult-school", "patronato": "patronage-office", "tax-centre": "patronage-office",
	"union": "trade-union", "parish": "religious-body", "job-centre": "employment-agency", "training-centre": "training-body",
}

// card fills the parts of the service card that come from phrases.
func (m *maker) card(s *directory.Service, p planned, n int) {
	it := m.source.phrases["it"]
	s.Card.Deadlines = it["time."+p.time]
	s.Card.Access = it["access."+p.access]
	s.Card.Conditions = it["condition."+p.condition]
	if n%41 == 17 {
		s.Status = directory.StatusTemporarilyClosed
		s.Card.StateReason = "Chiuso per lavori nella sede. Riapre appena finiti."
	}
}

// contact gives the service a telephone that can't be dialled and addresses that lead nowhere.
func (m *maker) contact(s *directory.Service, body network.Organization, key string, n int) {
	s.Email = strings.Replace(body.Email, "info@", need.TermID(s.Card.Needs[0])[:4]+".sportello@", 1)
	s.URL = body.Website
	s.Phones = []hsds.Phone{{ID: id("phone", key), Number: "000 " + pad(1000000+n*37, 7), Type: "voice"}}
	spoken := spokenSets[n%len(spokenSets)]
	for _, code := range append([]string{"it"}, spoken...) {
		s.Languages = append(s.Languages, hsds.Language{ID: id("language", key, code), Code: code, Name: lang.NativeName(code)})
	}
}

// spokenSets are languages spoken at desks, as sets that occur together.
var spokenSets = [][]string{
	{"en", "fr"}, {"ar", "fr"}, {"en", "ur", "pnb"}, {"uk", "ru"}, {"sq"}, {"zh"}, {"bn", "en"}, {"es"}, {"en", "pcm", "bin"},
	{"fr", "wo"}, {"ar", "en", "so"}, {"ti", "am", "en"}, {"fa", "prs", "ps"}, {"ro"}, {}, {"tr", "ku"}, {"en", "hi", "pa"}, {"fr", "bm", "ff", "mnk"},
}

func pad(n, width int) string {
	s := strconv.Itoa(n)
	for len(s) < width {
		s = "0" + s
	}
	return s
}

// practice fills documents and costs.
func (m *maker) practice(s *directory.Service, p planned, key string) {
	it := m.source.phrases["it"]
	for _, d := range p.documents {
		s.RequiredDocuments = append(s.RequiredDocuments, hsds.RequiredDocument{ID: id("document", key, d), Document: it["doc."+d]})
	}
	cost := hsds.CostOption{ID: id("cost", key), Option: it["cost."+p.cost], Currency: "EUR"}
	if strings.HasPrefix(p.cost, "free") || p.cost == "membership" || p.cost == "offer" {
		zero := 0.0
		cost.Amount = &zero
	}
	s.CostOptions = []hsds.CostOption{cost}
}
