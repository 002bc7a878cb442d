// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"slices"
	"strings"
	"time"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
)

// weekDays is how many days a timetable shows, today first: people ask about the days to come.
const weekDays = 7

// aheadDays is how far a closure is announced.
const aheadDays = 60

// weekOf is the plan of the days to come with what bends it: holidays, closures, exceptions.
func weekOf(w lang.Words, e *directory.Entry, site int, now time.Time) []dayView {
	today := calendar.DayOf(now, now.Location())
	days := e.Days(site, today, weekDays)
	if !slices.ContainsFunc(days, func(d directory.DayPlan) bool { return d.Known }) {
		return nil
	}
	list := make([]dayView, len(days))
	for i, d := range days {
		t := noon(d.Day)
		v := dayView{Name: w.Weekday(t.Weekday(), lang.Full), Date: w.DayMonth(t), Today: i == 0, Unknown: !d.Known, Closed: d.Closed}
		if d.Holiday != "" {
			v.Notes = append(v.Notes, holidayName(w, d.Holiday))
		}
		if d.Note != "" {
			v.Notes = append(v.Notes, d.Note)
		} else if d.Exceptional {
			v.Notes = append(v.Notes, w.Text("hours.exceptional"))
		}
		for _, s := range d.Slots {
			v.Slots = append(v.Slots, slotOf(w, s))
		}
		list[i] = v
	}
	return list
}

func slotOf(w lang.Words, s directory.PlanSlot) slotView {
	v := slotView{Appointment: s.Appointment, Note: s.Note}
	if s.Whole() {
		v.Hours = w.Text("hours.all_day")
		return v
	}
	v.Hours = w.ClockRange(int(s.Opens)/60, int(s.Opens)%60, int(s.Closes)/60, int(s.Closes)%60)
	if s.Closes <= s.Opens {
		v.Hours += " " + w.Text("hours.next_day")
	}
	return v
}

// closuresAhead announces closures that begin after the week shown.
func closuresAhead(w lang.Words, e *directory.Entry, today calendar.Day) []string {
	var list []string
	for _, c := range e.Card.Hours.Closures {
		from, to, ok := boundsOf(c, today)
		if !ok || from > today+aheadDays || to < today {
			continue
		}
		text := w.Text("hours.closed_between", "dates", w.DateRange(noon(from), noon(to)))
		if c.Note != "" {
			text += " (" + c.Note + ")"
		}
		list = append(list, text)
	}
	return list
}

// boundsOf gives the days of a closure: of a yearly one, those that end next.
func boundsOf(c directory.Closure, today calendar.Day) (from, to calendar.Day, ok bool) {
	if len(c.From) != len("01-02") {
		from, err1 := calendar.ParseDay(c.From)
		to, err2 := calendar.ParseDay(c.To)
		return from, to, err1 == nil && err2 == nil
	}
	year, _, _ := today.Date()
	for y := year - 1; y <= year+1; y++ {
		end := y
		if strings.Compare(c.From, c.To) > 0 {
			end++
		}
		from, err1 := calendar.ParseDay(noonYear(y) + "-" + c.From)
		to, err2 := calendar.ParseDay(noonYear(end) + "-" + c.To)
		if err1 == nil && err2 == nil && to >= today {
			return from, to, true
		}
	}
	return 0, 0, false
}

func noonYear(year int) string { return time.Date(year, 1, 1, 12, 0, 0, 0, time.UTC).Format("2006") }
