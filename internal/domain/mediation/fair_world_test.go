// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"context"
	"time"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
)

// gave enters an hour that a mediator worked.
func (o *office) gave(m mediation.Mediator, language string, at time.Time) {
	o.t.Helper()
	if err := o.db.InTx(o.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		id := db.NewID()
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, record, created)
			VALUES ($1, 1, 'scheduled', 'comune', '', $2, 'phone', $3, $4, 'done', '', 'A-1', '', '', '', '{}', $3)`, id, language, db.Millis(at), db.Millis(at.Add(time.Hour))); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `INSERT INTO mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, ended, created, changed)
			VALUES ($1, 1, $1, 0, $2, 'comune', 'phone', $3, $4, 'done', '{}', '{}', '', $3, $3)`, id, m.ID, db.Millis(at), db.Millis(at.Add(time.Hour)))
		return err
	}); err != nil {
		o.t.Fatal(err)
	}
}

// listedSince changes since when a mediator can be called.
func (o *office) listedSince(m mediation.Mediator, since time.Time) {
	o.t.Helper()
	m.Since = since
	if _, err := db.Exec(o.t.Context(), o.db, `UPDATE mediation_mediator SET record = $2 WHERE id = $1`, m.ID, db.JSON(m)); err != nil {
		o.t.Fatal(err)
	}
}

// left takes a mediator off the list.
func (o *office) left(m mediation.Mediator) {
	o.t.Helper()
	if _, err := db.Exec(o.t.Context(), o.db, `UPDATE mediation_mediator SET state = 'left' WHERE id = $1`, m.ID); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) count(query string) int {
	o.t.Helper()
	n, err := db.Row(o.t.Context(), o.db, db.Column[int], query)
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

// makeListed makes mediators who can all be booked.
func makeListed(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
	if err := clear(ctx, tx); err != nil {
		return nil, err
	}
	var list []access.Resource
	for range rapid.IntRange(1, 4).Draw(t, "n") {
		member := rapid.SampledFrom(accesstest.Members).Draw(t, "member")
		id, err := addMediator(ctx, tx, member, "", mediation.Listed)
		if err != nil {
			return nil, err
		}
		list = append(list, access.Resource{Type: "Mediator", ID: id, Attributes: access.Attributes{"member": member, "account": "", "listed": true}})
	}
	return list, nil
}

func abs(n int) int {
	return max(n, -n)
}
