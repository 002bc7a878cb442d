// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"approdo/internal/kit/lang"
)

// Rendered is a message in the reader's language.
type Rendered struct {
	Language   string
	Dir        string
	Subject    string
	Paragraphs [][]string // each of lines
	Short      string     // for telephones
	Link       string     // whole address
	Action     string     // label of the link
}

// render says a message in a language, Italian when it is not one of ours.
func (u *UseCases) render(template, language, origin string, c content) Rendered {
	words := u.Words.Words(language)
	args := make(map[string]any, len(c.Args))
	for name, value := range c.Args {
		args[name] = value
	}
	r := Rendered{
		Language: words.Lang(), Dir: words.Dir(), Subject: words.Fill(template+".subject", args),
		Paragraphs: paragraphs(words.Fill(template+".text", args)), Link: address(origin, words.Lang(), c.Link),
	}
	if words.Has(template + ".action") {
		r.Action = words.Fill(template+".action", args)
	} else {
		r.Action = words.Text("notice.open")
	}
	if words.Has(template + ".short") {
		r.Short = words.Fill(template+".short", args)
	} else {
		r.Short = r.Subject
	}
	return r
}

func paragraphs(text string) [][]string {
	var list [][]string
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, strings.Split(part, "\n"))
		}
	}
	return list
}

// address makes the whole address of a path, in the reader's language; pages of operators exist in
// theirs alone.
func address(origin, language, path string) string {
	if path == "" {
		return ""
	}
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") {
		return "" // a link leads to our own pages
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	switch {
	case slices.Contains(lang.All, first):
		return origin + path
	case first == "office" && !slices.Contains(lang.OfficeLanguages, language):
		language = lang.OfficeLanguages[len(lang.OfficeLanguages)-1]
	}
	return origin + "/" + language + path
}

// Text is the message as plain text.
func (r Rendered) Text(foot string) string {
	var b strings.Builder
	for _, p := range r.Paragraphs {
		b.WriteString(strings.Join(p, "\n") + "\n\n")
	}
	if r.Link != "" {
		b.WriteString(r.Action + ":\n" + r.Link + "\n\n")
	}
	b.WriteString("-- \n" + foot + "\n")
	return b.String()
}

var mailPage = template.Must(template.ParseFS(pages, "mail.html"))

// HTML is the message as a page of mail: tables and styles in place, as mail programs want them, and
// nothing that is fetched from anywhere.
func (r Rendered) HTML(words lang.Words, network, foot string) (string, error) {
	start, size, line := "left", 16, 26
	if r.Dir == "rtl" {
		start, size, line = "right", 18, 32
	}
	if r.Language == "ur" { // Nastaliq needs room above and below
		line = 40
	}
	var b bytes.Buffer
	err := mailPage.ExecuteTemplate(&b, "mail.html", map[string]any{
		"Lang": r.Language, "Dir": r.Dir, "Start": start, "Size": size, "Line": line, "Network": network, "Subject": r.Subject,
		"Paragraphs": r.Paragraphs, "Link": r.Link, "Action": r.Action, "Fallback": words.Text("notice.fallback"), "Foot": foot,
	})
	if err != nil {
		return "", fmt.Errorf("notice: %w", err)
	}
	return b.String(), nil
}
