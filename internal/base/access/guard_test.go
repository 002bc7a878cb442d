// SPDX-License-Identifier: EUPL-1.2

package access_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/access"
)

const house = `
@id("editors-edit-what-their-body-offers")
permit (principal, action in [Action::"service.edit", Action::"service.read"], resource is Service)
when { principal.roles.contains("directory-editor") && resource.member == principal.member };

@id("nobody-edits-what-is-closed")
forbid (principal, action == Action::"service.edit", resource is Service) when { resource.closed };
`

func TestGuard(t *testing.T) {
	t.Parallel()
	g, err := access.New(time.Now, access.Policy{Name: "house", Text: house})
	if err != nil {
		t.Fatal(err)
	}
	editor := access.Actor{Account: "a", Member: "m1", Roles: []access.Role{access.DirectoryEditor}}
	service := func(member string, closed bool) access.Resource {
		return access.Resource{Type: "Service", ID: "s", Attributes: access.Attributes{"member": member, "closed": closed}}
	}
	for name, c := range map[string]struct {
		actor    access.Actor
		resource access.Resource
		want     bool
	}{
		"own":                {editor, service("m1", false), true},
		"of another body":    {editor, service("m2", false), false},
		"closed":             {editor, service("m1", true), false},
		"without a role":     {access.Actor{Account: "a", Member: "m1"}, service("m1", false), false},
		"a stranger":         {access.Actor{}, service("", false), false},
		"attributes missing": {editor, access.Resource{Type: "Service", ID: "s"}, false},
	} {
		if got := g.Allows(context.Background(), c.actor, "service.edit", c.resource); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if !g.May(editor, "service.edit") || g.May(access.Actor{Account: "a"}, "service.edit") || g.May(editor, "service.burn") {
		t.Error("May: an editor may edit something, nobody else anything")
	}
	if got := strings.Join(g.Actions(), " "); got != "service.edit service.read" {
		t.Errorf("actions: %s", got)
	}
}

func TestPoliciesNeedNames(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no id":               `permit (principal, action, resource);`,
		"twice":               `@id("a") permit (principal, action, resource); @id("a") forbid (principal, action, resource);`,
		"wrong":               `permit everything`,
		"no such role":        `@id("a") permit (principal, action == Action::"x.y.z", resource) when { principal.roles.contains("editor") };`,
		"no such roles":       `@id("a") permit (principal, action == Action::"x.y.z", resource) when { principal.roles.containsAny(["auditor", "king"]) };`,
		"no such question":    `@id("a") permit (principal, action == Action::"x.y.z", resource) when { principal.rolls.contains("auditor") };`,
		"no such annotation":  `@id("a") @abuot("persons") permit (principal, action == Action::"x.y.z", resource);`,
		"no such subject":     `@id("a") @about("animals") permit (principal, action == Action::"x.y.z", resource);`,
		"permits everything":  `@id("a") permit (principal, action, resource);`,
		"permits a group":     `@id("a") permit (principal, action in Action::"export", resource);`,
		"forbids what is not": `@id("a") permit (principal, action == Action::"x.y.z", resource); @id("b") forbid (principal, action == Action::"x.y.zz", resource);`,
	} {
		if _, err := access.New(time.Now, access.Policy{Name: name, Text: text}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

const proofs = `
@id("read") @about("persons") permit (principal, action == Action::"x.case.read", resource) when { principal.roles.contains("auditor") };
@id("list") permit (principal, action in [Action::"x.case.list", Action::"x.case.export"], resource) when { principal.roles.contains("auditor") };
@id("self") permit (principal, action == Action::"x.account.leave", resource) when { principal.known };
`

// What holds for all: second factor, fresh proof, acting body. A door can ask for what is missing.
func TestWhatHoldsEverywhere(t *testing.T) {
	t.Parallel()
	g, err := access.New(clock, access.Base(), access.Policy{Name: "x", Text: proofs})
	if err != nil {
		t.Fatal(err)
	}
	weak := access.Actor{Account: "a", Member: "m", Roles: []access.Role{access.Auditor}, Via: "page"}
	strong := weak
	strong.Strong = true
	fresh, stale := strong, strong
	fresh.SteppedUp, stale.SteppedUp = now, now.Add(-access.StepUpHolds)
	homeless := fresh
	homeless.Member = ""
	thing := access.Resource{Type: "Case", ID: "c"}
	for _, c := range []struct {
		name   string
		actor  access.Actor
		action string
		allows bool
		may    bool
		wants  access.Proof
	}{
		{"weak reads", weak, "x.case.read", false, true, access.SecondFactor},
		{"strong reads", strong, "x.case.read", true, true, access.NoProof},
		{"weak lists", weak, "x.case.list", true, true, access.NoProof},
		{"weak exports", weak, "x.case.export", false, true, access.SecondFactor},
		{"strong exports", strong, "x.case.export", false, true, access.FreshProof},
		{"stale exports", stale, "x.case.export", false, true, access.FreshProof},
		{"fresh exports", fresh, "x.case.export", true, true, access.NoProof},
		{"without a body", homeless, "x.case.list", false, false, access.NoProof},
		{"without a role leaves", access.Actor{Account: "b", Member: "m"}, "x.account.leave", true, true, access.NoProof},
		{"stranger", access.Actor{}, "x.case.read", false, false, access.NoProof},
		{"no role", access.Actor{Account: "b", Member: "m"}, "x.case.read", false, false, access.NoProof},
	} {
		if got := g.Allows(context.Background(), c.actor, c.action, thing); got != c.allows {
			t.Errorf("%s: allowed %t", c.name, got)
		}
		if got := g.May(c.actor, c.action); got != c.may {
			t.Errorf("%s: may %t", c.name, got)
		}
		if got := g.Wants(c.actor, c.action); got != c.wants {
			t.Errorf("%s: wants %q", c.name, got)
		}
	}
	if !g.In("x.case.export", "export") || !g.In("x.case.read", access.AboutPersons) || g.In("x.case.list", access.AboutPersons) {
		t.Error("the groups of actions are wrong")
	}
}

// Whoever reads a policy reads it as it stands, with what it says to people.
func TestRulesAreReadByPeople(t *testing.T) {
	t.Parallel()
	g, err := access.New(clock, access.Base())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range g.Rules() {
		if !strings.HasPrefix(r.Text, "@id(") || !strings.HasSuffix(r.Text, ";") || strings.Contains(r.Text, "//") || r.Note == "" {
			t.Errorf("%s: %q\n%s", r.ID, r.Note, r.Text)
		}
	}
}
