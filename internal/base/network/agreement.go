// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"errors"
	"slices"
	"strings"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
)

// Kinds of agreement, by what the bodies are to each other.
const (
	JointControllers    = "joint-controllers"   // art. 26 GDPR: they decide together
	Processing          = "processing"          // art. 28 GDPR: one works for the other
	BetweenControllers  = "between-controllers" // art. 2-ter d.lgs. 196/2003: each decides for itself
	RoleController      = "controller"          // of a party
	RoleJointController = "joint-controller"    // of a party
	RoleProcessor       = "processor"           // of a party
)

// AgreementKinds are the kinds of agreement, in the order in which people are shown them.
var AgreementKinds = []string{JointControllers, BetweenControllers, Processing}

// PartyRoles are the roles that parties of a kind of agreement have.
func PartyRoles(kind string) []string {
	switch kind {
	case JointControllers:
		return []string{RoleJointController}
	case Processing:
		return []string{RoleController, RoleProcessor}
	case BetweenControllers:
		return []string{RoleController}
	}
	return nil
}

// Purposes are what data about persons are shared for. Each domain that shares asks with one of
// these; an agreement names those it allows.
var Purposes = []string{
	"orientation", "mediation", "referral", "care", "supervision", "housing", "work", "training", "volunteering", "guardianship", "monitoring",
}

// Agreement lets bodies share data about persons: without one in force sharing is refused.
type Agreement struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"`
	Title    string   `json:"title"`
	Parties  []Party  `json:"parties"`
	Purposes []string `json:"purposes"`
	// What data about whom, Why on which legal basis (arts 6 and 9 GDPR, and the national rule).
	What string `json:"what"`
	Why  string `json:"why"`
	// From and Until are ISO days, both included; "" in Until is no end.
	From  string `json:"from"`
	Until string `json:"until,omitempty"`
	// EndedOn is the last day of an agreement ended before its time, EndedFor the reason.
	EndedOn  string `json:"ended_on,omitempty"`
	EndedFor string `json:"ended_for,omitempty"`
	// SignedOn is the day of the last signature, File the signed paper. Without it the agreement is
	// a draft, and allows nothing.
	SignedOn string      `json:"signed_on,omitempty"`
	Protocol string      `json:"protocol,omitempty"` // number under which it is filed
	Fees     *Fees       `json:"fees,omitempty"`     // nil when it says nothing of them
	File     upload.Kept `json:"file,omitzero"`
	Version  int64       `json:"-"`
}

// Party is a body in an agreement.
type Party struct {
	Body string `json:"body"`
	Role string `json:"role"`
	// Confirmed is the day on which the body said that it has signed this paper; "" for not yet. Anybody
	// can put the name of another body on a paper, so without the word of each the agreement allows nothing.
	Confirmed string `json:"confirmed,omitempty"`
}

// AgreementState is where an agreement stands on a day.
type AgreementState string

// States of an agreement.
const (
	AgreementDraft   AgreementState = "draft"   // the signed paper is missing
	AgreementWaiting AgreementState = "waiting" // a party has not confirmed that it signed
	AgreementComing  AgreementState = "coming"
	AgreementInForce AgreementState = "in-force"
	AgreementOver    AgreementState = "over"
)

// StateOn says where the agreement stands on a day.
func (a Agreement) StateOn(day calendar.Day) AgreementState {
	on := day.String()
	switch {
	case a.lastDay() != "" && a.lastDay() < on:
		return AgreementOver
	case a.File.None() || a.SignedOn == "":
		return AgreementDraft
	case len(a.Unconfirmed()) > 0:
		return AgreementWaiting
	case a.From > on || a.SignedOn > on:
		return AgreementComing
	}
	return AgreementInForce
}

// lastDay is the last day of the agreement, "" for no end.
func (a Agreement) lastDay() string {
	if a.EndedOn != "" && (a.Until == "" || a.EndedOn < a.Until) {
		return a.EndedOn
	}
	return a.Until
}

// role is that of a body, "" when it is no party.
func (a Agreement) role(body string) string {
	for _, p := range a.Parties {
		if p.Body == body {
			return p.Role
		}
	}
	return ""
}

// Allows says whether under this agreement data may pass between two bodies for a purpose on a day.
// Two processors of the same controller have nothing to tell each other.
func (a Agreement) Allows(from, to, purpose string, day calendar.Day) bool {
	giver, taker := a.role(from), a.role(to)
	return giver != "" && taker != "" && (giver != RoleProcessor || taker != RoleProcessor) &&
		slices.Contains(a.Purposes, purpose) && a.StateOn(day) == AgreementInForce
}

// Unconfirmed are the parties that have not said that they signed.
func (a Agreement) Unconfirmed() []string {
	var ids []string
	for _, p := range a.Parties {
		if p.Confirmed == "" {
			ids = append(ids, p.Body)
		}
	}
	return ids
}

// Bodies are the parties' identifiers.
func (a Agreement) Bodies() []string {
	ids := make([]string, len(a.Parties))
	for i, p := range a.Parties {
		ids[i] = p.Body
	}
	return ids
}

// valid says everything that is wrong with an agreement.
func (a Agreement) valid() error {
	var faults []error
	add := func(bad bool, f *fault.Error) {
		if bad {
			faults = append(faults, f)
		}
	}
	add(strings.TrimSpace(a.Title) == "", fault.Invalid("title", "network.title_missing"))
	add(!slices.Contains(AgreementKinds, a.Kind), fault.Invalid("kind", "network.agreement_kind_unknown"))
	add(len(a.Parties) < 2, fault.Invalid("parties", "network.parties_too_few"))
	seen := map[string]bool{}
	roles := map[string]int{}
	for _, p := range a.Parties {
		add(seen[p.Body], fault.Invalid("parties", "network.party_twice"))
		add(!slices.Contains(PartyRoles(a.Kind), p.Role), fault.Invalid("parties", "network.party_role_wrong"))
		seen[p.Body] = true
		roles[p.Role]++
	}
	add(a.Kind == Processing && (roles[RoleController] == 0 || roles[RoleProcessor] == 0), fault.Invalid("parties", "network.processor_missing"))
	add(len(a.Purposes) == 0, fault.Invalid("purposes", "network.purpose_missing"))
	for _, p := range a.Purposes {
		add(!slices.Contains(Purposes, p), fault.Invalid("purposes", "network.purpose_unknown"))
	}
	add(strings.TrimSpace(a.What) == "", fault.Invalid("what", "network.what_missing"))
	add(strings.TrimSpace(a.Why) == "", fault.Invalid("why", "network.why_missing"))
	add(a.From == "" || !isDay(a.From), fault.Invalid("from", "network.day_unreadable"))
	add(!isDay(a.Until), fault.Invalid("until", "network.day_unreadable"))
	add(a.Until != "" && a.Until < a.From, fault.Invalid("until", "network.ends_before_it_begins"))
	add(!isDay(a.SignedOn), fault.Invalid("signed_on", "network.day_unreadable"))
	add(a.SignedOn == "" && !a.File.None(), fault.Invalid("signed_on", "network.signed_when"))
	return errors.Join(append(faults, a.validFees()...)...)
}
