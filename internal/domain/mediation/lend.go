// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"maps"
	"slices"
	"time"

	"approdo/internal/base/audit"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// When mediators of other bodies are called, for Rules.Others. "" is OthersLast.
const (
	OthersLast  = "last"  // after one's own, in all modes of the chain
	OthersAlong = "along" // with one's own, as if they were
	OthersNever = "never"
)

// UnderCommonList is what Loan.Under says when the rules of the network make the list common to all.
const UnderCommonList = "network"

// Loan is what stands between a body and a mediator whom another body answers for. The zero Loan is
// that of one's own.
type Loan struct {
	From  string // the body that lends; "" for one's own, and for who is resident in one's office
	Under string // the agreement that allows it, or UnderCommonList
	Last  bool   // comes after one's own
	Bar   string // BarredAgreement or BarredOthers; "" when the loan is allowed
	caps  []capped
	costs Costs // by the rules of the body that lends
}

// capped is a limit of a month, in minutes: what was drawn from the first of each month on.
type capped struct {
	name  string // of what several bookings draw from
	limit int
	drawn map[calendar.Day]int
}

// monthOf is the first day of the month of an instant, in Italy.
func monthOf(at time.Time) calendar.Day {
	y, m, _ := calendar.DayOf(at, calendar.Rome()).Date()
	first, _ := calendar.NewDay(y, m, 1)
	return first
}

// bar says what keeps a mediator of another body from a slot, "" for nothing.
func (l Loan) bar(s Slot) string {
	if l.Bar != "" {
		return l.Bar
	}
	for _, c := range l.caps {
		if c.drawn[monthOf(s.Start)]+s.Minutes() > c.limit {
			return BarredLent
		}
	}
	return ""
}

// giveBack leaves a slot out of what was drawn: a booking that is moved is not in its own way.
func (l Loan) giveBack(s Slot) {
	for _, c := range l.caps {
		if month := monthOf(s.Start); c.drawn[month] > 0 {
			c.drawn[month] -= s.Minutes()
		}
	}
}

// changes tell the log under which agreement a mediator of another body was given.
func (w Why) changes() []audit.Change {
	if w.From == "" {
		return nil
	}
	return []audit.Change{{Field: "lender", After: w.From}, {Field: "agreement", After: w.Under}}
}

// lend says of each candidate of another body whether they may be called for a request within [from, to).
func (u *UseCases) lend(ctx context.Context, q db.Querier, r Request, now, from, to time.Time, all []*Candidate) error {
	return u.newLoans(q, now, from, to).say(ctx, r.Member, calendar.DayOf(from, calendar.Rome()), all)
}

// loans are what bodies have agreed and decided about lending, each read once when it is first asked for.
type loans struct {
	u             *UseCases
	q             db.Querier
	now, from, to time.Time
	rules         map[string]Rules
	under         map[bodyDay]map[string]string
	resident      map[bodyDay][]string
	lent          map[[2]string]lent // by body that takes and body that lends
}

// bodyDay is a body on a day.
type bodyDay struct {
	member string
	day    calendar.Day
}

func (u *UseCases) newLoans(q db.Querier, now, from, to time.Time) *loans {
	return &loans{u: u, q: q, now: now, from: from, to: to, rules: map[string]Rules{}, under: map[bodyDay]map[string]string{}, resident: map[bodyDay][]string{}, lent: map[[2]string]lent{}}
}

// remembered reads what is asked for a second time from memory.
func remembered[K comparable, V any](known map[K]V, key K, read func() (V, error)) (V, error) {
	if v, ok := known[key]; ok {
		return v, nil
	}
	v, err := read()
	if err == nil {
		known[key] = v
	}
	return v, err
}

func (l *loans) rulesOf(ctx context.Context, member string) (Rules, error) {
	return remembered(l.rules, member, func() (Rules, error) { return rulesOf(ctx, l.q, member) })
}

// readRules reads the rules of bodies that are not known yet, at once.
func (l *loans) readRules(ctx context.Context, members []string) error {
	members = slices.DeleteFunc(members, func(member string) bool { _, known := l.rules[member]; return known })
	if len(members) == 0 {
		return nil
	}
	found, err := rulesOfEach(ctx, l.q, members...)
	maps.Copy(l.rules, found)
	return err
}

// say says of each candidate of another body whether they may be called on a day, under which agreement,
// and how much of what that body lends in a month is left.
func (l *loans) say(ctx context.Context, member string, day calendar.Day, all []*Candidate) error {
	foreign := slices.DeleteFunc(all, func(c *Candidate) bool { return c.Mediator.Member == member })
	if len(foreign) == 0 {
		return nil
	}
	resident, err := remembered(l.resident, bodyDay{member, day}, func() ([]string, error) { return residentsOf(ctx, l.q, member, day) })
	if err != nil {
		return err
	}
	foreign = slices.DeleteFunc(foreign, func(c *Candidate) bool { return slices.Contains(resident, c.Mediator.ID) })
	under, err := l.agreed(ctx, member, day)
	if err != nil {
		return err
	}
	bodies := []string{member, ""}
	for _, c := range foreign {
		bodies = append(bodies, c.Mediator.Member)
	}
	if err := l.readRules(ctx, bodies); err != nil {
		return err
	}
	rules, common := l.rules[member], l.rules[""]
	for _, c := range foreign {
		lender := c.Mediator.Member
		c.Loan = Loan{From: lender, Under: under[lender], Last: rules.Others != OthersAlong}
		if c.Loan.Under == "" && common.Common {
			c.Loan.Under = UnderCommonList
		}
		switch {
		case rules.Others == OthersNever:
			c.Loan.Bar = BarredOthers
		case c.Loan.Under == "":
			c.Loan.Bar = BarredAgreement
		default:
			limits := l.rules[lender]
			drawn, err := remembered(l.lent, [2]string{member, lender}, func() (lent, error) { return l.drawn(ctx, member, lender, limits) })
			if err != nil {
				return err
			}
			c.Loan.caps, c.Loan.costs = drawn.caps(c.Mediator.ID, limits), limits.costs()
		}
	}
	return nil
}

// agreed are the bodies with which a body has an agreement about mediation that holds now, when their
// names are shown, and on the day of the session; with the agreement of that day.
func (l *loans) agreed(ctx context.Context, member string, day calendar.Day) (map[string]string, error) {
	partners := func(day calendar.Day) (map[string]string, error) {
		return remembered(l.under, bodyDay{member, day}, func() (map[string]string, error) { return l.u.Partners(ctx, l.q, member, day) })
	}
	today := calendar.DayOf(l.now, calendar.Rome())
	under, err := partners(day)
	if err != nil || day == today || len(under) == 0 {
		return under, err
	}
	here, err := partners(today)
	if err != nil {
		return nil, err
	}
	both := map[string]string{}
	for body, agreement := range under {
		if here[body] != "" {
			both[body] = agreement
		}
	}
	return both, nil
}

// lent is what a body has lent, in minutes of the months from the first of each on.
type lent struct {
	name string                          // of the hours that the one body has from the other
	body map[calendar.Day]int            // to the one body
	each map[string]map[calendar.Day]int // of each mediator, to all others
}

// caps are the limits under which a mediator is lent.
func (l lent) caps(mediator string, limits Rules) []capped {
	var list []capped
	if limits.LendHours > 0 {
		list = append(list, capped{name: l.name, limit: limits.LendHours * 60, drawn: l.body})
	}
	if limits.LendMediatorHours > 0 {
		list = append(list, capped{name: mediator, limit: limits.LendMediatorHours * 60, drawn: l.each[mediator]})
	}
	return list
}

// drawn counts what a body has lent in the months of [from, to): to the one that asks, and of each mediator
// to all others. For bodies that set no cap nothing is counted.
func (l *loans) drawn(ctx context.Context, member, lender string, limits Rules) (lent, error) {
	sum := lent{name: lender + " " + member, body: map[calendar.Day]int{}, each: map[string]map[calendar.Day]int{}}
	if limits.LendHours == 0 && limits.LendMediatorHours == 0 {
		return sum, nil
	}
	rome := calendar.Rome()
	last := monthOf(l.to)
	y, m, _ := last.Date()
	return sum, db.Walk(ctx, l.q, func(s db.Scanner) error {
		var mediator, taker string
		var slot Slot
		if err := s.Scan(&mediator, &taker, db.ScanTime(&slot.Start), db.ScanTime(&slot.End)); err != nil {
			return err
		}
		month := monthOf(slot.Start)
		if taker == member {
			sum.body[month] += slot.Minutes()
		}
		if sum.each[mediator] == nil {
			sum.each[mediator] = map[calendar.Day]int{}
		}
		sum.each[mediator][month] += slot.Minutes()
		return nil
	}, `SELECT b.mediator, b.member, b.start, b.finish FROM mediation_booking b JOIN mediation_mediator m ON m.id = b.mediator
		WHERE m.member = $1 AND b.member <> $1 AND b.start >= $2 AND b.start < $3 AND b.state IN ('proposed', 'confirmed', 'done', 'user_absent')`,
		lender, db.Millis(calendar.Earliest(monthOf(l.from), 0, rome)), db.Millis(calendar.Earliest(last+calendar.Day(calendar.MonthLength(y, m)), 0, rome)))
}

// residentsOf are the mediators who are resident with a body, or with a neighbour that shares them, on a
// day, whoever employs them.
func residentsOf(ctx context.Context, q db.Querier, member string, day calendar.Day) ([]string, error) {
	return db.Rows(ctx, q, db.Column[string], `SELECT r.mediator FROM mediation_residency r
		WHERE (r.member = $1 OR EXISTS (SELECT 1 FROM mediation_neighbour n WHERE n.residency = r.id AND n.member = $1)) AND r.from_day <= $2 AND r.last_day >= $2`, member, day.String())
}
