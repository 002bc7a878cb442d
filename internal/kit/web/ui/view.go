// SPDX-License-Identifier: EUPL-1.2

package ui

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/kit/web"
)

// Level is how urgent an Alert is.
type Level string

const (
	Info    Level = "info"
	Success Level = "success"
	Warning Level = "warning"
	Danger  Level = "danger"
)

var levelIcons = map[Level]string{Info: "info", Success: "check-circle", Warning: "warning", Danger: "error"}

// State is whether one can go there now.
type State string

const (
	Open        State = "open"
	OpensLater  State = "later"
	Closed      State = "closed"
	Appointment State = "appointment"
	Unknown     State = "unknown"
)

var stateIcons = map[State]string{Open: "check-circle", OpensLater: "clock", Closed: "close-circle", Appointment: "calendar", Unknown: "help"}

// Kind is the weight of a button: one Primary on a page, Danger for what destroys.
type Kind string

const (
	Primary   Kind = "primary"
	Secondary Kind = "outline-primary"
	Plain     Kind = "plain"
	Destroy   Kind = "danger"
)

// CardView is a linked summary. The title is the only link, stretched over the card.
type CardView struct {
	Title    string
	Href     templ.SafeURL // "" for a card that leads nowhere
	Lang     string        // language of Title if not the page's
	Icon     string        // an icon before the title
	Need     string        // or the pictogram of a top category
	Level    int           // of the heading, 2 to 6; default 3
	Modifier string        // more classes: "card-urgent"
}

func (v CardView) level() int {
	if v.Level == 0 {
		return 3
	}
	return v.Level
}

// Pages describes a Pager.
type Pages struct {
	Page, Last int
	Href       func(page int) string
}

// Numbers are the pages worth a link: first, last and those beside the present one;
// 0 stands for what is left out between.
func (p Pages) Numbers() []int {
	var numbers []int
	for n := 1; n <= p.Last; n++ {
		if n == 1 || n == p.Last || (n >= p.Page-1 && n <= p.Page+1) {
			numbers = append(numbers, n)
		} else if numbers[len(numbers)-1] != 0 {
			numbers = append(numbers, 0)
		}
	}
	return numbers
}

// WithPage makes Pages.Href from an address and its query, with the parameter "page".
func WithPage(path string, query url.Values) func(int) string {
	return func(page int) string {
		q := url.Values{}
		for name, values := range query {
			q[name] = slices.Clone(values)
		}
		q.Del("page")
		if page > 1 {
			q.Set("page", strconv.Itoa(page))
		}
		if len(q) == 0 {
			return path
		}
		return path + "?" + q.Encode()
	}
}

// FieldView is one input with its label, help and error.
type FieldView struct {
	ID, Name, Label string
	Help, Error     string
	Type            string // default "text"
	Value           string
	Placeholder     string // an example, never the label
	Autocomplete    string
	InputMode       string
	Required        bool
	Rows            int // of a TextArea; default 4
	MaxLength       int
}

func (v FieldView) kind() string {
	if v.Type == "" {
		return "text"
	}
	return v.Type
}

// describedBy lists the ids of help and error that exist.
func describedBy(id, help, fault string) string {
	switch {
	case help != "" && fault != "":
		return id + "-help " + id + "-error"
	case help != "":
		return id + "-help"
	case fault != "":
		return id + "-error"
	}
	return ""
}

func number(n int) string { return strconv.Itoa(n) }

// Option is one choice of a Select, of Checks or of Radios.
type Option struct {
	Value, Text string
	Lang        string // language of Text if not the page's
	Count       int    // how many there are; shown when HasCount
	HasCount    bool
	Selected    bool
	Disabled    bool
}

// SelectView is a list to choose one from.
type SelectView struct {
	ID, Name, Label string
	Help, Error     string
	Options         []Option
	Required        bool
}

// ChecksView is a group of check marks (or, in Radios, of exclusive choices).
type ChecksView struct {
	ID, Name, Legend string
	Help, Error      string
	Options          []Option
	HideLegend       bool // the legend is said by a heading already
}

// WeekView is the hours of a week, as they were typed.
type WeekView struct {
	ID        string
	Days      []time.Weekday // in their order
	Stretches int            // of each day
	Name      func(d time.Weekday, n int, end string) string
	From, To  string // labels
	Typed     url.Values
	Error     string
}

// FieldError leads from the summary to the field.
type FieldError struct{ ID, Text string }

// Step is one station of a way.
type Step struct {
	Title, Text   string
	Done, Current bool
}

// Definition is a term with its text, or with a Body where text is not enough.
type Definition struct {
	Icon, Term string
	Text       string
	Lang       string // language of Text if not the page's
	Body       templ.Component
}

// ShareView says what to pass on: an absolute address without personal parts.
type ShareView struct{ Title, URL string }

func (v ShareView) whatsapp() templ.SafeURL {
	return templ.SafeURL("https://wa.me/?text=" + escape(v.Title+" "+v.URL))
}

func (v ShareView) sms() templ.SafeURL {
	return templ.SafeURL("sms:?body=" + escape(v.Title+" "+v.URL))
}

func (v ShareView) mail() templ.SafeURL {
	return templ.SafeURL("mailto:?subject=" + escape(v.Title) + "&body=" + escape(v.URL))
}

// escape writes a space as %20: in sms: and mailto: addresses (RFC 5724, RFC 6068)
// a plus is a plus.
func escape(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

// Pair is a hidden field of a form.
type Pair struct{ Name, Value string }

// SearchView is the one box.
type SearchView struct {
	ID          string // default "q"
	Action      templ.SafeURL
	Query       string
	Label       string // default: "Di che cosa hai bisogno?"
	Placeholder string
	Live        string // id of the element that is renewed while typing; "" for none
	Hidden      []Pair
	Large       bool // on the start page
	Near        bool // with the button "near me", which fills the field near
}

func (v SearchView) id() string {
	if v.ID == "" {
		return "q"
	}
	return v.ID
}

func (v SearchView) label(ctx context.Context) string {
	if v.Label == "" {
		return T(ctx, "ui.search.label")
	}
	return v.Label
}

func optionText(ctx context.Context, o Option) string {
	if o.HasCount {
		return o.Text + " (" + web.Words(ctx).Number(o.Count) + ")"
	}
	return o.Text
}

func langOf(ctx context.Context) string { return web.Lang(ctx) }

func boolText(b bool) string { return strconv.FormatBool(b) }
