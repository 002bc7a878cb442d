// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
)

// Weekly hours have one form: of mediators, of who keeps their entry, of residencies and postings. A day has
// two stretches, morning and afternoon; what the form does not ask for (since, until, holidays, remote) stays
// as it was.

// WeekDays is the days in the order of the week here.
var WeekDays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

// WeekStretches is how many stretches of a day the form has.
const WeekStretches = 2

// WeekField is the name of the field of an end ("from", "to") of a stretch.
func WeekField(d time.Weekday, n int, end string) string {
	return fmt.Sprintf("day%d.%d.%s", d, n, end)
}

// TypedWeek writes weekly hours into the fields of the form.
func TypedWeek(hours []Weekly) url.Values {
	t := url.Values{}
	for _, d := range WeekDays {
		n := 0
		for _, h := range hours {
			if h.Weekday == d && n < WeekStretches {
				t.Set(WeekField(d, n, "from"), h.From.String())
				t.Set(WeekField(d, n, "to"), h.To.String())
				n++
			}
		}
	}
	return t
}

// ReadWeek reads the form; old are the hours as they were. Faults: Invalid("hours").
func ReadWeek(form url.Values, old []Weekly) (list []Weekly, err error) {
	for _, d := range WeekDays {
		var before []Weekly
		for _, h := range old {
			if h.Weekday == d {
				before = append(before, h)
			}
		}
		for n := range WeekStretches {
			from, to := strings.TrimSpace(form.Get(WeekField(d, n, "from"))), strings.TrimSpace(form.Get(WeekField(d, n, "to")))
			if from == "" && to == "" {
				continue
			}
			h := Weekly{Weekday: d}
			if n < len(before) {
				h = before[n]
			}
			var errFrom, errTo error
			h.From, _, errFrom = calendar.ParseClock(from)
			h.To, _, errTo = calendar.ParseClock(to)
			if errFrom != nil || errTo != nil || h.From == h.To {
				err = fault.Invalid("hours", "mediation.own.hours_wrong")
			}
			list = append(list, h)
		}
	}
	return list, err
}

// WeekText is the hours of one day to read, "09:00–13:00, 14:00–18:00"; "" for none.
func WeekText(hours []Weekly, d time.Weekday) string {
	var parts []string
	for _, h := range hours {
		if h.Weekday == d {
			parts = append(parts, h.From.String()+"–"+h.To.String())
		}
	}
	return strings.Join(parts, ", ")
}
