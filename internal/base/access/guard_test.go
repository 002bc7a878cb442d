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

// What a guard has answered once it answers again only to the same question, at the same stage of its proof.
func TestWhatWasAnsweredIsOfThisActor(t *testing.T) {
	t.Parallel()
	moment := now
	g, err := access.New(func() time.Time { return moment }, access.Policy{Name: "x", Text: `
		@id("one") permit (principal, action == Action::"x.one.do", resource) when {
			principal.account == "a" && principal.member == "m" && principal.roles.contains("auditor") && principal.via == "page" && principal.strong && principal.stepped_up };
		@id("other") permit (principal, action == Action::"x.other.do", resource) when { principal.account == "b" };
		@id("shut") forbid (principal, action == Action::"x.one.do", resource) when { principal.roles.contains("translator") };`})
	if err != nil {
		t.Fatal(err)
	}
	may := access.Actor{Account: "a", Member: "m", Roles: []access.Role{access.Auditor}, Via: "page", Strong: true, SteppedUp: now}
	for range 2 {
		if !g.May(may, "x.one.do") || g.Wants(may, "x.one.do") != access.NoProof {
			t.Error("it may not")
		}
		for name, change := range map[string]func(*access.Actor){
			"account": func(a *access.Actor) { a.Account = "c" }, "member": func(a *access.Actor) { a.Member = "n" },
			"roles": func(a *access.Actor) { a.Roles = nil }, "one more role": func(a *access.Actor) { a.Roles = []access.Role{access.Auditor, access.Translator} },
			"via": func(a *access.Actor) { a.Via = "api" },
		} {
			other := may
			change(&other)
			if g.May(other, "x.one.do") {
				t.Errorf("with another %s it may", name)
			}
		}
		weak := may
		weak.Strong = false
		if g.Wants(weak, "x.one.do") != access.SecondFactor || g.May(may, "x.other.do") {
			t.Error("a weak session, or another action, has the answer of the strong one")
		}
	}
	moment = now.Add(access.StepUpHolds)
	if got := g.Wants(may, "x.one.do"); got != access.FreshProof {
		t.Errorf("when the proof is old it wants %q", got)
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
