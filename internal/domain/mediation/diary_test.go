// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// A node that remembers what mediators have to do finds what one finds that has just begun, whatever another
// node has changed meanwhile, and however long ago it last looked.
func TestWhatIsRememberedIsWhatIsThere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal, dina := o.enlist("Amal", func(*mediation.Mediator) {}), o.enlist("Dina", func(m *mediation.Mediator) { m.Languages[0].Level = "C1" })
		other := mediation.New(o.Deps)
		found := func(u *mediation.UseCases) (list []string) {
			t.Helper()
			options, err := u.Find(t.Context(), desk, mediation.FindRequest{Request: need(10, 0), Minutes: 60, From: o.clock(), Most: 60})
			if err != nil || len(options) == 0 {
				t.Fatalf("%d times: %v", len(options), err)
			}
			for _, one := range options {
				list = append(list, one.Slot.Start.Format(time.RFC3339)+" "+one.Best.Candidate.Mediator.Name+" "+cmp.Diff(nil, one.Best.Why))
			}
			return list
		}
		before := found(o.UseCases)
		look := func(what string, same bool) {
			t.Helper()
			remembered := found(o.UseCases)
			if diff := cmp.Diff(found(mediation.New(o.Deps)), remembered); diff != "" {
				t.Errorf("after %s it finds what is not there: %s", what, diff)
			}
			if same != (cmp.Diff(before, remembered) == "") {
				t.Errorf("after %s the times found are the same: %t", what, !same)
			}
			before = remembered
		}
		book := func(m mediation.Mediator, hour int) string {
			t.Helper()
			r := need(hour, 0)
			r.Slot = mediation.Slot{Start: r.Slot.Start.AddDate(0, 0, 1), End: r.Slot.End.AddDate(0, 0, 1)}
			asked, _, err := other.Ask(t.Context(), desk, mediation.AskRequest{Request: r, Mediators: []string{m.ID}})
			if err != nil {
				t.Fatal(err)
			}
			return asked.Requests[0]
		}
		look("nothing", true)
		first := book(amal, 10)
		look("a booking", false)
		second := book(dina, 10)
		third := book(amal, 12)
		look("another", false)
		to := need(15, 0).Slot
		if err := other.Move(t.Context(), desk, second, mediation.Slot{Start: to.Start.AddDate(0, 0, 2), End: to.End.AddDate(0, 0, 2)}); err != nil {
			t.Fatal(err)
		}
		look("moving one", false)
		move := need(15, 30).Slot
		if err := other.Move(t.Context(), desk, third, mediation.Slot{Start: move.Start.AddDate(0, 0, 2), End: move.End.AddDate(0, 0, 2)}); err != nil {
			t.Fatal(err)
		}
		look("moving another to the same time", false)
		if err := other.Cancel(t.Context(), desk, first); err != nil {
			t.Fatal(err)
		}
		look("calling one off", false)
		o.mu.Lock()
		o.time = o.time.AddDate(0, 0, 120)
		o.mu.Unlock()
		look("four months", false)
		late := mediation.New(o.Deps)
		found(late)
		if diff := cmp.Diff(explained(t, mediation.New(o.Deps), second), explained(t, late, second)); diff != "" {
			t.Errorf("what is longer ago than it remembers is not there: %s", diff)
		}
	})
}

// explained is what a node says of everybody who could have come to a request.
func explained(t *testing.T, u *mediation.UseCases, request string) (list []string) {
	t.Helper()
	ranked, err := u.Explain(t.Context(), actor(desk.Member, access.MediationCoordinator), request)
	if err != nil || len(ranked) != 2 {
		t.Fatalf("%d are explained: %v", len(ranked), err)
	}
	for _, one := range ranked {
		list = append(list, one.Candidate.Mediator.Name+" "+cmp.Diff(nil, one.Why))
	}
	return list
}
