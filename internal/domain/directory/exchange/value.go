// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
)

// splitList cuts a cell that lists things.
func splitList(s string) []string {
	var list []string
	for one := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '|' }) {
		if one = strings.TrimSpace(one); one != "" && !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}

// splitKeys cuts a cell that should hold one key and holds several.
func splitKeys(s string) []string {
	list := splitList(s)
	if len(list) == 1 && strings.Contains(list[0], " ") {
		fields := strings.Fields(list[0])
		if !slices.ContainsFunc(fields, func(f string) bool { return len(f) != 36 }) {
			return fields
		}
	}
	return list
}

var yes = []string{"true", "t", "yes", "y", "1", "si", "vero", "v", "x", "oui", "ja"}
var no = []string{"false", "f", "no", "n", "0", "falso", "non"}

// readBool reads yes and no as people write them.
func readBool(s string) (value, ok bool) {
	s = lang.Fold(strings.TrimSpace(s))
	return slices.Contains(yes, s), slices.Contains(yes, s) || slices.Contains(no, s)
}

var months = map[string]time.Month{
	"gennaio": 1, "febbraio": 2, "marzo": 3, "aprile": 4, "maggio": 5, "giugno": 6, "luglio": 7, "agosto": 8, "settembre": 9, "ottobre": 10, "novembre": 11, "dicembre": 12,
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
	"gen": 1, "feb": 2, "mar": 3, "apr": 4, "mag": 5, "giu": 6, "lug": 7, "ago": 8, "set": 9, "ott": 10, "nov": 11, "dic": 12,
	"jan": 1, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "dec": 12,
}

var (
	isoDay    = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$`)
	partedDay = regexp.MustCompile(`^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|\d{4})(?: \d.*)?$`)
	monthDay  = regexp.MustCompile(`^(\pL+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$`)
	dayMonth  = regexp.MustCompile(`^(\d{1,2})°? (?:di |de )?(\pL+)\.?,? (\d{4})$`)
	serialDay = regexp.MustCompile(`^(\d{5})(?:\.\d+)?$`)
)

// readDay reads a date as files have it: ISO (with or without a time), 31/12/2026, 12/31/26 when
// monthFirst, "December 24, 2014", "24 dicembre 2014", the serial number of a spreadsheet. The year
// 1 means "every year", as in Ohana.
func readDay(s string, monthFirst bool) (day string, everyYear, ok bool) {
	s = strings.TrimSpace(s)
	if m := isoDay.FindStringSubmatch(s); m != nil {
		return makeDay(m[1], m[2], m[3])
	}
	if m := partedDay.FindStringSubmatch(s); m != nil {
		if len(m[3]) == 2 {
			m[3] = century(m[3]) + m[3]
		}
		if monthFirst {
			return makeDay(m[3], m[1], m[2])
		}
		return makeDay(m[3], m[2], m[1])
	}
	if m := monthDay.FindStringSubmatch(s); m != nil {
		return makeDay(m[3], strconv.Itoa(int(months[strings.ToLower(m[1])])), m[2])
	}
	if m := dayMonth.FindStringSubmatch(s); m != nil {
		return makeDay(m[3], strconv.Itoa(int(months[strings.ToLower(m[2])])), m[1])
	}
	if m := serialDay.FindStringSubmatch(s); m != nil {
		if n, _ := strconv.Atoi(m[1]); n >= 20_000 && n < 80_000 { // 1954 to 2119
			return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly), false, true
		}
	}
	if d, err := calendar.ParseDay(s); err == nil {
		return d.String(), false, true
	}
	return "", false, false
}

func makeDay(year, month, day string) (string, bool, bool) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	if y == 1 {
		t := time.Date(1, time.Month(m), d, 0, 0, 0, 0, time.UTC)
		return "0001-" + t.Format("01-02"), true, int(t.Month()) == m && t.Day() == d
	}
	if _, ok := calendar.NewDay(y, time.Month(m), d); !ok {
		return "", false, false
	}
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), false, true
}

// century of a year of two digits: 69 and later are of the twentieth, as POSIX has it.
func century(two string) string {
	if two >= "69" {
		return "19"
	}
	return "20"
}

func twoDigitYear(s string) bool {
	m := partedDay.FindStringSubmatch(strings.TrimSpace(s))
	return m != nil && len(m[3]) == 2
}

// ambiguousDay: both numbers could be the month, and they differ.
func ambiguousDay(s string) bool {
	m := partedDay.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return false
	}
	a, _ := strconv.Atoi(m[1])
	b, _ := strconv.Atoi(m[2])
	return a <= 12 && b <= 12 && a != b
}

// maxExceptionDays bounds the days that one row of changed hours covers.
const maxExceptionDays = 366

// daysBetween lists the days from one to another, both included.
func daysBetween(from, to string) ([]string, bool) {
	a, err1 := calendar.ParseDay(from)
	b, err2 := calendar.ParseDay(to)
	if err1 != nil || err2 != nil || b < a || b-a >= maxExceptionDays {
		return nil, false
	}
	var list []string
	for d := a; d <= b; d++ {
		list = append(list, d.String())
	}
	return list, true
}

var clockWords = map[string]string{"noon": "12:00", "mezzogiorno": "12:00", "midday": "12:00", "midnight": "00:00", "mezzanotte": "24:00"}

var excelClock = regexp.MustCompile(`^0?\.\d{3,}$`)

// readClock reads a time of day: "9am", "3:00 PM", "noon", "9.30", "09:30:00", the fraction of a day
// that spreadsheets keep.
func readClock(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if w, ok := clockWords[strings.ToLower(s)]; ok {
		return w, true
	}
	if excelClock.MatchString(s) {
		f, err := strconv.ParseFloat(s, 64)
		return calendar.Clock(f*24*60 + 0.5).String(), err == nil
	}
	if m := isoDay.FindStringSubmatch(s); m != nil && len(s) > 15 {
		s = s[11:]
	}
	c, _, err := calendar.ParseClock(s)
	return c.String(), err == nil
}

var dayCodes = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// weekdays reads days of the week in any of the usual ways: names and ranges in Italian and English,
// numbers from 1 (Monday) to 7.
func weekdays(s string) (string, bool) {
	if n, err := strconv.Atoi(s); err == nil && n >= 1 && n <= 7 {
		return dayCodes[n%7], true
	}
	rule, _, err := calendar.ParseRule(calendar.Fields{Freq: "WEEKLY", ByDay: s})
	if err != nil || len(rule.ByDay) == 0 {
		return "", false
	}
	return byDay(rule), true
}

func byDay(rule calendar.Rule) string {
	list := make([]string, len(rule.ByDay))
	for i, d := range rule.ByDay {
		list[i] = dayCodes[d.Day]
		if d.Ordinal != 0 {
			list[i] = strconv.Itoa(d.Ordinal) + list[i]
		}
	}
	return strings.Join(list, ",")
}
