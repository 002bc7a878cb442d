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

// The four answers to "is it open now?". Closed is said only when the record speaks of today: a
// schedule that has not ended, an exception or a closure. Otherwise the honest answer is "not known".
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

// DayPlan is a line of a timetable: the openings of one day, with what bends the usual hours.
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
		rule: counted(rule), slot: calendar.Slot{Opens: opens, Closes: closes}, from: from, to: to,
		appointment: strings.EqualFold(s.AttendingType, AttendingAppointment), note: s.Notes,
	}, true
}

// counted turns COUNT into the day of the last time, so that one sees that the rule has ended.
func counted(r calendar.Rule) calendar.Rule {
	if r.Count == 0 {
		return r
	}
	const decade = 3653
	if days := r.Days(r.Start, r.Start+decade); len(days) == r.Count {
		r.Until, r.Count = days[len(days)-1], 0
	}
	return r
}

// inForce: the schedule says something of this day. Before it begins and after it ends it says nothing.
func (r ruled) inForce(d calendar.Day) bool {
	begun := d >= r.from && d >= r.rule.Start
	ended := r.to != 0 && r.to < d || r.rule.Until != 0 && r.rule.Until < d
	return begun && !ended
}

// day is the plan of one day, holidays, closures and exceptions included.
func (p plan) day(d calendar.Day) DayPlan {
	out := DayPlan{Day: d, Holiday: holidayOn(d, p.comune)}
	if p.except(&out) {
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
		out.Slots = []PlanSlot{{Slot: calendar.Slot{Opens: 0, Closes: calendar.EndOfDay}, Appointment: p.hours.ByAppointment}}
		return out
	}
	return p.usual(d, out)
}

// except fills in what the exceptions say of a day, and tells whether they say anything. Times that
// can't be read leave the day not known.
func (p plan) except(out *DayPlan) bool {
	date := out.Day.String()
	for _, e := range p.hours.Exceptions {
		if e.Date != date {
			continue
		}
		out.Exceptional, out.Note = true, e.Note
		if e.OpensAt == "" && e.ClosesAt == "" {
			out.Known = true
			continue
		}
		opens, _, err1 := calendar.ParseClock(e.OpensAt)
		closes, _, err2 := calendar.ParseClock(e.ClosesAt)
		if err1 == nil && err2 == nil {
			out.Known = true
			out.Slots = append(out.Slots, PlanSlot{Slot: calendar.Slot{Opens: opens, Closes: closes}, Appointment: p.hours.ByAppointment})
		}
	}
	out.Closed = out.Known && len(out.Slots) == 0
	inOrder(out.Slots)
	return out.Exceptional
}

// usual is the plan of a day that neither an exception nor a closure touches.
func (p plan) usual(d calendar.Day, out DayPlan) DayPlan {
	// Schedules that have all ended, or not yet begun, say nothing of this day: what holds then nobody
	// told us.
	if !slices.ContainsFunc(p.rules, func(r ruled) bool { return r.inForce(d) }) {
		return out
	}
	if out.Holiday != "" && p.hours.Holidays != "open" {
		out.Known = p.hours.Holidays == "closed"
		out.Closed = out.Known
		return out
	}
	out.Known = true
	for _, r := range p.rules {
		if r.inForce(d) && r.rule.Occurs(d) {
			out.Slots = append(out.Slots, PlanSlot{Slot: r.slot, Appointment: r.appointment || p.hours.ByAppointment, Note: r.note})
		}
	}
	inOrder(out.Slots)
	out.Closed = len(out.Slots) == 0
	return out
}

func inOrder(slots []PlanSlot) {
	slices.SortStableFunc(slots, func(a, b PlanSlot) int { return int(a.Opens) - int(b.Opens) })
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

// opening answers for one moment. A slot that anybody may come to outweighs one by appointment.
func (p plan) opening(now time.Time) Opening {
	today := calendar.DayOf(now, p.zone)
	todays := p.day(today)
	free, booked := p.spans(today, now)
	if span, ok := lasting(free, now); ok && span.Contains(now) {
		if span.Duration() > (horizon-2)*24*time.Hour {
			return Opening{State: OpenNow}
		}
		return Opening{State: OpenNow, Until: span.To, Holiday: todays.Holiday, Note: todays.Note}
	}
	if span, ok := lasting(booked, now); ok && span.Contains(now) {
		return Opening{State: OpenAppointment, Until: span.To}
	}
	next, opens := lasting(free, now)
	appointment, byAppointment := lasting(booked, now)
	if !opens {
		next = appointment
	}
	switch {
	case todays.Closed && todays.Exceptional: // also for those who have, or want, an appointment
	case p.hours.ByAppointment, byAppointment && !opens:
		return Opening{State: OpenAppointment}
	case !todays.Known:
		return Opening{State: OpenUnknown, Holiday: todays.Holiday}
	}
	return Opening{State: OpenClosed, Next: next.From, Holiday: todays.Holiday, Note: todays.Note}
}

// lasting is the first span that has not ended.
func lasting(spans []calendar.Interval, now time.Time) (calendar.Interval, bool) {
	i := slices.IndexFunc(spans, func(s calendar.Interval) bool { return s.To.After(now) })
	if i < 0 {
		return calendar.Interval{}, false
	}
	return spans[i], true
}

// spans are the openings from yesterday (a night slot may still run) to the horizon, joined where
// they touch: those that anybody may come to, and those by appointment. It stops as soon as the
// answer for now is known.
func (p plan) spans(today calendar.Day, now time.Time) (free, booked []calendar.Interval) {
	for d := today - 1; d <= today+horizon; d++ {
		slots := p.day(d).Slots
		for _, s := range slots {
			if s.Appointment {
				booked = append(booked, s.On(d, p.zone))
			} else {
				free = append(free, s.On(d, p.zone))
			}
		}
		if n := len(free); n > 0 && d > today+1 && len(slots) == 0 && free[n-1].From.After(now) {
			break
		}
	}
	return calendar.Merge(free), calendar.Merge(booked)
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
