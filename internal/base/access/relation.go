// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"context"
	"slices"
	"time"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Kind is how somebody is tied to something.
type Kind string

// The kinds of relations. Their stored strings are those that policies name in resource.related.
const (
	Membership Kind = "membership" // works for a body
	Team       Kind = "team"       // is of the team that holds a case
	Referral   Kind = "referral"   // the body has accepted a referral
	Grant      Kind = "grant"      // was given sight of one record
	Guardian   Kind = "guardian"   // is the guardian of a person
	Emergency  Kind = "emergency"  // has broken the glass; only BreakGlass makes it
)

// Kinds are all kinds, in the order in which people are shown them.
var Kinds = []Kind{Membership, Team, Referral, Grant, Guardian, Emergency}

// Relation is a fact with a beginning and an end: who is tied to what. It is never changed or
// deleted but ended, so that one can say later who could see what on a day.
type Relation struct {
	ID   string
	Kind Kind
	// Account is whose relation it is; "" when it is that of everybody who acts for Member.
	Account string
	// Member is the body; beside an account, the body that it must act for ("" for any).
	Member      string
	Type        string // of the object, as policies call it: "Case"
	Object      string // its identifier
	Since       time.Time
	Until       time.Time // the first moment at which it holds no more; zero for no end yet
	Giver       string    // account that gave it; "" for the program
	GiverMember string    // body for which it was given
	Reason      string
	Ender       string // account that ended it
}

// Holds says whether the relation is in force at a moment.
func (r Relation) Holds(at time.Time) bool {
	return !at.Before(r.Since) && (r.Until.IsZero() || at.Before(r.Until))
}

// Ties says whether the relation is that of an actor, in the body acted for.
func (r Relation) Ties(a Actor) bool {
	if r.Account == "" {
		return a.Known() && r.Member == a.Member && a.Member != ""
	}
	return r.Account == a.Account && (r.Member == "" || r.Member == a.Member)
}

// Resource is the relation itself, as policies ask about it.
func (r Relation) Resource() Resource {
	return Resource{Type: "Relation", ID: r.ID, Attributes: Attributes{"giver": r.GiverMember, "kind": string(r.Kind), "account": r.Account, "member": r.Member}}
}

// Related are the kinds of relations in force between an actor and an object, for the attribute
// "related" of its resource.
func Related(ctx context.Context, q db.Querier, now time.Time, a Actor, typ, object string) ([]string, error) {
	if !a.Known() {
		return []string{}, nil
	}
	list, err := db.Rows(ctx, q, db.Column[string], `SELECT DISTINCT kind FROM access_relation
		WHERE type = $1 AND object = $2 AND `+inForce("", "$3", "$4", "$5")+` ORDER BY kind`,
		typ, object, db.Millis(now), a.Account, a.Member)
	if list == nil {
		list = []string{}
	}
	return list, err
}

// inForce is the condition under which a relation ties an account that acts for a member, now. It
// stands here once, for single records and for lists.
func inForce(prefix, now, account, member string) string {
	return prefix + `since <= ` + now + ` AND (` + prefix + `until IS NULL OR ` + prefix + `until > ` + now + `)` +
		` AND (` + prefix + `account = ` + account + ` AND (` + prefix + `member = '' OR ` + prefix + `member = ` + member + `)` +
		` OR ` + prefix + `account = '' AND ` + prefix + `member = ` + member + `)`
}

// Tie records a relation within the transaction of the change that makes it so: a team is put
// together, a referral is accepted. The caller has checked that the actor may; what is recorded is
// audited here. It gives the relation with its identifier.
func Tie(ctx context.Context, tx *db.Tx, now time.Time, a Actor, r Relation) (Relation, error) {
	if r.ID == "" {
		r.ID = db.NewID()
	}
	if r.Since.IsZero() {
		r.Since = now
	}
	r.Giver, r.GiverMember = a.Account, a.Member
	if err := r.valid(); err != nil {
		return Relation{}, err
	}
	if err := insertRelation(ctx, tx, r); err != nil {
		return Relation{}, err
	}
	return r, audit.Record(ctx, tx, now, audit.Event{
		Actor: a.Audited(), Action: "access.relation.give", Kind: "relation", Record: r.ID, Reason: r.Reason, Changes: r.changes(),
	})
}

// Untie ends a relation that is in force, within the transaction of the change that ends it. One that
// has ended stays as it was.
func Untie(ctx context.Context, tx *db.Tx, now time.Time, a Actor, id string) error {
	n, err := db.Exec(ctx, tx, `UPDATE access_relation SET until = CASE WHEN since > $1 THEN since ELSE $1 END, ender = $2
		WHERE id = $3 AND (until IS NULL OR until > $1)`, db.Millis(now), a.Account, id)
	if err != nil || n == 0 {
		return err
	}
	return audit.Record(ctx, tx, now, audit.Event{
		Actor: a.Audited(), Action: "access.relation.end", Kind: "relation", Record: id,
		Changes: []audit.Change{{Field: "until", After: now.UTC().Format(time.RFC3339)}},
	})
}

func (r Relation) valid() error {
	switch {
	case !slices.Contains(Kinds, r.Kind):
		return fault.Invalid("kind", "access.relation.kind")
	case r.Account == "" && r.Member == "":
		return fault.Invalid("account", "access.relation.nobody")
	case r.Type == "" || r.Object == "":
		return fault.Invalid("object", "access.relation.nothing")
	case !r.Until.IsZero() && !r.Until.After(r.Since):
		return fault.Invalid("until", "access.relation.until")
	}
	return nil
}

func (r Relation) changes() []audit.Change {
	list := []audit.Change{
		{Field: "kind", After: string(r.Kind)}, {Field: "account", After: r.Account}, {Field: "member", After: r.Member},
		{Field: "type", After: r.Type}, {Field: "object", After: r.Object},
	}
	if !r.Until.IsZero() {
		list = append(list, audit.Change{Field: "until", After: r.Until.UTC().Format(time.RFC3339)})
	}
	return list
}
