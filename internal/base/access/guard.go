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

// Policy is one file of Cedar text. Every policy in it carries @id("…").
type Policy struct {
	Name string // "directory/policy.cedar"
	Text string
}

// Attributes are what policies may ask about a resource: values of type string, bool, int, int64
// or []string.
type Attributes map[string]any

// Resource is what somebody wants to do something with.
type Resource struct {
	Type       string // "Service"
	ID         string
	Attributes Attributes
}

// Guard decides by the policies of the whole program.
type Guard struct {
	policies *cedar.PolicySet
	clock    func() time.Time
}

// New reads the policies. It is an error when one can't be read, has no @id, or has that of another.
func New(clock func() time.Time, files ...Policy) (*Guard, error) {
	set := cedar.NewPolicySet()
	for _, f := range files {
		list, err := cedar.NewPolicyListFromBytes(f.Name, []byte(f.Text))
		if err != nil {
			return nil, fmt.Errorf("access: %s: %w", f.Name, err)
		}
		for _, p := range list {
			id := string(p.Annotations()["id"])
			if id == "" {
				return nil, fmt.Errorf("access: %s:%d: a policy without @id", f.Name, p.Position().Line)
			}
			if !set.Add(cedar.PolicyID(id), p) {
				return nil, fmt.Errorf("access: %s:%d: the policy %q stands twice", f.Name, p.Position().Line, id)
			}
		}
	}
	return &Guard{set, clock}, nil
}

// Missing is the answer to whoever may not see something, and to whoever asks for what does not exist.
func Missing() error { return fault.NotFound("fault.no_page") }

// Allows says whether a may do action with r.
func (g *Guard) Allows(_ context.Context, a Actor, action string, r Resource) bool {
	uid := cedar.NewEntityUID(cedar.EntityType(r.Type), cedar.String(r.ID))
	who := cedar.NewEntityUID("Account", cedar.String(a.Account))
	entities := cedar.EntityMap{
		uid: {UID: uid, Attributes: record(r.Attributes)},
		who: {UID: who, Attributes: g.describe(a)},
	}
	decision, _ := g.policies.IsAuthorized(entities, cedar.Request{
		Principal: who, Action: cedar.NewEntityUID("Action", cedar.String(action)), Resource: uid,
		Context: cedar.NewRecord(cedar.RecordMap{"now": cedar.Long(g.clock().UnixMilli())}),
	})
	return decision == cedar.Allow
}

// Check is Allows as an error: Missing when a may not.
func (g *Guard) Check(ctx context.Context, a Actor, action string, r Resource) error {
	if g.Allows(ctx, a, action, r) {
		return nil
	}
	return Missing()
}

// describe is what policies may ask about the principal.
func (g *Guard) describe(a Actor) cedar.Record {
	roles := make([]string, len(a.Roles))
	for i, r := range a.Roles {
		roles[i] = string(r)
	}
	return record(Attributes{
		"known": a.Known(), "member": a.Member, "roles": roles, "strong": a.Strong,
		"stepped_up": !a.SteppedUp.IsZero() && g.clock().Sub(a.SteppedUp) < StepUpHolds, "via": a.Via,
	})
}

// StepUpHolds is how long a step-up counts.
const StepUpHolds = 10 * time.Minute

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

// Actions are the names of all actions that some policy permits, in order.
func (g *Guard) Actions() []string {
	var list []string
	for _, p := range g.policies.All() {
		for _, part := range strings.Split(string(p.MarshalCedar()), `Action::"`)[1:] {
			name, _, _ := strings.Cut(part, `"`)
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
