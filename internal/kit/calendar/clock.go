// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Clock is an hour of the day on the wall, in minutes after midnight; 24:00 is
// the end of the day.
type Clock int16

// EndOfDay is 24:00.
const EndOfDay Clock = 24 * 60

// ErrNotAClock says that a text is no hour of the day.
var ErrNotAClock = errors.New("not an hour of the day")

// Offset is the distance from UTC written after an hour, in minutes. Set says
// whether one was written at all: "10:00Z" is set and zero.
type Offset struct {
	Minutes int
	Set     bool
}

// String returns "09:30".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }

// Valid says whether c is between 00:00 and 24:00, both included.
func (c Clock) Valid() bool { return c >= 0 && c <= EndOfDay }

// ParseClock reads an hour as people and HSDS files write it: "9", "9:30",
// "09.30", "9,30", "0930", "09:30:00", "9:30 pm", "9h30", "24:00", and after it
// "Z", "+02:00" or "-0500". Seconds must be a number but do not count.
func ParseClock(text string) (Clock, Offset, error) {
	fail := func() (Clock, Offset, error) { return 0, Offset{}, fmt.Errorf("%q: %w", text, ErrNotAClock) }
	rest := strings.ToLower(strings.TrimSpace(text))
	if len(rest) > 40 {
		return fail()
	}
	rest, offset, ok := cutOffset(rest)
	if !ok {
		return fail()
	}
	rest, half := cutHalfDay(rest)
	hour, minute, ok := hourMinute(rest)
	if !ok {
		return fail()
	}
	if half != "" {
		if hour < 1 || hour > 12 {
			return fail()
		}
		hour %= 12
		if half == "pm" {
			hour += 12
		}
	}
	if hour > 24 || minute > 59 || hour == 24 && minute > 0 {
		return fail()
	}
	return Clock(hour*60 + minute), offset, nil
}

func cutOffset(text string) (rest string, offset Offset, ok bool) {
	if before, found := strings.CutSuffix(text, "z"); found {
		return strings.TrimSpace(before), Offset{Set: true}, true
	}
	at := strings.LastIndexAny(text, "+-")
	if at < 0 {
		return text, Offset{}, true
	}
	sign := 1
	if text[at] == '-' {
		sign = -1
	}
	hour, minute, ok := hourMinute(text[at+1:])
	if !ok || hour > 14 || minute > 59 {
		return "", Offset{}, false
	}
	return strings.TrimSpace(text[:at]), Offset{Minutes: sign * (hour*60 + minute), Set: true}, true
}

func cutHalfDay(text string) (rest, half string) {
	compact := strings.ReplaceAll(text, ".m", "m")
	for _, half := range []string{"am", "pm"} {
		if before, found := strings.CutSuffix(strings.TrimSuffix(compact, "."), half); found {
			return strings.TrimSpace(before), half
		}
	}
	return text, ""
}

// hourMinute reads "9", "09:30", "09.30", "9h30", "0930" and "09:30:00(.000)".
func hourMinute(text string) (hour, minute int, ok bool) {
	if len(text) == 4 && strings.IndexFunc(text, notDigit) < 0 {
		text = text[:2] + ":" + text[2:]
	}
	parts := strings.Split(separators.Replace(strings.TrimSuffix(text, "h")), ":")
	if len(parts) > 4 {
		return 0, 0, false
	}
	var n [4]int
	for i, part := range parts {
		if part == "" || len(part) > 2 && i < 3 || strings.IndexFunc(part, notDigit) >= 0 {
			return 0, 0, false
		}
		value, err := strconv.Atoi(part)
		if err != nil {
			return 0, 0, false
		}
		n[i] = value
	}
	return n[0], n[1], n[2] < 61
}

// separators are what stands between hours, minutes and seconds.
var separators = strings.NewReplacer(".", ":", ",", ":", "h", ":")

func notDigit(r rune) bool { return r < '0' || r > '9' }
