// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// seriesDays is how far ahead the first meeting of a series is looked for: what can't begin within three weeks
// is better asked for differently.
const seriesDays = 21

// seriesStep is how far apart the hours are at which a series may begin.
const seriesStep = 30 * time.Minute

// Repeat gives the slots of a series: the same hour on the wall every so many days, across the change of clocks.
func Repeat(first Slot, times, days int) []Slot {
	rome := first.Start.In(calendar.Rome())
	var list []Slot
	for n := range min(max(times, 1), maxSeries+1) {
		at := time.Date(rome.Year(), rome.Month(), rome.Day()+days*n, rome.Hour(), rome.Minute(), 0, 0, calendar.Rome())
		list = append(list, Slot{Start: at, End: at.Add(first.End.Sub(first.Start))})
	}
	return list
}

// FindSeries gives beginnings at which a whole series can be had with the same mediators, the earliest first,
// a few of each day; days is how far apart the meetings are. Nothing is held. Faults: Invalid by field;
// access.Missing.
func (u *UseCases) FindSeries(ctx context.Context, actor access.Actor, q FindRequest, times, days int) ([]Option, error) {
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
	switch {
	case length < Quantum || length > MaxLength || length%Quantum != 0:
		return nil, fault.Invalid("minutes", "mediation.slot.grain")
	case times > maxSeries:
		return nil, fault.Invalid("times", "mediation.request.series", "limit", maxSeries)
	}
	var rules Rules
	var all []Candidate
	from := later(q.From, now)
	to := from.AddDate(0, 0, seriesDays)
	if err := u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if rules, err = rulesOf(ctx, tx, actor.Member); err != nil {
			return err
		}
		from = ceil(later(from, now.Add(rules.Notice)), seriesStep)
		r.Slot = Slot{Start: from, End: from.Add(length)}
		all, err = u.candidates(ctx, tx, r, now, from, to.AddDate(0, 0, days*times))
		return err
	}); err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(c Candidate) bool { return c.Loan.Bar != "" || barredEver(r, c.Mediator) != nil || !q.wanted(c) })
	var list []Option
	perDay := map[calendar.Day]int{}
	for at := from; at.Before(to) && len(list) < max(q.Most, 1); at = at.Add(seriesStep) {
		day := calendar.DayOf(at, calendar.Rome())
		if perDay[day] >= mostADay || ctx.Err() != nil {
			continue
		}
		r.Slot = Slot{Start: at, End: at.Add(length)}
		if option, ok := meetAll(now, r, rules.Weights, all, Repeat(r.Slot, times, days)); ok {
			list = append(list, option)
			perDay[day]++
		}
	}
	return list, ctx.Err()
}

// meetAll is the best of those who can come to every slot. What was worked in the week of one slot says
// nothing of others: booking looks at that again.
func meetAll(now time.Time, r Request, w Weights, all []Candidate, slots []Slot) (Option, bool) {
	o := Option{Slot: r.Slot}
	for _, c := range all {
		c.Worked = Worked{}
		if slices.ContainsFunc(slots, func(s Slot) bool {
			one := r
			one.Slot = s
			return c.Loan.bar(s) != "" || barredThen(now, one, c) != nil
		}) {
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

// wanted says whether a candidate is among those asked for by name.
func (q FindRequest) wanted(c Candidate) bool {
	return len(q.Mediators) == 0 || slices.Contains(q.Mediators, c.Mediator.ID)
}

// LastTime is who came last for a person or a case of the actor's body, "" for nobody.
func (u *UseCases) LastTime(ctx context.Context, actor access.Actor, code, caseCode string) (string, error) {
	if err := u.Guard.Check(ctx, actor, "mediation.request.create", Request{Member: actor.Member, Account: actor.Account}.resource(called{})); err != nil {
		return "", err
	}
	list, err := db.Rows(ctx, u.DB, db.Column[string], `SELECT b.mediator FROM mediation_booking b JOIN mediation_request r ON r.id = b.request JOIN mediation_mediator m ON m.id = b.mediator
		WHERE r.member = $1 AND (r.code = $2 OR (r.case_code = $3 AND r.case_code <> '')) AND b.state IN ('confirmed', 'done') AND m.state = 'listed'
		ORDER BY b.start DESC, b.id DESC LIMIT 1`, actor.Member, code, caseCode)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0], nil
}

// Callable are the mediators of a language whom the actor's body may ask for by name, by name and without
// contacts: its own, and those of bodies that share theirs.
func (u *UseCases) Callable(ctx context.Context, actor access.Actor, language string) ([]Mediator, error) {
	now := u.Clock()
	r := Request{Member: actor.Member, Account: actor.Account, Language: language, Slot: Slot{Start: now, End: now}}
	if err := u.Guard.Check(ctx, actor, "mediation.request.create", r.resource(called{})); err != nil {
		return nil, err
	}
	var list []Mediator
	return list, u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		spoken, err := speakers(ctx, tx, language)
		if err != nil {
			return err
		}
		all := make([]*Candidate, len(spoken))
		for i, m := range spoken {
			all[i] = &Candidate{Mediator: m}
		}
		if err := u.lend(ctx, tx, r, now, now, now, slices.Clone(all)); err != nil {
			return err
		}
		for _, c := range all {
			if c.Loan.Bar == "" {
				c.Mediator.Remarks, c.Mediator.Conflicts = "", nil
				list = append(list, c.Mediator)
			}
		}
		slices.SortFunc(list, func(a, b Mediator) int {
			return cmp.Or(strings.Compare(folded(a.Name), folded(b.Name)), strings.Compare(a.ID, b.ID))
		})
		return nil
	})
}

// Body is another body of the network that can be present.
type Body struct{ ID, Name string }

// Bodies are the other bodies of the network, by name: those that can be present at a session.
func (u *UseCases) Bodies(ctx context.Context, actor access.Actor) ([]Body, error) {
	if err := u.Guard.Check(ctx, actor, "mediation.request.create", Request{Member: actor.Member, Account: actor.Account}.resource(called{})); err != nil {
		return nil, err
	}
	return u.others(ctx, actor.Member)
}

// others are the bodies of the network besides one, by name.
func (u *UseCases) others(ctx context.Context, member string) ([]Body, error) {
	members, err := network.Members(ctx, u.DB, calendar.DayOf(u.Clock(), calendar.Rome()))
	if err != nil {
		return nil, err
	}
	var list []Body
	for _, m := range members {
		if m.ID != member {
			list = append(list, Body{ID: m.ID, Name: m.Name})
		}
	}
	return list, nil
}

// bodiesOf are bodies by name, in the order of their identifiers.
func bodiesOf(ctx context.Context, q db.Querier, ids []string) ([]Body, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := network.MembersByID(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var list []Body
	for _, id := range ids {
		if m, ok := found[id]; ok {
			list = append(list, Body{ID: id, Name: m.Name})
		}
	}
	return list, nil
}
