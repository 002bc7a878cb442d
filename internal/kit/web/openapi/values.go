// SPDX-License-Identifier: EUPL-1.2

package openapi

import (
	"embed"
	"errors"
	"io/fs"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
)

//go:embed locales/*.json
var localeFiles embed.FS

// Locales are the words of what is wrong with parameters.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("openapi: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Limits of what a request may carry.
const (
	maxValue  = 500 // letters of one value
	maxValues = 50  // values of one parameter
	maxFaults = 20  // mistakes that one answer names: a small request must not get a huge one
)

// Values reads the parameters of a request and collects what is wrong with them, so that one answer
// names every mistake.
type Values struct {
	url.Values
	faults []error
}

// Asked takes the parameters of a request: of the address, and of the body of a POST that is a form
// or one JSON object. Empty values are dropped: a form sends every field.
func Asked(r *http.Request) (*Values, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badQuery(err)
	}
	if r.Method == http.MethodPost {
		if err := addBody(r, values); err != nil {
			return nil, err
		}
	}
	return Read(values), nil
}

// Read is Asked for parameters that have been taken apart already.
func Read(values url.Values) *Values {
	v := &Values{Values: url.Values{}}
	for name, list := range values {
		tooMany := false
		for _, text := range list {
			text = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), ""))
			switch {
			case text == "":
			case len(text) > 4*maxValue || len([]rune(text)) > maxValue:
				v.Refuse(fault.Invalid(name, "openapi.too_long", "limit", maxValue))
			case len(v.Values[name]) >= maxValues:
				tooMany = true
			default:
				v.Add(name, text)
			}
		}
		if tooMany {
			v.Refuse(fault.Invalid(name, "openapi.too_many", "limit", maxValues))
		}
	}
	return v
}

// Refuse notes a mistake.
func (v *Values) Refuse(err error) {
	if err != nil && len(v.faults) < maxFaults {
		v.faults = append(v.faults, err)
	}
}

// Err is every mistake found so far (the first twenty), nil when there is none.
func (v *Values) Err() error { return errors.Join(v.faults...) }

// Text is the last value of the first of names that has one.
func (v *Values) Text(names ...string) string {
	for _, name := range names {
		if list := v.Values[name]; len(list) > 0 {
			return list[len(list)-1]
		}
	}
	return ""
}

// List is every value of a parameter, repeated or separated by commas, each once.
func (v *Values) List(name string) []string {
	var out []string
	for _, text := range v.Values[name] {
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" && !slices.Contains(out, part) {
				out = append(out, part)
			}
		}
	}
	return out
}

// Int is a whole number from least up, otherwise when there is none.
func (v *Values) Int(otherwise, least int, names ...string) int {
	text := v.Text(names...)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > math.MaxInt32 {
		v.Refuse(fault.Invalid(v.name(names), "openapi.bad_number", "value", text, "least", least))
		return otherwise
	}
	return n
}

// Float is a number above zero and up to most; 0 when there is none.
func (v *Values) Float(most float64, name string) float64 {
	text := v.Text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || n <= 0 || n > most {
		v.Refuse(fault.Invalid(name, "openapi.bad_amount", "value", text, "most", strconv.FormatFloat(most, 'f', -1, 64)))
		return 0
	}
	return n
}

// Bool is true or false; false when it is not given.
func (v *Values) Bool(name string) bool {
	switch text := v.Text(name); strings.ToLower(text) {
	case "true", "1", "yes", "on":
		return true
	case "", "false", "0", "no", "off":
		return false
	default:
		v.Refuse(fault.Invalid(name, "openapi.bad_boolean", "value", text))
		return false
	}
}

// Choice is one of values, whatever the case; otherwise when it is not given.
func (v *Values) Choice(name, otherwise string, values ...string) string {
	text := v.Text(name)
	if text == "" {
		return otherwise
	}
	if i := slices.IndexFunc(values, func(one string) bool { return strings.EqualFold(one, text) }); i >= 0 {
		return values[i]
	}
	v.Refuse(fault.Invalid(name, "openapi.bad_choice", "value", text, "values", strings.Join(values, ", ")))
	return otherwise
}

// Language is the parameter "lang"; "" when it is not given.
func (v *Values) Language() string { return v.Choice("lang", "", lang.All...) }

// instants are the ways in which people and programs write a moment.
var instants = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", time.DateOnly}

// Time is a moment, in UTC when it names no zone; the zero time when it is not given.
func (v *Values) Time(name string) time.Time {
	text := v.Text(name)
	if text == "" {
		return time.Time{}
	}
	// A plus sign that nobody escaped arrives as a space: "…T10:00:00 02:00".
	plus := text
	if i := strings.LastIndexByte(text, ' '); i > len(time.DateOnly) {
		plus = text[:i] + "+" + text[i+1:]
	}
	for _, layout := range instants {
		for _, candidate := range []string{text, plus} {
			if t, err := time.Parse(layout, candidate); err == nil && t.Year() > 0 {
				return t.UTC()
			}
		}
	}
	v.Refuse(fault.Invalid(name, "openapi.bad_time", "value", text))
	return time.Time{}
}

func (v *Values) name(names []string) string {
	for _, name := range names {
		if v.Text(name) != "" {
			return name
		}
	}
	return names[0]
}
