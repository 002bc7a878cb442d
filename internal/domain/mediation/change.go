// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Why a booking ended, for Booking.Ended. Words stand in the catalogue under mediation.ended.
const (
	ByDesk      = "desk"       // the desk cancelled it
	ByDeskLate  = "desk_late"  // and too late for free
	ByMediator  = "mediator"   // the mediator can't come
	ByRefusal   = "refusal"    // the mediator did not want it
	ByNoAnswer  = "no_answer"  // the mediator did not say yes in time
	ByOtherTime = "other_time" // the mediator proposed another time
)

// Cancel calls off a request with all its bookings. Within the hours of the terms the mediators are owed
// their share. Faults: Conflict mediation.settled when it was settled, mediation.begun once its time has come:
// that somebody did not come is said afterwards, and whoever came is not made never to have been asked;
// access.Missing.
func (u *UseCases) Cancel(ctx context.Context, actor access.Actor, id string) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		r, err := u.requestFor(ctx, tx, actor, "mediation.request.cancel", id)
		if err != nil {
			return err
		}
		if r.State != Open && r.State != Booked {
			return fault.Conflict("mediation.settled")
		}
		bookings, err := bookingsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if begun(bookings, now) {
			return fault.Conflict("mediation.begun")
		}
		if err := notBegun(ctx, tx, now, id, bookings); err != nil {
			return err
		}
		for _, b := range bookings {
			if b.State == Proposed || b.State == Confirmed {
				if err := u.callOff(ctx, tx, now, b, r); err != nil {
					return err
				}
			}
		}
		if r.Kind == OnCall {
			if err := withdraw(ctx, tx, now, id); err != nil {
				return err
			}
		}
		if err := dropProposals(ctx, tx, now, id); err != nil {
			return err
		}
		if err := stopWaiting(ctx, tx, id); err != nil {
			return err
		}
		r.State, r.Settled = RequestCancelled, now
		if err := updateRequest(ctx, tx, &r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.request.cancel", Kind: "mediation-request", Record: id})
	})
}

// Move gives a request another time, with the same mediators: all of them can, or nothing changes.
// Faults: Invalid by field; Conflict mediation.taken, mediation.cap; access.Missing.
func (u *UseCases) Move(ctx context.Context, actor access.Actor, id string, to Slot) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		r, err := u.requestFor(ctx, tx, actor, "mediation.request.edit", id)
		if err != nil {
			return err
		}
		if r.State != Booked || !r.Slot.Start.After(now) {
			return fault.Conflict("mediation.settled")
		}
		old := r.Slot
		r.Slot = to
		if err := r.check(now); err != nil {
			return err
		}
		rules, err := rulesOf(ctx, tx, r.Member)
		if err != nil {
			return err
		}
		if r.Kind == Scheduled && to.Start.Before(now.Add(rules.Notice)) {
			return fault.Invalid("start", "mediation.request.notice", "hours", int(rules.Notice.Hours()))
		}
		if err := u.moveBookings(ctx, tx, now, &r, rules, ""); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.request.edit", Kind: "mediation-request", Record: id, Changes: []audit.Change{
			{Field: "start", Before: old.Start.UTC().Format(time.RFC3339), After: to.Start.UTC().Format(time.RFC3339)},
		}})
	})
}

// moveBookings moves the bookings of a request to the time that it has now: all or none. Whoever proposed
// that time has said yes already.
func (u *UseCases) moveBookings(ctx context.Context, tx *db.Tx, now time.Time, r *Request, rules Rules, proposer string) error {
	bookings, err := bookingsOf(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	if err := notBegun(ctx, tx, now, r.ID, bookings); err != nil {
		return err
	}
	for _, b := range bookings {
		if b.State != Proposed && b.State != Confirmed {
			continue
		}
		if b.Mediator != proposer {
			if err := miss(ctx, tx, now, &b); err != nil {
				return err
			}
		}
		if err := u.withinCapMoved(ctx, tx, rules, r.Member, b.Slot, r.Slot); err != nil {
			return err
		}
		if err := u.shift(ctx, tx, now, *r, b, rules, b.Mediator == proposer); err != nil {
			return err
		}
	}
	if err := dropProposals(ctx, tx, now, r.ID); err != nil {
		return err
	}
	if err := updateRequest(ctx, tx, r); err != nil {
		return err
	}
	return u.freed(ctx, tx)
}

// shift moves one booking to the time that its request has now.
func (u *UseCases) shift(ctx context.Context, tx *db.Tx, now time.Time, r Request, b Booking, rules Rules, willing bool) error {
	m, err := mediatorByID(ctx, tx, b.Mediator)
	if err != nil {
		return err
	}
	was := b.Slot
	b.Slot = r.Slot
	switch {
	case willing:
		b.State, b.AnswerBy = Confirmed, time.Time{}
	case m.Asks && r.Kind == Scheduled:
		b.State, b.AnswerBy = Proposed, answerBy(now, r.Slot.Start, rules.AnswerIn)
	}
	if err := updateBooking(ctx, tx, now, &b); err != nil {
		return err
	}
	if err := u.rearrange(ctx, tx, now, r, b, m, was, willing); err != nil {
		return err
	}
	return u.announce(ctx, tx, b, m, r)
}

// rearrange lays a booking, which has its new time already, at that time: the hard limits are looked at as if
// it were not there, and the claims are those of the new time. willing is a mediator who has proposed it.
func (u *UseCases) rearrange(ctx context.Context, tx *db.Tx, now time.Time, r Request, b Booking, m Mediator, was Slot, willing bool) error {
	c, err := u.candidate(ctx, tx, r, now, m)
	if err != nil {
		return err
	}
	c.Loan.giveBack(r.Slot)
	c.Engagements = without(c.Engagements, b.ID)
	c.Worked = Worked{Day: c.Worked.Day - r.Slot.Minutes(), Week: c.Worked.Week - r.Slot.Minutes(), Contract: c.Worked.Contract - r.Slot.Minutes()}
	if willing {
		c = c.willing(r.Slot)
	}
	if Barred(now, r, c) != nil {
		return Taken()
	}
	if err := arrange(ctx, tx, m, was); err != nil {
		return err
	}
	return arrange(ctx, tx, m, b.Slot)
}

// callOff ends a booking for the desk, with what is owed for it when it is late, and tells the mediator.
func (u *UseCases) callOff(ctx context.Context, tx *db.Tx, now time.Time, b Booking, r Request) error {
	agreed, err := TermsWith(ctx, tx, b)
	if err != nil {
		return err
	}
	ended, terms := ByDesk, b.terms(agreed)
	if now.After(terms.FreeUntil) {
		ended = ByDeskLate
	}
	if err := u.release(ctx, tx, now, b, Cancelled, ended); err != nil {
		return err
	}
	if terms.Late(now) {
		if err := oweLate(ctx, tx, now, b, terms); err != nil {
			return err
		}
	}
	m, err := mediatorByID(ctx, tx, b.Mediator)
	if err != nil {
		return err
	}
	return u.call(ctx, tx, "mediation.cancelled", b.ID, m, r, linkTo{kind: linkBooking, object: b.ID, until: r.Slot.End})
}

// release ends a booking and gives the mediator the time back.
func (u *UseCases) release(ctx context.Context, tx *db.Tx, now time.Time, b Booking, state BookingState, ended string) error {
	b.State, b.Ended, b.AnswerBy = state, ended, time.Time{}
	if err := updateBooking(ctx, tx, now, &b); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE mediation_proposal SET state = 'withdrawn', settled = $2 WHERE object = $1 AND state = 'open'`, b.ID, db.Millis(now)); err != nil {
		return err
	}
	m, err := mediatorByID(ctx, tx, b.Mediator)
	if err != nil {
		return err
	}
	if err := arrange(ctx, tx, m, b.Slot); err != nil {
		return err
	}
	return u.freed(ctx, tx)
}

// requestFor reads a request if the actor may do action with it; access.Missing otherwise.
func (u *UseCases) requestFor(ctx context.Context, q db.Querier, actor access.Actor, action, id string) (Request, error) {
	r, err := requestByID(ctx, q, id)
	if fault.Is(err, fault.KindNotFound) {
		return r, access.Missing()
	} else if err != nil {
		return r, err
	}
	who, err := calledFor(ctx, q, u.Clock(), id)
	if err != nil {
		return r, err
	}
	return r, u.Guard.Check(ctx, actor, action, r.resource(who))
}

func without(list []Engagement, booking string) []Engagement {
	var kept []Engagement
	for _, e := range list {
		if e.Booking != booking {
			kept = append(kept, e)
		}
	}
	return kept
}

// withdraw takes back the offers of a request that nobody has answered.
func withdraw(ctx context.Context, tx *db.Tx, now time.Time, request string) error {
	_, err := db.Exec(ctx, tx, `UPDATE mediation_offer SET answer = 'withdrawn', answered = $2 WHERE request = $1 AND answer = ''`, request, db.Millis(now))
	return err
}
