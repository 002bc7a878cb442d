// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"context"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// MostMarked is how many sessions are countersigned at once: those of a page.
const MostMarked = 100

// Marked is a session that somebody marked in a list, as they saw it there.
type Marked struct {
	Booking string
	Version int64
}

// Unsigned is a session that could not be countersigned with the others.
type Unsigned struct {
	Booking string
	Name    string // of the mediator
	Slot    mediation.Slot
	Why     *fault.Error
}

// CountersignAll countersigns sessions as their mediators reported them, each charged to what its request says:
// all of them, or none, and then it gives those that could not be, each with why. What has changed since it was
// seen is not signed. Faults: Conflict timesheet.not_all; Invalid for none, or too many; access.Missing when one
// of them does not exist for the actor.
func (u *UseCases) CountersignAll(ctx context.Context, actor access.Actor, list []Marked) (not []Unsigned, err error) {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Marked) int { return strings.Compare(a.Booking, b.Booking) })
	list = slices.CompactFunc(list, func(a, b Marked) bool { return a.Booking == b.Booking })
	if len(list) == 0 || len(list) > MostMarked {
		return nil, fault.Invalid("id", "timesheet.marked", "most", MostMarked)
	}
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		not = nil
		for _, m := range list {
			w, err := u.open(ctx, tx, actor, "mediation.session.countersign", m.Booking)
			if err != nil {
				return err
			}
			err = u.countersignMarked(ctx, tx, actor, w, m.Version)
			switch all := fault.All(err); {
			case fault.Is(err, fault.KindConflict), fault.Is(err, fault.KindInvalid):
				not = append(not, Unsigned{Booking: m.Booking, Name: w.Mediator.Name, Slot: w.Booking.Slot, Why: all[0]})
			case err != nil:
				return err
			}
		}
		if len(not) > 0 {
			return fault.Conflict("timesheet.not_all")
		}
		return nil
	})
	return not, err
}

// countersignMarked countersigns one of many.
func (u *UseCases) countersignMarked(ctx context.Context, tx *db.Tx, actor access.Actor, w work, version int64) error {
	s := w.Session
	switch {
	case w.Mediator.Account != "" && w.Mediator.Account == actor.Account:
		return fault.Conflict("timesheet.own")
	case s.State != Reported:
		return fault.Conflict("timesheet.over")
	case s.Version != version:
		return fault.Conflict("mediation.changed_meanwhile")
	}
	if err := u.sign(ctx, tx, actor, &s, Charge{s.Project, s.Activity}); err != nil {
		return err
	}
	if err := write(ctx, tx, u.Clock(), &s); err != nil {
		return err
	}
	return u.record(ctx, tx, actor, "mediation.session.countersign", s.Booking, string(Confirmed))
}
