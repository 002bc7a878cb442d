// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// now is a Monday in winter.
var now = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)

// office is a network of two bodies with a roster.
type office struct {
	*mediation.UseCases
	t    testing.TB
	db   *db.DB
	mu   sync.Mutex
	keys map[string]bool
	time time.Time

	partners map[string]map[string]string // agreements, by body and other body
	accounts map[string]string            // of mediators, with their names

	soon  int // how often those who wait were to be tried again
	desk  []mediation.DeskCall
	calls []mediation.Call
	waves []mediation.WaveDue
}

func open(t testing.TB, d *db.DB) *office {
	t.Helper()
	o := &office{t: t, db: d, keys: map[string]bool{}, time: now, accounts: map[string]string{"mediator-coop": "Amal"}, partners: map[string]map[string]string{"comune": {"coop": "agreement-1"}, "coop": {"comune": "agreement-1"}}}
	guard, err := access.New(o.clock, access.Base(), mediation.Policy())
	if err != nil {
		t.Fatal(err)
	}
	o.UseCases = mediation.New(mediation.Deps{DB: d, Clock: o.clock, Guard: guard, Vault: o,
		Tell: func(_ context.Context, _ *db.Tx, c mediation.Call) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.calls = append(o.calls, c)
			return nil
		},
		TellDesk: func(_ context.Context, _ *db.Tx, c mediation.DeskCall) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.desk = append(o.desk, c)
			return nil
		},
		Accounts: func(context.Context, db.Querier, string) (map[string]string, error) {
			return o.accounts, nil
		},
		Partners: func(_ context.Context, _ db.Querier, member string, _ calendar.Day) (map[string]string, error) {
			o.mu.Lock()
			defer o.mu.Unlock()
			return o.partners[member], nil
		},
		Soon: func(context.Context, *db.Tx) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.soon++
			return nil
		},
		Later: func(_ context.Context, _ *db.Tx, w mediation.WaveDue, _ time.Duration) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.waves = append(o.waves, w)
			return nil
		},
	})
	return o
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.time
}

// Seal, Open and Destroy make a vault that one can look into: what is sealed is turned round.
func (o *office) Seal(_ context.Context, _ *db.Tx, subject, _ string, plain []byte) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.keys[subject] = true
	turned := slices.Clone(plain)
	slices.Reverse(turned)
	return turned, nil
}

func (o *office) Open(_ context.Context, _ db.Querier, subject, _ string, sealed []byte) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.keys[subject] {
		return nil, errors.New("the key was destroyed")
	}
	turned := slices.Clone(sealed)
	slices.Reverse(turned)
	return turned, nil
}

func (o *office) Destroy(_ context.Context, _ *db.Tx, subject string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.keys, subject)
	return nil
}

func actor(member string, roles ...access.Role) access.Actor {
	return access.Actor{Account: string(roles[0]) + "-" + member, Member: member, Roles: roles, Strong: true, SteppedUp: now, Via: audit.ViaPage}
}

var (
	desk        = actor("comune", access.DeskOperator)
	coordinator = actor("coop", access.MediationCoordinator)
)

// weekdays are working hours from Monday to Friday.
func weekdays(from, to calendar.Clock) []mediation.Weekly {
	var list []mediation.Weekly
	for d := time.Monday; d <= time.Friday; d++ {
		list = append(list, mediation.Weekly{Weekday: d, From: from, To: to})
	}
	return list
}

// enlist puts a mediator on the roster who speaks Arabic and works from nine to five unless change says otherwise.
func (o *office) enlist(name string, change func(*mediation.Mediator)) mediation.Mediator {
	o.t.Helper()
	m := mediation.Mediator{
		Name: name, Section: mediation.MediatorSection, Standing: mediation.Listed, Gender: "f",
		Languages: []mediation.Language{{Code: "ar", Level: "native", Written: true}},
		Modes:     mediation.Modes, Home: palermo, Hours: weekdays(9*60, 17*60),
	}
	if change != nil {
		change(&m)
	}
	m, err := o.Enlist(o.t.Context(), coordinator, m)
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

// need is a request for Arabic by telephone, an hour of the Tuesday after now.
func need(hour, minute int) mediation.Request {
	start := time.Date(2027, 3, 2, hour, minute, 0, 0, calendar.Rome())
	return mediation.Request{Kind: mediation.Scheduled, Language: "ar", Mode: mediation.Phone, Code: "A-17", Slot: mediation.Slot{Start: start, End: start.Add(time.Hour)}}
}

func (o *office) ask(q mediation.AskRequest) mediation.Asked {
	o.t.Helper()
	a, clashes, err := o.Ask(o.t.Context(), desk, q)
	if err != nil {
		o.t.Fatalf("%v %v", err, clashes)
	}
	return a
}

// told are the messages of a template since the last time, by the name of the mediator.
func (o *office) told(template string) map[string]mediation.Call {
	o.mu.Lock()
	defer o.mu.Unlock()
	found := map[string]mediation.Call{}
	for _, c := range o.calls {
		if c.Template == template {
			found[c.Mediator.Name] = c
		}
	}
	o.calls = nil
	return found
}

// claimed are the claims of a mediator as people read them.
func (o *office) claimed(mediator string) []string {
	o.t.Helper()
	claims, err := db.Rows(o.t.Context(), o.db, func(s db.Scanner) (mediation.Claim, error) {
		var c mediation.Claim
		return c, s.Scan(&c.Quantum, &c.Booking, &c.Travel)
	}, `SELECT five_minutes, booking, travel FROM mediation_claim WHERE mediator = $1 ORDER BY five_minutes`, mediator)
	if err != nil {
		o.t.Fatal(err)
	}
	for i := range claims {
		claims[i].Booking = "b"
	}
	return spans(claims)
}
