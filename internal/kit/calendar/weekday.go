// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dayCodes are RFC 5545's, from Sunday as time.Weekday counts.
var dayCodes = [7]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// dayStems are the beginnings by which people's spellings are known, in English
// and Italian; "ma" (martedì) and "me" are too short to be told from a slip.
var dayStems = map[string]time.Weekday{
	"su": time.Sunday, "sun": time.Sunday, "dom": time.Sunday, "do": time.Sunday,
	"mo": time.Monday, "mon": time.Monday, "lun": time.Monday, "lu": time.Monday,
	"tu": time.Tuesday, "tue": time.Tuesday, "tues": time.Tuesday, "mar": time.Tuesday,
	"we": time.Wednesday, "wed": time.Wednesday, "mer": time.Wednesday,
	"th": time.Thursday, "thu": time.Thursday, "thur": time.Thursday, "thurs": time.Thursday, "gio": time.Thursday, "gi": time.Thursday,
	"fr": time.Friday, "fri": time.Friday, "ven": time.Friday, "ve": time.Friday,
	"sa": time.Saturday, "sat": time.Saturday, "sab": time.Saturday,
	"sunday": time.Sunday, "domenica": time.Sunday, "monday": time.Monday, "lunedi": time.Monday,
	"tuesday": time.Tuesday, "martedi": time.Tuesday, "wednesday": time.Wednesday, "mercoledi": time.Wednesday,
	"thursday": time.Thursday, "giovedi": time.Thursday, "friday": time.Friday, "venerdi": time.Friday,
	"saturday": time.Saturday, "sabato": time.Saturday,
	"sundays": time.Sunday, "mondays": time.Monday, "tuesdays": time.Tuesday, "wednesdays": time.Wednesday,
	"thursdays": time.Thursday, "fridays": time.Friday, "saturdays": time.Saturday,
}

// ordinalDay is "2TU", "-1 FR", "+3mo", "MO", "lunedì".
var ordinalDay = regexp.MustCompile(`^([+-]?[0-9]{1,2})?([\p{L}'’.]+)$`)

// weekdayNamed reads one day of the week; false when it is none.
func weekdayNamed(text string) (time.Weekday, bool) {
	name := strings.ToLower(strings.TrimSpace(text))
	name = strings.NewReplacer("ì", "i", "ì", "i", "í", "i", "'", "", "’", "", ".", "").Replace(name)
	day, ok := dayStems[name]
	return day, ok
}

// isDayCode says that the text is already spelt as RFC 5545 wants it.
func isDayCode(text string) bool { return slices.Contains(dayCodes[:], text) }

// byDay reads BYDAY: codes, ordinals, names and ranges.
func (p *parser) byDay(text string) {
	joined := joinRanges.ReplaceAllString(joinOrdinal.ReplaceAllString(text, "$1$2"), "$1-$2")
	loose := joined != text
	for _, part := range p.parts("byday", joined) {
		first, last, ranged := cutRange(part)
		if ranged {
			from, ok1 := weekdayNamed(first)
			to, ok2 := weekdayNamed(last)
			if !ok1 || !ok2 {
				p.fail("byday", text, fmt.Sprintf("%q is not a range of days", part))
				return
			}
			loose = true
			for day := from; ; day = (day + 1) % 7 {
				p.addDay(Weekday{Day: day})
				if day == to {
					break
				}
			}
			continue
		}
		match := ordinalDay.FindStringSubmatch(part)
		if match == nil {
			p.fail("byday", text, fmt.Sprintf("%q is not a day of the week", part))
			return
		}
		day, ok := weekdayNamed(match[2])
		ordinal, err := 0, error(nil)
		if match[1] != "" {
			ordinal, err = strconv.Atoi(match[1])
		}
		if !ok || err != nil || match[1] != "" && ordinal == 0 || ordinal > 53 || ordinal < -53 {
			p.fail("byday", text, fmt.Sprintf("%q is not a day of the week", part))
			return
		}
		loose = loose || !isDayCode(match[2])
		p.addDay(Weekday{ordinal, day})
	}
	if loose && p.err == nil {
		p.note("byday", "%q read as %s", text, spellDays(p.rule.ByDay))
	}
}

// joinOrdinal and joinRanges close the blanks people leave in "2 TU", "-1 FR"
// and "Mon - Fri", "lun al ven", "Monday to Friday".
var (
	joinOrdinal = regexp.MustCompile(`([+-]?\b[0-9]{1,2})\s+(\p{L})`)
	joinRanges  = regexp.MustCompile(`(\p{L})\s*(?:[-–—]|\s(?:to|al|a)\s)\s*(\p{L})`)
)

// cutRange cuts "MO-FR"; the sign of "-1FR" is no range.
func cutRange(part string) (first, last string, ranged bool) {
	at := strings.IndexByte(part, '-')
	if at <= 0 {
		return "", "", false
	}
	return part[:at], part[at+1:], true
}

func (p *parser) addDay(w Weekday) {
	if !slices.Contains(p.rule.ByDay, w) {
		p.rule.ByDay = append(p.rule.ByDay, w)
	}
}

func spellDays(days []Weekday) string {
	parts := make([]string, len(days))
	for i, w := range days {
		parts[i] = w.String()
	}
	return strings.Join(parts, ",")
}

// String returns "TU", "2TU" or "-1FR".
func (w Weekday) String() string {
	if w.Ordinal == 0 {
		return dayCodes[w.Day]
	}
	return strconv.Itoa(w.Ordinal) + dayCodes[w.Day]
}

// String returns the rule as the text of an iCalendar RRULE. DTSTART is not
// part of that text.
func (r Rule) String() string {
	var b strings.Builder
	b.WriteString("FREQ=" + string(r.Freq))
	add := func(name, value string) {
		if value != "" {
			b.WriteString(";" + name + "=" + value)
		}
	}
	if r.Interval > 1 {
		add("INTERVAL", strconv.Itoa(r.Interval))
	}
	if r.Count > 0 {
		add("COUNT", strconv.Itoa(r.Count))
	}
	add("UNTIL", strings.ReplaceAll(r.Until.String(), "-", ""))
	if r.WeekStart != time.Monday {
		add("WKST", dayCodes[r.WeekStart])
	}
	add("BYMONTH", spellNumbers(r.ByMonth))
	add("BYWEEKNO", spellNumbers(r.ByWeekNo))
	add("BYYEARDAY", spellNumbers(r.ByYearDay))
	add("BYMONTHDAY", spellNumbers(r.ByMonthDay))
	add("BYDAY", spellDays(r.ByDay))
	return b.String()
}

func spellNumbers(list []int) string {
	parts := make([]string, len(list))
	for i, n := range list {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, ",")
}
