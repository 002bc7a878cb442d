// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"testing"

	"approdo/internal/base/access/accesstest"
	"approdo/internal/kit/db"
)

// putSession enters an hour of mediation of a body, of which so many minutes were countersigned.
func (r *running) putSession(member string, minutes int) {
	r.t.Helper()
	at := db.Millis(still)
	if err := r.app.DB.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		return enter(ctx, tx, []row{
			{`INSERT INTO mediation_mediator (id, version, account, member, section, state, name, sort_name, record, created, changed) VALUES ($1, 1, '', $2, 'mediator', 'suspended', 'Qualcuno', 'qualcuno', '{}', $3, $3)`, []any{hiddenService, member, at}},
			{`INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, record, created) VALUES ($1, 1, 'scheduled', $2, '', 'ar', 'phone', $3, $4, 'done', '', 'A-1', '', '', '', '{}', $3)`, []any{hiddenService, member, at - 7_200_000, at - 3_600_000}},
			{`INSERT INTO mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, ended, created, changed) VALUES ($1, 1, $1, 0, $1, $2, 'phone', $3, $4, 'done', '{}', '{}', '', $3, $3)`, []any{hiddenService, member, at - 7_200_000, at - 3_600_000}},
			{`INSERT INTO mediation_session (booking, version, mediator, member, keeper, outcome, state, day, minutes, travel, expenses, rate, project, activity, timesheet, record, changed) VALUES ($1, 1, $1, $2, $2, 'held', 'confirmed', $3, $4, 0, 0, 2200, '', '', '', '{}', $5)`, []any{hiddenService, member, still.Format("2006-01-02"), minutes, at}},
		})
	}); err != nil {
		r.t.Fatal(err)
	}
}

// How long a session of another body took, nobody outside of it learns from any page, list or file.
func TestSessionsDoNotInterfere(t *testing.T) {
	t.Parallel()
	demo := newDemo(t)
	one, other := demo.run(t), demo.run(t)
	one.putSession(demo.bodies[1], 30)
	other.putSession(demo.bodies[1], 55)
	accesstest.NonInterference(t, one, other, one.reads(demo.but(otherBody)))
	if !accesstest.Interferes(one, other, one.reads([]string{otherBody})) {
		t.Error("its own body is shown no difference either: the comparison proves nothing")
	}
}
