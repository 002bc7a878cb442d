// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"time"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// demoLeft are the example requests that wait for the plan: the first takes whom the second needs when desks
// ask one after the other, and nobody speaks the language of the last.
var demoLeft = []struct {
	language string
	hour     int
	skills   []string
	prefer   []string
	neighbor bool // of the body that lets the first one plan its load
}{
	{language: "ar", hour: 10, prefer: []string{"example-mediator-1"}},
	{language: "ar", hour: 10, skills: []string{"minors"}},
	{language: "ar", hour: 11, skills: []string{"health"}, neighbor: true},
	{language: "uk", hour: 11},
	{language: "zh", hour: 15, neighbor: true},
	{language: "sq", hour: 16},
	{language: "ta", hour: 12},
}

// leave makes the requests that wait for the plan, on the first working day that the page shows unasked.
func (t *traffic) leave(today calendar.Day, served []string) {
	day := today + 3
	for {
		if _, holiday := calendar.HolidayOn(day); !holiday && day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			break
		}
		day++
	}
	for i, one := range demoLeft {
		body := served[0]
		if one.neighbor {
			body = served[len(served)-1]
		}
		start := calendar.Earliest(day, calendar.Clock(one.hour*60), calendar.Rome())
		r := Request{
			ID: db.NewID(), Version: 1, Kind: Scheduled, Member: body, Language: one.language, Mode: Phone, State: Open, Seats: 1, Plan: true, Code: "ES-8" + number(i),
			Skills: one.skills, Prefer: one.prefer, Slot: Slot{Start: start, End: start.Add(time.Hour)}, Created: t.now.Add(time.Duration(i-len(demoLeft)) * time.Hour),
		}
		t.enter(r)
		until := db.Millis(start.Add(-UsualRules().Notice))
		t.waiting = append(t.waiting, []any{r.ID, db.Millis(r.Created), until, db.Millis(r.Created)})
	}
}
