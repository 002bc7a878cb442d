// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"path"
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// When nobody answers, the coordinator telephones: numbers of one's own entries alone, each reading in the
// log, and a yes on the telephone books as an answer does.
func TestPhoneList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		lead := actor("comune", access.MediationCoordinator)
		oumou, err := o.Enlist(t.Context(), lead, mediation.Mediator{
			Name: "Oumou", Section: mediation.MediatorSection, Standing: mediation.Listed, Languages: []mediation.Language{{Code: "ar", Level: "C1"}},
			Modes: []mediation.Mode{mediation.Phone}, Hours: weekdays(9*60, 17*60), Contact: mediation.Contact{Phone: "+39 000 0001"},
		})
		if err != nil {
			t.Fatal(err)
		}
		amal := o.enlist("Amal", func(m *mediation.Mediator) { m.Contact = mediation.Contact{Phone: "+39 000 0002"} })
		called, err := o.CallNow(t.Context(), desk, right())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.PhoneList(t.Context(), desk, called.Request); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a desk reads numbers: %v", err)
		}
		list, err := o.PhoneList(t.Context(), lead, called.Request)
		if err != nil || len(list) != 2 || list[0].Candidate.Mediator.ID != oumou.ID || list[0].Phone != "+39 000 0001" || list[1].Candidate.Mediator.ID != amal.ID || !list[0].Kept || list[1].Kept || list[1].Phone != "" || !list[1].Step.Others {
			t.Fatalf("%+v %v", list, err)
		}
		if n, err := db.Row(t.Context(), d, db.Column[int], `SELECT count(*) FROM audit_event WHERE action = 'mediation.roster.read' AND is_read AND record = $1 AND changes LIKE '%phone%'`, oumou.ID); err != nil || n != 1 {
			t.Errorf("%d readings in the log, %v", n, err)
		}
		if _, err := o.AnswerLink(t.Context(), access.Actor{}, path.Base(o.told("mediation.offer")["Oumou"].Link), false); err != nil {
			t.Fatal(err)
		}
		if list, err := o.PhoneList(t.Context(), lead, called.Request); err != nil || len(list) != 1 {
			t.Errorf("who has said no is not telephoned: %+v %v", list, err)
		}
		for _, who := range []access.Actor{desk, coordinator, actor("altro", access.MediationCoordinator)} {
			if err := o.TakeByPhone(t.Context(), who, called.Request, amal.ID); !fault.Is(err, fault.KindNotFound) || o.claimed(amal.ID) != nil {
				t.Errorf("%s enters a yes to what they do not coordinate: %v", who.Account, err)
			}
		}
		if err := o.TakeByPhone(t.Context(), lead, called.Request, oumou.ID); err != nil { // and has thought better of it
			t.Fatal(err)
		}
		if why := o.why(called.Request); why.By != mediation.ByPhone || o.claimed(oumou.ID) == nil {
			t.Errorf("%+v", why)
		}
		if err := o.TakeByPhone(t.Context(), lead, called.Request, oumou.ID); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a second yes: %v", err)
		}
		if _, err := o.PhoneList(t.Context(), lead, called.Request); !fault.Is(err, fault.KindConflict) {
			t.Errorf("when somebody comes there is nobody to telephone: %v", err)
		}
	})
}

// The yes of a mediator whom another body lends is entered by the body that asks, under the agreement of the two and
// with the mediator told; not against what the mediator has answered, nor when the agreement is over.
func TestLentYesByPhone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		lead := actor("comune", access.MediationCoordinator)
		amal, badr := o.enlist("Amal", nil), o.enlist("Badr", nil)
		called, err := o.CallNow(t.Context(), desk, right())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.AnswerLink(t.Context(), access.Actor{}, path.Base(o.told("mediation.offer")["Badr"].Link), false); err != nil {
			t.Fatal(err)
		}
		if err := o.TakeByPhone(t.Context(), lead, called.Request, badr.ID); !fault.Is(err, fault.KindConflict) || o.claimed(badr.ID) != nil {
			t.Errorf("against their own no: %v", err)
		}
		agreed := o.partners
		o.partners = nil
		if err := o.TakeByPhone(t.Context(), lead, called.Request, amal.ID); !fault.Is(err, fault.KindConflict) || o.claimed(amal.ID) != nil {
			t.Errorf("without an agreement: %v", err)
		}
		o.partners = agreed
		if err := o.TakeByPhone(t.Context(), lead, called.Request, amal.ID); err != nil {
			t.Fatal(err)
		}
		if why := o.why(called.Request); why.By != mediation.ByPhone || why.From != "coop" || why.Under != "agreement-1" || o.claimed(amal.ID) == nil {
			t.Errorf("%+v", why)
		}
		if _, told := o.told("mediation.booked")["Amal"]; !told {
			t.Error("the mediator is not told")
		}
		if n := o.count(`SELECT count(*) FROM audit_event WHERE action = 'mediation.request.edit' AND changes LIKE '%coop%' AND changes LIKE '%agreement-1%' AND changes LIKE '%phone%'`); n != 1 {
			t.Errorf("%d lines in the log say under which agreement", n)
		}
	})
}
