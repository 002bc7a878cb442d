// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package app

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/kit/db"
)

// putApplicant enters somebody who applied for the roster of a body, with what they wrote and what an
// evaluator noted.
func (r *running) putApplicant(member, window, name, wrote string) {
	r.t.Helper()
	at := db.Millis(still)
	record := mediation.Mediator{Languages: []mediation.Language{{Code: "ar", Level: "native"}}, Modes: []mediation.Mode{mediation.Phone}, Remarks: wrote}
	if err := r.app.DB.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		seal := func(column string, value any) []byte {
			plain, err := json.Marshal(value)
			if err != nil {
				r.t.Fatal(err)
			}
			sealed, err := r.app.Vault.Seal(ctx, tx, hiddenService, column, plain)
			if err != nil {
				r.t.Fatal(err)
			}
			return sealed
		}
		return enter(ctx, tx, []row{
			{`INSERT INTO mediation_mediator (id, version, account, member, section, state, name, sort_name, record, sealed, created, changed) VALUES ($1, 1, '', $2, 'mediator', 'applied', $3, $4, $5, $6, $7, $7)`,
				[]any{hiddenService, member, name, name, db.JSON(record), seal("mediation.contact", mediation.Contact{Mail: wrote + "@prova.example"}), at}},
			{`INSERT INTO mediation_application (id, time_window, language, sent, sealed) VALUES ($1, $2, 'ar', $3, $4)`, []any{hiddenService, window, at, seal("mediation.statement", roster.Statement{Experience: wrote})}},
			{`INSERT INTO mediation_points (mediator, account, points, sealed, at) VALUES ($1, 'somebody', '[7]', $2, $3)`, []any{hiddenService, seal("mediation.notes", wrote), at}},
			{`INSERT INTO mediation_decision (id, mediator, kind, act, act_day, until, due, account, at, sealed) VALUES ($1, $1, 'appeal', '', '2026-11-20', '', '2026-12-20', '', $2, $3)`, []any{hiddenService, at, seal("mediation.reason", wrote)}},
		})
	}); err != nil {
		r.t.Fatal(err)
	}
}

// Who applied for a roster, with what, and what was noted of them, is known to those who judge for the same
// body: no page of anybody else differs.
func TestApplicationsDoNotInterfere(t *testing.T) {
	t.Parallel()
	demo := newDemo(t)
	one, other := demo.run(t), demo.run(t)
	one.putApplicant(demo.bodies[0], ownRecord, "Samira Prova", "in ospedale")
	other.putApplicant(demo.bodies[0], ownRecord, "Zeta Diversa", "in carcere")
	strangers := []string{string(access.NetworkAdministrator), string(access.BodyAdministrator), string(access.DeskOperator), string(access.Mediator), string(access.CaseWorker), string(access.Auditor), string(access.DataProtectionOfficer), otherBody}
	if n := accesstest.NonInterference(t, one, other, one.aboutRequests(strangers)); n < 100 {
		t.Errorf("only %d questions were asked", n)
	}
	if !accesstest.Interferes(one, other, one.aboutRequests([]string{string(access.MediationCoordinator)})) {
		t.Error("who judges is shown no difference: the comparison proves nothing")
	}
}

// putColleague enters a mediator of a body that is on the list, and makes the list common or not.
func (r *running) putColleague(member, name string, common bool) {
	r.t.Helper()
	record := mediation.Mediator{Languages: []mediation.Language{{Code: "ar", Level: "native"}}, Modes: []mediation.Mode{mediation.Phone}}
	rules := mediation.UsualRules()
	rules.Common = common
	if err := r.app.DB.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		return enter(ctx, tx, []row{
			{`DELETE FROM mediation_rule WHERE member = ''`, nil},
			{`INSERT INTO mediation_rule (member, version, record) VALUES ('', 1, $1)`, []any{db.JSON(rules)}},
			{`INSERT INTO mediation_mediator (id, version, account, member, section, state, name, sort_name, record, created, changed) VALUES ($1, 1, '', $2, 'mediator', 'listed', $3, $4, $5, $6, $6)`,
				[]any{hiddenService, member, name, strings.ToLower(name), db.JSON(record), db.Millis(still)}},
			{`INSERT INTO mediation_language (mediator, code) VALUES ($1, 'ar')`, []any{hiddenService}},
		})
	}); err != nil {
		r.t.Fatal(err)
	}
}

// The name of a mediator whom a body may not call is told to nobody there: no page, list, search, export or answer
// differs. When the list is common, it is.
func TestNamesOfMediatorsDoNotInterfere(t *testing.T) {
	t.Parallel()
	demo := newDemo(t)
	one, other := demo.run(t), demo.run(t)
	for r, name := range map[*running]string{one: "Samira Prova", other: "Zeta Diversa"} {
		r.putColleague("a-body-without-agreement", name, false)
	}
	desks := []string{string(access.DeskOperator), string(access.CaseWorker), string(access.TeamCoordinator), string(access.MediationCoordinator)}
	if n := accesstest.NonInterference(t, one, other, one.aboutRequests(append([]string{otherBody, string(access.Mediator)}, desks...))); n < 100 {
		t.Errorf("only %d questions were asked", n)
	}
	shared, same := demo.run(t), demo.run(t)
	shared.putColleague("a-body-without-agreement", "Samira Prova", true)
	same.putColleague("a-body-without-agreement", "Zeta Diversa", true)
	for _, who := range desks {
		if !accesstest.Interferes(shared, same, shared.aboutRequests([]string{who})) {
			t.Errorf("%s is shown no difference when the list is common: the comparison proves nothing", who)
		}
	}
}
