// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/hsds"
)

// The four answers to "is it open now?". Closed is said only when the next opening, or the end of
// a closure, is known from the record; otherwise the honest answer is "not known".
const (
	OpenNow         = "open"
	OpenClosed      = "closed"
	OpenAppointment = "appointment"
	OpenUnknown     = "unknown"
)

// AttendingAppointment is the attending_type of a schedule whose slots need an appointment.
const AttendingAppointment = "appointment"

// Opening is the answer for one moment.
type Opening struct {
	State string
	// Until is when it closes (open), zero when it never does.
	Until time.Time
	// Next is when it opens again (closed), zero when not within the horizon.
	Next time.Time
	// Holiday is the code of today's holiday, or "patron", when that is why.
	Holiday string
	// Note is the note of the exception or closure of today.
	Note string
}

// horizon is how many days ahead the next opening is looked for.
const horizon = 62

// Week is what a printed timetable shows: the plan of one day with what bends it.
type DayPlan struct {
	Day         calendar.Day
	Slots       []PlanSlot
	Known       bool   // false: nobody said what happens on this day
	Closed      bool   // known, and no slot
	Holiday     string // code of the holiday, "patron", or ""
	Note        string // of the exception or closure
	Exceptional bool   // an exception or closure replaces the usual hours
}

// PlanSlot is one opening of a day.
type PlanSlot struct {
	calendar.Slot
	Appointment bool
	Note        string
}

// plan is the compiled hours of a service at one of its sites.
type plan struct {
	hours  Hours
	rules  []ruled
	zone   *time.Location
	comune string
}

type ruled struct {
	rule        calendar.Rule
	slot        calendar.Slot
	from, to    calendar.Day
	appointment bool
	note        string
}

// planFor compiles the hours of a record at a site (nil: the service itself). The most particular
// schedules win: those of the service at the site, then of the service, then of the place.
func planFor(r *Record, site *Site) plan {
	p := plan{hours: r.Card.Hours, zone: calendar.Rome()}
	if zone, err := calendar.Zone(r.Card.Hours.TimeZone); r.Card.Hours.TimeZone != "" && err == nil {
		p.zone = zone
	}
	schedules := r.Schedules
	if site != nil {
		p.comune = site.Location.Comune
		if len(site.Schedules) > 0 {
			schedules = site.Schedules
		} else if len(schedules) == 0 {
			schedules = site.Location.Schedules
		}
	}
	for _, s := range schedules {
		if one, ok := compile(s); ok {
			p.rules = append(p.rules, one)
		}
	}
	return p
}

// compile reads one HSDS schedule; ok is false when it says no times or its rule can't be read.
func compile(s hsds.Schedule) (ruled, bool) {
	opens, _, err1 := calendar.ParseClock(s.OpensAt)
	closes, _, err2 := calendar.ParseClock(s.ClosesAt)
	if err1 != nil || err2 != nil || s.OpensAt == "" || s.ClosesAt == "" {
		return ruled{}, false
	}
	freq := s.Freq
	if freq == "" {
		if s.ByDay == "" {
			return ruled{}, false
		}
		freq = "WEEKLY"
	}
	rule, _, err := calendar.ParseRule(calendar.Fields{
		Freq: freq, Interval: number(s.Interval), Count: number(s.Count), ByDay: s.ByDay, ByMonthDay: s.ByMonthDay,
		ByWeekNo: s.ByWeekNo, ByYearDay: s.ByYearDay, DTStart: s.DTStart, Until: s.Until, WKST: s.WkSt,
	})
	if err != nil {
		return ruled{}, false
	}
	from, _ := calendar.ParseDay(s.ValidFrom)
	to, _ := calendar.ParseDay(s.ValidTo)
	return ruled{
		rule: rule, slot: calendar.Slot{Opens: opens, Closes: closes}, from: from, to: to,
		appointment: strings.EqualFold(s.AttendingType, AttendingAppointment), note: s.Notes,
	}, true
}

// day is the plan of one day, holidays, closures and exceptions included.
func (p plan) day(d calendar.Day) DayPlan {
	out := DayPlan{Day: d, Holiday: holidayOn(d, p.comune)}
	for _, e := range p.hours.Exceptions {
		if e.Date != d.String() {
			continue
		}
		out.Known, out.Exceptional, out.Note = true, true, e.Note
		opens, _, err1 := calendar.ParseClock(e.OpensAt)
		closes, _, err2 := calendar.ParseClock(e.ClosesAt)
		if e.OpensAt != "" && e.ClosesAt != "" && err1 == nil && err2 == nil {
			out.Slots = append(out.Slots, PlanSlot{Slot: calendar.Slot{Opens: opens, Closes: closes}})
		}
	}
	if out.Exceptional {
		out.Closed = len(out.Slots) == 0
		return out
	}
	for _, c := range p.hours.Closures {
		if c.covers(d) {
			out.Known, out.Closed, out.Exceptional, out.Note = true, true, true, c.Note
			return out
		}
	}
	if p.hours.AlwaysOpen {
		out.Known = true
		out.Slots = []PlanSlot{{Slot: calendar.Slot{Opens: 0, Closes: calendar.EndOfDay}}}
		return out
	}
	return p.usual(d, out)
}

// usual is the plan of a day that neither an exception nor a closure touches.
func (p plan) usual(d calendar.Day, out DayPlan) DayPlan {
	if len(p.rules) == 0 {
		return out
	}
	if out.Holiday != "" && p.hours.Holidays != "open" {
		out.Known = p.hours.Holidays == "closed"
		out.Closed = out.Known
		return out
	}
	out.Known = true
	for _, r := range p.rules {
		if (r.from == 0 || d >= r.from) && (r.to == 0 || d <= r.to) && r.rule.Occurs(d) {
			out.Slots = append(out.Slots, PlanSlot{Slot: r.slot, Appointment: r.appointment || p.hours.ByAppointment, Note: r.note})
		}
	}
	slices.SortFunc(out.Slots, func(a, b PlanSlot) int { return int(a.Opens) - int(b.Opens) })
	out.Closed = len(out.Slots) == 0
	return out
}

// covers tells whether a day falls in the closure; a yearly one may pass the new year ("12-20" to "01-07").
func (c Closure) covers(d calendar.Day) bool {
	date := d.String()
	if len(c.From) == len("01-02") {
		date = date[len("2006-"):]
		if c.From > c.To {
			return date >= c.From || date <= c.To
		}
	}
	return date >= c.From && date <= c.To
}

func holidayOn(d calendar.Day, comune string) string {
	if code, ok := calendar.HolidayOn(d); ok {
		return code
	}
	year, _, _ := d.Date()
	if day, ok := network.PatronDay(comune, year); ok && comune != "" && day == d {
		return "patron"
	}
	return ""
}

// opening answers for one moment.
func (p plan) opening(now time.Time) Opening {
	if len(p.rules) == 0 && !p.hours.AlwaysOpen && len(p.hours.Exceptions) == 0 {
		if p.hours.ByAppointment {
			return Opening{State: OpenAppointment}
		}
		return Opening{State: OpenUnknown}
	}
	today := calendar.DayOf(now, p.zone)
	todays := p.day(today)
	spans, appointment := p.spans(today, now)
	for _, span := range spans {
		if span.Contains(now) {
			if p.hours.ByAppointment || appointment(span.From) {
				return Opening{State: OpenAppointment, Until: span.To}
			}
			if span.Duration() > (horizon-2)*24*time.Hour {
				return Opening{State: OpenNow}
			}
			return Opening{State: OpenNow, Until: span.To, Holiday: todays.Holiday, Note: todays.Note}
		}
	}
	if p.hours.ByAppointment {
		return Opening{State: OpenAppointment}
	}
	if !todays.Known {
		return Opening{State: OpenUnknown, Holiday: todays.Holiday}
	}
	for _, span := range spans {
		if span.From.After(now) {
			return Opening{State: OpenClosed, Next: span.From, Holiday: todays.Holiday, Note: todays.Note}
		}
	}
	if p.lapsed(today) {
		return Opening{State: OpenUnknown}
	}
	return Opening{State: OpenClosed, Holiday: todays.Holiday, Note: todays.Note}
}

// lapsed: every schedule has ended; what came after it nobody told us.
func (p plan) lapsed(today calendar.Day) bool {
	for _, r := range p.rules {
		ended := r.to != 0 && r.to < today || r.rule.Until != 0 && r.rule.Until < today
		if !ended {
			return false
		}
	}
	return true
}

// spans are the openings from yesterday (a night slot may still run) to the horizon, joined where
// they touch, and a function that tells whether the span that starts at an instant is by appointment.
// It stops as soon as the answer for now is known.
func (p plan) spans(today calendar.Day, now time.Time) ([]calendar.Interval, func(time.Time) bool) {
	var list []calendar.Interval
	byAppointment := map[time.Time]bool{}
	for d := today - 1; d <= today+horizon; d++ {
		slots := p.day(d).Slots
		for _, s := range slots {
			span := s.On(d, p.zone)
			list = append(list, span)
			byAppointment[span.From] = s.Appointment
		}
		if n := len(list); n > 0 && d > today+1 && len(slots) == 0 && list[n-1].From.After(now) {
			break
		}
	}
	return calendar.Merge(list), func(from time.Time) bool { return byAppointment[from] }
}

// Opening answers for a service at one of its sites (index in Sites), or for the service itself
// when it has none.
func (e *Entry) Opening(site int, now time.Time) Opening {
	if e.Status != "" && e.Status != StatusActive {
		return Opening{State: OpenClosed, Note: e.Card.StateReason}
	}
	return e.plan(site).opening(now)
}

// BestOpening is the best answer over all the sites: what a list of results shows.
func (e *Entry) BestOpening(now time.Time) Opening {
	best := e.Opening(0, now)
	for i := 1; i < len(e.Sites); i++ {
		if o := e.Opening(i, now); openingRank(o) < openingRank(best) ||
			openingRank(o) == openingRank(best) && o.State == OpenClosed && !o.Next.IsZero() && (best.Next.IsZero() || o.Next.Before(best.Next)) {
			best = o
		}
	}
	return best
}

func openingRank(o Opening) int {
	return slices.Index([]string{OpenNow, OpenAppointment, OpenClosed, OpenUnknown}, o.State)
}

// Days is the plan of n days from a day on, for a timetable.
func (e *Entry) Days(site int, from calendar.Day, n int) []DayPlan {
	p := e.plan(site)
	days := make([]DayPlan, n)
	for i := range days {
		days[i] = p.day(from + calendar.Day(i))
	}
	return days
}

func (e *Entry) plan(site int) plan {
	if site < len(e.Sites) {
		return planFor(&e.Record, &e.Sites[site])
	}
	return planFor(&e.Record, nil)
}

// openNow is opening(now).State == OpenNow at the price of two days: for filters over many entries.
func (p plan) openNow(now time.Time) bool {
	if p.hours.ByAppointment {
		return false
	}
	today := calendar.DayOf(now, p.zone)
	for _, d := range []calendar.Day{today, today - 1} {
		for _, s := range p.day(d).Slots {
			if !s.Appointment && s.On(d, p.zone).Contains(now) {
				return true
			}
		}
	}
	return false
}

// number writes an HSDS number as the text that the rule parser reads.
func number(n *float64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}
