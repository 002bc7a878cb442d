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

// terms say what calling off a booking costs under rules. Who has not said yes is owed nothing.
func (b Booking) terms(rules Rules) Terms {
	t := Terms{FreeUntil: b.Slot.Start.Add(-rules.CancelFree), Share: rules.CancelShare}
	if b.State == Confirmed {
		t.Minutes = Share(b.Slot.Minutes(), rules.CancelShare)
	}
	return t
}
