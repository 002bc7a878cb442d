// SPDX-License-Identifier: EUPL-1.2

package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"strconv"
	"strings"
)

// floor of a package in the house; imports go down or stay.
const (
	floorFiles = iota // data, migrations: importable by all, importing nothing of ours
	floorKit
	floorBase
	floorDomain
	floorApp
	floorCommand // cmd, and programs that prepare files
	floorNone    // no such room
)

func floor(dir string) int {
	for _, room := range []struct {
		prefix string
		floor  int
	}{
		{"cmd/", floorCommand},
		{"scripts/", floorCommand},
		{"internal/archtest", floorCommand},
		{"internal/app", floorApp},
		{"internal/domain/", floorDomain},
		{"internal/base/", floorBase},
		{"internal/kit/", floorKit},
		{"data", floorFiles},
		{"migrations", floorFiles},
	} {
		name := strings.TrimSuffix(room.prefix, "/")
		if strings.HasPrefix(dir, name+"/") || dir == room.prefix {
			return room.floor
		}
	}
	return floorNone
}

// owner is the domain or part of base that a package belongs to: "internal/domain/desk"
// for internal/domain/desk/deskweb.
func owner(dir string) string {
	parts := strings.Split(dir, "/")
	if len(parts) > 3 {
		parts = parts[:3]
	}
	return strings.Join(parts, "/")
}

// isWeb says whether a package of a domain or of base speaks to visitors: {x}web in {x}, or another
// door of it, such as directory/hsdsweb.
func isWeb(dir string) bool {
	f := floor(dir)
	return (f == floorDomain || f == floorBase) && path.Dir(dir) == owner(dir) && strings.HasSuffix(path.Base(dir), "web")
}

// mayServe says whether a package may speak HTTP and HTML to visitors.
func mayServe(dir string) bool {
	return isWeb(dir) || floor(dir) == floorApp || isKitWeb(dir)
}

func isKitWeb(dir string) bool {
	return dir == "internal/kit/web" || strings.HasPrefix(dir, "internal/kit/web/")
}

// checkImports: the walls between the rooms.
func checkImports(t *tree) []finding {
	var found []finding
	for _, s := range t.sources {
		if s.file == nil {
			continue
		}
		if floor(s.dir()) == floorNone {
			found = append(found, finding{s.path, 1, "there is no room " + s.dir() + " in the house"})
			continue
		}
		for _, spec := range s.file.Imports {
			target, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue // the parser has accepted it
			}
			if why := forbidden(s, target); why != "" {
				found = append(found, finding{s.path, t.line(spec.Pos()), fmt.Sprintf("imports %s: %s", target, why)})
			}
		}
	}
	return found
}

// forbidden gives the reason why a file may not import target, "" when it may.
func forbidden(s source, target string) string {
	from := s.dir()
	if strings.HasPrefix(target, "github.com/a-h/templ") && !mayServe(from) {
		return "only web packages make pages"
	}
	to, ours := strings.CutPrefix(target, module+"/")
	if !ours || to == from { // an external test imports what it tests
		return ""
	}
	a, b := floor(from), floor(to)
	switch {
	case b == floorNone:
		return "there is no such room"
	case a == floorFiles && s.test:
		return "" // what tries the files stands above them
	case a == floorFiles:
		return "files import nothing"
	case a < b:
		return "imports run downward only"
	case b == floorCommand:
		return "commands are not imported"
	case isWeb(to) && a < floorApp && to != from && !strings.HasPrefix(from, to+"/"):
		return "only app puts web packages together"
	case a == floorDomain && b == floorDomain && owner(from) != owner(to):
		return "a domain never imports another; what belongs to two goes to base"
	case isKitWeb(to) && !mayServe(from):
		return "only web packages make pages"
	}
	return ""
}

// handlers are the names of net/http that answer requests. Others (a client, a
// status) are free.
var handlers = map[string]bool{
	"ResponseWriter": true, "Handler": true, "HandlerFunc": true, "Handle": true, "HandleFunc": true,
	"ServeMux": true, "NewServeMux": true, "Server": true, "Serve": true, "ServeContent": true, "ServeFile": true,
	"ListenAndServe": true, "ListenAndServeTLS": true, "FileServer": true, "FileServerFS": true, "Error": true,
	"Redirect": true, "NotFound": true, "SetCookie": true, "StripPrefix": true, "CrossOriginProtection": true,
}

// checkHandlers: rules and SQL know nothing of HTTP. Tests may stand in for the
// outside world with a server of their own.
func checkHandlers(t *tree) []finding {
	var found []finding
	for _, s := range t.sources {
		if s.file == nil || s.test || mayServe(s.dir()) {
			continue
		}
		name := importName(s.file, "net/http")
		if name == "" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := selector.X.(*ast.Ident); ok && x.Name == name && handlers[selector.Sel.Name] {
				found = append(found, finding{s.path, t.line(n.Pos()), "uses http." + selector.Sel.Name + ": only web packages answer requests"})
			}
			return true
		})
	}
	return found
}

// importName gives the name under which a file knows a package, "" when it does not.
func importName(file *ast.File, target string) string {
	for _, spec := range file.Imports {
		if spec.Path.Value != strconv.Quote(target) {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(target)
	}
	return ""
}
