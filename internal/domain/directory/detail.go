// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"time"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/hsds"
)

// Detail is one service as the JSON API gives it: the thirteen parts of the card in one language,
// what is open now, and how far it may be trusted. The HSDS API gives the same service whole.
type Detail struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language"`
	// Texts says for each group of texts in which language it is shown, and how good that is.
	Texts        map[string]DetailText `json:"texts"`
	Languages    []string              `json:"languages"` // in which the title can be read, the original first
	Needs        []DetailNeed          `json:"needs"`
	Status       string                `json:"status"`
	StateReason  string                `json:"state_reason,omitempty"`
	Summary      string                `json:"summary,omitempty"`
	Description  string                `json:"description,omitempty"`
	ForWhom      string                `json:"for_whom,omitempty"`
	Eligibility  *Eligibility          `json:"eligibility,omitempty"`
	MinimumAge   *float64              `json:"minimum_age,omitempty"`
	MaximumAge   *float64              `json:"maximum_age,omitempty"`
	How          string                `json:"how,omitempty"`
	Documents    []string              `json:"documents,omitempty"`
	Outcome      string                `json:"outcome,omitempty"`
	Deadlines    string                `json:"deadlines,omitempty"`
	Access       string                `json:"access,omitempty"`
	Conditions   string                `json:"conditions,omitempty"`
	Costs        []DetailCost          `json:"costs,omitempty"`
	Fees         string                `json:"fees,omitempty"`
	Alert        string                `json:"alert,omitempty"`
	Topics       []string              `json:"topics,omitempty"`
	Spoken       []string              `json:"spoken,omitempty"` // ISO 639
	Interpreting string                `json:"interpretation_services,omitempty"`
	Phones       []DetailPhone         `json:"phones,omitempty"`
	Email        string                `json:"email,omitempty"`
	URL          string                `json:"url,omitempty"`
	Organization DetailBody            `json:"organization"`
	Open         AnswerOpening         `json:"open"`
	Places       []DetailPlace         `json:"places"`
	// Reserved: the address is not public; Province is all that is said of it.
	Reserved bool   `json:"reserved"`
	Province string `json:"province,omitempty"`
	Verified string `json:"verified,omitempty"` // day of the last confirmation
	By       string `json:"verified_by,omitempty"`
	Due      string `json:"verify_by,omitempty"` // day until which it holds
	Overdue  bool   `json:"overdue"`
	Modified string `json:"last_modified"`
	Example  bool   `json:"example,omitempty"`
}

// DetailText is the language and the state of a group of texts.
type DetailText struct {
	Language string `json:"language"`
	State    string `json:"state"`
}

// DetailNeed is a need with its name.
type DetailNeed struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// DetailCost is one cost.
type DetailCost struct {
	Option   string   `json:"option,omitempty"`
	Amount   *float64 `json:"amount,omitempty"`
	Currency string   `json:"currency,omitempty"`
	Note     string   `json:"note,omitempty"`
}

// DetailPhone is one telephone number.
type DetailPhone struct {
	Number string `json:"number"`
	Type   string `json:"type,omitempty"`
	Note   string `json:"note,omitempty"`
}

// DetailBody is the body that offers a service.
type DetailBody struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind,omitempty"`
}

// DetailPlace is one open place with its week.
type DetailPlace struct {
	ID         string        `json:"id"`
	Name       string        `json:"name,omitempty"`
	Address    string        `json:"address,omitempty"`
	PostalCode string        `json:"postal_code,omitempty"`
	City       string        `json:"city,omitempty"`
	Comune     string        `json:"comune,omitempty"` // ISTAT code
	Province   string        `json:"province,omitempty"`
	Latitude   *float64      `json:"latitude,omitempty"`
	Longitude  *float64      `json:"longitude,omitempty"`
	Transport  string        `json:"transportation,omitempty"`
	Access     []string      `json:"accessibility,omitempty"`
	Phones     []DetailPhone `json:"phones,omitempty"`
	Open       AnswerOpening `json:"open"`
	Week       []DetailDay   `json:"week"`
}

// DetailDay is the plan of one day; nobody said what happens when Known is false.
type DetailDay struct {
	Day     string       `json:"day"`
	Known   bool         `json:"known"`
	Holiday string       `json:"holiday,omitempty"`
	Note    string       `json:"note,omitempty"`
	Slots   []DetailSlot `json:"slots,omitempty"`
}

// DetailSlot is one opening; it ends on the next day when Closes is not after Opens.
type DetailSlot struct {
	Opens       string `json:"opens"`
	Closes      string `json:"closes"`
	Appointment bool   `json:"appointment,omitempty"`
	Note        string `json:"note,omitempty"`
}

// daysShown is how many days the plan of a place holds.
const daysShown = 7

// Detail gives the entry in a language, with what is open at the moment.
func (e Entry) Detail(language string, now time.Time) Detail {
	original := e
	e, shown := e.In(language)
	today := calendar.DayOf(now, calendar.Rome())
	v := e.Verification()
	d := Detail{
		ID: e.ID, Name: e.Name, Language: language, Texts: map[string]DetailText{}, Languages: original.TextLanguages(), Needs: []DetailNeed{},
		Status: e.Status, StateReason: e.Card.StateReason, Summary: e.Card.Summary, Description: e.Description, ForWhom: e.EligibilityDescription,
		MinimumAge: e.MinimumAge, MaximumAge: e.MaximumAge, How: e.ApplicationProcess, Outcome: e.Card.Outcome,
		Deadlines: e.Card.Deadlines, Access: e.Card.Access, Conditions: e.Card.Conditions, Fees: e.FeesDescription, Alert: e.Alert, Topics: e.Card.Topics,
		Interpreting: e.InterpretationServices, Phones: detailPhones(e.Phones), Email: e.Email, URL: e.URL,
		Organization: DetailBody{e.Organization.ID, e.Organization.Name, e.Organization.Kind},
		Open:         answerOpening(original.BestOpening(now)), Places: []DetailPlace{}, Reserved: e.Reserved(), Province: e.Province,
		Verified: v.On.String(), By: v.By, Due: v.Due.String(), Overdue: v.Overdue(today), Modified: e.LastModified, Example: e.Card.Example,
	}
	if rules := e.Card.Eligibility; !rules.empty() {
		d.Eligibility = &rules
	}
	for group, s := range shown {
		d.Texts[group] = DetailText(s)
	}
	for _, code := range e.Card.Needs {
		if n, ok := need.ByCode(code); ok {
			d.Needs = append(d.Needs, DetailNeed{code, n.Name(language)})
		}
	}
	for _, doc := range e.RequiredDocuments {
		d.Documents = append(d.Documents, doc.Document)
	}
	for _, c := range e.CostOptions {
		d.Costs = append(d.Costs, DetailCost{c.Option, c.Amount, c.Currency, c.AmountDescription})
	}
	for _, l := range e.Languages {
		d.Spoken = append(d.Spoken, l.Code)
	}
	for i := range e.Sites {
		d.Places = append(d.Places, e.detailPlace(i, now, today))
	}
	return d
}

// empty: the structured conditions exclude nobody.
func (e Eligibility) empty() bool {
	return len(e.ResidenceTitles) == 0 && e.Sex == "" && e.Family == "" && !e.Pregnant && !e.UnaccompaniedMinor && len(e.Residence) == 0 && e.IncomeMax == 0
}

func (e *Entry) detailPlace(site int, now time.Time, today calendar.Day) DetailPlace {
	s := e.Sites[site]
	l := s.Location
	p := DetailPlace{
		ID: s.ID, Name: l.Name, Comune: l.Comune, Latitude: l.Latitude, Longitude: l.Longitude, Transport: l.Transportation,
		Phones: detailPhones(append(s.Phones[:len(s.Phones):len(s.Phones)], l.Phones...)), Open: answerOpening(e.Opening(site, now)),
	}
	if len(l.Addresses) > 0 {
		a := l.Addresses[0]
		p.Address, p.PostalCode, p.City, p.Province = a.Address1, a.PostalCode, a.City, a.StateProvince
	}
	if c, ok := network.Territories().Comune(l.Comune); ok {
		p.City, p.Province = c.Name, c.Province
	}
	for _, a := range l.Accessibility {
		p.Access = append(p.Access, a.Description)
	}
	for _, plan := range e.Days(site, today, daysShown) {
		day := DetailDay{Day: plan.Day.String(), Known: plan.Known, Holiday: plan.Holiday, Note: plan.Note}
		for _, slot := range plan.Slots {
			day.Slots = append(day.Slots, DetailSlot{slot.Opens.String(), slot.Closes.String(), slot.Appointment, slot.Note})
		}
		p.Week = append(p.Week, day)
	}
	return p
}

func detailPhones(list []hsds.Phone) []DetailPhone {
	var out []DetailPhone
	for _, p := range list {
		out = append(out, DetailPhone{p.Number, p.Type, p.Description})
	}
	return out
}
