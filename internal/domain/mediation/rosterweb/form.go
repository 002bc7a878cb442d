// SPDX-License-Identifier: EUPL-1.2

package rosterweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// form is what was typed, and what was wrong with it.
type form struct {
	typed    url.Values
	words    lang.Words
	Mistakes ui.Mistakes
}

func emptyForm(r *http.Request) form { return form{typed: url.Values{}, words: web.Words(r.Context())} }

// readForm reads a form with or without files.
func readForm(r *http.Request) (form, error) {
	f := emptyForm(r)
	err := r.ParseMultipartForm(2 << 20) // #nosec G120 -- the route bounds every body
	if errors.Is(err, http.ErrNotMultipart) {
		err = r.ParseForm()
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return f, fault.TooLarge("papers", "roster.paper.large", "megabytes", roster.Papers.Bytes>>20)
	case err != nil:
		return f, fault.Invalid("", "mediation.form").Because(err)
	}
	f.typed = r.Form
	return f, nil
}

func (f form) text(name string) string { return strings.TrimSpace(f.typed.Get(name)) }

func (f form) number(name string) int {
	n, err := strconv.Atoi(f.text(name))
	if err != nil {
		return 0
	}
	return n
}

func (f form) version() int64 {
	n, err := strconv.ParseInt(f.text("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// day reads a day; what is none is 0, which use cases refuse where one is needed.
func (f form) day(name string) calendar.Day {
	d, err := calendar.ParseDay(f.text(name))
	if err != nil {
		return 0
	}
	return d
}

// place reads a comune with an address; without a comune it is nowhere.
func (f form) place() (mediation.Place, error) {
	text := f.text("comune")
	p := mediation.Place{Name: f.text("where"), Address: f.text("address")}
	if text == "" {
		return p, nil
	}
	found := network.Territories().Meant(text)
	switch len(found) {
	case 0:
		return p, fault.Invalid("comune", "roster.comune_unknown", "value", text)
	case 1:
	default:
		names := make([]string, len(found))
		for i, c := range found {
			names[i] = c.Label()
		}
		return p, fault.Invalid("comune", "roster.comune_which", "choices", strings.Join(names, ", "))
	}
	p.Comune = found[0].ISTAT
	p.Point, _, _ = network.Territories().PointOf(found[0])
	return p, nil
}

func (f form) field(name, label string) ui.FieldView {
	return ui.FieldView{ID: name, Name: name, Label: f.words.Text(label), Value: f.typed.Get(name), Error: f.Mistakes.Of(name)}
}

// typedAs is a field of a type: "date", "email".
func (f form) typedAs(kind, name, label string) ui.FieldView {
	v := f.field(name, label)
	v.Type = kind
	return v
}

func (f form) required(v ui.FieldView) ui.FieldView {
	v.Required = true
	return v
}

func (f form) needed(v ui.SelectView) ui.SelectView {
	v.Required = true
	return v
}

func (f form) helped(v ui.FieldView, help string) ui.FieldView {
	v.Help = f.words.Text(help)
	return v
}

func (f form) choose(name, label string, options ...ui.Option) ui.SelectView {
	for i := range options {
		options[i].Selected = options[i].Value == f.typed.Get(name)
	}
	return ui.SelectView{ID: name, Name: name, Label: f.words.Text(label), Error: f.Mistakes.Of(name), Options: options}
}

func (f form) checks(name, legend string, options ...ui.Option) ui.ChecksView {
	for i := range options {
		options[i].Selected = slices.Contains(f.typed[name], options[i].Value)
	}
	return ui.ChecksView{ID: name, Name: name, Legend: f.words.Text(legend), Error: f.Mistakes.Of(name), Options: options}
}

// single is one check mark.
func (f form) single(name, legend, text string) ui.ChecksView {
	return f.checks(name, legend, ui.Option{Value: "1", Text: f.words.Text(text)})
}

// worded are values with their words in the catalogue under a prefix.
func worded[T ~string](w lang.Words, prefix string, values []T) []ui.Option {
	list := make([]ui.Option, len(values))
	for i, v := range values {
		list[i] = ui.Option{Value: string(v), Text: w.Text(prefix + string(v))}
	}
	return list
}

// tongues are the languages that one mediates in.
func (f form) tongues() []ui.Option {
	list := []ui.Option{{Text: f.words.Text("roster.apply.pick")}}
	for _, code := range mediation.Tongues(f.words.Lang()) {
		list = append(list, ui.Option{Value: code, Text: lang.Name(f.words.Lang(), code)})
	}
	return list
}

// again tells a form that comes back with its mistakes from a fault that has to be answered otherwise.
func (f *form) again(r *http.Request, err error) bool {
	if err == nil {
		return false
	}
	m, ok := ui.MistakesOf(r, err)
	if ok {
		f.Mistakes = m
	}
	return ok
}

func inItaly(at time.Time) time.Time { return at.In(calendar.Rome()) }

// dayOf writes a day as the reader does; "" for none.
func dayOf(w lang.Words, d calendar.Day) string {
	if d == 0 {
		return ""
	}
	y, m, day := d.Date()
	return w.Date(time.Date(y, m, day, 12, 0, 0, 0, calendar.Rome()), lang.Short)
}

// spanOf is a span of days.
func spanOf(w lang.Words, from, until calendar.Day) string {
	if until == 0 {
		return w.Text("roster.since", "day", dayOf(w, from))
	}
	return dayOf(w, from) + " – " + dayOf(w, until)
}

func comuneOf(p mediation.Place) string {
	if c, ok := network.Territories().Comune(p.Comune); ok {
		return c.Label()
	}
	return ""
}

// placeOf is a place on one line.
func placeOf(p mediation.Place) string {
	return strings.Join(slices.DeleteFunc([]string{p.Name, p.Address, comuneOf(p)}, func(part string) bool { return part == "" }), ", ")
}

// tonguesOf are the languages of an entry on one line.
func tonguesOf(w lang.Words, list []mediation.Language) string {
	var parts []string
	for _, l := range list {
		text := lang.Name(w.Lang(), l.Code)
		if l.Dialect != "" {
			text += " (" + l.Dialect + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

func versionText(n int64) string { return strconv.FormatInt(n, 10) }

// longDay writes a day with the name of the month.
func longDay(w lang.Words, d calendar.Day) string {
	if d == 0 {
		return ""
	}
	y, m, day := d.Date()
	return w.Date(time.Date(y, m, day, 12, 0, 0, 0, calendar.Rome()), lang.Long)
}

// weekOf is the form of weekly hours with what was typed.
func weekOf(ctx context.Context, typed url.Values, wrong string) ui.WeekView {
	return ui.WeekView{ID: "hours", Days: mediation.WeekDays, Stretches: mediation.WeekStretches, Name: mediation.WeekField, From: ui.T(ctx, "mediation.own.from"), To: ui.T(ctx, "mediation.own.to"), Typed: typed, Error: wrong}
}

// hoursSaid are weekly hours to read, a line for each day that has some.
func hoursSaid(w lang.Words, hours []mediation.Weekly) (list []ui.Definition) {
	for _, d := range mediation.WeekDays {
		if text := mediation.WeekText(hours, d); text != "" {
			list = append(list, ui.Definition{Term: w.Weekday(d, lang.Full), Text: text})
		}
	}
	return list
}
