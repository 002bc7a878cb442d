// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// loadTable is how policies find the loads of bodies: the requests of each that nobody has yet.
var loadTable = access.Table{Type: "MediationLoad", ID: "r.member", Columns: map[string]access.Column{
	"member":  {SQL: "r.member", Kind: access.Text},
	"planner": {SQL: `coalesce((SELECT p.planner FROM mediation_rule p WHERE p.member IN (r.member, '') ORDER BY p.member DESC LIMIT 1), '')`, Kind: access.Text},
}}

func loadResource(member, planner string) access.Resource {
	return access.Resource{Type: "MediationLoad", ID: member, Attributes: access.Attributes{"member": member, "planner": planner}}
}

// Planners are the bodies that the rules of a body, "" for the network, can name to plan its load. Fault:
// access.Missing.
func (u *UseCases) Planners(ctx context.Context, actor access.Actor, member string) ([]Body, error) {
	if err := u.Guard.Check(ctx, actor, "mediation.rule.read", Rules{Member: member}.resource()); err != nil {
		return nil, err
	}
	return u.others(ctx, member)
}

// plans says whether the actor may plan the load of a body. Besides its own coordinators those of the body
// may that its rules name, while that body may lend it mediators: under an agreement in force, or because
// the network makes the list common.
func (u *UseCases) plans(ctx context.Context, q db.Querier, actor access.Actor, action, member string) (bool, error) {
	rules, err := rulesOf(ctx, q, member)
	if err != nil {
		return false, err
	}
	planner := rules.Planner
	if planner != "" && planner != member {
		common, err := rulesOf(ctx, q, "")
		if err != nil {
			return false, err
		}
		under, err := u.Partners(ctx, q, member, calendar.DayOf(u.Clock(), calendar.Rome()))
		if err != nil {
			return false, err
		}
		if !common.Common && under[planner] == "" {
			planner = ""
		}
	}
	return u.Guard.Allows(ctx, actor, action, loadResource(member, planner)), nil
}

// lean is a request as those see it who plan it for another body: when, in which language, how and in which
// comune; nothing of the person, and not in which room.
func (r Request) lean() Request {
	return Request{ID: r.ID, Kind: r.Kind, Member: r.Member, Language: r.Language, Mode: r.Mode, Slot: r.Slot, State: r.State, Seats: r.Seats, Place: Place{Comune: r.Place.Comune}}
}

// lean is a choice as those see it who make it for another body: who comes, and how good it is.
func (c Choice) lean() Choice {
	c.Seat.Request = c.Seat.Request.lean()
	c.Mediator = Mediator{ID: c.Mediator.ID, Name: c.Mediator.Name}
	c.Why.Parts = nil
	return c
}
