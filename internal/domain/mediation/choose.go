// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/geo"
)

// Candidate is a mediator with what the choice has to know besides the roster.
type Candidate struct {
	Mediator   Mediator
	Exceptions []Exception
	// Engagements are those of the days around the request, of any body.
	Engagements []Engagement
	// Worked are the minutes of the day, of the week and of the contract that are booked already.
	Worked Worked
	// Quota is how much the mediator should have been given by now, and Given how much they were, in
	// minutes: fairness is the difference. Of new and of absent mediators Quota is that of the time
	// they were there, so nobody is flooded with all the hours they missed.
	Quota, Given int
	// Before says that this mediator was at the last session of the same case or person.
	Before bool
	// Evaluation is the mean from 0 to 1, negative when there are too few.
	Evaluation float64
	// Loan is what stands between them and the body that asks, when another answers for them.
	Loan Loan
	// diary is all they have to do from before the time over which hours are shared out.
	diary diary
}

// engage makes Engagements those of the diary that matter for any slot within s. The diary is read only.
func (c *Candidate) engage(s Slot) {
	c.Engagements = c.diary.between(s.Start.Add(-around), s.End.Add(around))
}

// Worked are booked minutes.
type Worked struct{ Day, Week, Contract int }

// Why says why a mediator was chosen, or could not be: for people to read, so codes and numbers with
// words in the catalogue.
type Why struct {
	Score  int      `json:"score"`           // from 0 to 1000
	Parts  []Part   `json:"parts,omitempty"` // what it is made of
	Barred []string `json:"barred,omitempty"`
	By     string   `json:"by,omitempty"`    // ByName or ByAnswer; "" when the score chose
	Of     int      `json:"of,omitempty"`    // how many could have come
	From   string   `json:"from,omitempty"`  // the body that lends them, when it is another,
	Under  string   `json:"under,omitempty"` // and the agreement, or UnderCommonList
	Missed Slot     `json:"missed,omitzero"` // which the desk moved when calling it off was not free any more
	Costs  *Costs   `json:"costs,omitempty"` // as the rules were when it was booked
}

// Part is one part of a score: Points of the at most Most that its weight allows.
type Part struct {
	Name   string `json:"name"`
	Points int    `json:"points"`
	Most   int    `json:"most"`
}

// Ranked is a candidate with a verdict.
type Ranked struct {
	Candidate Candidate
	Why       Why
}

// Reasons why a mediator can't be chosen at all, in the order in which they are looked at. Words for
// them stand in the catalogue under mediation.barred.
const (
	BarredStanding = "standing" // is not listed
	BarredLanguage = "language"
	BarredMode     = "mode"
	BarredGender   = "gender"
	BarredSkill    = "skill"
	BarredExcluded = "excluded" // the desk said not this one
	BarredConflict = "conflict" // of interest with the body
	BarredArea     = "area"
	BarredHours    = "hours"  // does not work then
	BarredTaken    = "taken"  // is somewhere else, or on the way
	BarredNotice   = "notice" // wants to know earlier
	BarredDay      = "day"    // would work more than agreed in a day,
	BarredWeek     = "week"   // a week,
	BarredContract = "contract"
	// Of mediators of another body:
	BarredAgreement = "agreement" // no agreement between the two bodies is in force
	BarredOthers    = "others"    // the body that asks calls its own only
	BarredLent      = "lent"      // what the other body lends in a month is used up
)

// Barred gives the hard limits that keep a candidate from a request, all of them; none when the
// candidate can come.
func Barred(now time.Time, r Request, c Candidate) []string {
	list := append(barredEver(r, c.Mediator), barredThen(now, r, c)...)
	if bar := c.Loan.bar(r.Slot); bar != "" {
		list = append(list, bar)
	}
	return list
}

// barredEver are the limits that hold whatever the time.
func barredEver(r Request, m Mediator) []string {
	var list []string
	bar := func(bad bool, code string) {
		if bad {
			list = append(list, code)
		}
	}
	day := calendar.DayOf(r.Slot.Start, calendar.Rome())
	spoken, speaks := m.Speaks(r.Language)
	bar(!m.Listed(day), BarredStanding)
	bar(!speaks || (r.Written || r.Mode == Written) && !spoken.Written, BarredLanguage)
	bar(!slices.Contains(m.Modes, r.Mode), BarredMode)
	bar(r.Gender != "" && m.Gender != r.Gender, BarredGender)
	bar(slices.ContainsFunc(r.Skills, func(s string) bool { return !m.Trained(s, day) }), BarredSkill)
	bar(slices.Contains(r.Exclude, m.ID), BarredExcluded)
	bar(slices.Contains(m.Conflicts, r.Member), BarredConflict)
	bar(r.Mode == InPerson && !m.goes(r.Place), BarredArea)
	return list
}

// barredThen are the limits of the time of the request.
func barredThen(now time.Time, r Request, c Candidate) []string {
	var list []string
	bar := func(bad bool, code string) {
		if bad {
			list = append(list, code)
		}
	}
	m := c.Mediator
	atHand := r.Kind == OnCall && m.Available.After(now)
	bar(!atHand && !works(Working(m, c.Exceptions, r.Mode, r.Slot.Start, r.Slot.End), r.Slot), BarredHours)
	bar(!free(m, c.Engagements, r), BarredTaken)
	bar(r.Kind != OnCall && r.Slot.Start.Before(now.Add(m.Limits.Notice)), BarredNotice)
	minutes := r.Slot.Minutes()
	bar(m.Limits.DayMinutes > 0 && c.Worked.Day+minutes > m.Limits.DayMinutes, BarredDay)
	bar(m.Limits.WeekMinutes > 0 && c.Worked.Week+minutes > m.Limits.WeekMinutes, BarredWeek)
	bar(m.Limits.ContractMinutes > 0 && c.Worked.Contract+minutes > m.Limits.ContractMinutes, BarredContract)
	return list
}

// free says whether a request leaves enough time for what a mediator has to do already.
func free(m Mediator, engagements []Engagement, r Request) bool {
	if len(engagements) == 0 {
		return true
	}
	return fits(m.Home, append(slices.Clone(engagements), Engagement{Booking: "new", Slot: r.Slot, Mode: r.Mode, Place: r.Place}))
}

// busy says whether a request comes too soon for a mediator, or would be too much work.
func busy(now time.Time, r Request, m Mediator, w Worked) bool {
	l, minutes := m.Limits, r.Slot.Minutes()
	return r.Kind != OnCall && r.Slot.Start.Before(now.Add(l.Notice)) ||
		l.DayMinutes > 0 && w.Day+minutes > l.DayMinutes || l.WeekMinutes > 0 && w.Week+minutes > l.WeekMinutes ||
		l.ContractMinutes > 0 && w.Contract+minutes > l.ContractMinutes
}

// goes says whether a mediator goes to a place.
func (m Mediator) goes(p Place) bool {
	if m.Range > 0 && m.Home.Known() && p.Known() && geo.Distance(m.Home.Point, p.Point) > float64(m.Range)*1000 {
		return false
	}
	return len(m.Areas) == 0 || slices.ContainsFunc(m.Areas, func(r network.Ref) bool { return network.Territories().Contains(r, p.Comune) })
}

// Score weighs a candidate who can come against what the body finds important.
func Score(r Request, w Weights, c Candidate) Why {
	why := Why{}
	add := func(name string, weight int, share float64) {
		if weight > 0 {
			p := Part{Name: name, Most: weight * 10, Points: points(weight, share)}
			why.Parts = append(why.Parts, p)
			why.Score += p.Points
		}
	}
	continuity := 0.0
	switch {
	case slices.Contains(r.Prefer, c.Mediator.ID):
		continuity = 1
	case c.Before:
		continuity = 0.8
	}
	add("continuity", w.Continuity, continuity)
	distance := 1.0
	if r.Mode == InPerson {
		distance = 1 - Way(c.Mediator.Home, r.Place).Minutes()/120
	}
	add("distance", w.Distance, distance)
	add(partFairness, w.Fairness, fairness(c.Quota, c.Given))
	add("cost", w.Cost, 1-float64(c.Mediator.Rate(r.Mode))/dearest)
	spoken, _ := c.Mediator.Speaks(r.Language)
	add("level", w.Level, 1-float64(slices.Index(Levels, spoken.Level))/float64(len(Levels)))
	evaluation := c.Evaluation
	if evaluation < 0 {
		evaluation = 0.5 // too few to say: neither helps nor harms
	}
	add("evaluation", w.Evaluation, evaluation)
	return why
}

const partFairness = "fairness"

// points are those of a weight of which somebody has a share.
func points(weight int, share float64) int {
	return int(min(max(share, 0), 1)*float64(weight*10) + 0.5)
}

// fairness is half for who was given their quota, more for who was given less.
func fairness(quota, given int) float64 {
	return 0.5 + float64(quota-given)/float64(2*max(quota, 8*60))
}

// dearest is the rate, in cents an hour, at which cost gives no points.
const dearest = 60_00.0

// Rank judges all candidates: those who can come first, those of other bodies after one's own when the
// rules say so, the best before the others, and then those who can't, with the reasons. Equal scores go to
// whoever was given less, then by identifier, so the same question always has the same answer.
func Rank(now time.Time, r Request, w Weights, candidates []Candidate) []Ranked {
	list := make([]Ranked, 0, len(candidates))
	able := 0
	for _, c := range candidates {
		if barred := Barred(now, r, c); barred != nil {
			list = append(list, Ranked{Candidate: c, Why: Why{Barred: barred}})
			continue
		}
		able++
		why := Score(r, w, c)
		why.From, why.Under = c.Loan.From, c.Loan.Under
		list = append(list, Ranked{Candidate: c, Why: why})
	}
	for i := range list {
		list[i].Why.Of = able
	}
	slices.SortFunc(list, better)
	return list
}

// better puts those who can come in the order in which they are chosen.
func better(a, b Ranked) int {
	return cmp.Or(
		cmp.Compare(min(len(a.Why.Barred), 1), min(len(b.Why.Barred), 1)),
		cmp.Compare(lastly(a.Candidate), lastly(b.Candidate)),
		cmp.Compare(b.Why.Score, a.Why.Score),
		cmp.Compare(a.Candidate.Given, b.Candidate.Given),
		strings.Compare(a.Candidate.Mediator.ID, b.Candidate.Mediator.ID))
}

// lastly is 1 for who comes after one's own.
func lastly(c Candidate) int {
	if c.Loan.Last {
		return 1
	}
	return 0
}

// How else than by the best score somebody was chosen.
const (
	ByName     = "name"     // the desk asked for them
	ByAnswer   = "answer"   // was the first to accept
	ByPlan     = "plan"     // the coordinator shared out the requests of some days together
	ByPhone    = "phone"    // said yes on the telephone
	ByProposal = "proposal" // proposed another time that the desk accepted
)
