// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"cmp"
	"slices"
	"time"
)

// Engagement is what a mediator has to do: a booking, seen as time and place alone.
type Engagement struct {
	Booking string // identifier of the booking
	Slot    Slot
	Mode    Mode
	Place   Place
}

// Claim is five minutes of a mediator that one booking has taken.
type Claim struct {
	Quantum int64 // number of the five minutes since 1970
	Booking string
	Travel  bool // on the way, not at work
}

// Clash is what can't be: two engagements of one mediator at the same time, or too close for the way
// between them. Both are identifiers of bookings.
type Clash struct{ First, Second string }

// Layout gives the claims of a mediator who sets out from home and has these engagements, in any
// order. Between two engagements one goes home if there is time to get there and back; otherwise all
// the time between them is claimed for the way and the wait. It gives the clashes instead when there
// are any; claims are in order.
func Layout(home Place, engagements []Engagement) ([]Claim, []Clash) {
	var claims []Claim
	clashes := lay(home, slices.Clone(engagements), func(booking string, from, to time.Time, travel bool) {
		claims = take(claims, booking, from, to, travel)
	})
	if clashes != nil {
		return nil, clashes
	}
	return claims, nil
}

// fits says whether engagements have no clashes, and puts them in order.
func fits(home Place, engagements []Engagement) bool {
	return lay(home, engagements, func(string, time.Time, time.Time, bool) {}) == nil
}

// lay puts engagements in order and goes through the day of the mediator: each stretch of it is taken once.
func lay(home Place, list []Engagement, take func(booking string, from, to time.Time, travel bool)) []Clash {
	slices.SortFunc(list, func(a, b Engagement) int {
		return cmp.Or(a.Slot.Start.Compare(b.Slot.Start), a.Slot.End.Compare(b.Slot.End), cmp.Compare(a.Booking, b.Booking))
	})
	var clashes []Clash
	last, at := Engagement{}, home // the last engagement, and where the mediator is during it
	for _, e := range list {
		here := e.Place
		if e.Mode.Remote() {
			here = home
		}
		switch back := last.Slot.End.Add(Way(at, home)); {
		case last.Booking == "" || !back.After(e.Slot.Start.Add(-Way(home, here))):
			take(last.Booking, last.Slot.End, back, true)
			take(e.Booking, e.Slot.Start.Add(-Way(home, here)), e.Slot.Start, true)
		default:
			if e.Mode.Remote() {
				here = at
			}
			if e.Slot.Start.Before(last.Slot.End.Add(Way(at, here))) {
				clashes = append(clashes, Clash{First: last.Booking, Second: e.Booking})
				if e.Slot.End.Before(last.Slot.End) {
					continue // what comes next is held against the one that ends later
				}
			}
			take(e.Booking, last.Slot.End, e.Slot.Start, true)
		}
		take(e.Booking, e.Slot.Start, e.Slot.End, false)
		last, at = e, here
	}
	take(last.Booking, last.Slot.End, last.Slot.End.Add(Way(at, home)), true)
	return clashes
}

// take adds the claims of [from, to).
func take(claims []Claim, booking string, from, to time.Time, travel bool) []Claim {
	for q := quantum(from); q < quantum(to); q++ {
		claims = append(claims, Claim{Quantum: q, Booking: booking, Travel: travel})
	}
	return claims
}

// quantum is the number of the five minutes that begin at t.
func quantum(t time.Time) int64 { return t.UnixMilli() / Quantum.Milliseconds() }
