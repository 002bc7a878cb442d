// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/geo"
)

// year is the first day of the year that is simulated: a Monday.
var year, _ = calendar.NewDay(2027, 1, 4)

const daysOfYear = 364

// tongues are the languages, from the most asked for on. Which language is which says nothing about any
// place: they are names for ranks.
var tongues = []string{"ar", "fr", "en", "ro", "bn", "sq", "zh", "uk", "ur", "es", "tl", "ti", "so", "wo", "pa", "hi", "fa", "tr", "ru", "pl", "bg", "pt", "am",
	"ku", "ps", "sw", "ha", "ff", "bm", "mnk", "bin", "pcm", "yo", "ig", "ak", "si", "ta", "vi", "ka", "sr", "mk", "hr", "hu", "ml", "ne"}

// desk is an office that asks.
type desk struct {
	body  string
	place mediation.Place
}

// asked is a request with what the generator knows about it and the program does not.
type asked struct {
	mediation.Request
	at        time.Time // when it is asked for
	cancelled bool
	absent    bool
}

// region is what is simulated.
type region struct {
	parameters
	dice      *rand.Rand
	towns     []mediation.Place
	mediators []mediation.Mediator
	absences  []mediation.Exception // of each mediator
	desks     []desk
}

// zipf draws ranks from 0 to n-1.
type zipf []float64

func newZipf(n int, exponent float64) zipf {
	z, sum := make(zipf, n), 0.0
	for i := range z {
		sum += math.Pow(float64(i+1), -exponent)
		z[i] = sum
	}
	for i := range z {
		z[i] /= sum
	}
	return z
}

func (z zipf) draw(dice *rand.Rand) int {
	i, _ := slices.BinarySearch(z, dice.Float64())
	return min(i, len(z)-1)
}

// makeRegion makes roster and desks.
func makeRegion(p parameters, code string) *region {
	r := &region{parameters: p, dice: rand.New(rand.NewPCG(uint64(p.of("seed")), 1))} // #nosec G404 -- a simulation
	r.towns = towns(code, p.count("towns"))
	town, speech := newZipf(len(r.towns), p.of("town_exponent")), newZipf(min(p.count("languages"), len(tongues)), p.of("supply_exponent"))
	for i := range p.count("desks") {
		d := desk{body: fmt.Sprintf("body-%02d", i%p.count("bodies")), place: r.towns[town.draw(r.dice)]}
		d.place.Name = fmt.Sprintf("Sportello %d", i+1)
		r.desks = append(r.desks, d)
	}
	for i := range p.count("mediators") {
		m := r.mediator(i, r.towns[town.draw(r.dice)], speech)
		r.mediators = append(r.mediators, m)
		from := year + calendar.Day(r.dice.IntN(daysOfYear))
		r.absences = append(r.absences, mediation.Exception{Mediator: m.ID, Source: mediation.Own, Slot: mediation.Slot{
			Start: calendar.Earliest(from, 0, calendar.Rome()), End: calendar.Earliest(from+calendar.Day(7*p.of("absent_weeks")), 0, calendar.Rome()),
		}})
	}
	return r
}

// towns are comuni of a region: the centre of each province and what lies near it, by turns.
func towns(code string, n int) []mediation.Place {
	t := network.Territories()
	byProvince := map[string][]network.Comune{}
	for _, c := range t.Comuni() {
		if c.Region == code {
			byProvince[c.Province] = append(byProvince[c.Province], c)
		}
	}
	type near struct {
		network.Comune
		rank  int
		point geo.Point
	}
	var list []near
	for _, p := range t.Provinces() {
		all := byProvince[p.Sigla]
		if len(all) == 0 {
			continue
		}
		// The chief town has the first code of its province.
		slices.SortFunc(all, func(a, b network.Comune) int { return cmp.Compare(a.ISTAT, b.ISTAT) })
		chief := slices.IndexFunc(all, func(c network.Comune) bool { return c.Name == p.Name })
		chief = max(chief, 0)
		centre, _, _ := t.PointOf(all[chief])
		var mine []near
		for _, c := range all {
			point, _, ok := t.PointOf(c)
			if ok {
				mine = append(mine, near{Comune: c, point: point})
			}
		}
		slices.SortFunc(mine, func(a, b near) int {
			return cmp.Compare(geo.Distance(a.point, centre), geo.Distance(b.point, centre))
		})
		for i := range mine {
			mine[i].rank = i
		}
		list = append(list, mine...)
	}
	slices.SortStableFunc(list, func(a, b near) int { return a.rank - b.rank })
	var places []mediation.Place
	for _, c := range list[:min(n, len(list))] {
		places = append(places, mediation.Place{Comune: c.ISTAT, Point: c.point})
	}
	return places
}

func (r *region) chance(name string) bool { return r.dice.Float64() < r.of(name) }

func (r *region) mediator(i int, home mediation.Place, speech zipf) mediation.Mediator {
	m := mediation.Mediator{
		ID: fmt.Sprintf("mediator-%03d", i), Member: "list", Section: mediation.MediatorSection, Standing: mediation.Listed, Name: fmt.Sprintf("Mediatrice %d Esempio", i+1),
		Gender: "f", Home: home, Limits: mediation.Limits{DayMinutes: 6 * 60, WeekMinutes: 30 * 60}, Asks: r.chance("asks"),
		Since: calendar.Earliest(year-400, 0, calendar.Rome()), Range: 20 + r.dice.IntN(80),
	}
	if r.dice.Float64() < 0.4 {
		m.Gender = "m"
	}
	for len(m.Languages) == 0 || len(m.Languages) < 4 && r.dice.Float64() > 1/r.of("languages_each") {
		code := tongues[speech.draw(r.dice)]
		if _, known := m.Speaks(code); !known {
			m.Languages = append(m.Languages, mediation.Language{Code: code, Level: mediation.Levels[r.dice.IntN(4)], Written: r.dice.IntN(3) > 0})
		}
	}
	for _, s := range mediation.Skills {
		if r.chance("skill") {
			m.Skills = append(m.Skills, mediation.Skill{Code: s})
		}
	}
	for _, mode := range []mediation.Mode{mediation.InPerson, mediation.Video, mediation.Phone} {
		if r.chance(string(mode)) {
			m.Modes = append(m.Modes, mode)
			m.Rates = append(m.Rates, mediation.Rate{Mode: mode, Cents: int64(22_00 + 50*r.dice.IntN(20))})
		}
	}
	if len(m.Modes) == 0 {
		m.Modes = []mediation.Mode{mediation.Phone}
	}
	morning, afternoon := !r.chance("half_time"), true
	if !morning {
		morning = r.dice.IntN(2) == 0
		afternoon = !morning
	}
	evening := r.chance("evening")
	for d := time.Sunday; d <= time.Saturday; d++ {
		switch weekend := d == time.Sunday || d == time.Saturday; {
		case evening:
			m.Hours = append(m.Hours, mediation.Weekly{Weekday: d, From: 7 * 60, To: 22 * 60, Holidays: true})
		case weekend:
		default:
			if morning {
				m.Hours = append(m.Hours, mediation.Weekly{Weekday: d, From: 8 * 60, To: 13 * 60})
			}
			if afternoon {
				m.Hours = append(m.Hours, mediation.Weekly{Weekday: d, From: 14 * 60, To: 19 * 60})
			}
		}
	}
	return m
}

// byHour is how many requests begin in each hour of a day, of those of a day: when offices are open.
var byHour = []float64{0, 0, 0, 0, 0, 0, 0, 1, 6, 14, 16, 15, 9, 4, 6, 9, 9, 6, 3, 1, .5, .3, .1, 0}

// requests are those of the year, in the order in which they are asked for.
func (r *region) requests() []asked {
	speech := newZipf(min(r.count("languages"), len(tongues)), r.of("language_exponent"))
	hours := make(zipf, len(byHour))
	sum := 0.0
	for i, share := range byHour {
		sum += share
		hours[i] = sum
	}
	for i := range hours {
		hours[i] /= sum
	}
	list := make([]asked, 0, r.count("requests"))
	for len(list) < cap(list) {
		day := year + calendar.Day(r.dice.IntN(daysOfYear))
		_, holiday := calendar.HolidayOn(day)
		if w := day.Weekday(); (holiday || w == time.Saturday || w == time.Sunday) && r.dice.Float64() < 0.93 {
			continue // few desks are open then
		}
		start := calendar.Earliest(day, calendar.Clock(60*hours.draw(r.dice)+5*r.dice.IntN(12)), calendar.Rome())
		list = append(list, r.request(len(list), start, tongues[speech.draw(r.dice)]))
	}
	slices.SortStableFunc(list, func(a, b asked) int { return a.at.Compare(b.at) })
	return list
}

func (r *region) request(i int, start time.Time, language string) asked {
	d := r.desks[r.dice.IntN(len(r.desks))]
	a := asked{at: start, Request: mediation.Request{
		ID: fmt.Sprintf("request-%06d", i), Kind: mediation.OnCall, Member: d.body, Language: language, Mode: mediation.Phone, Place: d.place, Seats: 1,
		Code: fmt.Sprintf("N-%06d", i),
	}}
	minutes, most, least := r.of("on_call_minutes"), 60, 10
	if r.chance("on_call") {
		switch {
		case r.chance("on_call_in_person"):
			a.Mode = mediation.InPerson
		case r.dice.Float64() < 0.2:
			a.Mode = mediation.Video
		}
	} else {
		a.Kind = mediation.Scheduled
		minutes, most, least = r.of("scheduled_minutes"), 180, 30
		switch {
		case r.chance("scheduled_in_person"):
			a.Mode = mediation.InPerson
		case r.dice.Float64() < 0.6:
			a.Mode = mediation.Video
		}
		lead := min(max(2+r.dice.ExpFloat64()*(r.of("lead_days")-2), 2), 42)
		a.at = start.Add(-time.Duration(lead * 24 * float64(time.Hour)))
		a.cancelled, a.absent = r.chance("cancelled"), r.chance("user_absent")
		if r.chance("returning") {
			a.Code = fmt.Sprintf("R-%s-%d", language, r.dice.IntN(200))
		}
	}
	long := min(max(int(minutes*(0.5+r.dice.ExpFloat64()/2)/5)*5, least), most)
	a.Slot = mediation.Slot{Start: start, End: start.Add(time.Duration(long) * time.Minute)}
	if r.chance("skill") {
		a.Skills = []string{mediation.Skills[r.dice.IntN(len(mediation.Skills))]}
	}
	if r.chance("gender") {
		a.Gender = "f"
	}
	return a
}
