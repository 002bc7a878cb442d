// SPDX-License-Identifier: EUPL-1.2

package agenda_test

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/agenda"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/geo"
	"approdo/internal/kit/lang"
)

// now is a Monday in winter.
var now = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)

// office is a body with one mediator, and whoever asks for her.
type office struct {
	*agenda.UseCases
	Mediation *mediation.UseCases
	t         testing.TB
	db        *db.DB
	mu        sync.Mutex
	time      time.Time
	roles     []access.Role // of the account of the mediator, as they are now
	desk      []mediation.DeskCall
	amal      mediation.Mediator
}

var (
	desk        = actor(access.DeskOperator)
	coordinator = actor(access.MediationCoordinator)
	mediator    = actor(access.Mediator)
	voice       = agenda.Voice{Language: "it", Origin: "https://approdo.example"}
)

func actor(role access.Role) access.Actor {
	return access.Actor{Account: string(role), Member: "coop", Roles: []access.Role{role}, Strong: true, SteppedUp: now, Via: audit.ViaPage}
}

func open(t testing.TB, d *db.DB) *office {
	t.Helper()
	o := &office{t: t, db: d, time: now, roles: []access.Role{access.Mediator}}
	guard, err := access.New(o.clock, access.Base(), mediation.Policy())
	if err != nil {
		t.Fatal(err)
	}
	nobody := func(context.Context, *db.Tx) error { return nil }
	o.Mediation = mediation.New(mediation.Deps{DB: d, Clock: o.clock, Guard: guard, Vault: mirror{}, Soon: nobody,
		Tell: func(context.Context, *db.Tx, mediation.Call) error { return nil },
		Accounts: func(context.Context, db.Querier, string) (map[string]string, error) {
			return map[string]string{"mediator": "Amal"}, nil
		},
		Partners: func(context.Context, db.Querier, string, calendar.Day) (map[string]string, error) { return nil, nil },
		Later:    func(context.Context, *db.Tx, mediation.WaveDue, time.Duration) error { return nil },
		TellDesk: func(_ context.Context, _ *db.Tx, c mediation.DeskCall) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.desk = append(o.desk, c)
			return nil
		},
	})
	words, err := lang.Open()
	if err != nil {
		t.Fatal(err)
	}
	o.UseCases = agenda.New(agenda.Deps{DB: d, Clock: o.clock, Guard: guard, Vault: mirror{}, Mediation: o.Mediation, Words: words.Words,
		Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Actor: func(_ context.Context, account, member string) (access.Actor, error) {
			o.mu.Lock()
			defer o.mu.Unlock()
			return access.Actor{Account: account, Member: member, Roles: o.roles}, nil
		},
	})
	m := mediation.Mediator{
		Name: "Amal", Account: "mediator", Section: mediation.MediatorSection, Standing: mediation.Listed, Gender: "f", Modes: mediation.Modes,
		Languages: []mediation.Language{{Code: "ar", Level: "native", Written: true}}, Home: mediation.Place{Comune: "082053", Point: geo.Point{Lat: 38.1157, Lon: 13.3615}},
	}
	for d := time.Monday; d <= time.Friday; d++ {
		m.Hours = append(m.Hours, mediation.Weekly{Weekday: d, From: 9 * 60, To: 17 * 60})
	}
	if o.amal, err = o.Mediation.Enlist(t.Context(), coordinator, m); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.time
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.time = o.time.Add(d)
}

// mirror is a vault that one can look into: what is sealed is turned round.
type mirror struct{}

func (mirror) Seal(_ context.Context, _ *db.Tx, _, _ string, plain []byte) ([]byte, error) {
	turned := slices.Clone(plain)
	slices.Reverse(turned)
	return turned, nil
}

func (m mirror) Open(ctx context.Context, _ db.Querier, subject, column string, sealed []byte) ([]byte, error) {
	return m.Seal(ctx, nil, subject, column, sealed)
}

func (mirror) Destroy(context.Context, *db.Tx, string) error { return nil }

// at is an hour of the Wednesday two days after now, in Italy.
func at(hour, minute int) time.Time {
	return time.Date(2027, 3, 3, hour, minute, 0, 0, calendar.Rome())
}

// book asks for Amal by telephone for an hour.
func (o *office) book(start time.Time) (request, booking string) {
	o.t.Helper()
	a, clashes, err := o.Mediation.Ask(o.t.Context(), desk, mediation.AskRequest{Request: mediation.Request{
		Kind: mediation.Scheduled, Language: "ar", Mode: mediation.Phone, Code: "SEGRETO-17", Slot: mediation.Slot{Start: start, End: start.Add(time.Hour)},
	}})
	if err != nil {
		o.t.Fatalf("%v %v", err, clashes)
	}
	return a.Requests[0], a.Bookings[0]
}

// program is a password, and who it acts for.
func (o *office) program() (access.Actor, agenda.Key) {
	o.t.Helper()
	secret, err := o.MakeKey(o.t.Context(), mediator, agenda.App, "telefono", "it")
	if err != nil {
		o.t.Fatal(err)
	}
	actor, key, err := o.Enter(o.t.Context(), secret)
	if err != nil {
		o.t.Fatal(err)
	}
	return actor, key
}

// entries are the entries of a program, by name.
func (o *office) entries(k agenda.Key) map[string]agenda.Item {
	o.t.Helper()
	list, err := o.Items(o.t.Context(), k, voice)
	if err != nil {
		o.t.Fatal(err)
	}
	found := map[string]agenda.Item{}
	for _, i := range list {
		found[i.Name] = i
	}
	return found
}

// event is what a program sends.
func event(uid string, start, end time.Time, more ...string) []byte {
	const form = "20060102T150405Z"
	return []byte(strings.Join(append([]string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", "BEGIN:VEVENT", "UID:" + uid, "DTSTAMP:20270301T080000Z",
		"DTSTART:" + start.UTC().Format(form), "DTEND:" + end.UTC().Format(form), "SUMMARY:Dal dentista",
	}, append(more, "END:VEVENT", "END:VCALENDAR", "")...), "\r\n"))
}

// why is the reason of a refusal; "" for what was taken.
func why(t *testing.T, err error) agenda.Refusal {
	t.Helper()
	var no *agenda.RefusedError
	if err != nil && !errors.As(err, &no) {
		t.Fatal(err)
	}
	if no == nil {
		return ""
	}
	return no.Refusal
}

func missing(err error) bool { return fault.Is(err, fault.KindNotFound) }
