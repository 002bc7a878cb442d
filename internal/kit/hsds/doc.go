// SPDX-License-Identifier: EUPL-1.2

// Package hsds holds the records of the Human Services Data Specification 3.1.3
// (Open Referral), every entity with every property, under the standard's own names.
//
// Two records are cut in two so that the domain can reuse the part that never names a place:
// ServiceFields is a service without its locations, OrganizationFields a body without its
// locations and programs. Encoding flattens them, so the JSON is the standard's.
//
// The standard allows properties of one's own ("Conformance", "Extending HSDS"); ours all live
// under one property, "approdo", and are documented in docs/hsds-profile.md.
package hsds
