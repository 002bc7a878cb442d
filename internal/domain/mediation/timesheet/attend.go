// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

const (
	codeHolds = 10 * time.Minute
	codeTries = 5
)

// ShowCode makes the code that a desk shows to whoever comes, in place of an earlier one: with it the
// mediator checks in or out, and both have said so. Faults: Conflict timesheet.over; access.Missing.
func (u *UseCases) ShowCode(ctx context.Context, actor access.Actor, booking string) error {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return err
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		w, err := u.open(ctx, tx, actor, "mediation.session.countersign", booking)
		if err != nil {
			return err
		}
		if w.Mediator.Account != "" && w.Mediator.Account == actor.Account {
			return fault.Conflict("timesheet.own")
		}
		if w.Booking.State != mediation.Confirmed || w.Session.State != Expected && w.Session.State != Begun {
			return fault.Conflict("timesheet.over")
		}
		s := w.Session
		s.Code, s.CodeUntil, s.CodeTries = fmt.Sprintf("%06d", n), now.Add(codeHolds), 0
		if err := write(ctx, tx, now, &s); err != nil {
			return err
		}
		return u.record(ctx, tx, actor, "mediation.session.countersign", booking, "code")
	})
}

// Attend checks a mediator in, or out; code is the one that the desk shows, "" for none. The same button
// again changes nothing. Faults: Conflict timesheet.early before its time, timesheet.over after, or for who
// goes and never came; Invalid by field for a code that is not the one; access.Missing.
func (u *UseCases) Attend(ctx context.Context, actor access.Actor, d Door, leaves bool, code string) error {
	var wrong error
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		wrong = nil
		now := u.Clock()
		w, err := u.enter(ctx, tx, actor, d)
		if err != nil {
			return err
		}
		s := w.Session
		switch {
		case s.State == Begun && !leaves || s.State == Ended && leaves:
			return nil
		case w.Booking.State != mediation.Confirmed || s.State == Expected && leaves || s.State != Expected && s.State != Begun:
			return fault.Conflict("timesheet.over")
		case now.Before(w.Booking.Slot.Start.Add(-mediation.Early)):
			return fault.Conflict("timesheet.early")
		}
		by := ByPage
		if d.Secret != "" {
			by = ByLink
		}
		if code != "" {
			by = ByCode
			if s.CodeTries >= codeTries || now.After(s.CodeUntil) || subtle.ConstantTimeCompare([]byte(code), []byte(s.Code)) != 1 {
				// The try is counted, so the transaction has to hold.
				wrong = fault.Invalid("code", "timesheet.code")
				if s.Version == 0 {
					return nil
				}
				s.CodeTries++
				return write(ctx, tx, now, &s)
			}
			s.Code, s.CodeUntil, s.CodeTries = "", time.Time{}, 0
		}
		if s.State == Expected {
			s.State, s.Began, s.InBy = Begun, now, by
			s.Day = calendar.DayOf(now, calendar.Rome()).String()
		} else {
			s.State, s.Ended, s.OutBy = Ended, now, by
			s.Minutes = Worked(s.Began, s.Ended)
		}
		if err := write(ctx, tx, now, &s); err != nil {
			return err
		}
		return u.record(ctx, tx, actor, "mediation.session.report", s.Booking, string(s.State))
	})
	if err == nil {
		err = wrong
	}
	return err
}

func (u *UseCases) record(ctx context.Context, tx *db.Tx, actor access.Actor, action, booking, what string) error {
	return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: action, Kind: "mediation-session", Record: booking, Changes: []audit.Change{{Field: "state", After: what}}})
}
