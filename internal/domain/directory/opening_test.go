// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"fmt"
	"testing"
	"time"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/hsds"
)

// at is a wall-clock time in Rome.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04", text, rome)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func weekly(days, opens, closes string) hsds.Schedule {
	return hsds.Schedule{ID: days + opens, Freq: "WEEKLY", ByDay: days, OpensAt: opens, ClosesAt: closes}
}

func appointments(days, opens, closes string) hsds.Schedule {
	s := weekly(days, opens, closes)
	s.AttendingType = directory.AttendingAppointment
	return s
}

func number(n float64) *float64 { return &n }

func entryWith(comune string, hours directory.Hours, schedules ...hsds.Schedule) directory.Entry {
	var e directory.Entry
	e.Status = directory.StatusActive
	e.Schedules = schedules
	e.Card.Hours = hours
	if comune != "" {
		e.Sites = []directory.Site{{Location: directory.Location{Comune: comune}}}
	}
	return e
}

func TestOpening(t *testing.T) {
	t.Parallel()
	office := []hsds.Schedule{weekly("MO,TU,WE,TH,FR", "09:00", "13:00"), weekly("TU", "15:00", "17:00")}
	closed := directory.Hours{Holidays: "closed"}
	night := entryWith("", directory.Hours{Holidays: "open"}, weekly("MO,TU,WE,TH,FR,SA,SU", "20:00", "08:00"))
	tests := []struct {
		name        string
		entry       directory.Entry
		now         string
		state       string
		until, next string
		holiday     string
	}{
		{"open in the morning", entryWith("", closed, office...), "2026-11-24 10:30", directory.OpenNow, "2026-11-24 13:00", "", ""},
		{"between two slots", entryWith("", closed, office...), "2026-11-24 14:00", directory.OpenClosed, "", "2026-11-24 15:00", ""},
		{"the minute it closes", entryWith("", closed, office...), "2026-11-24 13:00", directory.OpenClosed, "", "2026-11-24 15:00", ""},
		{"weekend", entryWith("", closed, office...), "2026-11-28 10:00", directory.OpenClosed, "", "2026-11-30 09:00", ""},
		{"national holiday", entryWith("", closed, office...), "2026-12-08 10:00", directory.OpenClosed, "", "2026-12-09 09:00", "immaculate"},
		{"holiday that nobody spoke of", entryWith("", directory.Hours{}, office...), "2026-12-08 10:00", directory.OpenUnknown, "", "", "immaculate"},
		{"open on holidays", entryWith("", directory.Hours{Holidays: "open"}, office...), "2026-12-08 10:00", directory.OpenNow, "2026-12-08 13:00", "", "immaculate"},
		{"patron saint of Palermo, 15 July", entryWith("082053", closed, office...), "2026-07-15 10:00", directory.OpenClosed, "", "2026-07-16 09:00", "patron"},
		{"the same day elsewhere", entryWith("015146", closed, office...), "2026-07-15 10:00", directory.OpenNow, "2026-07-15 13:00", "", ""},
		{"no hours", entryWith("", directory.Hours{}), "2026-11-24 10:30", directory.OpenUnknown, "", "", ""},
		{"only a description", entryWith("", directory.Hours{}, hsds.Schedule{ID: "x", Description: "mornings"}), "2026-11-24 10:30", directory.OpenUnknown, "", "", ""},
		{"by appointment without hours", entryWith("", directory.Hours{ByAppointment: true}), "2026-11-24 10:30", directory.OpenAppointment, "", "", ""},
		{"by appointment with hours", entryWith("", directory.Hours{ByAppointment: true}, office...), "2026-11-24 10:30", directory.OpenAppointment, "2026-11-24 13:00", "", ""},
		{"night, before midnight", night, "2026-11-24 23:00", directory.OpenNow, "2026-11-25 08:00", "", ""},
		{"night, after midnight", night, "2026-11-25 03:00", directory.OpenNow, "2026-11-25 08:00", "", ""},
		{"night, at noon", night, "2026-11-25 12:00", directory.OpenClosed, "", "2026-11-25 20:00", ""},
		{"the night the clocks go back lasts an hour more", night, "2026-10-25 02:30", directory.OpenNow, "2026-10-25 08:00", "", ""},
		{"always open", entryWith("", directory.Hours{AlwaysOpen: true}), "2026-12-25 04:00", directory.OpenNow, "", "", ""},
		{"second Tuesday of the month", entryWith("", closed, hsds.Schedule{ID: "m", Freq: "MONTHLY", ByDay: "2TU", OpensAt: "15:00", ClosesAt: "18:00"}), "2026-11-10 16:00", directory.OpenNow, "2026-11-10 18:00", "", ""},
		{"third Tuesday of the month", entryWith("", closed, hsds.Schedule{ID: "m", Freq: "MONTHLY", ByDay: "2TU", OpensAt: "15:00", ClosesAt: "18:00"}), "2026-11-17 16:00", directory.OpenClosed, "", "2026-12-08 15:00", ""},
		{"closed in August", entryWith("", directory.Hours{Holidays: "closed", Closures: []directory.Closure{{From: "08-10", To: "08-23"}}}, office...), "2027-08-12 10:00", directory.OpenClosed, "", "2027-08-24 09:00", ""},
		{"closed over the new year", entryWith("", directory.Hours{Holidays: "closed", Closures: []directory.Closure{{From: "12-20", To: "01-06"}}}, office...), "2026-12-28 10:00", directory.OpenClosed, "", "2027-01-07 09:00", ""},
		{"an exception opens on a Saturday", entryWith("", directory.Hours{Holidays: "closed", Exceptions: []directory.Exception{{Date: "2026-11-28", OpensAt: "10:00", ClosesAt: "12:00"}}}, office...), "2026-11-28 11:00", directory.OpenNow, "2026-11-28 12:00", "", ""},
		{"an exception closes on a Tuesday", entryWith("", directory.Hours{Holidays: "closed", Exceptions: []directory.Exception{{Date: "2026-11-24"}}}, office...), "2026-11-24 11:00", directory.OpenClosed, "", "2026-11-25 09:00", ""},
		{"closed by a closure, though nobody told the hours", entryWith("", directory.Hours{Closures: []directory.Closure{{From: "2026-11-20", To: "2026-11-30"}}}), "2026-11-24 11:00", directory.OpenClosed, "", "", ""},
		{"by appointment, but closed in August", entryWith("", directory.Hours{ByAppointment: true, Closures: []directory.Closure{{From: "08-10", To: "08-23"}}}), "2027-08-12 10:00", directory.OpenClosed, "", "", ""},
		{"an exception whose times can't be read", entryWith("", directory.Hours{Holidays: "closed", Exceptions: []directory.Exception{{Date: "2026-11-24", OpensAt: "mattina", ClosesAt: "13:00"}}}, office...), "2026-11-24 11:00", directory.OpenUnknown, "", "", ""},
		{"a schedule that has come as often as it should", entryWith("", closed, hsds.Schedule{ID: "c", Freq: "WEEKLY", ByDay: "TU", OpensAt: "09:00", ClosesAt: "13:00", DTStart: "2026-11-03", Count: number(2)}), "2026-11-24 10:00", directory.OpenUnknown, "", "", ""},
		{"appointments in the morning, anybody after", entryWith("", closed, appointments("TU", "09:00", "12:00"), weekly("TU", "12:00", "14:00")), "2026-11-24 13:00", directory.OpenNow, "2026-11-24 14:00", "", ""},
		{"the appointments before it", entryWith("", closed, appointments("TU", "09:00", "12:00"), weekly("TU", "12:00", "14:00")), "2026-11-24 10:00", directory.OpenAppointment, "2026-11-24 12:00", "", ""},
		{"anybody at a time that has appointments too", entryWith("", closed, weekly("TU", "09:00", "12:00"), appointments("TU", "09:00", "17:00")), "2026-11-24 10:00", directory.OpenNow, "2026-11-24 12:00", "", ""},
		{"every slot by appointment, between them", entryWith("", closed, appointments("TU", "09:00", "12:00")), "2026-11-25 10:00", directory.OpenAppointment, "", "", ""},
		{"the night the clocks go forward", entryWith("", directory.Hours{Holidays: "open"}, weekly("SU", "02:15", "04:00")), "2027-03-28 03:00", directory.OpenNow, "2027-03-28 04:00", "", "easter"},
		{"a night slot runs into a closed day", entryWith("", directory.Hours{Holidays: "open", Exceptions: []directory.Exception{{Date: "2026-11-25"}}}, weekly("MO,TU,WE,TH,FR,SA,SU", "20:00", "08:00")), "2026-11-25 03:00", directory.OpenNow, "2026-11-25 08:00", "", ""},
		{"another time zone", entryWith("", directory.Hours{TimeZone: "Europe/London", Holidays: "open"}, weekly("TU", "09:00", "10:00")), "2026-11-24 10:30", directory.OpenNow, "2026-11-24 11:00", "", ""},
		{"a schedule that has ended says nothing of today", entryWith("", closed, hsds.Schedule{ID: "v", Freq: "WEEKLY", ByDay: "TU", OpensAt: "09:00", ClosesAt: "13:00", ValidTo: "2020-12-31"}), "2026-11-24 10:00", directory.OpenUnknown, "", "", ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.name == "second Tuesday of the month" || tc.name == "third Tuesday of the month" {
				tc.entry.Card.Hours.Holidays = "open"
			}
			got := tc.entry.Opening(0, at(t, tc.now))
			if got.State != tc.state || got.Holiday != tc.holiday {
				t.Errorf("state %q (holiday %q), want %q (%q)", got.State, got.Holiday, tc.state, tc.holiday)
			}
			if tc.until != "" && !got.Until.Equal(at(t, tc.until)) {
				t.Errorf("until %v, want %v", got.Until, tc.until)
			}
			if tc.until == "" && tc.state == directory.OpenNow && !got.Until.IsZero() {
				t.Errorf("until %v, want never", got.Until)
			}
			if tc.next != "" && !got.Next.Equal(at(t, tc.next)) {
				t.Errorf("next %v, want %v", got.Next, tc.next)
			}
		})
	}
}

func TestTemporarilyClosedSaysWhy(t *testing.T) {
	t.Parallel()
	e := entryWith("", directory.Hours{AlwaysOpen: true})
	e.Status, e.Card.StateReason = directory.StatusTemporarilyClosed, "Lavori in corso"
	if o := e.Opening(0, at(t, "2026-11-24 10:00")); o.State != directory.OpenClosed || o.Note != "Lavori in corso" {
		t.Errorf("got %+v", o)
	}
}

func TestSiteSchedulesWin(t *testing.T) {
	t.Parallel()
	e := entryWith("", directory.Hours{Holidays: "closed"}, weekly("MO", "09:00", "10:00"))
	e.Sites = []directory.Site{
		{Schedules: []hsds.Schedule{weekly("TU", "09:00", "10:00")}},
		{Location: directory.Location{Location: hsds.Location{Schedules: []hsds.Schedule{weekly("WE", "09:00", "10:00")}}}},
	}
	if o := e.Opening(0, at(t, "2026-11-24 09:30")); o.State != directory.OpenNow {
		t.Errorf("the site's own hours: %+v", o)
	}
	if o := e.Opening(1, at(t, "2026-11-23 09:30")); o.State != directory.OpenNow {
		t.Errorf("the service's hours before the place's: %+v", o)
	}
	if o := e.BestOpening(at(t, "2026-11-23 09:30")); o.State != directory.OpenNow {
		t.Errorf("the best of all sites: %+v", o)
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	e := entryWith("", directory.Hours{}, weekly("MO", "09:00", "10:00"), weekly("MO", "07:00", "08:00"))
	days := e.Days(0, 739_943, 7)
	known := 0
	for _, d := range days {
		if len(d.Slots) == 2 && d.Slots[0].Opens < d.Slots[1].Opens {
			known++
		}
	}
	if known != 1 {
		t.Errorf("%d days with two slots in order, want 1", known)
	}
}

func TestDaysAfterTheLastScheduleAreNotKnown(t *testing.T) {
	t.Parallel()
	monday := weekly("MO", "09:00", "10:00")
	monday.ValidTo = "2026-11-23"
	e := entryWith("", directory.Hours{}, monday)
	days := e.Days(0, calendar.DayOf(at(t, "2026-11-23 12:00"), calendar.Rome()), 8)
	if !days[0].Known || days[1].Known || days[7].Known || days[7].Closed {
		t.Errorf("the timetable says %+v", days)
	}
}

func TestDaysBeforeTheFirstScheduleAreNotKnown(t *testing.T) {
	t.Parallel()
	monday := weekly("MO", "09:00", "10:00")
	monday.ValidFrom = "2026-11-30"
	e := entryWith("", directory.Hours{}, monday)
	days := e.Days(0, calendar.DayOf(at(t, "2026-11-23 12:00"), calendar.Rome()), 9)
	if days[0].Known || days[6].Known || !days[7].Known || len(days[7].Slots) != 1 || !days[8].Closed {
		t.Errorf("the timetable says %+v", days)
	}
}

// The filter "open now" takes a short cut; it must agree with what the page then says.
func TestOpenNowFindsWhatIsShownAsOpen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := directory.Batch{Source: "hours", Organizations: smallBatch().Organizations}
		for i, schedules := range [][]hsds.Schedule{
			{weekly("TU", "09:00", "12:00")}, {weekly("MO", "22:00", "12:00")}, {appointments("TU", "09:00", "12:00")}, {weekly("WE", "09:00", "12:00")},
			{weekly("TU", "09:00", "12:00"), appointments("TU", "09:00", "17:00")}, {appointments("TU", "08:00", "10:00"), weekly("TU", "10:00", "11:00")}, nil,
		} {
			for _, hours := range []directory.Hours{{}, {ByAppointment: true}, {AlwaysOpen: true}, {Exceptions: []directory.Exception{{Date: "2026-11-24"}}}, {Closures: []directory.Closure{{From: "11-01", To: "11-30"}}}} {
				s := directory.Service{}
				s.ID, s.OrganizationID, s.Name, s.Status = fmt.Sprintf("h%d-%d", i, len(b.Services)), "o1", "Prova", directory.StatusActive
				s.Schedules, s.Card.Hours = schedules, hours
				b.Services = append(b.Services, s)
			}
		}
		u, f := finderOver(t, d, b)
		found, err := f.Find(t.Context(), directory.Query{OpenNow: true, Limit: directory.MaxLimit})
		if err != nil {
			t.Fatal(err)
		}
		open := map[string]bool{}
		for _, item := range found.Items {
			open[item.Entry.ID] = true
		}
		if err := u.Walk(t.Context(), func(e directory.Entry) error {
			if shown := e.BestOpening(clock()).State == directory.OpenNow; shown != open[e.ID] {
				t.Errorf("%s: found %v, shown %v", e.ID, open[e.ID], shown)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if len(open) == 0 || len(open) == len(b.Services) {
			t.Errorf("%d of %d are open: nothing was compared", len(open), len(b.Services))
		}
	})
}
