// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"slices"
	"strconv"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Rules are what a body asks of the editors of its services, and of those of its offices.
type Rules struct {
	// FourEyes: whoever wrote the last change of a card does not publish it; somebody else reads it and
	// does. Facts of the day stay possible for one alone: that a service is closed, that it is still as it
	// is written, when it rests; and so do translations. A file is applied by somebody else than who brought
	// it (census.Apply); so both sides of a conflict were read by two, and one alone chooses between them,
	// and takes an import back. What the network takes in for many bodies, by file, feed or command, is not
	// asked: its datasets are kept by network administrators.
	FourEyes bool
}

// Rules reads what a body asks of its editors. It fails with access.Missing.
func (u *UseCases) Rules(ctx context.Context, actor access.Actor, body string) (Rules, error) {
	var r Rules
	err := u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if err := u.checkRules(ctx, tx, actor, body); err != nil {
			return err
		}
		r.FourEyes, err = fourEyes(ctx, tx, []string{body})
		return err
	})
	return r, err
}

// SetRules says what a body asks of its editors. It fails with access.Missing.
func (u *UseCases) SetRules(ctx context.Context, actor access.Actor, body string, r Rules) error {
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := u.checkRules(ctx, tx, actor, body); err != nil {
			return err
		}
		before, err := fourEyes(ctx, tx, []string{body})
		if err != nil || before == r.FourEyes {
			return err
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO directory_rule (organization_id, four_eyes, account, changed_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (organization_id) DO UPDATE SET four_eyes = excluded.four_eyes, account = excluded.account, changed_at = excluded.changed_at`,
			body, r.FourEyes, actor.Account, db.Millis(u.clock())); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.clock(), audit.Event{Actor: actor.Audited(), Action: "directory.rule.edit", Kind: "organization", Record: body,
			Changes: []audit.Change{{Field: "four_eyes", Before: strconv.FormatBool(before), After: strconv.FormatBool(r.FourEyes)}}})
	})
}

func (u *UseCases) checkRules(ctx context.Context, q db.Querier, actor access.Actor, body string) error {
	bodies, err := bodiesOf(ctx, q, body)
	if err != nil {
		return err
	}
	if len(bodies) == 0 {
		return access.Missing()
	}
	return u.check(ctx, actor, "directory.rule.edit", access.Resource{Type: "Service", Attributes: access.Attributes{"member": body, "bodies": bodies, "reserved": false, "published": false}})
}

// FourEyes tells whether a body, or one that it belongs to, asks for it.
func (u *UseCases) FourEyes(ctx context.Context, q db.Querier, body string) (bool, error) {
	bodies, err := bodiesOf(ctx, q, body)
	if err != nil {
		return false, err
	}
	return fourEyes(ctx, q, bodies)
}

// fourEyes tells whether one of the bodies asks for it: an office follows its comune.
func fourEyes(ctx context.Context, q db.Querier, bodies []string) (bool, error) {
	asking := 0
	err := eachChunk(bodies, func(in string, args []any) error {
		n, err := db.Row(ctx, q, db.Column[int64], `SELECT count(*) FROM directory_rule WHERE four_eyes AND organization_id IN (`+in+`)`, args...)
		asking += int(n)
		return err
	})
	return asking > 0, err
}

// mayRelease refuses who wrote the last change of a card whose body asks for four eyes. The program, which
// publishes what somebody scheduled, has no account: whoever scheduled it was asked.
func (d dossier) mayRelease(actor access.Actor) error {
	if d.FourEyes && d.Account != "" && d.Account == actor.Account {
		return fault.Invalid("", "edit.four_eyes")
	}
	return nil
}

// aloneInBulk are the changes to many services that one person makes also where four eyes are asked for.
var aloneInBulk = []string{BulkStatus, BulkClosure, BulkConfirmed}

// mayBulk refuses a change of many cards that nobody else would read.
func (d dossier) mayBulk(c BulkChange) *fault.Error {
	if d.FourEyes && !slices.Contains(aloneInBulk, c.Kind) {
		return fault.Forbidden("bulk.four_eyes")
	}
	return nil
}
