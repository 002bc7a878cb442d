// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"approdo/internal/app"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
)

func TestCatalogues(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]fs.FS{"app": app.Locales(), "directory": directory.Locales()} {
		for _, p := range lang.CheckCatalogue(files) {
			t.Errorf("%s: %s", name, p)
		}
	}
}

// use is one place where a fault is made.
type use struct {
	at   token.Position
	key  string
	args []string // names
}

// Whatever goes wrong is said in words, in every language: a key that no catalogue has would be
// shown as it is, and so would a placeholder without a value.
func TestEveryFaultHasWords(t *testing.T) {
	t.Parallel()
	catalogue, err := app.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	uses := faultsIn(t, filepath.Join("..", ".."))
	if len(uses) < 50 {
		t.Fatalf("only %d faults were found", len(uses))
	}
	for _, u := range uses {
		// What importing and exporting refuse is told at the command line alone, in two languages.
		if exchange.Knows(u.key) {
			continue
		}
		for _, language := range lang.All {
			words := catalogue.Words(language)
			if !words.Has(u.key) {
				t.Errorf("%s: %q has no words in %s", u.at, u.key, language)
				continue
			}
			args := map[string]any{"n": 3}
			for _, name := range u.args {
				args[name] = "x"
			}
			if text := words.Fill(u.key, args); strings.ContainsAny(text, "{}") {
				t.Errorf("%s: %s says %q: a value is missing", u.at, language, text)
			}
		}
	}
}

// What waits on the page of jobs is said in words.
func TestEveryJobHasWords(t *testing.T) {
	t.Parallel()
	catalogue, err := app.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	inspect(t, filepath.Join("..", ".."), func(files *token.FileSet, n ast.Node) {
		f, ok := n.(*ast.FuncDecl)
		if !ok || f.Recv == nil || f.Name.Name != "Kind" || len(f.Body.List) != 1 {
			return
		}
		back, ok := f.Body.List[0].(*ast.ReturnStmt)
		if !ok || len(back.Results) != 1 {
			return
		}
		kind, ok := back.Results[0].(*ast.BasicLit)
		if !ok {
			return
		}
		found++
		for _, language := range []string{"it", "en"} {
			if key := "job." + text(t, kind); !catalogue.Words(language).Has(key) {
				t.Errorf("%s: %s has no %s", files.Position(n.Pos()), language, key)
			}
		}
	})
	if found < 15 {
		t.Errorf("only %d kinds of jobs were found", found)
	}
}

// faultsIn finds every fault that is made. A key that is not written out there can't be checked, so
// there may be none.
func faultsIn(t *testing.T, root string) []use {
	t.Helper()
	var uses []use
	inspect(t, root, func(files *token.FileSet, n ast.Node) {
		if call, ok := n.(*ast.CallExpr); ok {
			if u, ok := faultOf(t, files, call); ok {
				uses = append(uses, u)
			}
		}
	})
	return uses
}

// inspect walks every Go file below a folder but tests.
func inspect(t *testing.T, root string, see func(*token.FileSet, ast.Node)) {
	t.Helper()
	files := token.NewFileSet()
	for _, folder := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || filepath.Base(filepath.Dir(path)) == "fault" {
				return err
			}
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				see(files, n)
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func faultOf(t *testing.T, files *token.FileSet, call *ast.CallExpr) (use, bool) {
	t.Helper()
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return use{}, false
	}
	if x, ok := f.X.(*ast.Ident); !ok || x.Name != "fault" {
		return use{}, false
	}
	at, ok := placeOfKey[f.Sel.Name]
	if !ok {
		return use{}, false
	}
	u := use{at: files.Position(call.Pos())}
	for i := at; i < len(call.Args); i++ {
		literal, ok := call.Args[i].(*ast.BasicLit)
		switch {
		case i == at && !ok:
			t.Errorf("%s: the key of a fault is written out where it is made", u.at)
			return u, false
		case i == at:
			u.key = text(t, literal)
		case (i-at)%2 == 1 && ok:
			u.args = append(u.args, text(t, literal))
		}
	}
	return u, true
}

// placeOfKey says which argument of a constructor the key is.
var placeOfKey = map[string]int{
	"NotFound": 0, "Conflict": 0, "Forbidden": 0, "TooMany": 0, "Unavailable": 0,
	"Invalid": 1, "TooLarge": 1, "Unsupported": 1,
}

func text(t *testing.T, literal *ast.BasicLit) string {
	t.Helper()
	s, err := strconv.Unquote(literal.Value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A sentence for every kind, also those that no fault of ours has yet.
func TestEveryKindOfFaultHasATitle(t *testing.T) {
	t.Parallel()
	catalogue, err := app.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []fault.Kind{
		fault.KindNotFound, fault.KindInvalid, fault.KindConflict, fault.KindForbidden, fault.KindTooLarge,
		fault.KindTooMany, fault.KindUnavailable, fault.KindUnsupported, fault.KindInternal,
	} {
		for _, language := range lang.All {
			for _, part := range []string{".title", ".help"} {
				if key := "fault." + string(kind) + part; !catalogue.Words(language).Has(key) {
					t.Errorf("%s has no %s", language, key)
				}
			}
		}
	}
}
