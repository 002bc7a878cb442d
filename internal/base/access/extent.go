// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/eval"
)

// Extent is how far something may be done.
type Extent int

// The extents.
const (
	Never     Extent = iota // with no record there can be
	Sometimes               // with records that fulfil a condition: one's own body's, one's own
	Always                  // with every record
)

// Extent says how far an actor may do action once they have proved what is wanted: what the page "who
// can do what" shows.
func (g *Guard) Extent(a Actor, action string) Extent {
	a = g.proven(a)
	if !g.possible(a, action) {
		return Never
	}
	env := g.env(a, action, eval.Variable("resource"))
	all := false
	for _, r := range g.ruling(action).rules {
		rest, kept := eval.PartialPolicy(env, (*ast.Policy)(r.policy.AST()))
		switch {
		case !kept:
		case r.Forbids:
			return Sometimes // some record is forbidden
		case free(rest):
			all = true
		}
	}
	if all {
		return Always
	}
	return Sometimes
}

// free says whether what is left of a permit asks nothing of the record but its type, which belongs
// to the action.
func free(rest *ast.Policy) bool {
	_, all := rest.Resource.(ast.ScopeTypeAll)
	_, typed := rest.Resource.(ast.ScopeTypeIs)
	return (all || typed) && len(rest.Conditions) == 0
}

// Concerning are the rules that name an action or a group it is in, permits first. Those that hold for
// every action are not among them.
func (g *Guard) Concerning(action string) []Rule {
	var permits, forbids []Rule
	for _, r := range g.rules {
		switch {
		case !g.names(r, action):
		case r.Forbids:
			forbids = append(forbids, r)
		default:
			permits = append(permits, r)
		}
	}
	return append(permits, forbids...)
}
