// SPDX-License-Identifier: EUPL-1.2

package ical_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/calendar/ical"
)

// spring is from 1 March to 1 May 2027, across the change of clocks on 28 March.
var spring = calendar.Interval{From: time.Date(2027, 3, 1, 0, 0, 0, 0, calendar.Rome()), To: time.Date(2027, 5, 1, 0, 0, 0, 0, calendar.Rome())}

// said writes times as the wall in Italy shows them.
func said(list []calendar.Interval) []string {
	lines := []string{}
	for _, i := range list {
		from, to := i.From.In(calendar.Rome()), i.To.In(calendar.Rome())
		form := "15:04"
		if from.YearDay() != to.YearDay() {
			form = "02 Jan 15:04"
		}
		lines = append(lines, from.Format("02 Jan 15:04")+"-"+to.Format(form))
	}
	return lines
}

func busy(t *testing.T, text string) ([]string, int) {
	t.Helper()
	file, _, err := ical.Read([]byte(text), ical.File)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ical.BusyTimes(file, spring, calendar.Rome(), ical.File)
	if err != nil {
		t.Fatal(err)
	}
	return said(r.Busy()), r.Odd
}

// Files as the programs of others write them.
func TestCalendarsOfOthers(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		times []string
		odd   int
	}{
		"google":   {[]string{"15 Mar 18:00-19:30", "29 Mar 18:00-19:30", "06 Apr 09:00-10:00", "12 Apr 18:00-19:30"}, 0},
		"exchange": {[]string{"10 Mar 10:00-11:30", "30 Mar 11:00-11:30", "01 Apr 00:00-03 Apr 00:00", "14 Apr 10:00-11:30"}, 0},
		// 9 in New York is 14 in Italy: there clocks have changed already.
		"apple":     {[]string{"18 Mar 14:00-14:45", "19 Mar 20:00-22:00", "24 Mar 00:00-27 Mar 00:00"}, 0},
		"nextcloud": {[]string{"10 Mar 08:00-08:30", "16 Mar 14:30-15:30", "17 Mar 08:00-08:30", "30 Mar 14:30-15:30", "31 Mar 08:00-08:30", "13 Apr 14:30-15:30", "30 Apr 08:00-08:30"}, 1},
		"freebusy":  {[]string{"16 Mar 10:00-11:30", "17 Mar 10:00-12:00"}, 0},
	} {
		data, err := os.ReadFile("testdata/" + name + ".ics")
		if err != nil {
			t.Fatal(err)
		}
		got, odd := busy(t, string(data))
		if diff := cmp.Diff(want.times, got); diff != "" || odd != want.odd {
			t.Errorf("%s: %d not understood: %s", name, odd, diff)
		}
		again, _ := busy(t, strings.ReplaceAll(string(data), "\r\n", "\n"))
		if diff := cmp.Diff(got, again); diff != "" {
			t.Errorf("%s with other ends of lines: %s", name, diff)
		}
	}
}

// event is a calendar with one event of these lines.
func event(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

func TestBusyTimes(t *testing.T) {
	t.Parallel()
	const ten = "DTSTART;TZID=Europe/Rome:20270315T100000"
	for _, one := range []struct {
		name, text string
		times      []string
		odd        int
	}{
		{"no length", event(ten), []string{}, 0},
		{"ends before it begins", event(ten, "DTEND;TZID=Europe/Rome:20270315T090000"), []string{}, 1},
		{"a day", event("DTSTART;VALUE=DATE:20270328"), []string{"28 Mar 00:00-29 Mar 00:00"}, 0},
		{"a day, its end the same", event("DTSTART;VALUE=DATE:20270328", "DTEND;VALUE=DATE:20270328"), []string{"28 Mar 00:00-29 Mar 00:00"}, 0},
		{"in the hour that is skipped", event("DTSTART;TZID=Europe/Rome:20270328T023000", "DURATION:PT1H"), []string{"28 Mar 03:00-04:00"}, 0},
		{"began before, still goes on", event("DTSTART;VALUE=DATE:20270220", "DTEND;VALUE=DATE:20270303"), []string{"20 Feb 00:00-03 Mar 00:00"}, 0},
		{"a zone that nobody knows", event("DTSTART;TZID=Luna/Copernico:20270315T100000", "DURATION:PT1H"), []string{"15 Mar 10:00-11:00"}, 1},
		{"no time", event("DTSTART:domani"), []string{}, 1},
		{"COUNT counts what was left out", event(ten, "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Rome:20270316T100000"), []string{"15 Mar 10:00-11:00", "17 Mar 10:00-11:00"}, 0},
		{"UNTIL to the hour", event(ten, "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20270317T085959Z"), []string{"15 Mar 10:00-11:00", "16 Mar 10:00-11:00"}, 0},
		{"UNTIL a day", event(ten, "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20270316"), []string{"15 Mar 10:00-11:00", "16 Mar 10:00-11:00"}, 0},
		{"EXDATE as days", event(ten, "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2", "EXDATE;VALUE=DATE:20270315"), []string{"16 Mar 10:00-11:00"}, 0},
		{"across the change of clocks", event("DTSTART;TZID=Europe/Rome:20270322T100000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2"), []string{"22 Mar 10:00-11:00", "29 Mar 10:00-11:00"}, 0},
		{"every second Monday since long ago", event("DTSTART;TZID=Europe/Rome:20200106T100000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;INTERVAL=2"), []string{"08 Mar 10:00-11:00", "22 Mar 10:00-11:00", "05 Apr 10:00-11:00", "19 Apr 10:00-11:00"}, 0},
		{"the hour said again", event(ten, "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=1;BYHOUR=10;BYMINUTE=0"), []string{"15 Mar 10:00-11:00"}, 0},
		{"several hours a day", event(ten, "DURATION:PT1H", "RRULE:FREQ=DAILY;BYHOUR=10,16"), []string{"15 Mar 10:00-11:00"}, 1},
		{"a rule that never comes", event(ten, "DURATION:PT1H", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), []string{"15 Mar 10:00-11:00"}, 0},
		{"a line that is none", event(ten, "DURATION:PT1H", "niente"), []string{"15 Mar 10:00-11:00"}, 0},
	} {
		got, odd := busy(t, one.text)
		if diff := cmp.Diff(one.times, got); diff != "" || odd != one.odd {
			t.Errorf("%s: %d not understood: %s", one.name, odd, diff)
		}
	}
}

func TestWhatIsNoCalendar(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "<html>", "BEGIN:VCALENDAR\r\n", "BEGIN:VEVENT\r\nEND:VEVENT\r\n", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", "X:1\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"} {
		if _, _, err := ical.Read([]byte(text), ical.File); err == nil {
			t.Errorf("%q is taken for a calendar", text)
		}
	}
	deep := "BEGIN:VCALENDAR\r\n" + strings.Repeat("BEGIN:X\r\n", 100_000)
	if _, _, err := ical.Read([]byte(deep), ical.File); err == nil {
		t.Error("components in components without end are read")
	}
	var many strings.Builder
	for range 300 {
		many.WriteString("BEGIN:VEVENT\r\nDTSTART:20260101T100000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n")
	}
	file, _, err := ical.Read([]byte("BEGIN:VCALENDAR\r\n"+many.String()+"END:VCALENDAR\r\n"), ical.File)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ical.BusyTimes(file, spring, calendar.Rome(), ical.Limits{Busy: 1000, Days: 1 << 30}); err == nil {
		t.Error("more times are kept than were allowed")
	}
	if _, err := ical.BusyTimes(file, spring, calendar.Rome(), ical.Limits{Busy: 1 << 30, Days: 1000}); err == nil {
		t.Error("more days are looked at than were allowed")
	}
}

// What is written is read back, and no line is longer than 75 octets nor broken within a character.
func TestWritten(t *testing.T) {
	t.Parallel()
	c := ical.New("PUBLISH")
	e := &ical.Component{Name: "VEVENT"}
	text := strings.Repeat("المتوسط; è, \\ über\n", 20)
	start := time.Date(2027, 3, 28, 10, 0, 0, 0, calendar.Rome())
	e.Add(ical.Raw("UID", "x\r\nATTENDEE:mailto:y@example"), ical.Text("SUMMARY", text), ical.Local("DTSTART", start), ical.Local("DTEND", start.Add(time.Hour)))
	c.Children = append(c.Children, e)
	written := c.String()
	for line := range strings.SplitSeq(strings.TrimSuffix(written, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") || strings.ToValidUTF8(line, "") != line {
			t.Errorf("%q", line)
		}
	}
	file, dropped, err := ical.Read([]byte(written), ical.Entry)
	if err != nil || dropped != 0 {
		t.Fatalf("%v, %d lines dropped", err, dropped)
	}
	back := file.Children[len(file.Children)-1]
	if _, injected := back.Get("ATTENDEE"); back.Text("SUMMARY") != text || injected {
		t.Errorf("%q", back.Text("SUMMARY"))
	}
	got, _ := busy(t, written)
	if diff := cmp.Diff([]string{"28 Mar 10:00-11:00"}, got); diff != "" {
		t.Error(diff)
	}
}

// Nothing that a file says makes the reader panic, wait, or find times that do not lie in the window.
func FuzzRead(f *testing.F) {
	files, err := os.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, one := range files {
		if !one.IsDir() {
			data, err := os.ReadFile("testdata/" + one.Name())
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Add([]byte(event("DTSTART;X=\"a\"b:20270315T100000Z", "DURATION:P9999999W", "RRULE:FREQ=YEARLY;BYSETPOS=-366;BYYEARDAY=-1;COUNT=10000;INTERVAL=1000")))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, _, err := ical.Read(data, ical.Entry)
		if err != nil {
			return
		}
		r, err := ical.BusyTimes(file, spring, calendar.Rome(), ical.Entry)
		if err != nil {
			return
		}
		for _, o := range r.Times {
			if !o.Overlaps(spring) {
				t.Errorf("%v lies outside", o)
			}
		}
	})
}
