// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/eval"
)

// May says whether there can be a resource with which a may do action: what routes and menus ask.
// It reads each permit with the resource left open, so it may say yes where Allows then says no for
// every resource there is, and never the other way round.
func (g *Guard) May(a Actor, action string) bool {
	who := cedar.NewEntityUID("Account", cedar.String(a.Account))
	env := eval.Env{
		Principal: who, Action: cedar.NewEntityUID("Action", cedar.String(action)), Resource: eval.Variable("resource"),
		Context:  cedar.NewRecord(cedar.RecordMap{"now": cedar.Long(g.clock().UnixMilli())}),
		Entities: types.EntityMap{who: {UID: who, Attributes: g.describe(a)}},
	}
	for _, p := range g.policies.All() {
		if p.Effect() != cedar.Permit {
			continue
		}
		if _, open := eval.PartialPolicy(env, (*ast.Policy)(p.AST())); open {
			return true
		}
	}
	return false
}
