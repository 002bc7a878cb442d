// SPDX-License-Identifier: EUPL-1.2

package lang

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Width is how much of a date or name is written out.
type Width int

const (
	Short Width = iota // 7 mar 2026, sab
	Long               // 7 marzo 2026; for weekdays the same as Full
	Full               // sabato 7 marzo 2026, sabato
)

//go:embed locale.json
var localeTable []byte

// convention is what CLDR says of one language; web/locale.mjs writes the table.
type convention struct {
	Months struct{ Full, Short, Alone []string } `json:"months"`
	Days   struct {
		Full, Short []string
		InDate      []string `json:"inDate"`
	} `json:"days"`
	Date struct {
		Full, Long, Short   string
		DayMonth, MonthYear string
	} `json:"date"`
	Range    struct{ SameMonth, SameYear, Other string } `json:"range"`
	Relative struct {
		Days         map[string]string
		Future, Past map[string]string
	} `json:"relative"`
	Number struct {
		Decimal, Group          string
		MinGroup                int
		Grouping, Percent, Euro string
	} `json:"number"`
	List map[string]string `json:"list"`
	Unit struct{ Metre, Kilometre map[string]string }
}

var conventions = sync.OnceValue(func() map[string]*convention {
	table := make(map[string]*convention)
	if err := json.Unmarshal(localeTable, &table); err != nil {
		panic("lang: locale.json: " + err.Error()) // embedded: only a broken build gets here
	}
	return table
})

// Format writes dates, times and numbers the way of one language. Digits are
// always Latin and the clock always has 24 hours, as on every door in Italy.
// The zero Format is Italian.
type Format struct{ code string }

// FormatFor gives the Format of a language; unknown codes give Italian.
func FormatFor(code string) Format {
	if !Known(code) {
		code = Default
	}
	return Format{code}
}

// Lang is the code of the language.
func (f Format) Lang() string {
	if f.code == "" {
		return Default
	}
	return f.code
}

// Dir is "ltr" or "rtl".
func (f Format) Dir() string { return Dir(f.Lang()) }

func (f Format) convention() *convention { return conventions()[f.Lang()] }

// Date writes the day of t in t's own location.
func (f Format) Date(t time.Time, width Width) string {
	c := f.convention()
	switch width {
	case Full:
		return f.write(c.Date.Full, t)
	case Long:
		return f.write(c.Date.Long, t)
	}
	return f.write(c.Date.Short, t)
}

// DayMonth is "7 marzo", for what returns every year.
func (f Format) DayMonth(t time.Time) string { return f.write(f.convention().Date.DayMonth, t) }

// MonthYear is "marzo 2026".
func (f Format) MonthYear(t time.Time) string { return f.write(f.convention().Date.MonthYear, t) }

// DateRange is "7–9 marzo 2026", saying month and year once where they are the
// same, and a single date when both are the same day.
func (f Format) DateRange(from, to time.Time) string {
	c := f.convention()
	switch {
	case from.Year() != to.Year():
		return f.writeRange(c.Range.Other, from, to)
	case from.Month() != to.Month():
		return f.writeRange(c.Range.SameYear, from, to)
	case from.Day() != to.Day():
		return f.writeRange(c.Range.SameMonth, from, to)
	}
	return f.Date(from, Long)
}

// writeRange splits an interval pattern of CLDR where a field comes for the second
// time: what stands before belongs to the first date.
func (f Format) writeRange(pattern string, from, to time.Time) string {
	pattern = strings.ReplaceAll(pattern, "dd", "d")
	if strings.Contains(f.convention().Date.Long, "MMMM") {
		// Intervals have abbreviated months only; people read whole ones more easily.
		pattern = strings.ReplaceAll(pattern, "MMM", "MMMM")
	}
	seen := make(map[byte]bool)
	t := from
	var b strings.Builder
	for _, part := range fields(pattern) {
		if !part.literal {
			if seen[part.text[0]] {
				t = to
			}
			seen[part.text[0]] = true
		}
		b.WriteString(f.field(part, t))
	}
	return b.String()
}

// Weekday is "sabato" or, Short, "sab".
func (f Format) Weekday(day time.Weekday, width Width) string {
	if width == Short {
		return f.convention().Days.Short[day]
	}
	return f.convention().Days.Full[day]
}

// Month is the name of the month standing alone: "marzo", Short "mar".
func (f Format) Month(month time.Month, width Width) string {
	if width == Short {
		return f.convention().Months.Short[month-1]
	}
	return f.convention().Months.Alone[month-1]
}

// Clock is "08:30". Hour 24 is midnight at the end of the day and is written 24:00.
func (f Format) Clock(hour, minute int) string { return fmt.Sprintf("%02d:%02d", hour, minute) }

// Time is the clock of t in its own location.
func (f Format) Time(t time.Time) string { return f.Clock(t.Hour(), t.Minute()) }

// ClockRange is "08:30–12:00".
func (f Format) ClockRange(fromHour, fromMinute, toHour, toMinute int) string {
	return f.Clock(fromHour, fromMinute) + "–" + f.Clock(toHour, toMinute)
}

// Relative says a distance in days: "oggi", "domani", "tra 3 giorni", "2 giorni fa".
func (f Format) Relative(days int) string {
	r := f.convention().Relative
	if text, ok := r.Days[strconv.Itoa(days)]; ok {
		return text
	}
	if days > 0 {
		return f.countUnit(r.Future, days)
	}
	return f.countUnit(r.Past, -days)
}

func (f Format) countUnit(forms map[string]string, n int) string {
	text, ok := forms[Plural(f.Lang(), n)]
	if !ok {
		text = forms["other"]
	}
	return strings.ReplaceAll(text, "{0}", f.Number(n))
}

// field is one part of a CLDR date pattern: a run of one letter, or literal text.
type field struct {
	text    string
	literal bool
}

// fields cuts a pattern of Unicode TR 35 (part 4, date field symbols).
func fields(pattern string) []field {
	var parts []field
	for i := 0; i < len(pattern); {
		start := i
		switch c := pattern[i]; {
		case c == '\'':
			end := strings.IndexByte(pattern[i+1:], '\'')
			parts = append(parts, field{pattern[i+1 : i+1+end], true})
			i += end + 2
		case strings.IndexByte("EMLdy", c) >= 0:
			for i < len(pattern) && pattern[i] == c {
				i++
			}
			parts = append(parts, field{pattern[start:i], false})
		default:
			for i < len(pattern) && strings.IndexByte("'EMLdy", pattern[i]) < 0 {
				i++
			}
			parts = append(parts, field{pattern[start:i], true})
		}
	}
	return parts
}

func (f Format) write(pattern string, t time.Time) string {
	var b strings.Builder
	for _, part := range fields(pattern) {
		b.WriteString(f.field(part, t))
	}
	return b.String()
}

func (f Format) field(part field, t time.Time) string {
	if part.literal {
		return part.text
	}
	c := f.convention()
	switch part.text {
	case "y":
		return strconv.Itoa(t.Year())
	case "d":
		return strconv.Itoa(t.Day())
	case "dd":
		return fmt.Sprintf("%02d", t.Day())
	case "M":
		return strconv.Itoa(int(t.Month()))
	case "MMM":
		return c.Months.Short[t.Month()-1]
	case "MMMM":
		return c.Months.Full[t.Month()-1]
	case "LLLL":
		return c.Months.Alone[t.Month()-1]
	case "EEEE":
		return c.Days.InDate[t.Weekday()]
	}
	panic("lang: no meaning for the date field " + part.text) // a test writes every pattern of the table
}
