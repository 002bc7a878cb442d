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
	"approdo/internal/kit/lang"
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
		room := filepath.ToSlash(path)
		if err == nil && d.Name() == "policy.cedar" && !slices.ContainsFunc(given, func(name string) bool { return strings.HasSuffix(room, "/"+name) }) {
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
	asked, written := actionsInCode(t)
	if len(asked) == 0 {
		t.Fatal("no action was found in the code")
	}
	for name, at := range asked {
		if !slices.Contains(known, name) {
			t.Errorf("%s asks for %q, which no policy permits", at, name)
		}
	}
	for _, name := range known {
		if !written[name] {
			t.Errorf("policies permit %q, for which no code asks", name)
		}
	}
}

// actionsInCode finds, outside of tests, the actions that are given to Check, Allows, May, Wants and
// Scope, and everything that is written like an action.
func actionsInCode(t *testing.T) (asked map[string]string, written map[string]bool) {
	t.Helper()
	asked, written = map[string]string{}, map[string]bool{}
	files := token.NewFileSet()
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
			case *ast.BasicLit:
				written[action(n)] = true
			case *ast.CallExpr:
				if selector, ok := n.Fun.(*ast.SelectorExpr); ok && slices.Contains(askers, selector.Sel.Name) {
					for _, argument := range n.Args {
						if name := action(argument); name != "" {
							asked[name] = files.Position(argument.Pos()).String()
						}
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return asked, written
}

// action is the name of an action that is written out, "" for anything else.
func action(n ast.Node) string {
	literal, ok := n.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(literal.Value)
	if err != nil || !actionName.MatchString(text) {
		return ""
	}
	return text
}

// askers are the functions that take the name of an action and ask the guard.
var askers = []string{"Check", "Allows", "May", "Wants", "Extent", "Scope", "check", "allows", "may", "onGlass"}

// The page "who can do what" says every action in words, in the languages of operators.
func TestEveryActionHasWords(t *testing.T) {
	t.Parallel()
	catalogue, err := app.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range guard(t).Actions() {
		parts := strings.Split(name, ".")
		for _, language := range lang.OfficeLanguages {
			for _, key := range []string{"access.room." + parts[0], "access.record." + parts[0] + "." + parts[1], "access.verb." + parts[2]} {
				if !catalogue.Words(language).Has(key) {
					t.Errorf("%s: %q has no words in %s", name, key, language)
				}
			}
		}
	}
}
