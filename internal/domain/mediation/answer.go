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
// it was called off. access.Missing for whoever it is not for.
func (u *UseCases) Answer(ctx context.Context, actor access.Actor, kind, object string, yes bool) error {
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		l := Link{Kind: kind, Object: object}
		var mediator string
		switch kind {
		case linkOffer:
			o, err := offerByID(ctx, tx, object)
			if err != nil {
				return missing(err)
			}
			mediator = o.Mediator
		case linkBooking:
			b, err := bookingByID(ctx, tx, object)
			if err != nil {
				return missing(err)
			}
			mediator = b.Mediator
		default:
			return access.Missing()
		}
		l.Mediator.ID = mediator
		if err := u.fill(ctx, tx, &l); err != nil {
			return err
		}
		if actor.Account == "" || l.Mediator.Account != actor.Account {
			return access.Missing()
		}
		return u.answer(ctx, tx, actor, kind, object, yes)
	})
	if fault.Is(err, fault.KindConflict) && kind == linkOffer && yes {
		u.tooLate(ctx, object)
	}
	return err
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
	if yes {
		given = Accepted
		if err := u.accept(ctx, tx, now, &r, o); err != nil {
			return err
		}
	}
	if _, err := db.Exec(ctx, tx, `UPDATE mediation_offer SET answer = $2, answered = $3 WHERE id = $1`, id, given, db.Millis(now)); err != nil {
		return err
	}
	if yes {
		err = withdraw(ctx, tx, now, r.ID)
	} else {
		err = u.hurry(ctx, tx, now, &r)
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.request.answer", Kind: "mediation-request", Record: r.ID, Changes: []audit.Change{{Field: "answer", After: given}}})
}

// hurry sends the next wave at once when everybody of the last has said no.
func (u *UseCases) hurry(ctx context.Context, tx *db.Tx, now time.Time, r *Request) error {
	waiting, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_offer WHERE request = $1 AND answer = ''`, r.ID)
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
			if err := u.replace(ctx, tx, now, b, ByNoAnswer); err != nil {
				return err
			}
			return byItself(ctx, tx, now, b.Request, ByNoAnswer)
		}); err != nil {
			return err
		}
	}
	return nil
}

// byItself records what the program did to a request because time went by.
func byItself(ctx context.Context, tx *db.Tx, now time.Time, request, reason string) error {
	return audit.Record(ctx, tx, now, audit.Event{
		Actor: audit.Actor{Via: audit.ViaJob}, Action: "mediation.request.edit", Kind: "mediation-request", Record: request, Changes: []audit.Change{{Field: "reason", After: reason}},
	})
}

// accept books the mediator of an offer from now on, and the way there.
func (u *UseCases) accept(ctx context.Context, tx *db.Tx, now time.Time, r *Request, o Offer) error {
	m, err := mediatorByID(ctx, tx, o.Mediator)
	if err != nil {
		return err
	}
	rules, err := rulesOf(ctx, tx, r.Member)
	if err != nil {
		return err
	}
	length := r.Slot.End.Sub(r.Slot.Start)
	r.Mode = o.Mode
	start := ceil(now, Quantum)
	if r.Mode == InPerson {
		start = start.Add(Way(m.Home, r.Place))
	}
	r.Slot, r.State = Slot{Start: start, End: start.Add(length)}, Booked
	if err := updateRequest(ctx, tx, r); err != nil {
		return err
	}
	_, err = u.book(ctx, tx, now, *r, 0, o.Mediator, Why{By: ByAnswer}, rules)
	return err
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
	if yes {
		b.State, b.AnswerBy = Confirmed, time.Time{}
		err = updateBooking(ctx, tx, now, &b)
	} else {
		given = DeclinedOffer
		reason := ByRefusal
		if b.State == Confirmed {
			reason = ByMediator
		}
		err = u.replace(ctx, tx, now, b, reason)
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.request.answer", Kind: "mediation-request", Record: b.Request, Changes: []audit.Change{{Field: "answer", After: given}}})
}

// replace gives a booking that its mediator can't keep to the next best, or leaves the request open.
func (u *UseCases) replace(ctx context.Context, tx *db.Tx, now time.Time, b Booking, reason string) error {
	if err := u.release(ctx, tx, now, b, Declined, reason); err != nil {
		return err
	}
	r, err := requestByID(ctx, tx, b.Request)
	if err != nil {
		return err
	}
	rules, err := rulesOf(ctx, tx, r.Member)
	if err != nil {
		return err
	}
	all, err := candidates(ctx, tx, r, now, r.Slot.Start, r.Slot.End)
	if err != nil {
		return err
	}
	before, err := bookingsOf(ctx, tx, r.ID)
	if err != nil {
		return err
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
			return err
		}
		return u.announce(ctx, tx, next, c.Candidate.Mediator, r)
	}
	r.State = Open
	return updateRequest(ctx, tx, &r)
}

// announce tells a mediator of a booking.
func (u *UseCases) announce(ctx context.Context, tx *db.Tx, b Booking, m Mediator, r Request) error {
	template := "mediation.booked"
	if b.State == Proposed {
		template = "mediation.proposed"
	}
	return u.call(ctx, tx, template, b.ID+"/"+number(int(b.Version)), m, r, linkTo{kind: linkBooking, object: b.ID, until: r.Slot.End})
}

func missing(err error) error {
	if fault.Is(err, fault.KindNotFound) {
		return access.Missing()
	}
	return err
}

func number(n int) string { return strconv.Itoa(n) }
