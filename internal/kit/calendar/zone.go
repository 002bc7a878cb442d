// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // the binary carries the time zone database: a bare container has none
)

// rome is looked up once: every reading of a schedule asks for it.
var rome = sync.OnceValue(func() *time.Location {
	loc, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic("calendar: the embedded time zone database has no Europe/Rome: " + err.Error())
	}
	return loc
})

// Rome returns the time zone of Italy.
func Rome() *time.Location { return rome() }

// Zone returns a time zone by its IANA name ("Europe/Rome"). "Local" is
// refused: what a service's hours mean must not depend on the machine.
func Zone(name string) (*time.Location, error) {
	if name == "Local" || name == "" {
		return nil, fmt.Errorf("time zone %q: not an IANA name", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone %q: %w", name, err)
	}
	return loc, nil
}

// Earliest returns the first instant at which a wall in loc shows c on day d;
// when the clocks skip c, the instant at which they skip.
func Earliest(d Day, c Clock, loc *time.Location) time.Time {
	first, _ := instants(d, c, loc)
	return first
}

// Latest returns the last instant at which a wall in loc shows c on day d; it
// differs from Earliest only in the hour that is lived twice.
func Latest(d Day, c Clock, loc *time.Location) time.Time {
	_, last := instants(d, c, loc)
	return last
}

// instants tries the offsets in force a day before and a day after: no zone
// changes twice within two days, and time.Date does not say which one it takes.
func instants(d Day, c Clock, loc *time.Location) (first, last time.Time) {
	wall := d.utc().Add(time.Duration(c) * time.Minute)
	_, before := wall.Add(-24 * time.Hour).In(loc).Zone()
	_, after := wall.Add(24 * time.Hour).In(loc).Zone()
	early := wall.Add(-time.Duration(before) * time.Second)
	late := wall.Add(-time.Duration(after) * time.Second)
	earlyFits, lateFits := shows(early, wall, loc), shows(late, wall, loc)
	switch {
	case earlyFits && lateFits:
		return early.In(loc), late.In(loc)
	case earlyFits:
		return early.In(loc), early.In(loc)
	case lateFits:
		return late.In(loc), late.In(loc)
	default:
		change := changeBetween(late, early, loc)
		return change, change
	}
}

func shows(instant, wall time.Time, loc *time.Location) bool {
	_, offset := instant.In(loc).Zone()
	return instant.Add(time.Duration(offset) * time.Second).Equal(wall)
}

// changeBetween finds the instant of the clock change inside a skipped hour.
func changeBetween(from, to time.Time, loc *time.Location) time.Time {
	_, offset := from.In(loc).Zone()
	low, high := from.Unix(), to.Unix()
	for low+1 < high {
		middle := low + (high-low)/2
		if _, o := time.Unix(middle, 0).In(loc).Zone(); o == offset {
			low = middle
		} else {
			high = middle
		}
	}
	return time.Unix(high, 0).In(loc)
}
