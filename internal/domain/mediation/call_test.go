// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// right is a call that can be met: half an hour by telephone.
func right() mediation.CallRequest {
	return mediation.CallRequest{Minutes: 30, Request: mediation.Request{Language: "ar", Mode: mediation.Phone, Code: "A-17", Private: mediation.Private{Reason: "nausea", Nationality: "TN"}}}
}

func TestCallNow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", nil)
		for _, name := range []string{"Dina", "Hala", "Noor", "Rim", "Sana"} {
			o.enlist(name, func(m *mediation.Mediator) { m.Languages[0].Level = "B2" })
		}
		late := o.enlist("Zahra", func(m *mediation.Mediator) { m.Languages[0].Level = "B1" })
		called, err := o.CallNow(t.Context(), desk, right())
		if err != nil {
			t.Fatal(err)
		}
		first := o.told("mediation.offer")
		if len(first) != 5 || first["Zahra"].Link != "" || called.Offers != 5 {
			t.Fatalf("the first wave goes to the five best: %v", slices.Collect(maps.Keys(first)))
		}
		for _, c := range first {
			for _, text := range c.Args {
				if strings.Contains(text, "nausea") || text == "TN" || text == "A-17" {
					t.Errorf("a message tells about the person: %v", c.Args)
				}
			}
		}
		if err := o.Wave(t.Context(), o.waves[0]); err != nil {
			t.Fatal(err)
		}
		if err := o.Wave(t.Context(), o.waves[0]); err != nil { // the job runs twice
			t.Fatal(err)
		}
		second := o.told("mediation.offer")
		if len(second) != 2 || second["Zahra"].Mediator.ID != late.ID {
			t.Fatalf("the second wave goes to the others, once: %v", slices.Collect(maps.Keys(second)))
		}
		link := path.Base(first["Amal"].Link)
		if l, err := o.OpenLink(t.Context(), link); err != nil || l.State != "open" || l.Request.Code != "" || l.Request.Private.Reason != "" {
			t.Fatalf("%+v %v", l, err)
		}
		stranger := access.Actor{}
		if _, err := o.AnswerLink(t.Context(), stranger, link, true); err != nil {
			t.Fatal(err)
		}
		if _, err := o.AnswerLink(t.Context(), stranger, link, true); err != nil {
			t.Errorf("pressed twice: %v", err)
		}
		if diff := cmp.Diff([]string{"b 09:00-09:30"}, o.claimed(amal.ID)); diff != "" {
			t.Error(diff)
		}
		if _, err := o.AnswerLink(t.Context(), stranger, path.Base(second["Zahra"].Link), true); !fault.Is(err, fault.KindConflict) {
			t.Errorf("the second to accept: %v", err)
		}
		if l, err := o.OpenLink(t.Context(), path.Base(second["Zahra"].Link)); err != nil || l.State != mediation.Late {
			t.Errorf("%+v %v", l.State, err)
		}
		if _, err := o.OpenLink(t.Context(), link[:len(link)-2]+"AA"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a link that never was: %v", err)
		}
	})
}

// When nobody can come as was asked, the chain goes on with the next mode, and ends.
func TestFallback(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.enlist("Amal", func(m *mediation.Mediator) { m.Modes = []mediation.Mode{mediation.Phone} })
		q := right()
		q.Request.Mode, q.Request.Place = mediation.InPerson, bagheria
		if _, err := o.CallNow(t.Context(), desk, q); err != nil {
			t.Fatal(err)
		}
		offer := o.told("mediation.offer")["Amal"]
		if offer.Args["mode"] != string(mediation.Phone) {
			t.Fatalf("%v", offer.Args)
		}
		if _, err := o.AnswerLink(t.Context(), access.Actor{}, path.Base(offer.Link), false); err != nil {
			t.Fatal(err)
		}
		if l, err := o.OpenLink(t.Context(), path.Base(offer.Link)); err != nil || l.Request.State != mediation.Unmet {
			t.Errorf("nobody is left: %v %v", l.Request.State, err)
		}
	})
}

// Everybody accepts at the same moment: one has it.
func TestFirstToAccept(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		for _, name := range []string{"Amal", "Dina", "Hala", "Noor", "Rim"} {
			o.enlist(name, nil)
		}
		for round := range 3 {
			o.time = now.Add(time.Duration(round) * time.Hour)
			if _, err := o.CallNow(t.Context(), desk, right()); err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			var all sync.WaitGroup
			wins := 0
			for _, c := range o.told("mediation.offer") {
				all.Go(func() {
					_, err := o.AnswerLink(t.Context(), access.Actor{}, path.Base(c.Link), true)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						wins++
					} else if !fault.Is(err, fault.KindConflict) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if wins != 1 {
				t.Errorf("%d have it", wins)
			}
		}
	})
}

// Whoever says yes to two calls has the first; that the second can't be theirs is said, and it stays open for others.
func TestYesToTwoCalls(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.enlist("Amal", nil)
		var links []string
		for range 2 {
			if _, err := o.CallNow(t.Context(), desk, right()); err != nil {
				t.Fatal(err)
			}
			links = append(links, path.Base(o.told("mediation.offer")["Amal"].Link))
		}
		if _, err := o.AnswerLink(t.Context(), access.Actor{}, links[0], true); err != nil {
			t.Fatal(err)
		}
		if _, err := o.AnswerLink(t.Context(), access.Actor{}, links[1], true); !conflict(err, "mediation.engaged") {
			t.Errorf("the second yes: %v", err)
		}
		if l, err := o.OpenLink(t.Context(), links[1]); err != nil || l.State != "open" {
			t.Errorf("%s %v", l.State, err)
		}
	})
}

// Who wants to say yes first is held until then; without an answer the next best is asked.
func TestProposedAndExpired(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", func(m *mediation.Mediator) { m.Asks = true })
		dina := o.enlist("Dina", func(m *mediation.Mediator) { m.Languages[0].Level = "B2" })
		r := need(10, 0)
		r.Slot.Start, r.Slot.End = r.Slot.Start.AddDate(0, 0, 1), r.Slot.End.AddDate(0, 0, 1)
		o.ask(mediation.AskRequest{Request: r})
		if o.told("mediation.proposed")["Amal"].Link == "" || o.claimed(amal.ID) == nil {
			t.Fatal("she is asked, and held")
		}
		o.time = now.Add(13 * time.Hour)
		if err := o.Expire(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := o.claimed(amal.ID); got != nil {
			t.Errorf("still held: %v", got)
		}
		if o.told("mediation.booked")["Dina"].Link == "" || o.claimed(dina.ID) == nil {
			t.Error("the next best is not booked")
		}
	})
}

// TestCallsOfOneMoment: who has been asked to take one call is asked for others after those who have none.
func TestCallsOfOneMoment(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		for _, name := range []string{"Amal", "Dina", "Hala", "Iman", "Jana", "Kenza"} {
			o.enlist(name, nil)
		}
		for _, name := range []string{"Lina", "Mona", "Noor", "Rim"} {
			o.enlist(name, func(m *mediation.Mediator) { m.Languages[0].Level = "B2" })
		}
		call := func() (names []string) {
			if _, err := o.CallNow(t.Context(), desk, right()); err != nil {
				t.Fatal(err)
			}
			return slices.Sorted(maps.Keys(o.told("mediation.offer")))
		}
		first, second, third := call(), call(), call()
		if len(first) != 5 || slices.ContainsFunc(first, func(name string) bool { return name > "Kenza" }) {
			t.Errorf("the first call goes to the best: %v", first)
		}
		if len(second) != 5 || slices.ContainsFunc(second, func(name string) bool { return slices.Contains(first, name) }) {
			t.Errorf("the second asks %v, of whom some have the first: %v", second, first)
		}
		if diff := cmp.Diff(first, third); diff != "" { // all have one: the best of them
			t.Error(diff)
		}
		o.mu.Lock()
		o.time = o.time.Add(3 * time.Minute)
		o.mu.Unlock()
		if diff := cmp.Diff(first, call()); diff != "" { // who has not answered by now will not
			t.Error(diff)
		}
	})
}
