// SPDX-License-Identifier: EUPL-1.2

package ical

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"approdo/internal/kit/calendar"
)

// Occurrence is one time of an event.
type Occurrence struct {
	calendar.Interval
	Day bool // without hours: whole days
}

// Reading is what was found in a calendar.
type Reading struct {
	Times []Occurrence // within the window, in order
	Odd   int          // events and lines that were not understood
}

// Busy are the times without what lies between them, for who only asks whether somebody is busy.
func (r Reading) Busy() []calendar.Interval {
	list := make([]calendar.Interval, len(r.Times))
	for i, o := range r.Times {
		list[i] = o.Interval
	}
	return calendar.Merge(list)
}

// BusyTimes are the times within window at which whoever keeps the calendar is busy; own is the time zone of
// times that name none. It fails with ErrTooMuch.
func BusyTimes(file *Component, window calendar.Interval, own *time.Location, l Limits) (Reading, error) {
	e := expander{zones: newZones(file, own, window.To), window: window, limits: l}
	events := map[string][]*Component{}
	var order []string
	for _, c := range file.Children {
		switch c.Name {
		case "VEVENT":
			uid := c.Text("UID")
			if uid == "" { // each is one of its own then
				e.event(c, nil)
			} else {
				if events[uid] == nil {
					order = append(order, uid)
				}
				events[uid] = append(events[uid], c)
			}
		case "VFREEBUSY":
			e.freeBusy(c)
		}
		if e.full {
			return Reading{}, ErrTooMuch
		}
	}
	for _, uid := range order {
		e.series(events[uid])
		if e.full {
			return Reading{}, ErrTooMuch
		}
	}
	slices.SortFunc(e.found, func(a, b Occurrence) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
	return Reading{Times: e.found, Odd: e.odd + e.zones.unmapped}, nil
}

type expander struct {
	zones  *zones
	window calendar.Interval
	limits Limits
	found  []Occurrence
	looked int // days at which a rule was asked
	odd    int
	full   bool
}

// moment is a DTSTART, a DTEND, an EXDATE.
type moment struct {
	wall  time.Time // as the wall shows it, written as if it were UTC
	clock clock
	day   bool
}

func (m moment) instant() time.Time { return m.clock(m.wall) }

// series reads an event with the occurrences that were changed by themselves.
func (e *expander) series(list []*Component) {
	var changed []moment
	for _, c := range list {
		if p, ok := c.Get("RECURRENCE-ID"); ok {
			if m, ok := e.moment(p, p.Value); ok {
				changed = append(changed, m)
			}
			if strings.EqualFold(p.Params["RANGE"], "THISANDFUTURE") {
				e.odd++ // read as this one alone
			}
		}
	}
	for _, c := range list {
		if _, one := c.Get("RECURRENCE-ID"); one {
			e.event(c, nil)
		} else {
			e.event(c, changed)
		}
	}
}

// free says whether an event keeps nobody busy.
func free(c *Component) bool {
	return c.word("TRANSP") == "TRANSPARENT" || c.word("STATUS") == "CANCELLED" || c.word("X-MICROSOFT-CDO-BUSYSTATUS") == "FREE"
}

// event adds the times of one event; without are those that other components tell of.
func (e *expander) event(c *Component, without []moment) {
	if free(c) {
		return
	}
	p, _ := c.Get("DTSTART")
	start, ok := e.moment(p, p.Value)
	if !ok {
		e.odd++
		return
	}
	length, ok := e.length(c, start)
	if !ok {
		e.odd++
		return
	}
	if length == 0 {
		return
	}
	_, one := c.Get("RECURRENCE-ID")
	starts, ok := e.starts(c, start, length, one)
	if !ok {
		e.odd++
	}
	for _, p := range c.Props {
		if p.Name != "EXDATE" {
			continue
		}
		for text := range strings.SplitSeq(p.Value, ",") {
			if m, ok := e.moment(p, text); ok {
				without = append(without, m)
			}
		}
	}
	out := exceptions(without)
	seen := map[int64]bool{}
	for _, s := range starts {
		from := s.instant()
		if seen[from.Unix()] || out.has(s, from) {
			continue
		}
		seen[from.Unix()] = true
		e.add(s, from, length)
	}
}

// add keeps one occurrence that touches the window.
func (e *expander) add(s moment, from time.Time, length time.Duration) {
	to := from.Add(length)
	if s.day {
		s.wall = s.wall.Add(length)
		to = s.instant()
	}
	if o := (Occurrence{Interval: calendar.Interval{From: from, To: to}, Day: s.day}); o.Overlaps(e.window) {
		if len(e.found) >= e.limits.Busy {
			e.full = true
			return
		}
		e.found = append(e.found, o)
	}
}

// excepted tells occurrences that do not take place.
type excepted struct {
	instants map[int64]bool
	days     map[calendar.Day]bool
}

func exceptions(list []moment) excepted {
	x := excepted{map[int64]bool{}, map[calendar.Day]bool{}}
	for _, m := range list {
		if m.day { // some programs write days for events with hours
			x.days[calendar.DayOf(m.wall, time.UTC)] = true
		} else {
			x.instants[m.instant().Unix()] = true
		}
	}
	return x
}

func (x excepted) has(s moment, at time.Time) bool {
	return x.instants[at.Unix()] || x.days[calendar.DayOf(s.wall, time.UTC)]
}

// starts are the beginnings of an event near the window. It is not ok when its rule is not understood: then
// its first time stands for all.
func (e *expander) starts(c *Component, start moment, length time.Duration, one bool) (list []moment, ok bool) {
	list, ok = []moment{start}, true
	if one {
		return list, true
	}
	// A day more on both sides, since the window is in instants and rules are in days of some wall.
	from := calendar.DayOf(e.window.From.Add(-length), time.UTC) - 2
	to := calendar.DayOf(e.window.To, time.UTC) + 2
	for _, p := range c.Props {
		switch p.Name {
		case "RRULE":
			first := calendar.DayOf(start.wall, time.UTC)
			if e.looked += days(p.Value, first, from, to); e.looked > e.limits.Days {
				e.full = true
				return nil, false
			}
			fall, until, err := ruleDays(p.Value, first, from, to)
			if err != nil {
				ok = false
				continue
			}
			hour := start.wall.Sub(start.wall.Truncate(24 * time.Hour))
			for _, d := range fall {
				m := moment{wall: midnight(d).Add(hour), clock: start.clock, day: start.day}
				if !until.ended(m) {
					list = append(list, m)
				}
			}
		case "RDATE":
			for text := range strings.SplitSeq(p.Value, ",") {
				text, _, _ = strings.Cut(text, "/") // of a period the beginning
				if m, fine := e.moment(p, text); fine && len(list) < e.limits.Busy {
					list = append(list, m)
				}
			}
		}
	}
	return list, ok
}

func midnight(d calendar.Day) time.Time {
	y, m, day := d.Date()
	return time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
}

// length is how long an event takes: whole days for one without hours. It is not ok for one that ends
// before it begins.
func (e *expander) length(c *Component, start moment) (time.Duration, bool) {
	if p, ok := c.Get("DTEND"); ok {
		end, ok := e.moment(p, p.Value)
		if !ok {
			return 0, false
		}
		d := end.instant().Sub(start.instant())
		if start.day || end.day {
			d = end.wall.Sub(start.wall)
		}
		if start.day && d == 0 {
			d = 24 * time.Hour // some programs write the same day twice for a day
		}
		return d, d >= 0 && d < maxLength
	}
	if p, ok := c.Get("DURATION"); ok {
		d, ok := duration(p.Value)
		return d, ok && d < maxLength
	}
	if start.day {
		return 24 * time.Hour, true
	}
	return 0, true
}

// maxLength is the longest event that is believed.
const maxLength = 3 * 366 * 24 * time.Hour

// moment reads a day, a time of the wall, or an instant.
func (e *expander) moment(p Prop, text string) (moment, bool) {
	text = strings.TrimSpace(text)
	form, zoned := wallForm, e.zones.of
	switch {
	case len(text) == len(dayForm):
		form = dayForm
		zoned = func(string) clock { return e.zones.own }
	case strings.HasSuffix(text, "Z"):
		form = instantForm
		zoned = func(string) clock { return func(wall time.Time) time.Time { return wall } }
	}
	at, err := time.Parse(form, text)
	if err != nil || at.Year() < 1601 || at.Year() > 9000 {
		return moment{}, false
	}
	return moment{wall: at, clock: zoned(p.Params["TZID"]), day: form == dayForm}, true
}

// freeBusy reads FREEBUSY:20270301T090000Z/20270301T100000Z,….
func (e *expander) freeBusy(c *Component) {
	for _, p := range c.Props {
		if p.Name != "FREEBUSY" || strings.EqualFold(p.Params["FBTYPE"], "FREE") {
			continue
		}
		for text := range strings.SplitSeq(p.Value, ",") {
			first, second, found := strings.Cut(text, "/")
			from, ok := e.moment(p, first)
			if !found || !ok {
				e.odd++
				continue
			}
			length, ok := duration(second)
			if to, is := e.moment(p, second); is {
				length, ok = to.instant().Sub(from.instant()), true
			}
			if !ok || length <= 0 || length > maxLength {
				e.odd++
				continue
			}
			e.add(from, from.instant(), length)
		}
	}
}
