// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// field is one input of a form of operators. What it holds comes from the values of the form.
type field struct {
	Name     string
	Label    string
	Help     string
	Type     string // of the input; or "area", "select", "checks", "file"
	Options  []ui.Option
	Required bool
	Rows     int
}

// group is a part of a form.
type group struct {
	ID, Title, Help string
	Fields          []field
}

// formView is a form that shows what was typed, with what is wrong, and, when somebody else was
// faster, what stands there now.
type formView struct {
	ui.FormView
	Groups   []group
	Values   url.Values
	Mistakes ui.Mistakes
	Stored   *ui.CompareView
	Beside   *ui.CompareView // what is about to be done, side by side
}

func (f field) id() string { return "f-" + f.Name }

func (v formView) one(name string) string { return v.Values.Get(name) }

// chosen are the options with those marked that the form holds.
func (v formView) chosen(f field) []ui.Option {
	list := slices.Clone(f.Options)
	for i := range list {
		list[i].Selected = slices.Contains(v.Values[f.Name], list[i].Value)
	}
	return list
}

func (v formView) fieldView(f field) ui.FieldView {
	return ui.FieldView{
		ID: f.id(), Name: f.Name, Label: f.Label, Help: f.Help, Error: v.Mistakes.Of(f.Name), Type: f.Type, Value: v.one(f.Name),
		Required: f.Required, Rows: f.Rows,
	}
}

// said is what a field holds, in words.
func (f field) said(values url.Values) string {
	if len(f.Options) == 0 {
		return values.Get(f.Name)
	}
	var list []string
	for _, o := range f.Options {
		if o.Value != "" && slices.Contains(values[f.Name], o.Value) {
			list = append(list, o.Text)
		}
	}
	return strings.Join(list, ", ")
}

// compare sets what stands there now beside what was typed.
func compare(r *http.Request, groups []group, stored, typed url.Values) *ui.CompareView {
	ctx := r.Context()
	v := &ui.CompareView{Before: ui.T(ctx, "network.form.theirs"), After: ui.T(ctx, "network.form.yours")}
	for _, g := range groups {
		for _, f := range g.Fields {
			c := ui.Compared{Name: f.Name, Label: f.Label, Before: f.said(stored), After: f.said(typed)}
			if f.Type != "file" && c.Differs() {
				v.Fields = append(v.Fields, c)
			}
		}
	}
	return v
}

// answer shows a form again: with its mistakes, or beside what somebody else has written meanwhile
// (stored, of that version). Other errors are returned.
func (p *pages) answer(w http.ResponseWriter, r *http.Request, head ui.OfficeHead, v formView, err error, stored url.Values) error {
	mistakes, ok := ui.MistakesOf(r, err)
	status := http.StatusUnprocessableEntity
	switch {
	case ok:
		v.Mistakes, v.Errors = mistakes, mistakes.Summary("f-")
	case fault.Is(err, fault.KindConflict) && stored != nil && stored.Get("version") != r.PostFormValue("version"):
		status = http.StatusConflict
		v.Stored = compare(r, v.Groups, stored, v.Values)
		v.Values.Set("version", stored.Get("version"))
	case fault.Is(err, fault.KindConflict):
		status = http.StatusConflict
		for _, f := range fault.All(err) {
			v.Errors = append(v.Errors, ui.FieldError{ID: "form", Text: web.Say(r, f)})
		}
	default:
		return err
	}
	v.Hidden = append(v.Hidden, ui.Pair{Name: "version", Value: v.one("version")})
	return p.office(w, r, status, head, formPage(v))
}

// form shows a form for the first time.
func (p *pages) form(w http.ResponseWriter, r *http.Request, head ui.OfficeHead, v formView) error {
	v.Hidden = append(v.Hidden, ui.Pair{Name: "version", Value: v.one("version")})
	return p.office(w, r, http.StatusOK, head, formPage(v))
}

func (p *pages) office(w http.ResponseWriter, r *http.Request, status int, head ui.OfficeHead, body templ.Component) error {
	return web.Render(w, r, status, p.Site.OfficePage(r, head, body))
}

// largestForm bounds a form with a file: a signed paper and its fields.
const largestForm = 12 << 20

// sent reads a form, also one with files.
func sent(r *http.Request) (url.Values, error) {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		if err := r.ParseMultipartForm(1 << 20); err != nil { // #nosec G120 -- the route bounds every body
			return nil, fault.Invalid("", "network.form_unreadable").Because(err)
		}
	} else if err := r.ParseForm(); err != nil {
		return nil, fault.Invalid("", "network.form_unreadable").Because(err)
	}
	return trimmed(r.PostForm), nil
}

func trimmed(values url.Values) url.Values {
	for name := range values {
		for i := range values[name] {
			values[name][i] = strings.TrimSpace(strings.ReplaceAll(values[name][i], "\r\n", "\n"))
		}
	}
	return values
}

func versionIn(values url.Values) int64 {
	n, err := strconv.ParseInt(values.Get("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func lines(text string) []string {
	var list []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

func actorOf(r *http.Request) access.Actor { return access.From(r.Context()) }

// options makes choices of a list of codes, whose words stand in the catalogue under prefix.
func options(r *http.Request, prefix string, codes []string) []ui.Option {
	list := make([]ui.Option, len(codes))
	for i, code := range codes {
		list[i] = ui.Option{Value: code, Text: ui.T(r.Context(), prefix+code)}
	}
	return list
}

// unsaid puts "not said" before the choices of a field that may stay empty.
func unsaid(r *http.Request, list []ui.Option) []ui.Option {
	return append([]ui.Option{{Text: ui.T(r.Context(), "network.form.unsaid")}}, list...)
}

// accept is what a field for files takes: pictures where it is about an emblem.
func (f field) accept() string {
	if strings.HasPrefix(f.Name, "emblem") {
		return ".png,.jpg,.jpeg,.gif"
	}
	return ".pdf,.p7m"
}
