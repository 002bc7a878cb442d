// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"strconv"
	"strings"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
)

// timetable is a kind of opening hours: the recurrence and the slots of each line.
type line struct{ freq, days, opens, closes string }

var timetables = map[string][]line{
	"office":      {{"WEEKLY", "MO,TU,WE,TH,FR", "09:00", "13:00"}, {"WEEKLY", "TU,TH", "15:00", "17:30"}},
	"morning":     {{"WEEKLY", "MO,TU,WE,TH,FR", "08:30", "12:30"}},
	"afternoon":   {{"WEEKLY", "MO,WE,FR", "15:00", "18:30"}},
	"evening":     {{"WEEKLY", "MO,TU,WE,TH", "18:00", "20:30"}, {"WEEKLY", "SA", "09:30", "12:30"}},
	"saturday":    {{"WEEKLY", "TU", "15:00", "18:00"}, {"MONTHLY", "1SA", "09:00", "12:00"}},
	"monthly":     {{"MONTHLY", "2TH", "16:00", "19:00"}, {"MONTHLY", "-1TH", "16:00", "19:00"}},
	"lunch":       {{"WEEKLY", "MO,TU,WE,TH,FR,SA,SU", "12:00", "14:00"}, {"WEEKLY", "MO,TU,WE,TH,FR", "18:30", "20:00"}},
	"night":       {{"WEEKLY", "MO,TU,WE,TH,FR,SA,SU", "20:00", "08:00"}},
	"guard":       {{"WEEKLY", "MO,TU,WE,TH,FR", "20:00", "08:00"}, {"WEEKLY", "SA", "10:00", "24:00"}, {"WEEKLY", "SU", "00:00", "24:00"}, {"WEEKLY", "MO", "00:00", "08:00"}},
	"library":     {{"WEEKLY", "MO,TU,WE,TH,FR", "09:00", "19:00"}, {"WEEKLY", "SA", "09:00", "13:00"}},
	"appointment": {{"WEEKLY", "MO,TU,WE,TH,FR", "09:00", "17:00"}},
}

func (m *maker) hours(s *directory.Service, kind, key string, n int) {
	it := m.source.phrases["it"]
	h := &s.Card.Hours
	switch kind {
	case "unknown":
		return
	case "always":
		h.AlwaysOpen = true
		return
	case "appointment":
		h.ByAppointment = true
	case "night", "guard", "lunch":
		h.Holidays = "open"
	}
	if h.Holidays == "" && n%7 != 3 {
		h.Holidays = "closed"
	}
	for i, l := range timetables[kind] {
		sc := hsds.Schedule{ID: id("schedule", key, strconv.Itoa(i)), Freq: l.freq, ByDay: l.days, OpensAt: l.opens, ClosesAt: l.closes}
		if i == 0 && n%5 == 2 && kind == "office" {
			sc.Notes = it["schedule.interpreter-tuesday"]
		}
		s.Schedules = append(s.Schedules, sc)
	}
	switch {
	case kind == "evening":
		h.Closures = []directory.Closure{{From: "06-15", To: "09-14", Note: it["schedule.school-term"]}}
	case n%3 == 1 && kind != "night" && kind != "guard":
		h.Closures = []directory.Closure{{From: "08-10", To: "08-24", Note: it["schedule.closed-august"]}}
	}
	if n%11 == 5 && kind != "night" {
		h.Exceptions = []directory.Exception{{Date: (m.anchor + 12).String(), OpensAt: "10:00", ClosesAt: "12:00", Note: it["schedule.check-first"]}}
	}
}

// eligibility reads "age=16- sex=female title=none+work residence=comune income=9000".
func (m *maker) eligibility(s *directory.Service, p planned, comune string) {
	e := &s.Card.Eligibility
	for _, part := range strings.Fields(p.eligibility) {
		name, value, _ := strings.Cut(part, "=")
		switch name {
		case "title":
			e.ResidenceTitles = strings.Split(value, "+")
		case "age":
			from, to, _ := strings.Cut(value, "-")
			s.MinimumAge, s.MaximumAge = age(from), age(to)
		case "sex":
			e.Sex = value
		case "family":
			e.Family = value
		case "pregnant":
			e.Pregnant = true
		case "alone-minor":
			e.UnaccompaniedMinor = true
		case "income":
			e.IncomeMax, _ = strconv.Atoi(value)
		case "residence":
			e.Residence = []string{comune}
			if c, ok := network.Territories().Comune(comune); ok && value == "province" {
				e.Residence = []string{c.Province}
			}
		}
	}
}

func age(text string) *float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil
	}
	return &n
}

// verify gives most entries a fresh confirmation, some an old one, a few none.
func (m *maker) verify(s *directory.Service, body network.Organization, n int) {
	if n%23 == 9 {
		return
	}
	days := 5 + n%60
	if n%13 == 6 {
		days = 420 + n%90
	}
	s.AssuredDate = (m.anchor - calendar.Day(days)).String()
	s.Card.AssuredBy = body.Name
}

// place puts the service on the map, or keeps its place confidential.
func (m *maker) place(s *directory.Service, comune, key string, n int) {
	c, _ := network.Territories().Comune(comune)
	site := directory.Site{ID: id("site", key), Location: location(c, key, n, m.source.phrases["it"])}
	if s.Sheltering() {
		s.Confidential = []directory.ConfidentialSite{{ID: site.ID, Province: c.Province, Place: site}}
		return
	}
	s.Sites = []directory.Site{site}
	if n%6 == 4 {
		s.Card.Territory = c.Province
	}
}

func location(c network.Comune, key string, n int, it map[string]string) directory.Location {
	l := directory.Location{Comune: c.ISTAT}
	l.ID = id("location", key)
	l.LocationType = "physical"
	l.Name = "Sede di esempio " + strconv.Itoa(n%9+1)
	l.Transportation = "Fermata dell'autobus a " + strconv.Itoa(50+n%8*50) + " metri."
	l.Addresses = []hsds.Address{{
		ID: id("address", key), Address1: "Via dell'Esempio " + strconv.Itoa(n%120+1), City: c.Name, StateProvince: c.Province,
		PostalCode: "00000", Country: "IT", AddressType: "physical",
	}}
	if c.HasPoint {
		lat, lon := c.Lat+float64(n%9-4)*0.0016, c.Lon+float64(n%7-3)*0.0021
		l.Latitude, l.Longitude = &lat, &lon
	}
	keys := [][]string{{"wheelchair", "step-free-toilet"}, {"wheelchair", "lift"}, {"stairs"}, {"wheelchair", "pushchair", "parking"}, {"none-known"}}[n%5]
	for _, k := range keys {
		l.Accessibility = append(l.Accessibility, hsds.Accessibility{ID: id("accessibility", key, k), Description: it["accessibility."+k]})
	}
	return l
}

// translate adds two to nine languages to the Italian texts. One in nine is only a machine's work
// and one in eleven lacks its body, as in real censuses.
func (m *maker) translate(s *directory.Service, p planned, n int) {
	others := lang.All[1:]
	count := 1 + (n*7)%9
	if n%4 == 0 {
		count = 9
	}
	for k := range count {
		language := others[(n+k)%len(others)]
		t, ok := m.source.languages[language][p.need]
		if !ok {
			continue
		}
		state := directory.TranslationUpToDate
		if (n+k)%9 == 4 {
			state = directory.TranslationMachine
		}
		add := func(group string, fields map[string]string) {
			s.Card.Translations = append(s.Card.Translations, directory.Translation{Language: language, Group: group, State: state, Fields: fields})
		}
		add(directory.GroupTitle, map[string]string{"name": t.Title, "summary": t.Summary})
		if (n+k)%11 != 7 {
			add(directory.GroupBody, m.bodyTexts(s, t, language))
			add(directory.GroupPractice, m.practiceTexts(s, language))
		}
	}
	s.RefreshTranslations()
}

func (m *maker) bodyTexts(s *directory.Service, t texts, language string) map[string]string {
	fields := map[string]string{
		"description": t.Description, "eligibility_description": t.ForWhom, "application_process": t.How, "outcome": t.Outcome,
		"deadlines": m.phrase(s.Card.Deadlines, language), "access": m.phrase(s.Card.Access, language), "conditions": m.phrase(s.Card.Conditions, language),
	}
	return withoutEmpty(fields)
}

func (m *maker) practiceTexts(s *directory.Service, language string) map[string]string {
	fields := map[string]string{}
	for _, d := range s.RequiredDocuments {
		fields["required_documents/"+d.ID+"/document"] = m.phrase(d.Document, language)
	}
	for _, c := range s.CostOptions {
		fields["cost_options/"+c.ID+"/option"] = m.phrase(c.Option, language)
	}
	for _, sc := range s.Schedules {
		fields["schedules/"+sc.ID+"/notes"] = m.phrase(sc.Notes, language)
	}
	for _, site := range s.Sites {
		for _, a := range site.Location.Accessibility {
			fields["accessibility/"+a.ID+"/description"] = m.phrase(a.Description, language)
		}
	}
	return withoutEmpty(fields)
}

// phrase gives an Italian phrase in a language, "" when it is not one of ours.
func (m *maker) phrase(italian, language string) string {
	for key, text := range m.source.phrases["it"] {
		if text == italian {
			return m.source.phrases[language][key]
		}
	}
	return ""
}

func withoutEmpty(fields map[string]string) map[string]string {
	for name, text := range fields {
		if strings.TrimSpace(text) == "" {
			delete(fields, name)
		}
	}
	return fields
}
