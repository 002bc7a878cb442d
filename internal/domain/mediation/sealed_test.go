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

// Why somebody needs a mediator is read by the mediator who comes: not by those who were merely asked, not
// before saying yes, and no longer when they did not come or a week has passed.
func TestWhoComesReadsWhatIsSealed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := actor("coop", access.Mediator)
		entry := o.enlist("Amal", func(m *mediation.Mediator) { m.Account = amal.Account })
		reads := func(when, id string, may, sealed bool) {
			t.Helper()
			f, err := o.File(t.Context(), amal, id)
			if may && (err != nil || (f.Request.Private.Reason == "nausea") != sealed) || !may && !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s: %+v %v", when, f.Request.Private, err)
			}
			list, n, err := o.Requests(t.Context(), amal, mediation.RequestQuery{ID: id, Size: 10})
			if err != nil || n != len(list) || (n == 1) != may {
				t.Errorf("%s: %d listed, %v", when, n, err)
			}
		}
		c, err := o.CallNow(t.Context(), desk, right())
		if err != nil {
			t.Fatal(err)
		}
		reads("offered", c.Request, false, false)
		if list, err := o.OwnOffers(t.Context(), amal, entry.ID); err != nil || len(list) != 1 {
			t.Errorf("the offer itself: %+v %v", list, err)
		}
		if _, err := o.AnswerLink(t.Context(), access.Actor{}, path.Base(o.told("mediation.offer")["Amal"].Link), true); err != nil {
			t.Fatal(err)
		}
		reads("booked", c.Request, true, true)
		state := func(state mediation.BookingState) {
			t.Helper()
			if _, err := db.Exec(t.Context(), d, `UPDATE mediation_booking SET state = $1 WHERE request = $2`, state, c.Request); err != nil {
				t.Fatal(err)
			}
		}
		for s, may := range map[mediation.BookingState]bool{
			mediation.Proposed: true, mediation.Finished: true, mediation.UserAbsent: true,
			mediation.MediatorAbsent: false, mediation.Cancelled: false, mediation.Declined: false,
		} {
			state(s)
			reads(string(s), c.Request, may, s != mediation.Proposed)
		}
		state(mediation.Finished)
		o.time = now.AddDate(0, 0, 6)
		reads("six days after", c.Request, true, true)
		o.time = now.AddDate(0, 0, 9)
		reads("nine days after", c.Request, false, false)
	})
}
