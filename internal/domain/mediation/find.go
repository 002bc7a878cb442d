// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// FindRequest says what is looked for: Request without a time but with a length, within [From, To).
type FindRequest struct {
	Request  Request
	Minutes  int
	From, To time.Time
	Most     int // how many options at most
	// Mediators are those who are asked for by name; none for all.
	Mediators []string
}

// Option is a time at which the request can be met.
type Option struct {
	Slot Slot
	Best Ranked // who would come
	Able int    // how many could
}

const (
	// step is how far apart the times are that are offered.
	step = 15 * time.Minute
	// farthest is how far ahead one can look at once.
	farthest = 8 * 7 * 24 * time.Hour
	mostADay = 6
)

// Find gives times at which a request can be met, the earliest first, a few of each day: what "find a
// slot" and "already taken: the next best" show. Nothing is held. Faults: Invalid by field;
// access.Missing.
func (u *UseCases) Find(ctx context.Context, actor access.Actor, q FindRequest) ([]Option, error) {
	now := u.Clock()
	r := q.Request
	r.Member, r.Account = actor.Member, actor.Account
	r.Seats = max(r.Seats, 1)
	if err := u.Guard.Check(ctx, actor, "mediation.request.create", r.resource(called{})); err != nil {
		return nil, err
	}
	if err := r.checkNeed(); err != nil {
		return nil, err
	}
	length := time.Duration(q.Minutes) * time.Minute
	if length < Quantum || length > MaxLength || length%Quantum != 0 {
		return nil, fault.Invalid("minutes", "mediation.slot.grain")
	}
	from, to := ceil(later(q.From, now), step), q.To
	if limit := from.Add(farthest); to.After(limit) || to.IsZero() {
		to = limit
	}
	var list []Option
	if err := u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		rules, err := rulesOf(ctx, tx, actor.Member)
		if err != nil {
			return err
		}
		r.Slot = Slot{Start: from, End: from.Add(length)}
		all, err := u.acquaintances(ctx, tx, r, now, from, to)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(c Candidate) bool { return !q.wanted(c) })
		within := Slot{Start: from, End: to}
		if r.Kind == Scheduled {
			within.Start = ceil(later(from, now.Add(rules.Notice)), step)
		}
		list = newSearch(now, r, rules.Weights, all, length, max(q.Most, 1)).run(within)
		return nil
	}); err != nil {
		return nil, err
	}
	if len(list) == 0 && q.To.IsZero() && plainCode(r.Code) {
		return nil, u.lacked(ctx, r)
	}
	return list, nil
}

// OtherTimes are the times from a moment on to which a request can be moved with the mediators that it has: what
// whoever asked for one that is taken is shown. Those that overlap the time it has now are not among them.
// Faults: access.Missing.
func (u *UseCases) OtherTimes(ctx context.Context, actor access.Actor, id string, from time.Time, most int) ([]Option, error) {
	r, err := u.requestFor(ctx, u.DB, actor, "mediation.request.edit", id)
	if err != nil {
		return nil, err
	}
	bookings, err := bookingsOf(ctx, u.DB, id)
	if err != nil {
		return nil, err
	}
	q := FindRequest{Request: r, Minutes: r.Slot.Minutes(), From: from, To: later(from, u.Clock()).Add(farthest), Most: most}
	for _, b := range bookings {
		if b.State == Proposed || b.State == Confirmed {
			q.Mediators = append(q.Mediators, b.Mediator)
		}
	}
	return u.Find(ctx, actor, q)
}

// search looks for times at which a request can be met.
type search struct {
	now    time.Time
	r      Request
	length time.Duration
	most   int
	all    []Candidate // who could come if the time were right, in the order in which they are chosen
	why    []Why       // of each: the same at any time
	today  []worker
	list   []Option
}

// worker is a candidate on a day on which they work.
type worker struct {
	at      int // in all
	working []calendar.Interval
	worked  Worked
	near    []Engagement
}

func newSearch(now time.Time, r Request, w Weights, all []Candidate, length time.Duration, most int) *search {
	s := &search{now: now, r: r, length: length, most: most}
	var ranked []Ranked
	for _, c := range all {
		if c.Loan.Bar == "" && barredEver(r, c.Mediator) == nil {
			why := Score(r, w, c)
			why.From, why.Under = c.Loan.From, c.Loan.Under
			ranked = append(ranked, Ranked{Candidate: c, Why: why})
		}
	}
	slices.SortFunc(ranked, better)
	for _, c := range ranked {
		s.all, s.why = append(s.all, c.Candidate), append(s.why, c.Why)
	}
	return s
}

// run goes through the days until it has enough.
func (s *search) run(within Slot) []Option {
	rome := calendar.Rome()
	last := calendar.DayOf(within.End, rome)
	for d := calendar.DayOf(within.Start, rome); d <= last && len(s.list) < s.most; d++ {
		s.day(d, within)
	}
	return s.list
}

// day looks at the steps of a day, the first few of them that can be had.
func (s *search) day(d calendar.Day, within Slot) {
	rome := calendar.Rome()
	day := Slot{Start: calendar.Earliest(d, 0, rome), End: calendar.Earliest(d+1, 0, rome)}
	s.come(day)
	found := 0
	for at := ceil(later(day.Start, within.Start), step); len(s.today) > 0 && at.Before(day.End) && !at.Add(s.length).After(within.End) && found < mostADay && len(s.list) < s.most; at = at.Add(step) {
		s.r.Slot = Slot{Start: at, End: at.Add(s.length)}
		if option, ok := s.meet(); ok {
			s.list = append(s.list, option)
			found++
			at = at.Add(s.length - step).Truncate(step) // the next one begins when this one ends
		}
	}
}

// come sets today: who works on a day, with what concerns it.
func (s *search) come(day Slot) {
	s.today = s.today[:0]
	week := weekAbout(day)
	for i := range s.all {
		c := &s.all[i]
		w := worker{at: i, working: Working(c.Mediator, c.Exceptions, s.r.Mode, day.Start, day.End.Add(s.length))}
		if len(w.working) == 0 || !w.working[0].From.Before(day.End) {
			continue
		}
		c.engage(week)
		w.worked = workedWith(*c, day)
		c.engage(Slot{Start: day.Start, End: day.End.Add(s.length)})
		w.near = c.Engagements
		s.today = append(s.today, w)
	}
}

// meet is the best of those who can come at the time of the request. It asks what Barred asks, in another
// order: what takes longest comes last.
func (s *search) meet() (Option, bool) {
	o := Option{Slot: s.r.Slot}
	for i := range s.today {
		w := &s.today[i]
		c := &s.all[w.at]
		if s.r.Kind == OnCall && c.Mediator.Available.After(s.now) || works(w.working, s.r.Slot) {
			if !busy(s.now, s.r, c.Mediator, w.worked) && c.Loan.bar(s.r.Slot) == "" && free(c.Mediator, w.near, s.r) {
				if o.Able++; o.Able == 1 {
					o.Best = Ranked{Candidate: *c, Why: s.why[w.at]}
				}
			}
		}
	}
	o.Best.Why.Of = o.Able
	return o, o.Able >= max(s.r.Seats, 1)
}

// ceil is the first instant at or after t that lies on the grid.
func ceil(t time.Time, grid time.Duration) time.Time {
	return t.Add(grid - 1).Truncate(grid)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
