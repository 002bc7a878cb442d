// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"cmp"
	"context"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/kit/db"
)

// Costs are what a booking costs that does not take place as it was meant to.
type Costs struct {
	Free        time.Duration `json:"free"`   // before it, calling off costs nothing
	CancelShare int           `json:"cancel"` // per cent of the time that is owed after that
	AbsentShare int           `json:"absent"` // and when the person does not come
}

// costs are those that the rules of a body say.
func (r Rules) costs() Costs {
	return Costs{Free: r.CancelFree, CancelShare: r.CancelShare, AbsentShare: r.AbsentShare}
}

// Conditions are the costs that were agreed to for a booking, and what says so.
type Conditions struct {
	Costs
	From      string // the body that lends the mediator; "" for one's own
	Under     string // the agreement that says all this; "" when the rules of a body do
	Agreement string // its title
}

// Fee says which part of the time is owed where not all of it is, and what says so.
type Fee struct {
	Share int    `json:"share"`           // per cent
	Under string `json:"under,omitempty"` // an agreement; "" for the rules of a body
}

// Cancelled is the fee for calling off too late.
func (c Conditions) Cancelled() Fee { return Fee{Share: c.CancelShare, Under: c.Under} }

// Absent is the fee for a mediator who came for nobody.
func (c Conditions) Absent() Fee { return Fee{Share: c.AbsentShare, Under: c.Under} }

// Terms are what is owed for a booking that the desk calls off.
type Terms struct {
	Conditions
	FreeUntil time.Time
	Minutes   int // that would be owed from then on
}

// Late says whether calling off costs something at a moment.
func (t Terms) Late(now time.Time) bool { return now.After(t.FreeUntil) && t.Minutes > 0 }

// TermsWith are the conditions under which a booking was made. For a mediator whom another body lends they are
// those of the agreement under which it does, also once that has ended: both signed them, and they do not change.
// An agreement that says nothing of them, and a list that the network makes common, leave them to the rules of the
// body that lends: it pays the mediator, and whoever books is shown them before. For one's own they are one's own
// rules. Rules are those of the day of the booking: who decides others later changes nothing that was booked.
func TermsWith(ctx context.Context, q db.Querier, b Booking) (Conditions, error) {
	c := Conditions{From: b.Why.From}
	if b.Why.Costs != nil {
		c.Costs = *b.Why.Costs
	} else if rules, err := rulesOf(ctx, q, cmp.Or(b.Why.From, b.Member)); err != nil { // booked before costs were kept
		return c, err
	} else {
		c.Costs = rules.costs()
	}
	if b.Why.From == "" || b.Why.Under == UnderCommonList {
		return c, nil
	}
	fees, title, err := network.FeesUnder(ctx, q, b.Why.Under)
	if err != nil || fees == nil {
		return c, err
	}
	c.Free, c.CancelShare, c.AbsentShare = time.Duration(fees.FreeHours)*time.Hour, fees.CancelShare, fees.AbsentShare
	c.Under, c.Agreement = b.Why.Under, title
	return c, nil
}

// terms say what calling off a booking costs under conditions. Who has not said yes is owed nothing, unless they
// had said yes to a time that was moved too late: moving first makes nothing free.
func (b Booking) terms(c Conditions) Terms {
	t := Terms{Conditions: c, FreeUntil: b.Slot.Start.Add(-c.Free)}
	missed := b.Why.Missed
	if !missed.Start.IsZero() {
		t.FreeUntil = earlier(b.Slot.Start, missed.Start).Add(-c.Free)
	}
	switch {
	case b.State == Confirmed:
		t.Minutes = Share(max(b.Slot.Minutes(), missed.Minutes()), c.CancelShare)
	case b.State == Proposed:
		t.Minutes = Share(missed.Minutes(), c.CancelShare)
	}
	return t
}

// miss notes the time that a booking had when the desk moves it too late to have called it off for free.
func miss(ctx context.Context, q db.Querier, now time.Time, b *Booking) error {
	c, err := TermsWith(ctx, q, *b)
	if err != nil || b.State != Confirmed || !b.Why.Missed.Start.IsZero() || !b.terms(c).Late(now) {
		return err
	}
	b.Why.Missed = b.Slot
	return nil
}
