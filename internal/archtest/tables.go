// SPDX-License-Identifier: EUPL-1.2

package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strconv"
	"strings"
)

var (
	createTable  = regexp.MustCompile(`(?i)\bCREATE\s+(?:VIRTUAL\s+|TEMP(?:ORARY)?\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([a-z0-9_"]+)`)
	word         = regexp.MustCompile(`[a-z][a-z0-9]*_[a-z0-9_]+`)
	comment      = regexp.MustCompile(`--[^\n]*`)
	looksLikeSQL = regexp.MustCompile(`(?s)\b(SELECT\b.*\bFROM|INSERT INTO|UPDATE\b.*\bSET|DELETE FROM|CREATE (UNIQUE )?(TABLE|INDEX)|ALTER TABLE)\b`)
)

// checkTables: a table is named after the package that owns it, and only those
// packages name it that may.
func checkTables(t *tree) []finding {
	// River, the queue that package jobs keeps, names its tables itself.
	rooms := map[string]string{"river": "internal/kit/jobs"} // package name → its folder
	for dir := range t.packages() {
		if f := floor(dir); f == floorDomain || f == floorBase || f == floorKit {
			rooms[path.Base(owner(dir))] = owner(dir)
		}
	}
	var found []finding
	owners := map[string]string{} // table → folder of its package
	for _, s := range t.sources {
		if path.Ext(s.path) != ".sql" || s.dir() != "migrations" {
			continue
		}
		text := blankComments(s.text)
		for _, at := range createTable.FindAllStringSubmatchIndex(text, -1) {
			table := strings.Trim(text[at[2]:at[3]], `"`)
			prefix, _, _ := strings.Cut(table, "_")
			room, ok := rooms[prefix]
			if !ok || prefix == table {
				found = append(found, finding{s.path, lineAt(text, at[2]), fmt.Sprintf("table %s is named after no package of kit, base or domain", table)})
				continue
			}
			owners[table] = room
		}
	}
	for _, s := range t.sources {
		if s.test || s.dir() == "migrations" {
			continue
		}
		found = append(found, foreignTables(t, s, owners)...)
	}
	return found
}

// foreignTables finds the tables a file names but may not.
func foreignTables(t *tree, s source, owners map[string]string) []finding {
	var found []finding
	look := func(text string, line func(offset int) int) {
		for _, at := range word.FindAllStringIndex(text, -1) {
			table := text[at[0]:at[1]]
			room, ok := owners[table]
			if ok && !mayName(s.dir(), room) {
				found = append(found, finding{s.path, line(at[0]), fmt.Sprintf("names table %s of %s", table, room)})
			}
		}
	}
	switch {
	case path.Ext(s.path) == ".sql":
		text := blankComments(s.text)
		look(text, func(offset int) int { return lineAt(text, offset) })
	case s.file != nil:
		literals(s.file, func(text string, pos token.Pos) {
			look(text, func(int) int { return t.line(pos) })
		})
	}
	return found
}

// mayName says whether the SQL of a package in dir may name tables of room.
func mayName(dir, room string) bool {
	if owner(dir) == room || floor(dir) == floorFiles {
		return true
	}
	f := floor(dir)
	return floor(room+"/x") == floorBase && (f == floorDomain || f == floorBase)
}

// oneEngine is SQL that only one engine knows, or that means something else on the other.
var oneEngine = regexp.MustCompile(`(?i)\bILIKE\b|=\s*ANY\s*\(|\bFOR\s+UPDATE\b|\bnow\(\)|\bCURRENT_TIMESTAMP\b|\bjson_extract\b|::[a-z]+|\bINSERT\s+OR\b|\bAUTOINCREMENT\b|\bSERIAL\b|\bJSONB\b|\bTIMESTAMPTZ?\b|\bDATETIME\b`)

// checkOneText: one SQL for both engines. Files of a pair, x.sqlite.sql and
// x.postgres.sql, are the place for what must differ.
func checkOneText(t *tree) []finding {
	var found []finding
	report := func(s source, line int, what string) {
		found = append(found, finding{s.path, line, fmt.Sprintf("%q does not mean the same on both engines", what)})
	}
	for _, s := range t.sources {
		switch {
		case path.Ext(s.path) == ".sql" && !strings.HasSuffix(s.path, ".sqlite.sql") && !strings.HasSuffix(s.path, ".postgres.sql"):
			text := blankComments(s.text)
			if at := oneEngine.FindStringIndex(text); at != nil {
				report(s, lineAt(text, at[0]), text[at[0]:at[1]])
			}
		case s.file != nil && !s.test && s.dir() != "internal/kit/db" && floor(s.dir()) != floorCommand:
			literals(s.file, func(text string, pos token.Pos) {
				if what := oneEngine.FindString(text); what != "" && looksLikeSQL.MatchString(text) {
					report(s, t.line(pos), what)
				}
			})
		}
	}
	return found
}

// literals gives every string written in a file.
func literals(file *ast.File, each func(text string, pos token.Pos)) {
	ast.Inspect(file, func(n ast.Node) bool {
		if _, ok := n.(*ast.ImportSpec); ok {
			return false
		}
		literal, ok := n.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		if text, err := strconv.Unquote(literal.Value); err == nil {
			each(text, literal.Pos())
		}
		return true
	})
}

// blankComments takes the comments out of SQL and keeps every offset.
func blankComments(text string) string {
	return comment.ReplaceAllStringFunc(text, func(c string) string { return strings.Repeat(" ", len(c)) })
}

func lineAt(text string, offset int) int { return strings.Count(text[:offset], "\n") + 1 }
