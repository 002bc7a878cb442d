// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Report writes what a mediator says of a session, also again until somebody has countersigned. Hours
// of a check-in that are changed are hours written afterwards. Faults: Invalid by field; Conflict
// timesheet.early before it began, timesheet.over when it was countersigned; access.Missing.
func (u *UseCases) Report(ctx context.Context, actor access.Actor, d Door, r Report) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		w, err := u.enter(ctx, tx, actor, d)
		if err != nil {
			return err
		}
		s, b := w.Session, w.Booking
		switch {
		case !s.Editable() || b.State != mediation.Confirmed && b.State != mediation.Finished && b.State != mediation.UserAbsent:
			return fault.Conflict("timesheet.over")
		case now.Before(b.Slot.Start.Add(-mediation.Early)) || r.UserAbsent && now.Before(b.Slot.Start):
			return fault.Conflict("timesheet.early")
		}
		if err := r.check(b, now); err != nil {
			return err
		}
		agreed, err := mediation.TermsWith(ctx, tx, b)
		if err != nil {
			return err
		}
		s.apply(r, b, agreed)
		if err := write(ctx, tx, now, &s); err != nil {
			return err
		}
		if err := u.keepTopics(ctx, tx, w.Request, s); err != nil {
			return err
		}
		state := mediation.Finished
		if r.UserAbsent {
			state = mediation.UserAbsent
		}
		if err := u.Mediation.Settle(ctx, tx, w.Engaged, state); err != nil {
			return err
		}
		return u.record(ctx, tx, actor, "mediation.session.report", s.Booking, string(s.State))
	})
}

// apply writes a report that was checked into a session.
func (s *Session) apply(r Report, b mediation.Booking, agreed mediation.Conditions) {
	s.State, s.Outcome, s.Fee = Reported, Held, nil
	s.Done, s.Topics, s.Travel, s.Spent, s.Expenses = r.Done, r.Topics, r.Travel, r.Spent, 0
	for _, e := range r.Spent {
		s.Expenses += e.Cents
	}
	if r.UserAbsent {
		s.Outcome, s.Done, s.Topics = UserAbsent, nil, nil
		fee := agreed.Absent()
		s.Minutes, s.Fee = mediation.Share(b.Slot.Minutes(), fee.Share), &fee
		s.Day = calendar.DayOf(b.Slot.Start, calendar.Rome()).String()
		return
	}
	minute := func(a, b int64) bool { return a/60_000 == b/60_000 } // forms have no seconds
	if !minute(s.Began.UnixMilli(), r.Began.UnixMilli()) {
		s.Began, s.InBy = r.Began, ""
	}
	if !minute(s.Ended.UnixMilli(), r.Ended.UnixMilli()) {
		s.Ended, s.OutBy = r.Ended, ""
	}
	s.Minutes = Worked(s.Began, s.Ended)
	s.Day = calendar.DayOf(s.Began, calendar.Rome()).String()
}

// Answer is what a mediator says to a dispute: they agree with the desk, or answer and leave it to the
// coordinator. Faults: Conflict timesheet.over when there is none that is open; Invalid; access.Missing.
func (u *UseCases) Answer(ctx context.Context, actor access.Actor, d Door, agrees bool, text string) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		w, err := u.enter(ctx, tx, actor, d)
		if err != nil {
			return err
		}
		s := w.Session
		if s.State != Disputed || s.Dispute == nil {
			return fault.Conflict("timesheet.over")
		}
		if !agrees && text == "" {
			return fault.Invalid("text", "timesheet.text_missing")
		}
		if err := short(text); err != nil {
			return err
		}
		s.Dispute.Answered, s.Dispute.Agreed = now, agrees
		what := "answered"
		if agrees {
			what = "agreed"
			s.State = Confirmed
			s.grant(s.Outcome, s.Dispute.Minutes)
			s.SignedBy, s.SignedAt = s.Dispute.By, s.Dispute.At
		}
		if err := write(ctx, tx, now, &s); err != nil {
			return err
		}
		if text != "" {
			if err := u.note(ctx, tx, s.Booking, func(n *Notes) { n.Mediator = text }); err != nil {
				return err
			}
		}
		return u.record(ctx, tx, actor, "mediation.session.report", s.Booking, what)
	})
}

// grant writes what people settled on, which is then no share by rule any more.
func (s *Session) grant(outcome Outcome, minutes int) {
	if outcome != s.Outcome || minutes != s.Minutes {
		s.Fee = nil
	}
	s.Outcome, s.Minutes = outcome, minutes
}

const maxNote = 1000

func short(text string) error {
	if len([]rune(text)) > maxNote {
		return fault.Invalid("text", "timesheet.text_long", "most", maxNote)
	}
	return nil
}
