// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package app

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
)

// whisper is what a request for mediation tells of a person.
type whisper struct{ Code, Case, Where, Reason, Nationality string }

var (
	oneWhisper   = whisper{"A-101", "C-7", "Consultorio", "una visita", "TN"}
	otherWhisper = whisper{"Z-999", "C-88", "Sportello antiviolenza", "una denuncia", "MA"}
)

// putRequest enters a request of a body, booked with a mediator of the roster, about somebody.
func (r *running) putRequest(member string, about whisper) {
	r.t.Helper()
	private, err := json.Marshal(mediation.Private{Reason: about.Reason, Nationality: about.Nationality})
	if err != nil {
		r.t.Fatal(err)
	}
	at := db.Millis(still) + 86_400_000
	record := mediation.Request{Seats: 1, Place: mediation.Place{Name: about.Where}, Contact: about.Where}
	if err := r.app.DB.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		sealed, err := r.app.Vault.Seal(ctx, tx, hiddenService, "mediation.private", private)
		if err != nil {
			return err
		}
		return enter(ctx, tx, []row{
			{`INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, record, sealed, created)
				VALUES ($1, 1, 'scheduled', $2, '', 'ar', 'phone', $3, $4, 'booked', '', $5, $6, '', '', $7, $8, $3)`,
				[]any{hiddenService, member, at, at + 3_600_000, about.Code, about.Case, db.JSON(record), sealed}},
			{`INSERT INTO mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, ended, created, changed)
				VALUES ($1, 1, $1, 0, 'example-mediator-2', $2, 'phone', $3, $4, 'confirmed', $5, '{}', '', $6, $6)`,
				[]any{hiddenService, member, at, at + 3_600_000, db.JSON(record.Place), db.Millis(still)}},
		})
	}); err != nil {
		r.t.Fatal(err)
	}
}

// putLoad leaves a request of a body about somebody to the plan, and lets the first body plan it: the list of
// the network is common.
func (r *running) putLoad(member, planner string, about whisper) {
	r.t.Helper()
	private, err := json.Marshal(mediation.Private{Reason: about.Reason, Nationality: about.Nationality})
	if err != nil {
		r.t.Fatal(err)
	}
	at := db.Millis(still) + 4*86_400_000
	record := mediation.Request{Seats: 1, Plan: true, Place: mediation.Place{Name: about.Where, Address: about.Where, Comune: "082053"}, Contact: about.Where, Present: about.Where}
	common := mediation.UsualRules()
	common.Common = true
	if err := r.app.DB.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		sealed, err := r.app.Vault.Seal(ctx, tx, hiddenService, "mediation.private", private)
		if err != nil {
			return err
		}
		return enter(ctx, tx, []row{
			{`DELETE FROM mediation_rule`, nil},
			{`INSERT INTO mediation_rule (member, version, record) VALUES ('', 1, $1)`, []any{db.JSON(common)}},
			{`INSERT INTO mediation_rule (member, version, record, planner) VALUES ($1, 1, $2, $3)`, []any{member, db.JSON(mediation.UsualRules()), planner}},
			{`INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, record, sealed, created)
				VALUES ($1, 1, 'scheduled', $2, '', 'ar', 'phone', $3, $4, 'open', '', $5, $6, '', '', $7, $8, $3)`,
				[]any{hiddenService, member, at, at + 3_600_000, about.Code, about.Case, db.JSON(record), sealed}},
		})
	}); err != nil {
		r.t.Fatal(err)
	}
}

// aboutRequests are the questions that could tell of a request: mediation, what is searched, told, counted
// and logged.
func (r *running) aboutRequests(who []string) []accesstest.Question {
	return slices.DeleteFunc(r.reads(who), func(q accesstest.Question) bool {
		for _, part := range []string{"mediation", "calendar", "/office/search", "/office/log", "/office/notices", "/office/messages", "/office/seen", "/open", "/api"} {
			if strings.Contains(q.Request.Path, part) {
				return false
			}
		}
		return !strings.HasSuffix(q.Request.Path, "/office")
	})
}

// For whom a mediator was asked, and why, is known to the body that asked and to nobody else: no page, list,
// count, search or export of another body, of an auditor or of whoever runs the network tells.
func TestRequestsDoNotInterfere(t *testing.T) {
	t.Parallel()
	demo := newDemo(t)
	t.Run("of one's own body", func(t *testing.T) {
		t.Parallel()
		one, other := demo.run(t), demo.run(t)
		one.putRequest(demo.bodies[0], oneWhisper)
		other.putRequest(demo.bodies[0], otherWhisper)
		knowing := []string{string(access.DeskOperator), string(access.CaseWorker), string(access.TeamCoordinator), string(access.MediationCoordinator)}
		strangers := []string{string(access.NetworkAdministrator), string(access.BodyAdministrator), string(access.Mediator), string(access.Supervisor), string(access.ProjectCoordinator), string(access.Auditor), string(access.DataProtectionOfficer), otherBody}
		if n := accesstest.NonInterference(t, one, other, one.aboutRequests(strangers)); n < 100 {
			t.Errorf("only %d questions were asked", n)
		}
		for _, who := range knowing {
			if !accesstest.Interferes(one, other, one.aboutRequests([]string{who})) {
				t.Errorf("%s is shown no difference: the comparison proves nothing", who)
			}
		}
	})
	t.Run("of another body", func(t *testing.T) {
		t.Parallel()
		one, other := demo.run(t), demo.run(t)
		one.putRequest(demo.bodies[1], oneWhisper)
		other.putRequest(demo.bodies[1], otherWhisper)
		near := []string{string(access.DeskOperator), string(access.MediationCoordinator), string(access.Mediator), string(access.NetworkAdministrator), string(access.Auditor), otherBody}
		accesstest.NonInterference(t, one, other, one.aboutRequests(near))
		desk := access.Actor{Account: "desk", Member: demo.bodies[1], Roles: []access.Role{access.DeskOperator}, Strong: true, Via: audit.ViaPage}
		a, err := one.app.Mediation.File(t.Context(), desk, hiddenService)
		if err != nil {
			t.Fatal(err)
		}
		b, err := other.app.Mediation.File(t.Context(), desk, hiddenService)
		if err != nil || a.Request.Private == b.Request.Private || a.Request.Code == b.Request.Code {
			t.Errorf("its own desk is shown no difference: the comparison proves nothing: %v", err)
		}
	})
	t.Run("of another body, in its plan", func(t *testing.T) {
		t.Parallel()
		worlds := map[string]*running{}
		for name, world := range map[string]struct {
			planner string
			about   *whisper
		}{"nothing": {"", nil}, "one": {"", &oneWhisper}, "shared": {demo.bodies[0], &oneWhisper}, "shared otherwise": {demo.bodies[0], &otherWhisper}} {
			worlds[name] = demo.run(t)
			if world.about != nil {
				worlds[name].putLoad(demo.bodies[1], world.planner, *world.about)
			} else {
				worlds[name].putLoad(demo.bodies[1], world.planner, oneWhisper)
				if _, err := db.Exec(t.Context(), worlds[name].app.DB, `DELETE FROM mediation_request WHERE id = $1`, hiddenService); err != nil {
					t.Fatal(err)
				}
			}
		}
		var plan []accesstest.Question
		for _, who := range []string{string(access.MediationCoordinator), string(access.NetworkAdministrator), string(access.BodyAdministrator), string(access.Auditor)} {
			plan = append(plan, accesstest.Question{Who: who, Request: accesstest.Request{Method: http.MethodGet, Path: "/it/office/mediation/plan", Accept: "text/html"}})
		}
		accesstest.NonInterference(t, worlds["nothing"], worlds["one"], plan)
		accesstest.NonInterference(t, worlds["shared"], worlds["shared otherwise"], plan)
		if !accesstest.Interferes(worlds["one"], worlds["shared"], plan[:1]) {
			t.Error("who plans for another body is shown no difference: the comparison proves nothing")
		}
	})
}
