// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// PhoneEntry is a mediator who can be telephoned for a call that nobody has accepted.
type PhoneEntry struct {
	Ranked
	Step   Step   // with which of the chain they could come
	Kept   bool   // the actor keeps the entry, and telephones
	Phone  string // "" when none is known, or when another body keeps the entry: that one telephones
	Keeper Body   // the body that keeps the entry, when it is another
	Answer string // what they answered to the offer; "" for nothing
}

// PhoneList are the mediators who could come to a call now, in the order of the chain, with the telephone
// numbers of those whose entries the actor keeps: that they were looked at is recorded for each. For
// coordinators, and while nobody has accepted. Faults: Conflict mediation.settled; access.Missing.
func (u *UseCases) PhoneList(ctx context.Context, actor access.Actor, id string) (list []PhoneEntry, err error) {
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list = nil
		now := u.Clock()
		r, rules, err := u.unanswered(ctx, tx, actor, "mediation.choice.explain", id)
		if err != nil {
			return err
		}
		all, err := u.candidates(ctx, tx, r, now, r.Slot.Start, r.Slot.End)
		if err != nil {
			return err
		}
		answers, err := answersOf(ctx, tx, id)
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, s := range Chain(r.Mode, rules) {
			there := r
			there.Mode = s.Mode
			for _, c := range Rank(now, there, rules.Weights, within(s, rules, all)) {
				m := c.Candidate.Mediator
				if c.Why.Barred != nil || seen[m.ID] || answers[m.ID] == DeclinedOffer {
					continue
				}
				seen[m.ID] = true
				e := PhoneEntry{Ranked: c, Step: s, Answer: answers[m.ID]}
				if err := u.number(ctx, tx, now, actor, &e); err != nil {
					return err
				}
				list = append(list, e)
			}
		}
		return nil
	})
	return list, err
}

// number reads the telephone of an entry that the actor keeps, and records that they did.
func (u *UseCases) number(ctx context.Context, tx *db.Tx, now time.Time, actor access.Actor, e *PhoneEntry) error {
	m := &e.Candidate.Mediator
	m.Remarks, m.Conflicts = "", nil
	if !u.Guard.Allows(ctx, actor, "mediation.roster.edit", m.resource()) {
		keepers, err := bodiesOf(ctx, tx, []string{m.Member})
		if err == nil && len(keepers) > 0 {
			e.Keeper = keepers[0]
		}
		return err
	}
	e.Kept = true
	var contact Contact
	if err := u.unseal(ctx, tx, "mediation_mediator", m.ID, columnContact, &contact); err != nil {
		return err
	}
	e.Phone = contact.Phone
	return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.roster.read", Kind: "mediator", Record: m.ID, Read: true, Changes: []audit.Change{{Field: "phone"}}})
}

// TakeByPhone books a mediator who has said yes on the telephone, from now on: the same as if they had accepted the
// offer. The number of one whom another body lends is known to that body alone: it telephones, and the body that asks
// enters what it says, as it alone has the request. The mediator is told at once, with the link to say that it is not
// so; what they answered themselves is not overridden by what another says that they said. Faults: Conflict
// mediation.taken, mediation.settled, mediation.said_no; access.Missing.
func (u *UseCases) TakeByPhone(ctx context.Context, actor access.Actor, id, mediator string) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		r, rules, err := u.unanswered(ctx, tx, actor, "mediation.choice.explain", id)
		if err != nil {
			return err
		}
		m, err := mediatorByID(ctx, tx, mediator)
		if err != nil {
			return missing(err)
		}
		if err := u.heard(ctx, tx, actor, r, m); err != nil {
			return err
		}
		at, err := u.ableIn(ctx, tx, now, r, rules, m)
		if err != nil {
			return err
		}
		length := r.Slot.End.Sub(r.Slot.Start)
		start := ceil(now, Quantum)
		if r.Mode = at; r.Mode == InPerson {
			start = start.Add(Way(m.Home, r.Place))
		}
		r.Slot, r.State, r.Settled = Slot{Start: start, End: start.Add(length)}, Booked, time.Time{}
		if err := u.withinCap(ctx, tx, rules, r.Member, []Request{r}); err != nil {
			return err
		}
		if err := updateRequest(ctx, tx, &r); err != nil {
			return err
		}
		b, err := u.book(ctx, tx, now, r, 0, m.ID, Why{By: ByPhone}, rules)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE mediation_offer SET answer = 'accepted', answered = $3 WHERE request = $1 AND mediator = $2 AND mode = $4`, id, m.ID, db.Millis(now), r.Mode); err != nil {
			return err
		}
		if err := withdraw(ctx, tx, now, id); err != nil {
			return err
		}
		if err := dropProposals(ctx, tx, now, id); err != nil {
			return err
		}
		if err := u.announce(ctx, tx, b, m, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.request.edit", Kind: "mediation-request", Record: id, Changes: append(b.Why.changes(), audit.Change{Field: "answer", After: ByPhone})})
	})
}

// heard says whether the actor can know that a mediator said yes: whoever keeps the entry and is shown the number, or
// who asks, of what the body said that lends the mediator. Whether it may lend is asked afterwards, with all limits.
func (u *UseCases) heard(ctx context.Context, q db.Querier, actor access.Actor, r Request, m Mediator) error {
	if m.Member == r.Member {
		return u.Guard.Check(ctx, actor, "mediation.roster.edit", m.resource())
	}
	answers, err := answersOf(ctx, q, r.ID)
	if err == nil && answers[m.ID] == DeclinedOffer {
		err = fault.Conflict("mediation.said_no")
	}
	return err
}

// ableIn is the first mode of the chain in which a mediator can come.
func (u *UseCases) ableIn(ctx context.Context, tx *db.Tx, now time.Time, r Request, rules Rules, m Mediator) (Mode, error) {
	for _, s := range Chain(r.Mode, rules) {
		there := r
		there.Mode = s.Mode
		c, err := u.candidate(ctx, tx, there, now, m)
		if err != nil {
			return "", err
		}
		if Barred(now, there, c) == nil {
			return s.Mode, nil
		}
	}
	return "", Taken()
}

// unanswered is a call that nobody has accepted, as it would be now.
func (u *UseCases) unanswered(ctx context.Context, q db.Querier, actor access.Actor, action, id string) (Request, Rules, error) {
	r, err := u.requestFor(ctx, q, actor, action, id)
	if err != nil {
		return r, Rules{}, err
	}
	now := u.Clock()
	if r.Kind != OnCall || r.State != Open && (r.State != Unmet || r.Settled.Before(now.Add(-afterGivingUp))) {
		return r, Rules{}, fault.Conflict("mediation.settled")
	}
	start := ceil(now, Quantum)
	r.Slot = Slot{Start: start, End: start.Add(r.Slot.End.Sub(r.Slot.Start))}
	rules, err := rulesOf(ctx, q, r.Member)
	return r, rules, err
}

// answersOf is what mediators answered to the offers of a request, by mediator.
func answersOf(ctx context.Context, q db.Querier, request string) (map[string]string, error) {
	answers := map[string]string{}
	return answers, db.Walk(ctx, q, func(s db.Scanner) error {
		var mediator, answer string
		if err := s.Scan(&mediator, &answer); err != nil {
			return err
		}
		answers[mediator] = answer
		return nil
	}, `SELECT mediator, answer FROM mediation_offer WHERE request = $1 ORDER BY id`, request)
}
