// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// A body that is to be present sees when, where and in which language, and nothing of the person; others see
// nothing, and what was called off is gone.
func TestMeetings(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.enlist("Amal", nil)
		q := need(10, 0)
		q.Mode, q.Link, q.Bodies = mediation.Video, "https://incontro.example/7", []string{"asp", "comune"}
		q.Private.Reason = "nausea"
		asked := o.ask(mediation.AskRequest{Request: q})
		o.ask(mediation.AskRequest{Request: need(14, 0)}) // of nobody else
		meetings := func(member string) []mediation.Meeting {
			t.Helper()
			list, err := o.Meetings(t.Context(), actor(member, access.DeskOperator))
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		want := []mediation.Meeting{{
			Request: asked.Requests[0], Body: mediation.Body{ID: "comune"}, Slot: mediation.Slot{Start: q.Slot.Start.UTC(), End: q.Slot.End.UTC()},
			Language: "ar", Mode: mediation.Video, Link: "https://incontro.example/7", State: mediation.Booked,
		}}
		if diff := cmp.Diff(want, meetings("asp")); diff != "" {
			t.Error(diff)
		}
		for _, member := range []string{"comune", "coop"} { // it asked, and it lends the mediator
			if list := meetings(member); len(list) > 0 {
				t.Errorf("%s takes part in no meeting of another: %+v", member, list)
			}
		}
		if _, err := o.File(t.Context(), actor("asp", access.DeskOperator), asked.Requests[0]); err == nil || !strings.Contains(err.Error(), "no_page") {
			t.Errorf("the request itself is for who asked: %v", err)
		}
		if err := o.Cancel(t.Context(), desk, asked.Requests[0]); err != nil {
			t.Fatal(err)
		}
		if list := meetings("asp"); len(list) > 0 {
			t.Errorf("it was called off: %+v", list)
		}
	})
}
