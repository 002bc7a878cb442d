// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// The roster and the list of requests hold what the policies say of each.
func TestListsAgreeWithPolicies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		for _, l := range []accesstest.List{
			{Action: "mediation.roster.read", Type: "Mediator", Make: o.makeMediators, Ways: func(g *access.Guard) map[string]accesstest.Way {
				u := *o.UseCases
				u.Guard = g
				return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
					list, n, err := u.Roster(ctx, a, mediation.RosterQuery{Size: 100})
					for _, m := range list {
						ids = append(ids, m.ID)
					}
					if n != len(ids) {
						t.Errorf("%d counted, %d listed", n, len(ids))
					}
					return ids, err
				}, "one by one": func(ctx context.Context, a access.Actor) (ids []string, err error) {
					all, err := db.Rows(ctx, d, db.Column[string], `SELECT id FROM mediation_mediator`)
					for _, id := range all {
						switch _, err := u.Mediator(ctx, a, id); {
						case err == nil:
							ids = append(ids, id)
						case !fault.Is(err, fault.KindNotFound):
							return nil, err
						}
					}
					return ids, err
				}}
			}},
			{Action: "mediation.request.read", Type: "MediationRequest", Make: makeRequests, Ways: func(g *access.Guard) map[string]accesstest.Way {
				u := *o.UseCases
				u.Guard = g
				return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
					list, n, err := u.Requests(ctx, a, mediation.RequestQuery{Size: 100})
					for _, r := range list {
						ids = append(ids, r.ID)
					}
					if n != len(ids) {
						t.Errorf("%d counted, %d listed", n, len(ids))
					}
					return ids, err
				}}
			}},
			{Action: "mediation.meeting.read", Type: "MediationMeeting", Make: makeMeetings, Ways: func(g *access.Guard) map[string]accesstest.Way {
				u := *o.UseCases
				u.Guard = g
				return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
					list, err := u.Meetings(ctx, a)
					for _, m := range list {
						ids = append(ids, m.Request)
					}
					return ids, err
				}}
			}},
			{Action: "mediation.plan.read", Type: "MediationLoad", Make: o.makeLoads, Ways: func(g *access.Guard) map[string]accesstest.Way {
				u := *o.UseCases
				u.Guard = g
				return map[string]accesstest.Way{"plan": func(ctx context.Context, a access.Actor) (ids []string, err error) {
					day := calendar.DayOf(now, calendar.Rome()) + 2
					p, err := u.Plan(ctx, a, mediation.PlanQuery{From: day, To: day})
					for _, c := range p.Best.Choices {
						if member := c.Seat.Request.Member; !slices.Contains(ids, member) {
							ids = append(ids, member)
						}
					}
					return ids, err
				}}
			}},
		} {
			accesstest.Agree(t, d, now, []access.Policy{access.Base(), mediation.Policy()}, l)
		}
	})
}

// clear takes away what an earlier round has made.
func clear(ctx context.Context, tx *db.Tx) error {
	for _, table := range []string{"mediation_neighbour", "mediation_residency", "mediation_present", "mediation_offer", "mediation_booking", "mediation_waiting", "mediation_request", "mediation_mediator", "mediation_rule"} {
		if _, err := db.Exec(ctx, tx, `DELETE FROM `+table); err != nil {
			return err
		}
	}
	return nil
}

func addMediator(ctx context.Context, tx *db.Tx, member, account string, standing mediation.Standing) (string, error) {
	id := db.NewID()
	_, err := db.Exec(ctx, tx, `INSERT INTO mediation_mediator (id, version, account, member, section, state, name, sort_name, record, created, changed)
		VALUES ($1, 1, $2, $3, 'mediator', $4, 'X', 'x', '{}', 0, 0)`, id, account, member, standing)
	return id, err
}

// makeLoads makes requests that wait for a plan, of bodies of which some name who else makes it.
func (o *office) makeLoads(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
	o.mu.Lock()
	for _, body := range accesstest.Members {
		o.partners[body] = map[string]string{}
		for _, other := range accesstest.Members {
			o.partners[body][other] = "agreement"
		}
	}
	o.mu.Unlock()
	requests, err := makeRequests(t, ctx, tx)
	if err != nil {
		return nil, err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE mediation_booking SET state = 'cancelled'`); err != nil { // every seat is empty
		return nil, err
	}
	if _, err = db.Exec(ctx, tx, `UPDATE mediation_request SET state = 'open', record = '{"seats":1}', start = $1, finish = $2`, db.Millis(now.AddDate(0, 0, 2)), db.Millis(now.AddDate(0, 0, 2).Add(time.Hour))); err != nil {
		return nil, err
	}
	named := map[string]string{}
	for _, member := range append([]string{""}, accesstest.Members...) {
		if rapid.Bool().Draw(t, "decided") {
			named[member] = rapid.SampledFrom(append([]string{""}, accesstest.Members...)).Draw(t, "planner")
			if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_rule (member, version, record, planner) VALUES ($1, 1, '{}', $2)`, member, named[member]); err != nil {
				return nil, err
			}
		}
	}
	var list []access.Resource
	for _, member := range accesstest.Members {
		if !slices.ContainsFunc(requests, func(r access.Resource) bool { return r.Attributes["member"] == member }) {
			continue
		}
		planner, decided := named[member]
		if !decided {
			planner = named[""]
		}
		list = append(list, access.Resource{Type: "MediationLoad", ID: member, Attributes: access.Attributes{"member": member, "planner": planner}})
	}
	return list, nil
}

func makeMeetings(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
	if err := clear(ctx, tx); err != nil {
		return nil, err
	}
	var list []access.Resource
	for range rapid.IntRange(1, 3).Draw(t, "n") {
		id, bodies := db.NewID(), []string{}
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, record, created)
			VALUES ($1, 1, 'scheduled', $2, '', 'ar', 'phone', $3, $4, 'booked', '', 'A-1', '', '', '', '{}', 0)`, id, rapid.SampledFrom(accesstest.Members).Draw(t, "member"), db.Millis(now), db.Millis(now.Add(time.Hour))); err != nil {
			return nil, err
		}
		for _, body := range accesstest.Members {
			if !rapid.Bool().Draw(t, "present") {
				continue
			}
			bodies = append(bodies, body)
			if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_present (request, member) VALUES ($1, $2)`, id, body); err != nil {
				return nil, err
			}
		}
		list = append(list, access.Resource{Type: "MediationMeeting", ID: id, Attributes: access.Attributes{"bodies": bodies}})
	}
	return list, nil
}

func makeRequests(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
	if err := clear(ctx, tx); err != nil {
		return nil, err
	}
	mediators := map[string]string{}
	for _, account := range accesstest.Accounts {
		id, err := addMediator(ctx, tx, accesstest.Members[0], account, mediation.Listed)
		if err != nil {
			return nil, err
		}
		mediators[account] = id
	}
	var list []access.Resource
	for range rapid.IntRange(1, 3).Draw(t, "n") {
		id, member := db.NewID(), rapid.SampledFrom(accesstest.Members).Draw(t, "member")
		who := rapid.SampledFrom(accesstest.Accounts).Draw(t, "who")
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, record, created)
			VALUES ($1, 1, 'scheduled', $2, $3, 'ar', 'phone', 0, 1, 'booked', '', 'A-1', '', '', '', '{}', 0)`, id, member, who); err != nil {
			return nil, err
		}
		booked, offered := []string{}, []string{}
		account := rapid.SampledFrom(accesstest.Accounts).Draw(t, "mediator")
		switch state := rapid.SampledFrom([]string{"", "offer", "late", "proposed", "confirmed", "over", "cancelled", "mediator_absent"}).Draw(t, "state"); state {
		case "":
		case "offer", "late":
			answer := ""
			if state == "late" {
				answer = mediation.Late
			} else {
				offered = append(offered, account)
			}
			if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_offer (id, request, mediator, wave, mode, sent, answer) VALUES ($1, $2, $3, 1, 'phone', 0, $4)`, db.NewID(), id, mediators[account], answer); err != nil {
				return nil, err
			}
		default:
			finish := now.AddDate(0, 0, -6)
			switch state {
			case "proposed", "confirmed":
				booked = append(booked, account)
			case "over":
				state, finish = "done", now.AddDate(0, 0, -8)
			}
			if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, ended, created, changed)
				VALUES ($1, 1, $2, 0, $3, $4, 'phone', 0, $6, $5, '{}', '{}', '', 0, 0)`, db.NewID(), id, mediators[account], member, state, db.Millis(finish)); err != nil {
				return nil, err
			}
		}
		list = append(list, access.Resource{Type: "MediationRequest", ID: id, Attributes: access.Attributes{"member": member, "account": who, "mediators": booked, "offered": offered}})
	}
	return list, nil
}
