// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"approdo/data"
	"approdo/internal/kit/calendar"
)

// Patron is the feast of a comune's patron saint, on which its public offices close.
type Patron struct {
	ISTAT, Saint string
	// When is "07-15", or "easter+50" (days after Easter Sunday), or an iCalendar rule for the
	// feasts that move ("FREQ=YEARLY;BYMONTH=5;BYDAY=1TU").
	When string
	// Source says where it was read, Checked on which day.
	Source, Checked string
}

// patrons is read once from data/italy/patrons.csv.
var patrons = sync.OnceValue(func() map[string]Patron {
	text, err := data.FS.ReadFile("italy/patrons.csv")
	if err != nil {
		panic("network: embedded patron saints: " + err.Error())
	}
	list, err := ReadPatrons(string(text))
	if err != nil {
		panic("network: embedded patron saints: " + err.Error())
	}
	return list
})

// ReadPatrons reads a table of istat, saint, day, source, checked with a header.
func ReadPatrons(text string) (map[string]Patron, error) {
	list := map[string]Patron{}
	err := eachRow(text, 5, func(r []string) error {
		p := Patron{r[0], r[1], r[2], r[3], r[4]}
		if _, ok := p.On(2024); !ok {
			return fmt.Errorf("%s: %q is no day", p.ISTAT, p.When)
		}
		if _, twice := list[p.ISTAT]; twice {
			return fmt.Errorf("%s is there twice", p.ISTAT)
		}
		list[p.ISTAT] = p
		return nil
	})
	return list, err
}

// On returns the day of the feast in a year, and false when that year has no such day.
func (p Patron) On(year int) (calendar.Day, bool) {
	if after, found := strings.CutPrefix(p.When, "easter"); found {
		n, err := strconv.Atoi(after)
		if err != nil || n < -60 || n > 120 {
			return 0, false
		}
		return calendar.Easter(year) + calendar.Day(n), true
	}
	if strings.HasPrefix(p.When, "FREQ=") {
		rule, _, err := calendar.ParseRRule(p.When, 0)
		first, ok := calendar.NewDay(year, time.January, 1)
		if err != nil || !ok {
			return 0, false
		}
		return rule.Next(first, 364)
	}
	day, err := calendar.ParseDay(fmt.Sprintf("%04d-%s", year, p.When))
	return day, err == nil
}

// PatronOf returns the patron saint's feast of a comune, and false when none is known.
func PatronOf(istat string) (Patron, bool) {
	p, ok := patrons()[istat]
	return p, ok
}

// PatronDay returns the day of that feast in a year, and false when none is known.
func PatronDay(istat string, year int) (calendar.Day, bool) {
	p, ok := PatronOf(istat)
	if !ok {
		return 0, false
	}
	key := feast{istat, year}
	if day, known := feasts.Load(key); known {
		return day.(calendar.Day), day != calendar.Day(0)
	}
	day, ok := p.On(year)
	feasts.Store(key, day)
	return day, ok
}

// feasts keeps the days that PatronDay has worked out: opening hours ask for every service.
var feasts sync.Map

type feast struct {
	istat string
	year  int
}
