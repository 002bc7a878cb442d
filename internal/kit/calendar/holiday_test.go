// SPDX-License-Identifier: EUPL-1.2

package calendar_test

import (
	"testing"
	"time"

	"approdo/internal/kit/calendar"
)

func TestEaster(t *testing.T) {
	t.Parallel()
	// Published dates, with the earliest and the latest possible ones.
	for year, want := range map[int]string{
		1818: "1818-03-22", 1943: "1943-04-25", 2000: "2000-04-23", 2008: "2008-03-23", 2011: "2011-04-24", 2024: "2024-03-31",
		2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2028: "2028-04-16", 2029: "2029-04-01", 2030: "2030-04-21", 2038: "2038-04-25",
	} {
		if got := calendar.Easter(year); got != day(t, want) {
			t.Errorf("Easter %d = %v, want %v", year, got, want)
		}
	}
}

func TestEasterIsASundayInItsSeason(t *testing.T) {
	t.Parallel()
	for year := 1583; year <= 4099; year++ {
		easter := calendar.Easter(year)
		first, _ := calendar.NewDay(year, time.March, 22)
		last, _ := calendar.NewDay(year, time.April, 25)
		if easter.Weekday() != time.Sunday || easter < first || easter > last {
			t.Fatalf("Easter %d = %v, a %v", year, easter, easter.Weekday())
		}
	}
}

func TestHolidays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ day, code string }{
		{"2026-01-01", "new-year"}, {"2026-01-06", "epiphany"}, {"2026-04-05", "easter"}, {"2026-04-06", "easter-monday"},
		{"2026-04-25", "liberation"}, {"2026-05-01", "labour"}, {"2026-06-02", "republic"}, {"2026-08-15", "assumption"},
		{"2026-10-04", "st-francis"}, {"2026-11-01", "all-saints"}, {"2026-12-08", "immaculate"}, {"2026-12-25", "christmas"},
		{"2026-12-26", "st-stephen"}, {"2011-03-17", "unity-2011"},
		{"2025-10-04", ""}, {"2000-06-02", ""}, {"2026-03-17", ""}, {"2026-11-04", ""}, {"2026-03-19", ""}, {"2026-05-14", ""},
	} {
		code, ok := calendar.HolidayOn(day(t, c.day))
		if code != c.code || ok != (c.code != "") {
			t.Errorf("%s is %q, want %q", c.day, code, c.code)
		}
	}
	if got := len(calendar.Holidays(2025)); got != 12 {
		t.Errorf("2025 has %d holidays, want 12", got)
	}
	if got := len(calendar.Holidays(2026)); got != 13 {
		t.Errorf("2026 has %d holidays, want 13", got)
	}
	if _, ok := calendar.HolidayOn(0); ok {
		t.Error("no day is no holiday")
	}
}
