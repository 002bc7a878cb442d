// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// requestForm is what a desk has typed, and what was wrong with it.
type requestForm struct {
	typed    url.Values
	words    lang.Words
	Mistakes ui.Mistakes
}

func formOf(r *http.Request) (requestForm, error) {
	if err := r.ParseForm(); err != nil {
		return requestForm{}, fault.Invalid("", "mediation.form").Because(err)
	}
	return requestForm{typed: r.Form, words: web.Words(r.Context())}, nil
}

func (f requestForm) text(name string) string { return strings.TrimSpace(f.typed.Get(name)) }

// request reads what both forms ask for; the time is read by each.
func (f requestForm) request() (mediation.Request, error) {
	r := mediation.Request{
		Language: f.text("language"), Mode: mediation.Mode(f.text("mode")), Code: f.text("code"), CaseCode: f.text("case"), Link: f.text("link"),
		Gender: f.text("gender"), Skills: f.typed["skills"], Written: f.text("written") != "", Contact: f.text("contact"), Present: f.text("present"), Seats: 1,
		Private: mediation.Private{Reason: f.text("reason"), Nationality: f.text("nationality"), Notes: f.text("notes")},
	}
	if m := f.text("prefer"); m != "" {
		r.Prefer = []string{m}
	}
	r.Exclude, r.Bodies = f.typed["exclude"], f.typed["bodies"]
	if seats, err := strconv.Atoi(f.text("seats")); err == nil {
		r.Seats = seats
	}
	place, err := f.place()
	r.Place = place
	return r, err
}

// place reads a comune with an address; without a comune it is nowhere.
func (f requestForm) place() (mediation.Place, error) {
	text := f.text("comune")
	p := mediation.Place{Name: f.text("where"), Address: f.text("address")}
	if text == "" {
		return p, nil
	}
	found := network.Territories().Meant(text)
	switch len(found) {
	case 0:
		return p, fault.Invalid("comune", "mediation.comune_unknown", "value", text)
	case 1:
	default:
		names := make([]string, len(found))
		for i, c := range found {
			names[i] = c.Label()
		}
		return p, fault.Invalid("comune", "mediation.comune_which", "value", text, "choices", strings.Join(names, ", "))
	}
	p.Comune = found[0].ISTAT
	p.Point, _, _ = network.Territories().PointOf(found[0])
	return p, nil
}

func (f requestForm) minutes() int {
	n, err := strconv.Atoi(f.text("minutes"))
	if err != nil || n < 0 || n > int(mediation.MaxLength/time.Minute) {
		return 0 // no length: that is said where times are looked for and booked
	}
	return n
}

// number is a whole number of a field, 0 for none.
func (f requestForm) number(name string) int {
	n, err := strconv.Atoi(f.text(name))
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return n
}

func (f requestForm) field(name, label string) ui.FieldView {
	return ui.FieldView{ID: name, Name: name, Label: f.words.Text(label), Value: f.typed.Get(name), Error: f.Mistakes.Of(name)}
}

func (f requestForm) languages() ui.SelectView {
	v := ui.SelectView{ID: "language", Name: "language", Label: f.words.Text("mediation.language"), Error: f.Mistakes.Of("language"), Required: true, Options: []ui.Option{{Text: f.words.Text("mediation.choose")}}}
	for _, code := range mediation.Tongues(f.words.Lang()) {
		v.Options = append(v.Options, ui.Option{Value: code, Text: lang.Name(f.words.Lang(), code), Selected: code == f.text("language")})
	}
	return v
}

func (f requestForm) modes() ui.ChecksView {
	v := ui.ChecksView{ID: "mode", Name: "mode", Legend: f.words.Text("mediation.mode"), Error: f.Mistakes.Of("mode")}
	for _, m := range mediation.Modes {
		if m != mediation.Written {
			v.Options = append(v.Options, ui.Option{Value: string(m), Text: f.words.Text("mediation.mode." + string(m)), Selected: string(m) == f.text("mode")})
		}
	}
	return v
}

func (f requestForm) lengths(choices ...int) ui.ChecksView {
	v := ui.ChecksView{ID: "minutes", Name: "minutes", Legend: f.words.Text("mediation.length"), Error: f.Mistakes.Of("minutes")}
	for _, n := range choices {
		v.Options = append(v.Options, ui.Option{Value: strconv.Itoa(n), Text: f.words.Count("mediation.minutes", n), Selected: strconv.Itoa(n) == f.text("minutes")})
	}
	return v
}

func (f requestForm) genders() ui.SelectView {
	v := ui.SelectView{ID: "gender", Name: "gender", Label: f.words.Text("mediation.gender"), Help: f.words.Text("mediation.gender.help"), Error: f.Mistakes.Of("gender"), Options: []ui.Option{{Text: f.words.Text("mediation.gender.any")}}}
	for _, g := range []string{"f", "m"} {
		v.Options = append(v.Options, ui.Option{Value: g, Text: f.words.Text("mediation.gender." + g), Selected: g == f.text("gender")})
	}
	return v
}

func (f requestForm) skills() ui.ChecksView {
	v := ui.ChecksView{ID: "skills", Name: "skills", Legend: f.words.Text("mediation.skills"), Help: f.words.Text("mediation.skills.help"), Error: f.Mistakes.Of("skills")}
	for _, s := range mediation.Skills {
		v.Options = append(v.Options, ui.Option{Value: s, Text: f.words.Text("mediation.skill." + s), Selected: slices.Contains(f.typed["skills"], s)})
	}
	return v
}

// troubleOf is the first fault in words.
func troubleOf(w lang.Words, err error) string {
	m := fault.All(err)[0].Message
	return w.Fill(m.Key, m.Args)
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
