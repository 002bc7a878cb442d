// SPDX-License-Identifier: EUPL-1.2

package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

const module = "approdo"

// finding is one place where a rule is broken.
type finding struct {
	path string
	line int
	text string
}

func (f finding) String() string { return fmt.Sprintf("%s:%d: %s", f.path, f.line, f.text) }

// source is one file of ours.
type source struct {
	path      string // with slashes, from the root
	text      string
	generated bool
	test      bool
	file      *ast.File // Go of the main module only
}

// dir is the folder of the file, which for Go is also the path of its package.
func (s source) dir() string { return path.Dir(s.path) }

// tree is everything that people wrote.
type tree struct {
	sources []source
	set     *token.FileSet
}

// skipped are folders that hold what tools make or what is not ours.
var skipped = []string{".git", "node_modules", "var", "bin", "dist", "results", "testdata"}

// built is what `make generate` writes, apart from Go, which says so itself.
var built = regexp.MustCompile(`^internal/kit/web/static/`)

var generatedMark = regexp.MustCompile(`(?m)^(//|#|--|/\*) ?Code generated .*DO NOT EDIT`)

// read loads the sources. Folders with a go.mod of their own (bench, tools) are
// other modules: their text is read, their imports are their own affair.
func read(fsys fs.FS) (*tree, error) {
	t := &tree{set: token.NewFileSet()}
	var modules []string
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains(skipped, entry.Name()) {
				return fs.SkipDir
			}
			if _, err := fs.Stat(fsys, path.Join(name, "go.mod")); err == nil && name != "." {
				modules = append(modules, name)
			}
			return nil
		}
		if built.MatchString(name) || !isSource(name) {
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		s := source{path: name, text: string(text), test: strings.HasSuffix(name, "_test.go")}
		s.generated = generatedMark.MatchString(s.text)
		inModule := !slices.ContainsFunc(modules, func(m string) bool { return strings.HasPrefix(name, m+"/") })
		if inModule && path.Ext(name) == ".go" {
			if s.file, err = parser.ParseFile(t.set, name, text, parser.ParseComments|parser.SkipObjectResolution); err != nil {
				return err
			}
		}
		t.sources = append(t.sources, s)
		return nil
	})
	return t, err
}

// isSource says whether people write such files by hand and can put a comment on top.
func isSource(name string) bool {
	switch path.Ext(name) {
	case ".go", ".templ", ".sql", ".js", ".mjs", ".cjs", ".ts", ".scss", ".css", ".sh", ".yml", ".yaml", ".cedar":
		return true
	}
	return path.Base(name) == "Makefile" || strings.HasPrefix(name, ".ci/")
}

// packages gives the Go files of the main module by folder.
func (t *tree) packages() map[string][]source {
	all := map[string][]source{}
	for _, s := range t.sources {
		if s.file != nil {
			all[s.dir()] = append(all[s.dir()], s)
		}
	}
	return all
}

func (t *tree) line(pos token.Pos) int { return t.set.Position(pos).Line }
