// SPDX-License-Identifier: EUPL-1.2

package figure

import (
	"cmp"
	"slices"
	"time"

	"approdo/internal/domain/mediation"
)

// Count is what became of some requests.
type Count struct {
	Requests                                        int
	Cancelled, Fulfilled, Absent, Unreported, Unmet int
	Minutes                                         int // of mediators who came
}

// Met is how many were met, as far as anybody has said.
func (c Count) Met() int { return c.Fulfilled + c.Absent + c.Unreported }

// Rate is the fill rate, and false when there is nothing to fill.
func (c Count) Rate() (float64, bool) {
	due := c.Requests - c.Cancelled
	if due <= 0 {
		return 0, false
	}
	return float64(c.Met()) / float64(due), true
}

func (c Count) with(f fact) Count {
	c.Requests++
	c.Minutes += f.minutes
	switch f.became {
	case cancelled:
		c.Cancelled++
	case fulfilled:
		c.Fulfilled++
	case absent:
		c.Absent++
	case unreported:
		c.Unreported++
	case unmet:
		c.Unmet++
	}
	return c
}

// Grid is a week, Monday first, by the hour.
type Grid [7][24]Cell

// Cell is an hour of the week.
type Cell struct{ Requests, Unmet int }

// Hours are the first and the last hour in which anything was asked; of a grid with nothing, those of an
// office.
func (g Grid) Hours() (first, last int) {
	first, last = 8, 17
	any := false
	for _, day := range g {
		for hour, cell := range day {
			if cell.Requests > 0 {
				if !any {
					first, last = hour, hour
				}
				any = true
				first, last = min(first, hour), max(last, hour)
			}
		}
	}
	return first, last
}

// Wait is how long it took until a mediator said yes.
type Wait struct {
	Answers     int
	Median, P95 time.Duration
}

func waitOf(all []time.Duration) Wait {
	if len(all) == 0 {
		return Wait{}
	}
	slices.Sort(all)
	at := func(percent int) time.Duration { return all[(len(all)*percent+99)/100-1] }
	return Wait{Answers: len(all), Median: at(50), P95: at(95)}
}

// sums counts facts in all the ways that Figures shows.
type sums struct {
	total                                       Count
	bodies, languages, modes, provinces, months map[string]Count
	grid                                        Grid
	waits                                       map[mediation.Kind][]time.Duration
}

func newSums() *sums {
	return &sums{
		bodies: map[string]Count{}, languages: map[string]Count{}, modes: map[string]Count{}, provinces: map[string]Count{}, months: map[string]Count{},
		waits: map[mediation.Kind][]time.Duration{},
	}
}

func (s *sums) add(f fact) {
	s.total = s.total.with(f)
	s.bodies[f.member] = s.bodies[f.member].with(f)
	s.languages[f.language] = s.languages[f.language].with(f)
	s.modes[string(f.mode)] = s.modes[string(f.mode)].with(f)
	s.months[f.month] = s.months[f.month].with(f)
	s.provinces[f.province] = s.provinces[f.province].with(f)
	cell := &s.grid[(int(f.at.Weekday())+6)%7][f.at.Hour()]
	cell.Requests++
	if f.became == unmet {
		cell.Unmet++
	}
	if f.wait >= 0 {
		s.waits[f.kind] = append(s.waits[f.kind], f.wait)
	}
}

func (s *sums) figures() Figures {
	f := Figures{
		Total: s.total, Bodies: lines(s.bodies), Languages: lines(s.languages), Modes: lines(s.modes), Provinces: lines(s.provinces), Months: lines(s.months),
		Grid: s.grid, OnCall: waitOf(s.waits[mediation.OnCall]), Scheduled: waitOf(s.waits[mediation.Scheduled]),
	}
	slices.SortFunc(f.Months, func(a, b Line) int { return cmp.Compare(a.Of, b.Of) })
	return f
}

// lines puts first what was asked for most.
func lines(counted map[string]Count) []Line {
	list := make([]Line, 0, len(counted))
	for of, n := range counted {
		list = append(list, Line{Of: of, Count: n})
	}
	slices.SortFunc(list, func(a, b Line) int { return cmp.Or(cmp.Compare(b.Requests, a.Requests), cmp.Compare(a.Of, b.Of)) })
	return list
}
