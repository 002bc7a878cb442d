// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// What package roster stands on: it decides who is on the roster and with which entry, and asks the guard
// before it calls these.

// RosterTable is how the entries of the roster lie in SQL, as m.
var RosterTable = mediatorTable

// ResourceOf is an entry as policies ask about it.
func ResourceOf(m Mediator) access.Resource { return m.resource() }

// Entry reads an entry with its contact; access.Missing when there is none.
func (u *UseCases) Entry(ctx context.Context, q db.Querier, id string) (Mediator, error) {
	m, err := mediatorByID(ctx, q, id)
	if fault.Is(err, fault.KindNotFound) {
		return m, access.Missing()
	} else if err != nil {
		return m, err
	}
	return m, u.unseal(ctx, q, "mediation_mediator", id, columnContact, &m.Contact)
}

// Entries reads entries without contacts, those for which the condition after WHERE holds, by name.
func (u *UseCases) Entries(ctx context.Context, q db.Querier, condition string, args ...any) ([]Mediator, error) {
	return db.Rows(ctx, q, scanMediator, `SELECT `+mediatorColumns+` FROM mediation_mediator m WHERE `+condition, args...)
}

// KeepEntry checks an entry and writes it, anew when its version is 0. When the place changed from which
// somebody sets out, the ways to what they are booked for are claimed anew. Faults: Invalid by field;
// Conflict when somebody changed it meanwhile.
func (u *UseCases) KeepEntry(ctx context.Context, tx *db.Tx, now time.Time, m *Mediator) error {
	if err := m.check(); err != nil {
		return err
	}
	if m.Standing == Listed && m.Since.IsZero() {
		m.Since = now
	}
	old := Mediator{}
	if m.Version > 0 {
		var err error
		if old, err = mediatorByID(ctx, tx, m.ID); err != nil {
			return err
		}
	}
	if err := u.writeMediator(ctx, tx, now, m); err != nil {
		return err
	}
	if old.ID == "" || old.Home.Point == m.Home.Point {
		return nil
	}
	coming, err := held(ctx, tx, m.ID, now, now.Add(2*366*24*time.Hour))
	if err != nil {
		return err
	}
	for _, b := range coming {
		if err := arrange(ctx, tx, *m, b.Slot); fault.Is(err, fault.KindConflict) {
			return fault.Invalid("comune", "mediation.mediator.home_clash")
		} else if err != nil {
			return err
		}
	}
	return nil
}

// Coming says how many bookings of a mediator hold time from now on.
func (u *UseCases) Coming(ctx context.Context, q db.Querier, mediator string) (int, error) {
	list, err := held(ctx, q, mediator, u.Clock(), u.Clock().Add(10*366*24*time.Hour))
	return len(list), err
}

// CheckEntry says what is wrong with an entry, field by field.
func CheckEntry(m Mediator) error { return m.check() }
