// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"strings"
	"sync"
	"time"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/eval"
)

// Proof is what somebody has to show before they may do something that is theirs to do.
type Proof string

// What may be wanted.
const (
	NoProof      Proof = ""
	SecondFactor Proof = "second-factor" // no second factor was shown in this session
	FreshProof   Proof = "fresh-proof"   // it was, but too long ago for this
)

// May says whether there can be a resource with which a may do action, once they have proved what the
// policies want proved: what routes and menus ask. It reads the policies with the resource left open,
// so it may say yes where Allows then says no for every resource there is, and never the other way
// round.
func (g *Guard) May(a Actor, action string) bool {
	return g.possible(a, action) || g.possible(g.proven(a), action)
}

// Wants says what a has to prove before doing action. The answer of a door to an actor who May, and
// of whom something is wanted, is to ask for that proof and come back.
func (g *Guard) Wants(a Actor, action string) Proof {
	if g.possible(a, action) || !g.May(a, action) {
		return NoProof
	}
	strong := a
	strong.Strong = true
	if !a.Strong && g.possible(strong, action) {
		return SecondFactor
	}
	if !a.Strong {
		return SecondFactor // first of the two that are wanted
	}
	return FreshProof
}

// proven is a with all that a session can prove.
func (g *Guard) proven(a Actor) Actor {
	a.Strong, a.SteppedUp = true, g.clock()
	return a
}

// question is all that the answer of possible depends on.
type question struct {
	account, member, roles, via, action string
	strong, steppedUp                   bool
}

// answers remembers what is possible. A page asks for every entry of the menu, twice where somebody may not,
// and that was half of the time of a page.
type answers struct {
	mu    sync.Mutex
	known map[question]bool
}

// mostAnswers bounds what is remembered, to some megabytes: a few hundred actors with all actions.
const mostAnswers = 1 << 15

func (s *answers) get(q question, find func() bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if answer, known := s.known[q]; known {
		return answer
	}
	if s.known == nil || len(s.known) >= mostAnswers {
		s.known = map[question]bool{}
	}
	answer := find()
	s.known[q] = answer
	return answer
}

// possible says whether some permit is left open and no forbid is certain, whatever the resource and the hour.
// It asks nothing but the policies, which don't change, and what is described of the actor.
func (g *Guard) possible(a Actor, action string) bool {
	roles := make([]string, len(a.Roles))
	for i, r := range a.Roles {
		roles[i] = string(r)
	}
	q := question{a.Account, a.Member, strings.Join(roles, " "), a.Via, action, a.Strong, a.steppedUp(g.clock())}
	a.SteppedUp = time.Time{} // as the question says, however long finding takes
	if q.steppedUp {
		a.SteppedUp = g.clock()
	}
	return g.answers.get(q, func() bool { return g.find(a, action) })
}

func (g *Guard) find(a Actor, action string) bool {
	env := g.env(a, action, eval.Variable("resource"))
	env.Context = eval.Variable("context")
	open := false
	for _, r := range g.ruling(action).rules {
		rest, kept := eval.PartialPolicy(env, (*ast.Policy)(r.policy.AST()))
		switch {
		case !kept:
		case !r.Forbids:
			open = true
		case certain(rest):
			return false
		}
	}
	return open
}

// certain says whether what is left of a policy holds for every resource.
func certain(rest *ast.Policy) bool {
	_, all := rest.Resource.(ast.ScopeTypeAll)
	return all && len(rest.Conditions) == 0
}

// env is what policies are evaluated in, for one actor and action.
func (g *Guard) env(a Actor, action string, resource types.Value) eval.Env {
	who, what := cedar.NewEntityUID("Account", cedar.String(a.Account)), actionNamed(action)
	return eval.Env{
		Principal: who, Action: what, Resource: resource, Context: g.context(),
		Entities: types.EntityMap{who: {UID: who, Attributes: g.describe(a)}, what: g.actions[what]},
	}
}
