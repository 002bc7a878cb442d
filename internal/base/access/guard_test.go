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
		"no id": `permit (principal, action, resource);`,
		"twice": `@id("a") permit (principal, action, resource); @id("a") forbid (principal, action, resource);`,
		"wrong": `permit everything`,
	} {
		if _, err := access.New(time.Now, access.Policy{Name: name, Text: text}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
