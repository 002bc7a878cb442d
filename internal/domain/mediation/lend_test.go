// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"context"
	"path"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// decide writes the rules of a body, changed from the usual ones.
func (o *office) decide(member string, change func(*mediation.Rules)) {
	o.t.Helper()
	r := mediation.UsualRules()
	who := actor(member, access.MediationCoordinator)
	if member == "" {
		who = actor("rete", access.NetworkAdministrator)
	}
	if old, own, err := o.Rules(o.t.Context(), who, member); err != nil {
		o.t.Fatal(err)
	} else if own {
		r = old
	}
	r.Member = member
	change(&r)
	if err := o.Decide(o.t.Context(), who, r); err != nil {
		o.t.Fatal(err)
	}
}

// enlistFor puts a mediator of another body than the cooperative on the roster.
func (o *office) enlistFor(member, name string) mediation.Mediator {
	o.t.Helper()
	m, err := o.Enlist(o.t.Context(), actor(member, access.MediationCoordinator), mediation.Mediator{
		Name: name, Section: mediation.MediatorSection, Standing: mediation.Listed, Gender: "f",
		Languages: []mediation.Language{{Code: "ar", Level: "B1", Written: true}}, Modes: mediation.Modes, Home: palermo, Hours: weekdays(9*60, 17*60),
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

// why is the reason that the only booking of a request keeps.
func (o *office) why(request string) mediation.Why {
	o.t.Helper()
	f, err := o.File(o.t.Context(), desk, request)
	if err != nil || len(f.Bookings) != 1 {
		o.t.Fatalf("%+v %v", f.Bookings, err)
	}
	return f.Bookings[0].Why
}

// Without an agreement in force on the day, another body's mediator is called by nobody, also not by name.
func TestMediatorsOfOthersNeedAnAgreement(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", nil)
		o.partners = nil
		for name, q := range map[string]mediation.AskRequest{"chosen": {Request: need(10, 0)}, "by name": {Request: need(10, 0), Mediators: []string{amal.ID}}} {
			_, clashes, err := o.Ask(t.Context(), desk, q)
			if !fault.Is(err, fault.KindConflict) || len(clashes) != 1 || cmp.Diff([]string{mediation.BarredAgreement}, clashes[0].Barred) != "" {
				t.Errorf("%s: %v %v", name, clashes, err)
			}
		}
		if list, err := o.Find(t.Context(), desk, mediation.FindRequest{Request: need(10, 0), Minutes: 60, Most: 5}); err != nil || len(list) != 0 {
			t.Errorf("times with somebody who may not be called: %v %v", list, err)
		}
		called, err := o.CallNow(t.Context(), desk, right())
		if err != nil || called.Offers != 0 || len(o.told("mediation.offer")) != 0 {
			t.Errorf("%+v %v", called, err)
		}
		// The list of the network is common: that is enough.
		o.decide("", func(r *mediation.Rules) { r.Common = true })
		first := o.ask(mediation.AskRequest{Request: need(10, 0)})
		if why := o.why(first.Requests[0]); why.From != "coop" || why.Under != mediation.UnderCommonList {
			t.Errorf("%+v", why)
		}
		// And so is an agreement, which the booking names.
		o.decide("", func(r *mediation.Rules) { r.Common = false })
		o.partners = map[string]map[string]string{"comune": {"coop": "agreement-7"}}
		second := o.ask(mediation.AskRequest{Request: need(12, 0)})
		if why := o.why(second.Requests[0]); why.From != "coop" || why.Under != "agreement-7" {
			t.Errorf("%+v", why)
		}
		if n, err := db.Row(t.Context(), d, db.Column[int], `SELECT count(*) FROM audit_event WHERE action = 'mediation.request.create' AND changes LIKE '%agreement-7%'`); err != nil || n != 1 {
			t.Errorf("the log names the agreement %d times: %v", n, err)
		}
		// A body that calls its own only does so.
		o.decide("comune", func(r *mediation.Rules) { r.Others = mediation.OthersNever })
		_, clashes, err := o.Ask(t.Context(), desk, mediation.AskRequest{Request: need(14, 0)})
		if !fault.Is(err, fault.KindConflict) || cmp.Diff([]string{mediation.BarredOthers}, clashes[0].Barred) != "" {
			t.Errorf("%v %v", clashes, err)
		}
	})
}

// An agreement that ends before the session allows none after it.
func TestAgreementOfTheDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.enlist("Amal", nil)
		last, _ := calendar.NewDay(2027, 3, 1)
		o.UseCases.Partners = func(_ context.Context, _ db.Querier, _ string, day calendar.Day) (map[string]string, error) {
			if day > last {
				return nil, nil
			}
			return map[string]string{"coop": "agreement-1"}, nil
		}
		if _, _, err := o.Ask(t.Context(), desk, mediation.AskRequest{Request: need(10, 0)}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("after its last day: %v", err)
		}
		if called, err := o.CallNow(t.Context(), desk, right()); err != nil || called.Offers != 1 {
			t.Errorf("on its last day: %+v %v", called, err)
		}
	})
}

// One's own come first, in all modes, and then those of others; along, the best of all.
func TestOthersComeLast(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		own := o.enlistFor("comune", "Oumou")
		o.enlist("Amal", nil)
		if a := o.ask(mediation.AskRequest{Request: need(10, 0)}); o.claimed(own.ID) == nil || o.why(a.Requests[0]).From != "" {
			t.Error("one's own comes first, though the other speaks it better")
		}
		options, err := o.Find(t.Context(), desk, mediation.FindRequest{Request: need(12, 0), Minutes: 60, From: need(12, 0).Slot.Start, Most: 1})
		if err != nil || len(options) != 1 || options[0].Best.Candidate.Mediator.ID != own.ID || options[0].Able != 2 {
			t.Errorf("%+v %v", options, err)
		}
		q := right()
		q.Request.Mode, q.Request.Place = mediation.InPerson, bagheria
		called, err := o.CallNow(t.Context(), desk, q)
		if err != nil {
			t.Fatal(err)
		}
		var asked []string // in order, with the mode
		for range 4 {
			for name, c := range o.told("mediation.offer") {
				asked = append(asked, name+" "+c.Args["mode"])
			}
			due := o.waves[len(o.waves)-1]
			if err := o.Wave(t.Context(), due); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]string{"Oumou in_person", "Oumou video", "Oumou phone", "Amal in_person"}, asked); diff != "" {
			t.Error(diff)
		}
		if err := o.Cancel(t.Context(), desk, called.Request); err != nil {
			t.Fatal(err)
		}
		o.decide("comune", func(r *mediation.Rules) { r.Others = mediation.OthersAlong })
		if called, err := o.CallNow(t.Context(), desk, q); err != nil || called.Offers != 2 {
			t.Errorf("along: %+v %v", called, err)
		}
	})
}

// What a body lends in a month has an end, whoever asks at the same moment.
func TestLentHours(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		var list []mediation.Mediator
		for _, name := range []string{"Amal", "Dina", "Hala", "Noor"} {
			list = append(list, o.enlist(name, nil))
		}
		o.decide("coop", func(r *mediation.Rules) { r.LendHours = 2 })
		var mu sync.Mutex
		var all sync.WaitGroup
		booked, refused := 0, 0
		for i := range 6 {
			all.Go(func() {
				_, clashes, err := o.Ask(t.Context(), desk, mediation.AskRequest{Request: need(10+i, 0)})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					booked++
				case fault.Is(err, fault.KindConflict):
					refused++
				default:
					t.Errorf("%v %v", clashes, err)
				}
			})
		}
		all.Wait()
		if booked != 2 || refused != 4 {
			t.Fatalf("%d hours lent of two, %d refused", booked, refused)
		}
		_, clashes, err := o.Ask(t.Context(), desk, mediation.AskRequest{Request: need(16, 0)})
		if !fault.Is(err, fault.KindConflict) || cmp.Diff([]string{mediation.BarredLent}, clashes[0].Barred) != "" {
			t.Errorf("%v %v", clashes, err)
		}
		april := need(10, 0)
		april.Slot.Start, april.Slot.End = april.Slot.Start.AddDate(0, 1, 0), april.Slot.End.AddDate(0, 1, 0)
		a := o.ask(mediation.AskRequest{Request: april}) // another month
		if err := o.Move(t.Context(), desk, a.Requests[0], mediation.Slot{Start: april.Slot.Start.Add(time.Hour), End: april.Slot.End.Add(time.Hour)}); err != nil {
			t.Errorf("a booking that is moved is not in its own way: %v", err)
		}
		// Of each mediator for all other bodies.
		o.decide("coop", func(r *mediation.Rules) { r.LendHours, r.LendMediatorHours = 0, 1 })
		o.partners["asp"] = map[string]string{"coop": "agreement-2"}
		asp := actor("asp", access.DeskOperator)
		fresh := 0 // who has not lent the hour of March yet
		for _, m := range list {
			f, err := o.Agenda(t.Context(), coordinator, m.ID, now, now.AddDate(0, 0, 20))
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Bookings) == 0 {
				fresh++
			}
		}
		for range fresh {
			if _, _, err := o.Ask(t.Context(), asp, mediation.AskRequest{Request: need(15, 0)}); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := o.Ask(t.Context(), asp, mediation.AskRequest{Request: need(16, 0)}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("an hour more than all have: %v", err)
		}
		own := actor("coop", access.DeskOperator)
		if _, _, err := o.Ask(t.Context(), own, mediation.AskRequest{Request: need(16, 0)}); err != nil {
			t.Errorf("their own body needs nobody's leave: %v", err)
		}
	})
}

// By answering, too: an agreement that has ended meanwhile, or hours that are used up, refuse the one who accepts.
func TestAcceptingNeedsTheAgreementToo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", nil)
		if _, err := o.CallNow(t.Context(), desk, right()); err != nil {
			t.Fatal(err)
		}
		link := path.Base(o.told("mediation.offer")["Amal"].Link)
		o.partners = nil
		if _, err := o.AnswerLink(t.Context(), access.Actor{}, link, true); !fault.Is(err, fault.KindConflict) {
			t.Errorf("%v", err)
		}
		if got := o.claimed(amal.ID); got != nil {
			t.Errorf("%v", got)
		}
	})
}

// What calling off costs is what the body that lends has said, and stands on the page before it is done.
func TestTermsAreThoseOfTheLender(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.enlist("Amal", nil)
		o.decide("coop", func(r *mediation.Rules) { r.CancelFree, r.CancelShare = 48*time.Hour, 80 })
		o.decide("comune", func(r *mediation.Rules) { r.CancelFree, r.CancelShare = time.Hour, 0 })
		a := o.ask(mediation.AskRequest{Request: need(10, 0)}) // in twenty-four hours
		f, err := o.File(t.Context(), desk, a.Requests[0])
		want := mediation.Terms{Conditions: mediation.Conditions{Costs: mediation.Costs{Free: 48 * time.Hour, CancelShare: 80, AbsentShare: 100}, From: "coop"}, FreeUntil: tuesday(10, 0).Add(-48 * time.Hour).UTC(), Minutes: 48}
		if err != nil || cmp.Diff(want, f.Bookings[0].Terms) != "" || !f.Bookings[0].Terms.Late(now) {
			t.Fatalf("%+v %v", f.Bookings[0].Terms, err)
		}
		if err := o.Cancel(t.Context(), desk, a.Requests[0]); err != nil {
			t.Fatal(err)
		}
		if minutes, err := db.Row(t.Context(), d, db.Column[int], `SELECT minutes FROM mediation_session WHERE booking = $1 AND outcome = 'cancelled_late'`, a.Bookings[0]); err != nil || minutes != 48 {
			t.Errorf("%d minutes owed, %v", minutes, err)
		}
	})
}
