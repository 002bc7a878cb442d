// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"slices"
	"sync"
	"time"
)

// Holiday is a national public holiday; its name in every language is found by
// Code in data/italy/holidays.json.
type Holiday struct {
	Day  Day
	Code string
}

// fixed lists the holidays that fall on the same date every year from `since`
// on (0: always, within the years this package answers for).
var fixed = []struct {
	month time.Month
	day   int
	since int
	code  string
}{
	{time.January, 1, 0, "new-year"},
	{time.January, 6, 0, "epiphany"},
	{time.April, 25, 0, "liberation"},
	{time.May, 1, 0, "labour"},
	{time.June, 2, 2001, "republic"},
	{time.August, 15, 0, "assumption"},
	{time.October, 4, 2026, "st-francis"},
	{time.November, 1, 0, "all-saints"},
	{time.December, 8, 0, "immaculate"},
	{time.December, 25, 0, "christmas"},
	{time.December, 26, 0, "st-stephen"},
}

// Holidays returns the national holidays of a year in order. Two may share a
// day (Easter Monday on 25 April 2011): then both are listed.
func Holidays(year int) []Holiday {
	easter := Easter(year)
	list := []Holiday{{easter, "easter"}, {easter + 1, "easter-monday"}}
	for _, f := range fixed {
		if year >= f.since {
			list = append(list, Holiday{fromDate(year, f.month, f.day), f.code})
		}
	}
	if year == 2011 {
		// Kept once, for the 150 years of the unification (decree-law 22 February 2011 no. 5).
		list = append(list, Holiday{fromDate(2011, time.March, 17), "unity-2011"})
	}
	slices.SortStableFunc(list, func(a, b Holiday) int { return int(a.Day - b.Day) })
	return list
}

// firstYear and lastYear bound the lists that HolidayOn keeps: opening hours ask it for every service, and
// for days near today.
const firstYear, lastYear = 1990, 2100

var holidays = sync.OnceValue(func() *[lastYear - firstYear + 1][]Holiday {
	var lists [lastYear - firstYear + 1][]Holiday
	for i := range lists {
		lists[i] = Holidays(firstYear + i)
	}
	return &lists
})

// HolidayOn returns the code of the national holiday on a day, if it is one.
func HolidayOn(d Day) (code string, ok bool) {
	if !d.Valid() {
		return "", false
	}
	year, _, _ := d.Date()
	var list []Holiday
	if year >= firstYear && year <= lastYear {
		list = holidays()[year-firstYear]
	} else {
		list = Holidays(year)
	}
	for _, h := range list {
		if h.Day == d {
			return h.Code, true
		}
	}
	return "", false
}

// Easter returns Easter Sunday by the Gregorian computus (the algorithm of
// Meeus, Jones and Butcher), which holds for every year of that calendar.
func Easter(year int) Day {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	j, k := c/4, c%4
	m := (a + 11*h) / 319
	r := (2*e + 2*j - k - h + m + 32) % 7
	month := (h - m + r + 90) / 25
	day := (h - m + r + month + 19) % 32
	return fromDate(year, time.Month(month), day)
}
