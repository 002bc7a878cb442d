// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"time"

	"approdo/internal/kit/db"
)

// Terms are what is owed for a booking that the desk calls off.
type Terms struct {
	FreeUntil time.Time
	Share     int // per cent of the time, from then on
	Minutes   int // that would be owed from then on
}

// Late says whether calling off costs something at a moment.
func (t Terms) Late(now time.Time) bool { return now.After(t.FreeUntil) && t.Minutes > 0 }

// TermsWith are the rules under which a booking was made: those of the body that answers for the mediator when
// it is another, since that is what the two agreed to, and those of the body that asked otherwise.
func TermsWith(ctx context.Context, q db.Querier, b Booking) (Rules, error) {
	if b.Why.From != "" {
		return rulesOf(ctx, q, b.Why.From)
	}
	return rulesOf(ctx, q, b.Member)
}

// terms say what calling off a booking costs under rules. Who has not said yes is owed nothing, unless they
// had said yes to a time that was moved too late: moving first makes nothing free.
func (b Booking) terms(rules Rules) Terms {
	t := Terms{FreeUntil: b.Slot.Start.Add(-rules.CancelFree), Share: rules.CancelShare}
	missed := b.Why.Missed
	if !missed.Start.IsZero() {
		t.FreeUntil = earlier(b.Slot.Start, missed.Start).Add(-rules.CancelFree)
	}
	switch {
	case b.State == Confirmed:
		t.Minutes = Share(max(b.Slot.Minutes(), missed.Minutes()), rules.CancelShare)
	case b.State == Proposed:
		t.Minutes = Share(missed.Minutes(), rules.CancelShare)
	}
	return t
}

// miss remembers the time that a booking had when the desk moved it too late to have called it off for free.
func miss(ctx context.Context, tx *db.Tx, now time.Time, b *Booking) error {
	rules, err := TermsWith(ctx, tx, *b)
	if err != nil || b.State != Confirmed || !b.Why.Missed.Start.IsZero() || !b.terms(rules).Late(now) {
		return err
	}
	b.Why.Missed = b.Slot
	_, err = db.Exec(ctx, tx, `UPDATE mediation_booking SET why = $2 WHERE id = $1`, b.ID, db.JSON(b.Why))
	return err
}
