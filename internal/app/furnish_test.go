// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"strings"
	"testing"

	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/base/notice"
	"approdo/internal/base/register"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/db"
	"approdo/internal/kit/upload"
)

// The kinds of records that the demo does not have: one of the body that everybody acts for, one of
// another. Identifiers tell which.
const (
	ownRecord   = "0190a1b2-0001-7000-8000-000000000001"
	otherRecord = "0190a1b2-0001-7000-8000-000000000002"
)

// furnish enters them. What is kept sealed, or made by a job, has no text here: nobody is to read it.
func (w *demoWorld) furnish(t *testing.T, a *App) {
	t.Helper()
	paper, err := a.Network.Files.Keep("file", strings.NewReader("%PDF-1.7\n%%EOF\n"), upload.Documents)
	if err != nil {
		t.Fatal(err)
	}
	var dot bytes.Buffer
	if err := png.Encode(&dot, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	photo, err := a.Census.Photos.Keep("photo", &dot, census.Photographs)
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := a.Timesheet.Receipts.Keep("file", strings.NewReader("%PDF-1.7\n%%EOF\n"), upload.Documents)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.DB.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		third, err := db.Row(ctx, tx, db.Column[string], `SELECT id FROM network_organization WHERE id <> $1 AND id <> $2 ORDER BY id LIMIT 1`, w.bodies[0], w.bodies[1])
		if err != nil {
			return err
		}
		for i, id := range []string{ownRecord, otherRecord} {
			if err := w.furnishBody(ctx, tx, id, w.bodies[i], third, paper, photo); err != nil {
				return err
			}
			if err := furnishSession(ctx, tx, id, w.bodies[i], receipt); err != nil {
				return err
			}
			if err := furnishRoster(ctx, tx, a, id, w.bodies[i], third); err != nil {
				return err
			}
			if err := keepStates(ctx, tx, id, w.bodies[i], third); err != nil {
				return err
			}
		}
		return w.furnishNetwork(ctx, tx)
	}); err != nil {
		t.Fatal(err)
	}
}

// furnishSession enters what a mediator has reported of a booking.
func furnishSession(ctx context.Context, tx *db.Tx, id, body string, receipt upload.Kept) error {
	return enter(ctx, tx, []row{{`INSERT INTO mediation_session (booking, version, mediator, member, keeper, outcome, state, day, minutes, travel, expenses, rate, project, activity, timesheet, record, changed)
		VALUES ($1, 1, 'example-mediator-1', $2, $2, 'held', 'reported', '2026-11-20', 60, 0, 500, 2200, '', '', '', $3, $4)`,
		[]any{id, body, db.JSON(timesheet.Session{Spent: []timesheet.Expense{{Kind: "bus", Cents: 500, Receipt: receipt}}}), db.Millis(still)}}})
}

// furnishNetwork enters what is no body's own.
func (w *demoWorld) furnishNetwork(ctx context.Context, tx *db.Tx) error {
	trainer, err := db.Row(ctx, tx, db.Column[string], `SELECT id FROM identity_account WHERE email = 'trainer@rete.example'`)
	if err != nil {
		return err
	}
	fund, err := db.Row(ctx, tx, db.Column[string], `SELECT code FROM network_fund ORDER BY code LIMIT 1`)
	if err != nil {
		return err
	}
	state, err := network.FundByCode(ctx, tx, fund)
	if err != nil {
		return err
	}
	at := db.Millis(still)
	return enter(ctx, tx, []row{
		{`INSERT INTO register_accessibility (id, at, page, text, mail, language) VALUES ($1, 0, '/it', 'Il testo è troppo chiaro', '', 'it')`, []any{ownRecord}},
		{keptByNetwork, []any{network.KindFund, fund, at, db.JSON(state)}},
		{`INSERT INTO directory_missed_search (hash, language, words, visits, day) VALUES ($1, 'it', 'corso di sci', 7, '2026-11-20')`, []any{ownRecord}},
		{`INSERT INTO notice_subscription (id, account, endpoint, sealed, device, made_at) VALUES ($1, $2, $3, $3, 'Un telefono', $4)`, []any{ownRecord, trainer, []byte(ownRecord), at}},
		{`INSERT INTO identity_external (id, account_id, issuer, subject, created_at) VALUES ($1, $2, 'https://login.example', 'x', $3)`, []any{ownRecord, trainer, at}},
	})
}

const keptByNetwork = `INSERT INTO network_version (kind, record_id, version, at, account, member, via, action, content) VALUES ($1, $2, 1, $3, '', '', '', 'network.found', $4)`

// keepStates enters what makes a way back: the first state of each record, a merge that may be undone,
// a working copy that waits for whoever publishes.
func keepStates(ctx context.Context, tx *db.Tx, id, body, third string) error {
	member, err := network.MemberByID(ctx, tx, body)
	if err != nil {
		return err
	}
	content := func(query string, args ...any) (string, error) {
		return db.Row(ctx, tx, db.Column[string], query, args...)
	}
	project, err := content(`SELECT record FROM network_project WHERE code = $1`, id)
	if err != nil {
		return err
	}
	agreement, err := content(`SELECT record FROM network_agreement WHERE id = $1`, id)
	if err != nil {
		return err
	}
	processing, err := content(`SELECT record FROM register_processing WHERE id = $1`, id)
	if err != nil {
		return err
	}
	service, err := content(`SELECT id FROM directory_service WHERE organization_id = $1 ORDER BY id LIMIT 1`, body)
	if err != nil {
		return err
	}
	at := db.Millis(still)
	return enter(ctx, tx, []row{
		{keptByNetwork, []any{network.KindBody, body, at, db.JSON(network.BodyState{Organization: member.Organization, Profile: member.Profile})}},
		{keptByNetwork, []any{network.KindProject, id, at, project}},
		{keptByNetwork, []any{network.KindAgreement, id, at, agreement}},
		{`INSERT INTO register_version (kind, record_id, version, at, account, action, content) VALUES ('processing', $1, 1, $2, '', $3, $4)`, []any{id, at, register.ActionBefore, processing}},
		{`INSERT INTO network_merge (id, from_id, into_id, at, account, record) VALUES ($1, $2, $3, $4, '', '{}')`, []any{id, third, body, at}},
		{`INSERT INTO directory_version (service_id, number, action, account, member, reason, at, confidential, fingerprint, record)
			SELECT id, 1, $2, '', organization_id, '', $3, FALSE, '', record FROM directory_service WHERE id = $1`, []any{service, directory.StepPublish, at}},
		{`INSERT INTO directory_draft (id, organization_id, version, base, state, opens, assures, confidential, account, note, changed_at, record)
			SELECT id, organization_id, 1, '', $2, FALSE, FALSE, FALSE, '', '', $3, record FROM directory_service WHERE id = $1`, []any{service, directory.DraftReview, at}},
	})
}

// row is one statement that enters something.
type row struct {
	text string
	args []any
}

func enter(ctx context.Context, tx *db.Tx, rows []row) error {
	for _, one := range rows {
		if _, err := db.Exec(ctx, tx, one.text, one.args...); err != nil {
			return err
		}
	}
	return nil
}

func (w *demoWorld) furnishBody(ctx context.Context, tx *db.Tx, id, body, third string, paper, photo upload.Kept) error {
	service, err := db.Row(ctx, tx, db.Column[string], `SELECT id FROM directory_service WHERE organization_id = $1 ORDER BY id LIMIT 1`, body)
	if err != nil {
		return err
	}
	account, err := db.Row(ctx, tx, db.Column[string], `SELECT m.account_id FROM identity_membership m JOIN identity_account a ON a.id = m.account_id WHERE m.member = $1 AND a.email IN ('case-worker@rete.example', 'two-bodies@rete.example') ORDER BY a.email LIMIT 1`, body)
	if err != nil {
		return err
	}
	trainer, err := db.Row(ctx, tx, db.Column[string], `SELECT id FROM identity_account WHERE email = 'trainer@rete.example'`)
	if err != nil {
		return err
	}
	agreement := network.Agreement{
		ID: id, Kind: network.JointControllers, Title: "Accordo di prova", From: "2026-01-01", Purposes: []string{"care"}, What: "x", Why: "x", File: paper,
		Parties: []network.Party{{Body: body, Role: network.RoleJointController}, {Body: third, Role: network.RoleJointController}},
	}
	at := db.Millis(still)
	if err := enter(ctx, tx, []row{
		{`INSERT INTO network_project (code, position, record) VALUES ($1, 900, $2)`, []any{id, db.JSON(network.Project{Code: id, Title: "Progetto di prova", Fund: "FAMI", Lead: body})}},
		{`INSERT INTO network_agreement (id, version, from_day, last_day, record) VALUES ($1, 1, '2026-01-01', '', $2)`, []any{id, db.JSON(agreement)}},
		{`INSERT INTO network_agreement_party (agreement_id, organization_id, role) VALUES ($1, $2, 'joint-controller'), ($1, $3, 'joint-controller')`, []any{id, body, third}},
		{`INSERT INTO directory_feedback (id, entry_id, kind, language, day) VALUES ($1, $2, 'wrong', 'it', '2026-11-20')`, []any{id, service}},
		{`INSERT INTO directory_conflict (service_id, dataset, parts, record, at) VALUES ($1, 'demo', '[]', '', 0)`, []any{service}},
		{`INSERT INTO directory_dataset (name, member, changed_at) VALUES ($1, $2, 0)`, []any{id, body}},
		{`INSERT INTO directory_import (id, dataset, member, via, name, state, options, report, started_at) VALUES ($1, $1, $2, 'page', 'prova.csv', 'done', '{}', '{}', $3)`, []any{id, body, at}},
		{`INSERT INTO directory_field_report (id, member, account, status, record, received_at) VALUES ($1, $2, $3, 'new', $4, $5)`, []any{id, body, account, db.JSON(census.Found{Name: "Mensa", Photo: photo}), at}},
		{`INSERT INTO register_processing (id, member, version, record) VALUES ($1, $2, 1, $3)`, []any{id, body, db.JSON(register.Processing{ID: id, Member: body, Name: "Prova"})}},
		{`INSERT INTO register_breach (id, member, version, known_at, record) VALUES ($1, $2, 1, $3, $4)`, []any{id, body, at, db.JSON(register.Breach{ID: id, Member: body, Title: "Prova", KnownAt: still})}},
		{`INSERT INTO mediation_mediator (id, version, account, member, section, state, name, sort_name, record, created, changed) VALUES ($1, 1, '', $2, 'mediator', 'applied', 'Prova', 'prova', '{}', $3, $3)`, []any{id, body, at}},
		{`INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, record, created) VALUES ($1, 1, 'scheduled', $2, $3, 'ar', 'phone', $4, $5, 'booked', '', 'A-1', '', '', '', '{}', $4)`, []any{id, body, account, at + 86_400_000, at + 90_000_000}},
		{`INSERT INTO mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, ended, created, changed) VALUES ($1, 1, $1, 0, 'example-mediator-1', $2, 'phone', $3, $4, 'proposed', '{}', '{}', '', $5, $5)`, []any{id, body, at + 86_400_000, at + 90_000_000, at}},
		{`INSERT INTO mediation_proposal (id, kind, object, request, mediator, start, finish, state, created) VALUES ($1, 'booking', $1, $1, 'example-mediator-1', $2, $3, 'open', $4)`, []any{id, at + 180_000_000, at + 183_600_000, at}},
		{`INSERT INTO notice_message (id, key, template, topic, account, member, language, urgent, made_at) VALUES ($1, $1, 'notice.test', 'notice', $2, $3, 'it', FALSE, $4)`, []any{id, trainer, body, at}},
		{`INSERT INTO notice_delivery (id, message_id, channel, state, touched_at) VALUES ($1, $1, $2, $3, $4)`, []any{id, notice.Mail, notice.Failed, at}},
		{`INSERT INTO identity_link (id, kind, email, email_key, name, language, member, roles, created_at, expires_at) VALUES ($1, 'invitation', 'x@rete.example', 'x@rete.example', 'X', 'it', $2, '["trainer"]', $3, $4)`, []any{id, body, at, at + 1000_000_000}},
		{`INSERT INTO access_relation (id, kind, account, member, type, object, since, giver, givermember, reason) VALUES ($1, 'grant', $2, '', 'Case', 'c', $3, '', $4, 'x')`, []any{id, trainer, at, body}},
		{`INSERT INTO access_glass (id, relation, account, name, member, type, object, reason, at, until) VALUES ($1, $1, $2, 'Qualcuno', $3, 'Case', 'c', 'Un motivo', $4, $5)`, []any{id, account, body, at, at + 3_600_000}},
	}); err != nil {
		return err
	}
	who := audit.Actor{Account: account, Member: body, Via: audit.ViaPage}
	for _, e := range []audit.Event{
		{Actor: who, Action: "directory.service.edit", Kind: "service", Record: "of " + id},
		{Actor: who, Action: "casework.note.read", Kind: "note", Record: "about " + id, Subject: "somebody", Read: true},
	} {
		if err := audit.Record(ctx, tx, still, e); err != nil {
			return err
		}
	}
	return nil
}
