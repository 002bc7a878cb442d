// SPDX-License-Identifier: EUPL-1.2

package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"approdo/internal/kit/calendar"
)

func day(t testing.TB, text string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestParseDay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-01-31": "2026-01-31", "20260131": "2026-01-31", "20260131T235959Z": "2026-01-31",
		"2026-01-31T10:00:00+02:00": "2026-01-31", "2026-01-31 10:00": "2026-01-31",
		"2024-02-29": "2024-02-29", "0001-01-01": "0001-01-01", "9999-12-31": "9999-12-31",
		"2025-02-29": "", "2026-13-01": "", "2026-00-10": "", "2026-1-31": "", "31/01/2026": "", "": "", "0000-01-01": "", "2026-0a-01": "",
	} {
		d, err := calendar.ParseDay(text)
		if got := d.String(); got != want || (err == nil) != (want != "") {
			t.Errorf("ParseDay(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestDayAgreesWithTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.Day(rapid.Int32Range(1, int32(calendar.MaxDay)).Draw(t, "day"))
		year, month, dayOfMonth := d.Date()
		again, ok := calendar.NewDay(year, month, dayOfMonth)
		if !ok || again != d {
			t.Fatalf("%v came back as %v", d, again)
		}
		std := time.Date(year, month, dayOfMonth, 12, 0, 0, 0, time.UTC)
		if std.Weekday() != d.Weekday() || std.YearDay() != d.YearDay() || std.Format(time.DateOnly) != d.String() {
			t.Fatalf("%v: %v %v, time says %v %v", d, d.Weekday(), d.YearDay(), std.Weekday(), std.YearDay())
		}
		if parsed, err := calendar.ParseDay(d.String()); err != nil || parsed != d {
			t.Fatalf("%v parsed as %v, %v", d, parsed, err)
		}
		if got := calendar.DayOf(std, time.UTC); got != d {
			t.Fatalf("DayOf = %v, want %v", got, d)
		}
		if next := (d + 1); next.Valid() && next.Weekday() != (d.Weekday()+1)%7 {
			t.Fatalf("after %v comes %v", d.Weekday(), next.Weekday())
		}
	})
}

func TestDayOfIsTheLocalDate(t *testing.T) {
	t.Parallel()
	instant := time.Date(2026, 7, 1, 22, 30, 0, 0, time.UTC)
	if got := calendar.DayOf(instant, calendar.Rome()); got != day(t, "2026-07-02") {
		t.Errorf("half past midnight in Rome is still %v", got)
	}
}

func TestZeroDay(t *testing.T) {
	t.Parallel()
	var none calendar.Day
	if none.Valid() || none.String() != "" {
		t.Errorf("the zero day is %q, valid %v", none, none.Valid())
	}
}

func TestParseClock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, want string
		offset     calendar.Offset
	}{
		{"9", "09:00", calendar.Offset{}}, {"9:30", "09:30", calendar.Offset{}}, {"09.30", "09:30", calendar.Offset{}},
		{"09:30:00", "09:30", calendar.Offset{}}, {"0930", "09:30", calendar.Offset{}}, {"9h30", "09:30", calendar.Offset{}},
		{" 24:00 ", "24:00", calendar.Offset{}}, {"00:00", "00:00", calendar.Offset{}}, {"9,15", "09:15", calendar.Offset{}},
		{"9:30 PM", "21:30", calendar.Offset{}}, {"12am", "00:00", calendar.Offset{}}, {"12 p.m.", "12:00", calendar.Offset{}},
		{"10:00Z", "10:00", calendar.Offset{Set: true}}, {"09:00-05:00", "09:00", calendar.Offset{Minutes: -300, Set: true}},
		{"09:00:00+0200", "09:00", calendar.Offset{Minutes: 120, Set: true}}, {"09:00+02", "09:00", calendar.Offset{Minutes: 120, Set: true}},
	} {
		got, offset, err := calendar.ParseClock(c.text)
		if err != nil || got.String() != c.want || offset != c.offset {
			t.Errorf("ParseClock(%q) = %v %v %v, want %v %v", c.text, got, offset, err, c.want, c.offset)
		}
	}
	for _, text := range []string{"", "noon", "25:00", "24:01", "9:60", "13pm", "0am", "-3", "9:3:5:7:8", "9::30", "+02:00", "1:00+99", "9:00-", "mattina", "9-99", "10:00:99"} {
		if got, _, err := calendar.ParseClock(text); err == nil {
			t.Errorf("ParseClock(%q) = %v, want an error", text, got)
		}
	}
}

func FuzzParseClock(f *testing.F) {
	for _, seed := range []string{"9", "09:30", "9.30 pm", "10:00Z", "09:00-05:00", "24:00", "p.m.", "+", "z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, offset, err := calendar.ParseClock(text)
		if err != nil {
			return
		}
		if !c.Valid() || offset.Minutes < -15*60 || offset.Minutes > 15*60 {
			t.Fatalf("%q read as %v %v", text, c, offset)
		}
		if again, _, err := calendar.ParseClock(c.String()); err != nil || again != c {
			t.Fatalf("%q read as %v, which reads as %v %v", text, c, again, err)
		}
	})
}
