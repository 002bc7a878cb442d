// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fields is a recurrence as a row of HSDS's schedule table spells it: text,
// empty when absent. ByMonth is in RFC 5545 but not in HSDS.
type Fields struct {
	Freq, Interval, Count, DTStart, Until, WKST     string
	ByDay, ByMonthDay, ByMonth, ByWeekNo, ByYearDay string
}

// Note says what was read with good will, so that an import can report it.
type Note struct{ Field, Text string }

// FieldError says which field cannot be read, its text and why.
type FieldError struct{ Field, Value, Why string }

// Error returns the field, its value and the reason.
func (e *FieldError) Error() string { return fmt.Sprintf("%s %q: %s", e.Field, e.Value, e.Why) }

// maxInterval and maxCount bound what a file may ask of the machine.
const (
	maxInterval = 1000
	maxCount    = 10000
	maxParts    = 400 // every day of a year, with room
	maxText     = 4000
)

// ParseRule reads a recurrence. It is tolerant of case, spaces, separators,
// full names of days in Italian and English and ranges of days ("Mon-Fri"), and
// says so in notes; what it cannot understand is an error, never a guess.
func ParseRule(f Fields) (Rule, []Note, error) {
	p := parser{rule: Rule{Interval: 1, WeekStart: time.Monday}}
	p.freq(f)
	p.number("interval", f.Interval, maxInterval, &p.rule.Interval)
	p.number("count", f.Count, maxCount, &p.rule.Count)
	p.day("dtstart", f.DTStart, &p.rule.Start)
	p.day("until", f.Until, &p.rule.Until)
	p.weekStart(f.WKST)
	p.byDay(f.ByDay)
	p.numbers("bymonthday", f.ByMonthDay, 31, true, &p.rule.ByMonthDay)
	p.numbers("bymonth", f.ByMonth, 12, false, &p.rule.ByMonth)
	p.numbers("byweekno", f.ByWeekNo, 53, true, &p.rule.ByWeekNo)
	p.numbers("byyearday", f.ByYearDay, 366, true, &p.rule.ByYearDay)
	p.settle(f)
	if p.err != nil {
		return Rule{}, p.notes, p.err
	}
	return p.rule, p.notes, nil
}

// ParseRRule reads the text of an iCalendar RRULE, with or without "RRULE:".
// start is the DTSTART beside it, or zero. Parts that speak of hours or of
// positions within a set are refused, since days alone cannot say them.
func ParseRRule(text string, start Day) (Rule, []Note, error) {
	body := strings.TrimSpace(text)
	if len(body) >= 6 && strings.EqualFold(body[:6], "RRULE:") {
		body = body[6:]
	}
	f := Fields{DTStart: start.String()}
	fields := map[string]*string{
		"FREQ": &f.Freq, "INTERVAL": &f.Interval, "COUNT": &f.Count, "UNTIL": &f.Until, "WKST": &f.WKST,
		"BYDAY": &f.ByDay, "BYMONTHDAY": &f.ByMonthDay, "BYMONTH": &f.ByMonth, "BYWEEKNO": &f.ByWeekNo, "BYYEARDAY": &f.ByYearDay,
	}
	for part := range strings.SplitSeq(body, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, value, found := strings.Cut(part, "=")
		field, known := fields[strings.ToUpper(strings.TrimSpace(name))]
		switch {
		case !found || !known:
			return Rule{}, nil, &FieldError{"rrule", text, fmt.Sprintf("the part %q cannot be read", part)}
		case *field != "":
			return Rule{}, nil, &FieldError{"rrule", text, fmt.Sprintf("%s is written twice", name)}
		}
		*field = strings.TrimSpace(value)
	}
	return ParseRule(f)
}

// parser gathers notes and keeps the first error.
type parser struct {
	rule  Rule
	notes []Note
	err   error
}

func (p *parser) fail(field, value, why string) {
	if p.err == nil {
		p.err = &FieldError{field, value, why}
	}
}

func (p *parser) note(field, format string, args ...any) {
	p.notes = append(p.notes, Note{field, fmt.Sprintf(format, args...)})
}

func (p *parser) freq(f Fields) {
	text := strings.ToUpper(strings.TrimSpace(f.Freq))
	switch freq := Freq(text); freq {
	case Daily, Weekly, Monthly, Yearly:
		p.rule.Freq = freq
	case "":
		// A row that only lists days means "every week on these".
		if strings.TrimSpace(f.ByDay) == "" {
			p.fail("freq", f.Freq, "missing")
			return
		}
		p.rule.Freq = Weekly
		p.note("freq", "missing: read as WEEKLY")
	default:
		p.fail("freq", f.Freq, "not one of DAILY, WEEKLY, MONTHLY, YEARLY")
	}
}

func (p *parser) number(field, text string, most int, into *int) {
	trimmed := strings.TrimSuffix(strings.TrimSpace(text), ".0")
	if trimmed == "" {
		return
	}
	n, err := strconv.Atoi(trimmed)
	if err != nil || n < 1 || n > most {
		p.fail(field, text, fmt.Sprintf("not a whole number from 1 to %d", most))
		return
	}
	*into = n
}

func (p *parser) day(field, text string, into *Day) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return
	}
	d, err := ParseDay(trimmed)
	if err != nil {
		p.fail(field, text, "not a date like 2026-01-31")
		return
	}
	*into = d
}

func (p *parser) weekStart(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	day, ok := weekdayNamed(text)
	if !ok {
		p.fail("wkst", text, "not a day of the week")
		return
	}
	p.rule.WeekStart = day
}

// numbers reads a list of numbers from 1 to most and, if negative, their counts
// from the end. Numbers beyond what a list may hold are an error.
func (p *parser) numbers(field, text string, most int, negative bool, into *[]int) {
	for _, part := range p.parts(field, text) {
		n, err := strconv.Atoi(strings.TrimPrefix(part, "+"))
		if err != nil || n == 0 || n > most || n < -most || n < 0 && !negative {
			p.fail(field, text, fmt.Sprintf("%q is not a number from 1 to %d", part, most))
			return
		}
		if !slices.Contains(*into, n) {
			*into = append(*into, n)
		}
	}
	slices.Sort(*into)
}

// parts cuts a list at commas, semicolons and blanks.
func (p *parser) parts(field, text string) []string {
	if len(text) > maxText {
		p.fail(field, text[:20]+"…", "too long")
		return nil
	}
	parts := strings.FieldsFunc(text, func(r rune) bool {
		return r == ',' || r == ';' || r == '|' || r == '/' || r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\u00a0'
	})
	if len(parts) > maxParts {
		p.fail(field, text[:20]+"…", "too many parts")
		return nil
	}
	return parts
}

// settle checks what the parts mean together.
func (p *parser) settle(f Fields) {
	r := &p.rule
	if r.Interval > 1 && r.Start == 0 {
		p.fail("interval", f.Interval, "needs dtstart: every second week from when?")
	}
	if r.Count > 0 && r.Start == 0 {
		p.fail("count", f.Count, "needs dtstart: how many times from when?")
	}
	if r.Count > 0 && r.Until != 0 {
		p.fail("count", f.Count, "cannot stand beside until")
	}
	if r.Start != 0 && r.Until != 0 && r.Until < r.Start {
		p.fail("until", f.Until, "comes before dtstart")
	}
	if p.err == nil && !r.Complete() {
		p.note("byday", "no day is named and there is no dtstart: on which days is not known")
	}
	ordinal := slices.ContainsFunc(r.ByDay, func(w Weekday) bool { return w.Ordinal != 0 })
	if !ordinal {
		return
	}
	switch {
	case len(r.ByWeekNo) > 0:
		p.fail("byday", f.ByDay, "an ordinal cannot stand beside byweekno")
	case r.Freq == Weekly && r.Interval <= 1:
		// "Weekly, 2TU" is written by people who mean the second Tuesday.
		r.Freq = Monthly
		p.note("byday", "an ordinal in a WEEKLY rule: read as MONTHLY")
	case r.Freq == Weekly || r.Freq == Daily:
		p.fail("byday", f.ByDay, "an ordinal needs freq MONTHLY or YEARLY")
	}
}
