// SPDX-License-Identifier: EUPL-1.2

package timesheet_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
)

// now is a Monday in winter.
var now = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)

// office is a network of two bodies with one mediator, and the time of whoever tests.
type office struct {
	*timesheet.UseCases
	Mediation *mediation.UseCases
	t         testing.TB
	db        *db.DB
	mediator  mediation.Mediator

	mu    sync.Mutex
	keys  map[string]bool
	time  time.Time
	calls []mediation.Call
	desks []mediation.DeskCall
}

func open(t testing.TB, d *db.DB) *office {
	t.Helper()
	o := &office{t: t, db: d, keys: map[string]bool{}, time: now}
	guard, err := access.New(o.clock, access.Base(), mediation.Policy(), timesheet.Policy())
	if err != nil {
		t.Fatal(err)
	}
	o.Mediation = mediation.New(mediation.Deps{DB: d, Clock: o.clock, Guard: guard, Vault: o,
		Tell: func(_ context.Context, _ *db.Tx, c mediation.Call) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.calls = append(o.calls, c)
			return nil
		},
		TellDesk: func(_ context.Context, _ *db.Tx, c mediation.DeskCall) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.desks = append(o.desks, c)
			return nil
		},
		Accounts: func(context.Context, db.Querier, string) (map[string]string, error) {
			return map[string]string{"mediator-coop": "Amal"}, nil
		},
		Partners: func(context.Context, db.Querier, string, calendar.Day) (map[string]string, error) {
			return map[string]string{"coop": "agreement-1"}, nil
		},
		Later: func(context.Context, *db.Tx, mediation.WaveDue, time.Duration) error { return nil },
	})
	receipts, err := upload.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o.UseCases = timesheet.New(timesheet.Deps{DB: d, Clock: o.clock, Guard: guard, Vault: o, Mediation: o.Mediation, Receipts: receipts,
		Name: func(_ context.Context, _ db.Querier, account string) (string, error) {
			return "Nome di " + account, nil
		},
	})
	o.mediator = o.enlist("Amal", "mediator-coop")
	return o
}

// enlist puts a mediator of the cooperative on the roster, who works from nine to five by telephone.
func (o *office) enlist(name, account string) mediation.Mediator {
	o.t.Helper()
	m := mediation.Mediator{
		Name: name, Account: account, Section: mediation.MediatorSection, Standing: mediation.Listed, Gender: "f",
		Languages: []mediation.Language{{Code: "ar", Level: "native"}}, Modes: []mediation.Mode{mediation.Phone}, Rates: []mediation.Rate{{Mode: mediation.Phone, Cents: 24_00}},
	}
	for d := time.Monday; d <= time.Friday; d++ {
		m.Hours = append(m.Hours, mediation.Weekly{Weekday: d, From: 9 * 60, To: 17 * 60})
	}
	m, err := o.Mediation.Enlist(o.t.Context(), coordinator, m)
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.time
}

func (o *office) at(t time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.time = t
}

// Seal, Open and Destroy make a vault that one can look into: what is sealed is turned round.
func (o *office) Seal(_ context.Context, _ *db.Tx, subject, _ string, plain []byte) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if whole, made := o.keys[subject]; made && !whole {
		return nil, fault.NotFound("vault.destroyed")
	}
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
	o.keys[subject] = false
	return nil
}

func actor(member string, role access.Role) access.Actor {
	return access.Actor{Account: string(role) + "-" + member, Member: member, Roles: []access.Role{role}, Strong: true, SteppedUp: now, Via: audit.ViaPage}
}

var (
	desk        = actor("comune", access.DeskOperator)
	coordinator = actor("coop", access.MediationCoordinator)
	mediator    = actor("coop", access.Mediator)
	stranger    = actor("altro", access.MediationCoordinator)
)

// book books an hour by telephone on a day of March 2027 and gives the booking with its slot.
func (o *office) book(day, hour int) (string, mediation.Slot) {
	o.t.Helper()
	start := time.Date(2027, 3, day, hour, 0, 0, 0, calendar.Rome())
	slot := mediation.Slot{Start: start, End: start.Add(time.Hour)}
	a, clashes, err := o.Mediation.Ask(o.t.Context(), desk, mediation.AskRequest{Request: mediation.Request{Kind: mediation.Scheduled, Language: "ar", Mode: mediation.Phone, Code: "A-17", Slot: slot}})
	if err != nil {
		o.t.Fatal(err, clashes)
	}
	return a.Bookings[0], slot
}

// must fails the test when something that should work does not.
func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// held books an hour and lets it take place, up to the report.
func (o *office) held(day, hour int) string {
	o.t.Helper()
	id, slot := o.book(day, hour)
	o.at(slot.End)
	o.must(o.Report(o.t.Context(), mediator, timesheet.Door{Booking: id}, timesheet.Report{Began: slot.Start, Ended: slot.End, Done: []string{"interpreting"}, Topics: []string{"health"}}))
	return id
}

func (o *office) session(id string) timesheet.Session {
	o.t.Helper()
	f, err := o.File(o.t.Context(), desk, id)
	o.must(err)
	return f.Session
}

// states are where a booking and its request stand.
func (o *office) states(id string) string {
	o.t.Helper()
	both, err := db.Row(o.t.Context(), o.db, func(s db.Scanner) ([2]string, error) {
		var b [2]string
		return b, s.Scan(&b[0], &b[1])
	}, `SELECT b.state, r.state FROM mediation_booking b JOIN mediation_request r ON r.id = b.request WHERE b.id = $1`, id)
	o.must(err)
	return both[0] + " " + both[1]
}

// secret is that of the last link that was sent.
func (o *office) secret() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.TrimPrefix(o.calls[len(o.calls)-1].Link, "/mediation/answer/")
}

// project is one in which the body that asks does an activity.
func (o *office) project() timesheet.Charge {
	o.t.Helper()
	p := network.Project{Code: "PROVA", Title: "Progetto di prova", Lead: "comune", Activities: []network.Activity{{ID: "act-1", Kind: "mediation", What: "Mediazione agli sportelli", Body: "comune", Hours: network.Hours{"": 10}}}}
	o.must(o.db.InTx(o.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return network.AddProjects(ctx, tx, []network.Project{p})
	}))
	return timesheet.Charge{Project: "PROVA", Activity: "act-1"}
}
