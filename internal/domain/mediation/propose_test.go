// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"path"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// deskTold are the templates that desks were told since the last time, in order.
func (o *office) deskTold() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var list []string
	for _, c := range o.desk {
		list = append(list, c.Template)
	}
	o.desk = nil
	return list
}

// proposal is the one that waits for the desk.
func (o *office) proposal(request string) mediation.Proposal {
	o.t.Helper()
	f, err := o.File(o.t.Context(), desk, request)
	if err != nil || len(f.Proposals) == 0 || f.Proposals[0].State != mediation.ProposalOpen {
		o.t.Fatalf("%+v %v", f.Proposals, err)
	}
	return f.Proposals[0]
}

// tuesday is an hour of the Tuesday after now.
func tuesday(hour, minute int) time.Time { return need(hour, minute).Slot.Start }

// Whoever is booked proposes another time by the link; the desk accepts, and it is the same booking.
func TestProposeAnotherTime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", func(m *mediation.Mediator) { m.Asks = true })
		a := o.ask(mediation.AskRequest{Request: need(10, 0)})
		link := path.Base(o.told("mediation.proposed")["Amal"].Link)
		o.ask(mediation.AskRequest{Request: need(15, 0), Mediators: []string{amal.ID}})
		for name, wrong := range map[string]time.Time{"past": tuesday(10, 0).AddDate(0, 0, -7), "no five minutes": tuesday(12, 2), "engaged": tuesday(15, 30), "the same": tuesday(10, 0)} {
			if _, err := o.ProposeLink(t.Context(), access.Actor{}, link, wrong); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		first, free := a.Requests[0], tuesday(10, 30) // overlaps what she has for it already
		if _, err := o.ProposeLink(t.Context(), access.Actor{}, link, free); err != nil {
			t.Fatal(err)
		}
		if _, err := o.ProposeLink(t.Context(), access.Actor{}, link, tuesday(18, 0)); err != nil { // after her hours: she says that she can
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"mediation.desk_proposal", "mediation.desk_proposal"}, o.deskTold()); diff != "" {
			t.Error(diff)
		}
		p := o.proposal(first)
		if !p.Slot.Start.Equal(tuesday(18, 0)) || p.Name != "Amal" {
			t.Errorf("%+v", p)
		}
		if err := o.AnswerProposal(t.Context(), actor("asp", access.DeskOperator), first, p.ID, true); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("another body answers: %v", err)
		}
		if err := o.AnswerProposal(t.Context(), desk, first, p.ID, true); err != nil {
			t.Fatal(err)
		}
		f, err := o.File(t.Context(), desk, first)
		if err != nil || len(f.Bookings) != 1 || f.Bookings[0].State != mediation.Confirmed || !f.Request.Slot.Start.Equal(tuesday(18, 0)) {
			t.Errorf("%+v %v", f.Bookings, err)
		}
		if o.told("mediation.booked")["Amal"].Link == "" {
			t.Error("she is not told")
		}
		if err := o.AnswerProposal(t.Context(), desk, first, p.ID, true); !fault.Is(err, fault.KindConflict) {
			t.Errorf("accepted twice: %v", err)
		}
	})
}

// Declined, the time stays and she is told; and what the desk does not answer in time ends by itself.
func TestProposalDeclinedAndLate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", func(m *mediation.Mediator) { m.Account = "mediator-coop" })
		own := actor("coop", access.Mediator)
		a := o.ask(mediation.AskRequest{Request: need(10, 0)})
		id := a.Requests[0]
		if err := o.Propose(t.Context(), actor("asp", access.Mediator), "booking", a.Bookings[0], tuesday(12, 0)); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("somebody else's booking: %v", err)
		}
		if err := o.Propose(t.Context(), own, "booking", a.Bookings[0], tuesday(12, 0)); err != nil {
			t.Fatal(err)
		}
		if err := o.AnswerProposal(t.Context(), desk, id, o.proposal(id).ID, false); err != nil {
			t.Fatal(err)
		}
		if o.told("mediation.kept")["Amal"].Link == "" {
			t.Error("she is not told that the time stays")
		}
		if diff := cmp.Diff([]string{"b 09:00-10:00"}, o.claimed(amal.ID)); diff != "" {
			t.Error(diff)
		}
		if err := o.Propose(t.Context(), own, "booking", a.Bookings[0], tuesday(9, 0)); err != nil {
			t.Fatal(err)
		}
		p := o.proposal(id)
		o.time = tuesday(9, 5)
		if err := o.AnswerProposal(t.Context(), desk, id, p.ID, true); !fault.Is(err, fault.KindConflict) {
			t.Errorf("accepted when its time had come: %v", err)
		}
		if err := o.ExpireProposals(t.Context()); err != nil {
			t.Fatal(err)
		}
		if f, err := o.File(t.Context(), desk, id); err != nil || f.Proposals[1].State != mediation.ProposalLate {
			t.Errorf("%+v %v", f.Proposals, err)
		}
		o.time = now
		for range 3 {
			if err := o.Propose(t.Context(), own, "booking", a.Bookings[0], tuesday(12, 0)); err != nil {
				t.Fatal(err)
			}
		}
		if err := o.Propose(t.Context(), own, "booking", a.Bookings[0], tuesday(12, 0)); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a sixth: %v", err)
		}
		if err := o.Cancel(t.Context(), desk, id); err != nil {
			t.Fatal(err)
		}
		if f, err := o.File(t.Context(), desk, id); err != nil || f.Proposals[4].State != mediation.ProposalOff {
			t.Errorf("%+v %v", f.Proposals, err)
		}
	})
}

// On call, "in half an hour" lets the next wave go out at once, and the desk can still take it when nobody
// else could come.
func TestProposeOnCall(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", nil)
		called, err := o.CallNow(t.Context(), desk, right())
		if err != nil {
			t.Fatal(err)
		}
		link := path.Base(o.told("mediation.offer")["Amal"].Link)
		later := now.Add(40 * time.Minute)
		if _, err := o.ProposeLink(t.Context(), access.Actor{}, link, later); err != nil {
			t.Fatal(err)
		}
		if f, err := o.File(t.Context(), desk, called.Request); err != nil || f.Request.State != mediation.Unmet {
			t.Fatalf("nobody else is there: %+v %v", f.Request.State, err)
		}
		p := o.proposal(called.Request)
		if err := o.AnswerProposal(t.Context(), desk, called.Request, p.ID, true); err != nil {
			t.Fatal(err)
		}
		f, err := o.File(t.Context(), desk, called.Request)
		if err != nil || f.Request.State != mediation.Booked || len(f.Bookings) != 1 || f.Bookings[0].Why.By != mediation.ByProposal || f.Offers[0].Answer != mediation.Accepted {
			t.Errorf("%+v %v", f, err)
		}
		if diff := cmp.Diff([]string{"b 09:40-10:10"}, o.claimed(amal.ID)); diff != "" {
			t.Error(diff)
		}
	})
}
