// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"approdo/internal/kit/hsds"
)

// Status values of a service, as HSDS spells them.
const (
	StatusActive            = "active"
	StatusInactive          = "inactive"
	StatusDefunct           = "defunct"
	StatusTemporarilyClosed = "temporarily closed"
)

// Statuses lists them all.
var Statuses = []string{StatusActive, StatusInactive, StatusDefunct, StatusTemporarilyClosed}

// Record is the part of a service that names no place: the HSDS fields and the service card.
type Record struct {
	hsds.ServiceFields
	Card Card `json:"card"`
}

// Service is the whole record of what a body offers, with every place, confidential ones too.
// It never leaves the server for the public: Publish makes the Entry that does.
type Service struct {
	Record
	Sites        []Site             `json:"sites,omitempty"`
	Confidential []ConfidentialSite `json:"confidential,omitempty"`
	// Source names the dataset the record came from; "" means that it was entered here.
	Source string `json:"source,omitempty"`
}

// Site is a service in one open place (HSDS service_at_location).
type Site struct {
	ID           string             `json:"id"`
	Description  string             `json:"description,omitempty"`
	Phones       []hsds.Phone       `json:"phones,omitempty"`
	Schedules    []hsds.Schedule    `json:"schedules,omitempty"`
	Contacts     []hsds.Contact     `json:"contacts,omitempty"`
	ServiceAreas []hsds.ServiceArea `json:"service_areas,omitempty"`
	Attributes   []hsds.Attribute   `json:"attributes,omitempty"`
	Metadata     []hsds.Metadata    `json:"metadata,omitempty"`
	Location     Location           `json:"location"`
}

// Location is an open place: anybody may know where it is.
type Location struct {
	hsds.Location
	// Comune is the ISTAT code (6 digits) of the municipality, "" when not known.
	Comune string `json:"comune,omitempty"`
}

// postalCode is that of its first address that has one.
func (l Location) postalCode() string {
	for _, a := range l.Addresses {
		if a.PostalCode != "" {
			return a.PostalCode
		}
	}
	return ""
}

// ConfidentialSite is a service in a place whose address must not be known. Only the province and
// the telephones of it become public.
type ConfidentialSite struct {
	ID       string       `json:"id"`
	Province string       `json:"province"` // sigla, e.g. "TP"
	Phones   []hsds.Phone `json:"phones,omitempty"`
	Place    Site         `json:"place"` // everything else; never published
}

// Card is what the Italian service card and the people who use it need beyond HSDS. Its thirteen
// parts are: category (Needs), title (Name), state with reason (Status, StateReason), short
// description (Summary), for whom (EligibilityDescription, Eligibility), how (ApplicationProcess),
// what is needed (RequiredDocuments), what one gets (Outcome), times and deadlines (Deadlines,
// schedules), access (Access, sites, hours), conditions (Conditions, costs), contacts, topics.
type Card struct {
	// Language is the ISO 639 code of the original texts.
	Language    string   `json:"language,omitempty"`
	Needs       []string `json:"needs,omitempty"` // codes of the needs taxonomy, the main one first
	Summary     string   `json:"summary,omitempty"`
	StateReason string   `json:"state_reason,omitempty"`
	Outcome     string   `json:"outcome,omitempty"`
	Deadlines   string   `json:"deadlines,omitempty"`
	Access      string   `json:"access,omitempty"`
	Conditions  string   `json:"conditions,omitempty"`
	// Topics are codes of the vocabulary of subjects of public services (data/italy).
	Topics       []string      `json:"topics,omitempty"`
	Eligibility  Eligibility   `json:"eligibility,omitzero"`
	Hours        Hours         `json:"hours,omitzero"`
	Translations []Translation `json:"translations,omitempty"`
	// AssuredBy is the name of the body or office that last confirmed the entry.
	AssuredBy string `json:"assured_by,omitempty"`
	// Territory is the widest area served: "", the ISTAT code of a comune (6 digits) or a region (2),
	// the sigla of a province, or "IT".
	Territory string `json:"territory,omitempty"`
	// Example marks a made-up service of the demo census.
	Example bool `json:"example,omitempty"`
}

// Hours is what HSDS schedules can't say about opening times.
type Hours struct {
	// TimeZone is an IANA name; "" means Europe/Rome.
	TimeZone string `json:"time_zone,omitempty"`
	// ByAppointment: nobody is received without an appointment, whatever the schedules say.
	ByAppointment bool `json:"by_appointment,omitempty"`
	// AlwaysOpen: day and night, every day.
	AlwaysOpen bool `json:"always_open,omitempty"`
	// Holidays says what happens on national and patron-saint holidays: "closed", "open", or "" when nobody said.
	Holidays   string      `json:"holidays,omitempty"`
	Closures   []Closure   `json:"closures,omitempty"`
	Exceptions []Exception `json:"exceptions,omitempty"`
}

// Closure is a span of days without service. A bound is either a date ("2026-08-10") or a day of
// every year ("08-10"); both bounds are inclusive and of the same form.
type Closure struct {
	From string `json:"from"`
	To   string `json:"to"`
	Note string `json:"note,omitempty"`
}

// Exception replaces the schedules on one date. Without times the service is closed that day.
type Exception struct {
	Date     string `json:"date"`
	OpensAt  string `json:"opens_at,omitempty"`
	ClosesAt string `json:"closes_at,omitempty"`
	Note     string `json:"note,omitempty"`
}
