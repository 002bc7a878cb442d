// SPDX-License-Identifier: EUPL-1.2

package accesstest

import (
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
)

// What stands for somebody's own and somebody else's in tables of decisions.
const (
	OwnAccount = "own-account"
	OwnMember  = "own-body"
	Other      = "another"
)

// Somebody is one column of a table: an actor and what to call it.
type Somebody struct {
	Name  string
	Actor access.Actor
}

// Everybody are the columns: a stranger, somebody without a role, each role alone, somebody with all
// other roles but no body, and the program itself for a body.
func Everybody(now time.Time) []Somebody {
	known := func(roles ...access.Role) access.Actor {
		return access.Actor{
			Account: OwnAccount, Name: "Prova", Member: OwnMember, Roles: roles, Strong: true, SteppedUp: now,
			Session: "session", Via: audit.ViaPage,
		}
	}
	list := []Somebody{{"stranger", access.Actor{Via: audit.ViaPage}}, {"no-role", known()}}
	for _, role := range access.Roles {
		list = append(list, Somebody{string(role), known(role)})
	}
	// Those who run and watch the network may much without looking whose it is, and would hide what
	// being in no body changes.
	homeless := known(slices.DeleteFunc(slices.Clone(access.Roles), func(r access.Role) bool {
		return r == access.NetworkAdministrator || r == access.Auditor
	})...)
	homeless.Member = ""
	nobody := func(via string) access.Actor { return access.Actor{Member: OwnMember, Via: via} }
	return append(list, Somebody{"no-body", homeless}, Somebody{"link", nobody(audit.ViaLink)},
		Somebody{"job", nobody(audit.ViaJob)}, Somebody{"command", nobody(audit.ViaCommand)})
}
