// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"context"
	"slices"
	"strings"
	"time"

	"approdo/internal/base/audit"
)

// Role is what somebody does in a body.
type Role string

// The roles. Their stored strings are those that policies name.
const (
	NetworkAdministrator  Role = "network-administrator"
	BodyAdministrator     Role = "body-administrator"
	DirectoryEditor       Role = "directory-editor"
	Translator            Role = "translator"
	DeskOperator          Role = "desk-operator"
	Mediator              Role = "mediator"
	MediationCoordinator  Role = "mediation-coordinator"
	CaseWorker            Role = "case-worker"
	TeamCoordinator       Role = "team-coordinator"
	Supervisor            Role = "supervisor"
	Trainer               Role = "trainer"
	ProjectCoordinator    Role = "project-coordinator"
	Auditor               Role = "auditor"
	DataProtectionOfficer Role = "data-protection-officer"
)

// Roles are all roles, in the order in which people are shown them.
var Roles = []Role{
	NetworkAdministrator, BodyAdministrator, DirectoryEditor, Translator, DeskOperator, Mediator, MediationCoordinator,
	CaseWorker, TeamCoordinator, Supervisor, Trainer, ProjectCoordinator, Auditor, DataProtectionOfficer,
}

// Actor is who asks. The zero Actor is a stranger.
type Actor struct {
	Account string // identifier of the account; "" for a stranger
	Name    string // to show on the page, never to decide by
	Member  string // identifier of the body acted for
	Roles   []Role // in that body; those of the network administrator hold everywhere
	Strong  bool   // a second factor was shown in this session
	// SteppedUp is when somebody last proved anew that it is them; zero for never.
	SteppedUp time.Time
	Session   string // identifier of the session, for the log; not its secret
	Address   string // network address of the request
	Via       string // audit.ViaPage …; for a job or a command the account is ""
}

// Known says whether the actor has logged in.
func (a Actor) Known() bool { return a.Account != "" }

// Has says whether the actor has a role in the body acted for.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// Audited is how the log names the actor.
func (a Actor) Audited() audit.Actor {
	roles := make([]string, len(a.Roles))
	for i, r := range a.Roles {
		roles[i] = string(r)
	}
	return audit.Actor{Account: a.Account, Member: a.Member, Roles: strings.Join(roles, " "), Session: a.Session, Address: a.Address, Via: a.Via}
}

type actorKey struct{}

// With gives a context in which From finds a. Only the entrance of the program calls it; use cases
// take the actor as an argument.
func With(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

// From is who asks in this request; a stranger when nobody has logged in.
func From(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}
