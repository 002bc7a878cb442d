// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// AskRequest is what a desk asks for at times that are agreed.
type AskRequest struct {
	Request Request
	Slots   []Slot // more than one is a series: all or nothing. None: that of Request
	// Mediators are asked for by name, one for each seat; none lets the rules choose.
	Mediators []string
	Same      bool   // as Mediators, who came last for the same person or case
	Key       string // the same key of the same account again gives the same answer; "" for no key
	Wait      bool   // when nobody can come, wait until somebody can; not for a series
	Plan      bool   // choose nobody now: the coordinator shares it out with other requests; not for a series
}

// Asked is what came of it.
type Asked struct {
	Requests []string `json:"requests"`
	Bookings []string `json:"bookings"`
	Waits    bool     `json:"waits,omitempty"` // nobody can come yet: it is on the waiting list
}

// SeriesClash is a slot of a series that can't be had, and why.
type SeriesClash struct {
	Slot   Slot
	Barred []string
}

// maxSeries is how many times a series has: two a week for a year.
const maxSeries = 104

// Ask books mediators for times that are agreed: the best by the rules of the body, or those asked for
// by name. Whoever wants to say yes first is held until then, and the booking is Proposed. When a series
// can't be had whole, nothing is booked, and the slots that clash are given. Faults: Invalid by field;
// Conflict mediation.taken when somebody was faster, mediation.nobody when nobody can come,
// mediation.cap when the body has used its hours; access.Missing.
func (u *UseCases) Ask(ctx context.Context, actor access.Actor, q AskRequest) (Asked, []SeriesClash, error) {
	now := u.Clock()
	requests, err := u.draft(ctx, actor, q, now)
	if err != nil {
		return Asked{}, nil, err
	}
	var answer Asked
	if known, err := answered(ctx, u.DB, actor, q.Key, q.fingerprint(), &answer); err != nil || known {
		return answer, nil, err
	}
	rules, err := rulesOf(ctx, u.DB, actor.Member)
	if err != nil {
		return Asked{}, nil, err
	}
	if requests[0].Slot.Start.Before(now.Add(rules.Notice)) {
		return Asked{}, nil, fault.Invalid("start", "mediation.request.notice", "hours", int(rules.Notice.Hours()))
	}
	named := q.Mediators
	if q.Same && len(named) == 0 {
		last, err := u.LastTime(ctx, actor, q.Request.Code, q.Request.CaseCode)
		if err != nil {
			return Asked{}, nil, err
		}
		if last == "" || requests[0].Seats > 1 {
			return Asked{}, nil, fault.Invalid("same", "mediation.request.no_last")
		}
		named = []string{last}
	}
	if q.Plan && len(requests) == 1 && len(named) == 0 {
		requests[0].Plan = true
		answer, err = u.enqueue(ctx, actor, q, requests[0], rules, now)
		return answer, nil, err
	}
	answer, clashes, err := u.settleOn(ctx, actor, q, requests, rules, named, now)
	if !fault.Is(err, fault.KindConflict) {
		return answer, clashes, err
	}
	// Whoever hears nothing for a while asks again, while the first time is still under way: what is in the way
	// then is their own booking.
	if known, bad := answered(ctx, u.DB, actor, q.Key, q.fingerprint(), &answer); bad != nil || known {
		return answer, nil, bad
	}
	if len(named) == 0 && fault.All(err)[0].Message.Key == "mediation.nobody" {
		if bad := u.lacked(ctx, requests[0]); bad != nil {
			err = bad
		}
	}
	return Asked{}, clashes, err
}

// settleOn books the best crew that can be had.
func (u *UseCases) settleOn(ctx context.Context, actor access.Actor, q AskRequest, requests []Request, rules Rules, named []string, now time.Time) (Asked, []SeriesClash, error) {
	for range triedAtMost {
		// After losing every choice one looks again: somebody who was taken may be free by now, and "nobody"
		// has to be true of one moment.
		choices, clashes, err := u.choices(ctx, requests, rules, named, now)
		if q.Wait && len(requests) == 1 && len(named) == 0 && fault.Is(err, fault.KindConflict) {
			answer, err := u.enqueue(ctx, actor, q, requests[0], rules, now)
			return answer, clashes, err
		}
		if err != nil {
			return Asked{}, clashes, err
		}
		for _, crew := range choices {
			if answer, err := u.engage(ctx, actor, q, requests, crew, rules, now); !lost(err) || len(named) > 0 && len(requests) == 1 {
				return answer, nil, err // for whoever is asked for by name there is no other choice
			}
		}
	}
	return Asked{}, nil, Taken()
}

// lost says that somebody else was faster, so that another choice may do.
func lost(err error) bool {
	return fault.Is(err, fault.KindConflict) && slices.ContainsFunc(fault.All(err), func(e *fault.Error) bool { return e.Message.Key == "mediation.taken" })
}

// draft checks what is asked for and makes a request of each slot, in order of time.
func (u *UseCases) draft(ctx context.Context, actor access.Actor, q AskRequest, now time.Time) ([]Request, error) {
	r := q.Request
	r.Member, r.Account, r.State, r.Created = actor.Member, actor.Account, Open, now
	if err := u.Guard.Check(ctx, actor, "mediation.request.create", r.resource(called{})); err != nil {
		return nil, err
	}
	if r.Seats == 0 {
		r.Seats = 1
	}
	slots := slices.Clone(q.Slots)
	if len(slots) == 0 {
		slots = []Slot{r.Slot}
	}
	if len(slots) > maxSeries {
		return nil, fault.Invalid("start", "mediation.request.series", "limit", maxSeries)
	}
	if n := len(q.Mediators); n > 0 && n != r.Seats {
		return nil, fault.Invalid("mediator", "mediation.request.seats")
	}
	slices.SortFunc(slots, func(a, b Slot) int { return a.Start.Compare(b.Start) })
	var list []Request
	for i, s := range slots {
		one := r
		one.ID, one.Slot = db.NewID(), s
		if len(slots) > 1 {
			if i > 0 && s.Overlaps(slots[i-1]) {
				return nil, fault.Invalid("start", "mediation.request.overlap")
			}
			one.Series = r.ID
			if one.Series == "" {
				r.ID = db.NewID()
				one.Series = r.ID
			}
		}
		if err := one.check(now); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

// crew is who is to come to every request of a series, one for each seat, with why.
type crew []Ranked

// triedAtMost is how many crews are tried when others are faster again and again.
const triedAtMost = 8

// choices are the crews who could come to all the requests, the best first.
func (u *UseCases) choices(ctx context.Context, requests []Request, rules Rules, named []string, now time.Time) ([]crew, []SeriesClash, error) {
	first, last := requests[0], requests[len(requests)-1]
	var all []Candidate
	if err := u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		all, err = u.candidates(ctx, tx, first, now, first.Slot.Start, last.Slot.End)
		return err
	}); err != nil {
		return nil, nil, err
	}
	if len(named) > 0 {
		all = slices.DeleteFunc(all, func(c Candidate) bool { return !slices.Contains(named, c.Mediator.ID) })
		if len(all) < len(named) {
			return nil, nil, fault.Invalid("mediator", "mediation.request.mediator")
		}
	}
	ranked := Rank(now, first, rules.Weights, all)
	var able []Ranked
	barred := map[int][]string{} // by request, of the one who comes nearest
	for _, c := range ranked {
		whole := true
		for i, r := range requests {
			if reasons := Barred(now, r, c.Candidate); reasons != nil {
				whole = false
				if old, ok := barred[i]; !ok || len(reasons) < len(old) {
					barred[i] = reasons
				}
			}
		}
		if whole {
			if len(named) > 0 {
				c.Why.By = ByName
			}
			able = append(able, c)
		}
	}
	if len(able) < first.Seats {
		var clashes []SeriesClash
		for i, r := range requests {
			if reasons, ok := barred[i]; ok {
				clashes = append(clashes, SeriesClash{Slot: r.Slot, Barred: reasons})
			}
		}
		if len(named) == 1 && onlyTaken(clashes) {
			return nil, clashes, Taken()
		}
		return nil, clashes, fault.Conflict("mediation.nobody")
	}
	var list []crew
	for i := 0; i+first.Seats <= len(able) && len(list) < triedAtMost; i++ {
		list = append(list, crew(able[i:i+first.Seats]))
	}
	return list, nil, nil
}

// onlyTaken says whether nothing stands in the way but what somebody else has asked for.
func onlyTaken(clashes []SeriesClash) bool {
	return !slices.ContainsFunc(clashes, func(c SeriesClash) bool { return !slices.Equal(c.Barred, []string{BarredTaken}) })
}

// engage writes the requests with their bookings: all or nothing.
func (u *UseCases) engage(ctx context.Context, actor access.Actor, q AskRequest, requests []Request, c crew, rules Rules, now time.Time) (Asked, error) {
	var answer Asked
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		answer = Asked{}
		return once(ctx, tx, now, actor, q.Key, q.fingerprint(), &answer, func() error {
			if err := u.withinCap(ctx, tx, rules, actor.Member, requests); err != nil {
				return err
			}
			for _, r := range requests {
				r.State = Booked
				if err := u.insertRequest(ctx, tx, &r); err != nil {
					return err
				}
				answer.Requests = append(answer.Requests, r.ID)
				var changes []audit.Change
				for seat, who := range c {
					b, err := u.book(ctx, tx, now, r, seat, who.Candidate.Mediator.ID, who.Why, rules)
					if err != nil {
						return err
					}
					if err := u.announce(ctx, tx, b, who.Candidate.Mediator, r); err != nil {
						return err
					}
					answer.Bookings = append(answer.Bookings, b.ID)
					changes = append(changes, b.Why.changes()...)
				}
				if err := audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.request.create", Kind: "mediation-request", Record: r.ID, Changes: changes}); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return answer, err
}

// book engages one mediator for one seat of a request within tx. Every way to a booking ends here: it
// looks at the hard limits once more as they are now, and the claims say whether the time is free.
func (u *UseCases) book(ctx context.Context, tx *db.Tx, now time.Time, r Request, seat int, mediator string, why Why, rules Rules) (Booking, error) {
	m, err := mediatorByID(ctx, tx, mediator)
	if err != nil {
		return Booking{}, err
	}
	c, err := u.candidate(ctx, tx, r, now, m)
	if err != nil {
		return Booking{}, err
	}
	if why.By == ByProposal {
		c = c.willing(r.Slot)
	}
	if barred := Barred(now, r, c); barred != nil {
		return Booking{}, Taken()
	}
	why.From, why.Under = c.Loan.From, c.Loan.Under
	costs := rules.costs()
	if c.Loan.From != "" {
		costs = c.Loan.costs
	}
	why.Costs = &costs
	b := Booking{ID: db.NewID(), Request: r.ID, Seat: seat, Mediator: m.ID, Member: r.Member, Mode: r.Mode, Slot: r.Slot, State: Confirmed, Place: r.Place, Why: why, Created: now}
	if m.Asks && r.Kind == Scheduled {
		b.State, b.AnswerBy = Proposed, answerBy(now, r.Slot.Start, rules.AnswerIn)
	}
	if err := insertBooking(ctx, tx, b); db.IsUnique(err) {
		return b, Taken() // the seat has somebody already
	} else if err != nil {
		return b, err
	}
	return b, arrange(ctx, tx, m, b.Slot)
}

// answerBy is until when a proposed booking holds somebody: as long as the rules say, and at most half
// the time that is left, so that another can still be found.
func answerBy(now, start time.Time, usual time.Duration) time.Time {
	return now.Add(min(usual, start.Sub(now)/2))
}

// withinCap fails with the fault Conflict when the hours of the body for a month are used up.
func (u *UseCases) withinCap(ctx context.Context, tx *db.Tx, rules Rules, member string, requests []Request) error {
	if rules.MonthHours == 0 {
		return nil
	}
	months := map[calendar.Day]int{}
	for _, r := range requests {
		months[monthOf(r.Slot.Start)] += r.Slot.Minutes() * r.Seats
	}
	for first, minutes := range months {
		used, err := usedIn(ctx, tx, member, first)
		if err != nil {
			return err
		}
		if used+minutes > rules.MonthHours*60 {
			return fault.Conflict("mediation.cap", "hours", rules.MonthHours)
		}
	}
	return nil
}

// usedIn counts the minutes that a body has booked in the month of a first day.
func usedIn(ctx context.Context, q db.Querier, member string, first calendar.Day) (int, error) {
	rome := calendar.Rome()
	y, m, _ := first.Date()
	used, err := db.Row(ctx, q, db.Column[int64], `SELECT CAST(coalesce(SUM(finish - start), 0) AS BIGINT) FROM mediation_booking
		WHERE member = $1 AND start >= $2 AND start < $3 AND state IN ('proposed', 'confirmed', 'done', 'user_absent')`,
		member, db.Millis(calendar.Earliest(first, 0, rome)), db.Millis(calendar.Earliest(first+calendar.Day(calendar.MonthLength(y, m)), 0, rome)))
	return int(used / 60_000), err
}

// withinCapMoved is withinCap for one booking that is still where it was: what it has there already is not
// asked for again.
func (u *UseCases) withinCapMoved(ctx context.Context, tx *db.Tx, rules Rules, member string, from, to Slot) error {
	more := to.Minutes()
	if monthOf(from.Start) == monthOf(to.Start) {
		more -= from.Minutes()
	}
	if more <= 0 {
		return nil
	}
	to.End = to.Start.Add(time.Duration(more) * time.Minute)
	return u.withinCap(ctx, tx, rules, member, []Request{{Slot: to, Seats: 1}})
}

// capThere is the fault of withinCap as it is said to a mediator, whose hours they are not.
func capThere(err error) error {
	if fault.Is(err, fault.KindConflict) {
		return fault.Conflict("mediation.cap_there")
	}
	return err
}

// resource is the request as policies ask about it.
func (r Request) resource(who called) access.Resource {
	return access.Resource{Type: "MediationRequest", ID: r.ID, Attributes: access.Attributes{"member": r.Member, "account": r.Account, "mediators": who.booked, "offered": who.offered}}
}
