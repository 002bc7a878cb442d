// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
)

// policy is a way to choose.
type policy struct {
	name    string
	weights mediation.Weights
	batch   bool // scheduled requests of a day are shared out together, two evenings before
}

func policies() []policy {
	usual := mediation.UsualRules().Weights
	unfair := usual
	unfair.Distance, unfair.Cost, unfair.Fairness = usual.Distance+15, usual.Cost+10, 0
	return []policy{{name: "greedy", weights: unfair}, {name: "fair", weights: usual}, {name: "batch", weights: usual, batch: true}}
}

// hand is a mediator in the year.
type hand struct {
	mediation.Mediator
	off     []mediation.Exception
	work    []mediation.Engagement // by their beginning
	minutes [daysOfYear + 120]int  // booked, by day of the year
	lately  int                    // of the last ninety days and of the days to come
	present float64
}

// simulation is a year that goes by.
type simulation struct {
	*region
	policy
	dice     *rand.Rand
	hands    []hand
	speakers map[string][]int
	before   map[string]map[string]bool // by body and code
	today    calendar.Day
	calls    []called // bookings to be called off, by when
	index    map[string]int
	rounds   int
	plans    plans
	late     []asked
	score    int
	pool     map[calendar.Day][]asked
	out      outcome
	waits    []time.Duration
	counts   map[mediation.Kind]*[3]int // met, asked, cancelled
	changed  int
	cents    int64
	scores   int
}

// called is a booking that the desk will call off.
type called struct {
	at      time.Time
	hand    int
	request mediation.Request
}

func newSimulation(r *region, p policy) *simulation {
	s := &simulation{region: r, policy: p, dice: rand.New(rand.NewPCG(uint64(r.of("seed")), 2)), speakers: r.speakers(), // #nosec G404 -- a simulation
		before: map[string]map[string]bool{}, index: map[string]int{}, rounds: r.count("plan_rounds"), pool: map[calendar.Day][]asked{}, today: year - 90, counts: map[mediation.Kind]*[3]int{mediation.OnCall: {}, mediation.Scheduled: {}}}
	for i, m := range r.mediators {
		s.hands = append(s.hands, hand{Mediator: m, off: r.absences[i : i+1]})
		s.index[m.ID] = i
	}
	s.presence()
	return s
}

// simulate lets a year go by.
func simulate(ctx context.Context, r *region, list []asked, p policy) outcome {
	began := time.Now()
	s := newSimulation(r, p)
	for _, a := range list {
		s.pass(ctx, a.at)
		switch {
		case a.Kind == mediation.OnCall:
			s.call(a)
		case s.batch && calendar.DayOf(a.Slot.Start, calendar.Rome())-2 >= s.today && a.at.Before(evening(calendar.DayOf(a.Slot.Start, calendar.Rome())-2)):
			day := calendar.DayOf(a.Slot.Start, calendar.Rome())
			s.pool[day] = append(s.pool[day], a)
		default:
			s.book(a)
		}
	}
	s.pass(ctx, list[len(list)-1].at.AddDate(0, 2, 0))
	s.finish(len(list))
	s.out.Seconds = time.Since(began).Seconds()
	return s.out
}

// evening is when the plan of a day is made.
func evening(d calendar.Day) time.Time { return calendar.Earliest(d, 20*60, calendar.Rome()) }

// pass lets time go by until at: days begin, bookings are called off, plans are made.
func (s *simulation) pass(ctx context.Context, at time.Time) {
	for {
		next := evening(s.today)
		for len(s.calls) > 0 && !s.calls[0].at.After(at) && !s.calls[0].at.After(next) {
			c := s.calls[0]
			s.calls = s.calls[1:]
			s.drop(c.hand, c.request)
		}
		if next.After(at) {
			return
		}
		if s.batch {
			s.plan(ctx, s.today+2, next)
		}
		s.today++
		for i := range s.hands {
			if gone := int(s.today - year - 91); gone >= 0 && gone < len(s.hands[i].minutes) {
				s.hands[i].lately -= s.hands[i].minutes[gone]
			}
		}
		if s.today%7 == 0 {
			s.presence()
		}
	}
}

// presence counts of which share of the last ninety days each mediator was there, as the program does.
func (s *simulation) presence() {
	for i := range s.hands {
		away := 0.0
		from, to := calendar.Earliest(s.today-90, 0, calendar.Rome()), calendar.Earliest(s.today, 0, calendar.Rome())
		for _, e := range s.hands[i].off {
			if part, some := e.Slot.Interval().Intersect(calendar.Interval{From: from, To: to}); some {
				away += part.Duration().Hours() / 24
			}
		}
		s.hands[i].present = 1 - away/90
	}
}

// candidates are who speaks the language of a request, with what the program would read of each.
func (s *simulation) candidates(r mediation.Request, from, to time.Time) []mediation.Candidate {
	able := s.speakers[r.Language]
	list := make([]mediation.Candidate, 0, len(able))
	total, present := 0, 0.0
	for _, i := range able {
		total += s.hands[i].lately
		present += s.hands[i].present
	}
	day := calendar.DayOf(r.Slot.Start, calendar.Rome()) - year
	monday := day - day%7 // the year begins on a Monday
	known := s.before[r.Member+"/"+r.Code]
	rome := r.Slot.Start.In(calendar.Rome())
	weekday, clock := rome.Weekday(), calendar.Clock(60*rome.Hour()+rome.Minute())
	for _, i := range able {
		h := &s.hands[i]
		if !slices.Contains(h.Modes, r.Mode) || r.Gender != "" && r.Gender != h.Gender || !h.about(weekday, from, to, clock) {
			continue // most of those whom Barred would bar: it judges the others
		}
		c := mediation.Candidate{Mediator: h.Mediator, Exceptions: h.off, Engagements: h.near(from, to), Given: h.lately, Evaluation: -1, Before: known[h.ID]}
		if present > 0 {
			c.Quota = int(float64(total) * h.present / present)
		}
		c.Worked.Day = h.minutes[day]
		for d := monday; d < monday+7; d++ {
			c.Worked.Week += h.minutes[d]
		}
		list = append(list, c)
	}
	return list
}

// about says whether somebody may work, and be free, at an hour of a day.
func (h *hand) about(day time.Weekday, from, to time.Time, at calendar.Clock) bool {
	if !slices.ContainsFunc(h.Hours, func(w mediation.Weekly) bool { return w.Weekday == day && w.From <= at && at < w.To }) {
		return false
	}
	return len(h.off) == 0 || !h.off[0].Slot.Overlaps(mediation.Slot{Start: from, End: to}) || to.Sub(from) > 24*time.Hour
}

// near are the engagements within two days of [from, to).
func (h *hand) near(from, to time.Time) []mediation.Engagement {
	first, _ := slices.BinarySearchFunc(h.work, from.Add(-48*time.Hour), func(e mediation.Engagement, t time.Time) int { return e.Slot.Start.Compare(t) })
	last, _ := slices.BinarySearchFunc(h.work, to.Add(48*time.Hour), func(e mediation.Engagement, t time.Time) int { return e.Slot.Start.Compare(t) })
	return h.work[first:last:last]
}

// give books a mediator.
func (s *simulation) give(i int, r mediation.Request) {
	h := &s.hands[i]
	e := mediation.Engagement{Booking: r.ID, Slot: r.Slot, Mode: r.Mode, Place: r.Place}
	at, _ := slices.BinarySearchFunc(h.work, e.Slot.Start, func(o mediation.Engagement, t time.Time) int { return o.Slot.Start.Compare(t) })
	h.work = slices.Insert(h.work, at, e)
	h.add(e.Slot, 1)
	s.cents += h.Rate(r.Mode) * int64(r.Slot.Minutes()) / 60
	key := r.Member + "/" + r.Code
	if s.before[key] == nil {
		s.before[key] = map[string]bool{}
	}
	s.before[key][h.ID] = true
}

func (h *hand) add(slot mediation.Slot, sign int) {
	h.minutes[calendar.DayOf(slot.Start, calendar.Rome())-year] += sign * slot.Minutes()
	h.lately += sign * slot.Minutes()
}

// drop gives a mediator the time back.
func (s *simulation) drop(i int, r mediation.Request) {
	h := &s.hands[i]
	h.work = slices.DeleteFunc(h.work, func(e mediation.Engagement) bool { return e.Booking == r.ID })
	h.add(r.Slot, -1)
	s.cents -= h.Rate(r.Mode) * int64(r.Slot.Minutes()) / 60
}

// taken counts a meeting that somebody comes to; the desk may call it off a day before.
func (s *simulation) taken(i int, a asked, why mediation.Why) {
	s.give(i, a.Request)
	s.scores++
	s.score += why.Score
	if !a.cancelled {
		s.counts[mediation.Scheduled][0]++
		return
	}
	c := called{at: a.Slot.Start.Add(-24 * time.Hour), hand: i, request: a.Request}
	at, _ := slices.BinarySearchFunc(s.calls, c.at, func(o called, t time.Time) int { return o.at.Compare(t) })
	s.calls = slices.Insert(s.calls, at, c)
}

// ask counts a request, and says whether it is one to be counted: those that the desk calls off are not.
func (s *simulation) ask(a asked) {
	s.counts[a.Kind][1]++
	if a.cancelled {
		s.counts[a.Kind][2]++
	}
}

// book gives a scheduled request to the best, or to the next best when somebody who wants to be asked says no.
func (s *simulation) book(a asked) {
	s.ask(a)
	for _, c := range mediation.Rank(a.at, a.Request, s.weights, s.candidates(a.Request, a.Slot.Start, a.Slot.End)) {
		if c.Why.Barred != nil {
			return
		}
		if !c.Candidate.Mediator.Asks || !s.chanced("refuses") {
			s.taken(s.index[c.Candidate.Mediator.ID], a, s.usual(a, c.Candidate))
			return
		}
	}
}

// usual is the score of a choice by the usual weights, so that all policies are measured alike.
func (s *simulation) usual(a asked, c mediation.Candidate) mediation.Why {
	return mediation.Score(a.Request, mediation.UsualRules().Weights, c)
}

func (s *simulation) chanced(name string) bool { return s.dice.Float64() < s.of(name) }

// plan shares out the requests of a day.
func (s *simulation) plan(ctx context.Context, day calendar.Day, now time.Time) {
	pool := s.pool[day]
	delete(s.pool, day)
	if len(pool) == 0 {
		return
	}
	load := mediation.Load{Now: now}
	from, to := calendar.Earliest(day-6, 0, calendar.Rome()), calendar.Earliest(day+7, 0, calendar.Rome())
	for _, a := range pool {
		s.ask(a)
		load.Add(mediation.Seat{Request: a.Request, Weights: s.weights}, s.candidates(a.Request, from, to))
	}
	greedy, best, bound := load.Share(ctx, s.rounds)
	s.plans.add(greedy, best, bound)
	for n, c := range best.Choices {
		if c.Mediator.ID == "" {
			continue
		}
		a := pool[n]
		if c.Mediator.Asks && s.chanced("refuses") {
			again := a
			again.at = now
			s.counts[a.Kind][1]-- // it is asked a second time
			if a.cancelled {
				s.counts[a.Kind][2]--
			}
			s.late = append(s.late, again)
			continue
		}
		i := s.index[c.Mediator.ID]
		if candidate, could := s.candidateOf(i, a.Request); could {
			s.taken(i, a, s.usual(a, candidate))
		}
	}
	for _, a := range s.late {
		s.book(a)
	}
	s.late = s.late[:0]
}

// candidateOf is one who can come in the mode of the request.
func (s *simulation) candidateOf(i int, r mediation.Request) (c mediation.Candidate, could bool) {
	for _, c := range s.candidates(r, r.Slot.Start, r.Slot.End) {
		if c.Mediator.ID == s.hands[i].ID {
			return c, true
		}
	}
	return c, false
}

// call sends out waves until somebody accepts.
func (s *simulation) call(a asked) {
	s.ask(a)
	rules := mediation.UsualRules()
	passed := time.Duration(s.of("gateway_seconds") * float64(time.Second))
	offered := map[string]bool{}
	first := true
	for _, link := range mediation.Chain(a.Mode, rules) {
		if link.Others {
			break // one roster
		}
		r := a.Request
		r.Mode = link.Mode
		for _, wave := range rules.Waves {
			if wave.To == mediation.ToResidents {
				continue // nobody is resident: the program goes on at once
			}
			now := a.at.Add(passed)
			start := now.Add(mediation.Quantum - 1).Truncate(mediation.Quantum)
			r.Slot = mediation.Slot{Start: start, End: start.Add(a.Slot.End.Sub(a.Slot.Start))}
			reached, accepted, refused := 0, answer{}, time.Duration(0)
			for _, c := range mediation.Rank(now, r, s.weights, s.candidates(r, r.Slot.Start, r.Slot.End)) {
				if key := c.Candidate.Mediator.ID + string(r.Mode); c.Why.Barred == nil && (wave.Size == 0 || reached < wave.Size) && !offered[key] {
					offered[key] = true
					reached++
					said := s.answers(r.Mode)
					switch {
					case said.yes && (!accepted.yes || said.after < accepted.after):
						accepted = said
						accepted.hand = s.index[c.Candidate.Mediator.ID]
					case !said.yes:
						refused = max(refused, said.after)
					}
				}
			}
			if reached == 0 {
				continue
			}
			// An offer that a later wave overtakes is still good; to be simple, and strict, it is not here.
			if accepted.yes && accepted.after < wave.Wait {
				s.accepted(a, r, accepted, passed, !first)
				return
			}
			passed += min(wave.Wait, max(refused, time.Second))
			if refused < never {
				continue // everybody said no: the next wave goes out at once
			}
		}
		first = false
	}
}

// answer is what one mediator does about an offer.
type answer struct {
	yes   bool
	after time.Duration
	hand  int
}

const never = 24 * time.Hour

func (s *simulation) answers(m mediation.Mode) answer {
	share := "answer_share"
	if m == mediation.InPerson {
		share = "answer_share_in_person"
	}
	if !s.chanced(share) {
		return answer{after: never}
	}
	seconds := s.of("answer_median_seconds") * math.Exp(s.dice.NormFloat64()*s.of("answer_sigma"))
	return answer{yes: s.chanced("answer_yes"), after: time.Duration(seconds * float64(time.Second))}
}

// accepted books whoever accepted, from then on, with the way.
func (s *simulation) accepted(a asked, r mediation.Request, by answer, passed time.Duration, changed bool) {
	start := a.at.Add(passed + by.after + mediation.Quantum - 1).Truncate(mediation.Quantum)
	if r.Mode == mediation.InPerson {
		start = start.Add(mediation.Way(s.hands[by.hand].Home, r.Place))
	}
	r.Slot = mediation.Slot{Start: start, End: start.Add(r.Slot.End.Sub(r.Slot.Start))}
	if c, could := s.candidateOf(by.hand, r); !could || mediation.Barred(a.at.Add(passed+by.after), r, c) != nil {
		return // the way takes them into what they have to do next
	}
	s.give(by.hand, r)
	s.counts[mediation.OnCall][0]++
	s.waits = append(s.waits, passed+by.after)
	if changed {
		s.changed++
	}
}
