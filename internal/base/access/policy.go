// SPDX-License-Identifier: EUPL-1.2

package access

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
)

// Policy is one file of Cedar text. Every policy in it carries @id("…"), and may carry:
// @it("…") and @en("…"), what it says in a sentence; @about("persons") on a permit, when what is
// permitted shows or changes data about persons.
type Policy struct {
	Name string // "directory/policy.cedar"
	Text string
}

//go:embed policy.cedar
var baseText string

// Base is the file of what holds everywhere. Every guard that decides for real has it.
func Base() Policy { return Policy{"access/policy.cedar", baseText} }

// AboutPersons is a group of actions that policies may name beside the last words of actions: what is
// permitted by a policy with @about("persons").
const AboutPersons = "about-persons"

// Rule is one policy, as people read it.
type Rule struct {
	ID      string
	File    string
	Forbids bool
	About   string            // "persons" or ""
	Says    map[string]string // language to sentence
	Actions []string          // that it names, in order; none for every action
	Text    string            // as it stands in its file
	Note    string            // the comment above it
	policy  *cedar.Policy
}

// annotations that a policy may carry; a misspelt one would silently lose its meaning.
var annotations = map[string][]string{"id": nil, "it": nil, "en": nil, "about": {"persons"}}

// asked is what policies may ask about the principal.
var asked = []string{"account", "known", "member", "roles", "strong", "stepped_up", "via"}

// readRules parses one file and refuses what can't be meant: it is an error at start, not a hole.
func readRules(file Policy) ([]Rule, error) {
	list, err := cedar.NewPolicyListFromBytes(file.Name, []byte(file.Text))
	if err != nil {
		return nil, fmt.Errorf("access: %s: %w", file.Name, err)
	}
	rules := make([]Rule, len(list))
	for i, p := range list {
		end := len(file.Text)
		if i+1 < len(list) {
			end = list[i+1].Position().Offset
		}
		rules[i] = Rule{
			File: file.Name, Forbids: p.Effect() == cedar.Forbid, Says: map[string]string{},
			Text: statement(file.Text[p.Position().Offset:end]), Note: noteAbove(file.Text[:p.Position().Offset]), policy: p,
		}
		if err := rules[i].read(); err != nil {
			return nil, fmt.Errorf("access: %s:%d: %w", file.Name, p.Position().Line, err)
		}
	}
	return rules, nil
}

func (r *Rule) read() error {
	for key, value := range r.policy.Annotations() {
		allowed, known := annotations[string(key)]
		if !known || allowed != nil && !slices.Contains(allowed, string(value)) {
			return fmt.Errorf("there is no annotation @%s(%q)", key, value)
		}
		switch key {
		case "id":
			r.ID = string(value)
		case "about":
			r.About = string(value)
		default:
			r.Says[string(key)] = string(value)
		}
	}
	if r.ID == "" {
		return fmt.Errorf("a policy without @id")
	}
	tree := (*ast.Policy)(r.policy.AST())
	switch action := tree.Action.(type) {
	case ast.ScopeTypeEq:
		r.Actions = []string{string(action.Entity.ID)}
	case ast.ScopeTypeIn:
		r.Actions = []string{string(action.Entity.ID)}
	case ast.ScopeTypeInSet:
		for _, entity := range action.Entities {
			r.Actions = append(r.Actions, string(entity.ID))
		}
	}
	slices.Sort(r.Actions)
	if !r.Forbids && (len(r.Actions) == 0 || slices.ContainsFunc(r.Actions, isGroup)) {
		return fmt.Errorf("%s: a permit names each action that it permits", r.ID)
	}
	if r.Forbids && r.About != "" {
		return fmt.Errorf("%s: @about belongs to what permits", r.ID)
	}
	return r.checkNames(tree)
}

// isGroup says whether a name is that of a group: actions have dots.
func isGroup(action string) bool { return !strings.Contains(action, ".") }

// checkNames refuses roles that nobody can have and questions about the principal that have no answer:
// Cedar would take the first for false and drop the policy for the second.
func (r *Rule) checkNames(tree *ast.Policy) error {
	var wrong error
	for _, c := range tree.Conditions {
		ast.Inspect(ast.NewNode(c.Body), func(n ast.IsNode) bool {
			switch n := n.(type) {
			case ast.NodeTypeAccess:
				if isVariable(n.Arg, "principal") && !slices.Contains(asked, string(n.Value)) {
					wrong = fmt.Errorf("%s: a principal has no %q", r.ID, n.Value)
				}
			case ast.NodeTypeContains:
				wrong = firstError(wrong, r.checkRoles(n.BinaryNode))
			case ast.NodeTypeContainsAny:
				wrong = firstError(wrong, r.checkRoles(n.BinaryNode))
			case ast.NodeTypeContainsAll:
				wrong = firstError(wrong, r.checkRoles(n.BinaryNode))
			}
			return true
		})
	}
	return wrong
}

func (r *Rule) checkRoles(n ast.BinaryNode) error {
	left, ok := n.Left.(ast.NodeTypeAccess)
	if !ok || !isVariable(left.Arg, "principal") || left.Value != "roles" {
		return nil
	}
	for _, text := range literals(n.Right) {
		if !slices.Contains(Roles, Role(text)) {
			return fmt.Errorf("%s: there is no role %q", r.ID, text)
		}
	}
	return nil
}

// literals are the strings written out in a value or a set.
func literals(n ast.IsNode) []string {
	switch n := n.(type) {
	case ast.NodeValue:
		return texts(n.Value)
	case ast.NodeTypeSet:
		var list []string
		for _, element := range n.Elements {
			list = append(list, literals(element)...)
		}
		return list
	}
	return nil
}

// texts are the strings in a value.
func texts(v cedar.Value) []string {
	switch v := v.(type) {
	case cedar.String:
		return []string{string(v)}
	case cedar.Set:
		var list []string
		for element := range v.All() {
			list = append(list, texts(element)...)
		}
		return list
	}
	return nil
}

func isVariable(n ast.IsNode, name string) bool {
	v, ok := n.(ast.NodeTypeVariable)
	return ok && string(v.Name) == name
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// statement cuts off what follows a policy: empty lines and the comment of the next.
func statement(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for len(lines) > 1 {
		last := strings.TrimSpace(lines[len(lines)-1])
		if last != "" && !strings.HasPrefix(last, "//") {
			break
		}
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n")
}

// noteAbove is the comment that ends where a policy begins.
func noteAbove(text string) string {
	lines := strings.Split(strings.TrimRight(text, " \t\n"), "\n")
	var note []string
	for i := len(lines) - 1; i >= 0; i-- {
		line, ok := strings.CutPrefix(strings.TrimSpace(lines[i]), "//")
		if !ok {
			break
		}
		note = append(note, strings.TrimSpace(line))
	}
	slices.Reverse(note)
	return strings.Join(note, " ")
}
