// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"slices"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/kit/hsds"
)

// Entry is what the public may know of a service. It has no field for a confidential place: when
// the service has one, Sites is empty and Province says where, roughly.
type Entry struct {
	Record
	Organization network.Organization `json:"organization"`
	Program      *hsds.Program        `json:"program,omitempty"`
	Sites        []Site               `json:"sites,omitempty"`
	// Province is the sigla of the only thing said about where a service with confidential places is.
	Province string `json:"province,omitempty"`
	// Seq is the place of the entry's last change in the change feed.
	Seq int64 `json:"-"`
}

// Reserved tells whether the service has places that must not be known.
func (e Entry) Reserved() bool { return e.Province != "" }

// Discreet tells whether the service answers a need that must leave no trace on a phone.
func (e Entry) Discreet() bool { return slices.ContainsFunc(e.Card.Needs, need.Discreet) }
