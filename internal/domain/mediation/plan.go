// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

const (
	// mostPlanned is how many requests are shared out at once.
	mostPlanned = 300
	// planDays is how many days are shared out at once.
	planDays = 14
	// planTime is how long a page waits for a better plan, planRounds how often one is looked for.
	planTime   = 3 * time.Second
	planRounds = 400
	// leftToPlan is how long before its time runs out a request is left to the coordinator; after that it
	// is booked as soon as somebody can come.
	leftToPlan = 12 * time.Hour
)

// Plan is a load with the two ways to share it out.
type Plan struct {
	From, To     calendar.Day // to is the last day
	Greedy, Best Shared
	Bound        int // points that every way lacks at least
	More         int // requests of these days that were left out, because there are too many
}

// Plan shares out the scheduled requests of some days that nobody has yet, together and one by one as they
// came in; nothing is booked. It is for coordinators, for the requests of their body. Faults: Invalid by
// field; access.Missing.
func (u *UseCases) Plan(ctx context.Context, actor access.Actor, from, to calendar.Day) (Plan, error) {
	if to < from || to-from >= planDays {
		return Plan{}, fault.Invalid("to", "mediation.plan.days", "limit", planDays)
	}
	now := u.Clock()
	p := Plan{From: from, To: to}
	load := &Load{Now: now}
	if err := u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		rules, err := rulesOf(ctx, tx, actor.Member)
		if err != nil {
			return err
		}
		load.Weights = rules.Weights
		list, err := u.unmet(ctx, tx, actor, now, from, to)
		if err != nil {
			return err
		}
		if p.More = len(list) - mostPlanned; p.More > 0 {
			list = list[:mostPlanned]
		}
		return u.load(ctx, tx, load, list, weekOf(from), weekOf(to)+7)
	}); err != nil {
		return Plan{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, planTime)
	defer cancel()
	p.More = max(p.More, 0)
	p.Greedy, p.Best, p.Bound = load.Share(ctx, planRounds)
	return p, nil
}

// unmet are the scheduled requests of some days that nobody has, in the order in which they came in.
func (u *UseCases) unmet(ctx context.Context, tx *db.Tx, actor access.Actor, now time.Time, from, to calendar.Day) ([]Request, error) {
	scope, args, err := u.Guard.Scope(actor, "mediation.choice.explain", requestTable(now), 3)
	if err != nil {
		return nil, err
	}
	rome := calendar.Rome()
	return db.Rows(ctx, tx, scanRequest, `SELECT `+requestColumns+` FROM mediation_request r
		WHERE r.state = 'open' AND r.kind = 'scheduled' AND r.start >= $1 AND r.start < $2 AND (`+scope+`) ORDER BY r.created, r.id`,
		append([]any{db.Millis(later(now, calendar.Earliest(from, 0, rome))), db.Millis(calendar.Earliest(to+1, 0, rome))}, args...)...)
}

// load adds the empty seats of requests, with everybody who speaks their language and what they do from one
// day to another.
func (u *UseCases) load(ctx context.Context, tx *db.Tx, l *Load, list []Request, from, to calendar.Day) error {
	rome := calendar.Rome()
	start, end := calendar.Earliest(from, 0, rome), calendar.Earliest(to, 0, rome)
	for _, r := range list {
		before, err := bookingsOf(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		all, err := u.candidates(ctx, tx, r, l.Now, start, end)
		if err != nil {
			return err
		}
		taken := map[int]bool{}
		var able []Candidate
		for _, b := range before {
			taken[b.Seat] = taken[b.Seat] || b.State.Holds()
		}
		for _, c := range all {
			if !asked(before, c.Mediator.ID) {
				able = append(able, c)
			}
		}
		for seat := range r.Seats {
			if !taken[seat] {
				l.Add(Seat{Request: r, Number: seat}, able)
			}
		}
	}
	return nil
}

// asked says whether a mediator has, or had, a booking of a request.
func asked(before []Booking, mediator string) bool {
	for _, b := range before {
		if b.Mediator == mediator {
			return true
		}
	}
	return false
}

// Chosen is who shall take a seat of a request.
type Chosen struct {
	Request  string
	Seat     int
	Mediator string
}

// PlanClash is a choice that can't be had any more.
type PlanClash struct {
	Request  Request
	Mediator Mediator
}

// Share books what a plan says: all of it, or nothing when something has changed meanwhile; then what
// clashes is given with the fault Conflict mediation.plan.clash. Faults: Conflict mediation.cap;
// access.Missing.
func (u *UseCases) Share(ctx context.Context, actor access.Actor, list []Chosen) (clashes []PlanClash, err error) {
	if len(list) == 0 || len(list) > mostPlanned*maxSeats {
		return nil, fault.Invalid("choice", "mediation.plan.nothing")
	}
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		clashes = nil
		now := u.Clock()
		requests := map[string]*Request{}
		for _, c := range list {
			r, known := requests[c.Request]
			if !known {
				one, err := u.requestFor(ctx, tx, actor, "mediation.choice.explain", c.Request)
				if err != nil {
					return err
				}
				r = &one
				requests[c.Request] = r
			}
			clash, err := u.seat(ctx, tx, now, *r, c)
			if err != nil {
				return err
			}
			if clash != nil {
				clashes = append(clashes, *clash)
			}
		}
		if len(clashes) > 0 {
			return fault.Conflict("mediation.plan.clash")
		}
		for _, c := range list {
			if r := requests[c.Request]; r.State == Open {
				if err := u.seated(ctx, tx, now, actor, r); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return clashes, err
}

// seat books one choice. A clash that shows only when the claims are written ends the transaction, so that
// it is found out first for as many as can be.
func (u *UseCases) seat(ctx context.Context, tx *db.Tx, now time.Time, r Request, c Chosen) (*PlanClash, error) {
	m, err := mediatorByID(ctx, tx, c.Mediator)
	if err != nil {
		return nil, missing(err)
	}
	clash := &PlanClash{Request: r.bare(), Mediator: Mediator{ID: m.ID, Name: m.Name}}
	if r.State != Open || r.Kind != Scheduled || c.Seat < 0 || c.Seat >= r.Seats {
		return clash, nil
	}
	held, err := bookingsOf(ctx, tx, r.ID)
	if err != nil {
		return nil, err
	}
	for _, b := range held {
		if b.Seat == c.Seat && b.State.Holds() {
			return clash, nil
		}
	}
	rules, err := rulesOf(ctx, tx, r.Member)
	if err != nil {
		return nil, err
	}
	one := r
	one.Seats = 1
	if err := u.withinCap(ctx, tx, rules, r.Member, []Request{one}); err != nil {
		return nil, err
	}
	candidate, err := u.candidate(ctx, tx, r, now, m)
	if err != nil {
		return nil, err
	}
	if asked(held, m.ID) || Barred(now, r, candidate) != nil {
		return clash, nil
	}
	why := Score(r, rules.Weights, candidate)
	why.By, why.From, why.Under = ByPlan, candidate.Loan.From, candidate.Loan.Under
	b, err := u.book(ctx, tx, now, r, c.Seat, m.ID, why, rules)
	if err != nil {
		return nil, err
	}
	return nil, u.announce(ctx, tx, b, m, r)
}

// seated closes a request whose seats are all taken, and records what was booked.
func (u *UseCases) seated(ctx context.Context, tx *db.Tx, now time.Time, actor access.Actor, r *Request) error {
	held, err := bookingsOf(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	full := 0
	var changes []audit.Change
	for _, b := range held {
		if b.State.Holds() {
			full++
			changes = append(changes, b.Why.changes()...)
		}
	}
	if full == r.Seats {
		r.State = Booked
		if err := stopWaiting(ctx, tx, r.ID); err != nil {
			return err
		}
		if err := updateRequest(ctx, tx, r); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.request.edit", Kind: "mediation-request", Record: r.ID, Changes: append(changes, audit.Change{Field: "reason", After: ByPlan})})
}
