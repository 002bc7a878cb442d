// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// Limits of what a form may send.
const (
	maxText    = 200
	maxChoices = 20
)

// radii are the distances to choose from, in kilometres; "" is any.
var radii = []string{"", "1", "5", "20", "50"}

// profileParts are the fields of "for me" and the part of the parameter "for" that each stands for.
var profileParts = []struct{ field, part string }{
	{"title", "title"}, {"age", "age"}, {"sex", "sex"}, {"family", "family"},
	{"pregnant", "pregnant"}, {"alone", "alone-minor"}, {"income", "income"},
}

// asked is a search as the form sent it.
type asked struct {
	directory.Query
	// Form is what was sent, without what is empty: the address to share.
	Form url.Values
	// Problems are what could not be understood; the search goes on without it.
	Problems []ui.FieldError
	// Map: on a small screen the map is shown instead of the list.
	Map bool
}

// readAsked understands the form. What it can't read is said beside the results, not refused: an
// address that somebody passed on must still show something.
func readAsked(r *http.Request) asked {
	form := tidy(r.URL.Query())
	a := asked{Form: form, Query: directory.Query{
		Text: form.Get("q"), Language: web.Lang(r.Context()), Typing: r.Header.Get("Sec-Fetch-Dest") == "empty",
		OpenNow: form.Get("open") == "now", Body: form.Get("body"), Spoken: form["spoken"], Page: 1,
	}, Map: form.Get("view") == "map"}
	for _, code := range form["need"] {
		if need.Known(code) {
			a.Needs = append(a.Needs, code)
		}
	}
	if n, err := strconv.Atoi(form.Get("page")); err == nil && n > 0 && n < 1000 {
		a.Page = n
	}
	refuse := func(field string, err error) {
		var f *fault.Error
		if errors.As(err, &f) {
			a.Problems = append(a.Problems, ui.FieldError{ID: field, Text: web.Say(r, f)})
		}
	}
	if text := form.Get("territory"); text != "" {
		ref, err := network.ParseRef(text)
		if err != nil {
			refuse("territory", fault.Invalid("territory", "query.territory"))
		}
		a.Territory = ref
	}
	if text := form.Get("near"); text != "" {
		point, err := directory.ParsePoint(text)
		if err == nil {
			a.Near = &point
			if km, err := strconv.ParseFloat(form.Get("radius_km"), 64); err == nil && km > 0 && km < 2000 {
				a.RadiusKM = km
			}
		}
		refuse("near", err)
	}
	profile, err := readProfile(form)
	refuse("for", err)
	if err == nil {
		a.Profile = profile
	}
	return a
}

// readProfile reads the fields of "for me", or the one parameter "for" of the JSON address; nil
// when nothing was said.
func readProfile(form url.Values) (*directory.Profile, error) {
	parts := []string{form.Get("for")}
	for _, p := range profileParts {
		if value := form.Get(p.field); value != "" {
			parts = append(parts, p.part+":"+strings.ReplaceAll(value, ",", ""))
		}
	}
	text := strings.Trim(strings.Join(parts, ","), ",")
	if text == "" {
		return nil, nil
	}
	profile, err := directory.ParseProfile(text)
	return &profile, err
}

// tidy drops empty values and cuts what is too long.
func tidy(query url.Values) url.Values {
	out := url.Values{}
	for name, values := range query {
		for _, value := range values {
			if value = strings.TrimSpace(value); value == "" || len(out[name]) >= maxChoices || slices.Contains(out[name], value) {
				continue
			}
			if letters := []rune(value); len(letters) > maxText {
				value = string(letters[:maxText])
			}
			out.Add(name, value)
		}
	}
	return out
}

// filters is how many filters are set, for the button that opens them on a phone.
func (a asked) filters() int {
	n := len(a.Needs) + len(a.Spoken)
	for _, name := range []string{"territory", "open"} {
		if a.Form.Has(name) {
			n++
		}
	}
	if a.Profile != nil {
		n++
	}
	return n
}

// with is the address of the same search with one parameter changed; "" removes it. The page
// begins anew.
func (a asked) with(path, name, value string) string {
	form := url.Values{}
	for key, values := range a.Form {
		if key != "page" && key != name {
			form[key] = values
		}
	}
	if value != "" {
		form.Set(name, value)
	}
	if len(form) == 0 {
		return path
	}
	return path + "?" + form.Encode()
}
