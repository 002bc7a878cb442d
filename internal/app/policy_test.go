// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"approdo/internal/app"
	"approdo/internal/base/access"
)

func guard(t *testing.T) *access.Guard {
	t.Helper()
	g, err := access.New(time.Now, app.Policies()...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// A policy is read by people who decide about data protection, in their language.
func TestEveryPolicySpeaksToPeople(t *testing.T) {
	t.Parallel()
	for _, r := range guard(t).Rules() {
		for _, language := range []string{"it", "en"} {
			if len(r.Says[language]) < 20 {
				t.Errorf("%s: %s has no sentence @%s", r.File, r.ID, language)
			}
		}
		if r.Note == "" {
			t.Errorf("%s: %s has no comment above it that says why", r.File, r.ID)
		}
	}
}

// Every policy file in the tree is put before the guard: one that is forgotten permits nothing, and
// forbids nothing either.
func TestEveryPolicyFileIsRead(t *testing.T) {
	t.Parallel()
	var given []string
	for _, p := range app.Policies() {
		given = append(given, p.Name)
	}
	root := filepath.Join("..", "..", "internal")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "policy.cedar" && !slices.Contains(given, filepath.Base(filepath.Dir(path))+"/policy.cedar") {
			t.Errorf("%s is not among app.Policies()", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

var actionName = regexp.MustCompile(`^[a-z]+\.[a-z_-]+\.[a-z_-]+$`)

// What routes and use cases ask for is what some policy permits: a misspelt action would be a door
// that nobody can open, or a check that means nothing.
func TestEveryActionIsPermittedByAPolicy(t *testing.T) {
	t.Parallel()
	known := guard(t).Actions()
	for _, name := range known {
		if !actionName.MatchString(name) {
			t.Errorf("the action %q is not named package.record.verb", name)
		}
	}
	asked := actionsAsked(t)
	if len(asked) == 0 {
		t.Fatal("no action was found in the code")
	}
	for name, at := range asked {
		if !slices.Contains(known, name) {
			t.Errorf("%s asks for %q, which no policy permits", at, name)
		}
	}
	for _, name := range known {
		if _, used := asked[name]; !used {
			t.Errorf("policies permit %q, for which no code asks", name)
		}
	}
}

// actionsAsked finds the names of actions in what is given to Check, Allows, May, Wants and Scope, and
// in constants, outside of tests.
func actionsAsked(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	files := token.NewFileSet()
	packages := map[string]bool{}
	for _, name := range guard(t).Actions() {
		first, _, _ := strings.Cut(name, ".")
		packages[first] = true
	}
	look := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			first, _, _ := strings.Cut(text, ".")
			if err == nil && actionName.MatchString(text) && packages[first] {
				found[text] = files.Position(literal.Pos()).String()
			}
			return true
		})
	}
	err := filepath.WalkDir(filepath.Join("..", "..", "internal"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if selector, ok := n.Fun.(*ast.SelectorExpr); ok && slices.Contains(askers, selector.Sel.Name) {
					for _, argument := range n.Args {
						look(argument)
					}
				}
			case *ast.ValueSpec:
				for _, v := range n.Values {
					look(v)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// askers are the functions that take the name of an action and ask the guard.
var askers = []string{"Check", "Allows", "May", "Wants", "Scope", "check", "allow", "allows", "may", "scope", "onGlass"}
