// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"context"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// relationTable is where SQL finds what policies ask about a Relation.
var relationTable = Table{Type: "Relation", ID: "r.id", Columns: map[string]Column{
	"giver": {SQL: "r.givermember", Kind: Text}, "kind": {SQL: "r.kind", Kind: Text}, "account": {SQL: "r.account", Kind: Text}, "member": {SQL: "r.member", Kind: Text},
}}

// longestGrant is how far ahead sight may be given: who still needs it then asks again.
const longestGrant = 366 * 24 * time.Hour

// GiveRequest gives somebody sight of one record until a moment.
type GiveRequest struct {
	Account, Member string // whom: an account, or everybody who acts for a body
	Type, Object    string
	Until           time.Time
	Reason          string
}

// Give makes a relation of kind Grant. Faults: Invalid by field; Missing for whoever may not. That the
// record is the giver's own body's is checked by the room of the record, which alone knows it.
func (u *UseCases) Give(ctx context.Context, a Actor, q GiveRequest) (Relation, error) {
	r := Relation{Kind: Grant, Account: q.Account, Member: q.Member, Type: q.Type, Object: q.Object, Until: q.Until, Reason: strings.TrimSpace(q.Reason), GiverMember: a.Member}
	if err := u.guard.Check(ctx, a, "access.relation.give", r.Resource()); err != nil {
		return Relation{}, err
	}
	now := u.clock()
	if q.Until.IsZero() || q.Until.After(now.Add(longestGrant)) {
		return Relation{}, fault.Invalid("until", "access.relation.until_far")
	}
	if r.Reason == "" {
		return Relation{}, fault.Invalid("reason", "access.glass.reason_short", "min", 1)
	}
	err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		r, err = Tie(ctx, tx, now, a, r)
		return err
	})
	return r, err
}

// End ends a relation that the actor may end.
func (u *UseCases) End(ctx context.Context, a Actor, id string) error {
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := readRelation(ctx, tx, id)
		if fault.Is(err, fault.KindNotFound) {
			return Missing()
		}
		if err != nil {
			return err
		}
		if err := u.guard.Check(ctx, a, "access.relation.end", r.Resource()); err != nil {
			return err
		}
		return Untie(ctx, tx, u.clock(), a, id)
	})
}

// Relations are those that the actor may see and that hold now, the newest first. Looking is recorded.
func (u *UseCases) Relations(ctx context.Context, a Actor) (list []Relation, err error) {
	condition, args, err := u.guard.Scope(a, "access.relation.read", relationTable, 2)
	if err != nil {
		return nil, err
	}
	now := u.clock()
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = db.Rows(ctx, tx, scanRelation, `SELECT `+relationColumns+` FROM access_relation AS r
			WHERE r.since <= $1 AND (r.until IS NULL OR r.until > $1) AND `+condition+` ORDER BY r.since DESC, r.id DESC`,
			append([]any{db.Millis(now)}, args...)...)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Event{Actor: a.Audited(), Action: "access.relation.read", Kind: "relation", Read: true})
	})
	return list, err
}

func number(n int) string { return strconv.Itoa(n) }
