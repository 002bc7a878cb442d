// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"maps"
	"slices"
	"time"

	"approdo/internal/domain/mediation/assign"
	"approdo/internal/kit/calendar"
)

// Seat is one place of a request for which a mediator is wanted, with what the body that asks finds important.
type Seat struct {
	Request Request
	Number  int
	Weights Weights
}

// Load is what is shared out together: seats, of one body or of several, with everybody who could take each.
// Costs are points that a choice lacks to a perfect one, as Score counts them.
type Load struct {
	Now   time.Time
	Seats []Seat

	hands   []hand
	byID    map[string]int
	problem assign.Problem
	judged  []map[int]judged // by seat, by hand
	room    map[string]int   // minutes that several choices draw from, by the name of what they are
}

// hand is a mediator with what they have to do already.
type hand struct {
	Candidate
	work []Engagement // scratch
}

// judged is what a hand lacks for a seat, without what depends on their other work.
type judged struct {
	lacks int
	quota int // of the language of the seat
	why   Why
	draws []string // what the minutes are drawn from, by name
}

// unmetLacks is what it costs that nobody comes: as much as ten choices that could not be worse.
const unmetLacks = 10_000

// Limit says how many minutes a body has left in the month of an instant.
func (l *Load) Limit(member string, at time.Time, minutes int) {
	l.limit(roomOf(member, monthOf(at)), minutes)
}

func (l *Load) limit(name string, minutes int) {
	if l.room == nil {
		l.room = map[string]int{}
	}
	l.room[name] = minutes
}

// roomOf names the hours of a month.
func roomOf(name string, month calendar.Day) string { return name + " " + month.String() }

// Add adds a seat with the candidates for its request. Their engagements must be those of all days and
// weeks of the load, and their minutes those of the contract; both are read from the first time that
// somebody is a candidate.
func (l *Load) Add(s Seat, candidates []Candidate) {
	if l.byID == nil {
		l.byID = map[string]int{}
	}
	task := assign.Task{From: s.Request.Slot.Start.Unix(), To: s.Request.Slot.End.Unix(), Unmet: unmetLacks}
	seat := map[int]judged{}
	for _, c := range candidates {
		c.Worked = workedWith(c, s.Request.Slot)
		if Barred(l.Now, s.Request, c) != nil {
			continue
		}
		at, known := l.byID[c.Mediator.ID]
		if !known {
			at = len(l.hands)
			l.byID[c.Mediator.ID] = at
			l.hands = append(l.hands, hand{Candidate: c})
		}
		why := planned(s, c)
		j := judged{why: why, lacks: 1000 - why.Score, quota: c.Quota, draws: l.drawn(s.Request, c)}
		for _, p := range why.Parts {
			if p.Name == partFairness {
				j.lacks -= p.Most - p.Points
			}
		}
		if c.Loan.Last {
			j.lacks += 1000 // after one's own
		}
		seat[at] = j
		task.Able = append(task.Able, at)
	}
	l.Seats = append(l.Seats, s)
	l.judged = append(l.judged, seat)
	l.problem.Tasks = append(l.problem.Tasks, task)
}

// planned is why somebody is chosen by a plan.
func planned(s Seat, c Candidate) Why {
	why := Score(s.Request, s.Weights, c)
	why.By, why.From, why.Under = ByPlan, c.Loan.From, c.Loan.Under
	return why
}

// drawn names what a choice takes minutes from: the hours of the body that asks, and those that the other
// body lends. What has no end is not named.
func (l *Load) drawn(r Request, c Candidate) []string {
	month := monthOf(r.Slot.Start)
	var names []string
	if own := roomOf(r.Member, month); l.room != nil {
		if _, ends := l.room[own]; ends {
			names = append(names, own)
		}
	}
	for _, limit := range c.Loan.caps {
		name := roomOf(limit.name, month)
		l.limit(name, limit.limit-limit.drawn[month])
		names = append(names, name)
	}
	return names
}

// workedWith are the minutes of the day and the week of a slot, as the engagements of a candidate say.
func workedWith(c Candidate, s Slot) Worked {
	rome := calendar.Rome()
	day := calendar.DayOf(s.Start, rome)
	week := weekOf(day)
	w := Worked{Contract: c.Worked.Contract}
	for _, e := range c.Engagements {
		d := calendar.DayOf(e.Slot.Start, rome)
		if d == day {
			w.Day += e.Slot.Minutes()
		}
		if weekOf(d) == week {
			w.Week += e.Slot.Minutes()
		}
	}
	return w
}

// weekOf is the Monday of a day.
func weekOf(d calendar.Day) calendar.Day { return d - calendar.Day((int(d.Weekday())+6)%7) }

// Problem is the load as package assign sees it.
func (l *Load) Problem() assign.Problem {
	p := l.problem
	p.Workers = len(l.hands)
	p.Cost = l.cost
	return p
}

// cost is what a mediator lacks who takes several seats: what they lack for each, and their fair share,
// counted at half of what the others add. They can't when they would be late, or work too much.
func (l *Load) cost(worker int, tasks []int) (int64, bool) {
	h := &l.hands[worker]
	minutes := 0
	for _, t := range tasks {
		minutes += l.Seats[t].Request.Slot.Minutes()
	}
	sum := 0
	for _, t := range tasks {
		own := l.Seats[t].Request.Slot.Minutes()
		j, weight := l.judged[t][worker], l.Seats[t].Weights.Fairness
		sum += j.lacks + weight*10 - points(weight, fairness(j.quota, h.Given+(minutes-own)/2))
	}
	return int64(sum), len(tasks) == 1 || l.can(h, tasks, minutes)
}

// can says whether a mediator can take several seats: Barred has looked at each alone.
func (l *Load) can(h *hand, tasks []int, minutes int) bool {
	if limit := h.Mediator.Limits.ContractMinutes; limit > 0 && h.Worked.Contract+minutes > limit {
		return false
	}
	h.work = append(h.work[:0], h.Engagements...)
	for _, t := range tasks {
		r := l.Seats[t].Request
		h.work = append(h.work, Engagement{Booking: r.ID, Slot: r.Slot, Mode: r.Mode, Place: r.Place})
	}
	if l := h.Mediator.Limits; l.DayMinutes > 0 || l.WeekMinutes > 0 {
		c := Candidate{Engagements: h.work}
		for _, e := range h.work[len(h.work)-len(tasks):] {
			w := workedWith(c, e.Slot)
			if l.DayMinutes > 0 && w.Day > l.DayMinutes || l.WeekMinutes > 0 && w.Week > l.WeekMinutes {
				return false
			}
		}
	}
	return fits(h.Mediator.Home, h.work)
}

// Choice is who takes a seat, and why.
type Choice struct {
	Seat     Seat
	Mediator Mediator // without identifier when nobody comes
	Why      Why
	Tight    bool // nobody comes because no hours are left of those that a body has or lends
}

// Shared is one way to share out a load.
type Shared struct {
	Choices []Choice
	Met     int
	Score   int           // points of all choices, a thousand each at most
	Lacks   int           // points, in all
	Way     time.Duration // on the way, of all
	Cents   int64         // what the hours cost
}

// Share shares out the load in two ways: as if desks asked one after the other, and all together, which is
// never worse. Bound is what no way lacks less than.
func (l *Load) Share(ctx context.Context, rounds int) (greedy, best Shared, bound int) {
	p := l.Problem()
	one, tight := l.within(p, assign.Greedy(p))
	all, tightly := l.within(p, assign.Best(ctx, p, rounds))
	if one.Cost < all.Cost {
		all, tightly = one, tight
	}
	return l.shared(one, tight), l.shared(all, tightly), int(assign.Bound(p))
}

// within keeps a plan to the hours that bodies have and lend. tight are the seats that nobody takes because
// none are left.
func (l *Load) within(p assign.Problem, plan assign.Plan) (kept assign.Plan, tight map[int]bool) {
	if len(l.room) == 0 {
		return plan, nil
	}
	room := maps.Clone(l.room)
	tight = map[int]bool{}
	kept = assign.Within(p, plan, func(task, worker int) bool {
		minutes, names := l.Seats[task].Request.Slot.Minutes(), l.judged[task][worker].draws
		if slices.ContainsFunc(names, func(name string) bool { return room[name] < minutes }) {
			tight[task] = true
			return false
		}
		for _, name := range names {
			room[name] -= minutes
		}
		return true
	})
	return kept, tight
}

func (l *Load) shared(plan assign.Plan, tight map[int]bool) Shared {
	s := Shared{Lacks: int(plan.Cost), Met: len(l.Seats) - plan.Unmet}
	mine := map[int][]Engagement{}
	for t, w := range plan.Worker {
		c := Choice{Seat: l.Seats[t]}
		if w != assign.Nobody {
			r := c.Seat.Request
			c.Mediator, c.Why = l.hands[w].Mediator, l.judged[t][w].why
			s.Score += c.Why.Score
			s.Cents += c.Mediator.Rate(r.Mode) * int64(r.Slot.Minutes()) / 60
			mine[w] = append(mine[w], Engagement{Booking: r.ID, Slot: r.Slot, Mode: r.Mode, Place: r.Place})
		} else {
			c.Tight = tight[t]
		}
		c.Why.Of = len(l.problem.Tasks[t].Able)
		s.Choices = append(s.Choices, c)
	}
	for w, list := range mine {
		h := l.hands[w]
		s.Way += wayOf(h.Mediator.Home, slices.Concat(h.Engagements, list)) - wayOf(h.Mediator.Home, h.Engagements)
	}
	return s
}

// wayOf is the time on the way, and waiting for the next engagement, that engagements take.
func wayOf(home Place, list []Engagement) time.Duration {
	claims, _ := Layout(home, list)
	way := time.Duration(0)
	for _, c := range claims {
		if c.Travel {
			way += Quantum
		}
	}
	return way
}
