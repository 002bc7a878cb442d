// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
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
}

// capped is a limit of a month, in minutes: what was drawn from the first of each month on.
type capped struct {
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

// candidates are the mediators who work in the language of a request, with what the choice has to know of
// any slot within [from, to), and of what is agreed between their bodies and the one that asks.
func (u *UseCases) candidates(ctx context.Context, q db.Querier, r Request, now, from, to time.Time) ([]Candidate, error) {
	list, err := candidates(ctx, q, r, now, from, to)
	if err != nil {
		return nil, err
	}
	return list, u.lend(ctx, q, r, now, from, to, pointers(list))
}

// acquaintances are the candidates without what they have to do within [from, to).
func (u *UseCases) acquaintances(ctx context.Context, q db.Querier, r Request, now, from, to time.Time) ([]Candidate, error) {
	list, err := acquainted(ctx, q, r, now, from, to)
	if err != nil {
		return nil, err
	}
	return list, u.lend(ctx, q, r, now, from, to, pointers(list))
}

func pointers(list []Candidate) []*Candidate {
	all := make([]*Candidate, len(list))
	for i := range list {
		all[i] = &list[i]
	}
	return all
}

// candidate is one mediator with what the hard limits ask.
func (u *UseCases) candidate(ctx context.Context, q db.Querier, r Request, now time.Time, m Mediator) (Candidate, error) {
	c, err := one(ctx, q, r, now, m)
	if err != nil {
		return c, err
	}
	return c, u.lend(ctx, q, r, now, r.Slot.Start, r.Slot.End, []*Candidate{&c})
}

// lend says of each candidate of another body whether they may be called, under which agreement, and how
// much of what that body lends in a month is left.
func (u *UseCases) lend(ctx context.Context, q db.Querier, r Request, now, from, to time.Time, all []*Candidate) error {
	foreign := slices.DeleteFunc(all, func(c *Candidate) bool { return c.Mediator.Member == r.Member })
	if len(foreign) == 0 {
		return nil
	}
	resident, err := residentsOf(ctx, q, r.Member, calendar.DayOf(from, calendar.Rome()))
	if err != nil {
		return err
	}
	foreign = slices.DeleteFunc(foreign, func(c *Candidate) bool { return slices.Contains(resident, c.Mediator.ID) })
	rules, err := rulesOf(ctx, q, r.Member)
	if err != nil {
		return err
	}
	common, err := rulesOf(ctx, q, "")
	if err != nil {
		return err
	}
	under, err := u.agreed(ctx, q, r.Member, now, from)
	if err != nil {
		return err
	}
	limits := map[string]Rules{}
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
			if _, known := limits[lender]; !known {
				if limits[lender], err = rulesOf(ctx, q, lender); err != nil {
					return err
				}
			}
		}
	}
	for lender, l := range limits {
		if err := capLoans(ctx, q, r.Member, lender, l, from, to, foreign); err != nil {
			return err
		}
	}
	return nil
}

// agreed are the bodies with which a body has an agreement about mediation that holds now, when their
// names are shown, and on the day of the session; with the agreement of that day.
func (u *UseCases) agreed(ctx context.Context, q db.Querier, member string, now, at time.Time) (map[string]string, error) {
	today, day := calendar.DayOf(now, calendar.Rome()), calendar.DayOf(at, calendar.Rome())
	under, err := u.Partners(ctx, q, member, day)
	if err != nil || day == today || len(under) == 0 {
		return under, err
	}
	here, err := u.Partners(ctx, q, member, today)
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

// capLoans counts what a body has lent in the months of [from, to): to each body that asks, and of each
// mediator to all others. Bodies that set no cap are not counted.
func capLoans(ctx context.Context, q db.Querier, member, lender string, l Rules, from, to time.Time, all []*Candidate) error {
	if l.LendHours == 0 && l.LendMediatorHours == 0 {
		return nil
	}
	rome := calendar.Rome()
	last := monthOf(to)
	y, m, _ := last.Date()
	body := capped{limit: l.LendHours * 60, drawn: map[calendar.Day]int{}}
	each := map[string]map[calendar.Day]int{}
	if err := db.Walk(ctx, q, func(s db.Scanner) error {
		var mediator, taker string
		var slot Slot
		if err := s.Scan(&mediator, &taker, db.ScanTime(&slot.Start), db.ScanTime(&slot.End)); err != nil {
			return err
		}
		month := monthOf(slot.Start)
		if taker == member {
			body.drawn[month] += slot.Minutes()
		}
		if each[mediator] == nil {
			each[mediator] = map[calendar.Day]int{}
		}
		each[mediator][month] += slot.Minutes()
		return nil
	}, `SELECT b.mediator, b.member, b.start, b.finish FROM mediation_booking b JOIN mediation_mediator m ON m.id = b.mediator
		WHERE m.member = $1 AND b.member <> $1 AND b.start >= $2 AND b.start < $3 AND b.state IN ('proposed', 'confirmed', 'done', 'user_absent')`,
		lender, db.Millis(calendar.Earliest(monthOf(from), 0, rome)), db.Millis(calendar.Earliest(last+calendar.Day(calendar.MonthLength(y, m)), 0, rome))); err != nil {
		return err
	}
	for _, c := range all {
		if c.Mediator.Member != lender || c.Loan.Bar != "" {
			continue
		}
		if l.LendHours > 0 {
			c.Loan.caps = append(c.Loan.caps, body)
		}
		if l.LendMediatorHours > 0 {
			c.Loan.caps = append(c.Loan.caps, capped{limit: l.LendMediatorHours * 60, drawn: each[c.Mediator.ID]})
		}
	}
	return nil
}

// residentsOf are the mediators who are resident with a body, or with a neighbour that shares them, on a
// day, whoever employs them.
func residentsOf(ctx context.Context, q db.Querier, member string, day calendar.Day) ([]string, error) {
	return db.Rows(ctx, q, db.Column[string], `SELECT r.mediator FROM mediation_residency r
		WHERE (r.member = $1 OR EXISTS (SELECT 1 FROM mediation_neighbour n WHERE n.residency = r.id AND n.member = $1)) AND r.from_day <= $2 AND r.last_day >= $2`, member, day.String())
}
