// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/hsds"
)

// The editor shows and reads one form of fields. encode writes a service into it, decode (in
// decode.go) reads it back on top of the service, so that what the form has no field for stays.
// Parts of lists are rows: "phones.0.number". A row that was emptied is taken away.

// weekCodes are the days of the week as rules write them.
var weekCodes = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

// Kinds of a row of hours.
const (
	hoursWeekly   = "weekly"   // on these days of the week
	hoursMonthly  = "monthly"  // on the first, second … of these days in the month
	hoursMonthDay = "monthday" // on these days of the month
	hoursOther    = "other"    // a rule that the form can't show: it stays or goes
)

// row sets fields of one row.
func row(form url.Values, prefix string, i int, fields map[string]string) string {
	at := prefix + "." + strconv.Itoa(i)
	for name, value := range fields {
		form.Set(at+"."+name, value)
	}
	return at
}

// encode writes a service into the form.
func encode(s directory.Service) url.Values {
	f := url.Values{}
	for name, value := range map[string]string{
		"name": s.Name, "alternate_name": s.AlternateName, "status": s.Status, "state_reason": s.Card.StateReason, "alert": s.Alert,
		"summary": s.Card.Summary, "description": s.Description, "eligibility_description": s.EligibilityDescription,
		"application_process": s.ApplicationProcess, "outcome": s.Card.Outcome, "deadlines": s.Card.Deadlines, "wait_time": s.WaitTime,
		"access": s.Card.Access, "conditions": s.Card.Conditions, "fees_description": s.FeesDescription, "email": s.Email, "url": s.URL,
		"interpretation_services": s.InterpretationServices, "assurer_email": s.AssurerEmail, "topics": strings.Join(s.Card.Topics, ", "),
		"territory": territoryText(s.Card.Territory), "sex": s.Card.Eligibility.Sex, "family": s.Card.Eligibility.Family,
		"residence": residenceText(s.Card.Eligibility.Residence), "holidays": s.Card.Hours.Holidays,
		"minimum_age": number(s.MinimumAge), "maximum_age": number(s.MaximumAge),
	} {
		f.Set(name, value)
	}
	f["needs"] = slices.Clone(s.Card.Needs)
	if len(s.Card.Needs) > 0 {
		f.Set("main_need", s.Card.Needs[0])
	}
	f["titles"] = slices.Clone(s.Card.Eligibility.ResidenceTitles)
	mark(f, "pregnant", s.Card.Eligibility.Pregnant)
	mark(f, "alone", s.Card.Eligibility.UnaccompaniedMinor)
	if s.Card.Eligibility.IncomeMax > 0 {
		f.Set("income_max", strconv.Itoa(s.Card.Eligibility.IncomeMax))
	}
	mark(f, "always_open", s.Card.Hours.AlwaysOpen)
	mark(f, "by_appointment", s.Card.Hours.ByAppointment)
	for _, l := range s.Languages {
		f.Add("spoken", l.Code)
	}
	for i, d := range s.RequiredDocuments {
		row(f, "documents", i, map[string]string{"id": d.ID, "document": d.Document, "uri": d.URI})
	}
	for i, c := range s.CostOptions {
		row(f, "costs", i, map[string]string{"id": c.ID, "option": c.Option, "amount": number(c.Amount), "note": c.AmountDescription})
	}
	encodePhones(f, "phones", s.Phones)
	encodeHours(f, "hours", s.Schedules)
	for i, c := range s.Card.Hours.Closures {
		at := row(f, "closures", i, map[string]string{"id": strconv.Itoa(i), "from": c.From, "to": c.To, "note": c.Note})
		if len(c.From) == len("01-02") {
			f.Set(at+".from", "2024-"+c.From)
			f.Set(at+".to", "2024-"+c.To)
			mark(f, at+".yearly", true)
		}
	}
	for i, e := range s.Card.Hours.Exceptions {
		row(f, "exceptions", i, map[string]string{"id": strconv.Itoa(i), "date": e.Date, "opens": e.OpensAt, "closes": e.ClosesAt, "note": e.Note})
	}
	encodePlaces(f, s)
	return f
}

func encodePhones(f url.Values, prefix string, list []hsds.Phone) {
	for i, p := range list {
		row(f, prefix, i, map[string]string{"id": p.ID, "number": p.Number, "note": p.Description})
	}
}

// encodePlaces writes open sites, or the hidden ones of a service whose places must not be known: a
// service has the one or the other.
func encodePlaces(f url.Values, s directory.Service) {
	sites := s.Sites
	if len(s.Confidential) > 0 {
		mark(f, "hidden", true)
		sites = nil
		for _, c := range s.Confidential {
			sites = append(sites, c.Place)
		}
	}
	for i, site := range sites {
		l := site.Location
		a := hsds.Address{}
		if len(l.Addresses) > 0 {
			a = l.Addresses[0]
		}
		at := row(f, "places", i, map[string]string{"id": site.ID, "name": l.Name, "address": a.Address1, "more": a.Address2, "postal": a.PostalCode,
			"comune": comuneText(l.Comune, a), "lat": number(l.Latitude), "lon": number(l.Longitude), "bus": l.Transportation})
		if len(l.Accessibility) > 0 {
			f.Set(at+".entrance", l.Accessibility[0].Description)
		}
		if len(s.Confidential) > 0 {
			f.Set(at+".province", s.Confidential[i].Province)
			encodePhones(f, at+".phones", s.Confidential[i].Phones)
		}
		encodeHours(f, at+".hours", site.Schedules)
	}
}

func encodeHours(f url.Values, prefix string, list []hsds.Schedule) {
	for i, s := range list {
		at := row(f, prefix, i, map[string]string{"id": s.ID, "kind": kindOf(s), "opens": clock(s.OpensAt), "closes": clock(s.ClosesAt), "from": s.ValidFrom, "to": s.ValidTo, "note": s.Notes})
		mark(f, at+".appointment", strings.EqualFold(s.AttendingType, directory.AttendingAppointment))
		switch f.Get(at + ".kind") {
		case hoursWeekly:
			f[at+".days"] = strings.Split(s.ByDay, ",")
			if s.Interval != nil && *s.Interval == 2 {
				mark(f, at+".fortnight", true)
				f.Set(at+".start", s.DTStart)
			}
		case hoursMonthly:
			nth, _ := nthOf(s.ByDay)
			f.Set(at+".nth", nth)
			for part := range strings.SplitSeq(s.ByDay, ",") {
				f.Add(at+".days", strings.TrimPrefix(part, nth))
			}
		case hoursMonthDay:
			f.Set(at+".monthdays", s.ByMonthDay)
		}
	}
}

// clock writes a time as a browser's field for times wants it; what can't be read stays as it is.
func clock(text string) string {
	c, _, err := calendar.ParseClock(text)
	if err != nil || text == "" {
		return text
	}
	if c == calendar.EndOfDay {
		return "00:00" // a slot that ends no later than it begins ends on the next day
	}
	return c.String()
}

// kindOf tells which kind of row shows a schedule without losing anything of it.
func kindOf(s hsds.Schedule) string {
	every := 1.0
	if s.Interval != nil {
		every = *s.Interval
	}
	odd := s.Count != nil || s.ByWeekNo != "" || s.ByYearDay != "" || s.Until != "" || s.WkSt != "" && s.WkSt != "MO"
	plain := !slices.ContainsFunc(strings.Split(s.ByDay, ","), func(day string) bool { return !slices.Contains(weekCodes, day) })
	_, nth := nthOf(s.ByDay)
	switch {
	case odd:
	case (s.Freq == "WEEKLY" || s.Freq == "") && plain && s.ByMonthDay == "" && (every == 1 && s.DTStart == "" || every == 2 && s.DTStart != ""):
		return hoursWeekly
	case s.Freq == "MONTHLY" && nth && s.ByMonthDay == "" && every == 1 && s.DTStart == "":
		return hoursMonthly
	case s.Freq == "MONTHLY" && s.ByDay == "" && s.ByMonthDay != "" && every == 1 && s.DTStart == "":
		return hoursMonthDay
	}
	return hoursOther
}

// nths are the places of a day in the month that a row can say.
var nths = []string{"1", "2", "3", "4", "-1"}

// nthOf takes "1MO,1TU" apart; ok when every part begins with the same place in the month.
func nthOf(byDay string) (nth string, ok bool) {
	for part := range strings.SplitSeq(byDay, ",") {
		i := max(len(part)-2, 0)
		if !slices.Contains(nths, part[:i]) || !slices.Contains(weekCodes, part[i:]) || nth != "" && nth != part[:i] {
			return "", false
		}
		nth = part[:i]
	}
	return nth, nth != ""
}

func mark(f url.Values, name string, on bool) {
	if on {
		f.Set(name, "on")
	}
}

func number(n *float64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}
