// SPDX-License-Identifier: EUPL-1.2

package inquiry

import (
	_ "embed"

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

// events says how events lie in SQL, for access.Guard.Scope.
var events = access.Table{Type: "Event", ID: "e.id", Columns: map[string]access.Column{
	"member":   {SQL: "e.member", Kind: access.Text},
	"account":  {SQL: "e.account", Kind: access.Text},
	"personal": {SQL: "(e.subject <> '')", Kind: access.Truth},
}}

func resource(e audit.Entry) access.Resource {
	return access.Resource{Type: "Event", ID: e.ID, Attributes: access.Attributes{
		"member": e.Actor.Member, "account": e.Actor.Account, "personal": e.Subject != "",
	}}
}
