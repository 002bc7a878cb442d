// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Offer is what one mediator was asked on call.
type Offer struct {
	ID       string
	Request  string
	Mediator string
	Wave     int
	Mode     Mode
	Sent     time.Time
	Answer   string // "", Accepted, DeclinedOffer, Late or Withdrawn
	Answered time.Time
}

// Answers to an offer. Their values are stored.
const (
	Accepted      = "accepted"
	DeclinedOffer = "refused"
	Late          = "late" // somebody else was faster
	Withdrawn     = "withdrawn"
)

const offerColumns = `id, request, mediator, wave, mode, sent, answer, answered`

func scanOffer(s db.Scanner) (Offer, error) {
	var o Offer
	return o, s.Scan(&o.ID, &o.Request, &o.Mediator, &o.Wave, &o.Mode, db.ScanTime(&o.Sent), &o.Answer, db.ScanTime(&o.Answered))
}

func offerByID(ctx context.Context, q db.Querier, id string) (Offer, error) {
	return db.Row(ctx, q, scanOffer, `SELECT `+offerColumns+` FROM mediation_offer WHERE id = $1`, id)
}

// AnswerLink accepts or refuses by the link of a message; actor is whoever is logged in, or a stranger:
// who holds the link answers. Faults: as AnswerOffer and AnswerBooking.
func (u *UseCases) AnswerLink(ctx context.Context, actor access.Actor, secret string, yes bool) (Link, error) {
	var l Link
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if l, err = u.link(ctx, tx, secret); err != nil {
			return err
		}
		return u.answer(ctx, tx, actor, l.Kind, l.Object, yes)
	})
	if fault.Is(err, fault.KindConflict) && l.Kind == linkOffer && yes {
		u.tooLate(ctx, l.Object)
	}
	return l, err
}

// Answer accepts or refuses an offer or a booking that was proposed, as its mediator. The first to
// accept an offer has it; the others get the fault Conflict mediation.taken, and mediation.settled when
// it was called off, mediation.cap_there when the body has used its hours, mediation.engaged when they have
// something else to do by now. access.Missing for whoever it is not for.
func (u *UseCases) Answer(ctx context.Context, actor access.Actor, kind, object string, yes bool) error {
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := u.ownLink(ctx, tx, actor, kind, object); err != nil {
			return err
		}
		return u.answer(ctx, tx, actor, kind, object, yes)
	})
	if fault.Is(err, fault.KindConflict) && kind == linkOffer && yes {
		u.tooLate(ctx, object)
	}
	return err
}

// ownLink is what the link of a message would open, for the mediator whom it is about; access.Missing for
// everybody else.
func (u *UseCases) ownLink(ctx context.Context, q db.Querier, actor access.Actor, kind, object string) (Link, error) {
	l := Link{Kind: kind, Object: object}
	switch kind {
	case linkOffer:
		o, err := offerByID(ctx, q, object)
		if err != nil {
			return l, missing(err)
		}
		l.Mediator.ID = o.Mediator
	case linkBooking:
		b, err := bookingByID(ctx, q, object)
		if err != nil {
			return l, missing(err)
		}
		l.Mediator.ID = b.Mediator
	default:
		return l, access.Missing()
	}
	if err := u.fill(ctx, q, &l); err != nil {
		return l, err
	}
	if actor.Account == "" || l.Mediator.Account != actor.Account {
		return l, access.Missing()
	}
	return l, nil
}

func (u *UseCases) answer(ctx context.Context, tx *db.Tx, actor access.Actor, kind, object string, yes bool) error {
	if kind == linkOffer {
		return u.answerOffer(ctx, tx, actor, object, yes)
	}
	return u.answerBooking(ctx, tx, actor, object, yes)
}

func (u *UseCases) answerOffer(ctx context.Context, tx *db.Tx, actor access.Actor, id string, yes bool) error {
	now := u.Clock()
	o, err := offerByID(ctx, tx, id)
	if err != nil {
		return err
	}
	r, err := requestByID(ctx, tx, o.Request)
	if err != nil {
		return err
	}
	switch {
	case o.Answer == Accepted && yes:
		return nil // the same answer again: a second press of the button
	case o.Answer == Withdrawn:
		return fault.Conflict("mediation.settled")
	case o.Answer != "" && !(o.Answer == DeclinedOffer && yes):
		return Taken()
	case r.State != Open:
		return Taken()
	}
	given := DeclinedOffer
	var b Booking
	if yes {
		given = Accepted
		if b, err = u.accept(ctx, tx, now, &r, o); err != nil {
			return err
		}
	}
	if _, err := db.Exec(ctx, tx, `UPDATE mediation_offer SET answer = $2, answered = $3 WHERE id = $1`, id, given, db.Millis(now)); err != nil {
		return err
	}
	if yes {
		if err = withdraw(ctx, tx, now, r.ID); err == nil {
			err = dropProposals(ctx, tx, now, r.ID)
		}
		if err == nil {
			err = holdLink(ctx, tx, id, r.Slot.End.Add(keepLinks))
		}
	} else {
		err = u.hurry(ctx, tx, now, &r)
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.request.answer", Kind: "mediation-request", Record: r.ID, Changes: append(b.Why.changes(), audit.Change{Field: "answer", After: given})})
}

// hurry sends the next wave at once when everybody of the last has said no, or has proposed another time.
func (u *UseCases) hurry(ctx context.Context, tx *db.Tx, now time.Time, r *Request) error {
	waiting, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_offer WHERE request = $1 AND answer = ''
		AND id NOT IN (SELECT object FROM mediation_proposal WHERE request = $1 AND state = 'open')`, r.ID)
	if err != nil || waiting > 0 {
		return err
	}
	rules, err := rulesOf(ctx, tx, r.Member)
	if err != nil {
		return err
	}
	_, err = u.wave(ctx, tx, now, r, rules, r.Wave)
	return err
}

// Expire gives the bookings that nobody said yes to in time to the next best. A job calls it.
func (u *UseCases) Expire(ctx context.Context) error {
	due, err := db.Rows(ctx, u.DB, db.Column[string], `SELECT id FROM mediation_booking WHERE state = 'proposed' AND answer_by < $1 ORDER BY answer_by LIMIT 100`, db.Millis(u.Clock()))
	if err != nil {
		return err
	}
	for _, id := range due {
		if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			now := u.Clock()
			b, err := bookingByID(ctx, tx, id)
			if err != nil || b.State != Proposed || !b.AnswerBy.Before(now) {
				return err
			}
			reason := ByNoAnswer
			if n, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_proposal WHERE object = $1`, b.ID); err != nil {
				return err
			} else if n > 0 {
				reason = ByOtherTime
			}
			next, err := u.replace(ctx, tx, now, b, reason)
			if err != nil {
				return err
			}
			return byItself(ctx, tx, now, b.Request, reason, next.Why.changes()...)
		}); err != nil {
			return err
		}
	}
	return nil
}

// byItself records what the program did to a request because time went by.
func byItself(ctx context.Context, tx *db.Tx, now time.Time, request, reason string, more ...audit.Change) error {
	return audit.Record(ctx, tx, now, audit.Event{
		Actor: audit.Actor{Via: audit.ViaJob}, Action: "mediation.request.edit", Kind: "mediation-request", Record: request, Changes: append(more, audit.Change{Field: "reason", After: reason}),
	})
}

// accept books the mediator of an offer from now on, and the way there.
func (u *UseCases) accept(ctx context.Context, tx *db.Tx, now time.Time, r *Request, o Offer) (Booking, error) {
	m, err := mediatorByID(ctx, tx, o.Mediator)
	if err != nil {
		return Booking{}, err
	}
	rules, err := rulesOf(ctx, tx, r.Member)
	if err != nil {
		return Booking{}, err
	}
	length := r.Slot.End.Sub(r.Slot.Start)
	r.Mode = o.Mode
	start := ceil(now, Quantum)
	if r.Mode == InPerson {
		start = start.Add(Way(m.Home, r.Place))
	}
	r.Slot, r.State = Slot{Start: start, End: start.Add(length)}, Booked
	if err := u.withinCap(ctx, tx, rules, r.Member, []Request{*r}); err != nil { // other bookings were made since the call went out
		return Booking{}, capThere(err)
	}
	b, err := u.book(ctx, tx, now, *r, 0, o.Mediator, Why{By: ByAnswer}, rules)
	if lost(err) { // the request is open: what is in the way is their own
		err = fault.Conflict("mediation.engaged")
	}
	if err != nil {
		return Booking{}, err
	}
	return b, updateRequest(ctx, tx, r)
}

// tooLate remembers that somebody would have come; that it could not be written changes no answer.
func (u *UseCases) tooLate(ctx context.Context, offer string) {
	_, _ = db.Exec(ctx, u.DB, `UPDATE mediation_offer SET answer = 'late', answered = $2 WHERE id = $1 AND answer IN ('', 'withdrawn', 'refused')
		AND request IN (SELECT r.id FROM mediation_request r WHERE r.state IN ('booked', 'done'))`, offer, db.Millis(u.Clock()))
}

func (u *UseCases) answerBooking(ctx context.Context, tx *db.Tx, actor access.Actor, id string, yes bool) error {
	now := u.Clock()
	b, err := bookingByID(ctx, tx, id)
	if err != nil {
		return err
	}
	switch {
	case b.State == Confirmed && yes:
		return nil
	case b.State != Proposed && !(b.State == Confirmed && b.Slot.Start.After(now)):
		return fault.Conflict("mediation.settled")
	}
	given := Accepted
	var next Booking
	if yes {
		b.State, b.AnswerBy = Confirmed, time.Time{}
		err = updateBooking(ctx, tx, now, &b)
	} else {
		given = DeclinedOffer
		reason := ByRefusal
		if b.State == Confirmed {
			reason = ByMediator
		}
		next, err = u.replace(ctx, tx, now, b, reason)
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.request.answer", Kind: "mediation-request", Record: b.Request, Changes: append(next.Why.changes(), audit.Change{Field: "answer", After: given})})
}

// replace gives a booking that its mediator can't keep to the next best, or leaves the request open: then
// the booking that it gives is none.
func (u *UseCases) replace(ctx context.Context, tx *db.Tx, now time.Time, b Booking, reason string) (Booking, error) {
	if err := u.release(ctx, tx, now, b, Declined, reason); err != nil {
		return Booking{}, err
	}
	r, err := requestByID(ctx, tx, b.Request)
	if err != nil {
		return Booking{}, err
	}
	rules, err := rulesOf(ctx, tx, r.Member)
	if err != nil {
		return Booking{}, err
	}
	all, err := u.candidates(ctx, tx, r, now, r.Slot.Start, r.Slot.End)
	if err != nil {
		return Booking{}, err
	}
	before, err := bookingsOf(ctx, tx, r.ID)
	if err != nil {
		return Booking{}, err
	}
	for _, c := range Rank(now, r, rules.Weights, all) {
		asked := false
		for _, old := range before {
			asked = asked || old.Mediator == c.Candidate.Mediator.ID
		}
		if asked || c.Why.Barred != nil {
			continue
		}
		next, err := u.book(ctx, tx, now, r, b.Seat, c.Candidate.Mediator.ID, c.Why, rules)
		if err != nil {
			return Booking{}, err
		}
		return next, u.announce(ctx, tx, next, c.Candidate.Mediator, r)
	}
	r.State = Open
	if err := updateRequest(ctx, tx, &r); err != nil {
		return Booking{}, err
	}
	return Booking{}, u.vacant(ctx, tx, now, r, rules, b)
}

// announce tells a mediator of a booking.
func (u *UseCases) announce(ctx context.Context, tx *db.Tx, b Booking, m Mediator, r Request) error {
	template := "mediation.booked"
	if b.State == Proposed {
		template = "mediation.proposed"
	}
	return u.call(ctx, tx, template, b.ID+"/"+number(int(b.Version)), m, r, linkTo{kind: linkBooking, object: b.ID, until: r.Slot.End.Add(keepLinks)})
}

func missing(err error) error {
	if fault.Is(err, fault.KindNotFound) {
		return access.Missing()
	}
	return err
}

func number(n int) string { return strconv.Itoa(n) }
