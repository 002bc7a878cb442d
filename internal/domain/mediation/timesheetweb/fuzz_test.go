// SPDX-License-Identifier: EUPL-1.2

package timesheetweb_test

import (
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/domain/mediation/timesheetweb"
	"approdo/internal/kit/fault"
)

// Whatever is typed into a report, it is read the same way again, receipts that were sent stay with the row they
// were sent in, and no expense is made of nothing.
func FuzzReadReport(f *testing.F) {
	for _, seed := range []string{
		"do=report&began=2027-03-03T10:00&ended=2027-03-03T11:15&done=interpreting&done=orientation&topics=health&travel=40&kind.0=bus&euros.0=3,20&kind.2=car&euros.2=12.5+%E2%82%AC",
		"do=absent&began=&ended=&travel=", "do=report&began=2027-03-28T02:30&ended=2027-10-31T02:30&travel=99999999999999999999&euros.0=NaN&euros.1=-1&euros.2=1e300",
		"began=0000-01-01T00:00&ended=9999-12-31T23:59&kind.0=%00&euros.0=0x10&travel=-5&kind.3=bus&euros.3=1", "%gh&&=;", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		typed, err := url.ParseQuery(text)
		if err != nil {
			return // the server refuses what is no form
		}
		before := []timesheet.Expense{{Kind: "bus", Cents: 100}, {Kind: "car", Cents: 200}}
		before[0].Receipt.Name, before[1].Receipt.Name = "zero", "one"
		report, rows := timesheetweb.ReadReport(typed, before)
		if len(rows) != len(report.Spent) || len(rows) > 3 || report.Travel < -1_000_000_000 || report.Travel > 1_000_000_000 {
			t.Fatalf("%+v in %v", report, rows)
		}
		for i, e := range report.Spent {
			if i > 0 && rows[i] <= rows[i-1] || e.Cents < -100_000_000_000 || e.Cents > 100_000_000_000 || e.Kind == "" && e.Cents == 0 {
				t.Fatalf("%+v in %v", report.Spent, rows)
			}
			if want := []string{"zero", "one", ""}[rows[i]]; e.Receipt.Name != want {
				t.Fatalf("row %d has receipt %q", rows[i], e.Receipt.Name)
			}
		}
		if again, _ := timesheetweb.ReadReport(typed, before); !reflect.DeepEqual(report, again) {
			t.Fatalf("read differently the second time: %+v, %+v", report, again)
		}
	})
}

// Whatever is typed into a budget, hours and sums are those that were typed or less than nothing: no number is so large
// that it comes back as another.
func FuzzReadBudget(f *testing.F) {
	for _, seed := range []string{
		"charge=PROVA+act-1&version=1&hours=120&euros=2400,50", "charge=+&version=0&hours=307445734561825861&euros=92233720368547758.08", "version=x", "version=9223372036854775807&hours=-1&euros=1e9", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		typed, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		b, err := timesheetweb.ReadBudget(typed)
		if err != nil {
			if !fault.Is(err, fault.KindInvalid) {
				t.Fatal(err)
			}
			return
		}
		if b.Minutes%60 != 0 || b.Minutes > 0 && strings.TrimLeft(strings.TrimSpace(typed.Get("hours")), "+0") != strconv.Itoa(b.Minutes/60) || b.Cents > 100_000_000_000 {
			t.Fatalf("%+v of %q", b, typed)
		}
	})
}

// Marks of a list name what they say and nothing else; what is none is of a version that no session has.
func FuzzReadMarks(f *testing.F) {
	f.Add("0192.3", "0193.x")
	f.Add(".", "a.b.7")
	f.Add("", "x.9223372036854775808")
	f.Fuzz(func(t *testing.T, one, two string) {
		list := timesheetweb.ReadMarks([]string{one, two})
		if len(list) != 2 {
			t.Fatalf("%+v", list)
		}
		for i, text := range []string{one, two} {
			if m := list[i]; !strings.HasPrefix(text, m.Booking) || strings.Contains(m.Booking, ".") || m.Version < -1 && !strings.Contains(text, "-") {
				t.Fatalf("%q is read as %+v", text, m)
			}
		}
	})
}
