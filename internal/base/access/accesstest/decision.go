// SPDX-License-Identifier: EUPL-1.2

package accesstest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"

	"approdo/internal/base/access"
)

// Case is one row of the table of decisions: an action on a kind of record.
type Case struct {
	Action   string
	Record   string // in words
	Resource access.Resource
}

// mostRecords is how many kinds of records an action is tried on at most; of more attributes than fit,
// each value is tried beside the first of the others.
const mostRecords = 54

// Cases are the rows that the policies themselves give rise to: for every action, every type of record,
// and for every attribute that a policy asks about, the values that make a difference.
func Cases(t testing.TB, files []access.Policy, now time.Time) []Case {
	t.Helper()
	g, err := access.New(func() time.Time { return now }, files...)
	if err != nil {
		t.Fatal(err)
	}
	var trees []*ast.Policy
	for _, file := range files {
		for _, p := range parse(t, file) {
			trees = append(trees, (*ast.Policy)(p.AST()))
		}
	}
	var list []Case
	for _, action := range g.Actions() {
		for _, typ := range typesOf(g, trees, action) {
			values := newValues(now)
			for _, tree := range trees {
				if concerns(g, tree, action, typ) {
					for _, c := range tree.Conditions {
						values.learn(c.Body, true)
					}
				}
			}
			for _, attributes := range values.combine() {
				list = append(list, Case{action, words(typ, attributes), access.Resource{Type: typ, ID: "one", Attributes: attributes}})
			}
		}
	}
	return list
}

// typesOf are the types that the permits of an action speak of; "Thing" when none is named.
func typesOf(g *access.Guard, trees []*ast.Policy, action string) []string {
	var list []string
	for _, tree := range trees {
		if !bool(tree.Effect) || !names(g, tree, action) {
			continue
		}
		typ := "Thing"
		switch scope := tree.Resource.(type) {
		case ast.ScopeTypeIs:
			typ = string(scope.Type)
		case ast.ScopeTypeEq:
			typ = string(scope.Entity.Type)
		}
		list = append(list, typ)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// names says whether a policy is about an action, by its name, a group or none.
func names(g *access.Guard, tree *ast.Policy, action string) bool {
	is := func(e cedar.EntityUID) bool { return string(e.ID) == action || g.In(action, string(e.ID)) }
	switch scope := tree.Action.(type) {
	case ast.ScopeTypeEq:
		return is(scope.Entity)
	case ast.ScopeTypeIn:
		return is(scope.Entity)
	case ast.ScopeTypeInSet:
		return slices.ContainsFunc(scope.Entities, is)
	}
	return true
}

func concerns(g *access.Guard, tree *ast.Policy, action, typ string) bool {
	if scope, ok := tree.Resource.(ast.ScopeTypeIs); ok && string(scope.Type) != typ {
		return false
	}
	return names(g, tree, action)
}

// words describe a record: what is own, what is another's, what is so.
func words(typ string, attributes access.Attributes) string {
	var list []string
	for name, v := range attributes {
		list = append(list, fmt.Sprintf("%s=%v", name, v))
	}
	slices.Sort(list)
	return strings.TrimSpace(typ + " " + strings.Join(list, " "))
}

// Decide asks a guard about every row and column. In a cell, "+" is yes, "2" yes with a second factor,
// "s" yes after a fresh proof, "." no.
func Decide(g *access.Guard, cases []Case, now time.Time) string {
	everybody := Everybody(now)
	var b strings.Builder
	b.WriteString("Who may do what: derived from the policies. One column for each of:\n")
	for i, s := range everybody {
		fmt.Fprintf(&b, "%s%s\n", strings.Repeat("| ", i), s.Name)
	}
	b.WriteString("+ yes   2 with a second factor   s after a fresh proof   . no\n")
	action := ""
	for _, c := range cases {
		if c.Action != action {
			action = c.Action
			fmt.Fprintf(&b, "\n%s\n", action)
		}
		for i, s := range everybody {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteByte(cell(g, s.Actor, c))
		}
		fmt.Fprintf(&b, "   %s\n", c.Record)
	}
	return b.String()
}

func cell(g *access.Guard, a access.Actor, c Case) byte {
	allows := func(strong, fresh bool) bool {
		one := a
		one.Strong = a.Strong && strong
		if !fresh {
			one.SteppedUp = time.Time{}
		}
		return g.Allows(context.Background(), one, c.Action, c.Resource)
	}
	switch {
	case allows(false, false):
		return '+'
	case allows(true, false):
		return '2'
	case allows(true, true):
		return 's'
	}
	return '.'
}

// Undetected are the mutants that the table of decisions does not notice: neither that of all policies
// nor that of their file alone. The second finds what a file says for itself although another file
// forbids it too: both stand, so that neither can be lost.
func Undetected(t testing.TB, files []access.Policy, mutants []Mutant, now time.Time) []string {
	t.Helper()
	var list []string
	for _, m := range undetected(t, files, mutants, now) {
		before := []access.Policy{files[m.file]}
		alone := Mutant{m.ID, m.Name, []access.Policy{m.Files[m.file]}, 0, m.tree}
		if len(undetected(t, before, []Mutant{alone}, now)) > 0 {
			list = append(list, m.Name)
		}
	}
	return list
}

func undetected(t testing.TB, files []access.Policy, mutants []Mutant, now time.Time) []Mutant {
	t.Helper()
	clock := func() time.Time { return now }
	g, err := access.New(clock, files...)
	if err != nil {
		t.Fatal(err)
	}
	cases, everybody := Cases(t, files, now), Everybody(now)
	want := make([][]byte, len(cases))
	for i, c := range cases {
		for _, s := range everybody {
			want[i] = append(want[i], cell(g, s.Actor, c))
		}
	}
	var list []Mutant
	for _, m := range mutants {
		mutated, err := access.New(clock, m.Files...)
		if err == nil && !differs(g, mutated, m.tree, cases, everybody, want) {
			list = append(list, m)
		}
	}
	return list
}

// differs looks at the rows that a policy can have to do with, until one cell is another.
func differs(g, mutated *access.Guard, tree *ast.Policy, cases []Case, everybody []Somebody, want [][]byte) bool {
	for i, c := range cases {
		if !concerns(g, tree, c.Action, c.Resource.Type) {
			continue
		}
		for k, s := range everybody {
			if cell(mutated, s.Actor, c) != want[i][k] {
				return true
			}
		}
	}
	return false
}
