// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Proposal is another time that a mediator proposes for what they were asked.
type Proposal struct {
	ID       string
	Kind     string // "offer" or "booking"
	Object   string
	Request  string
	Mediator string
	Slot     Slot
	State    string
	Created  time.Time
	Name     string // of the mediator
}

// States of a proposal. Their values are stored.
const (
	ProposalOpen     = "open"
	ProposalAccepted = "accepted"
	ProposalDeclined = "declined"
	ProposalReplaced = "replaced"  // by another of the same mediator
	ProposalLate     = "late"      // its time came before an answer
	ProposalOff      = "withdrawn" // what it was about is settled
)

// mostProposals is how often one mediator may propose for one offer or booking: who holds the link of a
// message can't fill the desk's inbox.
const mostProposals = 5

// afterGivingUp is how long a desk may still accept another time for a call that nobody met.
const afterGivingUp = 2 * time.Hour

const proposalColumns = `p.id, p.kind, p.object, p.request, p.mediator, p.start, p.finish, p.state, p.created, m.name`

func scanProposal(s db.Scanner) (Proposal, error) {
	var p Proposal
	return p, s.Scan(&p.ID, &p.Kind, &p.Object, &p.Request, &p.Mediator, db.ScanTime(&p.Slot.Start), db.ScanTime(&p.Slot.End), &p.State, db.ScanTime(&p.Created), &p.Name)
}

// proposalsOf are the proposals of a request, those that wait for the desk first.
func proposalsOf(ctx context.Context, q db.Querier, request string) ([]Proposal, error) {
	return db.Rows(ctx, q, scanProposal, `SELECT `+proposalColumns+` FROM mediation_proposal p JOIN mediation_mediator m ON m.id = p.mediator
		WHERE p.request = $1 ORDER BY CASE WHEN p.state = 'open' THEN 0 ELSE 1 END, p.id`, request)
}

// ProposeLink proposes another beginning by the link of a message; actor is whoever is logged in, or a
// stranger: who holds the link proposes. Faults: as Propose.
func (u *UseCases) ProposeLink(ctx context.Context, actor access.Actor, secret string, start time.Time) (Link, error) {
	var l Link
	return l, u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if l, err = u.link(ctx, tx, secret); err != nil {
			return err
		}
		return u.propose(ctx, tx, actor, l, start)
	})
}

// Propose proposes another beginning for an offer or a booking, as its mediator: what holds goes on
// holding until the desk has decided. Another proposal takes the place of the first. Faults: Invalid;
// Conflict mediation.settled when there is nothing to decide any more, mediation.proposals after too many;
// access.Missing for whoever it is not for.
func (u *UseCases) Propose(ctx context.Context, actor access.Actor, kind, object string, start time.Time) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		l, err := u.ownLink(ctx, tx, actor, kind, object)
		if err != nil {
			return err
		}
		return u.propose(ctx, tx, actor, l, start)
	})
}

func (u *UseCases) propose(ctx context.Context, tx *db.Tx, actor access.Actor, l Link, start time.Time) error {
	now := u.Clock()
	r, err := requestByID(ctx, tx, l.Request.ID)
	if err != nil {
		return err
	}
	if !l.Proposes(now) {
		return fault.Conflict("mediation.settled")
	}
	slot := Slot{Start: start, End: start.Add(r.Slot.End.Sub(r.Slot.Start))}
	if slot.Check("start") != nil || !start.After(now) || start.After(now.AddDate(0, 2, 0)) || start.Equal(r.Slot.Start) {
		return fault.Invalid("start", "mediation.proposal.when")
	}
	m, err := mediatorByID(ctx, tx, l.Mediator.ID)
	if err != nil {
		return err
	}
	there := r
	there.Slot, there.Mode = slot, l.Request.Mode
	c, err := u.candidate(ctx, tx, there, now, m)
	if err != nil {
		return err
	}
	if l.Kind == linkBooking {
		c.without(l.Object, slot, l.Request.Slot)
	}
	if Barred(now, there, c.willing(slot)) != nil {
		return fault.Invalid("start", "mediation.proposal.busy")
	}
	p := Proposal{ID: db.NewID(), Kind: l.Kind, Object: l.Object, Request: r.ID, Mediator: m.ID, Slot: slot}
	if err := insertProposal(ctx, tx, now, p); err != nil {
		return err
	}
	if err := u.TellDesk(ctx, tx, DeskCall{Key: "mediation.desk_proposal/" + p.ID, Template: "mediation.desk_proposal", Request: there}); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.request.answer", Kind: "mediation-request", Record: r.ID, Changes: []audit.Change{
		{Field: "answer", After: ByOtherTime}, {Field: "start", Before: r.Slot.Start.UTC().Format(time.RFC3339), After: start.UTC().Format(time.RFC3339)},
	}}); err != nil {
		return err
	}
	if l.Kind == linkOffer && r.State == Open {
		return u.hurry(ctx, tx, now, &r) // they can't come now
	}
	return nil
}

// insertProposal writes a proposal in the place of an earlier one about the same.
func insertProposal(ctx context.Context, tx *db.Tx, now time.Time, p Proposal) error {
	before, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_proposal WHERE object = $1`, p.Object)
	if err != nil {
		return err
	}
	if before >= mostProposals {
		return fault.Conflict("mediation.proposals")
	}
	if _, err := db.Exec(ctx, tx, `UPDATE mediation_proposal SET state = 'replaced', settled = $2 WHERE object = $1 AND state = 'open'`, p.Object, db.Millis(now)); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO mediation_proposal (id, kind, object, request, mediator, start, finish, state, created) VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8)`,
		p.ID, p.Kind, p.Object, p.Request, p.Mediator, db.Millis(p.Slot.Start), db.Millis(p.Slot.End), db.Millis(now))
	return err
}

// Proposes says whether another time can be proposed: what was asked is not settled and has not begun.
func (l Link) Proposes(now time.Time) bool {
	switch l.Kind {
	case linkOffer:
		return l.Request.State == Open && (l.State == "open" || l.State == DeclinedOffer)
	case linkBooking:
		return (l.State == "open" || l.State == string(Confirmed)) && l.Request.Slot.Start.After(now)
	}
	return false
}

// willing is a candidate who has said that they can come at a time: their hours and the notice that they
// want stand in nobody's way but their own. Times off that they have entered do.
func (c Candidate) willing(s Slot) Candidate {
	c.Exceptions = append(slices.Clone(c.Exceptions), Exception{Slot: s, Free: true})
	c.Mediator.Limits.Notice = 0
	return c
}

// without takes a booking out of what stands in the way of its own new time.
func (c *Candidate) without(booking string, to, was Slot) {
	c.Engagements = without(c.Engagements, booking)
	minutes := was.Minutes()
	if monthOf(to.Start) == monthOf(was.Start) {
		c.Loan.giveBack(was)
	}
	c.Worked = Worked{Day: max(c.Worked.Day-minutes, 0), Week: max(c.Worked.Week-minutes, 0), Contract: max(c.Worked.Contract-minutes, 0)}
}

// AnswerProposal is the desk's decision about another time. Accepted, the request is moved there with all
// its mediators, or for a call the one who proposed is booked: all of it or nothing. Declined, the mediator
// is told that the time stays. Faults: Conflict mediation.settled, mediation.taken, mediation.cap; access.Missing.
func (u *UseCases) AnswerProposal(ctx context.Context, actor access.Actor, request, proposal string, yes bool) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		r, err := u.requestFor(ctx, tx, actor, "mediation.request.edit", request)
		if err != nil {
			return err
		}
		list, err := proposalsOf(ctx, tx, request)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(p Proposal) bool { return p.ID == proposal })
		if i < 0 {
			return access.Missing()
		}
		p := list[i]
		if p.State != ProposalOpen || !p.Slot.Start.After(now) {
			return fault.Conflict("mediation.settled")
		}
		state, was := ProposalDeclined, r.Slot
		if yes {
			state = ProposalAccepted
		}
		if _, err := db.Exec(ctx, tx, `UPDATE mediation_proposal SET state = $2, settled = $3 WHERE id = $1`, p.ID, state, db.Millis(now)); err != nil {
			return err
		}
		changes := []audit.Change{{Field: "proposal", After: state}}
		if yes {
			b, err := u.takeProposal(ctx, tx, now, &r, p)
			if err != nil {
				return err
			}
			changes = append(changes, audit.Change{Field: "start", Before: was.Start.UTC().Format(time.RFC3339), After: p.Slot.Start.UTC().Format(time.RFC3339)})
			changes = append(changes, b.Why.changes()...)
		} else if err := u.keepTime(ctx, tx, p, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.request.edit", Kind: "mediation-request", Record: r.ID, Changes: changes})
	})
}

// takeProposal gives a request the time that was proposed.
func (u *UseCases) takeProposal(ctx context.Context, tx *db.Tx, now time.Time, r *Request, p Proposal) (Booking, error) {
	rules, err := rulesOf(ctx, tx, r.Member)
	if err != nil {
		return Booking{}, err
	}
	if p.Kind == linkBooking {
		if r.State != Booked || !r.Slot.Start.After(now) {
			return Booking{}, fault.Conflict("mediation.settled")
		}
		r.Slot = p.Slot
		return Booking{}, u.moveBookings(ctx, tx, now, r, rules, p.Mediator)
	}
	o, err := offerByID(ctx, tx, p.Object)
	if err != nil {
		return Booking{}, err
	}
	if r.State != Open && (r.State != Unmet || r.Settled.Before(now.Add(-afterGivingUp))) {
		return Booking{}, fault.Conflict("mediation.settled")
	}
	r.Slot, r.Mode, r.State, r.Settled = p.Slot, o.Mode, Booked, time.Time{}
	if err := u.withinCap(ctx, tx, rules, r.Member, []Request{*r}); err != nil {
		return Booking{}, err
	}
	if err := updateRequest(ctx, tx, r); err != nil {
		return Booking{}, err
	}
	m, err := mediatorByID(ctx, tx, p.Mediator)
	if err != nil {
		return Booking{}, err
	}
	b, err := u.book(ctx, tx, now, *r, 0, m.ID, Why{By: ByProposal}, rules)
	if err != nil {
		return Booking{}, err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE mediation_offer SET answer = 'accepted', answered = $2 WHERE id = $1`, o.ID, db.Millis(now)); err != nil {
		return Booking{}, err
	}
	if err := withdraw(ctx, tx, now, r.ID); err != nil {
		return Booking{}, err
	}
	if err := dropProposals(ctx, tx, now, r.ID); err != nil {
		return Booking{}, err
	}
	return b, u.announce(ctx, tx, b, m, *r)
}

// keepTime tells a mediator that the desk keeps the time, if there is still something to answer.
func (u *UseCases) keepTime(ctx context.Context, tx *db.Tx, p Proposal, r Request) error {
	l := Link{Kind: p.Kind, Object: p.Object, Mediator: Mediator{ID: p.Mediator}}
	if err := u.fill(ctx, tx, &l); err != nil {
		return err
	}
	if p.Kind == linkOffer || l.State != "open" && l.State != string(Confirmed) {
		return nil // a call goes on by itself
	}
	m, err := mediatorByID(ctx, tx, p.Mediator)
	if err != nil {
		return err
	}
	return u.call(ctx, tx, "mediation.kept", p.ID, m, r, linkTo{kind: p.Kind, object: p.Object, until: r.Slot.End.Add(keepLinks)})
}

// dropProposals settles the proposals of a request that was settled otherwise.
func dropProposals(ctx context.Context, tx *db.Tx, now time.Time, request string) error {
	_, err := db.Exec(ctx, tx, `UPDATE mediation_proposal SET state = 'withdrawn', settled = $2 WHERE request = $1 AND state = 'open'`, request, db.Millis(now))
	return err
}

// ExpireProposals ends the proposals whose time came before the desk answered. A job calls it.
func (u *UseCases) ExpireProposals(ctx context.Context) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		late, err := db.Rows(ctx, tx, scanProposal, `SELECT `+proposalColumns+` FROM mediation_proposal p JOIN mediation_mediator m ON m.id = p.mediator
			WHERE p.state = 'open' AND p.start <= $1 ORDER BY p.start LIMIT 100`, db.Millis(now))
		if err != nil {
			return err
		}
		for _, p := range late {
			if _, err := db.Exec(ctx, tx, `UPDATE mediation_proposal SET state = 'late', settled = $2 WHERE id = $1`, p.ID, db.Millis(now)); err != nil {
				return err
			}
			if err := byItself(ctx, tx, now, p.Request, "proposal_late"); err != nil {
				return err
			}
		}
		return nil
	})
}
