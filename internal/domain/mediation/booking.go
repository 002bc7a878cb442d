// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"slices"
	"time"
)

// BookingState is where a booking stands. Its values are stored.
type BookingState string

// The states of a booking. Those that Holds says so of claim the time of the mediator.
const (
	Proposed       BookingState = "proposed" // the mediator has to say yes, and is held until AnswerBy
	Confirmed      BookingState = "confirmed"
	Finished       BookingState = "done"
	Cancelled      BookingState = "cancelled"
	Declined       BookingState = "refused"
	UserAbsent     BookingState = "user_absent"     // the mediator came for nobody
	MediatorAbsent BookingState = "mediator_absent" // nobody came
)

// Holds says whether the time of the mediator is taken.
func (s BookingState) Holds() bool {
	return slices.Contains([]BookingState{Proposed, Confirmed, Finished, UserAbsent}, s)
}

// Booking is one mediator for one seat of a request.
type Booking struct {
	ID       string
	Version  int64
	Request  string
	Seat     int
	Mediator string
	Member   string // the body that asks
	Mode     Mode
	Slot     Slot
	State    BookingState
	Place    Place
	Why      Why
	AnswerBy time.Time
	Ended    string // code of the reason why it was cancelled or refused
	Created  time.Time
	Changed  time.Time
}

// Engagement is the booking as time and place alone.
func (b Booking) Engagement() Engagement {
	return Engagement{Booking: b.ID, Slot: b.Slot, Mode: b.Mode, Place: b.Place}
}
