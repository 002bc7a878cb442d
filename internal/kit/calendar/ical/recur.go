// SPDX-License-Identifier: EUPL-1.2

package ical

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/kit/calendar"
)

var errRule = errors.New("ical: a rule that is not understood")

// farBack is how long before the window a series may have begun whose times have to be counted.
const farBack = 100 * 366

// ending is the UNTIL of a rule, which is a day, a time of the wall or an instant.
type ending struct {
	day     calendar.Day
	at      time.Time
	instant bool
}

func (u ending) ended(m moment) bool {
	switch {
	case u.day != 0:
		return calendar.DayOf(m.wall, time.UTC) > u.day
	case u.at.IsZero():
		return false
	case u.instant && !m.day:
		return m.instant().After(u.at)
	case m.day:
		return calendar.DayOf(m.wall, time.UTC) > calendar.DayOf(u.at, time.UTC)
	}
	return m.wall.After(u.at)
}

// days is at how many days ruleDays looks.
func days(text string, start, from, to calendar.Day) int {
	if !strings.Contains(strings.ToUpper(text), "COUNT") && !strings.Contains(strings.ToUpper(text), "BYSETPOS") {
		start = max(start, from)
	}
	return int(max(to-start, 0)) + 1
}

// ruleDays are the days from from to to on which a rule falls that begins at start. Package calendar reads
// the rule; what it can't say with days alone is read here: the hour of UNTIL and BYSETPOS.
func ruleDays(text string, start, from, to calendar.Day) ([]calendar.Day, ending, error) {
	var kept []string
	var positions []int
	var until ending
	count, freq := 0, ""
	for part := range strings.SplitSeq(strings.ToUpper(strings.TrimSpace(text)), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		var err error
		switch name {
		case "UNTIL":
			until, err = parseUntil(value)
		case "BYSETPOS":
			positions, err = numbers(value)
		case "COUNT":
			count, err = strconv.Atoi(value)
			if count < 1 || count > 10_000 {
				err = errRule
			}
		case "BYHOUR", "BYMINUTE", "BYSECOND":
			if strings.Contains(value, ",") { // one only says again what DTSTART says
				err = errRule
			}
		case "", "RSCALE", "SKIP":
		case "FREQ":
			freq = value
			kept = append(kept, part)
		default:
			kept = append(kept, part)
		}
		if err != nil {
			return nil, until, err
		}
	}
	rule, _, err := calendar.ParseRRule(strings.Join(kept, ";"), start)
	if err != nil {
		return nil, until, err
	}
	first := max(from, start)
	if count > 0 || positions != nil {
		if to-start > farBack {
			return nil, until, errRule
		}
		first = start
	}
	var list []calendar.Day
	if positions == nil {
		list = rule.Days(first, to)
	} else {
		list = picked(rule, freq, positions, start, to)
	}
	if count > 0 && len(list) > count {
		list = list[:count]
	}
	return slices.DeleteFunc(list, func(d calendar.Day) bool { return d < from }), until, nil
}

func parseUntil(value string) (ending, error) {
	if d, err := time.Parse(dayForm, value); err == nil {
		return ending{day: calendar.DayOf(d, time.UTC)}, nil
	}
	if at, err := time.Parse(instantForm, value); err == nil {
		return ending{at: at, instant: true}, nil
	}
	at, err := time.Parse(wallForm, value)
	return ending{at: at}, err
}

// picked are the days of a rule that stand at positions among those of their week, month or year.
func picked(rule calendar.Rule, freq string, positions []int, start, to calendar.Day) []calendar.Day {
	var list []calendar.Day
	// The set is that of the whole week, month or year, also of what lies before the beginning; a rule that
	// takes its days from the beginning has no more than that one.
	if len(rule.ByDay)+len(rule.ByMonthDay)+len(rule.ByYearDay) > 0 {
		rule.Start, _ = period(freq, start, rule.WeekStart)
	}
	for d := start; d <= to; {
		first, next := period(freq, d, rule.WeekStart)
		days := rule.Days(first, next-1)
		for i, day := range days {
			if (slices.Contains(positions, i+1) || slices.Contains(positions, i-len(days))) && day >= start && day <= to {
				list = append(list, day)
			}
		}
		d = next
	}
	return list
}

// period is the first day of the week, month or year that holds d, and that of the next.
func period(freq string, d calendar.Day, weekStart time.Weekday) (first, next calendar.Day) {
	y, m, _ := d.Date()
	switch freq {
	case "WEEKLY":
		first = d - calendar.Day((int(d.Weekday())-int(weekStart)+7)%7)
		return first, first + 7
	case "MONTHLY":
		first, _ = calendar.NewDay(y, m, 1)
		return first, first + calendar.Day(calendar.MonthLength(y, m))
	case "YEARLY":
		first, _ = calendar.NewDay(y, time.January, 1)
		last, _ := calendar.NewDay(y, time.December, 31)
		return first, last + 1
	}
	return d, d + 1
}

func numbers(text string) ([]int, error) {
	var list []int
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(part)
		if err != nil || n == 0 || n < -366 || n > 366 || len(list) > 400 {
			return nil, errRule
		}
		list = append(list, n)
	}
	return list, nil
}

// duration reads P1DT2H30M and P2W.
func duration(text string) (time.Duration, bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	text = strings.TrimPrefix(text, "+")
	rest, found := strings.CutPrefix(text, "P")
	if !found || rest == "" {
		return 0, false
	}
	var total time.Duration
	clockPart := false
	for rest != "" {
		if after, is := strings.CutPrefix(rest, "T"); is && !clockPart {
			clockPart, rest = true, after
			continue
		}
		at := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if at < 1 || at > 7 {
			return 0, false
		}
		n, err := strconv.Atoi(rest[:at])
		if err != nil {
			return 0, false
		}
		unit, known := units[rest[at:at+1]]
		if !known || (unit < 24*time.Hour) != clockPart {
			return 0, false
		}
		total += time.Duration(n) * unit
		if total > maxLength {
			return 0, false
		}
		rest = rest[at+1:]
	}
	return total, true
}

var units = map[string]time.Duration{"W": 7 * 24 * time.Hour, "D": 24 * time.Hour, "H": time.Hour, "M": time.Minute, "S": time.Second}
