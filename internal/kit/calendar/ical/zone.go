// SPDX-License-Identifier: EUPL-1.2

package ical

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"approdo/internal/kit/calendar"
)

//go:embed windows.json
var windowsText []byte

// windows are the names that Windows gives to time zones.
var windows = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	if err := json.Unmarshal(windowsText, &m); err != nil {
		panic("ical: " + err.Error()) // embedded above
	}
	return m
})

// clock turns what the wall shows, written as if it were UTC, into the instant at which it does.
type clock func(wall time.Time) time.Time

// in is the clock of a place.
func in(loc *time.Location) clock {
	return func(wall time.Time) time.Time {
		d := calendar.DayOf(wall, time.UTC)
		minutes := wall.Hour()*60 + wall.Minute()
		return calendar.Earliest(d, calendar.Clock(minutes), loc).Add(time.Duration(wall.Second()) * time.Second)
	}
}

// zones are the clocks of a file, found once each.
type zones struct {
	own      clock // of times that name no zone
	file     map[string]*Component
	known    map[string]clock
	until    calendar.Day
	unmapped int // names that nobody knows
}

func newZones(file *Component, own *time.Location, until time.Time) *zones {
	z := &zones{own: in(own), file: map[string]*Component{}, known: map[string]clock{}, until: calendar.DayOf(until, time.UTC) + 2}
	for _, c := range file.Children {
		if id := c.Text("TZID"); c.Name == "VTIMEZONE" && id != "" && z.file[id] == nil {
			z.file[id] = c
		}
	}
	return z
}

// of is the clock of a name.
func (z *zones) of(name string) clock {
	if name == "" {
		return z.own
	}
	if c, ok := z.known[name]; ok {
		return c
	}
	c := z.find(name)
	z.known[name] = c
	return c
}

func (z *zones) find(name string) clock {
	if loc := location(name); loc != nil {
		return in(loc)
	}
	if def := z.file[name]; def != nil {
		// Programs that can't say the name in TZID say it beside it.
		if loc := location(def.Text("X-LIC-LOCATION")); loc != nil {
			return in(loc)
		}
		if c := defined(def, z.until); c != nil {
			return c
		}
	}
	z.unmapped++
	return z.own
}

// location finds a place by its IANA name, also behind the prefix of a program ("/citadel.org/20190914_1/
// Europe/Rome"), or by the name that Windows has for its clocks.
func location(name string) *time.Location {
	name = strings.Trim(strings.TrimSpace(name), `"`)
	if iana, ok := windows()[name]; ok {
		name = iana
	}
	parts := strings.Split(strings.Trim(name, "/"), "/")
	for n := min(len(parts), 3); n > 0; n-- {
		if loc, err := calendar.Zone(strings.Join(parts[len(parts)-n:], "/")); err == nil && (n > 1 || len(parts) == 1) {
			return loc
		}
	}
	return nil
}

// change is when the clocks of a VTIMEZONE change, as the wall shows it before, and to what.
type change struct {
	wall   time.Time
	from   time.Duration
	offset time.Duration
}

// maxChanges is how often clocks change at most in what is read of a VTIMEZONE.
const maxChanges = 500

// defined is the clock that a VTIMEZONE describes, nil when it does not.
func defined(zone *Component, until calendar.Day) clock {
	var list []change
	for _, part := range zone.Children {
		from, okFrom := offset(part.word("TZOFFSETFROM"))
		to, okTo := offset(part.word("TZOFFSETTO"))
		p, _ := part.Get("DTSTART")
		start, err := time.Parse(wallForm, p.Value)
		if !okFrom || !okTo || err != nil || start.Year() < 1601 {
			continue
		}
		if len(list) >= maxChanges {
			break
		}
		first := calendar.DayOf(start, time.UTC)
		list = append(list, change{start, from, to})
		if rule, ok := part.Get("RRULE"); ok {
			r, _, err := calendar.ParseRRule(rule.Value, first)
			if err != nil {
				continue
			}
			// A year back is enough: nothing is asked of earlier times than the window's.
			for _, d := range r.Days(max(first, until-3*366), until) {
				if len(list) >= maxChanges {
					break
				}
				list = append(list, change{midnight(d).Add(start.Sub(start.Truncate(24 * time.Hour))), from, to})
			}
		}
		for _, p := range part.Props {
			if p.Name != "RDATE" {
				continue
			}
			for _, text := range strings.Split(p.Value, ",") {
				if at, err := time.Parse(wallForm, text); err == nil && len(list) < maxChanges {
					list = append(list, change{at, from, to})
				}
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, func(a, b change) int { return a.wall.Compare(b.wall) })
	return func(wall time.Time) time.Time {
		now := list[0].from
		for _, c := range list {
			if c.wall.After(wall) {
				break
			}
			now = c.offset
		}
		return wall.Add(-now)
	}
}

// offset reads +0100 and -033000.
func offset(text string) (time.Duration, bool) {
	if len(text) != 5 && len(text) != 7 || text[0] != '+' && text[0] != '-' {
		return 0, false
	}
	n, err := strconv.Atoi(text[1:5])
	if err != nil || n < 0 || n > 1500 || n%100 > 59 {
		return 0, false
	}
	d := time.Duration(n/100)*time.Hour + time.Duration(n%100)*time.Minute
	if text[0] == '-' {
		d = -d
	}
	return d, true
}
