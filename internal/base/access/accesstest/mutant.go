// SPDX-License-Identifier: EUPL-1.2

package accesstest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/cedar-policy/cedar-go"
	public "github.com/cedar-policy/cedar-go/ast"
	"github.com/cedar-policy/cedar-go/x/exp/ast"

	"approdo/internal/base/access"
)

// Mutant is the policies with one mistake.
type Mutant struct {
	ID    string // of the policy
	Name  string // what was done to it
	Files []access.Policy
	file  int         // which of them is changed
	tree  *ast.Policy // the policy before
}

// Mutants are all policies with one policy deleted, one condition deleted, or one part of a condition
// (of && or ||) deleted, each.
func Mutants(t testing.TB, files []access.Policy) []Mutant {
	t.Helper()
	var list []Mutant
	for f, file := range files {
		parsed := parse(t, file)
		for i, p := range parsed {
			id := string(p.Annotations()["id"])
			add := func(what string, replaced ...*cedar.Policy) {
				rest := slices.Concat(parsed[:i:i], replaced, parsed[i+1:])
				changed := slices.Clone(files)
				changed[f] = access.Policy{Name: file.Name, Text: text(rest)}
				list = append(list, Mutant{id, id + ": " + what, changed, f, (*ast.Policy)(p.AST())})
			}
			add("deleted")
			tree := (*ast.Policy)(p.AST())
			for c := range tree.Conditions {
				without := *tree
				without.Conditions = slices.Delete(slices.Clone(tree.Conditions), c, c+1)
				add(fmt.Sprintf("without condition %d", c+1), made(&without))
				for n, body := range parts(tree.Conditions[c].Body) {
					lesser := *tree
					lesser.Conditions = slices.Clone(tree.Conditions)
					lesser.Conditions[c].Body = body
					add(fmt.Sprintf("condition %d without part %d", c+1, n+1), made(&lesser))
				}
			}
		}
	}
	return list
}

func made(p *ast.Policy) *cedar.Policy { return cedar.NewPolicyFromAST((*public.Policy)(p)) }

func parse(t testing.TB, file access.Policy) []*cedar.Policy {
	t.Helper()
	list, err := cedar.NewPolicyListFromBytes(file.Name, []byte(file.Text))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func text(list []*cedar.Policy) string {
	var all []byte
	for _, p := range list {
		all = append(append(all, p.MarshalCedar()...), '\n')
	}
	return string(all)
}

// parts are an expression with one side of one && or || left away, each.
func parts(n ast.IsNode) []ast.IsNode {
	var list []ast.IsNode
	pair := func(left, right ast.IsNode, join func(ast.BinaryNode) ast.IsNode) {
		list = append(list, right, left)
		for _, l := range parts(left) {
			list = append(list, join(ast.BinaryNode{Left: l, Right: right}))
		}
		for _, r := range parts(right) {
			list = append(list, join(ast.BinaryNode{Left: left, Right: r}))
		}
	}
	switch n := n.(type) {
	case ast.NodeTypeAnd:
		pair(n.Left, n.Right, func(b ast.BinaryNode) ast.IsNode { return ast.NodeTypeAnd{BinaryNode: b} })
	case ast.NodeTypeOr:
		pair(n.Left, n.Right, func(b ast.BinaryNode) ast.IsNode { return ast.NodeTypeOr{BinaryNode: b} })
	case ast.NodeTypeNot:
		for _, inner := range parts(n.Arg) {
			list = append(list, ast.NodeTypeNot{UnaryNode: ast.UnaryNode{Arg: inner}})
		}
	}
	return list
}

// global says whether a policy is about every action: then it is none of a list's own.
func global(p *ast.Policy) bool {
	_, all := p.Action.(ast.ScopeTypeAll)
	return all
}
