// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"context"
	"io"
	"slices"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
)

func agreementResource(id string, parties []string) access.Resource {
	return access.Resource{Type: "Agreement", ID: id, Attributes: access.Attributes{"parties": parties}}
}

// MayShare gives the agreement under which data about persons may pass from one body to another
// for a purpose on a day: what a domain writes into the log as the reason. Without one in force it
// fails with Forbidden, and the data must not pass. Within one body nothing is shared, and "" is
// the answer. A body that is closed, or an entry that was merged, receives nothing.
func MayShare(ctx context.Context, q db.Querier, from, to, purpose string, day calendar.Day) (string, error) {
	if from == to && from != "" {
		return "", nil
	}
	taker, err := MemberByID(ctx, q, to)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return "", err
	}
	if err == nil && !taker.ClosedBy(day) {
		list, err := db.Rows(ctx, q, scanAgreement, agreementColumns+`
			JOIN network_agreement_party g ON g.agreement_id = a.id AND g.organization_id = $1
			JOIN network_agreement_party t ON t.agreement_id = a.id AND t.organization_id = $2
			WHERE a.from_day <= $3 AND (a.last_day = '' OR a.last_day >= $3) ORDER BY a.from_day, a.id`, from, to, day.String())
		if err != nil {
			return "", err
		}
		for _, a := range list {
			if a.Allows(from, to, purpose, day) {
				return a.ID, nil
			}
		}
	}
	return "", fault.Forbidden("network.no_agreement")
}

const agreementColumns = `SELECT a.record, a.version FROM network_agreement a`

func scanAgreement(s db.Scanner) (Agreement, error) {
	var a Agreement
	return a, s.Scan(db.JSON(&a), &a.Version)
}

func agreementByID(ctx context.Context, q db.Querier, id string) (Agreement, error) {
	return db.Row(ctx, q, scanAgreement, agreementColumns+` WHERE a.id = $1`, id)
}

// Agreement gives one. Faults: Missing, also for who may not read it.
func (u *UseCases) Agreement(ctx context.Context, actor access.Actor, id string) (Agreement, error) {
	a, err := agreementByID(ctx, u.DB, id)
	if err != nil {
		return Agreement{}, access.Missing()
	}
	return a, u.check(ctx, actor, "network.agreement.read", agreementResource(a.ID, a.Bodies()))
}

// agreementTable says where a list finds what policies ask about an agreement.
var agreementTable = access.Table{Type: "Agreement", ID: "a.id", Columns: map[string]access.Column{
	"parties": {SQL: "EXISTS (SELECT 1 FROM network_agreement_party p WHERE p.agreement_id = a.id AND p.organization_id = %s)", Kind: access.Many},
}}

// Agreements lists those that the actor may read, the newest first.
func (u *UseCases) Agreements(ctx context.Context, actor access.Actor) ([]Agreement, error) {
	scope, args, err := u.Guard.Scope(actor, "network.agreement.read", agreementTable, 1)
	if err != nil {
		return nil, err
	}
	return u.agreements(ctx, scope, args)
}

// ExportAgreements gives those that the actor may take away, the newest first, and writes down that
// they were taken. Faults: Missing for who may take none.
func (u *UseCases) ExportAgreements(ctx context.Context, actor access.Actor) ([]Agreement, error) {
	const action = "network.agreement.export"
	if !u.Guard.May(actor, action) || u.Guard.Wants(actor, action) != access.NoProof {
		return nil, access.Missing()
	}
	if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: action, Kind: KindAgreement, Read: true})
	}); err != nil {
		return nil, err
	}
	scope, args, err := u.Guard.Scope(actor, "network.agreement.export", agreementTable, 1)
	if err != nil {
		return nil, err
	}
	return u.agreements(ctx, scope, args)
}

func (u *UseCases) agreements(ctx context.Context, scope string, args []any) ([]Agreement, error) {
	return db.Rows(ctx, u.DB, scanAgreement, agreementColumns+` WHERE `+scope+` ORDER BY a.from_day DESC, a.id`, args...)
}

// SaveAgreement enters an agreement (without ID) or changes one; file is the signed paper, nil to
// leave what is there. Of a signed agreement only the paper's particulars may still change, not
// what it allows: a new one is entered instead. Whoever puts the paper in confirms it for the parties
// that they may speak for; the others must do so themselves. Faults: Missing, Invalid (joined), Conflict.
func (u *UseCases) SaveAgreement(ctx context.Context, actor access.Actor, a Agreement, file io.Reader) (Agreement, error) {
	fresh := a.ID == ""
	if fresh {
		a.ID = db.NewID()
	}
	var parties []string // one enters those of one's own body
	if fresh && actor.Member != "" {
		parties = []string{actor.Member}
	}
	if !fresh {
		stored, err := agreementByID(ctx, u.DB, a.ID)
		if err != nil {
			return a, access.Missing()
		}
		parties = stored.Bodies()
	}
	if err := u.stays(ctx, actor, "network.agreement.write", agreementResource(a.ID, parties), agreementResource(a.ID, a.Bodies()), fault.Invalid("parties", "network.party_is_yours")); err != nil {
		return a, err
	}
	a.File = upload.Kept{}
	if file != nil {
		kept, err := u.Files.Keep("file", file, upload.Documents)
		if err != nil {
			return a, err
		}
		a.File = kept
	}
	sent, out := a, a
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		out = sent
		c := change{kind: KindAgreement, record: out.ID, action: "network.agreement.write"}
		if !fresh {
			before, err := u.writable(ctx, tx, actor, "network.agreement.write", out.ID, out.Version)
			if err != nil {
				return err
			}
			if out.File.None() {
				out.File = before.File
			}
			out.EndedOn, out.EndedFor = before.EndedOn, before.EndedFor
			if !before.File.None() && !sameTerms(before, out) {
				return fault.Conflict("network.agreement_signed")
			}
			c.from, c.before = before.Version, before
			out.Parties = confirmedAs(before, out)
		} else {
			out.Parties = confirmedAs(Agreement{}, out)
		}
		if file != nil {
			u.confirm(ctx, actor, &out)
		}
		if err := out.valid(); err != nil {
			return err
		}
		return u.writeAgreement(ctx, tx, actor, &out, c)
	})
	if err != nil && file != nil {
		// The paper of an agreement that was not written is nobody's.
		_ = u.Files.Remove(sent.File)
	}
	return out, err
}

// sameTerms says whether two states of an agreement allow the same.
func sameTerms(a, b Agreement) bool {
	return a.Kind == b.Kind && a.From == b.From && a.Until == b.Until && a.What == b.What && a.Why == b.Why &&
		slices.Equal(unconfirmed(a), unconfirmed(b)) && slices.Equal(a.Purposes, b.Purposes) && sameFees(a, b)
}

// EndAgreement ends one before its time: day is its last. Faults: Missing, Invalid, Conflict.
func (u *UseCases) EndAgreement(ctx context.Context, actor access.Actor, id string, version int64, day, reason string) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := u.writable(ctx, tx, actor, "network.agreement.end", id, version)
		if err != nil {
			return err
		}
		before := a
		if !isDay(day) || day == "" || day < a.From {
			return fault.Invalid("ended_on", "network.day_unreadable")
		}
		// Nor does who ends it once more bring back what another party has ended.
		if last := a.lastDay(); last != "" && day > last {
			return fault.Invalid("ended_on", "network.ends_later_than_agreed")
		}
		a.EndedOn, a.EndedFor = day, reason
		return u.writeAgreement(ctx, tx, actor, &a, change{
			kind: KindAgreement, record: id, action: "network.agreement.end", reason: reason, from: before.Version, before: before,
		})
	})
}

// restoreAgreement is what the history calls the way back of an agreement.
const restoreAgreement = "network.agreement.restore"

// RestoreAgreement writes an earlier state anew: it takes back an ending, or a paper that was the
// wrong one, which leaves a draft that allows nothing. What a signed agreement allows changes this
// way as little as any other. Faults: Missing, NotFound, Invalid, Conflict.
func (u *UseCases) RestoreAgreement(ctx context.Context, actor access.Actor, id string, version, number int64) (Agreement, error) {
	var a Agreement
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, err := u.writable(ctx, tx, actor, "network.agreement.write", id, version)
		if err != nil {
			return err
		}
		a = Agreement{}
		if err := stateOf(ctx, tx, KindAgreement, id, number, &a); err != nil {
			return err
		}
		a.ID = before.ID
		// Who was no party of it then has no say in what it was: whoever restores must be one in both.
		if err := u.check(ctx, actor, "network.agreement.write", agreementResource(a.ID, a.Bodies())); err != nil {
			return err
		}
		if !before.File.None() && !a.File.None() && !sameTerms(before, a) {
			return fault.Conflict("network.agreement_signed")
		}
		// A party that has ended it since must not find it in force again: only those stand confirmed for
		// whom this actor may speak, the others confirm anew.
		a.Parties = unconfirmed(a)
		if !a.File.None() {
			u.confirm(ctx, actor, &a)
		}
		if err := a.valid(); err != nil {
			return err
		}
		return u.writeAgreement(ctx, tx, actor, &a, change{
			kind: KindAgreement, record: id, action: restoreAgreement, from: before.Version, before: before,
		})
	})
	return a, err
}

// writable reads an agreement that the actor may do action with.
func (u *UseCases) writable(ctx context.Context, tx *db.Tx, actor access.Actor, action, id string, version int64) (Agreement, error) {
	a, err := agreementByID(ctx, tx, id)
	if err != nil {
		return a, access.Missing()
	}
	if err := u.check(ctx, actor, action, agreementResource(a.ID, a.Bodies())); err != nil {
		return a, err
	}
	return a, same(version, a.Version)
}

func (u *UseCases) writeAgreement(ctx context.Context, tx *db.Tx, actor access.Actor, a *Agreement, c change) error {
	known, err := OrganizationsByID(ctx, tx, a.Bodies())
	if err != nil {
		return err
	}
	if len(known) != len(a.Parties) {
		return fault.Invalid("parties", "network.body_unknown")
	}
	a.Version = c.from + 1
	if _, err := db.Exec(ctx, tx, `INSERT INTO network_agreement (id, version, from_day, last_day, record) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, from_day = excluded.from_day, last_day = excluded.last_day, record = excluded.record`,
		a.ID, a.Version, a.From, a.lastDay(), db.JSON(*a)); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM network_agreement_party WHERE agreement_id = $1`, a.ID); err != nil {
		return err
	}
	rows := make([][]any, len(a.Parties))
	for i, p := range a.Parties {
		rows[i] = []any{a.ID, p.Body, p.Role}
	}
	if _, err := db.Insert(ctx, tx, `network_agreement_party (agreement_id, organization_id, role)`, ``, rows); err != nil {
		return err
	}
	c.after = *a
	return u.keep(ctx, tx, actor, c)
}

// AgreementHistory lists the states of an agreement, the newest first. Faults: Missing.
func (u *UseCases) AgreementHistory(ctx context.Context, actor access.Actor, id string) ([]Version, error) {
	if _, err := u.Agreement(ctx, actor, id); err != nil {
		return nil, err
	}
	return history(ctx, u.DB, KindAgreement, id)
}

// AgreementFile gives the signed paper, and writes down that it was read. Faults: Missing.
func (u *UseCases) AgreementFile(ctx context.Context, actor access.Actor, id string) (upload.Kept, []byte, error) {
	a, err := u.Agreement(ctx, actor, id)
	if err != nil || a.File.None() {
		return upload.Kept{}, nil, access.Missing()
	}
	if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "network.agreement.read", Kind: KindAgreement, Record: id, Read: true})
	}); err != nil {
		return upload.Kept{}, nil, err
	}
	content, err := u.Files.Read(a.File)
	return a.File, content, err
}
