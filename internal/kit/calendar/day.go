// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"errors"
	"fmt"
	"time"
)

// Day is a civil date: the number of days since 31 December of the year 0, so
// that 1 is 0001-01-01, days can be compared and added as numbers, and the zero
// value means "no day".
type Day int32

// daysToUnix is the Day of 1970-01-01, where time.Time counts from.
const daysToUnix = 719163

// MaxDay is the last day of the year 9999, the last one ISO 8601 text can say.
const MaxDay Day = 3652059

// ErrNotADay says that a text or three numbers are no date of the calendar.
var ErrNotADay = errors.New("not a date")

// NewDay returns the day of a date, and false when the calendar has no such
// date (30 February) or the year is outside 1 to 9999.
func NewDay(year int, month time.Month, day int) (Day, bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > MonthLength(year, month) {
		return 0, false
	}
	return fromDate(year, month, day), true
}

// fromDate normalises like time.Date does: day 0 is the last of the month before.
func fromDate(year int, month time.Month, day int) Day {
	seconds := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()
	return Day(floorDiv(seconds, 86400) + daysToUnix)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// ParseDay reads "2026-01-31" and the basic form "20260131"; a time after it
// ("T10:00:00Z", or a space) is ignored, as iCalendar's UNTIL may carry one.
func ParseDay(text string) (Day, error) {
	date := text
	if len(date) > 10 && (date[10] == 'T' || date[10] == ' ') {
		date = date[:10]
	} else if len(date) > 8 && date[8] == 'T' {
		date = date[:8]
	}
	var year, month, day int
	var ok bool
	switch {
	case len(date) == 10 && date[4] == '-' && date[7] == '-':
		year, month, day, ok = digits(date[:4], date[5:7], date[8:])
	case len(date) == 8:
		year, month, day, ok = digits(date[:4], date[4:6], date[6:])
	}
	if ok {
		if d, valid := NewDay(year, time.Month(month), day); valid {
			return d, nil
		}
	}
	return 0, fmt.Errorf("%q: %w", text, ErrNotADay)
}

func digits(year, month, day string) (y, m, d int, ok bool) {
	for i, part := range []string{year, month, day} {
		n := 0
		for _, c := range []byte(part) {
			if c < '0' || c > '9' {
				return 0, 0, 0, false
			}
			n = n*10 + int(c-'0')
		}
		switch i {
		case 0:
			y = n
		case 1:
			m = n
		default:
			d = n
		}
	}
	return y, m, d, true
}

// DayOf returns the civil date that an instant has in a time zone.
func DayOf(t time.Time, loc *time.Location) Day {
	year, month, day := t.In(loc).Date()
	return fromDate(year, month, day)
}

// MonthLength returns how many days a month has.
func MonthLength(year int, month time.Month) int {
	switch month {
	case time.February:
		if leap(year) {
			return 29
		}
		return 28
	case time.April, time.June, time.September, time.November:
		return 30
	default:
		return 31
	}
}

func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func yearLength(year int) int {
	if leap(year) {
		return 366
	}
	return 365
}

// Valid says whether d is a day that can be written in ISO 8601.
func (d Day) Valid() bool { return d > 0 && d <= MaxDay }

// Date returns year, month and day of the month.
func (d Day) Date() (year int, month time.Month, day int) { return d.utc().Date() }

// YearDay returns the day of the year, from 1 to 365 or 366.
func (d Day) YearDay() int { return d.utc().YearDay() }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday {
	// 0001-01-01, the Day 1, was a Monday in the Gregorian calendar.
	return time.Weekday((int64(d)%7 + 7) % 7)
}

// String returns the date in ISO 8601, and "" for the zero Day.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

func (d Day) utc() time.Time { return time.Unix((int64(d)-daysToUnix)*86400, 0).UTC() }
