// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"errors"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
)

// reader reads the fields of a form and gathers what it can't read.
type reader struct {
	form   url.Values
	faults []error
}

func (r *reader) text(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(r.form.Get(name), "\r\n", "\n"))
}
func (r *reader) on(name string) bool { return r.form.Get(name) != "" }

// number reads a number as people write it here; a comma is a point.
func (r *reader) number(name string) *float64 {
	text := strings.TrimPrefix(strings.ReplaceAll(r.text(name), ",", "."), "€")
	if text == "" {
		return nil
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(n) || n < -1000 || n > 10_000_000 {
		r.faults = append(r.faults, fault.Invalid(name, "census.number", "value", text))
		return nil
	}
	return &n
}

// id is the identifier of a row; a new row gets one.
func (r *reader) id(at string) string {
	if id := r.text(at + ".id"); id != "" {
		return id
	}
	return db.NewID()
}

// ourID is how db.NewID writes.
var ourID = regexp.MustCompile(`^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// newID is the identifier that the form gave to a new place: other services have places too, whose
// identifiers must not be taken, so only one that is as we make them is.
func (r *reader) newID(at string) string {
	if id := r.text(at + ".id"); ourID.MatchString(id) {
		return id
	}
	return db.NewID()
}

// byID finds the part of a list that a row is about, or a new one.
func byID[T any](list []T, id string, of func(T) string) T {
	var none T
	for _, item := range list {
		if of(item) == id {
			return item
		}
	}
	return none
}

// decode reads the form on top of a service. It fails with Invalid (several, joined), whose fields
// are the names in the form, and gives what could be read all the same.
func decode(form url.Values, s directory.Service) (directory.Service, error) {
	r := &reader{form: form}
	for name, to := range map[string]*string{
		"name": &s.Name, "alternate_name": &s.AlternateName, "status": &s.Status, "state_reason": &s.Card.StateReason, "alert": &s.Alert,
		"summary": &s.Card.Summary, "description": &s.Description, "eligibility_description": &s.EligibilityDescription,
		"application_process": &s.ApplicationProcess, "outcome": &s.Card.Outcome, "deadlines": &s.Card.Deadlines, "wait_time": &s.WaitTime,
		"access": &s.Card.Access, "conditions": &s.Card.Conditions, "fees_description": &s.FeesDescription, "email": &s.Email, "url": &s.URL,
		"interpretation_services": &s.InterpretationServices, "assurer_email": &s.AssurerEmail, "sex": &s.Card.Eligibility.Sex,
		"family": &s.Card.Eligibility.Family, "holidays": &s.Card.Hours.Holidays,
	} {
		*to = r.text(name)
	}
	s.MinimumAge, s.MaximumAge = r.number("minimum_age"), r.number("maximum_age")
	s.Card.Needs = inOrder(s.Card.Needs, form["needs"], r.text("main_need"))
	s.Card.Eligibility.ResidenceTitles = slices.Clone(form["titles"])
	s.Card.Eligibility.Pregnant, s.Card.Eligibility.UnaccompaniedMinor = r.on("pregnant"), r.on("alone")
	s.Card.Eligibility.IncomeMax = 0
	if n := r.number("income_max"); n != nil {
		s.Card.Eligibility.IncomeMax = int(*n)
	}
	s.Card.Eligibility.Residence = r.residence("residence")
	s.Card.Hours.AlwaysOpen, s.Card.Hours.ByAppointment = r.on("always_open"), r.on("by_appointment")
	s.Card.Topics = listed(r.text("topics"))
	s.Card.Territory = r.territory("territory")
	s.Languages = r.spoken(s)
	s.RequiredDocuments, s.CostOptions = r.documents(s), r.costs(s)
	s.Phones = r.phones("phones", s.Phones)
	s.Schedules = r.hours("hours", s.Schedules)
	s.Card.Hours.Closures, s.Card.Hours.Exceptions = r.closures(), r.exceptions()
	r.places(&s)
	return s, errors.Join(r.faults...)
}

// inOrder keeps the order in which needs stood, adds new ones behind, and puts the main one first.
func inOrder(before, chosen []string, first string) []string {
	list := slices.DeleteFunc(slices.Clone(before), func(code string) bool { return !slices.Contains(chosen, code) })
	for _, code := range chosen {
		if !slices.Contains(list, code) {
			list = append(list, code)
		}
	}
	if i := slices.Index(list, first); i > 0 {
		list = append([]string{first}, slices.Delete(list, i, i+1)...)
	}
	return list
}

// listed cuts a text at commas and lines.
func listed(text string) []string {
	var list []string
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(list, part) {
			list = append(list, part)
		}
	}
	return list
}

func (r *reader) spoken(s directory.Service) []hsds.Language {
	var list []hsds.Language
	for _, code := range r.form["spoken"] {
		one := byID(s.Languages, code, func(l hsds.Language) string { return l.Code })
		if one.ID == "" {
			one.ID, one.Code = db.NewID(), code
		}
		list = append(list, one)
	}
	return list
}

// filled says whether a row has what makes it one. A row without it that says something else is a mistake:
// what was typed must not go away in silence. An empty row is none.
func (r *reader) filled(at, field string, has bool) bool {
	if !has && !blankRow(r.form, at) {
		r.faults = append(r.faults, fault.Invalid(at+"."+field, "census.row_incomplete"))
	}
	return has
}

// blankRow: nothing was typed into the row. What it has from the start does not count.
func blankRow(f url.Values, at string) bool {
	for name, values := range f {
		last := name[strings.LastIndex(name, ".")+1:]
		if strings.HasPrefix(name, at+".") && last != "id" && last != "kind" && last != "nth" && slices.ContainsFunc(values, func(s string) bool { return strings.TrimSpace(s) != "" }) {
			return false
		}
	}
	return true
}

func (r *reader) documents(s directory.Service) []hsds.RequiredDocument {
	var list []hsds.RequiredDocument
	for _, at := range rows(r.form, "documents") {
		one := byID(s.RequiredDocuments, r.text(at+".id"), func(d hsds.RequiredDocument) string { return d.ID })
		one.ID, one.Document, one.URI = r.id(at), r.text(at+".document"), r.text(at+".uri")
		if r.filled(at, "document", one.Document != "") {
			list = append(list, one)
		}
	}
	return list
}

func (r *reader) costs(s directory.Service) []hsds.CostOption {
	var list []hsds.CostOption
	for _, at := range rows(r.form, "costs") {
		one := byID(s.CostOptions, r.text(at+".id"), func(c hsds.CostOption) string { return c.ID })
		one.ID, one.Option, one.Amount, one.AmountDescription = r.id(at), r.text(at+".option"), r.number(at+".amount"), r.text(at+".note")
		if one.Amount != nil && one.Currency == "" {
			one.Currency = "EUR"
		}
		if r.filled(at, "option", one.Option != "" || one.Amount != nil) {
			list = append(list, one)
		}
	}
	return list
}

func (r *reader) phones(prefix string, before []hsds.Phone) []hsds.Phone {
	var list []hsds.Phone
	for _, at := range rows(r.form, prefix) {
		one := byID(before, r.text(at+".id"), func(p hsds.Phone) string { return p.ID })
		one.ID, one.Number, one.Description = r.id(at), r.text(at+".number"), r.text(at+".note")
		if r.filled(at, "number", one.Number != "") {
			list = append(list, one)
		}
	}
	return list
}

func (r *reader) hours(prefix string, before []hsds.Schedule) []hsds.Schedule {
	var list []hsds.Schedule
	for _, at := range rows(r.form, prefix) {
		if one, ok := r.schedule(at, byID(before, r.text(at+".id"), func(s hsds.Schedule) string { return s.ID })); ok {
			list = append(list, one)
		}
	}
	return list
}

// schedule reads a row of hours; ok is false for one that was emptied.
func (r *reader) schedule(at string, s hsds.Schedule) (hsds.Schedule, bool) {
	kind := r.text(at + ".kind")
	if kind == hoursOther {
		return s, s.ID != ""
	}
	days := slices.DeleteFunc(slices.Clone(r.form[at+".days"]), func(day string) bool { return !slices.Contains(weekCodes, day) })
	opens, closes, monthDays := r.text(at+".opens"), r.text(at+".closes"), strings.Join(listed(r.text(at+".monthdays")), ",")
	if blankRow(r.form, at) {
		return s, false
	}
	if closes == "00:00" {
		closes = calendar.EndOfDay.String() // a browser's field has no 24:00
	}
	s.ID, s.OpensAt, s.ClosesAt, s.ValidFrom, s.ValidTo, s.Notes = r.id(at), opens, closes, r.text(at+".from"), r.text(at+".to"), r.text(at+".note")
	s.ByDay, s.ByMonthDay, s.Interval, s.DTStart = "", "", nil, ""
	s.AttendingType = appointment(s.AttendingType, r.on(at+".appointment"))
	switch kind {
	case hoursMonthly:
		nth := r.text(at + ".nth")
		if !slices.Contains(nths, nth) {
			nth = "1"
		}
		for i := range days {
			days[i] = nth + days[i]
		}
		s.Freq, s.ByDay = "MONTHLY", strings.Join(days, ",")
	case hoursMonthDay:
		s.Freq, s.ByMonthDay = "MONTHLY", monthDays
	default:
		s.Freq, s.ByDay = "WEEKLY", strings.Join(days, ",")
		if r.on(at + ".fortnight") {
			two := 2.0
			s.Interval, s.DTStart = &two, r.text(at+".start")
			if s.DTStart == "" {
				r.faults = append(r.faults, fault.Invalid(at+".start", "census.start_missing"))
			}
		}
	}
	if s.ByDay == "" && s.ByMonthDay == "" || opens == "" || closes == "" {
		r.faults = append(r.faults, fault.Invalid(at+".opens", "edit.hours"))
	}
	return s, true
}

// appointment changes only what the mark says: other types of attending stay.
func appointment(before string, on bool) string {
	switch is := strings.EqualFold(before, directory.AttendingAppointment); {
	case on && !is:
		return directory.AttendingAppointment
	case !on && is:
		return ""
	}
	return before
}

func (r *reader) closures() []directory.Closure {
	var list []directory.Closure
	for _, at := range rows(r.form, "closures") {
		c := directory.Closure{From: r.text(at + ".from"), To: r.text(at + ".to"), Note: r.text(at + ".note")}
		if !r.filled(at, "from", c.From != "" || c.To != "") {
			continue
		}
		if c.To == "" {
			c.To = c.From
		}
		if r.on(at+".yearly") && len(c.From) == len("2006-01-02") && len(c.To) == len(c.From) {
			c.From, c.To = c.From[5:], c.To[5:]
		}
		list = append(list, c)
	}
	return list
}

func (r *reader) exceptions() []directory.Exception {
	var list []directory.Exception
	for _, at := range rows(r.form, "exceptions") {
		if e := (directory.Exception{Date: r.text(at + ".date"), OpensAt: r.text(at + ".opens"), ClosesAt: r.text(at + ".closes"), Note: r.text(at + ".note")}); r.filled(at, "date", e.Date != "") {
			list = append(list, e)
		}
	}
	return list
}

// places reads the places: all open, or all hidden.
func (r *reader) places(s *directory.Service) {
	sites, hidden := s.Sites, s.Confidential
	for _, c := range hidden {
		sites = append(slices.Clone(sites), c.Place)
	}
	s.Sites, s.Confidential = nil, nil
	for _, at := range rows(r.form, "places") {
		id := r.text(at + ".id")
		site := r.place(at, byID(sites, id, func(x directory.Site) string { return x.ID }))
		if site.ID == "" {
			continue
		}
		if !r.on("hidden") {
			s.Sites = append(s.Sites, site)
			continue
		}
		c := byID(hidden, id, func(c directory.ConfidentialSite) string { return c.ID })
		c.ID, c.Place, c.Province = site.ID, site, r.text(at+".province")
		if comune, ok := network.Territories().Comune(site.Location.Comune); ok && c.Province == "" {
			c.Province = comune.Province
		}
		c.Phones = r.phones(at+".phones", c.Phones)
		s.Confidential = append(s.Confidential, c)
	}
}

// place reads a row of places; its identifier is empty when the row is.
func (r *reader) place(at string, site directory.Site) directory.Site {
	l := &site.Location
	name, address, comune := r.text(at+".name"), r.text(at+".address"), r.text(at+".comune")
	if site.ID == "" && blankRow(r.form, at) {
		return directory.Site{}
	}
	if site.ID == "" {
		site.ID, l.ID, l.LocationType = r.newID(at), db.NewID(), "physical"
	}
	l.Name, l.Transportation, l.Latitude, l.Longitude = name, r.text(at+".bus"), r.number(at+".lat"), r.number(at+".lon")
	l.Comune = r.comune(at+".comune", comune)
	l.Addresses = slices.Clone(l.Addresses)
	if len(l.Addresses) == 0 && (address != "" || comune != "") {
		l.Addresses = []hsds.Address{{ID: db.NewID(), Country: "IT", AddressType: "physical"}}
	}
	if len(l.Addresses) > 0 {
		a := &l.Addresses[0]
		a.Address1, a.Address2, a.PostalCode = address, r.text(at+".more"), r.text(at+".postal")
		if c, ok := network.Territories().Comune(l.Comune); ok {
			a.City, a.StateProvince = c.Name, c.Province
		}
	}
	l.Accessibility = r.entrance(at, l.Accessibility)
	site.Schedules = r.hours(at+".hours", site.Schedules)
	return site
}

func (r *reader) entrance(at string, before []hsds.Accessibility) []hsds.Accessibility {
	said := r.text(at + ".entrance")
	list := slices.Clone(before)
	switch {
	case len(list) > 0 && said == "":
		return list[1:]
	case len(list) > 0:
		list[0].Description = said
	case said != "":
		list = append(list, hsds.Accessibility{ID: db.NewID(), Description: said})
	}
	return list
}
