// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"slices"
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

// PlanQuery chooses what is planned.
type PlanQuery struct {
	From, To calendar.Day // to is the last day
	Member   string       // one body; "" for all whose load the actor plans
}

// Plan is a load with the two ways to share it out.
type Plan struct {
	PlanQuery
	Greedy, Best Shared
	Bound        int    // points that every way lacks at least
	More         int    // requests of these days that were left out, because there are too many
	Bodies       []Body // that have requests of these days
}

// Plan shares out the scheduled requests of some days that nobody has yet, together and one by one as they
// came in; nothing is booked. It is for coordinators: for the requests of their body, and of bodies that let
// theirs plan. Of those, nothing is told but what a plan needs, and that somebody looked is recorded. Faults:
// Invalid by field; access.Missing.
func (u *UseCases) Plan(ctx context.Context, actor access.Actor, q PlanQuery) (Plan, error) {
	if q.To < q.From || q.To-q.From >= planDays {
		return Plan{}, fault.Invalid("to", "mediation.plan.days", "limit", planDays)
	}
	now := u.Clock()
	p := Plan{PlanQuery: q}
	load := &Load{Now: now}
	if err := u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, err := u.unmet(ctx, tx, actor, now, q)
		if err != nil {
			return err
		}
		var members []string
		for _, r := range list {
			if !slices.Contains(members, r.Member) {
				members = append(members, r.Member)
			}
		}
		slices.Sort(members)
		if p.Bodies, err = bodiesOf(ctx, tx, members); err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(r Request) bool { return q.Member != "" && r.Member != q.Member })
		p.More = max(len(list)-mostPlanned, 0)
		return u.load(ctx, tx, load, list[:len(list)-p.More], weekOf(q.From), weekOf(q.To)+7)
	}); err != nil {
		return Plan{}, err
	}
	if err := u.looked(ctx, actor, now, load); err != nil {
		return Plan{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, planTime)
	defer cancel()
	p.Greedy, p.Best, p.Bound = load.Share(ctx, planRounds)
	for _, s := range []Shared{p.Greedy, p.Best} {
		for i, c := range s.Choices {
			if c.Seat.Request.Member != actor.Member {
				s.Choices[i] = c.lean()
			}
		}
	}
	return p, nil
}

// unmet are the scheduled requests of some days that nobody has, in the order in which they came in.
func (u *UseCases) unmet(ctx context.Context, tx *db.Tx, actor access.Actor, now time.Time, q PlanQuery) ([]Request, error) {
	scope, args, err := u.Guard.Scope(actor, "mediation.plan.read", loadTable, 3)
	if err != nil {
		return nil, err
	}
	rome := calendar.Rome()
	list, err := db.Rows(ctx, tx, scanRequest, `SELECT `+requestColumns+` FROM mediation_request r
		WHERE r.state = 'open' AND r.kind = 'scheduled' AND r.start >= $1 AND r.start < $2 AND (`+scope+`) ORDER BY r.created, r.id`,
		append([]any{db.Millis(later(now, calendar.Earliest(q.From, 0, rome))), db.Millis(calendar.Earliest(q.To+1, 0, rome))}, args...)...)
	if err != nil {
		return nil, err
	}
	plans := map[string]bool{} // the table knows whom a body names, and not whether their agreement is in force
	for _, r := range list {
		if _, err := remembered(plans, r.Member, func() (bool, error) { return u.plans(ctx, tx, actor, "mediation.plan.read", r.Member) }); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(list, func(r Request) bool { return !plans[r.Member] }), nil
}

// looked records that somebody saw the load of other bodies.
func (u *UseCases) looked(ctx context.Context, actor access.Actor, now time.Time, l *Load) error {
	var others []string
	for _, s := range l.Seats {
		if r := s.Request; r.Member != actor.Member && !slices.Contains(others, r.Member) {
			others = append(others, r.Member)
		}
	}
	if len(others) == 0 {
		return nil
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, member := range others {
			if err := audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.plan.read", Kind: "mediation-load", Record: member, Read: true}); err != nil {
				return err
			}
		}
		return nil
	})
}

// load adds the empty seats of requests, with everybody who speaks their language and what they do from one
// day to another. Each body asks by its own rules.
func (u *UseCases) load(ctx context.Context, tx *db.Tx, l *Load, list []Request, from, to calendar.Day) error {
	rome := calendar.Rome()
	crowd, err := u.crowdOf(ctx, tx, list, l.Now, calendar.Earliest(from, 0, rome), calendar.Earliest(to, 0, rome), readContract)
	if err != nil {
		return err
	}
	before, err := bookedFor(ctx, tx, list)
	if err != nil {
		return err
	}
	left := map[bodyDay]bool{}
	for _, r := range list {
		rules, err := crowd.loans.rulesOf(ctx, r.Member)
		if err != nil {
			return err
		}
		if month := (bodyDay{r.Member, monthOf(r.Slot.Start)}); rules.MonthHours > 0 && !left[month] {
			left[month] = true
			used, err := usedIn(ctx, tx, r.Member, month.day)
			if err != nil {
				return err
			}
			l.Limit(r.Member, r.Slot.Start, rules.MonthHours*60-used)
		}
		all, err := crowd.of(ctx, r, calendar.DayOf(r.Slot.Start, rome))
		if err != nil {
			return err
		}
		taken := map[int]bool{}
		for _, b := range before[r.ID] {
			taken[b.Seat] = taken[b.Seat] || b.State.Holds()
		}
		all = slices.DeleteFunc(all, func(c Candidate) bool { return asked(before[r.ID], c.Mediator.ID) })
		for seat := range r.Seats {
			if !taken[seat] {
				l.Add(Seat{Request: r, Number: seat, Weights: rules.Weights}, all)
			}
		}
	}
	return nil
}

// bookedFor are the bookings of requests, by request.
func bookedFor(ctx context.Context, q db.Querier, list []Request) (map[string][]Booking, error) {
	ids := make([]string, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	all, err := bookingsOf(ctx, q, ids...)
	found := map[string][]Booking{}
	for _, b := range all {
		found[b.Request] = append(found[b.Request], b)
	}
	return found, err
}

// asked says whether a mediator has, or had, a booking of a request.
func asked(before []Booking, mediator string) bool {
	return slices.ContainsFunc(before, func(b Booking) bool { return b.Mediator == mediator })
}
