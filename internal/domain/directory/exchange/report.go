// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"approdo/internal/kit/fault"
)

// Severities of a problem.
const (
	Error   = "error"   // the record cannot be imported
	Warning = "warning" // a value was not kept or was changed
	Note    = "note"    // worth knowing: how something was read
)

// Problem is one line of a report.
type Problem struct {
	File   string `json:"file,omitempty"`
	Row    int    `json:"row,omitempty"` // line of the sheet or file, 1 is the first; 0: no row
	Column string `json:"column,omitempty"`
	// Severity is Error, Warning or Note.
	Severity string            `json:"severity"`
	Key      string            `json:"key"`
	Args     map[string]string `json:"args,omitempty"`
	Value    string            `json:"value,omitempty"` // as it stood, shortened
}

// Report says what was read and what was wrong.
type Report struct {
	Source   string         `json:"source"`
	Formats  []string       `json:"formats"`
	Files    int            `json:"files"`
	Read     map[string]int `json:"read"`    // records by kind
	Skipped  map[string]int `json:"skipped"` // records with errors, by kind
	Problems []Problem      `json:"problems"`
	// Dropped counts the problems beyond the most that are listed.
	Dropped int `json:"dropped,omitempty"`
	errors  int
	// reserved are the bodies of which only the public part was read.
	reserved []string
}

// Errors counts the errors.
func (r *Report) Errors() int { return r.errors }

// Count counts the problems of a severity among those listed.
func (r *Report) Count(severity string) int {
	n := 0
	for _, p := range r.Problems {
		if p.Severity == severity {
			n++
		}
	}
	return n
}

// maxProblems bounds the report: a file that is wrong throughout has been understood by then.
const maxProblems = 5000

func (r *Report) add(p Problem) {
	if p.Severity == Error {
		r.errors++
	}
	p.Value = shorten(p.Value)
	if len(r.Problems) >= maxProblems {
		r.Dropped++
		return
	}
	r.Problems = append(r.Problems, p)
}

func (r *Report) addFormat(format string) {
	if format != "" && !slices.Contains(r.Formats, format) {
		r.Formats = append(r.Formats, format)
	}
}

// sort puts the problems in the order of the files.
func (r *Report) sort() {
	slices.SortStableFunc(r.Problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Row, b.Row), strings.Compare(a.Column, b.Column))
	})
}

// shorten cuts a value to what identifies it in a report.
func shorten(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	if utf8.RuneCountInString(s) <= 80 {
		return s
	}
	return string([]rune(s)[:79]) + "…"
}

//go:embed locales/it.json locales/en.json
var localesFS embed.FS

// Languages are those in which a report can be read: operators' pages are in Italian and English.
var Languages = []string{"it", "en"}

var catalogue = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, language := range Languages {
		text, err := localesFS.ReadFile("locales/" + language + ".json")
		words := map[string]string{}
		if err == nil {
			err = json.Unmarshal(text, &words)
		}
		if err != nil {
			panic(fmt.Sprintf("exchange: locales/%s.json: %v", language, err))
		}
		all[language] = words
	}
	return all
})

// word is a text of the catalogue, the key itself when there is none.
func word(language, key string, args map[string]string) string {
	text, ok := catalogue()[language][key]
	if !ok {
		return key
	}
	for name, value := range args {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// Text says the problem in Italian or English: what is wrong and what to do.
func (p Problem) Text(language string) string {
	if !slices.Contains(Languages, language) {
		language = "it"
	}
	args := map[string]string{"value": p.Value, "column": p.Column}
	for name, value := range p.Args {
		args[name] = value
	}
	return word(language, p.Key, args)
}

// Place says where the problem is: "services.csv, row 12, column byday".
func (p Problem) Place(language string) string {
	var parts []string
	if p.File != "" {
		parts = append(parts, p.File)
	}
	if p.Row > 0 {
		parts = append(parts, word(language, "report.row", map[string]string{"n": fmt.Sprint(p.Row)}))
	}
	if p.Column != "" {
		parts = append(parts, word(language, "report.column", map[string]string{"name": p.Column}))
	}
	return strings.Join(parts, ", ")
}

// Say gives a text of the catalogue.
func Say(language, key string) string { return word(language, key, nil) }

// Knows tells whether the catalogue has words for a key.
func Knows(key string) bool { _, ok := catalogue()["it"][key]; return ok }

// SayFault explains a fault in Italian or English, with what it is about.
func SayFault(language string, f *fault.Error) string {
	var about []string
	for _, name := range sortedKeys(f.Message.Args) {
		about = append(about, fmt.Sprintf("%s: %v", name, f.Message.Args[name]))
	}
	text := word(language, f.Message.Key, nil)
	if len(about) == 0 {
		return text
	}
	return text + " (" + strings.Join(about, ", ") + ")"
}

// Write writes the report for a person at a terminal.
func (r *Report) Write(language string) string {
	var b strings.Builder
	for _, p := range r.Problems {
		place := p.Place(language)
		if place != "" {
			place += ": "
		}
		fmt.Fprintf(&b, "%s  %s%s\n", word(language, "report."+p.Severity, nil), place, p.Text(language))
	}
	if r.Dropped > 0 {
		b.WriteString(word(language, "report.more", map[string]string{"n": number(r.Dropped)}) + "\n")
	}
	if len(r.Problems) > 0 {
		b.WriteString("\n")
	}
	b.WriteString(word(language, "report.summary", map[string]string{
		"files": number(r.Files), "formats": strings.Join(r.Formats, ", "), "errors": number(r.errors),
		"warnings": number(r.Count(Warning)), "notes": number(r.Count(Note)),
	}) + "\n")
	b.WriteString(word(language, "report.read", map[string]string{"list": kindsOf(r.Read)}) + "\n")
	if len(r.Skipped) > 0 {
		b.WriteString(word(language, "report.skipped", map[string]string{"list": kindsOf(r.Skipped)}) + "\n")
	}
	return b.String()
}

func kindsOf(counts map[string]int) string {
	var list []string
	for _, kind := range sortedKeys(counts) {
		list = append(list, fmt.Sprintf("%d %s", counts[kind], kind))
	}
	if len(list) == 0 {
		return "–"
	}
	return strings.Join(list, ", ")
}
