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
