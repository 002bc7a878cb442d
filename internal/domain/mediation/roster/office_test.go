// SPDX-License-Identifier: EUPL-1.2

package roster_test

import (
	"bytes"
	"context"
	"crypto/sha256"
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
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// now is a Monday in winter, at ten in Italy.
var now = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)

var today = calendar.DayOf(now, calendar.Rome())

// office keeps the roster of the body "coop", in a network of three.
type office struct {
	*roster.UseCases
	t       *testing.T
	db      *db.DB
	mu      sync.Mutex
	keys    map[string]bool
	time    time.Time
	letters []roster.Letter
}

func open(t *testing.T, d *db.DB) *office {
	t.Helper()
	o := &office{t: t, db: d, keys: map[string]bool{}, time: now}
	guard, err := access.New(o.clock, access.Base(), mediation.Policy(), roster.Policy())
	if err != nil {
		t.Fatal(err)
	}
	m := mediation.New(mediation.Deps{DB: d, Clock: o.clock, Guard: guard, Vault: o,
		Tell:     func(context.Context, *db.Tx, mediation.Call) error { return nil },
		Accounts: func(context.Context, db.Querier, string) (map[string]string, error) { return nil, nil },
		Partners: func(context.Context, db.Querier, string, calendar.Day) (map[string]string, error) { return nil, nil },
		Later:    func(context.Context, *db.Tx, mediation.WaveDue, time.Duration) error { return nil },
	})
	o.UseCases = roster.New(roster.Deps{DB: d, Clock: o.clock, Guard: guard, Vault: o, Mediation: m,
		Write: func(_ context.Context, _ *db.Tx, l roster.Letter) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.letters = append(o.letters, l)
			return nil
		},
		Forget: func(ctx context.Context, tx *db.Tx, subject string) error {
			return errors.Join(m.Erased(ctx, tx, subject), o.Erased(ctx, tx, subject))
		},
	})
	o.must(d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		var list []network.Organization
		for _, id := range []string{"coop", "comune", "scuola"} {
			one := network.Organization{}
			one.ID, one.Name = id, "Ente "+id
			list = append(list, one)
		}
		return network.SaveOrganizations(ctx, tx, now, list)
	}))
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.time
}

// later moves the clock on by days.
func (o *office) later(days int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.time = o.time.AddDate(0, 0, days)
}

// Seal, Open, Destroy and Index make a vault that one can look into: what is sealed is turned round.
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

func (o *office) Index(purpose, value string) []byte {
	sum := sha256.Sum256([]byte(purpose + "/" + value))
	return sum[:]
}

func actor(member, account string, role access.Role) access.Actor {
	return access.Actor{Account: account, Member: member, Roles: []access.Role{role}, Strong: true, SteppedUp: now.AddDate(10, 0, 0), Via: audit.ViaPage}
}

var (
	first    = actor("coop", "first", access.MediationCoordinator)
	second   = actor("coop", "second", access.MediationCoordinator)
	stranger = actor("comune", "stranger", access.MediationCoordinator)
	desk     = actor("comune", "desk", access.DeskOperator)
)

// linkOf is the secret of the link of the last letter of a template.
func (o *office) linkOf(template string) string {
	o.t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, l := range slices.Backward(o.letters) {
		if l.Template == template {
			return strings.TrimPrefix(l.Link, "/mediators/follow/")
		}
	}
	o.t.Fatalf("no letter %q among %+v", template, o.letters)
	return ""
}

// enlist puts somebody on the roster who speaks Arabic.
func (o *office) enlist(name string, change func(*mediation.Mediator)) mediation.Mediator {
	o.t.Helper()
	m := mediation.Mediator{
		Name: name, Section: mediation.MediatorSection, Standing: mediation.Listed, Languages: []mediation.Language{{Code: "ar", Level: "native"}},
		Modes: []mediation.Mode{mediation.Phone}, Contact: mediation.Contact{Mail: "amal@rete.example"}, Act: mediation.Act{Number: "12/2027", Day: today},
	}
	if change != nil {
		change(&m)
	}
	m, err := o.Mediation.Enlist(o.t.Context(), first, m)
	o.must(err)
	return m
}

func (o *office) entry(id string) mediation.Mediator {
	o.t.Helper()
	m, err := o.Mediation.Entry(o.t.Context(), o.db, id)
	o.must(err)
	return m
}

func pdf(text string) *bytes.Reader { return bytes.NewReader([]byte("%PDF-1.7\n" + text)) }
