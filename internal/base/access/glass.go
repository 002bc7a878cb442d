// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cedar-policy/cedar-go/x/exp/ast"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// GlassHolds is how long an emergency access lasts.
const GlassHolds = time.Hour

// The shortest and longest reason that a reviewer can do something with, in characters.
const (
	MinReason = 20
	MaxReason = 1000
)

// Verdict is what the reviewer says of an emergency access.
type Verdict string

// The verdicts; "" while nobody has looked at it.
const (
	Pending     Verdict = ""
	Justified   Verdict = "justified"
	Unjustified Verdict = "unjustified"
)

// Glass is one emergency access.
type Glass struct {
	ID       string
	Relation string // the relation that it made
	Account  string
	Name     string // of the account then
	Member   string
	Type     string // of what was opened, as policies call it
	Object   string
	Reason   string
	At       time.Time
	Until    time.Time
	Closed   time.Time // when it was given back or ended before its time; zero for not
	Verdict  Verdict
	Remark   string
	Reviewer string
	Reviewed time.Time
}

// Open says whether the access still holds.
func (g Glass) Open(at time.Time) bool {
	return g.Closed.IsZero() && !at.Before(g.At) && at.Before(g.Until)
}

// Resource is the access itself, as policies ask about it.
func (g Glass) Resource() Resource {
	return Resource{Type: "Glass", ID: g.ID, Attributes: Attributes{"account": g.Account, "member": g.Member}}
}

// glassTable is where SQL finds the same.
var glassTable = Table{Type: "Glass", ID: "g.id", Columns: map[string]Column{"account": {SQL: "g.account", Kind: Text}, "member": {SQL: "g.member", Kind: Text}}}

// Breakable are the types of records that policies open in an emergency, in order: those of which a
// permit asks for the relation "emergency".
func (g *Guard) Breakable() []string {
	var list []string
	for i := range g.rules {
		tree := (*ast.Policy)(g.rules[i].policy.AST())
		scope, ok := tree.Resource.(ast.ScopeTypeIs)
		if !ok || g.rules[i].Forbids {
			continue
		}
		for _, part := range tree.Conditions {
			ast.Inspect(ast.NewNode(part.Body), func(n ast.IsNode) bool {
				if value, ok := n.(ast.NodeValue); ok && slices.Contains(texts(value.Value), string(Emergency)) {
					list = append(list, string(scope.Type))
				}
				return true
			})
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// BreakGlassRequest says what to open, and why.
type BreakGlassRequest struct{ Type, Object, Reason string }

// BreakGlass opens one record for an hour to somebody who has no relation to it. Whether the record
// exists is not looked at: the answer tells nothing, and the attempt is reviewed all the same. Faults:
// Invalid for the fields type, object and reason; Missing for whoever may not.
func (u *UseCases) BreakGlass(ctx context.Context, a Actor, q BreakGlassRequest) (Glass, error) {
	if err := u.guard.Check(ctx, a, "access.glass.break", Resource{Type: q.Type, ID: q.Object}); err != nil {
		return Glass{}, err
	}
	q.Object, q.Reason = strings.TrimSpace(q.Object), strings.TrimSpace(q.Reason)
	if err := u.checkBreak(q); err != nil {
		return Glass{}, err
	}
	var g Glass
	err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.clock()
		g = Glass{
			ID: db.NewID(), Account: a.Account, Name: a.Name, Member: a.Member, Type: q.Type, Object: q.Object, Reason: q.Reason,
			At: now, Until: now.Add(GlassHolds),
		}
		tie, err := Tie(ctx, tx, now, a, Relation{
			Kind: Emergency, Account: a.Account, Member: a.Member, Type: g.Type, Object: g.Object, Until: g.Until, Reason: g.Reason,
		})
		if err != nil {
			return err
		}
		g.Relation = tie.ID
		if err := insertGlass(ctx, tx, g); err != nil {
			return err
		}
		if err := u.tell(ctx, tx, g); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Event{
			Actor: a.Audited(), Action: "access.glass.break", Kind: g.Type, Record: g.Object, Reason: g.Reason,
			Changes: []audit.Change{{Field: "until", After: g.Until.UTC().Format(time.RFC3339)}},
		})
	})
	return g, err
}

func (u *UseCases) checkBreak(q BreakGlassRequest) error {
	var list []error
	if !slices.Contains(u.guard.Breakable(), q.Type) {
		list = append(list, fault.Invalid("type", "access.glass.type"))
	}
	if q.Object == "" || len(q.Object) > 200 {
		list = append(list, fault.Invalid("object", "access.glass.object"))
	}
	if n := utf8.RuneCountInString(q.Reason); n < MinReason {
		list = append(list, fault.Invalid("reason", "access.glass.reason_short", "min", MinReason))
	} else if n > MaxReason {
		list = append(list, fault.Invalid("reason", "access.glass.reason_long", "max", MaxReason))
	}
	return joined(list)
}

// CloseGlass gives an emergency access back, or takes it away, before its time.
func (u *UseCases) CloseGlass(ctx context.Context, a Actor, id string) error {
	return u.onGlass(ctx, a, "access.glass.close", id, func(ctx context.Context, tx *db.Tx, now time.Time, g Glass) error {
		return u.shut(ctx, tx, now, a, g)
	})
}

// shut ends what is still open; what has ended stays as it was.
func (u *UseCases) shut(ctx context.Context, tx *db.Tx, now time.Time, a Actor, g Glass) error {
	if !g.Open(now) {
		return nil
	}
	if _, err := db.Exec(ctx, tx, `UPDATE access_glass SET closed = $1 WHERE id = $2 AND closed IS NULL`, db.Millis(now), g.ID); err != nil {
		return err
	}
	if err := Untie(ctx, tx, now, a, g.Relation); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, audit.Event{Actor: a.Audited(), Action: "access.glass.close", Kind: "glass", Record: g.ID})
}

// ReviewGlassRequest is what the reviewer says.
type ReviewGlassRequest struct {
	Verdict Verdict
	Remark  string // required when it was unjustified: it is the beginning of what follows
}

// ReviewGlass keeps the verdict of somebody else than who broke the glass. An unjustified access that
// is still open ends. Faults: Invalid for verdict and remark; Conflict when it was reviewed already.
func (u *UseCases) ReviewGlass(ctx context.Context, a Actor, id string, q ReviewGlassRequest) error {
	q.Remark = strings.TrimSpace(q.Remark)
	return u.onGlass(ctx, a, "access.glass.review", id, func(ctx context.Context, tx *db.Tx, now time.Time, g Glass) error {
		var list []error
		if q.Verdict != Justified && q.Verdict != Unjustified {
			list = append(list, fault.Invalid("verdict", "access.glass.verdict"))
		}
		if n := utf8.RuneCountInString(q.Remark); q.Verdict == Unjustified && n < MinReason {
			list = append(list, fault.Invalid("remark", "access.glass.reason_short", "min", MinReason))
		} else if n > MaxReason {
			list = append(list, fault.Invalid("remark", "access.glass.reason_long", "max", MaxReason))
		}
		if len(list) > 0 {
			return joined(list)
		}
		if g.Verdict != Pending {
			return fault.Conflict("access.glass.reviewed")
		}
		if _, err := db.Exec(ctx, tx, `UPDATE access_glass SET verdict = $1, remark = $2, reviewer = $3, reviewed = $4 WHERE id = $5`,
			string(q.Verdict), q.Remark, a.Account, db.Millis(now), g.ID); err != nil {
			return err
		}
		if q.Verdict == Unjustified {
			if err := u.shut(ctx, tx, now, a, g); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, audit.Event{
			Actor: a.Audited(), Action: "access.glass.review", Kind: "glass", Record: g.ID, Reason: q.Remark,
			Changes: []audit.Change{{Field: "verdict", After: string(q.Verdict)}},
		})
	})
}

// onGlass reads one access, asks whether the actor may do action with it, and does it, in one
// transaction.
func (u *UseCases) onGlass(ctx context.Context, a Actor, action, id string, do func(context.Context, *db.Tx, time.Time, Glass) error) error {
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		g, err := readGlass(ctx, tx, id)
		if fault.Is(err, fault.KindNotFound) {
			return Missing()
		}
		if err != nil {
			return err
		}
		if err := u.guard.Check(ctx, a, action, g.Resource()); err != nil {
			return err
		}
		return do(ctx, tx, u.clock(), g)
	})
}
