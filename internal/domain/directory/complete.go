// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
)

// Longest texts of the card, in letters: what a phone shows without losing its reader.
const (
	LongestName    = 160 // the design model of municipal sites asks for 160 at most
	LongestSummary = 255
)

func knownStatus(s string) bool { return slices.Contains(Statuses, s) }

// Complete tells what a service lacks before the public may read it. It fails with Invalid (several,
// joined), whose fields are the names in HSDS. opens says that the body wants its places to be known.
func Complete(s Service, opens bool) error {
	var faults []error
	add := func(wrong bool, f *fault.Error) {
		if wrong {
			faults = append(faults, f)
		}
	}
	add(s.Name == "", fault.Invalid("name", "edit.name_missing"))
	add(utf8.RuneCountInString(s.Name) > LongestName, fault.Invalid("name", "edit.too_long", "limit", LongestName))
	add(strings.TrimSpace(s.Card.Summary) == "", fault.Invalid("summary", "edit.summary_missing"))
	add(utf8.RuneCountInString(s.Card.Summary) > LongestSummary, fault.Invalid("summary", "edit.too_long", "limit", LongestSummary))
	add(len(s.Card.Needs) == 0, fault.Invalid("needs", "edit.needs_missing"))
	add(slices.ContainsFunc(s.Card.Needs, func(code string) bool { return !need.Known(code) }), fault.Invalid("needs", "edit.needs_unknown"))
	add(!knownStatus(s.Status), fault.Invalid("status", "edit.status"))
	add(knownStatus(s.Status) && s.Status != StatusActive && strings.TrimSpace(s.Card.StateReason) == "", fault.Invalid("state_reason", "edit.reason_missing"))
	reached := len(s.Phones) > 0 || s.Email != "" || s.URL != "" || len(s.Sites) > 0
	for _, c := range s.Confidential {
		reached = reached || len(c.Phones) > 0
	}
	add(!reached, fault.Invalid("phones", "edit.contact_missing"))
	add(s.Sheltering() && len(s.Confidential) == 0 && len(s.Sites) > 0 && !opens, fault.Invalid("opens", "edit.shelter_open"))
	add(s.MinimumAge != nil && s.MaximumAge != nil && *s.MinimumAge > *s.MaximumAge, fault.Invalid("maximum_age", "edit.ages"))
	faults = append(faults, hoursWrong(s)...)
	faults = append(faults, placesWrong(s)...)
	return errors.Join(faults...)
}

// hoursWrong finds hours that can't be read: they would be shown as not known.
func hoursWrong(s Service) (faults []error) {
	all := slices.Clone(s.Schedules)
	for _, site := range s.Sites {
		all = append(all, site.Schedules...)
	}
	for _, one := range all {
		if _, ok := compile(one); !ok && (one.OpensAt != "" || one.ClosesAt != "" || one.ByDay != "") {
			faults = append(faults, fault.Invalid("schedules/"+one.ID, "edit.hours"))
		}
	}
	for _, c := range s.Card.Hours.Closures {
		if !c.valid() {
			faults = append(faults, fault.Invalid("closures", "edit.closure", "from", c.From, "to", c.To))
		}
	}
	for _, e := range s.Card.Hours.Exceptions {
		_, _, err1 := calendar.ParseClock(e.OpensAt)
		_, _, err2 := calendar.ParseClock(e.ClosesAt)
		if _, err := calendar.ParseDay(e.Date); err != nil || e.Date == "" || e.OpensAt+e.ClosesAt != "" && (err1 != nil || err2 != nil) {
			faults = append(faults, fault.Invalid("exceptions", "edit.exception", "date", e.Date))
		}
	}
	return faults
}

// valid: two dates, or two days of every year, and a span that does not end before it begins.
func (c Closure) valid() bool {
	if len(c.From) != len(c.To) {
		return false
	}
	from, to := c.From, c.To
	yearly := len(c.From) == len("01-02")
	if yearly {
		from, to = "2024-"+from, "2024-"+to // a leap year: 29 February is a day
	}
	_, err1 := calendar.ParseDay(from)
	_, err2 := calendar.ParseDay(to)
	return err1 == nil && err2 == nil && c.From != "" && (yearly || c.From <= c.To)
}

// placesWrong finds places that can't be shown on a map, and hidden ones of which not even the
// province is known.
func placesWrong(s Service) (faults []error) {
	for _, site := range s.Sites {
		l := site.Location
		if _, ok := network.Territories().Comune(l.Comune); l.Comune != "" && !ok {
			faults = append(faults, fault.Invalid("locations/"+l.ID+"/comune", "edit.comune"))
		}
		if l.Comune == "" {
			faults = append(faults, fault.Invalid("locations/"+l.ID+"/comune", "edit.comune_missing"))
		}
		if (l.Latitude == nil) != (l.Longitude == nil) || l.Latitude != nil && !inItaly(*l.Latitude, *l.Longitude) {
			faults = append(faults, fault.Invalid("locations/"+l.ID+"/latitude", "edit.point"))
		}
	}
	for _, c := range s.Confidential {
		if _, ok := network.Territories().Province(c.Province); !ok {
			faults = append(faults, fault.Invalid("confidential/"+c.ID+"/province", "edit.province"))
		}
	}
	return faults
}

// inItaly is the box around the country: a mistyped or swapped pair falls out of it.
func inItaly(lat, lon float64) bool { return lat > 35.2 && lat < 47.2 && lon > 6.5 && lon < 18.6 }
