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

// DeskCall is what whoever asked for a mediator is told of what a mediator did.
type DeskCall struct {
	Key      string // the same key again tells nothing
	Template string
	Request  Request // without what is sealed
	Booking  Booking
	Count    int    // of how many it tells, when it is more than the request
	Link     string // where it leads; "" for the page of the request
}

// MoveBooking gives a booking another time, as the mediator who has it, from their calendar. The rules are
// those for the desk: the notice of the body, the hours of the mediator, no other engagement. A request with
// several mediators is moved by the desk alone. version is the one that the mediator saw. The desk is told.
// Faults: Invalid by field; Conflict mediation.taken, mediation.settled, mediation.move_shared,
// mediation.changed_meanwhile, mediation.cap_there; access.Missing.
func (u *UseCases) MoveBooking(ctx context.Context, actor access.Actor, id string, version int64, to Slot) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		b, err := bookingByID(ctx, tx, id)
		if err != nil {
			return missing(err)
		}
		m, err := mediatorByID(ctx, tx, b.Mediator)
		if err != nil {
			return err
		}
		r, err := u.requestFor(ctx, tx, actor, "mediation.request.move", b.Request)
		if err != nil {
			return err
		}
		switch {
		case actor.Account == "" || m.Account != actor.Account:
			return access.Missing()
		case b.Version != version:
			return fault.Conflict("mediation.changed_meanwhile")
		case b.State != Proposed && b.State != Confirmed || r.State != Booked || !b.Slot.Start.After(now):
			return fault.Conflict("mediation.settled")
		case r.Seats > 1:
			return fault.Conflict("mediation.move_shared")
		case to.Minutes() != b.Slot.Minutes():
			return fault.Invalid("start", "mediation.move_length") // how long it takes is for the desk to say
		}
		old := b.Slot
		r.Slot, b.Slot = to, to
		if err := r.check(now); err != nil {
			return err
		}
		rules, err := rulesOf(ctx, tx, r.Member)
		if err != nil {
			return err
		}
		// Not at short notice: neither what was agreed for tomorrow, nor onto tomorrow.
		if earlier(old.Start, to.Start).Before(now.Add(rules.Notice)) {
			return fault.Invalid("start", "mediation.move_notice", "hours", int(rules.Notice.Hours()))
		}
		if err := u.withinCapMoved(ctx, tx, rules, r.Member, old, to); err != nil {
			return capThere(err)
		}
		if err := updateBooking(ctx, tx, now, &b); err != nil {
			return err
		}
		if err := u.rearrange(ctx, tx, now, r, b, m, old, false); err != nil {
			return err
		}
		if err := updateRequest(ctx, tx, &r); err != nil {
			return err
		}
		if err := u.TellDesk(ctx, tx, DeskCall{Key: "mediation.desk_moved/" + b.ID + "/" + number(int(b.Version)), Template: "mediation.desk_moved", Request: r, Booking: b}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.request.move", Kind: "mediation-request", Record: r.ID, Changes: []audit.Change{
			{Field: "start", Before: old.Start.UTC().Format(time.RFC3339), After: to.Start.UTC().Format(time.RFC3339)},
		}})
	})
}
