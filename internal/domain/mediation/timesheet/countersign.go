// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"context"
	"errors"
	"slices"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Charge says what pays for a session: an activity of a project, or nothing in particular.
type Charge struct{ Project, Activity string }

// check fails when it is not one of those that the body that asked may charge to, nor what somebody has signed
// already: a project may have been closed since.
func (c Charge) check(ctx context.Context, q db.Querier, s Session) error {
	if c == (Charge{}) || s.SignedBy != "" && c == (Charge{s.Project, s.Activity}) {
		return nil
	}
	known, err := charges(ctx, q, s.Member)
	if err == nil && !slices.ContainsFunc(known, func(b Budget) bool { return b.Charge == c }) {
		err = fault.Invalid("charge", "timesheet.charge")
	}
	return err
}

// Countersign says that a session took place as its mediator says, and what pays for it. Faults: Conflict
// timesheet.over when it does not wait for that, timesheet.own for one's own; Invalid; access.Missing.
func (u *UseCases) Countersign(ctx context.Context, actor access.Actor, booking string, c Charge) error {
	return u.decide(ctx, actor, "mediation.session.countersign", booking, func(ctx context.Context, tx *db.Tx, w work, s *Session) (string, error) {
		if s.State != Reported {
			return "", fault.Conflict("timesheet.over")
		}
		return string(Confirmed), u.sign(ctx, tx, actor, s, c)
	})
}

// sign puts the countersignature of the actor under a session.
func (u *UseCases) sign(ctx context.Context, q db.Querier, actor access.Actor, s *Session, c Charge) error {
	if err := c.check(ctx, q, *s); err != nil {
		return err
	}
	s.State, s.SignedBy, s.SignedAt = Confirmed, actor.Account, u.Clock()
	s.Project, s.Activity = c.Project, c.Activity
	return nil
}

// Contest says what is not right about a session, and how many minutes the desk would countersign; or that
// the mediator did not come. text is for those concerned alone. The mediator is told. Faults: Invalid
// by field; Conflict timesheet.over, timesheet.early, timesheet.own; access.Missing.
func (u *UseCases) Contest(ctx context.Context, actor access.Actor, booking, reason string, minutes int, text string) error {
	var wrong []error
	if !slices.Contains(Reasons, reason) {
		wrong = append(wrong, fault.Invalid("reason", "timesheet.choice"))
	}
	if minutes < 0 || minutes > int(mediation.MaxLength.Minutes()) {
		wrong = append(wrong, fault.Invalid("minutes", "timesheet.minutes", "most", int(mediation.MaxLength.Minutes())))
	}
	if err := errors.Join(append(wrong, short(text))...); err != nil {
		return err
	}
	return u.decide(ctx, actor, "mediation.session.countersign", booking, func(ctx context.Context, tx *db.Tx, w work, s *Session) (string, error) {
		now := u.Clock()
		if reason == ReasonAbsent {
			switch {
			case w.Booking.State != mediation.Confirmed && s.State != Reported || s.State == Begun || s.State == Ended:
				return "", fault.Conflict("timesheet.over")
			case now.Before(w.Booking.Slot.Start.Add(grace)):
				return "", fault.Conflict("timesheet.early")
			}
			minutes = 0
			s.grant(MediatorAbsent, 0)
			if err := u.Mediation.Settle(ctx, tx, w.Engaged, mediation.MediatorAbsent); err != nil {
				return "", err
			}
		} else if s.State != Reported {
			return "", fault.Conflict("timesheet.over")
		}
		s.State, s.Dispute = Disputed, &Dispute{Reason: reason, Minutes: minutes, By: actor.Account, At: now}
		if err := u.keep(ctx, tx, s); err != nil {
			return "", err
		}
		if text != "" {
			if err := u.note(ctx, tx, booking, func(n *Notes) { n.Desk = text }); err != nil {
				return "", err
			}
		}
		return string(Disputed), u.Mediation.TellAfter(ctx, tx, "mediation.disputed", w.Booking.ID, w.Engaged)
	})
}

// Resolution is what a coordinator decides.
type Resolution struct {
	Outcome  Outcome
	Minutes  int
	Travel   int
	Expenses int64 // cents
	Text     string
	Charge   Charge
}

// Resolve decides a dispute, changes what is owed for a late cancellation, or corrects what was countersigned
// and has to say why. Faults: Invalid by field; Conflict timesheet.over, timesheet.own also for whoever
// contested it, timesheet.frozen when it stands on a timesheet that was signed; access.Missing.
func (u *UseCases) Resolve(ctx context.Context, actor access.Actor, booking string, r Resolution) error {
	var wrong []error
	add := func(bad bool, mistake error) {
		if bad {
			wrong = append(wrong, mistake)
		}
	}
	most := int(mediation.MaxLength.Minutes())
	add(!slices.Contains(Outcomes, r.Outcome), fault.Invalid("outcome", "timesheet.choice"))
	add(r.Minutes < 0 || r.Minutes > most, fault.Invalid("minutes", "timesheet.minutes", "most", most))
	add(r.Travel < 0 || r.Travel > maxTravel, fault.Invalid("travel", "timesheet.travel", "most", maxTravel))
	add(r.Expenses < 0 || r.Expenses > maxSpent*maxExpense, fault.Invalid("expenses", "timesheet.spent", "most", maxSpent*maxExpense/100))
	if err := errors.Join(append(wrong, short(r.Text))...); err != nil {
		return err
	}
	return u.decide(ctx, actor, "mediation.session.resolve", booking, func(ctx context.Context, tx *db.Tx, w work, s *Session) (string, error) {
		fee := s.Outcome == CancelledLate
		switch {
		case s.Timesheet != "":
			return "", fault.Conflict("timesheet.frozen")
		case s.State != Disputed && !s.State.Final():
			return "", fault.Conflict("timesheet.over")
		case s.Dispute != nil && s.Dispute.By == actor.Account:
			return "", fault.Conflict("timesheet.own")
		case fee != (r.Outcome == CancelledLate):
			return "", fault.Invalid("outcome", "timesheet.choice")
		case s.State != Disputed && !fee && r.Text == "":
			return "", fault.Invalid("text", "timesheet.text_missing")
		}
		if err := r.Charge.check(ctx, tx, *s); err != nil {
			return "", err
		}
		if !fee {
			state := map[Outcome]mediation.BookingState{Held: mediation.Finished, UserAbsent: mediation.UserAbsent, MediatorAbsent: mediation.MediatorAbsent}[r.Outcome]
			if err := u.Mediation.Settle(ctx, tx, w.Engaged, state); err != nil {
				return "", err
			}
		}
		s.grant(r.Outcome, r.Minutes)
		s.State, s.Travel, s.Expenses = Settled, r.Travel, r.Expenses
		s.Project, s.Activity, s.SignedBy, s.SignedAt = r.Charge.Project, r.Charge.Activity, actor.Account, u.Clock()
		if err := u.keep(ctx, tx, s); err != nil {
			return "", err
		}
		if r.Text != "" {
			if err := u.note(ctx, tx, booking, func(n *Notes) { n.Coordinator = r.Text }); err != nil {
				return "", err
			}
		}
		return string(Settled), nil
	})
}

// decide runs what somebody other than the mediator does with a session, writes and records it.
func (u *UseCases) decide(ctx context.Context, actor access.Actor, action, booking string, do func(context.Context, *db.Tx, work, *Session) (string, error)) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		w, err := u.open(ctx, tx, actor, action, booking)
		if err != nil {
			return err
		}
		if w.Mediator.Account != "" && w.Mediator.Account == actor.Account {
			return fault.Conflict("timesheet.own")
		}
		s, version := w.Session, w.Session.Version
		what, err := do(ctx, tx, w, &s)
		if err != nil {
			return err
		}
		if s.Version == version { // not written yet
			if err := u.keep(ctx, tx, &s); err != nil {
				return err
			}
		}
		return u.record(ctx, tx, actor, action, booking, what)
	})
}

// keep writes a session before something is sealed beside it.
func (u *UseCases) keep(ctx context.Context, tx *db.Tx, s *Session) error {
	return write(ctx, tx, u.Clock(), s)
}
