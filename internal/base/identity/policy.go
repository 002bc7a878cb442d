// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	_ "embed"

	"approdo/internal/base/access"
)

//go:embed policy.cedar
var policyText string

// Policy says who may invite, and change what others are in a body.
func Policy() access.Policy { return access.Policy{Name: "identity/policy.cedar", Text: policyText} }

// What can be done with the members of a body.
const (
	ActionList   = "identity.member.list"
	ActionInvite = "identity.member.invite"
	ActionChange = "identity.member.change"
	ActionReset  = "identity.account.reset"
	ActionRename = "identity.network.rename" // what the network calls itself
)

// group is a body as policies see it: member is the body, grants the roles that somebody gives there.
func group(member string, grants ...access.Role) access.Resource {
	roles := make([]string, len(grants))
	for i, r := range grants {
		roles[i] = string(r)
	}
	return access.Resource{Type: "Membership", ID: member, Attributes: access.Attributes{"member": member, "grants": roles}}
}
