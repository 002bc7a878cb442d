// SPDX-License-Identifier: EUPL-1.2

package lang_test

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"approdo/internal/kit/lang"
)

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 8, 5, 0, 0, time.UTC)
}

func TestDate(t *testing.T) {
	t.Parallel()
	saturday := day(2026, time.March, 7)
	for _, test := range []struct{ code, full, long, short, dayMonth, monthYear string }{
		{"it", "sabato 7 marzo 2026", "7 marzo 2026", "7 mar 2026", "7 marzo", "marzo 2026"},
		{"en", "Saturday, 7 March 2026", "7 March 2026", "7 Mar 2026", "7 March", "March 2026"},
		{"fr", "samedi 7 mars 2026", "7 mars 2026", "7 mars 2026", "7 mars", "mars 2026"},
		{"es", "sábado, 7 de marzo de 2026", "7 de marzo de 2026", "7 mar 2026", "7 de marzo", "marzo de 2026"},
		{"ar", "السبت، 7 مارس 2026", "7 مارس 2026", "7 مارس 2026", "7 مارس", "مارس 2026"},
		{"uk", "субота, 7 березня 2026\u202fр.", "7 березня 2026\u202fр.", "7 бер. 2026\u202fр.", "7 березня", "березень 2026\u202fр."},
		{"sq", "e shtunë, 7 mars 2026", "7 mars 2026", "7 mar 2026", "7 mars", "mars 2026"},
		{"zh", "2026年3月7日星期六", "2026年3月7日", "2026年3月7日", "3月7日", "2026年3月"},
		{"bn", "শনিবার, 7 মার্চ, 2026", "7 মার্চ, 2026", "7 মার্চ, 2026", "7 মার্চ", "মার্চ 2026"},
		{"ur", "ہفتہ، 7 مارچ، 2026", "7 مارچ، 2026", "7 مارچ، 2026", "7 مارچ", "مارچ 2026"},
	} {
		f := lang.FormatFor(test.code)
		got := []string{f.Date(saturday, lang.Full), f.Date(saturday, lang.Long), f.Date(saturday, lang.Short), f.DayMonth(saturday), f.MonthYear(saturday)}
		want := []string{test.full, test.long, test.short, test.dayMonth, test.monthYear}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %q, want %q", test.code, got[i], want[i])
			}
		}
	}
}

func TestDateRange(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code     string
		from, to time.Time
		want     string
	}{
		{"it", day(2026, 8, 3), day(2026, 8, 21), "3–21 agosto 2026"},
		{"it", day(2026, 7, 27), day(2026, 8, 21), "27 luglio\u2009–\u200921 agosto 2026"},
		{"it", day(2026, 12, 24), day(2027, 1, 6), "24 dicembre 2026\u2009–\u20096 gennaio 2027"},
		{"it", day(2026, 8, 3), day(2026, 8, 3), "3 agosto 2026"},
		{"zh", day(2026, 7, 27), day(2026, 8, 21), "2026年7月27日\u2009–\u20098月21日"},
		{"uk", day(2026, 8, 3), day(2026, 8, 21), "3–21 серпня 2026\u202fр."},
	} {
		if got := lang.FormatFor(test.code).DateRange(test.from, test.to); got != test.want {
			t.Errorf("%s: %q, want %q", test.code, got, test.want)
		}
	}
}

func TestRelative(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code string
		days int
		want string
	}{
		{"it", 0, "oggi"}, {"it", 1, "domani"}, {"it", -1, "ieri"}, {"it", 3, "tra 3 giorni"}, {"it", -10, "10 giorni fa"},
		{"uk", 5, "через 5 днів"}, {"ar", 3, "خلال 3 أيام"}, {"ar", 1, "غدًا"}, {"en", 2, "in 2 days"}, {"ur", 1, "آئندہ کل"},
	} {
		if got := lang.FormatFor(test.code).Relative(test.days); got != test.want {
			t.Errorf("%s %d: %q, want %q", test.code, test.days, got, test.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	it, bn, fr, ar := lang.FormatFor("it"), lang.FormatFor("bn"), lang.FormatFor("fr"), lang.FormatFor("ar")
	for _, test := range []struct{ got, want string }{
		{it.Number(1234), "1234"}, {it.Number(12345), "12.345"}, {it.Number(-1234567), "-1.234.567"}, {it.Number(0), "0"},
		{bn.Number(1234567), "12,34,567"}, {fr.Number(1234), "1\u202f234"},
		{it.Decimal(1.25, 1), "1,2"}, {it.Decimal(3, 1), "3"}, {it.Decimal(100, 0), "100"}, {it.Decimal(0.5, 2), "0,5"},
		{it.Distance(0.01), "50 m"}, {it.Distance(0.35), "350 m"}, {it.Distance(0.97), "950 m"}, {it.Distance(0.98), "1 km"}, {it.Distance(1.24), "1,2 km"},
		{it.Distance(9.96), "10 km"}, {it.Distance(123.4), "123 km"}, {ar.Distance(1.24), "1.2 كم"},
		{it.Euro(1600), "16\u00a0€"}, {it.Euro(1650), "16,50\u00a0€"}, {it.Euro(1234500), "12.345\u00a0€"}, {lang.FormatFor("en").Euro(50), "€0.50"}, {ar.Euro(1600), "16\u00a0€"},
		{it.Percent(0.125), "13%"}, {fr.Percent(0.5), "50\u00a0%"},
		{it.List(nil), ""}, {it.List([]string{"a"}), "a"}, {it.List([]string{"a", "b"}), "a e b"}, {it.List([]string{"a", "b", "c", "d"}), "a, b, c e d"},
		{lang.FormatFor("zh").List([]string{"a", "b", "c"}), "a、b和c"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}

// Every language must write every pattern of the table, and in Latin digits only.
func TestEveryLanguageWritesEverything(t *testing.T) {
	t.Parallel()
	for _, code := range lang.All {
		f := lang.FormatFor(code)
		var all []string
		for month := time.January; month <= time.December; month++ {
			d := day(2026, month, 11)
			all = append(all, f.Date(d, lang.Full), f.Date(d, lang.Long), f.Date(d, lang.Short), f.DayMonth(d), f.MonthYear(d), f.Month(month, lang.Full), f.Month(month, lang.Short),
				f.DateRange(d, d.AddDate(0, 0, 9)), f.DateRange(d, d.AddDate(0, 1, 0)), f.DateRange(d, d.AddDate(1, 0, 0)))
		}
		for weekday := time.Sunday; weekday <= time.Saturday; weekday++ {
			all = append(all, f.Weekday(weekday, lang.Full), f.Weekday(weekday, lang.Short))
		}
		for _, n := range []int{-40, -5, -2, -1, 0, 1, 2, 3, 11, 100} {
			all = append(all, f.Relative(n), f.Distance(float64(n+41)))
		}
		for _, text := range append(all, f.Time(day(2026, 1, 1)), f.ClockRange(8, 30, 24, 0), f.Euro(1250)) {
			if strings.TrimSpace(text) == "" || strings.ContainsAny(text, "{}'") {
				t.Errorf("%s: %q", code, text)
			}
			for _, r := range text {
				if unicode.IsDigit(r) && r > '9' {
					t.Errorf("%s: %q has digits that are not Latin", code, text)
				}
			}
		}
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	f := lang.FormatFor("ar")
	if got := f.ClockRange(8, 30, 24, 0); got != "08:30–24:00" {
		t.Errorf("%q", got)
	}
	if got := f.Time(day(2026, 1, 1)); got != "08:05" {
		t.Errorf("%q", got)
	}
}
