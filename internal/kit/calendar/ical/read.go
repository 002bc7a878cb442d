// SPDX-License-Identifier: EUPL-1.2

package ical

import (
	"bytes"
	"errors"
	"strings"
)

// Prop is one property. Name and the names of parameters are in capitals.
type Prop struct {
	Name   string
	Params map[string]string // the first value of each
	Value  string            // as it is written, with its escapes
}

// Component is a calendar, an event, a time zone.
type Component struct {
	Name     string
	Props    []Prop
	Children []*Component
}

// Limits bound what a file may ask of the machine.
type Limits struct {
	Lines      int // content lines, after unfolding
	Components int
	Busy       int // occurrences within the window
	Days       int // days at which rules are asked whether they fall on them
}

// Limits of calendars that are fetched, and of one event that a program sends.
var (
	File  = Limits{Lines: 400_000, Components: 40_000, Busy: 50_000, Days: 5_000_000}
	Entry = Limits{Lines: 2_000, Components: 200, Busy: 400, Days: 100_000}
)

const (
	maxDepth  = 6
	maxLine   = 32 << 10 // longer lines are pictures and papers, which nobody here wants
	maxParams = 20
)

// What is wrong with a file.
var (
	ErrNotCalendar = errors.New("ical: not a calendar")
	ErrTooMuch     = errors.New("ical: more than is read")
)

// Read reads the calendars of a file as one. dropped is how many lines could not be read.
func Read(data []byte, l Limits) (calendar *Component, dropped int, err error) {
	r := reader{limits: l}
	for len(data) > 0 {
		var line []byte
		line, data = unfold(data)
		if len(line) == 0 {
			continue
		}
		if r.lines++; r.lines > l.Lines {
			return nil, 0, ErrTooMuch
		}
		p, ok := parseLine(line)
		if !ok {
			if r.root == nil {
				return nil, 0, ErrNotCalendar // a page that says to log in, a picture
			}
			r.dropped++
			continue
		}
		if err := r.take(p); err != nil {
			return nil, 0, err
		}
	}
	if r.root == nil || len(r.open) > 0 {
		return nil, 0, ErrNotCalendar
	}
	return r.root, r.dropped, nil
}

// unfold takes one content line, with those that continue it. Lines end with CR LF, and with one of them
// in files that passed through other hands.
func unfold(data []byte) (line, rest []byte) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	line, rest = cutLine(data)
	if !continues(rest) {
		return line, rest
	}
	whole := bytes.Clone(line)
	for continues(rest) {
		line, rest = cutLine(rest[1:])
		if len(whole) <= maxLine {
			whole = append(whole, line...)
		}
	}
	return whole, rest
}

func continues(rest []byte) bool { return len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') }

func cutLine(data []byte) (line, rest []byte) {
	at := bytes.IndexAny(data, "\r\n")
	if at < 0 {
		return data, nil
	}
	line, rest = data[:at], data[at+1:]
	if data[at] == '\r' && len(rest) > 0 && rest[0] == '\n' {
		rest = rest[1:]
	}
	return line, rest
}

type reader struct {
	limits                     Limits
	root                       *Component
	open                       []*Component
	lines, components, dropped int
}

func (r *reader) take(p Prop) error {
	switch p.Name {
	case "BEGIN":
		return r.begin(strings.ToUpper(strings.TrimSpace(p.Value)))
	case "END":
		last := len(r.open) - 1
		if last < 0 || r.open[last].Name != strings.ToUpper(strings.TrimSpace(p.Value)) {
			return ErrNotCalendar
		}
		r.open = r.open[:last]
	default:
		if len(r.open) == 0 {
			if r.root == nil {
				return ErrNotCalendar
			}
			r.dropped++
			return nil
		}
		c := r.open[len(r.open)-1]
		c.Props = append(c.Props, p)
	}
	return nil
}

func (r *reader) begin(name string) error {
	if r.components++; r.components > r.limits.Components || len(r.open) >= maxDepth {
		return ErrTooMuch
	}
	if len(r.open) == 0 {
		if name != "VCALENDAR" {
			return ErrNotCalendar
		}
		if r.root == nil {
			r.root = &Component{Name: name}
		}
		r.open = append(r.open, r.root)
		return nil
	}
	c := &Component{Name: name}
	above := r.open[len(r.open)-1]
	above.Children = append(above.Children, c)
	r.open = append(r.open, c)
	return nil
}

// parseLine reads NAME;PARAM=value;PARAM="value":value.
func parseLine(line []byte) (Prop, bool) {
	if len(line) > maxLine {
		return Prop{}, false
	}
	text := strings.ToValidUTF8(string(line), "\ufffd")
	at := strings.IndexAny(text, ";:")
	if at <= 0 || !isName(text[:at]) {
		return Prop{}, false
	}
	p := Prop{Name: strings.ToUpper(text[:at])}
	for text = text[at:]; text[0] == ';'; {
		name, rest, found := strings.Cut(text[1:], "=")
		if !found || !isName(name) || len(p.Params) >= maxParams {
			return Prop{}, false
		}
		value, rest, ok := paramValue(rest)
		if !ok {
			return Prop{}, false
		}
		if p.Params == nil {
			p.Params = map[string]string{}
		}
		if name = strings.ToUpper(name); p.Params[name] == "" {
			p.Params[name] = value
		}
		text = rest
	}
	p.Value = text[1:]
	return p, true
}

// paramValue reads the values of a parameter and gives the first, and what follows, which begins with a
// semicolon or a colon.
func paramValue(text string) (first, rest string, ok bool) {
	for n := 0; ; n++ {
		var value string
		if quoted, found := strings.CutPrefix(text, `"`); found {
			if value, text, found = strings.Cut(quoted, `"`); !found {
				return "", "", false
			}
		} else {
			at := strings.IndexAny(text, ";:,")
			if at < 0 {
				return "", "", false
			}
			value, text = text[:at], text[at:]
		}
		if n == 0 {
			first = value
		}
		switch {
		case text == "":
			return "", "", false
		case text[0] == ',':
			text = text[1:]
		case text[0] == ';' || text[0] == ':':
			return first, text, true
		default:
			return "", "", false
		}
	}
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return s != ""
}

// Get is the first property of a name.
func (c *Component) Get(name string) (Prop, bool) {
	for _, p := range c.Props {
		if p.Name == name {
			return p, true
		}
	}
	return Prop{}, false
}

// Text is the text of the first property of a name, without escapes, "" when there is none.
func (c *Component) Text(name string) string {
	p, _ := c.Get(name)
	return unescape(p.Value)
}

// word is a property whose values are words, in capitals.
func (c *Component) word(name string) string {
	p, _ := c.Get(name)
	return strings.ToUpper(strings.TrimSpace(p.Value))
}

func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		if s[i] == 'n' || s[i] == 'N' {
			b.WriteByte('\n')
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
