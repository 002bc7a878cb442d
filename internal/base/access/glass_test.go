// SPDX-License-Identifier: EUPL-1.2

package access_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// cases is a room whose records are opened by the team, or in an emergency.
const cases = `
@id("teams-open-their-cases")
@about("persons")
permit (principal, action == Action::"casework.case.read", resource is Case)
when { resource.related.containsAny(["team", "emergency"]) };
`

const reason = "Una minore in pericolo chiede aiuto adesso."

func files() []access.Policy { return []access.Policy{access.Base(), {Name: "cases", Text: cases}} }

// carer, officer and stranger work for the same body, but for the last.
func carer(at time.Time) access.Actor {
	return access.Actor{Account: "carer", Name: "Cora", Member: "m1", Roles: []access.Role{access.CaseWorker}, Strong: true, SteppedUp: at, Via: "page"}
}

func officer(member string) access.Actor {
	return access.Actor{Account: "officer-" + member, Member: member, Roles: []access.Role{access.DataProtectionOfficer}, Strong: true, Via: "page"}
}

// room is the use cases with a clock that tests move, and what was told.
type room struct {
	*access.UseCases
	db   *db.DB
	at   time.Time
	told []access.Glass
	fail error
}

func newRoom(t *testing.T, d *db.DB) *room {
	t.Helper()
	r := &room{db: d, at: now}
	g, err := access.New(func() time.Time { return r.at }, files()...)
	if err != nil {
		t.Fatal(err)
	}
	r.UseCases = access.NewUseCases(d, g, func() time.Time { return r.at }, func(_ context.Context, _ *db.Tx, g access.Glass) error {
		r.told = append(r.told, g)
		return r.fail
	})
	return r
}

// opens says whether an actor may read a case.
func (r *room) opens(t *testing.T, a access.Actor, id string) bool {
	t.Helper()
	related, err := access.Related(t.Context(), r.db, r.at, a, "Case", id)
	if err != nil {
		t.Fatal(err)
	}
	return r.Guard().Allows(t.Context(), a, "casework.case.read", access.Resource{Type: "Case", ID: id, Attributes: access.Attributes{"related": related}})
}

func (r *room) count(t *testing.T, text string, args ...any) int64 {
	t.Helper()
	n, err := db.Row(t.Context(), r.db, db.Column[int64], text, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestBrokenGlassOpensOneRecordForAnHour(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		a := carer(r.at)
		if r.opens(t, a, "case-1") {
			t.Fatal("the case is open to somebody without a relation")
		}
		g, err := r.BreakGlass(t.Context(), a, access.BreakGlassRequest{Type: "Case", Object: "case-1", Reason: reason})
		if err != nil {
			t.Fatal(err)
		}
		other := a
		other.Account = "colleague"
		elsewhere := a
		elsewhere.Member = "m2"
		if !r.opens(t, a, "case-1") || r.opens(t, a, "case-2") || r.opens(t, other, "case-1") || r.opens(t, elsewhere, "case-1") {
			t.Error("it opens one case, to one account, for the body it acted for")
		}
		weak := a
		weak.Strong = false
		if r.opens(t, weak, "case-1") {
			t.Error("it opens to a session without a second factor")
		}
		if len(r.told) != 1 || r.told[0].ID != g.ID {
			t.Errorf("told: %+v", r.told)
		}
		if n := r.count(t, `SELECT count(*) FROM audit_event WHERE action = 'access.glass.break' AND record = 'case-1' AND reason = $1`, reason); n != 1 {
			t.Errorf("%d events", n)
		}
		r.at = r.at.Add(access.GlassHolds - time.Millisecond)
		if !r.opens(t, a, "case-1") {
			t.Error("closed before its time")
		}
		r.at = r.at.Add(time.Millisecond)
		if r.opens(t, a, "case-1") {
			t.Error("open after its time")
		}
	})
}

func TestBrokenGlassIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		right := access.BreakGlassRequest{Type: "Case", Object: "case-1", Reason: reason}
		stale := carer(r.at.Add(-access.StepUpHolds))
		nobody := carer(r.at)
		nobody.Member = ""
		for name, c := range map[string]struct {
			actor   access.Actor
			request access.BreakGlassRequest
			kind    fault.Kind
			field   string
		}{
			"stranger":       {access.Actor{}, right, fault.KindNotFound, ""},
			"officer":        {officer("m1"), right, fault.KindNotFound, ""},
			"stale proof":    {stale, right, fault.KindNotFound, ""},
			"for no body":    {nobody, right, fault.KindNotFound, ""},
			"no reason":      {carer(r.at), access.BreakGlassRequest{Type: "Case", Object: "case-1", Reason: "perché sì"}, fault.KindInvalid, "reason"},
			"blank reason":   {carer(r.at), access.BreakGlassRequest{Type: "Case", Object: "case-1", Reason: strings.Repeat(" ", 60)}, fault.KindInvalid, "reason"},
			"endless reason": {carer(r.at), access.BreakGlassRequest{Type: "Case", Object: "case-1", Reason: strings.Repeat("a", 1001)}, fault.KindInvalid, "reason"},
			"other type":     {carer(r.at), access.BreakGlassRequest{Type: "Glass", Object: "case-1", Reason: reason}, fault.KindInvalid, "type"},
			"nothing":        {carer(r.at), access.BreakGlassRequest{Type: "Case", Reason: reason}, fault.KindInvalid, "object"},
		} {
			_, err := r.BreakGlass(t.Context(), c.actor, c.request)
			if all := fault.All(err); !fault.Is(err, c.kind) || len(all) != 1 || all[0].Field != c.field {
				t.Errorf("%s: %v", name, err)
			}
		}
		r.fail = errors.New("the notice can't be kept")
		if _, err := r.BreakGlass(t.Context(), carer(r.at), right); !errors.Is(err, r.fail) {
			t.Errorf("broken without telling anybody: %v", err)
		}
		for _, table := range []string{"access_glass", "access_relation", "audit_event"} {
			if n := r.count(t, `SELECT count(*) FROM `+table); n != 0 {
				t.Errorf("%d rows of %s stayed", n, table)
			}
		}
	})
}

func TestReviewOfBrokenGlass(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		a := carer(r.at)
		both := officer("m1")
		both.Account, both.Roles = a.Account, append(both.Roles, access.CaseWorker)
		g, err := r.BreakGlass(t.Context(), a, access.BreakGlassRequest{Type: "Case", Object: "case-1", Reason: reason})
		if err != nil {
			t.Fatal(err)
		}
		wrong := access.ReviewGlassRequest{Verdict: access.Unjustified, Remark: "Non c'era alcun pericolo immediato."}
		for name, who := range map[string]access.Actor{"oneself": both, "officer of another body": officer("m2"), "carer": a, "stranger": {}} {
			if err := r.ReviewGlass(t.Context(), who, g.ID, wrong); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s reviews: %v", name, err)
			}
		}
		if err := r.ReviewGlass(t.Context(), officer("m1"), "none", wrong); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("of nothing: %v", err)
		}
		for _, q := range []access.ReviewGlassRequest{{}, {Verdict: "maybe"}, {Verdict: access.Unjustified, Remark: "no"}} {
			if err := r.ReviewGlass(t.Context(), officer("m1"), g.ID, q); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%+v: %v", q, err)
			}
		}
		if pending, n, err := r.Glasses(t.Context(), officer("m1"), access.GlassQuery{Pending: true}); err != nil || n != 1 || pending[0].Reason != reason {
			t.Errorf("queue: %+v, %v", pending, err)
		}
		if err := r.ReviewGlass(t.Context(), officer("m1"), g.ID, wrong); err != nil {
			t.Fatal(err)
		}
		if r.opens(t, a, "case-1") {
			t.Error("unjustified, and still open")
		}
		if _, n, err := r.Glasses(t.Context(), officer("m1"), access.GlassQuery{Pending: true}); err != nil || n != 0 {
			t.Errorf("still in the queue: %d, %v", n, err)
		}
		if err := r.ReviewGlass(t.Context(), officer("m1"), g.ID, access.ReviewGlassRequest{Verdict: access.Justified}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("reviewed twice: %v", err)
		}
		if n := r.count(t, `SELECT count(*) FROM audit_event WHERE action = 'access.glass.review' AND record = $1`, g.ID); n != 1 {
			t.Errorf("%d events of review", n)
		}
	})
}

func TestBrokenGlassIsGivenBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		a := carer(r.at)
		g, err := r.BreakGlass(t.Context(), a, access.BreakGlassRequest{Type: "Case", Object: "case-1", Reason: reason})
		if err != nil {
			t.Fatal(err)
		}
		colleague := a
		colleague.Account = "colleague"
		if err := r.CloseGlass(t.Context(), colleague, g.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a colleague closes it: %v", err)
		}
		if err := r.CloseGlass(t.Context(), a, g.ID); err != nil || r.opens(t, a, "case-1") {
			t.Errorf("given back, and still open: %v", err)
		}
		closed, err := r.GlassByID(t.Context(), a, g.ID)
		if err != nil || !closed.Closed.Equal(r.at) {
			t.Errorf("%+v, %v", closed, err)
		}
	})
}

// The lists of this room hold what the policies say.
func TestListsAgreeWithPolicies(t *testing.T) {
	t.Parallel()
	at := func() time.Time { return now }
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		accesstest.Agree(t, d, now, files(), accesstest.List{
			Action: "access.glass.read", Type: "Glass", Make: makeGlasses,
			Ways: func(g *access.Guard) map[string]accesstest.Way {
				u := access.NewUseCases(d, g, at, nil)
				return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
					list, total, err := u.Glasses(ctx, a, access.GlassQuery{})
					if total != len(list) {
						t.Errorf("counted %d, listed %d", total, len(list))
					}
					for _, one := range list {
						ids = append(ids, one.ID)
					}
					return ids, err
				}}
			},
		})
		accesstest.Agree(t, d, now, files(), accesstest.List{
			Action: "access.relation.read", Type: "Relation", Make: makeRelations,
			Ways: func(g *access.Guard) map[string]accesstest.Way {
				u := access.NewUseCases(d, g, at, nil)
				return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
					list, err := u.Relations(ctx, a)
					for _, one := range list {
						ids = append(ids, one.ID)
					}
					return ids, err
				}}
			},
		})
	})
}

func makeRelations(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
	var world []access.Resource
	for range rapid.IntRange(1, 3).Draw(t, "ties") {
		giver := access.Actor{Account: "giver", Member: rapid.SampledFrom(accesstest.Members).Draw(t, "giver"), Via: "page"}
		one, err := access.Tie(ctx, tx, now, giver, access.Relation{Kind: access.Grant, Account: rapid.SampledFrom(accesstest.Accounts).Draw(t, "account"), Type: "Case", Object: "c"})
		if err != nil {
			return nil, err
		}
		world = append(world, one.Resource())
	}
	return world, nil
}

func makeGlasses(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
	var world []access.Resource
	for range rapid.IntRange(1, 3).Draw(t, "glasses") {
		account, member := rapid.SampledFrom(accesstest.Accounts).Draw(t, "account"), rapid.SampledFrom(accesstest.Members).Draw(t, "member")
		tie, err := access.Tie(ctx, tx, now, access.Actor{Via: "job"}, access.Relation{Kind: access.Emergency, Account: account, Type: "Case", Object: "c"})
		if err != nil {
			return nil, err
		}
		g := access.Glass{ID: db.NewID(), Account: account, Member: member}
		_, err = db.Exec(ctx, tx, `INSERT INTO access_glass (id, relation, account, name, member, type, object, reason, at, until)
			VALUES ($1, $2, $3, '', $4, 'Case', 'c', 'x', 0, 1)`, g.ID, tie.ID, account, member)
		if err != nil {
			return nil, err
		}
		world = append(world, g.Resource())
	}
	return world, nil
}
