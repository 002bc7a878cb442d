// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// SetHours writes the weekly hours of a mediator; bookings that lie outside them stay. Faults: Invalid;
// Conflict when the entry was changed meanwhile; access.Missing.
func (u *UseCases) SetHours(ctx context.Context, actor access.Actor, id string, version int64, hours []Weekly) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		m, err := u.mediatorFor(ctx, tx, actor, "mediation.hours.edit", id)
		if err != nil {
			return err
		}
		if err := u.unseal(ctx, tx, "mediation_mediator", id, columnContact, &m.Contact); err != nil {
			return err
		}
		m.Version, m.Hours = version, hours
		if err := m.check(); err != nil {
			return err
		}
		if err := u.writeMediator(ctx, tx, now, &m); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.hours.edit", Kind: "mediator", Record: id})
	})
}

// AddException adds a time off, or on. It gives the bookings that lie in a time off: they stay until
// somebody decides.
func (u *UseCases) AddException(ctx context.Context, actor access.Actor, e Exception) (clashing []Booking, err error) {
	if !e.Slot.End.After(e.Slot.Start) || e.Slot.End.Sub(e.Slot.Start) > 366*24*time.Hour {
		return nil, fault.Invalid("start", "mediation.slot.backward")
	}
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		if _, err := u.mediatorFor(ctx, tx, actor, "mediation.hours.edit", e.Mediator); err != nil {
			return err
		}
		added := e
		added.ID, added.Source = db.NewID(), Own
		if err := insertException(ctx, tx, added); err != nil {
			return err
		}
		clashing = nil
		if !e.Free {
			if clashing, err = held(ctx, tx, e.Mediator, e.Slot.Start, e.Slot.End); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.hours.edit", Kind: "mediator", Record: e.Mediator})
	})
	return clashing, err
}

// RemoveException takes a time off or on away again.
func (u *UseCases) RemoveException(ctx context.Context, actor access.Actor, mediator, id string) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := u.mediatorFor(ctx, tx, actor, "mediation.hours.edit", mediator); err != nil {
			return err
		}
		n, err := db.Exec(ctx, tx, `DELETE FROM mediation_exception WHERE id = $1 AND mediator = $2`, id, mediator)
		if err != nil {
			return err
		}
		if n == 0 {
			return access.Missing()
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.hours.edit", Kind: "mediator", Record: mediator})
	})
}

// Agenda is what a mediator does within [From, To).
type Agenda struct {
	Mediator   Mediator
	Working    []calendar.Interval // hours, times on and off, without what is booked
	Exceptions []Exception
	Bookings   []Booking
}

// Agenda gives the agenda of a mediator whose hours the actor keeps: themselves, or the coordinator.
func (u *UseCases) Agenda(ctx context.Context, actor access.Actor, mediator string, from, to time.Time) (a Agenda, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if a.Mediator, err = u.mediatorFor(ctx, tx, actor, "mediation.hours.edit", mediator); err != nil {
			return err
		}
		if a.Exceptions, err = exceptionsOf(ctx, tx, mediator, from, to); err != nil {
			return err
		}
		a.Working = Working(a.Mediator, a.Exceptions, InPerson, from, to)
		a.Bookings, err = held(ctx, tx, mediator, from, to)
		return err
	})
	return a, err
}

func insertException(ctx context.Context, tx *db.Tx, e Exception) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO mediation_exception (id, mediator, start, finish, free, source, uid) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.ID, e.Mediator, db.Millis(e.Slot.Start), db.Millis(e.Slot.End), e.Free, e.Source, e.UID)
	return err
}
