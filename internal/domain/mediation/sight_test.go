// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// makeSharing makes agreements and rules, and says which body may call the mediators of which.
func (o *office) makeSharing(t *rapid.T, ctx context.Context, tx *db.Tx) (calls func(body, other string) bool, err error) {
	agreed, rules := map[string]map[string]string{}, map[string]mediation.Rules{}
	for _, body := range append([]string{""}, accesstest.Members...) {
		agreed[body] = map[string]string{}
		if body != "" && rapid.Bool().Draw(t, "agreed") {
			agreed[body][rapid.SampledFrom(accesstest.Members).Draw(t, "with")] = "agreement"
		}
		if rapid.Bool().Draw(t, "decided") {
			r := mediation.Rules{Others: rapid.SampledFrom([]string{"", mediation.OthersLast, mediation.OthersAlong, mediation.OthersNever}).Draw(t, "others")}
			r.Common = body == "" && rapid.Bool().Draw(t, "common")
			rules[body] = r
			if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_rule (member, version, record) VALUES ($1, 1, $2)`, body, db.JSON(r)); err != nil {
				return nil, err
			}
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.partners = agreed
	return func(body, other string) bool {
		own, decided := rules[body]
		if !decided {
			own = rules[""]
		}
		return body != other && own.Others != mediation.OthersNever && (rules[""].Common || agreed[body][other] != "")
	}, nil
}

// makeMediators makes mediators of bodies of which some have agreements, some of them resident, some of whom came.
func (o *office) makeMediators(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
	if err := clear(ctx, tx); err != nil {
		return nil, err
	}
	calls, err := o.makeSharing(t, ctx, tx)
	if err != nil {
		return nil, err
	}
	var list []access.Resource
	accounts := rapid.Permutation(append([]string{""}, accesstest.Accounts...)).Draw(t, "accounts")
	for i := range rapid.IntRange(1, min(4, len(accounts))).Draw(t, "n") {
		member := rapid.SampledFrom(accesstest.Members).Draw(t, "member")
		standing := rapid.SampledFrom([]mediation.Standing{mediation.Listed, mediation.Listed, mediation.Suspended}).Draw(t, "standing")
		id, err := addMediator(ctx, tx, member, accounts[i], standing)
		if err != nil {
			return nil, err
		}
		lent := []string{}
		for _, body := range accesstest.Members {
			if calls(body, member) {
				lent = append(lent, body)
			}
		}
		resident, err := makeResidency(t, ctx, tx, id)
		if err != nil {
			return nil, err
		}
		served, err := makeVisit(t, ctx, tx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, access.Resource{Type: "Mediator", ID: id, Attributes: access.Attributes{
			"member": member, "account": accounts[i], "listed": standing == mediation.Listed, "known": slices.Concat(lent, resident, served),
		}})
	}
	return list, nil
}

// makeResidency puts a mediator into an office, or none, and says which bodies may use the hours.
func makeResidency(t *rapid.T, ctx context.Context, tx *db.Tx, mediator string) ([]string, error) {
	host, neighbour := rapid.SampledFrom(append([]string{""}, accesstest.Members...)).Draw(t, "host"), rapid.SampledFrom(accesstest.Members).Draw(t, "neighbour")
	if host == "" {
		return []string{}, nil
	}
	office, last := db.NewID(), rapid.SampledFrom([]string{"2027-02-28", "2027-03-01", "2027-06-30"}).Draw(t, "last")
	if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_residency (id, version, mediator, member, from_day, last_day, record) VALUES ($1, 1, $2, $3, '2027-02-01', $4, '{}')`, office, mediator, host, last); err != nil {
		return nil, err
	}
	if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_neighbour (residency, member) VALUES ($1, $2)`, office, neighbour); err != nil {
		return nil, err
	}
	if last < "2027-03-01" {
		return []string{}, nil
	}
	return []string{host, neighbour}, nil
}

// makeVisit makes a mediator come to the request of a body, or not, and says to whom they came.
func makeVisit(t *rapid.T, ctx context.Context, tx *db.Tx, mediator string) ([]string, error) {
	body := rapid.SampledFrom(append([]string{""}, accesstest.Members...)).Draw(t, "served")
	if body == "" {
		return []string{}, nil
	}
	id, state := db.NewID(), rapid.SampledFrom([]string{"done", "confirmed", "refused", "cancelled"}).Draw(t, "how")
	if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, record, created)
		VALUES ($1, 1, 'scheduled', $2, '', 'ar', 'phone', 0, 1, 'booked', '', 'A-1', '', '', '', '{}', 0)`, id, body); err != nil {
		return nil, err
	}
	if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, ended, created, changed)
		VALUES ($1, 1, $1, 0, $2, $3, 'phone', 0, 1, $4, '{}', '{}', '', 0, 0)`, id, mediator, body, state); err != nil {
		return nil, err
	}
	if state == "done" || state == "confirmed" {
		return []string{body}, nil
	}
	return []string{}, nil
}

// learns are the ways in which whoever asks for a body could come to know of mediators, with what each tells.
func (o *office) learns(member string) map[string]string {
	o.t.Helper()
	ctx := o.t.Context()
	seen := map[string]string{}
	say := func(way string, found any, err error) {
		o.t.Helper()
		if err != nil && !fault.Is(err, fault.KindConflict) && !fault.Is(err, fault.KindNotFound) {
			o.t.Fatalf("%s: %v", way, err)
		}
		seen[way] = fmt.Sprintf("%+v %v", found, err)
	}
	for _, role := range []access.Role{access.DeskOperator, access.MediationCoordinator} {
		who := actor(member, role)
		as := func(way string) string { return string(role) + " " + way }
		list, total, err := o.Roster(ctx, who, mediation.RosterQuery{Size: 100})
		say(as("roster"), list, err)
		_, searched, err := o.Roster(ctx, who, mediation.RosterQuery{Text: "amal", Language: "ar", Size: 100})
		say(as("count"), total+searched, err)
		all, err := db.Rows(ctx, o.db, db.Column[string], `SELECT id FROM mediation_mediator ORDER BY id`)
		if err != nil {
			o.t.Fatal(err)
		}
		for _, id := range all {
			m, err := o.Mediator(ctx, who, id)
			say(as("entry "+id), m.Name, err)
			asked, clashes, err := o.Ask(ctx, who, mediation.AskRequest{Request: need(20, 0), Mediators: []string{id}}) // nobody works then
			say(as("ask "+id), []any{asked, clashes}, err)
		}
		names, err := o.Callable(ctx, who, "ar")
		say(as("names"), names, err)
		q := mediation.FindRequest{Request: need(10, 0), Minutes: 60, Most: 5}
		options, err := o.Find(ctx, who, q)
		say(as("times"), options, err)
		options, err = o.FindSeries(ctx, who, q, 3, 7)
		say(as("series"), options, err)
		called, err := o.CallNow(ctx, who, right())
		if err != nil {
			o.t.Fatal(err)
		}
		f, err := o.File(ctx, who, called.Request)
		say(as("request"), f, err)
		skipped, err := o.Explain(ctx, who, called.Request)
		say(as("why"), skipped, err)
		phones, err := o.PhoneList(ctx, who, called.Request)
		say(as("telephones"), phones, err)
		day := calendar.DayOf(now, calendar.Rome()) + 3
		left := o.leave(who, day, 10, nil)
		plan, err := o.Plan(ctx, who, mediation.PlanQuery{From: day, To: day})
		say(as("plan"), plan, err)
		for _, id := range all {
			if role == access.MediationCoordinator && !strings.Contains(seen[as("plan")], id) {
				clashes, err := o.Share(ctx, who, []mediation.Chosen{{Request: left, Mediator: id}})
				say(as("plan of one's own "+id), clashes, err)
			}
		}
		for _, id := range []string{called.Request, left} {
			if err := o.Cancel(ctx, who, id); err != nil && !fault.Is(err, fault.KindConflict) { // nobody could be called
				o.t.Fatal(err)
			}
		}
		requests, _, err := o.Requests(ctx, who, mediation.RequestQuery{Size: 100})
		say(as("requests"), requests, err)
	}
	return seen
}

// A body learns the names of those whom it may call, and of those who came to it, and of nobody else, by whatever
// way its people ask.
func TestNamesAreForThoseWhoMayCall(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		amal := o.enlist("Amal", nil)
		none := func(when string) {
			t.Helper()
			for way, told := range o.learns("comune") {
				if strings.Contains(told, "Amal") || strings.HasSuffix(way, "count") && !strings.HasPrefix(told, "0 ") {
					t.Errorf("%s: %s tells %s", when, way, told)
				}
			}
		}
		some := func(when string, ways ...string) {
			t.Helper()
			seen := o.learns("comune")
			for _, way := range ways {
				if !strings.Contains(seen[way], "Amal") {
					t.Errorf("%s: %s does not tell: %s", when, way, seen[way])
				}
			}
		}
		known := []string{"desk-operator roster", "desk-operator entry " + amal.ID, "mediation-coordinator roster", "mediation-coordinator why"}
		callable := append([]string{"desk-operator names", "desk-operator times", "desk-operator series", "mediation-coordinator plan"}, known...)
		o.partners = nil
		none("without an agreement")
		o.partners = map[string]map[string]string{"comune": {"coop": "agreement-1"}}
		some("under an agreement", callable...)
		o.decide("comune", func(r *mediation.Rules) { r.Others = mediation.OthersNever })
		none("when the body calls its own alone")
		o.decide("comune", func(r *mediation.Rules) { r.Others = mediation.OthersLast })
		o.partners = nil
		o.decide("", func(r *mediation.Rules) { r.Common = true })
		some("when the list is common", callable...)
		o.decide("", func(r *mediation.Rules) { r.Common = false })
		if _, err := db.Exec(t.Context(), d, `INSERT INTO mediation_residency (id, version, mediator, member, from_day, last_day, record) VALUES ('r', 1, $1, 'comune', '2027-03-20', '2027-03-31', '{}')`, amal.ID); err != nil {
			t.Fatal(err)
		}
		some("before a residency", known...)
		if _, err := db.Exec(t.Context(), d, `DELETE FROM mediation_residency`); err != nil {
			t.Fatal(err)
		}
		none("without one again")
		o.partners = map[string]map[string]string{"comune": {"coop": "agreement-1"}}
		came := o.ask(mediation.AskRequest{Request: need(10, 0)})
		o.partners = nil
		some("who came, when the agreement has ended", append([]string{"desk-operator requests"}, known...)...)
		if f, err := o.File(t.Context(), desk, came.Requests[0]); err != nil || len(f.Bookings) != 1 || f.Bookings[0].Mediator.Name != "Amal" {
			t.Errorf("who is booked for one's own request: %+v %v", f.Bookings, err)
		}
		for _, way := range []string{"desk-operator names", "desk-operator times"} {
			if told := o.learns("comune")[way]; strings.Contains(told, "Amal") {
				t.Errorf("who may be called no more: %s tells %s", way, told)
			}
		}
	})
}
