// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cedar-policy/cedar-go"

	"approdo/internal/kit/fault"
)

// Attributes are what policies may ask about a resource: values of type string, bool, int, int64
// or []string.
type Attributes map[string]any

// Resource is what somebody wants to do something with. Whoever makes one gives every attribute that
// policies ask about its type; "related" (see Related) is empty when it is not given.
type Resource struct {
	Type       string // "Service"
	ID         string
	Attributes Attributes
}

// Guard decides by the policies of the whole program.
type Guard struct {
	rules   []Rule
	actions cedar.EntityMap    // every action with the groups it is in
	rulings map[string]*ruling // by action
	other   *ruling            // of actions that nothing permits
	clock   func() time.Time
	answers answers
}

// ruling is what policies say of one action: those that name it, a group it is in, or no action at all. The
// others can't apply, and there are so many of them that reading past them was most of the work of a page.
type ruling struct {
	rules    []Rule
	policies *cedar.PolicySet
}

func (g *Guard) ruling(action string) *ruling {
	if one, known := g.rulings[action]; known {
		return one
	}
	return g.other
}

// rule makes the ruling of an action.
func (g *Guard) rule(action string) *ruling {
	one := &ruling{policies: cedar.NewPolicySet()}
	for _, r := range g.rules {
		if len(r.Actions) == 0 || g.names(r, action) {
			one.rules = append(one.rules, r)
			one.policies.Add(cedar.PolicyID(r.ID), r.policy)
		}
	}
	return one
}

// names says whether a rule names an action, or a group it is in.
func (g *Guard) names(r Rule, action string) bool {
	return slices.ContainsFunc(r.Actions, func(name string) bool { return name == action || g.In(action, name) })
}

// New reads the policies. It is an error when one can't be read, has no @id or that of another, names
// a role or asks something of the principal that does not exist, or forbids what nobody permits.
func New(clock func() time.Time, files ...Policy) (*Guard, error) {
	var rules []Rule
	for _, f := range files {
		list, err := readRules(f)
		if err != nil {
			return nil, err
		}
		rules = append(rules, list...)
	}
	return assemble(clock, rules)
}

func assemble(clock func() time.Time, rules []Rule) (*Guard, error) {
	g := &Guard{rules: rules, actions: cedar.EntityMap{}, rulings: map[string]*ruling{}, clock: clock}
	groups, known := map[string][]string{}, map[string]bool{}
	for _, r := range rules {
		if known[r.ID] {
			return nil, fmt.Errorf("access: %s: the policy %q stands twice", r.File, r.ID)
		}
		known[r.ID] = true
		for _, action := range r.Actions {
			if r.Forbids {
				continue
			}
			groups[action] = append(groups[action], action[strings.LastIndex(action, ".")+1:])
			if r.About != "" {
				groups[action] = append(groups[action], AboutPersons)
			}
		}
	}
	for action, names := range groups {
		parents := make([]cedar.EntityUID, len(names))
		for i, name := range names {
			parents[i] = actionNamed(name)
		}
		uid := actionNamed(action)
		g.actions[uid] = cedar.Entity{UID: uid, Parents: cedar.NewEntityUIDSet(parents...)}
	}
	for _, r := range rules {
		for _, action := range r.Actions {
			if _, known := groups[action]; !known && !isGroup(action) {
				return nil, fmt.Errorf("access: %s: %s forbids %q, which nothing permits", r.File, r.ID, action)
			}
		}
	}
	for action := range groups {
		g.rulings[action] = g.rule(action)
	}
	g.other = g.rule("")
	return g, nil
}

// Rules are all policies, in the order of the files.
func (g *Guard) Rules() []Rule { return slices.Clone(g.rules) }

// Actions are the names of all actions that some policy permits, in order.
func (g *Guard) Actions() []string {
	list := make([]string, 0, len(g.actions))
	for uid := range g.actions {
		list = append(list, string(uid.ID))
	}
	slices.Sort(list)
	return list
}

// In says whether an action is in a group.
func (g *Guard) In(action, group string) bool {
	entity, ok := g.actions[actionNamed(action)]
	return ok && entity.Parents.Contains(actionNamed(group))
}

// Missing is the answer to whoever may not see something, and to whoever asks for what does not exist.
func Missing() error { return fault.NotFound("fault.no_page") }

// Allows says whether a may do action with r.
func (g *Guard) Allows(_ context.Context, a Actor, action string, r Resource) bool {
	uid := cedar.NewEntityUID(cedar.EntityType(r.Type), cedar.String(r.ID))
	who, what := cedar.NewEntityUID("Account", cedar.String(a.Account)), actionNamed(action)
	entities := cedar.EntityMap{
		uid:  {UID: uid, Attributes: record(withRelated(r.Attributes))},
		who:  {UID: who, Attributes: g.describe(a)},
		what: g.actions[what],
	}
	decision, _ := cedar.Authorize(g.ruling(action).policies, entities, cedar.Request{Principal: who, Action: what, Resource: uid, Context: g.context()})
	return decision == cedar.Allow
}

// Check is Allows as an error: Missing, with the Refusal behind it, when a may not.
func (g *Guard) Check(ctx context.Context, a Actor, action string, r Resource) error {
	if g.Allows(ctx, a, action, r) {
		return nil
	}
	return Refuse(a, action, r.Type)
}

func (g *Guard) context() cedar.Record {
	return cedar.NewRecord(cedar.RecordMap{"now": cedar.Long(g.clock().UnixMilli())})
}

// describe is what policies may ask about the principal.
func (g *Guard) describe(a Actor) cedar.Record {
	roles := make([]string, len(a.Roles))
	for i, r := range a.Roles {
		roles[i] = string(r)
	}
	return record(Attributes{
		"account": a.Account, "known": a.Known(), "member": a.Member, "roles": roles, "strong": a.Strong,
		"stepped_up": a.steppedUp(g.clock()), "via": a.Via,
	})
}

// StepUpHolds is how long a step-up counts.
const StepUpHolds = 10 * time.Minute

func (a Actor) steppedUp(now time.Time) bool {
	return !a.SteppedUp.IsZero() && now.Sub(a.SteppedUp) < StepUpHolds
}

func actionNamed(name string) cedar.EntityUID {
	return cedar.NewEntityUID("Action", cedar.String(name))
}

// withRelated gives every resource the answer to who is related to it: nobody, unless it was looked up.
func withRelated(attributes Attributes) Attributes {
	if _, given := attributes["related"]; given {
		return attributes
	}
	all := Attributes{"related": []string{}}
	for name, v := range attributes {
		all[name] = v
	}
	return all
}

func record(attributes Attributes) cedar.Record {
	m := cedar.RecordMap{}
	for name, v := range attributes {
		m[cedar.String(name)] = value(name, v)
	}
	return cedar.NewRecord(m)
}

func value(name string, v any) cedar.Value {
	switch v := v.(type) {
	case string:
		return cedar.String(v)
	case bool:
		return cedar.Boolean(v)
	case int:
		return cedar.Long(v)
	case int64:
		return cedar.Long(v)
	case []string:
		list := make([]cedar.Value, len(v))
		for i, s := range v {
			list[i] = cedar.String(s)
		}
		return cedar.NewSet(list...)
	}
	panic("access: the attribute " + strconv.Quote(name) + " has a type that policies don't know")
}
