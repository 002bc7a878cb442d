// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"slices"
	"time"
)

// Freq is how often a rule repeats, in the words of RFC 5545.
type Freq string

// The frequencies that speak of days; those below a day are no opening hours.
const (
	Daily   Freq = "DAILY"
	Weekly  Freq = "WEEKLY"
	Monthly Freq = "MONTHLY"
	Yearly  Freq = "YEARLY"
)

// Weekday is a day of the week, with an ordinal (2 second, -1 last) or none (0).
type Weekday struct {
	Ordinal int
	Day     time.Weekday
}

// Rule is a recurrence of days (RFC 5545, RRULE). A zero Start or Until is an
// open end; a zero Interval means 1; a zero Count means no limit.
//
// A rule with COUNT or an INTERVAL above 1 needs Start to have a meaning; the
// parser asks for it.
type Rule struct {
	Freq       Freq
	Interval   int
	Count      int
	Start      Day
	Until      Day
	WeekStart  time.Weekday // the zero value is Sunday; the parser sets Monday, RFC 5545's default
	ByDay      []Weekday
	ByMonthDay []int
	ByMonth    []int
	ByWeekNo   []int
	ByYearDay  []int
}

// Complete says whether the rule names its days. "Every week" without a day and
// without a start does not: such a rule never occurs, and whoever shows it should
// say "not known" instead of "closed".
func (r Rule) Complete() bool {
	return r.Start != 0 || r.Freq == Daily || len(r.ByDay) > 0 || len(r.ByMonthDay) > 0 || len(r.ByYearDay) > 0
}

// Occurs says whether the rule falls on day d. With COUNT it walks from Start.
func (r Rule) Occurs(d Day) bool {
	if !d.Valid() || r.Start != 0 && d < r.Start || r.Until != 0 && d > r.Until {
		return false
	}
	if !r.fits(d) {
		return false
	}
	if r.Count == 0 {
		return true
	}
	if r.Start == 0 {
		return false
	}
	seen := 0
	for day := r.Start; day <= d; day++ {
		if r.fits(day) {
			if seen++; seen > r.Count {
				return false
			}
		}
	}
	return true
}

// Days returns the days from `from` to `to`, both included, on which the rule
// falls, in order.
func (r Rule) Days(from, to Day) []Day {
	var days []Day
	r.each(from, to, func(d Day) bool {
		days = append(days, d)
		return true
	})
	return days
}

// Next returns the first day on or after `from` on which the rule falls, looking
// no further than `within` days ahead.
func (r Rule) Next(from Day, within int) (next Day, ok bool) {
	to := MaxDay
	if ahead := int64(from) + int64(within); ahead < int64(MaxDay) {
		to = Day(ahead)
	}
	r.each(from, to, func(d Day) bool {
		next, ok = d, true
		return false
	})
	return next, ok
}

// each calls yield for the days in [from, to] until it returns false.
func (r Rule) each(from, to Day, yield func(Day) bool) {
	if r.Until != 0 && to > r.Until {
		to = r.Until
	}
	if to > MaxDay {
		to = MaxDay
	}
	first := max(from, r.Start, 1)
	seen := 0
	if r.Count > 0 {
		if r.Start == 0 {
			return
		}
		first = r.Start // what came before `from` counts too
	}
	for d := first; d <= to; d++ {
		if !r.fits(d) {
			continue
		}
		if r.Count > 0 {
			if seen++; seen > r.Count {
				return
			}
		}
		if d >= from && !yield(d) {
			return
		}
	}
}

// fits tells whether d satisfies every part of the rule but its ends and COUNT.
func (r Rule) fits(d Day) bool {
	if !r.inStep(d) {
		return false
	}
	year, month, day := d.Date()
	if len(r.ByMonth) > 0 && !slices.Contains(r.ByMonth, int(month)) {
		return false
	}
	if len(r.ByMonthDay) > 0 && !hasNumber(r.ByMonthDay, day, MonthLength(year, month)) {
		return false
	}
	if len(r.ByYearDay) > 0 && !hasNumber(r.ByYearDay, d.YearDay(), yearLength(year)) {
		return false
	}
	if len(r.ByWeekNo) > 0 && !r.inWeek(d) {
		return false
	}
	if len(r.ByDay) > 0 {
		return r.onWeekday(d, year, month, day)
	}
	return r.likeStart(d, month, day)
}

// hasNumber looks for n, or for its count from the end (-1 is the last).
func hasNumber(list []int, n, length int) bool {
	return slices.Contains(list, n) || slices.Contains(list, n-length-1)
}

// inStep is INTERVAL: whole days, weeks, months or years since Start.
func (r Rule) inStep(d Day) bool {
	if r.Interval <= 1 || r.Start == 0 {
		return true
	}
	var passed int
	switch r.Freq {
	case Daily:
		passed = int(d - r.Start)
	case Weekly:
		passed = int(r.weekOf(d)-r.weekOf(r.Start)) / 7
	case Monthly:
		year, month, _ := d.Date()
		startYear, startMonth, _ := r.Start.Date()
		passed = (year-startYear)*12 + int(month) - int(startMonth)
	default:
		year, _, _ := d.Date()
		startYear, _, _ := r.Start.Date()
		passed = year - startYear
	}
	return passed%r.Interval == 0
}

// weekOf returns the first day of the week that holds d.
func (r Rule) weekOf(d Day) Day {
	return d - Day((int(d.Weekday())-int(r.WeekStart)+7)%7)
}

// likeStart fills in what the rule leaves open from the day it starts, as RFC
// 5545 says (section 3.8.5.3). Without a start nothing is known: see Complete.
func (r Rule) likeStart(d Day, month time.Month, day int) bool {
	if r.Freq == Daily || len(r.ByMonthDay) > 0 || len(r.ByYearDay) > 0 {
		return true
	}
	if r.Start == 0 {
		return false
	}
	_, startMonth, startDay := r.Start.Date()
	switch {
	case r.Freq == Weekly || len(r.ByWeekNo) > 0:
		return d.Weekday() == r.Start.Weekday()
	case r.Freq == Monthly || len(r.ByMonth) > 0:
		return day == startDay
	default:
		return day == startDay && month == startMonth
	}
}

// onWeekday is BYDAY. An ordinal counts within the month, or within the year
// when the rule is yearly and names no month (RFC 5545, BYDAY).
func (r Rule) onWeekday(d Day, year int, month time.Month, day int) bool {
	for _, w := range r.ByDay {
		if w.Day != d.Weekday() {
			continue
		}
		if w.Ordinal == 0 || r.Freq == Daily || r.Freq == Weekly {
			return true
		}
		position, length := day, MonthLength(year, month)
		if r.Freq == Yearly && len(r.ByMonth) == 0 {
			position, length = d.YearDay(), yearLength(year)
		}
		if w.Ordinal == (position-1)/7+1 || w.Ordinal == -((length-position)/7+1) {
			return true
		}
	}
	return false
}

// inWeek is BYWEEKNO. Week 1 is the first with at least four days in the year,
// counting from WeekStart (ISO 8601 when that is Monday). A day belongs to the
// numbering of the year it stands in: RFC 5545 expands within the year.
func (r Rule) inWeek(d Day) bool {
	year, _, _ := d.Date()
	week := r.weekOf(d)
	first := r.firstWeek(year)
	next := r.firstWeek(year + 1)
	weeks := int(next-first) / 7
	switch {
	case week < first:
		// Days before week 1 are in the last week of the year before.
		previous := int(first-r.firstWeek(year-1)) / 7
		return hasNumber(r.ByWeekNo, previous, previous)
	case week >= next:
		return hasNumber(r.ByWeekNo, 1, int(r.firstWeek(year+2)-next)/7)
	default:
		return hasNumber(r.ByWeekNo, int(week-first)/7+1, weeks)
	}
}

// firstWeek returns the first day of week 1: the week that holds 4 January.
func (r Rule) firstWeek(year int) Day { return r.weekOf(fromDate(year, time.January, 4)) }
