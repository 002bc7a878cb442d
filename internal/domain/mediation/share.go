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

// Chosen is who shall take a seat of a request.
type Chosen struct {
	Request  string
	Seat     int
	Mediator string
}

// PlanClash is a choice that can't be had any more.
type PlanClash struct {
	Request  Request // without what is of the person
	Mediator Mediator
	Barred   []string // what keeps the mediator; nothing when it is the request that waits for nobody any more
}

// Share books what a plan says: all of it, or nothing when something has changed meanwhile; then what
// clashes is given with the fault Conflict mediation.plan.clash. The desks that asked are told who comes.
// Faults: Conflict mediation.cap; access.Missing.
func (u *UseCases) Share(ctx context.Context, actor access.Actor, list []Chosen) (clashes []PlanClash, err error) {
	if len(list) == 0 || len(list) > mostPlanned*maxSeats {
		return nil, fault.Invalid("choice", "mediation.plan.nothing")
	}
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		clashes = nil
		now := u.Clock()
		s := &sharing{u: u, tx: tx, now: now, actor: actor, requests: map[string]*Request{}}
		if err := s.read(ctx, list); err != nil {
			return err
		}
		for _, c := range list {
			clash, err := s.seat(ctx, c)
			if clash != nil {
				clashes = append(clashes, *clash)
			}
			if lost(err) { // the engine takes no more statements
				break
			}
			if err != nil {
				return err
			}
		}
		if len(clashes) > 0 {
			return fault.Conflict("mediation.plan.clash")
		}
		for _, r := range s.order {
			if err := s.seated(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
	return clashes, err
}

// sharing is a plan that is being booked.
type sharing struct {
	u        *UseCases
	tx       *db.Tx
	now      time.Time
	actor    access.Actor
	requests map[string]*Request
	order    []*Request
	crowd    *crowd
	before   map[string][]Booking
}

// read reads the requests of a plan, and who could come to them as things are before anything is booked.
func (s *sharing) read(ctx context.Context, list []Chosen) error {
	plans := map[string]bool{}
	var all []Request
	from, to := s.now, s.now
	for _, c := range list {
		if s.requests[c.Request] != nil {
			continue
		}
		r, err := requestByID(ctx, s.tx, c.Request)
		if err != nil {
			return missing(err)
		}
		if may, err := remembered(plans, r.Member, func() (bool, error) { return s.u.plans(ctx, s.tx, s.actor, "mediation.plan.share", r.Member) }); err != nil {
			return err
		} else if !may {
			return access.Missing()
		}
		s.requests[r.ID] = &r
		s.order = append(s.order, &r)
		all = append(all, r)
		from, to = earlier(from, r.Slot.Start), later(to, r.Slot.End)
	}
	var err error
	if s.before, err = bookedFor(ctx, s.tx, all); err != nil {
		return err
	}
	rome := calendar.Rome()
	monday := func(at time.Time) calendar.Day { return weekOf(calendar.DayOf(at, rome)) }
	s.crowd, err = s.u.crowdOf(ctx, s.tx, all, s.now, calendar.Earliest(monday(from), 0, rome), calendar.Earliest(monday(to)+7, 0, rome), readContract)
	return err
}

// seat books one choice. A clash that shows only when the claims are written ends the transaction, so that
// it is found out first for as many as can be.
func (s *sharing) seat(ctx context.Context, c Chosen) (*PlanClash, error) {
	r := *s.requests[c.Request]
	m, err := mediatorByID(ctx, s.tx, c.Mediator)
	if err != nil {
		return nil, missing(err)
	}
	clash := &PlanClash{Request: r.lean(), Mediator: Mediator{ID: m.ID}}
	if r.State != Open || r.Kind != Scheduled || c.Seat < 0 || c.Seat >= r.Seats {
		return clash, nil
	}
	for _, b := range s.before[r.ID] {
		if b.Seat == c.Seat && b.State.Holds() {
			return clash, nil
		}
	}
	why, barred, err := s.judge(ctx, r, c)
	if err != nil {
		return nil, err
	}
	// Whoever asks for somebody whom the body may not call, or no more, does not learn the name by it.
	if !slices.ContainsFunc(barred, func(why string) bool { return why == BarredAgreement || why == BarredOthers || why == BarredLanguage }) {
		clash.Mediator.Name = m.Name
	}
	if clash.Barred = barred; barred != nil {
		return clash, nil
	}
	rules, err := s.crowd.loans.rulesOf(ctx, r.Member)
	if err != nil {
		return nil, err
	}
	one := r
	one.Seats = 1
	if err := s.u.withinCap(ctx, s.tx, rules, r.Member, []Request{one}); err != nil {
		return nil, err
	}
	b, err := s.u.book(ctx, s.tx, s.now, r, c.Seat, m.ID, why, rules)
	if lost(err) {
		clash.Barred = []string{BarredTaken}
		return clash, err
	}
	if err != nil {
		return nil, err
	}
	return nil, s.u.announce(ctx, s.tx, b, m, r)
}

// judge says why a mediator is chosen for a request, of how many, or what keeps them from it.
func (s *sharing) judge(ctx context.Context, r Request, c Chosen) (why Why, barred []string, err error) {
	rules, err := s.crowd.loans.rulesOf(ctx, r.Member)
	if err != nil {
		return why, nil, err
	}
	all, err := s.crowd.of(ctx, r, calendar.DayOf(r.Slot.Start, calendar.Rome()))
	if err != nil {
		return why, nil, err
	}
	barred = []string{BarredLanguage} // who speaks it no more is not among them
	able := 0
	for _, one := range all {
		one.Worked = workedWith(one, r.Slot)
		bars := Barred(s.now, r, one)
		if bars == nil && !asked(s.before[r.ID], one.Mediator.ID) {
			able++
		}
		if one.Mediator.ID == c.Mediator {
			if barred = bars; asked(s.before[r.ID], c.Mediator) {
				barred = []string{BarredExcluded}
			}
			why = planned(Seat{Request: r, Weights: rules.Weights}, one)
		}
	}
	why.Of = able
	return why, barred, nil
}

// seated closes a request whose seats are all taken, tells its desk, and records what was booked.
func (s *sharing) seated(ctx context.Context, r *Request) error {
	held, err := bookingsOf(ctx, s.tx, r.ID)
	if err != nil {
		return err
	}
	full := 0
	var last Booking
	var changes []audit.Change
	for _, b := range held {
		if b.State.Holds() {
			full++
			last = b
			changes = append(changes, b.Why.changes()...)
		}
	}
	if full == r.Seats {
		r.State = Booked
		if err := stopWaiting(ctx, s.tx, r.ID); err != nil {
			return err
		}
		if err := updateRequest(ctx, s.tx, r); err != nil {
			return err
		}
		if r.Account != s.actor.Account {
			if err := s.u.TellDesk(ctx, s.tx, DeskCall{Key: "mediation.desk_found/" + last.ID, Template: "mediation.desk_found", Request: *r, Booking: last}); err != nil {
				return err
			}
		}
	}
	return audit.Record(ctx, s.tx, s.now, audit.Event{Actor: s.actor.Audited(), Action: "mediation.plan.share", Kind: "mediation-request", Record: r.ID, Changes: append(changes, audit.Change{Field: "reason", After: ByPlan})})
}
