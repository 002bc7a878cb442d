// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"slices"

	"approdo/internal/kit/hsds"
)

// Organization is any body: one that takes part in the network, or one that only offers services.
// It carries the whole HSDS organization record; where its places are is the directory's matter,
// since a place may be confidential.
type Organization struct {
	hsds.OrganizationFields
	// Kind is one of Kinds, or empty when nobody said. It is never inferred from an acronym.
	Kind    string   `json:"kind,omitempty"`
	Aliases []string `json:"aliases,omitempty"`
	Unit    string   `json:"unit,omitempty"`
	// Seat and Address are where the body itself is, as its sources write it.
	Seat    string `json:"seat,omitempty"`
	Address string `json:"address,omitempty"`
	// Example marks a made-up body of the demo network.
	Example bool `json:"example,omitempty"`
	// Source names the dataset that the record came from; "" means that it was entered here.
	Source string `json:"source,omitempty"`
}

// Kinds are the kinds of body, in the order in which people are shown them.
var Kinds = []string{
	"municipality", "union-of-municipalities", "social-district", "health-authority", "hospital",
	"public-services-company", "prefecture", "police-headquarters", "adult-school", "school", "university",
	"training-body", "research-body", "association-of-municipalities", "third-sector", "employment-agency",
	"patronage-office", "trade-union", "religious-body", "other",
}

// KnownKind tells whether kind is one of Kinds or empty.
func KnownKind(kind string) bool { return kind == "" || slices.Contains(Kinds, kind) }

// Project is a funded project of the network. Nothing here is ever filled in by guessing: what the
// source does not state stays empty.
type Project struct {
	Code              string       `json:"code" yaml:"code"`
	Title             string       `json:"title" yaml:"title"`
	Fund              string       `json:"fund,omitempty" yaml:"fund"` // code
	FundName          string       `json:"fund_name,omitempty" yaml:"-"`
	FundAuthority     string       `json:"fund_authority,omitempty" yaml:"-"`
	SpecificObjective string       `json:"specific_objective,omitempty" yaml:"specific_objective"`
	NationalObjective string       `json:"national_objective,omitempty" yaml:"national_objective"`
	Strand            string       `json:"strand,omitempty" yaml:"strand"`
	GrantNumber       string       `json:"grant_number,omitempty" yaml:"grant_number"`
	CUP               string       `json:"cup,omitempty" yaml:"cup"`
	Start             string       `json:"start,omitempty" yaml:"start"`
	End               string       `json:"end,omitempty" yaml:"end"`
	StartYear         int          `json:"start_year,omitempty" yaml:"start_year"`
	Lead              string       `json:"lead,omitempty" yaml:"lead"`
	Partners          []string     `json:"partners,omitempty" yaml:"partners"`
	Contractors       []Contractor `json:"contractors,omitempty" yaml:"contractors"`
	Territory         string       `json:"territory,omitempty" yaml:"territory"`
	Context           string       `json:"context,omitempty" yaml:"context"`
	Beneficiaries     string       `json:"beneficiaries,omitempty" yaml:"beneficiaries"`
	DirectRecipients  string       `json:"direct_recipients,omitempty" yaml:"direct_recipients"`
	PartnerNetwork    string       `json:"network,omitempty" yaml:"network"`
	URL               string       `json:"url,omitempty" yaml:"url"`
	Activities        []Activity   `json:"activities,omitempty" yaml:"does"`
	Publishes         []string     `json:"publishes,omitempty" yaml:"publishes"`
	Source            string       `json:"source,omitempty" yaml:"source"`
}

// Contractor is a body paid for one task of a project.
type Contractor struct {
	Body string `json:"body" yaml:"body"`
	CIG  string `json:"cig,omitempty" yaml:"cig"`
	Task string `json:"task,omitempty" yaml:"task"`
}

// Activity is a unit of work of a project.
type Activity struct {
	Kind  string `json:"kind" yaml:"kind"`
	What  string `json:"what" yaml:"what"`
	Body  string `json:"body,omitempty" yaml:"body"`
	Hours Hours  `json:"hours,omitempty" yaml:"hours"`
}
