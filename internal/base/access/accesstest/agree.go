// SPDX-License-Identifier: EUPL-1.2

package accesstest

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// List is one list of a room, with all ways in which it leaves the program.
type List struct {
	Action string
	Type   string // of its records, as policies know it
	// Make puts a few random records into the database and gives them as the use case for a single
	// record hands them to the guard, without "related". Bodies are among Members, accounts among
	// Accounts. Identifiers are new each time; where lists show pages, Make takes away what was there.
	Make func(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error)
	// Ways gives the use cases that list, "list", "search", "export", with a guard. Each gives the
	// identifiers it shows; "count" may be checked by giving as many.
	Ways func(g *access.Guard) map[string]Way
}

// Way is one use case that lists.
type Way func(ctx context.Context, a access.Actor) ([]string, error)

// Who random worlds are made of.
var (
	Members  = []string{"body-1", "body-2", "body-3"}
	Accounts = []string{"account-1", "account-2", "account-3"}
)

// How many random worlds are made, with how many actors each; and how many, at most, until a mistake
// is noticed.
const (
	worlds    = 24
	lookers   = 6
	mostTries = 150
)

// Agree proves that every way in which a list leaves the program holds exactly what the policies allow
// one record at a time, for random worlds, relations and actors. And it proves that it would notice:
// each way is handed a guard that lets everybody see everything, as if it had lost its condition, and
// guards that lost a single permit or forbid that matters to it. With each of them it must be found
// wrong; a way that is not, does not ask the guard.
func Agree(t testing.TB, d *db.DB, now time.Time, files []access.Policy, l List) {
	t.Helper()
	clock := func() time.Time { return now }
	g, err := access.New(clock, files...)
	if err != nil {
		t.Fatal(err)
	}
	open, err := access.New(clock, everything(t, files, l)...)
	if err != nil {
		t.Fatal(err)
	}
	p := proof{d, now, g, l, concerned(t, g, files, l)}
	ways := l.Ways(g)
	shown, seed := 0, rand.IntN(1<<30) // #nosec G404 -- other worlds each time, no secret
	for i := range worlds {
		n, wrong := p.compare(t, ways, seed+i, lookers)
		if wrong != "" {
			t.Fatalf("%s, world %d: %s", l.Action, seed+i, wrong)
		}
		shown += n
	}
	if shown == 0 {
		t.Errorf("%s: nobody was ever shown anything: the property says nothing (seed %d)", l.Action, seed)
	}
	for name, way := range l.Ways(open) {
		if !p.noticed(t, map[string]Way{name: way}) {
			t.Errorf("%s: %s without a condition is not noticed", l.Action, name)
		}
	}
	for _, m := range Mutants(t, files) {
		if m.Name != m.ID+": deleted" || !concerns(g, m.tree, l.Action, l.Type) || global(m.tree) {
			continue
		}
		mutated, err := access.New(clock, m.Files...)
		if err != nil {
			continue
		}
		if !p.noticed(t, l.Ways(mutated)) {
			t.Errorf("%s: a list without the policy %s is not noticed", l.Action, m.ID)
		}
	}
}

// everything is policies under which everybody may do the action of a list with all of its records.
func everything(t testing.TB, files []access.Policy, l List) []access.Policy {
	t.Helper()
	open := []access.Policy{{Name: "everything", Text: fmt.Sprintf(`@id("everything")
		permit (principal, action == Action::%q, resource is %s);`, l.Action, l.Type)}}
	for _, file := range files {
		permits := slices.DeleteFunc(parse(t, file), func(p *cedar.Policy) bool { return p.Effect() == cedar.Forbid })
		open = append(open, access.Policy{Name: file.Name, Text: text(permits)})
	}
	return open
}

// proof is what worlds are made of, and whose word they are held against.
type proof struct {
	db    *db.DB
	now   time.Time
	guard *access.Guard
	list  List
	roles []access.Role
}

// sample is a random world and who looks at it.
type sample struct {
	world  []access.Resource
	actors []access.Actor
	err    error
}

// compare makes the world of a seed and says what is wrong with these ways of listing it, "" for
// nothing, and how many records were shown. Rapid draws again when a generator panics, and calls what
// fails inside of one no failure: so a generator makes the world and nothing else, what went wrong comes
// out as a value, and all that is asserted is asserted here.
func (p proof) compare(t testing.TB, ways map[string]Way, seed, n int) (shown int, wrong string) {
	t.Helper()
	s := rapid.Custom(func(t *rapid.T) (s sample) {
		if s.world, s.err = p.makeWorld(t); s.err == nil {
			s.actors = rapid.SliceOfN(actor(p.now, p.roles), n, n).Draw(t, "actors")
		}
		return s
	}).Example(seed)
	if s.err != nil {
		t.Fatalf("%s, world %d is not made: %v", p.list.Action, seed, s.err)
	}
	for _, a := range s.actors {
		mine, wrong, err := p.disagreement(ways, a, s.world)
		if err != nil {
			t.Fatalf("%s, world %d: %v", p.list.Action, seed, err)
		}
		if wrong != "" {
			return shown, wrong
		}
		shown += mine
	}
	return shown, ""
}

// noticed says whether some random world shows that these ways are wrong. That a way fails is not what
// is meant: compare ends the test.
func (p proof) noticed(t testing.TB, ways map[string]Way) bool {
	t.Helper()
	for seed := range mostTries {
		if _, wrong := p.compare(t, ways, seed, 2*lookers); wrong != "" {
			return true
		}
	}
	return false
}

// makeWorld makes records and relations to some of them.
func (p proof) makeWorld(t *rapid.T) (world []access.Resource, err error) {
	ties := rapid.SliceOfN(tie(p.now), 0, 6).Draw(t, "relations")
	// The draws of Make must be the same when the transaction runs again, so it runs outside of InTx's
	// repetition: a conflict can't happen, since every world has records of its own.
	err = p.db.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) (err error) {
		if world, err = p.list.Make(t, ctx, tx); err != nil {
			return err
		}
		for i, r := range ties {
			if len(world) == 0 {
				return nil
			}
			r.Type, r.Object = p.list.Type, world[i%len(world)].ID
			if _, err := access.Tie(ctx, tx, p.now, access.Actor{Via: audit.ViaJob}, r); err != nil {
				return err
			}
		}
		return nil
	})
	return world, err
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

// concerned are all roles, with those that the policies of a list name half of the time: others see
// nothing, and a property about nothing proves nothing.
func concerned(t testing.TB, g *access.Guard, files []access.Policy, l List) []access.Role {
	t.Helper()
	var named []access.Role
	for _, file := range files {
		for _, p := range parse(t, file) {
			if tree := (*ast.Policy)(p.AST()); concerns(g, tree, l.Action, l.Type) {
				for _, role := range access.Roles {
					if strings.Contains(text([]*cedar.Policy{p}), `"`+string(role)+`"`) {
						named = append(named, role)
					}
				}
			}
		}
	}
	if len(named) == 0 {
		return access.Roles
	}
	pool := slices.Clone(access.Roles)
	for len(pool) < 2*len(access.Roles) {
		pool = append(pool, named...)
	}
	return pool
}

func actor(now time.Time, roles []access.Role) *rapid.Generator[access.Actor] {
	return rapid.Custom(func(t *rapid.T) access.Actor {
		a := access.Actor{
			Account: rapid.SampledFrom(append([]string{""}, Accounts...)).Draw(t, "account"),
			Strong:  rapid.IntRange(0, 3).Draw(t, "strong") > 0, Via: audit.ViaPage,
		}
		if a.Account == "" {
			return a
		}
		a.Member = rapid.SampledFrom(append([]string{""}, Members...)).Draw(t, "member")
		a.Roles = rapid.SliceOfNDistinct(rapid.SampledFrom(roles), 0, 3, rapid.ID[access.Role]).Draw(t, "roles")
		if rapid.Bool().Draw(t, "fresh") { // a password alone is a fresh proof too
			a.SteppedUp = now
		}
		return a
	})
}

// disagreement compares every way of listing with the guard's word on each record, and says how many
// records the actor may see.
func (p proof) disagreement(ways map[string]Way, a access.Actor, world []access.Resource) (n int, wrong string, err error) {
	ctx := context.Background()
	mine, want := map[string]bool{}, []string{}
	for _, r := range world {
		related, err := access.Related(ctx, p.db, p.now, a, r.Type, r.ID)
		if err != nil {
			return 0, "", err
		}
		r.Attributes = maps.Clone(r.Attributes)
		r.Attributes["related"] = related
		if mine[r.ID] = true; p.guard.Allows(ctx, a, p.list.Action, r) {
			want = append(want, r.ID)
		}
	}
	slices.Sort(want)
	for name, way := range ways {
		ids, err := way(ctx, a)
		if err != nil && !fault.Is(err, fault.KindNotFound) { // to whoever may see none, there may be no list at all
			return 0, "", fmt.Errorf("%s: %w", name, err)
		}
		got := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !mine[id] })
		if slices.Sort(got); !slices.Equal(got, want) {
			return 0, fmt.Sprintf("%s shows %v, the policies allow %v, to %+v", name, got, want, a), nil
		}
	}
	return len(want), "", nil
}
