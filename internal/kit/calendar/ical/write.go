// SPDX-License-Identifier: EUPL-1.2

package ical

import (
	"strings"
	"time"
	"unicode/utf8"

	"approdo/internal/kit/calendar"
)

const (
	instantForm = "20060102T150405Z"
	wallForm    = "20060102T150405"
	dayForm     = "20060102"
	romeName    = "Europe/Rome"
)

// Add appends properties.
func (c *Component) Add(props ...Prop) { c.Props = append(c.Props, props...) }

// Raw is a property whose value needs no escapes: a word, a number, an address.
func Raw(name, value string) Prop { return Prop{Name: name, Value: strings.Map(noControl, value)} }

var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// Text is a property in words.
func Text(name, value string) Prop {
	return Prop{Name: name, Value: strings.Map(noControl, escapes.Replace(value))}
}

// Instant is a property with a time in UTC.
func Instant(name string, t time.Time) Prop {
	return Prop{Name: name, Value: t.UTC().Format(instantForm)}
}

// Local is a property with times as the wall in Italy shows them.
func Local(name string, times ...time.Time) Prop {
	return Prop{Name: name, Params: map[string]string{"TZID": romeName}, Value: joined(times, wallForm)}
}

// Days is a property with days, without hours, in Italy.
func Days(name string, times ...time.Time) Prop {
	return Prop{Name: name, Params: map[string]string{"VALUE": "DATE"}, Value: joined(times, dayForm)}
}

func joined(times []time.Time, form string) string {
	parts := make([]string, len(times))
	for i, t := range times {
		parts[i] = t.In(calendar.Rome()).Format(form)
	}
	return strings.Join(parts, ",")
}

func noControl(r rune) rune {
	if r < ' ' && r != '\t' || r == 0x7f {
		return -1
	}
	return r
}

// New is a calendar that can be filled: version, maker, and the rules of the clocks of Italy.
func New(method string) *Component {
	c := &Component{Name: "VCALENDAR", Children: []*Component{romeZone}}
	c.Add(Raw("VERSION", "2.0"), Raw("PRODID", "-//Approdo//Mediation//IT"), Raw("CALSCALE", "GREGORIAN"))
	if method != "" {
		c.Add(Raw("METHOD", method))
	}
	return c
}

// romeZone is how the clocks of Italy go since 1996 (directive 2000/84/EC): all that is written here is later.
var romeZone = &Component{Name: "VTIMEZONE", Props: []Prop{Raw("TZID", romeName)}, Children: []*Component{
	{Name: "DAYLIGHT", Props: []Prop{
		Raw("TZOFFSETFROM", "+0100"), Raw("TZOFFSETTO", "+0200"), Raw("TZNAME", "CEST"), Raw("DTSTART", "19960331T020000"), Raw("RRULE", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
	}},
	{Name: "STANDARD", Props: []Prop{
		Raw("TZOFFSETFROM", "+0200"), Raw("TZOFFSETTO", "+0100"), Raw("TZNAME", "CET"), Raw("DTSTART", "19961027T030000"), Raw("RRULE", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
	}},
}}

// String writes the component as RFC 5545 wants it.
func (c *Component) String() string {
	var b strings.Builder
	c.write(&b)
	return b.String()
}

func (c *Component) write(b *strings.Builder) {
	fold(b, "BEGIN:"+c.Name)
	for _, p := range c.Props {
		line := p.Name
		for _, name := range []string{"TZID", "VALUE", "RELATED", "CN", "FMTTYPE"} { // all that is written here
			if v := p.Params[name]; v != "" {
				line += ";" + name + "=" + quoted(v)
			}
		}
		fold(b, line+":"+p.Value)
	}
	for _, child := range c.Children {
		child.write(b)
	}
	fold(b, "END:"+c.Name)
}

func quoted(v string) string {
	v = strings.Map(func(r rune) rune {
		if r == '"' {
			return '\''
		}
		return noControl(r)
	}, v)
	if strings.ContainsAny(v, ";:,") {
		return `"` + v + `"`
	}
	return v
}

// fold breaks a line after 75 octets at most, the space before what follows counted.
func fold(b *strings.Builder, line string) {
	room := 75
	for len(line) > room {
		at := room
		for !utf8.RuneStart(line[at]) {
			at--
		}
		b.WriteString(line[:at] + "\r\n ")
		line, room = line[at:], 74
	}
	b.WriteString(line + "\r\n")
}
