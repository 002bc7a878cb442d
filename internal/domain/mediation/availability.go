// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"time"

	"approdo/internal/kit/calendar"
)

// Exception is a time off, or a time on besides the weekly hours.
type Exception struct {
	ID       string
	Mediator string
	Slot     Slot
	Free     bool   // on, not off
	Source   string // Own, FromCalendar or FromImport
	UID      string // of the entry in an outside calendar
}

// Where exceptions come from. Their values are stored.
const (
	Own          = "own"
	FromCalendar = "calendar"
	FromImport   = "import"
)

// Working gives the times within [from, to) at which a mediator works in a mode: the weekly hours, as
// they are on the wall in Italy, without public holidays, with the times on and without the times
// off. What is taken by engagements is still in it.
func Working(m Mediator, exceptions []Exception, mode Mode, from, to time.Time) []calendar.Interval {
	rome := calendar.Rome()
	var on, off []calendar.Interval
	window := calendar.Interval{From: from, To: to}
	first := calendar.DayOf(from, rome)
	for d := first - 1; d <= calendar.DayOf(to, rome); d++ {
		_, holiday := calendar.HolidayOn(d)
		weekday := d.Weekday()
		for _, h := range m.Hours {
			if h.Weekday != weekday || d < first && h.To > h.From || // only a night lasts into the next day
				holiday && !h.Holidays || h.Remote && !mode.Remote() || h.Since > d || h.Until != 0 && h.Until < d {
				continue
			}
			until := d
			if h.To <= h.From {
				until++
			}
			if i, some := (calendar.Interval{From: calendar.Earliest(d, h.From, rome), To: calendar.Latest(until, h.To, rome)}).Intersect(window); some {
				on = append(on, i)
			}
		}
	}
	for _, e := range exceptions {
		i, some := e.Slot.Interval().Intersect(window)
		switch {
		case !some:
		case e.Free:
			on = append(on, i)
		default:
			off = append(off, i)
		}
	}
	return calendar.Subtract(calendar.Merge(on), calendar.Merge(off))
}

// works says whether a slot lies wholly within the working times.
func works(working []calendar.Interval, s Slot) bool {
	for _, i := range working {
		if !i.From.After(s.Start) && !i.To.Before(s.End) {
			return true
		}
	}
	return false
}
