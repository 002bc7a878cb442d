// SPDX-License-Identifier: EUPL-1.2

package calendar_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"

	"approdo/internal/kit/calendar"
)

func join(days []calendar.Day) string {
	parts := make([]string, len(days))
	for i, d := range days {
		parts[i] = d.String()
	}
	return strings.Join(parts, " ")
}

func TestRuleDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		fields   calendar.Fields
		from, to string
		want     string
	}{
		{"weekly on two days", calendar.Fields{Freq: "WEEKLY", ByDay: "TU,TH"}, "2026-11-01", "2026-11-14", "2026-11-03 2026-11-05 2026-11-10 2026-11-12"},
		{"second Tuesday", calendar.Fields{Freq: "MONTHLY", ByDay: "2TU"}, "2026-01-01", "2026-03-31", "2026-01-13 2026-02-10 2026-03-10"},
		{"last Friday", calendar.Fields{Freq: "MONTHLY", ByDay: "-1FR"}, "2026-01-01", "2026-03-31", "2026-01-30 2026-02-27 2026-03-27"},
		{"fifth Monday exists only at times", calendar.Fields{Freq: "MONTHLY", ByDay: "5MO"}, "2026-01-01", "2026-06-30", "2026-03-30 2026-06-29"},
		{"last day of the month", calendar.Fields{Freq: "MONTHLY", ByMonthDay: "-1"}, "2028-01-01", "2028-03-31", "2028-01-31 2028-02-29 2028-03-31"},
		{"the 31st is skipped in short months", calendar.Fields{Freq: "MONTHLY", ByMonthDay: "31"}, "2026-01-01", "2026-05-31", "2026-01-31 2026-03-31 2026-05-31"},
		{"every second week", calendar.Fields{Freq: "WEEKLY", Interval: "2", ByDay: "MO,WE", DTStart: "2026-11-02"}, "2026-11-01", "2026-11-30", "2026-11-02 2026-11-04 2026-11-16 2026-11-18 2026-11-30"},
		{"weekly from its start", calendar.Fields{Freq: "WEEKLY", DTStart: "2026-11-04"}, "2026-11-01", "2026-11-20", "2026-11-04 2026-11-11 2026-11-18"},
		{"three times", calendar.Fields{Freq: "WEEKLY", Count: "3", ByDay: "MO", DTStart: "2026-11-02"}, "2026-11-05", "2026-12-31", "2026-11-09 2026-11-16"},
		{"until", calendar.Fields{Freq: "DAILY", DTStart: "2026-11-02", Until: "2026-11-04"}, "2026-10-01", "2026-12-31", "2026-11-02 2026-11-03 2026-11-04"},
		{"weeks of the year", calendar.Fields{Freq: "WEEKLY", ByWeekNo: "1,53", ByDay: "FR"}, "2026-01-01", "2027-01-31", "2026-01-02 2027-01-01 2027-01-08"},
		{"week -53 of a year begins in the year before", calendar.Fields{Freq: "YEARLY", ByWeekNo: "-53", ByDay: "SU", WKST: "SU"}, "2013-12-01", "2014-12-31", "2013-12-29"},
		{"last week from the end", calendar.Fields{Freq: "YEARLY", ByWeekNo: "-1", ByDay: "TH"}, "2026-01-01", "2026-12-31", "2026-12-31"},
		{"days of the year", calendar.Fields{Freq: "YEARLY", ByYearDay: "1,-1"}, "2026-01-01", "2026-12-31", "2026-01-01 2026-12-31"},
		{"a birthday", calendar.Fields{Freq: "YEARLY", DTStart: "2024-02-29"}, "2024-01-01", "2032-12-31", "2024-02-29 2028-02-29 2032-02-29"},
		{"Friday the 13th", calendar.Fields{Freq: "MONTHLY", ByMonthDay: "13", ByDay: "FR"}, "2026-01-01", "2026-12-31", "2026-02-13 2026-03-13 2026-11-13"},
		{"first Sunday of the year", calendar.Fields{Freq: "YEARLY", ByDay: "1SU"}, "2026-01-01", "2027-12-31", "2026-01-04 2027-01-03"},
		{"second Sunday of October", calendar.Fields{Freq: "YEARLY", ByDay: "2SU", ByMonth: "10"}, "2026-01-01", "2027-12-31", "2026-10-11 2027-10-10"},
		{"every week, but when?", calendar.Fields{Freq: "WEEKLY"}, "2026-01-01", "2026-12-31", ""},
	} {
		rule, _, err := calendar.ParseRule(c.fields)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := join(rule.Days(day(t, c.from), day(t, c.to))); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestWeekStartChangesEverySecondWeek(t *testing.T) {
	t.Parallel()
	// The example of RFC 5545, section 3.8.5.3.
	fields := calendar.Fields{Freq: "WEEKLY", Interval: "2", Count: "4", ByDay: "TU,SU", DTStart: "1997-08-05"}
	for wkst, want := range map[string]string{
		"MO": "1997-08-05 1997-08-10 1997-08-19 1997-08-24",
		"SU": "1997-08-05 1997-08-17 1997-08-19 1997-08-31",
	} {
		fields.WKST = wkst
		rule, _, err := calendar.ParseRule(fields)
		if err != nil {
			t.Fatal(err)
		}
		if got := join(rule.Days(day(t, "1997-01-01"), day(t, "1998-01-01"))); got != want {
			t.Errorf("WKST=%s: %s, want %s", wkst, got, want)
		}
	}
}

func TestParseRuleIsTolerantAndSaysSo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fields calendar.Fields
		want   string
		noted  bool
	}{
		{calendar.Fields{Freq: "WEEKLY", ByDay: "MO,TU"}, "FREQ=WEEKLY;BYDAY=MO,TU", false},
		{calendar.Fields{Freq: " weekly ", ByDay: "Mon-Fri"}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", true},
		{calendar.Fields{Freq: "WEEKLY", ByDay: "lunedì; mercoledì"}, "FREQ=WEEKLY;BYDAY=MO,WE", true},
		{calendar.Fields{Freq: "WEEKLY", ByDay: "lun al ven"}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", true},
		{calendar.Fields{Freq: "WEEKLY", ByDay: "Sat - Mon"}, "FREQ=WEEKLY;BYDAY=SA,SU,MO", true},
		{calendar.Fields{Freq: "WEEKLY", ByDay: "Monday to Wednesday, Fri."}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,FR", true},
		{calendar.Fields{ByDay: "MO"}, "FREQ=WEEKLY;BYDAY=MO", true},
		{calendar.Fields{Freq: "MONTHLY", ByDay: "2 TU"}, "FREQ=MONTHLY;BYDAY=2TU", true},
		{calendar.Fields{Freq: "MONTHLY", ByDay: "+1MO,-1FR"}, "FREQ=MONTHLY;BYDAY=1MO,-1FR", false},
		{calendar.Fields{Freq: "WEEKLY", ByDay: "1WE"}, "FREQ=MONTHLY;BYDAY=1WE", true},
		{calendar.Fields{Freq: "WEEKLY", Interval: "1.0", ByDay: "MO,MO"}, "FREQ=WEEKLY;BYDAY=MO", false},
		{calendar.Fields{Freq: "MONTHLY", ByMonthDay: "3, -2,1"}, "FREQ=MONTHLY;BYMONTHDAY=-2,1,3", false},
		{calendar.Fields{Freq: "WEEKLY", ByDay: "TU", WKST: "SU", Until: "2026-12-31T00:00:00Z"}, "FREQ=WEEKLY;UNTIL=20261231;WKST=SU;BYDAY=TU", false},
		{calendar.Fields{Freq: "WEEKLY"}, "FREQ=WEEKLY", true},
	} {
		rule, notes, err := calendar.ParseRule(c.fields)
		if err != nil || rule.String() != c.want || (len(notes) > 0) != c.noted {
			t.Errorf("%+v: %q %v %v, want %q, noted %v", c.fields, rule, notes, err, c.want, c.noted)
		}
	}
}

func TestParseRuleRefuses(t *testing.T) {
	t.Parallel()
	for field, f := range map[string]calendar.Fields{
		"freq":       {Freq: "sometimes"},
		"interval":   {Freq: "WEEKLY", Interval: "0", ByDay: "MO"},
		"count":      {Freq: "WEEKLY", Count: "5", ByDay: "MO"},
		"until":      {Freq: "DAILY", DTStart: "2026-02-01", Until: "2026-01-01"},
		"dtstart":    {Freq: "DAILY", DTStart: "1 February"},
		"byday":      {Freq: "WEEKLY", ByDay: "MO,XX"},
		"bymonthday": {Freq: "MONTHLY", ByMonthDay: "32"},
		"byweekno":   {Freq: "WEEKLY", ByWeekNo: "0"},
		"byyearday":  {Freq: "YEARLY", ByYearDay: "367"},
		"wkst":       {Freq: "WEEKLY", ByDay: "MO", WKST: "someday"},
		"bymonth":    {Freq: "YEARLY", ByMonth: "-1"},
	} {
		var wrong *calendar.FieldError
		if _, _, err := calendar.ParseRule(f); !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%+v: %v, want a fault of %s", f, err, field)
		}
	}
	for _, f := range []calendar.Fields{
		{Freq: "WEEKLY", Interval: "2", ByDay: "MO"},
		{Freq: "WEEKLY", Interval: "2", ByDay: "2MO", DTStart: "2026-01-05"},
		{Freq: "YEARLY", ByWeekNo: "3", ByDay: "2MO"},
		{Freq: "DAILY", Count: "2", Until: "2026-01-01", DTStart: "2025-01-01"},
		{Freq: "WEEKLY", ByDay: "0MO"}, {Freq: "WEEKLY", ByDay: "MO-XX"}, {Freq: "WEEKLY", ByDay: strings.Repeat("MO,", 5000)},
	} {
		if rule, _, err := calendar.ParseRule(f); err == nil {
			t.Errorf("%+v read as %v", f, rule)
		}
	}
}

func TestParseRRule(t *testing.T) {
	t.Parallel()
	rule, _, err := calendar.ParseRRule("RRULE:FREQ=MONTHLY;BYDAY=2TU;UNTIL=20261231T225959Z", day(t, "2026-01-01"))
	if err != nil || rule.Until != day(t, "2026-12-31") || rule.Start != day(t, "2026-01-01") || rule.String() != "FREQ=MONTHLY;UNTIL=20261231;BYDAY=2TU" {
		t.Errorf("%v %v", rule, err)
	}
	for _, text := range []string{"", "FREQ=HOURLY", "FREQ=WEEKLY;BYSETPOS=1;BYDAY=MO", "FREQ=WEEKLY;FREQ=DAILY", "BYDAY", "FREQ=WEEKLY;BYHOUR=3"} {
		if rule, _, err := calendar.ParseRRule(text, 0); err == nil {
			t.Errorf("%q read as %v", text, rule)
		}
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	rule, _, _ := calendar.ParseRule(calendar.Fields{Freq: "MONTHLY", ByDay: "1MO"})
	if next, ok := rule.Next(day(t, "2026-11-22"), 31); !ok || next != day(t, "2026-12-07") {
		t.Errorf("next is %v %v", next, ok)
	}
	if next, ok := rule.Next(day(t, "2026-11-22"), 5); ok {
		t.Errorf("found %v within five days", next)
	}
	if _, ok := rule.Next(calendar.MaxDay, 1<<30); ok {
		t.Error("found a day after the last one")
	}
}

// drawRule makes rules that both readings are meant to agree on. The other one
// leaves out the day of the week of DTSTART beside BYWEEKNO alone, and does not
// see that week -53 (or -52) of next year can begin in this December.
func drawRule(t *rapid.T) calendar.Rule {
	r := calendar.Rule{
		Freq:      rapid.SampledFrom([]calendar.Freq{calendar.Daily, calendar.Weekly, calendar.Monthly, calendar.Yearly}).Draw(t, "freq"),
		Interval:  rapid.IntRange(1, 5).Draw(t, "interval"),
		Start:     calendar.Day(rapid.Int32Range(735000, 745000).Draw(t, "start")),
		WeekStart: time.Weekday(rapid.IntRange(0, 6).Draw(t, "wkst")),
	}
	some := func(name string, low, high, most int) []int {
		number := rapid.IntRange(low, high).Filter(func(n int) bool { return n != 0 })
		return rapid.SliceOfNDistinct(number, 0, most, rapid.ID).Draw(t, name)
	}
	switch rapid.IntRange(0, 3).Draw(t, "end") {
	case 0:
		r.Count = rapid.IntRange(1, 40).Draw(t, "count")
	case 1:
		r.Until = r.Start + calendar.Day(rapid.Int32Range(0, 900).Draw(t, "length"))
	}
	ordinals := (r.Freq == calendar.Monthly || r.Freq == calendar.Yearly) && rapid.Bool().Draw(t, "ordinals")
	for _, d := range rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 0, 3, rapid.ID).Draw(t, "byday") {
		w := calendar.Weekday{Day: time.Weekday(d)}
		if ordinals {
			w.Ordinal = rapid.SampledFrom([]int{1, 2, 3, 4, 5, -1, -2}).Draw(t, "ordinal")
		}
		r.ByDay = append(r.ByDay, w)
	}
	if rapid.Bool().Draw(t, "months") {
		r.ByMonth = some("bymonth", 1, 12, 4)
	}
	if r.Freq != calendar.Weekly && rapid.Bool().Draw(t, "monthdays") {
		r.ByMonthDay = some("bymonthday", -31, 31, 5)
	}
	if r.Freq == calendar.Yearly && !ordinals {
		switch rapid.IntRange(0, 2).Draw(t, "year") {
		case 0:
			r.ByYearDay = some("byyearday", -366, 366, 6)
		case 1:
			if len(r.ByDay) > 0 {
				r.ByWeekNo = some("byweekno", -51, 53, 6)
			}
		}
	}
	return r
}

func oracle(t *rapid.T, r calendar.Rule) *rrule.RRule {
	weekdays := []rrule.Weekday{rrule.SU, rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA}
	freqs := map[calendar.Freq]rrule.Frequency{calendar.Daily: rrule.DAILY, calendar.Weekly: rrule.WEEKLY, calendar.Monthly: rrule.MONTHLY, calendar.Yearly: rrule.YEARLY}
	at := func(d calendar.Day) time.Time {
		if d == 0 {
			return time.Time{}
		}
		return calendar.Earliest(d, 0, time.UTC)
	}
	option := rrule.ROption{
		Freq: freqs[r.Freq], Interval: r.Interval, Count: r.Count, Dtstart: at(r.Start), Until: at(r.Until), Wkst: weekdays[r.WeekStart],
		Bymonth: r.ByMonth, Bymonthday: r.ByMonthDay, Byyearday: r.ByYearDay, Byweekno: r.ByWeekNo,
	}
	for _, w := range r.ByDay {
		weekday := weekdays[w.Day]
		if w.Ordinal != 0 {
			weekday = weekday.Nth(w.Ordinal)
		}
		option.Byweekday = append(option.Byweekday, weekday)
	}
	made, err := rrule.NewRRule(option)
	if err != nil {
		t.Fatalf("the other library refuses %v: %v", r, err)
	}
	return made
}

// TestAgreesWithAnotherLibrary compares with rrule-go, written from dateutil.
func TestAgreesWithAnotherLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRule(t)
		from := r.Start + calendar.Day(rapid.Int32Range(-100, 1500).Draw(t, "from"))
		to := from + calendar.Day(rapid.Int32Range(0, 1500).Draw(t, "span"))
		var want []calendar.Day
		for _, at := range oracle(t, r).Between(calendar.Earliest(from, 0, time.UTC), calendar.Earliest(to, 0, time.UTC), true) {
			want = append(want, calendar.DayOf(at, time.UTC))
		}
		got := r.Days(from, to)
		if join(got) != join(want) {
			t.Fatalf("%v from %v, between %v and %v\n got %s\nwant %s", r, r.Start, from, to, join(got), join(want))
		}
	})
}

func TestRuleProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRule(t)
		from := r.Start + calendar.Day(rapid.Int32Range(-50, 400).Draw(t, "from"))
		to := from + calendar.Day(rapid.Int32Range(0, 200).Draw(t, "span"))
		in := map[calendar.Day]bool{}
		for _, d := range r.Days(from, to) {
			in[d] = true
		}
		for d := from; d <= to; d++ {
			if r.Occurs(d) != in[d] {
				t.Fatalf("%v from %v: Occurs(%v) = %v, Days says %v", r, r.Start, d, r.Occurs(d), in[d])
			}
		}
		again, _, err := calendar.ParseRRule(r.String(), r.Start)
		if err != nil {
			t.Fatalf("%v: %v", r, err)
		}
		if join(again.Days(from, to)) != join(r.Days(from, to)) {
			t.Fatalf("%v came back as %v", r, again)
		}
	})
}

func FuzzParseRule(f *testing.F) {
	f.Add("WEEKLY", "MO,TU", "", "", "2026-01-01", "", "")
	f.Add("monthly", "2 tu, -1fr", "1,-1", "", "", "2026-12-31", "SU")
	f.Add("WEEKLY", "Mon - Fri; lun al ven", "", "1,53", "20260101T000000Z", "", "x")
	f.Add("", "é-é,--,1-,+", "+", "-", "T", " ", ";")
	f.Fuzz(func(t *testing.T, freq, byDay, byMonthDay, byWeekNo, start, until, wkst string) {
		fields := calendar.Fields{Freq: freq, ByDay: byDay, ByMonthDay: byMonthDay, ByWeekNo: byWeekNo, DTStart: start, Until: until, WKST: wkst}
		rule, _, err := calendar.ParseRule(fields)
		if err != nil {
			return
		}
		from, _ := calendar.NewDay(2026, time.January, 1)
		days := rule.Days(from, from+370)
		again, _, err := calendar.ParseRRule(rule.String(), rule.Start)
		if err != nil {
			t.Fatalf("%+v reads as %v, which does not read: %v", fields, rule, err)
		}
		if join(again.Days(from, from+370)) != join(days) {
			t.Fatalf("%+v reads as %v, again as %v", fields, rule, again)
		}
	})
}
