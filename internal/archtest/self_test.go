// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package archtest

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const head = "// SPDX-License-Identifier: EUPL-1.2\n\n"

// goFile writes a small Go file.
func goFile(name string, imports ...string) string {
	text := head + "package " + name + "\n\n"
	for _, i := range imports {
		text += "import _ \"" + i + "\"\n"
	}
	return text
}

// example is a house, and what a rule must find wrong in it.
type example struct {
	rule  string
	name  string
	files map[string]string
	want  string // part of the one finding; empty when there is none
}

// examples break each rule in one place, and come close without breaking it.
var examples = []example{
	{"imports", "kit imports base", map[string]string{"internal/kit/geo/a.go": goFile("geo", "approdo/internal/base/need")}, "downward"},
	{"imports", "base imports domain", map[string]string{"internal/base/need/a.go": goFile("need", "approdo/internal/domain/desk")}, "downward"},
	{"imports", "domain imports app", map[string]string{"internal/domain/desk/a.go": goFile("desk", "approdo/internal/app")}, "downward"},
	{"imports", "domain imports domain", map[string]string{"internal/domain/desk/a.go": goFile("desk", "approdo/internal/domain/guide")}, "another"},
	{"imports", "domain imports domain in a test", map[string]string{"internal/domain/desk/a_test.go": goFile("desk_test", "approdo/internal/domain/guide")}, "another"},
	{"imports", "domain imports its web package", map[string]string{"internal/domain/desk/a.go": goFile("desk", "approdo/internal/domain/desk/deskweb")}, "only app"},
	{"imports", "web package of another domain", map[string]string{"internal/domain/desk/deskweb/a.go": goFile("deskweb", "approdo/internal/domain/guide/guideweb")}, "only app"},
	{"imports", "domain imports kit/web", map[string]string{"internal/domain/desk/a.go": goFile("desk", "approdo/internal/kit/web/ui")}, "web packages"},
	{"imports", "domain imports templ", map[string]string{"internal/domain/desk/a.go": goFile("desk", "github.com/a-h/templ")}, "web packages"},
	{"imports", "command imports kit/web", map[string]string{"cmd/approdo/a.go": goFile("main", "approdo/internal/kit/web")}, "web packages"},
	{"imports", "one door of a domain imports another", map[string]string{"internal/domain/desk/deskweb/a.go": goFile("deskweb", "approdo/internal/domain/desk/apiweb")}, "only app"},
	{"imports", "data imports", map[string]string{"data/a.go": goFile("data", "approdo/migrations")}, "files import nothing"},
	{"imports", "unknown room", map[string]string{"internal/stuff/a.go": goFile("stuff")}, "no room"},
	{"imports", "unknown target", map[string]string{"cmd/approdo/a.go": goFile("main", "approdo/pkg/x")}, "no such room"},
	{"imports", "command imported", map[string]string{"cmd/approdo/a.go": goFile("main", "approdo/cmd/other")}, "not imported"},
	{"imports", "all that is allowed", map[string]string{
		"cmd/approdo/a.go":                  goFile("main", "approdo/internal/app", "approdo/internal/kit/db"),
		"internal/app/a.go":                 goFile("app", "approdo/internal/domain/desk/deskweb", "approdo/internal/kit/web", "approdo/data"),
		"internal/domain/desk/deskweb/a.go": goFile("deskweb", "approdo/internal/domain/desk", "approdo/internal/kit/web/ui", "github.com/a-h/templ"),
		"internal/domain/desk/apiweb/a.go":  goFile("apiweb", "approdo/internal/domain/desk", "approdo/internal/kit/web"),
		"internal/domain/desk/a.go":         goFile("desk", "approdo/internal/base/need", "approdo/internal/kit/db", "net/http"),
		"internal/domain/desk/a_test.go":    goFile("desk_test", "approdo/internal/domain/desk"),
		"internal/domain/desk/ledger/b.go":  goFile("ledger", "approdo/internal/domain/desk"),
		"internal/base/need/a.go":           goFile("need", "approdo/internal/base/network", "approdo/migrations"),
		"internal/kit/web/ui/a.go":          goFile("ui", "approdo/internal/kit/lang", "github.com/a-h/templ"),
		"migrations/a_test.go":              goFile("migrations_test", "approdo/migrations", "approdo/internal/kit/db"),
		"bench/go.mod":                      "module approdo/bench\n",
		"bench/search/a.go":                 goFile("search", "approdo/internal/nowhere"),
		"web/node_modules/x/a.go":           "not even Go",
	}, ""},

	{"handlers", "in a domain", map[string]string{"internal/domain/desk/a.go": head + "package desk\n\nimport \"net/http\"\n\nfunc F(w http.ResponseWriter) {}\n"}, "http.ResponseWriter"},
	{"handlers", "under another name", map[string]string{"internal/kit/geo/a.go": head + "package geo\n\nimport h \"net/http\"\n\nvar M = h.NewServeMux()\n"}, "NewServeMux"},
	{"handlers", "a client", map[string]string{"internal/kit/geo/a.go": head + "package geo\n\nimport \"net/http\"\n\nvar C = http.Client{}\n"}, ""},
	{"handlers", "in a web package", map[string]string{"internal/domain/desk/deskweb/a.go": head + "package deskweb\n\nimport \"net/http\"\n\nvar M = http.NewServeMux()\n"}, ""},
	{"handlers", "in a test", map[string]string{"internal/kit/geo/a_test.go": head + "package geo\n\nimport \"net/http\"\n\nvar M = http.NewServeMux()\n"}, ""},

	{"tables", "without owner", map[string]string{"migrations/0001_a.sql": "CREATE TABLE visit (id TEXT);", "internal/domain/desk/a.go": goFile("desk")}, "no package"},
	{"tables", "of a package that is not there", map[string]string{"migrations/0001_a.sql": "CREATE TABLE IF NOT EXISTS office_visit (id TEXT);", "internal/domain/desk/a.go": goFile("desk")}, "no package"},
	{"tables", "of another domain", withSQL("internal/domain/guide", "SELECT id FROM desk_visit"), "internal/domain/desk"},
	{"tables", "of a domain in base", withSQL("internal/base/need", "SELECT id FROM desk_visit"), "internal/domain/desk"},
	{"tables", "of a domain in app", withSQL("internal/app", "DELETE FROM desk_visit"), "internal/domain/desk"},
	{"tables", "of base in kit", withSQL("internal/kit/geo", "SELECT id FROM need_term"), "internal/base/need"},
	{"tables", "of another domain in a file", map[string]string{
		"migrations/0001_a.sql": "CREATE TABLE desk_visit (id TEXT);", "internal/domain/desk/a.go": goFile("desk"),
		"internal/domain/guide/q.sqlite.sql": "SELECT id\nFROM desk_visit",
	}, "q.sqlite.sql:2"},
	{"tables", "its own, and of base", map[string]string{
		"migrations/0001_a.sql":             "CREATE TABLE desk_visit (id TEXT); -- CREATE TABLE nothing\nCREATE TABLE need_term (id TEXT);",
		"internal/base/need/a.go":           goFile("need"),
		"internal/domain/desk/a.go":         head + "package desk\n\nconst q = `SELECT v.id FROM desk_visit AS v JOIN need_term AS n ON n.id = v.id`\n",
		"internal/domain/desk/deskweb/a.go": head + "package deskweb\n\nconst q = `SELECT id FROM desk_visit`\n",
		"internal/domain/guide/a_test.go":   head + "package guide_test\n\nconst q = `SELECT id FROM desk_visit`\n",
		"internal/domain/guide/a.go":        head + "package guide\n\n// desk_visit is only talked about.\nconst desk_visits = \"desk_visits\"\n",
	}, ""},

	{"one text", "ILIKE", map[string]string{"internal/domain/desk/a.go": head + "package desk\n\nconst q = `SELECT id FROM desk_visit WHERE name ILIKE $1`\n"}, "ILIKE"},
	{"one text", "ANY", map[string]string{"internal/domain/desk/a.go": head + "package desk\n\nconst q = `DELETE FROM desk_visit WHERE id = ANY($1)`\n"}, "ANY"},
	{"one text", "a cast", map[string]string{"internal/domain/desk/a.go": head + "package desk\n\nconst q = `SELECT id::text FROM desk_visit`\n"}, "::text"},
	{"one text", "in a migration", map[string]string{"migrations/0001_a.sql": "\nCREATE TABLE x_y (at TIMESTAMPTZ);"}, "0001_a.sql:2"},
	{"one text", "in a pair, in prose, in a comment", map[string]string{
		"migrations/0001_a.postgres.sql": "CREATE TABLE x_y (at TIMESTAMPTZ);",
		"migrations/0002_b.sql":          "CREATE TABLE x_z (id TEXT); -- no TIMESTAMPTZ\n",
		"internal/domain/desk/a.go":      head + "package desk\n\nconst q = \"the function now() is not used\"\n",
	}, ""},

	{"names", "by package", map[string]string{"internal/kit/x/a.go": goFile("helpers")}, "helpers"},
	{"names", "by folder", map[string]string{"internal/kit/utils/a.go": goFile("x")}, "says nothing"},
	{"names", "good", map[string]string{"internal/kit/geo/a.go": goFile("geo")}, ""},

	{"doc", "missing", map[string]string{"internal/kit/geo/a.go": goFile("geo")}, "doc.go"},
	{"doc", "empty", map[string]string{"internal/kit/geo/doc.go": goFile("geo")}, "says nothing"},
	{"doc", "good", map[string]string{"internal/kit/geo/doc.go": head + "// Package geo measures distances between places on the globe.\npackage geo\n"}, ""},

	{"sizes", "long file", map[string]string{"web/a.scss": strings.Repeat("\n", 501)}, "501 lines"},
	{"sizes", "long function", map[string]string{"internal/kit/geo/a.go": head + "package geo\n\nfunc F() {" + strings.Repeat("\n", 80) + "}\n"}, "F has 81 lines"},
	{"sizes", "just right, generated, or data", map[string]string{
		"internal/kit/geo/a.go": head + "package geo\n\nfunc F() {" + strings.Repeat("\n", 79) + "}\n" + strings.Repeat("\n", 416),
		"internal/kit/geo/b.go": "// Code generated by x. DO NOT EDIT.\n\npackage geo\n" + strings.Repeat("\n", 600),
		"data/a.json":           strings.Repeat("\n", 600),
	}, ""},

	{"skips", "a test", map[string]string{"internal/kit/geo/a_test.go": head + "package geo\n\nfunc TestX(t *testing.T) {\n\tt.Skip(\"slow\")\n}\n"}, "a_test.go:6"},
	{"skips", "a scanner, and outside tests", map[string]string{
		"internal/kit/geo/a_test.go": head + "package geo\n\nfunc F(s scanner) { s.Skip() }\n",
		"internal/kit/geo/a.go":      head + "package geo\n\nfunc F(t token) { t.Skip() }\n",
	}, ""},

	{"licence", "Go", map[string]string{"internal/kit/geo/a.go": "package geo\n"}, "a.go"},
	{"licence", "script", map[string]string{"scripts/a.sh": "#!/bin/sh\necho\n"}, "a.sh"},
	{"licence", "too late", map[string]string{"web/a.js": "\n\n\n// SPDX-License-Identifier: EUPL-1.2\n"}, "a.js"},
	{"licence", "another one", map[string]string{"web/a.js": "// SPDX-License-Identifier: MIT\n"}, "a.js"},
	{"licence", "good", map[string]string{
		"scripts/a.sh":                 "#!/bin/sh\n# SPDX-License-Identifier: EUPL-1.2\n",
		"web/node_modules/a.js":        "x\n",
		"internal/kit/web/static/a.js": "x\n",
		"internal/kit/geo/a_templ.go":  "// Code generated by templ - DO NOT EDIT.\n\npackage geo\n",
	}, ""},
}

func TestRulesCanFail(t *testing.T) {
	t.Parallel()
	for _, c := range examples {
		t.Run(c.rule+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{}
			for name, text := range c.files {
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
			house, err := read(fsys)
			if err != nil {
				t.Fatal(err)
			}
			found := rules[c.rule](house)
			switch {
			case c.want == "" && len(found) > 0:
				t.Errorf("found %v where nothing is wrong", found)
			case c.want != "" && len(found) != 1:
				t.Errorf("found %v, want one finding", found)
			case c.want != "" && !strings.Contains(found[0].String(), c.want):
				t.Errorf("found %q, want it to speak of %q", found[0], c.want)
			}
		})
	}
}

// withSQL is a house with a table of desk and one of need, and a text in dir.
func withSQL(dir, text string) map[string]string {
	name := dir[strings.LastIndex(dir, "/")+1:]
	return map[string]string{
		"migrations/0001_a.sql":     "CREATE TABLE desk_visit (id TEXT);\nCREATE TABLE need_term (id TEXT);",
		"internal/domain/desk/a.go": goFile("desk"),
		"internal/base/need/b.go":   goFile("need"),
		dir + "/q.go":               head + "package " + name + "\n\nconst q = `" + text + "`\n",
	}
}

func TestEveryRuleIsShownToFail(t *testing.T) {
	t.Parallel()
	var names []string
	for name := range rules {
		names = append(names, name)
	}
	slices.Sort(names)
	if got := strings.Join(names, ", "); got != "doc, handlers, imports, licence, names, one text, sizes, skips, tables" {
		t.Errorf("the rules are %s: show the new one failing above, then name it here", got)
	}
}

func TestCodeThatDoesNotParseIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := read(fstest.MapFS{"cmd/x/a.go": {Data: []byte("packag main")}}); err == nil {
		t.Error("it was read")
	}
}
