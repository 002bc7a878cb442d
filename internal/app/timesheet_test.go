// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package app

import (
	"context"
	"slices"
	"strings"
	"testing"

	"approdo/internal/base/access"
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

// How long a session took, the desk that asked learns and nobody else does who has nothing to do with it.
func TestSessionsDoNotInterfere(t *testing.T) {
	t.Parallel()
	demo := newDemo(t)
	one, other := demo.run(t), demo.run(t)
	one.putSession(demo.bodies[0], 30)
	other.putSession(demo.bodies[0], 55)
	ask := func(who ...string) []accesstest.Question {
		return slices.DeleteFunc(one.reads(who), func(q accesstest.Question) bool {
			return !strings.Contains(q.Request.Path, "/mediation") && q.Request.Path != "/it/office"
		})
	}
	strangers := []string{string(access.Mediator), string(access.Supervisor), string(access.Trainer), string(access.DirectoryEditor), otherBody}
	if n := accesstest.NonInterference(t, one, other, ask(strangers...)); n < 50 {
		t.Errorf("only %d questions were asked", n)
	}
	if !accesstest.Interferes(one, other, ask(string(access.DeskOperator))) {
		t.Error("the desk is shown no difference either: the comparison proves nothing")
	}
}
