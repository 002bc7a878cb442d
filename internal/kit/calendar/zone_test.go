// SPDX-License-Identifier: EUPL-1.2

package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"approdo/internal/kit/calendar"
)

func TestWallClockAcrossDaylightSaving(t *testing.T) {
	t.Parallel()
	// In 2026 Italy goes forward on 29 March at 02:00 and back on 25 October at 03:00.
	for _, c := range []struct {
		name, day  string
		clock      calendar.Clock
		first, end string
	}{
		{"winter", "2026-01-15", 9 * 60, "2026-01-15T08:00:00Z", "2026-01-15T08:00:00Z"},
		{"summer", "2026-07-15", 9 * 60, "2026-07-15T07:00:00Z", "2026-07-15T07:00:00Z"},
		{"before the change", "2026-03-29", 60, "2026-03-29T00:00:00Z", "2026-03-29T00:00:00Z"},
		{"the hour that is skipped", "2026-03-29", 150, "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z"},
		{"after the change", "2026-03-29", 180, "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z"},
		{"the hour lived twice", "2026-10-25", 150, "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
		{"end of the hour lived twice", "2026-10-25", 180, "2026-10-25T02:00:00Z", "2026-10-25T02:00:00Z"},
		{"midnight at the end", "2026-10-25", calendar.EndOfDay, "2026-10-25T23:00:00Z", "2026-10-25T23:00:00Z"},
	} {
		d := day(t, c.day)
		first := calendar.Earliest(d, c.clock, calendar.Rome()).UTC().Format(time.RFC3339)
		last := calendar.Latest(d, c.clock, calendar.Rome()).UTC().Format(time.RFC3339)
		if first != c.first || last != c.end {
			t.Errorf("%s: %s and %s, want %s and %s", c.name, first, last, c.first, c.end)
		}
	}
}

func TestNightSlotOnTheLongAndTheShortNight(t *testing.T) {
	t.Parallel()
	night := calendar.Slot{Opens: 20 * 60, Closes: 8 * 60}
	for text, hours := range map[string]float64{"2026-03-28": 11, "2026-10-24": 13, "2026-06-01": 12} {
		if got := night.On(day(t, text), calendar.Rome()).Duration().Hours(); got != hours {
			t.Errorf("the night of %s lasts %v h, want %v", text, got, hours)
		}
	}
	if !night.Night() || night.Whole() {
		t.Error("20:00-08:00 is a night slot")
	}
	whole := calendar.Slot{Opens: 0, Closes: calendar.EndOfDay}
	if whole.Night() || !whole.Whole() || whole.On(day(t, "2026-10-25"), calendar.Rome()).Duration() != 25*time.Hour {
		t.Error("a whole day in October may have 25 hours")
	}
}

func TestInstantsShowTheWall(t *testing.T) {
	t.Parallel()
	zones := []string{"Europe/Rome", "Europe/Kyiv", "Asia/Dhaka", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", "UTC", "Pacific/Apia"}
	rapid.Check(t, func(t *rapid.T) {
		loc, err := calendar.Zone(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		d := calendar.Day(rapid.Int32Range(730000, 745000).Draw(t, "day"))
		c := calendar.Clock(rapid.Int16Range(0, 1439).Draw(t, "clock"))
		first, last := calendar.Earliest(d, c, loc), calendar.Latest(d, c, loc)
		if last.Before(first) || last.Sub(first) > time.Hour {
			t.Fatalf("%v %v: from %v to %v", d, c, first, last)
		}
		hour, minute, _ := first.Clock()
		exact := calendar.DayOf(first, loc) == d && calendar.Clock(hour*60+minute) == c
		if !exact {
			// Skipped: the moment before must be earlier on the wall, this one later.
			before := first.Add(-time.Minute)
			bh, bm, _ := before.Clock()
			wallBefore := int64(calendar.DayOf(before, loc))*1440 + int64(bh*60+bm)
			wallAfter := int64(calendar.DayOf(first, loc))*1440 + int64(hour*60+minute)
			if wall := int64(d)*1440 + int64(c); wallBefore >= wall || wallAfter <= wall {
				t.Fatalf("%v %v read as %v", d, c, first)
			}
		}
	})
}

func TestZoneRefusesTheMachine(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Local", "Europe/Nowhere", "../etc/passwd"} {
		if _, err := calendar.Zone(name); err == nil {
			t.Errorf("Zone(%q) gives no error", name)
		}
	}
}

func minutes(from, to int) calendar.Interval {
	base := time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)
	return calendar.Interval{From: base.Add(time.Duration(from) * time.Minute), To: base.Add(time.Duration(to) * time.Minute)}
}

func TestIntervalEdges(t *testing.T) {
	t.Parallel()
	morning, touching, empty := minutes(540, 780), minutes(780, 900), minutes(600, 600)
	if morning.Overlaps(touching) || touching.Overlaps(morning) {
		t.Error("what only touches does not overlap")
	}
	if morning.Overlaps(empty) || empty.Contains(empty.From) || !empty.Empty() {
		t.Error("an empty interval shares nothing")
	}
	if !morning.Contains(morning.From) || morning.Contains(morning.To) {
		t.Error("the start is in, the end is out")
	}
	if _, ok := morning.Intersect(touching); ok {
		t.Error("touching intervals share nothing")
	}
	if got := calendar.Merge([]calendar.Interval{touching, empty, morning}); len(got) != 1 || got[0] != minutes(540, 900) {
		t.Errorf("merged into %v", got)
	}
}

// TestSetAlgebra checks Merge, Subtract and Intersect against plain sets of minutes.
func TestSetAlgebra(t *testing.T) {
	t.Parallel()
	intervals := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) calendar.Interval {
		return minutes(rapid.IntRange(0, 60).Draw(t, "from"), rapid.IntRange(0, 60).Draw(t, "to"))
	}), 0, 8)
	has := func(list []calendar.Interval, minute int) bool {
		for _, i := range list {
			if i.Contains(minutes(minute, minute).From) {
				return true
			}
		}
		return false
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := intervals.Draw(t, "a"), intervals.Draw(t, "b")
		merged, left := calendar.Merge(a), calendar.Subtract(a, b)
		for minute := range 61 {
			if has(merged, minute) != has(a, minute) {
				t.Fatalf("minute %d: merged %v", minute, merged)
			}
			if has(left, minute) != (has(a, minute) && !has(b, minute)) {
				t.Fatalf("minute %d: left %v", minute, left)
			}
		}
		for _, list := range [][]calendar.Interval{merged, left} {
			for i, one := range list {
				if one.Empty() || i > 0 && one.From.Before(list[i-1].To) {
					t.Fatalf("not separate and in order: %v", list)
				}
			}
		}
	})
}
