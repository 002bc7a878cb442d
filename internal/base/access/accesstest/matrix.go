// SPDX-License-Identifier: EUPL-1.2

package accesstest

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Route is one line of the route table.
type Route struct {
	Method, Pattern string // with a language: "/it/office/services/{id}"
	Rule            string // as people read it: "may directory.service.list"
}

// Request is one question.
type Request struct {
	Method, Path, Accept string
	Form                 url.Values
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// World is the program with a database that can be put back.
type World interface {
	// Ask asks as somebody of Who, by the name of their column.
	Ask(who string, q Request) Answer
	// Changed says whether something was changed since the last Reset.
	Changed() bool
	Reset()
}

// Record says which records stand in for a parameter: patterns that begin with Prefix are asked with
// each of Paths instead, by the name of the relation. For a pattern without parameters, whose form or
// query names the record, Prefix is the whole pattern, and Paths are all that is asked.
type Record struct {
	Prefix string
	Paths  []Path
}

// Path is a record by its relation to those who ask: "own body", "another body".
type Path struct {
	Relation, Path string
	Form           url.Values // what forms about this record say besides Matrix.Form
}

// Nonexistent stands for what never was, in every parameter.
const Nonexistent = "00000000-0000-7000-8000-000000000000"

// missing is the relation of what is not there to those who ask.
const missing = "nonexistent"

// Matrix asks every route as everybody.
type Matrix struct {
	Routes  []Route
	Records []Record
	Who     []string
	Formats []string // media types; every one must give the same cell
	World   World
	// Form is what every form is sent with: which state of a record was seen, and what else a form is
	// refused for before somebody has asked whose the record is.
	Form url.Values
	// Bare are the beginnings of patterns for which the world has no record. Any other pattern with
	// parameters must have one.
	Bare []string
}

// Table asks every cell and gives them as people read them: "+" came in, "." nothing there, "L" to
// the login, "s" first a proof. A failure of the program, another refusal, and a refusal that can be
// told from nothing there are errors of the test. So is a route where nobody comes in to any record
// that is there: that whoever may not is sent away would be no finding, since everybody is.
func (m Matrix) Table(t testing.TB) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("Every route that is not public, as everybody. One column for each of:\n")
	for i, who := range m.Who {
		fmt.Fprintf(&b, "%s%s\n", strings.Repeat("| ", i), who)
	}
	b.WriteString("+ comes in   . nothing is there   L to the login   s first a proof of identity\n")
	for _, route := range m.Routes {
		fmt.Fprintf(&b, "\n%s %s   (%s)\n", route.Method, route.Pattern, route.Rule)
		nothing := map[string]Answer{}
		paths := m.paths(route.Pattern)
		if len(paths) == 1 && paths[0].Relation == missing && !slices.ContainsFunc(m.Bare, func(b string) bool { return strings.HasPrefix(route.Pattern, b) }) {
			t.Errorf("%s %s names a record of which there is no example", route.Method, route.Pattern)
		}
		asked, entered := false, false
		for _, path := range paths {
			row := make([]string, len(m.Who))
			for i, who := range m.Who {
				row[i] = m.cell(t, route, path, who, nothing)
			}
			if path.Relation != missing {
				asked, entered = true, entered || slices.Contains(row, "+") || slices.Contains(row, "s")
			}
			fmt.Fprintf(&b, "%s   %s\n", strings.Join(row, " "), path.Relation)
		}
		if asked && !entered {
			t.Errorf("%s %s: nobody comes in, to any record: the rows prove nothing", route.Method, route.Pattern)
		}
	}
	return b.String()
}

// paths are the addresses that stand for a pattern; what does not exist comes first.
func (m Matrix) paths(pattern string) []Path {
	pattern = strings.TrimSuffix(pattern, "{$}")
	if !strings.Contains(pattern, "{") {
		for _, r := range m.Records {
			if r.Prefix == pattern {
				return r.Paths
			}
		}
		return []Path{{Path: pattern}}
	}
	list := []Path{{Relation: missing, Path: fill(pattern)}}
	best := -1
	for i, r := range m.Records {
		if strings.HasPrefix(pattern, r.Prefix) && (best < 0 || len(r.Prefix) > len(m.Records[best].Prefix)) {
			best = i
		}
	}
	if best < 0 {
		return list
	}
	for _, p := range m.Records[best].Paths {
		p.Path = fill(p.Path + strings.TrimPrefix(pattern, m.Records[best].Prefix))
		list = append(list, p)
	}
	return list
}

// fill puts what does not exist into every parameter that is left.
func fill(pattern string) string {
	for {
		before, rest, found := strings.Cut(pattern, "{")
		if !found {
			return pattern
		}
		_, after, _ := strings.Cut(rest, "}")
		pattern = before + Nonexistent + after
	}
}

func (m Matrix) cell(t testing.TB, route Route, path Path, who string, nothing map[string]Answer) string {
	t.Helper()
	mark, form := "", maps.Clone(m.Form)
	if form == nil {
		form = url.Values{}
	}
	maps.Copy(form, path.Form)
	for i, format := range m.Formats {
		if i > 0 && route.Method != http.MethodGet {
			break // a form is answered by a page or a redirect
		}
		a := m.World.Ask(who, Request{Method: route.Method, Path: path.Path, Accept: format, Form: form})
		if m.World.Changed() {
			m.World.Reset()
		}
		one := m.mark(t, route, path, who, a)
		if one == "L" && mark == "s" {
			one = mark // whoever asks for data is told 401 for both, and sent nowhere
		}
		if mark != "" && one != mark {
			t.Errorf("%s %s as %s: %s for one format, %s for %s", route.Method, path.Path, who, mark, one, format)
		}
		mark = one
		key := who + " " + format
		if path.Relation == missing {
			nothing[key] = masked(a, path.Path)
			continue
		}
		if before, asked := nothing[key]; one == "." && asked && before.Status == a.Status {
			if d := told(before, masked(a, path.Path)); d != "" {
				t.Errorf("%s %s as %s: denied can be told from nonexistent: %s", route.Method, path.Path, who, d)
			}
		}
	}
	return mark
}

func (m Matrix) mark(t testing.TB, route Route, path Path, who string, a Answer) string {
	t.Helper()
	switch {
	case a.Status == http.StatusNotFound:
		return "."
	case a.Status == http.StatusUnauthorized:
		return "L"
	case a.Status == http.StatusSeeOther || a.Status == http.StatusFound:
		to := a.Header.Get("Location")
		switch {
		case strings.Contains(to, "/login/"):
			return "s"
		case strings.Contains(to, "/login"):
			return "L"
		}
		return "+"
	case a.Status == http.StatusForbidden:
		t.Errorf("%s %s as %s: 403 says that it is there", route.Method, path.Path, who)
	case a.Status >= http.StatusInternalServerError:
		t.Errorf("%s %s as %s: %d", route.Method, path.Path, who, a.Status)
	}
	return "+"
}

// spoken are the headers that may differ from one request to the next.
var spoken = []string{"X-Request-Id", "Date"}

// masked takes out of an answer what it repeats of the question, and the number of the request.
func masked(a Answer, path string) Answer {
	_, bare, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	id := a.Header.Get("X-Request-Id")
	body := a.Body
	for _, own := range []string{url.QueryEscape("/" + bare), bare} {
		body = bytes.ReplaceAll(body, []byte(own), []byte("PATH"))
	}
	if id != "" {
		body = bytes.ReplaceAll(body, []byte(id), []byte("REQUEST"))
	}
	header := a.Header.Clone()
	for _, name := range append([]string{"Content-Length"}, spoken...) {
		header.Del(name)
	}
	for name, values := range header {
		for i, v := range values {
			values[i] = strings.ReplaceAll(v, bare, "PATH")
		}
		header[name] = values
	}
	return Answer{a.Status, header, body}
}

// told says by what two answers can be told apart, "" for nothing.
func told(a, b Answer) string {
	switch {
	case a.Status != b.Status:
		return fmt.Sprintf("status %d and %d", a.Status, b.Status)
	case !bytes.Equal(a.Body, b.Body):
		return "body: " + around(a.Body, b.Body)
	}
	for name := range a.Header {
		if !slices.Equal(a.Header[name], b.Header[name]) {
			return fmt.Sprintf("header %s: %q and %q", name, a.Header[name], b.Header[name])
		}
	}
	if len(a.Header) != len(b.Header) {
		return "headers"
	}
	return ""
}

// around shows where two texts begin to differ.
func around(a, b []byte) string {
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	cut := func(x []byte) string { return string(x[max(0, at-60):min(len(x), at+80)]) }
	return fmt.Sprintf("…%s… and …%s…", cut(a), cut(b))
}
