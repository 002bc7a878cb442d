// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/hsds"
)

// schedules is the list that the hours of a row are about: those of its place, unless only the
// service has some.
func (d *draft) schedules() *[]hsds.Schedule {
	if d.at != nil && (len(d.at.Schedules) > 0 || len(d.service.Schedules) == 0) {
		return &d.at.Schedules
	}
	return &d.service.Schedules
}

// simple tells whether a schedule says only "every week on these days", so that columns can show it.
func simple(s hsds.Schedule) bool {
	return s.Freq == "WEEKLY" && (s.Interval == nil || *s.Interval == 1) && s.Count == nil && s.Until == "" && s.ValidFrom == "" && s.ValidTo == "" &&
		s.ByMonthDay == "" && s.ByWeekNo == "" && s.ByYearDay == "" && s.ByDay != "" && s.OpensAt != "" && s.ClosesAt != ""
}

func onDay(s hsds.Schedule, day string) bool {
	return slices.Contains(strings.Split(s.ByDay, ","), day)
}

func getDay(d *draft, day string) string {
	var slots []string
	for _, s := range *d.schedules() {
		if simple(s) && onDay(s, day) {
			slots = append(slots, hourMinute(s.OpensAt)+"-"+hourMinute(s.ClosesAt))
		}
	}
	slices.Sort(slots)
	return strings.Join(slots, "; ")
}

func hourMinute(clock string) string {
	if c, ok := readClock(clock); ok {
		return c
	}
	return clock
}

var (
	slotPattern  = regexp.MustCompile(`^(?:dalle?\s+)?(.+?)\s*(?:-|–|—|/|\balle\b)\s*(.+)$`)
	datePattern  = regexp.MustCompile(`^\d{5}(?:\.0+)?$`)
	closedHours  = []string{"", "chiuso", "chiusa", "no", "-", "—"}
	wholeDay     = []string{"24 ore", "h24", "24h", "0-24", "sempre"}
	hourBetween  = regexp.MustCompile(`\s*;\s*|\s*\n\s*|\s+e\s+|,\s+`)
	closureShape = regexp.MustCompile(`^(\d{1,2}/\d{1,2}(?:/\d{4})?)(?:\s*(?:-|–)\s*(\d{1,2}/\d{1,2}(?:/\d{4})?))?(?:\s*\((.*)\))?$`)
)

// putDay replaces the hours of one day of the week.
func putDay(d *draft, day, cell string) error {
	slots, err := readSlots(cell)
	if err != nil {
		return err
	}
	list := d.schedules()
	var rest []hsds.Schedule
	for _, s := range *list {
		if simple(s) && onDay(s, day) {
			days := slices.DeleteFunc(strings.Split(s.ByDay, ","), func(x string) bool { return x == day })
			if len(days) == 0 {
				continue
			}
			s.ByDay = strings.Join(days, ",")
		}
		rest = append(rest, s)
	}
	*list = rest
	for _, slot := range slots {
		d.addSlot(list, day, slot)
	}
	return nil
}

// addSlot adds a day to the schedule with the same hours, or makes one.
func (d *draft) addSlot(list *[]hsds.Schedule, day string, slot [2]string) {
	for i, s := range *list {
		if simple(s) && hourMinute(s.OpensAt) == slot[0] && hourMinute(s.ClosesAt) == slot[1] {
			days := append(strings.Split(s.ByDay, ","), day)
			slices.SortFunc(days, func(a, b string) int { return weekPlace(a) - weekPlace(b) })
			(*list)[i].ByDay = strings.Join(slices.Compact(days), ",")
			return
		}
	}
	place := ""
	if d.at != nil {
		place = d.at.ID
	}
	*list = append(*list, hsds.Schedule{ID: derive(d.service.ID, place, "schedule", day, slot[0], slot[1]), Freq: "WEEKLY", ByDay: day, OpensAt: slot[0], ClosesAt: slot[1]})
}

// weekPlace counts from Monday.
func weekPlace(day string) int { return (slices.Index(dayCodes, day) + 6) % 7 }

// readSlots reads "9-13; 15-17:30".
func readSlots(cell string) ([][2]string, error) {
	low := strings.ToLower(strings.TrimSpace(cell))
	if slices.Contains(closedHours, low) {
		return nil, nil
	}
	if slices.Contains(wholeDay, low) {
		return [][2]string{{"00:00", "24:00"}}, nil
	}
	if datePattern.MatchString(low) {
		return nil, errCell{"hours.became-date", ""}
	}
	var slots [][2]string
	for _, one := range hourBetween.Split(low, -1) {
		m := slotPattern.FindStringSubmatch(strings.TrimSpace(one))
		if m == nil {
			return nil, errCell{"hours.unreadable", ""}
		}
		opens, ok1 := readClock(m[1])
		closes, ok2 := readClock(m[2])
		if !ok1 || !ok2 {
			return nil, errCell{"hours.unreadable", ""}
		}
		slots = append(slots, [2]string{opens, closes})
	}
	return slots, nil
}

func getClosures(d *draft) string {
	return getList(d.extra.Hours.Closures, func(c directory.Closure) string {
		text := italianDay(c.From)
		if c.To != c.From {
			text += "-" + italianDay(c.To)
		}
		if c.Note != "" {
			text += " (" + c.Note + ")"
		}
		return text
	})
}

// italianDay writes 2026-08-10 as 10/08/2026, and 08-10, a day of every year, as 10/08.
func italianDay(day string) string {
	parts := strings.Split(day, "-")
	slices.Reverse(parts)
	return strings.Join(parts, "/")
}

func putClosures(d *draft, cell string) error {
	var list []directory.Closure
	for one := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == ';' || r == '\n' }) {
		m := closureShape.FindStringSubmatch(strings.TrimSpace(one))
		if m == nil {
			return errCell{"hours.closure", ""}
		}
		if m[2] == "" {
			m[2] = m[1]
		}
		from, ok1 := closureDay(m[1])
		to, ok2 := closureDay(m[2])
		if !ok1 || !ok2 || len(from) != len(to) {
			return errCell{"hours.closure", ""}
		}
		list = append(list, directory.Closure{From: from, To: to, Note: m[3]})
	}
	d.extra.Hours.Closures = list
	return nil
}

func closureDay(s string) (string, bool) {
	if strings.Count(s, "/") == 2 {
		day, _, ok := readDay(s, false)
		return day, ok
	}
	var d, m int
	if _, err := fmt.Sscanf(s, "%d/%d", &d, &m); err != nil {
		return "", false
	}
	_, _, ok := makeDay("2024", fmt.Sprint(m), fmt.Sprint(d)) // a leap year: 29 February is a day of every year
	return fmt.Sprintf("%02d-%02d", m, d), ok
}
