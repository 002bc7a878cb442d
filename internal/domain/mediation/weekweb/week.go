// SPDX-License-Identifier: EUPL-1.2

package weekweb

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web/ui"
)

// week is the days in the order of the week here.
var week = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

// stretches is how many stretches of a day the form has: morning and afternoon.
const stretches = 2

func name(d time.Weekday, n int, end string) string { return fmt.Sprintf("day%d.%d.%s", d, n, end) }

// Typed writes weekly hours into the fields of the form.
func Typed(hours []mediation.Weekly) url.Values {
	t := url.Values{}
	for _, d := range week {
		n := 0
		for _, h := range hours {
			if h.Weekday == d && n < stretches {
				t.Set(name(d, n, "from"), h.From.String())
				t.Set(name(d, n, "to"), h.To.String())
				n++
			}
		}
	}
	return t
}

// Read reads the form; old are the hours as they were. Faults: Invalid("hours").
func Read(form url.Values, old []mediation.Weekly) (list []mediation.Weekly, err error) {
	for _, d := range week {
		var before []mediation.Weekly
		for _, h := range old {
			if h.Weekday == d {
				before = append(before, h)
			}
		}
		for n := range stretches {
			from, to := strings.TrimSpace(form.Get(name(d, n, "from"))), strings.TrimSpace(form.Get(name(d, n, "to")))
			if from == "" && to == "" {
				continue
			}
			h := mediation.Weekly{Weekday: d}
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

// Said are weekly hours to read, a line for each day that has some.
func Said(w lang.Words, hours []mediation.Weekly) (list []ui.Definition) {
	for _, d := range week {
		var parts []string
		for _, h := range hours {
			if h.Weekday == d {
				parts = append(parts, h.From.String()+"–"+h.To.String())
			}
		}
		if len(parts) > 0 {
			list = append(list, ui.Definition{Term: w.Weekday(d, lang.Full), Text: strings.Join(parts, ", ")})
		}
	}
	return list
}
