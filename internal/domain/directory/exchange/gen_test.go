// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package exchange_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/hsds"
)

// gen draws services as the directory may hold them, with texts that formats like to break.
type gen struct {
	*rapid.T
	// family and n make identifiers that are never the same twice, however small the draw.
	family uint64
	n      *int
}

func newGen(t *rapid.T) gen { return gen{t, rapid.Uint64().Draw(t, "family"), new(0)} }

func draw[T any](g gen, of *rapid.Generator[T], name string) T { return of.Draw(g.T, name) }

func (g gen) yes(name string) bool { return draw(g, rapid.Bool(), name) }

func (g gen) id() string {
	*g.n++
	return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%d/%d", g.family, *g.n)).String()
}

var awkward = []string{
	"Sportello", "=1+1", "+39 091", "-meno", "@chiocciola", "'apostrofo", "'=già protetto", "a; b, c|d", "due\nrighe", "tab\tin mezzo", "<5 anni & più > 3",
	"قسم الهجرة", "مکتبِ مہاجرین", "дія", "移民服务", "বাংলা", "👩‍👧 famiglia", "_x0041_ codice", `"virgolette" \ barra`, "é ñ ß", "{\"json\":1}", "#cancelletto", "1", "12", "sì", "ciao\u2028mondo", "\u200fعربي",
}

func (g gen) text(name string) string {
	if g.yes(name + "?") {
		return ""
	}
	return g.word(name)
}

func (g gen) word(name string) string {
	s := draw(g, rapid.SampledFrom(awkward), name)
	if g.yes(name + " more") {
		s += " " + draw(g, rapid.StringMatching(`[a-zA-Zàèìòù0-9'.:()/-]{1,20}`), name)
	}
	return s
}

func (g gen) number(name string, most int) *float64 {
	if g.yes(name + "?") {
		return nil
	}
	return new(float64(draw(g, rapid.IntRange(0, most), name)) + draw(g, rapid.SampledFrom([]float64{0, 0.5}), name))
}

func (g gen) of(name string, values ...string) string {
	return draw(g, rapid.SampledFrom(values), name)
}

func some[T any](g gen, name string, one func() T) []T {
	var list []T
	for range draw(g, rapid.IntRange(0, 2), name) {
		list = append(list, one())
	}
	return list
}

func (g gen) url() string {
	return g.of("url", "", "https://www.comune.example/a?b=c&d=é", "http://example.org")
}

func (g gen) mail() string { return g.of("mail", "", "sportello@example.org") }

func (g gen) day() string { return g.of("day", "", "2026-01-31", "2024-02-29") }

func (g gen) language() hsds.Language {
	return hsds.Language{ID: g.id(), Name: g.of("language", "Italiano", "العربية", "Wolof (dialetto)"), Code: g.of("code", "it", "ar", "wo"), Note: g.text("note"), Attributes: some(g, "a", g.attribute)}
}

func (g gen) phone() hsds.Phone {
	return hsds.Phone{ID: g.id(), Number: g.of("number", "+39 000 000000", "000", "(0) 0-0"), Extension: g.number("extension", 99), Type: g.of("type", "", "voice"), Description: g.text("description"), Languages: some(g, "l", g.language)}
}

func (g gen) contact() hsds.Contact {
	return hsds.Contact{ID: g.id(), Name: g.text("name"), Title: g.text("title"), Department: g.text("department"), Email: g.mail(), Phones: some(g, "p", g.phone)}
}

func (g gen) attribute() hsds.Attribute {
	a := hsds.Attribute{ID: g.id(), LinkType: g.text("link"), Value: g.text("value"), Label: g.text("label")}
	if g.yes("term") {
		taxonomy := &hsds.Taxonomy{ID: g.id(), Name: g.word("taxonomy"), Description: g.text("d"), URI: g.url(), Version: g.text("v")}
		a.TaxonomyTerm = &hsds.TaxonomyTerm{ID: g.id(), Code: g.text("code"), Name: g.word("term"), Description: g.text("d"), TaxonomyID: taxonomy.ID, TaxonomyDetail: taxonomy, Language: "en", TermURI: g.url()}
		a.TaxonomyTermID = a.TaxonomyTerm.ID
	}
	return a
}

func (g gen) schedule() hsds.Schedule {
	s := hsds.Schedule{ID: g.id(), Freq: "WEEKLY", ByDay: g.of("byday", "MO", "MO,TU,WE", "SA,SU"), OpensAt: g.of("opens", "09:00", "09:30:00", "22:00"), ClosesAt: g.of("closes", "13:00", "17:30:00", "24:00")}
	if g.yes("odd") {
		s = hsds.Schedule{ID: g.id(), Freq: "MONTHLY", ByDay: "1MO,-1FR", OpensAt: "10:00Z", ClosesAt: "11:00Z", ValidFrom: g.day(), ValidTo: g.day(), DTStart: "2026-01-05", Interval: new(2.0), Timezone: new(1.0), Description: g.text("d")}
	}
	s.Notes, s.AttendingType, s.ScheduleLink = g.text("notes"), g.text("attending"), g.url()
	return s
}

func (g gen) area() hsds.ServiceArea {
	return hsds.ServiceArea{ID: g.id(), Name: g.text("name"), Description: g.text("d"), Extent: g.text("e"), ExtentType: g.text("t"), URI: g.url()}
}

func (g gen) site(organization string) directory.Site {
	l := directory.Location{Location: hsds.Location{
		ID: g.id(), LocationType: "physical", Name: g.text("name"), Description: g.text("d"), Transportation: g.text("t"), URL: g.url(), OrganizationID: g.of("owner", "", organization),
		Addresses: some(g, "address", g.address), Accessibility: some(g, "accessibility", g.accessibility), Phones: some(g, "p", g.phone),
		Schedules: some(g, "s", g.schedule), Contacts: some(g, "c", g.contact), Languages: some(g, "l", g.language), Attributes: some(g, "a", g.attribute),
		ExternalIdentifier: g.text("external"), ExternalIdentifierType: g.text("type"),
	}}
	if g.yes("point") {
		l.Latitude, l.Longitude = new(37.8015), new(12.4347)
	}
	if len(l.Addresses) > 0 {
		l.Comune = g.of("comune", "081011", "082053")
	}
	return directory.Site{ID: g.id(), Description: g.text("d"), Phones: some(g, "p", g.phone), Schedules: some(g, "s", g.schedule), Contacts: some(g, "c", g.contact),
		ServiceAreas: some(g, "areas", g.area), Attributes: some(g, "a", g.attribute), Location: l}
}

func (g gen) address() hsds.Address {
	return hsds.Address{ID: g.id(), Attention: g.text("a"), Address1: g.text("1"), Address2: g.text("2"), City: g.text("city"), Region: g.text("r"), StateProvince: g.of("p", "TP", "PA"),
		PostalCode: g.of("cap", "", "00100"), Country: "IT", AddressType: g.of("type", "physical", "postal")}
}

func (g gen) accessibility() hsds.Accessibility {
	return hsds.Accessibility{ID: g.id(), Description: g.word("d"), Details: g.text("details"), URL: g.url()}
}

func (g gen) body() network.Organization {
	return network.Organization{
		OrganizationFields: hsds.OrganizationFields{ID: g.id(), Name: g.word("body"), AlternateName: g.text("a"), Description: g.text("d"), Email: g.mail(), Website: g.url(), TaxID: g.text("tax"),
			YearIncorporated: g.number("year", 2000), Phones: some(g, "p", g.phone), Contacts: some(g, "c", g.contact),
			Funding: some(g, "f", func() hsds.Funding { return hsds.Funding{ID: g.id(), Source: g.text("s")} }),
			OrganizationIdentifiers: some(g, "oi", func() hsds.OrganizationIdentifier {
				return hsds.OrganizationIdentifier{ID: g.id(), IdentifierScheme: g.text("s"), IdentifierType: g.word("t"), Identifier: g.word("i")}
			}),
			AdditionalWebsites: some(g, "w", func() hsds.URL { return hsds.URL{ID: g.id(), URL: "https://example.org", Label: g.text("l")} })},
		Kind: g.of("kind", "", "third-sector", "municipality"), Unit: g.text("unit"), Seat: g.text("seat"), Example: g.yes("example"), Source: g.of("source", "", "demo"),
	}
}

func (g gen) card() directory.Card {
	codes := make([]string, 0, 90)
	for _, n := range need.All() {
		if n.Code != "gender-violence" && n.Code != "trafficking" {
			codes = append(codes, n.Code)
		}
	}
	c := directory.Card{
		Language: g.of("language", "it", "fr"), Summary: g.text("summary"), StateReason: g.text("reason"), Outcome: g.text("outcome"), Deadlines: g.text("deadlines"),
		Conditions: g.text("conditions"), AssuredBy: g.text("by"), Territory: g.of("territory", "", "IT", "TP", "081011"), Example: g.yes("example"),
		Eligibility: directory.Eligibility{Sex: g.of("sex", "", "female"), Family: g.of("family", "", "alone"), Pregnant: g.yes("pregnant"), IncomeMax: draw(g, rapid.IntRange(0, 3), "income"), ResidenceTitles: some(g, "titles", func() string { return g.of("title", "none", "asylum") })},
		Hours: directory.Hours{TimeZone: g.of("zone", "", "Europe/Rome"), ByAppointment: g.yes("appointment"), Holidays: g.of("holidays", "", "closed", "open"),
			Closures: some(g, "closures", func() directory.Closure { return directory.Closure{From: "08-10", To: "08-20", Note: g.text("n")} }),
			Exceptions: some(g, "exceptions", func() directory.Exception {
				return directory.Exception{Date: "2026-12-24", OpensAt: "09:00", ClosesAt: "12:00", Note: g.text("n")}
			})},
	}
	for _, code := range some(g, "needs", func() string { return draw(g, rapid.SampledFrom(codes), "need") }) {
		if !slices.Contains(c.Needs, code) {
			c.Needs = append(c.Needs, code)
		}
	}
	for _, language := range []string{"en", "ar"} {
		if g.yes(language) {
			c.Translations = append(c.Translations, directory.Translation{Language: language, Group: g.of("group", directory.Groups...), State: g.of("state", "up_to_date", "machine", "draft"), Fields: map[string]string{"name": g.word("t"), "description": g.word("t")}})
		}
	}
	return c
}

// service draws a service with its body and program.
func (g gen) service() (directory.Service, network.Organization, *hsds.Program) {
	body := g.body()
	s := directory.Service{Record: directory.Record{ServiceFields: hsds.ServiceFields{
		ID: g.id(), OrganizationID: body.ID, Name: g.word("name"), AlternateName: g.text("a"), Description: g.text("d"), URL: g.url(), Email: g.mail(),
		Status: g.of("status", directory.Statuses...), InterpretationServices: g.text("i"), ApplicationProcess: g.text("p"), FeesDescription: g.text("f"), WaitTime: g.text("w"),
		Fees: g.text("fees"), Accreditations: g.text("acc"), EligibilityDescription: g.text("e"), MinimumAge: g.number("min", 30), MaximumAge: g.number("max", 99), AssuredDate: g.day(), Licenses: g.text("l"), Alert: g.text("alert"),
		Phones: some(g, "p", g.phone), Schedules: some(g, "s", g.schedule), ServiceAreas: some(g, "areas", g.area), Languages: some(g, "l", g.language), Contacts: some(g, "c", g.contact), Attributes: some(g, "a", g.attribute),
		AdditionalURLs: some(g, "u", func() hsds.URL { return hsds.URL{ID: g.id(), URL: "https://example.org/x", Label: g.text("l")} }),
		Funding:        some(g, "f", func() hsds.Funding { return hsds.Funding{ID: g.id(), Source: g.text("s")} }),
		CostOptions: some(g, "co", func() hsds.CostOption {
			return hsds.CostOption{ID: g.id(), Option: g.text("o"), Currency: g.of("cur", "", "EUR"), Amount: g.number("amount", 50), AmountDescription: g.text("d"), ValidFrom: g.day()}
		}),
		RequiredDocuments: some(g, "rd", func() hsds.RequiredDocument {
			return hsds.RequiredDocument{ID: g.id(), Document: g.text("doc"), URI: g.url()}
		}),
		Capacities: some(g, "cap", func() hsds.ServiceCapacity {
			unit := &hsds.Unit{ID: g.id(), Name: g.word("unit"), Scheme: g.text("s")}
			return hsds.ServiceCapacity{ID: g.id(), Unit: unit, UnitID: unit.ID, Available: new(3.0), Updated: "2026-01-01T10:00:00Z"}
		}),
	}, Card: g.card()}}
	var program *hsds.Program
	if g.yes("program") {
		program = &hsds.Program{ID: g.id(), OrganizationID: body.ID, Name: g.word("program"), AlternateName: g.text("a"), Description: g.text("d")}
		s.ProgramID = program.ID
	}
	if draw(g, rapid.IntRange(0, 4), "reserved") == 0 {
		s.Confidential = []directory.ConfidentialSite{{ID: g.id(), Province: "TP", Phones: some(g, "p", g.phone)}}
		s.Card.Needs = []string{"gender-violence"}
	} else {
		s.Sites = some(g, "sites", func() directory.Site { return g.site(body.ID) })
		if g.yes("open shelter") {
			s.Card.Needs = append(s.Card.Needs, "trafficking")
		}
	}
	s.RefreshTranslations()
	return s, body, program
}

// entry draws what the public may know of a service.
func (g gen) entry() directory.Entry {
	s, body, program := g.service()
	e, err := directory.Publish(s, body, program)
	if err != nil {
		g.Fatalf("a drawn service cannot be published: %v", err)
	}
	return clean(g, e)
}

// clean writes an entry and reads it again, as the directory does, without the time of the change.
func clean(t interface{ Fatalf(string, ...any) }, e directory.Entry) directory.Entry {
	e.LastModified = ""
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var out directory.Entry
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatalf("%v", err)
	}
	return out
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fixed gives n entries that are the same at every run, at most a hundred.
func fixed(n int) []directory.Entry { return slices.Clone(hundred()[:n]) }

var hundred = sync.OnceValue(func() []directory.Entry {
	list := make([]directory.Entry, 100)
	for i := range list {
		list[i] = rapid.Custom(func(t *rapid.T) directory.Entry { return gen{t, uint64(i), new(0)}.entry() }).Example(i)
	}
	return list
})
