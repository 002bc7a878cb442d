// SPDX-License-Identifier: EUPL-1.2

package inquiry

import (
	_ "embed"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
)

//go:embed policy.cedar
var policyText string

// Policy says who may read the log.
func Policy() access.Policy {
	return access.Policy{Name: "audit/inquiry/policy.cedar", Text: policyText}
}

// Actions.
const (
	ActionRead    = "audit.event.read"
	ActionExport  = "audit.event.export"
	ActionSubject = "audit.subject.read" // who has seen somebody's data, with names
)

// events says how events lie in SQL, for access.Guard.Scope. An event is personal when it is about a
// person, and when what was done is about persons: who was given sight of a case says something of
// the case.
func (u *UseCases) events() access.Table {
	personal := "e.subject <> ''"
	if list := u.aboutPersons(); len(list) > 0 {
		personal += " OR e.action IN ('" + strings.Join(list, "', '") + "')" // names of actions hold no quotes
	}
	return access.Table{Type: "Event", ID: "e.id", Columns: map[string]access.Column{
		"member":   {SQL: "e.member", Kind: access.Text},
		"account":  {SQL: "e.account", Kind: access.Text},
		"personal": {SQL: "(" + personal + ")", Kind: access.Truth},
	}}
}

func (u *UseCases) resource(e audit.Entry) access.Resource {
	return access.Resource{Type: "Event", ID: e.ID, Attributes: access.Attributes{
		"member": e.Actor.Member, "account": e.Actor.Account, "personal": e.Subject != "" || slices.Contains(u.aboutPersons(), e.Action),
	}}
}

// aboutPersons are the actions that policies mark so.
func (u *UseCases) aboutPersons() []string {
	return slices.DeleteFunc(u.Guard.Actions(), func(action string) bool { return !u.Guard.In(action, access.AboutPersons) })
}
