// SPDX-License-Identifier: EUPL-1.2

package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

const (
	maxFile     = 500
	maxFunction = 80
	licence     = "SPDX-License-Identifier: EUPL-1.2"
)

// vague are names that say nothing about what is inside.
var vague = []string{"models", "services", "utils", "common", "helpers", "types", "model", "util", "helper"}

// checkNames: the name of a package says what it is about.
func checkNames(t *tree) []finding {
	var found []finding
	for dir, files := range t.packages() {
		name := strings.TrimSuffix(files[0].file.Name.Name, "_test")
		if slices.Contains(vague, name) || slices.Contains(vague, path.Base(dir)) {
			found = append(found, finding{files[0].path, t.line(files[0].file.Name.Pos()), "package " + name + " says nothing about what is inside"})
		}
	}
	return found
}

// checkDoc: every package explains itself in doc.go.
func checkDoc(t *tree) []finding {
	var found []finding
	for dir, files := range t.packages() {
		at := slices.IndexFunc(files, func(s source) bool { return path.Base(s.path) == "doc.go" })
		switch {
		case at < 0:
			found = append(found, finding{path.Join(dir, "doc.go"), 1, "is missing"})
		case files[at].file.Doc == nil || len(files[at].file.Doc.Text()) < 40:
			found = append(found, finding{files[at].path, 1, "says nothing"})
		}
	}
	return found
}

// checkSizes: files and functions that one reads in one go.
func checkSizes(t *tree) []finding {
	var found []finding
	for _, s := range t.sources {
		if s.generated {
			continue
		}
		if n := strings.Count(s.text, "\n"); n > maxFile && path.Ext(s.path) != ".sql" {
			found = append(found, finding{s.path, maxFile, fmt.Sprintf("has %d lines, at most %d are allowed", n, maxFile)})
		}
		if s.file == nil {
			continue
		}
		for _, decl := range s.file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := t.line(f.End()) - t.line(f.Pos()) + 1; n > maxFunction {
				found = append(found, finding{s.path, t.line(f.Pos()), fmt.Sprintf("%s has %d lines, at most %d are allowed", f.Name.Name, n, maxFunction)})
			}
		}
	}
	return found
}

// checkLicence: the licence is in the first lines, after a possible #!. Files of
// data are not ours to license; data/README.md says whose they are.
func checkLicence(t *tree) []finding {
	var found []finding
	for _, s := range t.sources {
		if s.generated || s.file == nil && strings.HasPrefix(s.path, "data/") {
			continue
		}
		head := strings.SplitN(s.text, "\n", 4)
		if len(head) > 3 {
			head = head[:3]
		}
		if !strings.Contains(strings.Join(head, "\n"), licence) {
			found = append(found, finding{s.path, 1, "does not begin with " + licence})
		}
	}
	return found
}

// checkSkips: a test that was not run must not look like one that passed.
func checkSkips(t *tree) []finding {
	var found []finding
	for _, s := range t.sources {
		if s.file == nil || !s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			selector, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, selector.Sel.Name) {
				return true
			}
			if x, ok := selector.X.(*ast.Ident); ok && slices.Contains([]string{"t", "b", "f", "tb"}, x.Name) {
				found = append(found, finding{s.path, t.line(n.Pos()), "skips: let the test fail and say what is missing"})
			}
			return true
		})
	}
	return found
}
