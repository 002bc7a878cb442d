// SPDX-License-Identifier: EUPL-1.2

package ui

import (
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
)

// Neutral is the Level of a Status that is neither good nor bad: a draft, a thing of the past.
const Neutral Level = "neutral"

// statusIcons stand beside the word, so that colour is never alone.
var statusIcons = map[Level]string{Info: "clock", Success: "check-circle", Warning: "warning", Danger: "error", Neutral: "document"}

// Tab is one part of a record, with an address of its own.
type Tab struct {
	Text, Href string
	Icon       string
	Lang       string // language of Text if not the page's
	Current    bool
	Count      int
	HasCount   bool
	Faulty     bool // something in this part has to be corrected
}

// FormView is a form of operators. Its children are the fields.
type FormView struct {
	ID      string // default "form"
	Action  templ.SafeURL
	Errors  []FieldError  // summary on top
	Submit  string        // text of the button; default "save"
	Icon    string        // of the button
	Kind    Kind          // default Primary; Destroy for what can't be undone
	Cancel  templ.SafeURL // "" for no way out but the menu
	Upload  bool          // files are sent
	Hidden  []Pair        // the version that was read, for one
	More    templ.Component
	Unasked bool // don't ask before leaving what was typed: a form that only searches
}

func (v FormView) id() string {
	if v.ID == "" {
		return "form"
	}
	return v.ID
}

func (v FormView) kind() Kind {
	if v.Kind == "" {
		return Primary
	}
	return v.Kind
}

// encoding is that of a form: the one that carries files where there are any.
func (v FormView) encoding() string {
	if v.Upload {
		return "multipart/form-data"
	}
	return "application/x-www-form-urlencoded"
}

// Mistakes are what is wrong with a form, by the name of the field, in the words of the page. The zero
// Mistakes are none.
type Mistakes struct {
	names []string
	texts map[string]string
}

// MistakesOf reads the faults that a use case found in what was typed. ok is false when the error is
// of another kind: return it.
func MistakesOf(r *http.Request, err error) (m Mistakes, ok bool) {
	kind := fault.KindOf(err)
	if kind != fault.KindInvalid && kind != fault.KindTooLarge && kind != fault.KindUnsupported {
		return m, false
	}
	m.texts = map[string]string{}
	for _, f := range fault.All(err) {
		if _, twice := m.texts[f.Field]; !twice {
			m.names = append(m.names, f.Field)
			m.texts[f.Field] = web.Say(r, f)
		}
	}
	return m, true
}

// Of is what is wrong with a field; "" for nothing.
func (m Mistakes) Of(name string) string { return m.texts[name] }

// Any says whether something is wrong.
func (m Mistakes) Any() bool { return len(m.names) > 0 }

// Summary leads to each field, whose id is its name with prefix before it. What belongs to no field
// leads to the form.
func (m Mistakes) Summary(prefix string) []FieldError {
	list := make([]FieldError, len(m.names))
	for i, name := range m.names {
		id := prefix + name
		if name == "" {
			id = "form"
		}
		list[i] = FieldError{ID: id, Text: m.texts[name]}
	}
	return list
}

// FileView is a field for files.
type FileView struct {
	ID, Name, Label string
	Help, Error     string
	Accept          string // ".csv,.xlsx"
	Multiple        bool
	Required        bool
}

// Moment is one entry of a History.
type Moment struct {
	At      time.Time // in the zone of the reader
	Who     string
	What    string
	Level   Level // default Neutral
	Href    string
	Text    string // more to say; ""
	Changes []Changed
	Body    templ.Component
}

func (m Moment) level() Level {
	if m.Level == "" {
		return Neutral
	}
	return m.Level
}

// Changed is one field before and after. Hidden says that it was changed and not what it holds.
type Changed struct {
	Label         string
	Before, After string
	Hidden        bool
}

// CompareView sets two versions side by side.
type CompareView struct {
	Before, After string // what the sides are: "Versione tua", "Versione di Anna"
	Fields        []Compared
	// Choose, when set, puts a choice of sides beside each field that differs: radios of this name with
	// the field's Name behind it, "keep-title", whose values are "before" and "after".
	Choose string
}

// Compared is one field on both sides.
type Compared struct {
	Name          string
	Label         string
	Before, After string
	Lang          string // language of both, if not the page's
}

// Differs says whether the sides are not the same.
func (c Compared) Differs() bool { return strings.TrimSpace(c.Before) != strings.TrimSpace(c.After) }

// ConfirmView is a page that asks before something that can't be undone.
type ConfirmView struct {
	Action   templ.SafeURL
	Question string   // "Vuoi togliere il servizio «…»?"
	Effects  []string // what will happen, one sentence each
	Button   string
	Kind     Kind // default Destroy
	Cancel   templ.SafeURL
	Hidden   []Pair
	Reason   *FieldView // why, when it has to be said
	Errors   []FieldError
}

func (v ConfirmView) kind() Kind {
	if v.Kind == "" {
		return Destroy
	}
	return v.Kind
}

// Figure is a number that somebody looks at every day.
type Figure struct {
	Value string
	Label string
	Text  string // what it means; ""
	Href  string
	Level Level // default Neutral
}

func (f Figure) level() Level {
	if f.Level == "" {
		return Neutral
	}
	return f.Level
}

// Waiting is something that waits for a person. Web packages that have such things give them to app
// with a function Waiting(ctx, actor) ([]ui.Waiting, error).
type Waiting struct {
	Text  string // "3 traduzioni da rivedere", in the words of the page
	Href  string // whole, with language
	Count int
	Since time.Time // of the oldest; zero when that says nothing
	Due   time.Time // by when; zero for no date
	Level Level     // Danger for overdue, Warning for soon; default Info
	Icon  string
}

func (w Waiting) level() Level {
	if w.Level == "" {
		return Info
	}
	return w.Level
}

// Hit is one answer of the search over everything. Web packages give them to app with a function
// Find(ctx, actor, query, n) ([]ui.Hit, error), best first, and nothing that the actor may not see.
type Hit struct {
	Kind  string // key of the catalogue: what it is, "directory.hit.service"
	Icon  string
	Title string
	Lang  string // language of Title if not the page's
	Text  string // what tells it from others of the same name
	Href  string // whole, with language
	Badge templ.Component
}
