// SPDX-License-Identifier: EUPL-1.2

package roster_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// exec is a statement of a world.
func exec(ctx context.Context, tx *db.Tx, text string, args ...any) error {
	_, err := db.Exec(ctx, tx, text, args...)
	return err
}

func clear(ctx context.Context, tx *db.Tx, tables ...string) error {
	for _, table := range tables {
		if err := exec(ctx, tx, `DELETE FROM `+table); err != nil {
			return err
		}
	}
	return nil
}

func addMediator(ctx context.Context, tx *db.Tx, member, account string, standing mediation.Standing) (string, error) {
	id := db.NewID()
	return id, exec(ctx, tx, `INSERT INTO mediation_mediator (id, version, account, member, section, state, name, sort_name, record, created, changed)
		VALUES ($1, 1, $2, $3, 'mediator', $4, 'X', 'x', '{}', 0, 0)`, id, account, member, standing)
}

// ids are those of a list.
func ids[T any](list []T, err error, id func(T) string) ([]string, error) {
	var found []string
	for _, one := range list {
		found = append(found, id(one))
	}
	return found, err
}

// Every list of the roster holds what the policies say of each record.
func TestListsAgreeWithPolicies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		with := func(g *access.Guard) *roster.UseCases {
			u := *o.UseCases
			u.Guard = g
			return &u
		}
		way := func(list func(context.Context, access.Actor) ([]string, error)) map[string]accesstest.Way {
			return map[string]accesstest.Way{"list": list}
		}
		for _, l := range []accesstest.List{
			{Action: "mediation.application.read", Type: "Mediator", Make: makeApplicants, Ways: func(g *access.Guard) map[string]accesstest.Way {
				return way(func(ctx context.Context, a access.Actor) ([]string, error) {
					list, n, err := with(g).Applicants(ctx, a, "", 1, 100)
					if n != len(list) {
						t.Errorf("%d counted, %d listed", n, len(list))
					}
					return ids(list, err, func(a roster.Applicant) string { return a.Entry.ID })
				})
			}},
			{Action: "mediation.window.read", Type: "RosterWindow", Make: makeOwned("RosterWindow", `INSERT INTO mediation_window (id, version, member, section, from_day, last_day, record) VALUES ($1, 1, $2, 'mediator', '2027-01-01', '2027-02-01', '{}')`, "mediation_application", "mediation_window"), Ways: func(g *access.Guard) map[string]accesstest.Way {
				return way(func(ctx context.Context, a access.Actor) ([]string, error) {
					list, err := with(g).Windows(ctx, a)
					return ids(list, err, func(w roster.Window) string { return w.ID })
				})
			}},
			{Action: "mediation.import.run", Type: "RosterImport", Make: makeOwned("RosterImport", `INSERT INTO mediation_import (id, version, member, account, name, state, record, at) VALUES ($1, 1, $2, '', 'x', 'checked', '{}', 0)`, "mediation_import"), Ways: func(g *access.Guard) map[string]accesstest.Way {
				return way(func(ctx context.Context, a access.Actor) ([]string, error) {
					list, n, err := with(g).Imports(ctx, a, 1, 100)
					if n != len(list) {
						t.Errorf("%d counted, %d listed", n, len(list))
					}
					return ids(list, err, func(i roster.Import) string { return i.ID })
				})
			}},
			{Action: "mediation.residency.read", Type: "Residency", Make: makeResidencies, Ways: func(g *access.Guard) map[string]accesstest.Way {
				return map[string]accesstest.Way{
					"list": func(ctx context.Context, a access.Actor) ([]string, error) {
						list, err := with(g).Residencies(ctx, a, today)
						return ids(list, err, func(r roster.Residency) string { return r.ID })
					},
					"here today": func(ctx context.Context, a access.Actor) ([]string, error) {
						list, err := with(g).HereToday(ctx, a)
						return ids(list, err, func(p roster.Present) string { return p.ID })
					},
				}
			}},
			{Action: "mediation.posting.read", Type: "Posting", Make: makePostings, Ways: func(g *access.Guard) map[string]accesstest.Way {
				return way(func(ctx context.Context, a access.Actor) ([]string, error) {
					list, err := with(g).Postings(ctx, a, today)
					return ids(list, err, func(p roster.Posting) string { return p.ID })
				})
			}},
		} {
			accesstest.Agree(t, d, now, []access.Policy{access.Base(), mediation.Policy(), roster.Policy()}, l)
		}
	})
}

// makeOwned makes records that have a body and nothing else.
func makeOwned(kind, text string, tables ...string) func(*rapid.T, context.Context, *db.Tx) ([]access.Resource, error) {
	return func(t *rapid.T, ctx context.Context, tx *db.Tx) (list []access.Resource, err error) {
		if err := clear(ctx, tx, tables...); err != nil {
			return nil, err
		}
		for range rapid.IntRange(1, 3).Draw(t, "n") {
			id, member := db.NewID(), rapid.SampledFrom(accesstest.Members).Draw(t, "member")
			if err := exec(ctx, tx, text, id, member); err != nil {
				return nil, err
			}
			list = append(list, access.Resource{Type: kind, ID: id, Attributes: access.Attributes{"member": member}})
		}
		return list, nil
	}
}

func makeApplicants(t *rapid.T, ctx context.Context, tx *db.Tx) (list []access.Resource, err error) {
	if err := clear(ctx, tx, "mediation_application", "mediation_window", "mediation_mediator"); err != nil {
		return nil, err
	}
	if err := exec(ctx, tx, `INSERT INTO mediation_window (id, version, member, section, from_day, last_day, record) VALUES ('w', 1, 'x', 'mediator', '2027-01-01', '2027-02-01', '{}')`); err != nil {
		return nil, err
	}
	accounts := rapid.Permutation(append([]string{""}, accesstest.Accounts...)).Draw(t, "accounts")
	for i := range rapid.IntRange(1, min(3, len(accounts))).Draw(t, "n") {
		member, standing := rapid.SampledFrom(accesstest.Members).Draw(t, "member"), rapid.SampledFrom(mediation.Standings).Draw(t, "standing")
		id, err := addMediator(ctx, tx, member, accounts[i], standing)
		if err != nil {
			return nil, err
		}
		if err := exec(ctx, tx, `INSERT INTO mediation_application (id, time_window, language, sent) VALUES ($1, 'w', 'it', 0)`, id); err != nil {
			return nil, err
		}
		list = append(list, access.Resource{Type: "Mediator", ID: id, Attributes: access.Attributes{"member": member, "account": accounts[i], "listed": standing == mediation.Listed}})
	}
	return list, nil
}

func makeResidencies(t *rapid.T, ctx context.Context, tx *db.Tx) (list []access.Resource, err error) {
	if err := clear(ctx, tx, "mediation_neighbour", "mediation_residency", "mediation_application", "mediation_mediator"); err != nil {
		return nil, err
	}
	mediator, err := addMediator(ctx, tx, accesstest.Members[0], "", mediation.Listed)
	if err != nil {
		return nil, err
	}
	for range rapid.IntRange(1, 3).Draw(t, "n") {
		id, member := db.NewID(), rapid.SampledFrom(accesstest.Members).Draw(t, "member")
		if err := exec(ctx, tx, `INSERT INTO mediation_residency (id, version, mediator, member, from_day, last_day, record) VALUES ($1, 1, $2, $3, $4, $4, $5)`, id, mediator, member, today.String(),
			db.JSON(mediation.ResidencyFile{Hours: []mediation.Weekly{{Weekday: 1, From: 540, To: 780}}})); err != nil {
			return nil, err
		}
		bodies := []string{member}
		if other := rapid.SampledFrom(accesstest.Members).Draw(t, "neighbour"); other != member && rapid.Bool().Draw(t, "shared") {
			if err := exec(ctx, tx, `INSERT INTO mediation_neighbour (residency, member) VALUES ($1, $2)`, id, other); err != nil {
				return nil, err
			}
			bodies = append(bodies, other)
		}
		list = append(list, access.Resource{Type: "Residency", ID: id, Attributes: access.Attributes{"member": member, "bodies": bodies}})
	}
	return list, nil
}

func makePostings(t *rapid.T, ctx context.Context, tx *db.Tx) (list []access.Resource, err error) {
	if err := clear(ctx, tx, "mediation_posting"); err != nil {
		return nil, err
	}
	for range rapid.IntRange(1, 3).Draw(t, "n") {
		id, member := db.NewID(), rapid.SampledFrom(accesstest.Members).Draw(t, "member")
		host, account := rapid.SampledFrom(accesstest.Members).Draw(t, "host"), rapid.SampledFrom(accesstest.Accounts).Draw(t, "account")
		if err := exec(ctx, tx, `INSERT INTO mediation_posting (id, version, member, host, account, from_day, last_day, record) VALUES ($1, 1, $2, $3, $4, $5, '', '{}')`, id, member, host, account, today.String()); err != nil {
			return nil, err
		}
		list = append(list, access.Resource{Type: "Posting", ID: id, Attributes: access.Attributes{"member": member, "account": account, "bodies": []string{member, host}}})
	}
	return list, nil
}
