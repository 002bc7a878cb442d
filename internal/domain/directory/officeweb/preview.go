// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
)

// previewDays is how far the preview of the hours looks: four weeks from Monday of this one.
const previewDays = 28

// siteWeeks is the preview of the hours of one place.
type siteWeeks struct {
	Name  string
	Weeks [][]previewDay
}

// previewDay is one day of the preview.
type previewDay struct {
	Day, Weekday  string
	Today         bool
	Unknown       bool
	Closed        bool
	Slots         []string
	Notes         []string
	ByAppointment bool
	Past          bool
}

// entryOf is a service as a page of the public would have it, with its hidden places shown: the
// editor of the body is who looks at it.
func entryOf(s directory.Service, w directory.Working) directory.Entry {
	e := directory.Entry{Record: s.Record, Organization: w.Body, Sites: slices.Clone(s.Sites)}
	for _, c := range s.Confidential {
		e.Sites = append(e.Sites, c.Place)
	}
	return e
}

// weeksOf plans the days to come by the same code as the public page (Entry.Days).
func (p *Pages) weeksOf(w lang.Words, e directory.Entry) []siteWeeks {
	today := calendar.DayOf(p.now(), calendar.Rome())
	monday := today - calendar.Day((int(today.Weekday())+6)%7)
	var list []siteWeeks
	for i := range max(len(e.Sites), 1) {
		one := siteWeeks{}
		if i < len(e.Sites) {
			one.Name = siteName(e.Sites[i])
		}
		days := e.Days(i, monday, previewDays)
		for week := range slices.Chunk(days, 7) {
			line := make([]previewDay, len(week))
			for j, d := range week {
				line[j] = previewOf(w, d, today)
			}
			one.Weeks = append(one.Weeks, line)
		}
		list = append(list, one)
	}
	return list
}

func previewOf(w lang.Words, d directory.DayPlan, today calendar.Day) previewDay {
	year, month, day := d.Day.Date()
	t := time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
	v := previewDay{Day: w.DayMonth(t), Weekday: w.Weekday(t.Weekday(), lang.Short), Today: d.Day == today, Past: d.Day < today, Unknown: !d.Known, Closed: d.Closed}
	if d.Holiday != "" {
		v.Notes = append(v.Notes, w.Text("confirm.holiday"))
	}
	if d.Note != "" {
		v.Notes = append(v.Notes, d.Note)
	} else if d.Exceptional {
		v.Notes = append(v.Notes, w.Text("confirm.exceptional"))
	}
	for _, s := range d.Slots {
		said := w.ClockRange(int(s.Opens)/60, int(s.Opens)%60, int(s.Closes)/60, int(s.Closes)%60)
		switch {
		case s.Whole():
			said = w.Text("confirm.all_day")
		case s.Closes <= s.Opens:
			said += " " + w.Text("confirm.next_day")
		}
		if s.Appointment {
			said += " " + w.Text("confirm.appointment")
		}
		v.Slots = append(v.Slots, said)
	}
	return v
}

func siteName(s directory.Site) string {
	if s.Location.Name != "" {
		return s.Location.Name
	}
	if len(s.Location.Addresses) > 0 && s.Location.Addresses[0].Address1 != "" {
		return s.Location.Addresses[0].Address1
	}
	if c, ok := network.Territories().Comune(s.Location.Comune); ok {
		return c.Label()
	}
	return ""
}

// hint says how plain a text is.
type hint struct {
	Field string // label
	Value string // "72", "" for another language than Italian
	Text  string
	Hard  bool
	Words int
}

// hardBelow is the index below which a text is hard for somebody who has finished lower secondary
// school and does not speak Italian at home (Lucisano and Piemontese put the border of "difficult"
// for that school at 60).
const hardBelow = 60

// longSentence is how many words a sentence may have in plain language (Piemontese, "Capire e farsi
// capire", 1996: 20 to 25).
const longSentence = 25

// hintsOf measures the long texts of a card.
func hintsOf(w lang.Words, s directory.Service) []hint {
	var list []hint
	for _, one := range []struct{ name, text string }{
		{"summary", s.Card.Summary}, {"description", s.Description}, {"eligibility_description", s.EligibilityDescription},
		{"application_process", s.ApplicationProcess}, {"outcome", s.Card.Outcome}, {"deadlines", s.Card.Deadlines},
		{"access", s.Card.Access}, {"conditions", s.Card.Conditions},
	} {
		if strings.TrimSpace(one.text) == "" {
			continue
		}
		m := lang.Measure(one.text)
		index, ok := m.Gulpease()
		h := hint{Field: w.Text("census.f." + one.name), Words: m.Words}
		if ok && (s.Card.Language == "" || s.Card.Language == lang.Default) && m.Words >= 8 {
			h.Value, h.Hard = strconv.Itoa(index), index < hardBelow
			h.Text = w.Text("census.gulpease." + level(index))
		}
		if m.Longest > longSentence {
			h.Hard = true
			h.Text = strings.TrimSpace(h.Text + " " + w.Text("census.long_sentence", "n", m.Longest))
		}
		list = append(list, h)
	}
	return list
}

// level names the school after which a text is easy.
func level(index int) string {
	switch {
	case index >= 80:
		return "primary"
	case index >= hardBelow:
		return "lower"
	case index >= 40:
		return "upper"
	}
	return "hard"
}

// chart is the data block of the map. Where the pins are stand the fields of the form: the script reads
// them there.
type chart struct {
	Outline [][]int              `json:"outline,omitempty"`
	Starts  map[string][]float64 `json:"starts,omitempty"` // row of a place → middle of its comune
}

// chartOf draws the regions in which the places of the form are, or their comuni.
func chartOf(form url.Values) chart {
	c := chart{Starts: map[string][]float64{}}
	var regions []string
	r := reader{form: form}
	for _, at := range rows(form, listPlaces) {
		if found := network.Territories().Meant(form.Get(at + ".comune")); len(found) == 1 {
			if middle, _, ok := network.Territories().PointOf(found[0]); ok {
				c.Starts[at] = []float64{middle.Lat, middle.Lon}
			}
			regions = append(regions, found[0].Region)
		}
		if lat, lon := r.number(at+".lat"), r.number(at+".lon"); lat != nil && lon != nil {
			if near, _, ok := network.Territories().Nearest(*lat, *lon); ok {
				regions = append(regions, near.Region)
			}
		}
	}
	slices.Sort(regions)
	for _, region := range slices.Compact(regions) {
		c.Outline = append(c.Outline, outlineOf(region)...)
	}
	return c
}

// outlineOf is the shape of a region as the map reads it: hundredths of a degree, each point as its
// distance from the one before.
func outlineOf(region string) [][]int {
	shape, _ := network.RegionOutline(region)
	var rings [][]int
	for _, points := range shape.Rings {
		var one []int
		lat, lon := 0, 0
		for _, at := range points {
			y, x := int(math.Round(at.Lat*100)), int(math.Round(at.Lon*100))
			if len(one) == 0 || y != lat || x != lon {
				one = append(one, y-lat, x-lon)
				lat, lon = y, x
			}
		}
		rings = append(rings, one)
	}
	return rings
}
