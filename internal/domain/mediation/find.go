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
	if err := u.Guard.Check(ctx, actor, "mediation.request.create", r.resource(nil)); err != nil {
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
	var rules Rules
	var all []Candidate
	if err := u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if rules, err = rulesOf(ctx, tx, actor.Member); err != nil {
			return err
		}
		r.Slot = Slot{Start: from, End: from.Add(length)}
		all, err = u.candidates(ctx, tx, r, now, from, to)
		return err
	}); err != nil {
		return nil, err
	}
	if r.Kind == Scheduled {
		from = ceil(later(from, now.Add(rules.Notice)), step)
	}
	all = slices.DeleteFunc(all, func(c Candidate) bool { return c.Loan.Bar != "" || barredEver(r, c.Mediator) != nil })
	list := search(now, r, rules.Weights, all, Slot{Start: from, End: to}, length, max(q.Most, 1))
	if len(list) == 0 && q.To.IsZero() && plainCode(r.Code) {
		return nil, u.lacked(ctx, r)
	}
	return list, nil
}

// search goes through the days and the steps of each until it has enough.
func search(now time.Time, r Request, w Weights, all []Candidate, within Slot, length time.Duration, most int) []Option {
	rome := calendar.Rome()
	var list []Option
	for d := calendar.DayOf(within.Start, rome); d <= calendar.DayOf(within.End, rome) && len(list) < most; d++ {
		day := Slot{Start: later(within.Start, calendar.Earliest(d, 0, rome)), End: calendar.Earliest(d+1, 0, rome)}
		today := onDay(all, r.Mode, day)
		if len(today) == 0 {
			continue
		}
		found := 0
		for at := ceil(day.Start, step); at.Before(day.End) && !at.Add(length).After(within.End) && found < mostADay && len(list) < most; at = at.Add(step) {
			r.Slot = Slot{Start: at, End: at.Add(length)}
			if option, ok := meet(now, r, w, today); ok {
				list = append(list, option)
				found++
				at = at.Add(length - step).Truncate(step) // the next one begins when this one ends
			}
		}
	}
	return list
}

// onDay are the candidates who work on a day, with only what concerns it. What was worked in the week of
// the first day says nothing of others: booking looks at that again.
func onDay(all []Candidate, mode Mode, day Slot) []Candidate {
	var list []Candidate
	for _, c := range all {
		c.Exceptions = slices.DeleteFunc(slices.Clone(c.Exceptions), func(e Exception) bool { return !e.Slot.Overlaps(day) })
		if len(Working(c.Mediator, c.Exceptions, mode, day.Start, day.End)) == 0 {
			continue
		}
		near := Slot{Start: day.Start.Add(-around), End: day.End.Add(around)}
		c.Engagements = slices.DeleteFunc(slices.Clone(c.Engagements), func(e Engagement) bool { return !e.Slot.Overlaps(near) })
		c.Worked = Worked{}
		for _, e := range c.Engagements {
			if !e.Slot.Start.Before(day.Start) && e.Slot.Start.Before(day.End) {
				c.Worked.Day += e.Slot.Minutes()
			}
		}
		list = append(list, c)
	}
	return list
}

// meet is the best of those who can come at the time of a request.
func meet(now time.Time, r Request, w Weights, today []Candidate) (Option, bool) {
	o := Option{Slot: r.Slot}
	for _, c := range today {
		if c.Loan.bar(r.Slot) != "" || barredThen(now, r, c) != nil {
			continue
		}
		o.Able++
		if why := Score(r, w, c); o.Able == 1 || lastly(c) < lastly(o.Best.Candidate) || lastly(c) == lastly(o.Best.Candidate) && why.Score > o.Best.Why.Score {
			o.Best = Ranked{Candidate: c, Why: why}
		}
	}
	o.Best.Why.Of = o.Able
	return o, o.Able >= max(r.Seats, 1)
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
