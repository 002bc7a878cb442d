// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// room is what one folder says about lists.
type room struct {
	constants map[string]string // name to action
	scoped    map[string]bool   // actions whose lists take their condition from the guard
	open      bool              // some list takes its action from whoever calls it
	proved    map[string]bool   // actions in files that call accesstest.Agree
	filtered  []string          // where a list is asked record by record
}

// Every list that takes its condition from the guard is held against the policies by accesstest.Agree,
// which hands it a guard without any condition and must notice. So no scope can be lost. And no list is
// read whole and asked record by record, which no such proof would reach.
func TestNoScopeCanBeLost(t *testing.T) {
	t.Parallel()
	lists := 0
	for folder, r := range rooms(t) {
		if r.open {
			for _, action := range r.constants {
				r.scoped[action] = true
			}
		}
		for action := range r.scoped {
			lists++
			if !r.proved[action] {
				t.Errorf("%s lists for %q without accesstest.Agree in its tests", folder, action)
			}
		}
		for _, at := range r.filtered {
			t.Errorf("%s: a list asks the guard record by record: use Guard.Scope", at)
		}
	}
	if lists < 12 {
		t.Errorf("only %d lists were found", lists)
	}
}

func rooms(t *testing.T) map[string]*room {
	t.Helper()
	all := map[string]*room{}
	files := token.NewFileSet()
	err := filepath.WalkDir(filepath.Join("..", "..", "internal"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_templ.go") {
			return err
		}
		folder := filepath.Dir(path)
		if strings.HasSuffix(folder, "accesstest") || filepath.Base(folder) == "app" {
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		if all[folder] == nil {
			all[folder] = &room{constants: map[string]string{}, scoped: map[string]bool{}, proved: map[string]bool{}}
		}
		if strings.HasSuffix(path, "_test.go") {
			all[folder].readTest(file)
		} else {
			all[folder].read(files, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		r.resolve()
	}
	return all
}

func (r *room) read(files *token.FileSet, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if i < len(n.Values) && action(n.Values[i]) != "" {
					r.constants[name.Name] = action(n.Values[i])
				}
			}
		case *ast.CallExpr:
			selector, ok := n.Fun.(*ast.SelectorExpr)
			switch {
			case !ok:
			case selector.Sel.Name == "Scope" && len(n.Args) == 4:
				name, named := n.Args[1].(*ast.Ident)
				switch {
				case !named:
					r.scoped[action(n.Args[1])] = true
				case ast.IsExported(name.Name):
					r.scoped[name.Name] = true
				default:
					r.open = true
				}
			case selector.Sel.Name == "DeleteFunc" && calls(n, "Allows"):
				r.filtered = append(r.filtered, files.Position(n.Pos()).String())
			}
		}
		return true
	})
}

func (r *room) readTest(file *ast.File) {
	if !calls(file, "Agree") {
		return
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			r.proved[action(n)] = true
		case *ast.SelectorExpr:
			r.proved[n.Sel.Name] = true
		}
		return true
	})
}

// resolve puts actions in the place of the names of constants.
func (r *room) resolve() {
	for _, set := range []map[string]bool{r.scoped, r.proved} {
		for _, name := range slices.Collect(maps.Keys(set)) {
			if actionName.MatchString(name) {
				continue
			}
			delete(set, name)
			if value, known := r.constants[name]; known {
				set[value] = true
			}
		}
	}
}

// calls says whether some call of this name is in a part of a file.
func calls(part ast.Node, name string) bool {
	found := false
	ast.Inspect(part, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if selector, ok := call.Fun.(*ast.SelectorExpr); ok && selector.Sel.Name == name {
				found = true
			}
		}
		return !found
	})
	return found
}
