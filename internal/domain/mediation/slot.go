// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"time"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/geo"
)

// Quantum is the grain of all engagements: they begin and end on five minutes.
const Quantum = 5 * time.Minute

// MaxLength is the longest engagement; more days are a series or a residency.
const MaxLength = 12 * time.Hour

// Mode is how mediation takes place. Its values are stored.
type Mode string

// The modes.
const (
	InPerson Mode = "in_person"
	Video    Mode = "video"
	Phone    Mode = "phone"
	Written  Mode = "written"
)

// Modes are all modes, in the order in which people are shown them.
var Modes = []Mode{InPerson, Video, Phone, Written}

// Remote says whether nobody has to go anywhere.
func (m Mode) Remote() bool { return m != InPerson }

// Slot is when an engagement takes place.
type Slot struct{ Start, End time.Time }

// Check says what is wrong with a slot; field names the form field of its beginning.
func (s Slot) Check(field string) error {
	switch {
	case s.Start.IsZero() || s.End.IsZero():
		return fault.Invalid(field, "mediation.slot.missing")
	case s.Start.UnixMilli()%Quantum.Milliseconds() != 0 || s.End.UnixMilli()%Quantum.Milliseconds() != 0:
		return fault.Invalid(field, "mediation.slot.grain")
	case !s.End.After(s.Start):
		return fault.Invalid(field, "mediation.slot.backward")
	case s.End.Sub(s.Start) > MaxLength:
		return fault.Invalid(field, "mediation.slot.long", "hours", int(MaxLength.Hours()))
	}
	return nil
}

// Interval is the slot as the calendar knows it.
func (s Slot) Interval() calendar.Interval { return calendar.Interval{From: s.Start, To: s.End} }

// Overlaps says whether two slots share a moment.
func (s Slot) Overlaps(o Slot) bool { return s.Start.Before(o.End) && o.Start.Before(s.End) }

// Minutes is the length of the slot.
func (s Slot) Minutes() int { return int(s.End.Sub(s.Start) / time.Minute) }

// Place is where an engagement takes place, or where a mediator sets out from. The zero Place is
// nowhere in particular: no way leads there.
type Place struct {
	Name    string    `json:"name,omitempty"`    // as people say it: "Consultorio di via Verdi"
	Address string    `json:"address,omitempty"` // street and number
	Comune  string    `json:"comune,omitempty"`  // ISTAT code
	Point   geo.Point `json:"point,omitzero"`
}

// Known says whether the place lies somewhere.
func (p Place) Known() bool { return p.Point != geo.Point{} }

// Ways on the map are longer than the crow flies, and begin and end with a walk and a wait.
const (
	detour    = 1.3
	speed     = 45.0 // km/h, door to door, by bus or car between comuni
	startStop = 10 * time.Minute
	nearby    = 300.0         // metres: the next door, no way worth counting
	maxWay    = 6 * time.Hour // farther is a journey, which a person arranges
)

// Way is how long one is on the way from one place to another, in whole quanta; zero between places
// of which one is not known, and within walking distance. It is an estimate from the distance alone:
// asking a route planner would tell strangers who goes where.
func Way(from, to Place) time.Duration {
	if !from.Known() || !to.Known() {
		return 0
	}
	metres := geo.Distance(from.Point, to.Point)
	if metres <= nearby {
		return 0
	}
	d := startStop + time.Duration(metres/1000*detour/speed*float64(time.Hour))
	return min((d + Quantum - 1).Truncate(Quantum), maxWay)
}
