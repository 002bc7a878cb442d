// SPDX-License-Identifier: EUPL-1.2

package timesheet_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// The lists of sessions and timesheets hold what the policies say of each.
func TestListsAgreeWithPolicies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		files := []access.Policy{access.Base(), mediation.Policy(), timesheet.Policy()}
		with := func(g *access.Guard) *timesheet.UseCases {
			u := *o.UseCases
			u.Guard = g
			return &u
		}
		accesstest.Agree(t, d, now, files, accesstest.List{Action: "mediation.session.read", Type: "MediationSession", Make: makeSessions, Ways: func(g *access.Guard) map[string]accesstest.Way {
			return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
				list, n, err := with(g).Sessions(ctx, a, timesheet.Query{Size: 100})
				for _, s := range list {
					ids = append(ids, s.Booking)
				}
				if n != len(ids) {
					t.Errorf("%d counted, %d listed", n, len(ids))
				}
				return ids, err
			}}
		}})
		accesstest.Agree(t, d, now, files, accesstest.List{Action: "mediation.timesheet.read", Type: "MediationTimesheet", Make: makeSheets, Ways: func(g *access.Guard) map[string]accesstest.Way {
			return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
				list, n, err := with(g).Timesheets(ctx, a, "2027-03", 1, 100)
				for _, s := range list {
					ids = append(ids, s.Mediator)
				}
				if n != len(ids) {
					t.Errorf("%d counted, %d listed", n, len(ids))
				}
				return ids, err
			}}
		}})
	})
}

// one makes a mediator with a session in March 2027, and takes away what an earlier round has made.
func one(ctx context.Context, tx *db.Tx, keeper, account, member string) (mediator, booking string, err error) {
	mediator, booking = db.NewID(), db.NewID()
	request := db.NewID()
	for _, s := range []struct {
		text string
		args []any
	}{
		{`INSERT INTO mediation_mediator (id, version, account, member, section, state, name, sort_name, record, created, changed) VALUES ($1, 1, $2, $3, 'mediator', 'listed', 'X', 'x', '{}', 0, 0)`, []any{mediator, account, keeper}},
		{`INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, record, created) VALUES ($1, 1, 'scheduled', $2, '', 'ar', 'phone', 0, 1, 'done', '', 'A-1', '', '', '', '{}', 0)`, []any{request, member}},
		{`INSERT INTO mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, ended, created, changed) VALUES ($1, 1, $2, 0, $3, $4, 'phone', 0, 1, 'done', '{}', '{}', '', 0, 0)`, []any{booking, request, mediator, member}},
		{`INSERT INTO mediation_session (booking, version, mediator, member, keeper, outcome, state, day, minutes, travel, expenses, rate, project, activity, timesheet, record, changed) VALUES ($1, 1, $2, $3, $4, 'held', 'reported', '2027-03-02', 60, 0, 0, 0, '', '', '', '{}', 0)`, []any{booking, mediator, member, keeper}},
	} {
		if _, err := db.Exec(ctx, tx, s.text, s.args...); err != nil {
			return "", "", err
		}
	}
	return mediator, booking, nil
}

func clear(ctx context.Context, tx *db.Tx) error {
	for _, table := range []string{"mediation_session", "mediation_booking", "mediation_request", "mediation_language", "mediation_mediator"} {
		if _, err := db.Exec(ctx, tx, `DELETE FROM `+table); err != nil {
			return err
		}
	}
	return nil
}

func makeSessions(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
	return makeSome(t, ctx, tx, func(mediator, booking, keeper, account, member string) access.Resource {
		return access.Resource{Type: "MediationSession", ID: booking, Attributes: access.Attributes{"member": member, "keeper": keeper, "account": account}}
	})
}

func makeSheets(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
	return makeSome(t, ctx, tx, func(mediator, booking, keeper, account, member string) access.Resource {
		return access.Resource{Type: "MediationTimesheet", ID: mediator, Attributes: access.Attributes{"member": keeper, "account": account}}
	})
}

func makeSome(t *rapid.T, ctx context.Context, tx *db.Tx, resource func(mediator, booking, keeper, account, member string) access.Resource) ([]access.Resource, error) {
	if err := clear(ctx, tx); err != nil {
		return nil, err
	}
	var list []access.Resource
	accounts := rapid.Permutation(append([]string{""}, accesstest.Accounts...)).Draw(t, "accounts")
	for i := range rapid.IntRange(1, 4).Draw(t, "n") {
		keeper, member := rapid.SampledFrom(accesstest.Members).Draw(t, "keeper"), rapid.SampledFrom(accesstest.Members).Draw(t, "member")
		mediator, booking, err := one(ctx, tx, keeper, accounts[i], member)
		if err != nil {
			return nil, err
		}
		list = append(list, resource(mediator, booking, keeper, accounts[i], member))
	}
	return list, nil
}
