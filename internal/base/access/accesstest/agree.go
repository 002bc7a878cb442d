// SPDX-License-Identifier: EUPL-1.2

package accesstest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
)

// List is one list of a room, with all ways in which it leaves the program.
type List struct {
	Action string
	Table  access.Table
	From   string // "directory_service AS s"
	// Make puts a few random records into the database and gives them as the use case for a single
	// record hands them to the guard, without "related". Bodies are among Members, accounts among
	// Accounts. Identifiers are new each time.
	Make func(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error)
	// Ways are the use cases that list: "list", "search", "export". Each gives the identifiers it
	// shows; "count" may be checked by giving as many.
	Ways map[string]func(ctx context.Context, a access.Actor) ([]string, error)
}

// Who random worlds are made of.
var (
	Members  = []string{"body-1", "body-2", "body-3"}
	Accounts = []string{"account-1", "account-2", "account-3"}
)

// scoper gives the condition of a list; the guard itself, or a mistake that tests make.
type scoper func(a access.Actor, action string, t access.Table, from int) (string, []any, error)

// Agree proves that list, count, search and export hold exactly what the policies allow one record at
// a time, for random worlds, relations and actors. And it proves that it would notice: a list without
// a condition, and one that lost any single permit or forbid that matters to it, disagree.
func Agree(t *testing.T, d *db.DB, now time.Time, files []access.Policy, l List) {
	t.Helper()
	clock := func() time.Time { return now }
	g, err := access.New(clock, files...)
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		world := makeWorld(t, d, now, l)
		for range 4 {
			a := actor(now).Draw(t, "actor")
			n, err := disagreement(d, g, g.Scope, a, l, world, now)
			if err != nil {
				t.Fatal(err)
			}
			shown += n
		}
	})
	if shown == 0 {
		t.Errorf("%s: nobody was ever shown anything: the property says nothing", l.Action)
	}
	everything := func(access.Actor, string, access.Table, int) (string, []any, error) { return "TRUE", nil, nil }
	if !noticed(t, d, now, g, everything, l) {
		t.Errorf("%s: a list without a condition is not noticed", l.Action)
	}
	for _, m := range Mutants(t, files) {
		mutated, err := access.New(clock, m.Files...)
		if err != nil || m.Name != m.ID+": deleted" || !concerns(g, m.tree, l.Action, l.Table.Type) || global(m.tree) {
			continue
		}
		if !noticed(t, d, now, g, mutated.Scope, l) {
			t.Errorf("%s: a list without the policy %s is not noticed", l.Action, m.ID)
		}
	}
}

// noticed says whether some random world shows that a list with another condition is wrong.
func noticed(t *testing.T, d *db.DB, now time.Time, g *access.Guard, scope scoper, l List) bool {
	t.Helper()
	bare := l
	bare.Ways = nil // they have the right condition
	example := rapid.Custom(func(t *rapid.T) bool {
		world := makeWorld(t, d, now, bare)
		for range 8 {
			if _, err := disagreement(d, g, scope, actor(now).Draw(t, "actor"), bare, world, now); err != nil {
				return true
			}
		}
		return false
	})
	for seed := range 60 {
		if example.Example(seed) {
			return true
		}
	}
	return false
}

// makeWorld makes records and relations to some of them.
func makeWorld(t *rapid.T, d *db.DB, now time.Time, l List) []access.Resource {
	var world []access.Resource
	ties := rapid.SliceOfN(tie(now), 0, 6).Draw(t, "relations")
	// The draws of Make must be the same when the transaction runs again, so it runs outside of InTx's
	// repetition: a conflict can't happen, since every world has records of its own.
	err := d.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) (err error) {
		if world, err = l.Make(t, ctx, tx); err != nil {
			return err
		}
		for i, r := range ties {
			if len(world) == 0 {
				return nil
			}
			r.Type, r.Object = l.Table.Type, world[i%len(world)].ID
			if _, err := access.Tie(ctx, tx, now, access.Actor{Via: audit.ViaJob}, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return world
}

func tie(now time.Time) *rapid.Generator[access.Relation] {
	return rapid.Custom(func(t *rapid.T) access.Relation {
		r := access.Relation{
			Kind:  rapid.SampledFrom(access.Kinds).Draw(t, "kind"),
			Since: now.Add(time.Duration(rapid.IntRange(-2, 1).Draw(t, "since")) * time.Hour),
		}
		switch rapid.IntRange(0, 2).Draw(t, "whose") {
		case 0:
			r.Account = rapid.SampledFrom(Accounts).Draw(t, "account")
		case 1:
			r.Member = rapid.SampledFrom(Members).Draw(t, "member")
		default:
			r.Account, r.Member = rapid.SampledFrom(Accounts).Draw(t, "account"), rapid.SampledFrom(Members).Draw(t, "member")
		}
		if rapid.Bool().Draw(t, "ends") {
			r.Until = r.Since.Add(time.Duration(rapid.IntRange(1, 3).Draw(t, "hours")) * time.Hour)
		}
		return r
	})
}

func actor(now time.Time) *rapid.Generator[access.Actor] {
	return rapid.Custom(func(t *rapid.T) access.Actor {
		a := access.Actor{
			Account: rapid.SampledFrom(append([]string{""}, Accounts...)).Draw(t, "account"),
			Strong:  rapid.IntRange(0, 3).Draw(t, "strong") > 0, Via: audit.ViaPage,
		}
		if a.Account == "" {
			return a
		}
		a.Member = rapid.SampledFrom(append([]string{""}, Members...)).Draw(t, "member")
		a.Roles = rapid.SliceOfNDistinct(rapid.SampledFrom(access.Roles), 0, 3, rapid.ID[access.Role]).Draw(t, "roles")
		if a.Strong && rapid.Bool().Draw(t, "fresh") {
			a.SteppedUp = now
		}
		return a
	})
}

// disagreement compares every way of listing with the guard's word on each record, and says how many
// records the actor may see.
func disagreement(d *db.DB, g *access.Guard, scope scoper, a access.Actor, l List, world []access.Resource, now time.Time) (int, error) {
	ctx := context.Background()
	mine, want := map[string]bool{}, []string{}
	for _, r := range world {
		related, err := access.Related(ctx, d, now, a, r.Type, r.ID)
		if err != nil {
			return 0, err
		}
		r.Attributes = maps.Clone(r.Attributes)
		r.Attributes["related"] = related
		if mine[r.ID] = true; g.Allows(ctx, a, l.Action, r) {
			want = append(want, r.ID)
		}
	}
	slices.Sort(want)
	condition, args, err := scope(a, l.Action, l.Table, 1)
	if err != nil {
		return 0, err
	}
	ids, err := db.Rows(ctx, d, db.Column[string], `SELECT `+l.Table.ID+` FROM `+l.From+` WHERE `+condition, args...)
	if err != nil {
		return 0, err
	}
	if err := same("the condition", want, ids, mine, a); err != nil {
		return 0, err
	}
	for name, way := range l.Ways {
		ids, err := way(ctx, a)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		if err := same(name, want, ids, mine, a); err != nil {
			return 0, err
		}
	}
	return len(want), nil
}

// same holds what was shown of this world against what may be seen.
func same(way string, want, got []string, mine map[string]bool, a access.Actor) error {
	got = slices.DeleteFunc(slices.Clone(got), func(id string) bool { return !mine[id] })
	slices.Sort(got)
	if !slices.Equal(got, want) {
		return fmt.Errorf("%s shows %v, the policies allow %v, to %+v", way, got, want, a)
	}
	return nil
}
