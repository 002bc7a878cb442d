// SPDX-License-Identifier: EUPL-1.2

package access_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// now is the time of the tests.
var now = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

func clock() time.Time { return now }

// thing is a record with an attribute of every kind.
type thing struct {
	id, owner, tag string
	closed         bool
	n              int64
	bodies         []string
}

func (x thing) resource(related []string) access.Resource {
	return access.Resource{Type: "Thing", ID: x.id, Attributes: access.Attributes{
		"owner": x.owner, "tag": x.tag, "closed": x.closed, "n": x.n, "bodies": x.bodies, "known": []string{"m2", x.owner, "x"}, "related": related,
	}}
}

var things = access.Table{Type: "Thing", ID: "t.id", Columns: map[string]access.Column{
	"owner": {SQL: "t.owner", Kind: access.Text}, "known": {SQL: "(%s IN (?, t.owner) OR %s = ?)", Kind: access.Many, Args: []any{"m2", "x"}}, "tag": {SQL: "t.tag", Kind: access.Text},
	"closed": {SQL: "t.closed", Kind: access.Truth}, "n": {SQL: "t.n", Kind: access.Number},
	"bodies": {SQL: "EXISTS (SELECT 1 FROM thing_body AS b WHERE b.thing = t.id AND b.body = %s)", Kind: access.Many},
}}

// questions are what random policies ask; each once alone, then joined at random. Some fail: they
// compare what can't be compared, which Cedar calls an error, and a policy with an error does not apply.
var questions = []string{
	`resource.closed`, `resource.owner == principal.member`, `principal.member == resource.owner`, `resource.owner != "m1"`,
	`resource.owner == resource.tag`, `resource.n < 3`, `2 <= resource.n`, `resource.n > 1`, `resource.n >= 4`, `resource.n == 2`,
	`resource.bodies.contains(principal.member)`, `resource.bodies.containsAny(["m1", "m3"])`, `["m2"].containsAny(resource.bodies)`,
	`resource.known.contains(principal.member)`, `resource.known.containsAll(["x", "m1"])`,
	`resource.bodies.containsAll(["m1", "m2"])`, `resource.bodies.containsAll([])`, `["m1", "x"].contains(resource.owner)`,
	`[1, 2].contains(resource.n)`, `[true, "m1"].contains(resource.closed)`, `resource.related.contains("team")`,
	`resource.related.containsAny(["grant", "emergency"])`, `resource has owner`, `resource has nothing`, `resource has related`,
	`resource is Thing`, `resource is Other`, `principal.roles.contains("auditor")`, `principal.strong`, `principal.known`, `true`,
	`principal.member == "m1"`, `resource.closed == true`, `resource.closed != true`, `resource.n == "2"`, `resource.owner != 2`,
	`resource.owner == resource.n`, `resource.owner < 3`, `principal.member < 3`, `resource.n > principal.member`, `resource.closed.contains("m1")`,
	`principal.member.contains(resource.owner)`, `resource.owner && true`,
}

func expression(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		if depth == 0 {
			return rapid.SampledFrom(questions).Draw(t, "question")
		}
		part := func(label string) string { return expression(depth-1).Draw(t, label) }
		switch rapid.IntRange(0, 5).Draw(t, "shape") {
		case 0:
			return "(" + part("left") + " && " + part("right") + ")"
		case 1:
			return "(" + part("left") + " || " + part("right") + ")"
		case 2:
			return "!(" + part("one") + ")"
		case 3:
			return "(if " + part("which") + " then " + part("then") + " else " + part("other") + ")"
		}
		return part("one")
	})
}

func policies(t *rapid.T) string {
	var b strings.Builder
	for i := range rapid.IntRange(1, 4).Draw(t, "policies") {
		effect := rapid.SampledFrom([]string{"permit", "permit", "forbid"}).Draw(t, "effect")
		if i == 0 {
			effect = "permit"
		}
		resource := rapid.SampledFrom([]string{"resource", "resource is Thing", "resource is Other", `resource == Thing::"t1"`}).Draw(t, "resource")
		fmt.Fprintf(&b, `@id("p%d") %s (principal, action == Action::"thing.one.read", %s)`, i, effect, resource)
		for range rapid.IntRange(0, 2).Draw(t, "conditions") {
			fmt.Fprintf(&b, " %s { %s }", rapid.SampledFrom([]string{"when", "unless"}).Draw(t, "when"), expression(2).Draw(t, "body"))
		}
		b.WriteString(";\n")
	}
	return b.String()
}

var actors = rapid.Custom(func(t *rapid.T) access.Actor {
	a := access.Actor{
		Account: rapid.SampledFrom([]string{"", "a1", "a2"}).Draw(t, "account"),
		Member:  rapid.SampledFrom([]string{"", "m1", "m2"}).Draw(t, "member"), Strong: rapid.Bool().Draw(t, "strong"),
	}
	if rapid.Bool().Draw(t, "auditor") {
		a.Roles = []access.Role{access.Auditor}
	}
	return a
})

// A list holds exactly what the policies allow, one record at a time, whatever the policies say.
func TestScopeAgreesWithPolicies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		world := makeThings(t, d)
		refused, checked, listed := 0, 0, 0
		rapid.Check(t, func(t *rapid.T) {
			text := policies(t)
			g, err := access.New(clock, access.Policy{Name: "random", Text: text})
			if err != nil {
				t.Fatalf("%v in\n%s", err, text)
			}
			a := actors.Draw(t, "actor")
			condition, args, err := g.Scope(a, "thing.one.read", things, 2)
			if err != nil {
				refused++ // nothing is listed, and the start says so
				return
			}
			checked++
			got, err := db.Rows(context.Background(), d, db.Column[string],
				`SELECT t.id FROM thing AS t WHERE t.id <> $1 AND `+condition+` ORDER BY t.id`, append([]any{"none"}, args...)...)
			if err != nil {
				t.Fatalf("%v\n%s\n%s %v", err, text, condition, args)
			}
			want := []string{}
			for _, x := range world {
				related, err := access.Related(context.Background(), d, now, a, "Thing", x.id)
				if err != nil {
					t.Fatal(err)
				}
				if g.Allows(context.Background(), a, "thing.one.read", x.resource(related)) {
					want = append(want, x.id)
				}
			}
			if listed += len(want); !slices.Equal(got, want) {
				t.Fatalf("listed %v, allowed %v\n%s\n%s %v\n%+v", got, want, text, condition, args, a)
			}
		})
		if checked < refused || listed == 0 {
			t.Errorf("%d policies were checked, %d refused, %d records listed: the property says little", checked, refused, listed)
		}
	})
}

func makeThings(t *testing.T, d *db.DB) []thing {
	t.Helper()
	world := []thing{
		{"t1", "m1", "m1", false, 1, nil}, {"t2", "m2", "m1", true, 2, []string{"m1"}}, {"t3", "m3", "x", false, 3, []string{"m1", "m2"}},
		{"t4", "m1", "x", true, 4, []string{"m3"}}, {"t5", "", "", false, -1, []string{"m2"}}, {"t6", "m2", "m2", true, 5, nil},
	}
	ties := []access.Relation{
		{Kind: access.Team, Account: "a1", Type: "Thing", Object: "t1"},
		{Kind: access.Team, Account: "a1", Member: "m2", Type: "Thing", Object: "t2"},
		{Kind: access.Grant, Member: "m1", Type: "Thing", Object: "t3"},
		{Kind: access.Grant, Account: "a2", Type: "Thing", Object: "t4", Since: now.Add(-2 * time.Hour), Until: now},
		{Kind: access.Emergency, Account: "a2", Type: "Thing", Object: "t5", Since: now.Add(-time.Hour), Until: now.Add(time.Millisecond)},
		{Kind: access.Team, Account: "a2", Type: "Thing", Object: "t6", Since: now.Add(time.Millisecond)},
		{Kind: access.Team, Account: "a1", Type: "Other", Object: "t3"},
	}
	err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for _, text := range []string{
			`CREATE TABLE thing (id TEXT PRIMARY KEY, owner TEXT NOT NULL, tag TEXT NOT NULL, closed BOOLEAN NOT NULL, n BIGINT NOT NULL)`,
			`CREATE TABLE thing_body (thing TEXT NOT NULL, body TEXT NOT NULL)`,
		} {
			if _, err := db.Exec(ctx, tx, text); err != nil {
				return err
			}
		}
		for _, x := range world {
			if _, err := db.Exec(ctx, tx, `INSERT INTO thing VALUES ($1, $2, $3, $4, $5)`, x.id, x.owner, x.tag, x.closed, x.n); err != nil {
				return err
			}
			for _, body := range x.bodies {
				if _, err := db.Exec(ctx, tx, `INSERT INTO thing_body VALUES ($1, $2)`, x.id, body); err != nil {
					return err
				}
			}
		}
		for _, r := range ties {
			if _, err := access.Tie(ctx, tx, now, access.Actor{Account: "boss", Member: "m1"}, r); err != nil {
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

// What SQL can't say is refused, and then nothing is listed.
func TestScopeRefusesWhatItCannotSay(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`resource.unknown == "m1"`, `resource in Thing::"t1"`, `resource.bodies == ["m1"]`, `resource.owner like "m*"`,
		`resource.closed || resource.owner < 3`, `resource.bodies.contains(resource.owner)`, `resource.n + 1 == 2`,
	} {
		g, err := access.New(clock, access.Policy{Name: "x", Text: `@id("p") permit (principal, action == Action::"thing.one.read", resource) when { ` + body + ` };`})
		if err != nil {
			t.Fatal(err)
		}
		condition, _, err := g.Scope(access.Actor{Account: "a1"}, "thing.one.read", things, 1)
		if err == nil || condition != "FALSE" {
			t.Errorf("%s: %s, %v", body, condition, err)
		}
	}
}
