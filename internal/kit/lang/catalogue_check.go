// SPDX-License-Identifier: EUPL-1.2

package lang

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Problem is something wrong in a catalogue that a test should report.
type Problem struct {
	Lang string
	Key  string
	What string
}

func (p Problem) String() string { return p.Lang + " " + p.Key + ": " + p.What }

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// CheckCatalogue compares every language with Italian, which is written first:
// missing and extra keys, empty texts, placeholders that differ, plural categories
// that the language needs and has not, or has and cannot use.
func CheckCatalogue(fsys fs.FS) []Problem {
	office, err := fs.Sub(fsys, Office)
	if _, missing := fs.Stat(fsys, Office); err != nil || missing != nil {
		return checkLanguages(fsys, All)
	}
	problems := checkLanguages(office, OfficeLanguages)
	if hasPublic(fsys) {
		problems = append(checkLanguages(fsys, All), problems...)
	}
	return problems
}

func checkLanguages(fsys fs.FS, languages []string) []Problem {
	var problems []Problem
	all := make(map[string]map[string]entry, len(languages))
	for _, code := range languages {
		texts, err := readTexts(fsys, code)
		if err != nil {
			problems = append(problems, Problem{code, "", err.Error()})
		}
		all[code] = texts
	}
	for _, code := range languages {
		if all[code] == nil {
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(all[Default])) {
			e, ok := all[code][key]
			if !ok {
				problems = append(problems, Problem{code, key, "missing"})
				continue
			}
			for _, what := range checkEntry(code, e, all[Default][key]) {
				problems = append(problems, Problem{code, key, what})
			}
		}
		for _, key := range slices.Sorted(maps.Keys(all[code])) {
			if _, ok := all[Default][key]; !ok {
				problems = append(problems, Problem{code, key, "not in it.json"})
			}
		}
	}
	return problems
}

func checkEntry(code string, e, italian entry) []string {
	if (e.forms == nil) != (italian.forms == nil) {
		return []string{"a count in one language and a plain text in the other"}
	}
	if e.forms == nil {
		return checkText("", e.text, italian.text, false)
	}
	var found []string
	needed := Plurals(code)
	for _, name := range needed {
		text, ok := e.forms[name]
		if !ok {
			found = append(found, fmt.Sprintf("needs the plural category %q", name))
			continue
		}
		found = append(found, checkText(name+": ", text, italian.forms["other"], true)...)
	}
	for _, name := range slices.Sorted(maps.Keys(e.forms)) {
		if !slices.Contains(needed, name) {
			found = append(found, fmt.Sprintf("has no use for the plural category %q", name))
		}
	}
	return found
}

// checkText wants the same placeholders, but lets a counted text leave out {n}:
// "one service" needs no figure.
func checkText(where, text, italian string, counted bool) []string {
	if strings.TrimSpace(text) == "" {
		return []string{where + "empty"}
	}
	var found []string
	has, wants := placeholders(text), placeholders(italian)
	for _, name := range wants {
		if !slices.Contains(has, name) && !(counted && name == "{n}") {
			found = append(found, where+"lacks "+name)
		}
	}
	for _, name := range has {
		if !slices.Contains(wants, name) && !(counted && name == "{n}") {
			found = append(found, where+"has "+name+", which Italian has not")
		}
	}
	if strings.Count(text, "{") != len(placeholder.FindAllString(text, -1)) {
		found = append(found, where+"has a brace without its partner")
	}
	return found
}

func placeholders(text string) []string {
	names := placeholder.FindAllString(text, -1)
	slices.Sort(names)
	return slices.Compact(names)
}

// The calls whose key is written out in the source: words.Text("key"), ui.T(ctx, "key"),
// fault.NotFound("key") and fault.Invalid(field, "key").
var keyUses = []*regexp.Regexp{
	regexp.MustCompile(`\.(?:Text|Count|Fill)\(\s*"([a-z][a-z0-9_-]*\.[a-z0-9_.-]*[a-z0-9_])"`),
	regexp.MustCompile(`\b[TN]\(ctx, "([a-z][a-z0-9_-]*\.[a-z0-9_.-]*[a-z0-9_])"`),
	regexp.MustCompile(`fault\.(?:NotFound|Conflict|Forbidden|TooMany|Unavailable)\(\s*"([^"]+)"`),
	regexp.MustCompile(`fault\.(?:Invalid|TooLarge|Unsupported)\([^,()]+,\s*"([^"]+)"`),
}

// CheckUse reads the Go and templ files under sources (tests and generated files
// aside) and reports keys written out there that the catalogue lacks. A key put together
// at run time ("state."+name) cannot be seen: test those where they are made.
func CheckUse(sources fs.FS, c *Catalogue) []Problem {
	var problems []Problem
	words := c.Words(Default)
	err := fs.WalkDir(sources, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !isSource(name) {
			return err
		}
		text, err := fs.ReadFile(sources, name)
		if err != nil {
			return err
		}
		for _, use := range keyUses {
			for _, match := range use.FindAllSubmatch(text, -1) {
				if key := string(match[1]); !words.Has(key) {
					problems = append(problems, Problem{Default, key, "used in " + name + " but not in the catalogue"})
				}
			}
		}
		return nil
	})
	if err != nil {
		problems = append(problems, Problem{Default, "", err.Error()})
	}
	return problems
}

func isSource(name string) bool {
	if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") {
		return false
	}
	return path.Ext(name) == ".go" || path.Ext(name) == ".templ"
}
