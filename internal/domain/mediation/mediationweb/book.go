// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// bookView is the form of a request at a time that is agreed, with the times that were found.
type bookView struct {
	requestForm
	Key     string
	Options []mediation.Option
	Asked   bool // options were looked for
	Clashes []mediation.SeriesClash
	Trouble string

	Callable []mediation.Mediator // of the language, once it is chosen
	Bodies   []mediation.Body
}

const optionsShown = 12

func (p *Pages) getBook(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r)
	if err != nil {
		return err
	}
	for name, usual := range map[string]string{"mode": string(mediation.InPerson), "minutes": "60", "seats": "1", "times": "1", "every": "7"} {
		if f.text(name) == "" {
			f.typed.Set(name, usual)
		}
	}
	return p.showBook(w, r, http.StatusOK, bookView{requestForm: f, Key: db.NewID()})
}

// find shows the times at which what was typed could be had. It is asked for by POST, so that the code of
// a person is in no address.
func (p *Pages) find(w http.ResponseWriter, r *http.Request, v bookView) (err error) {
	v.Options, err = p.options(r.Context(), v.requestForm)
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		v.Mistakes, v.Asked = m, false
		return p.showBook(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return p.showBook(w, r, http.StatusOK, v)
}

// options looks for times from the day that was typed on.
func (p *Pages) options(ctx context.Context, f requestForm) ([]mediation.Option, error) {
	request, err := f.request()
	if err != nil {
		return nil, err
	}
	request.Kind = mediation.Scheduled
	from := time.Time{}
	if text := f.text("day"); text != "" {
		day, err := calendar.ParseDay(text)
		if err != nil {
			return nil, fault.Invalid("day", "mediation.day")
		}
		from = calendar.Earliest(day, 0, calendar.Rome())
	}
	q := mediation.FindRequest{Request: request, Minutes: f.minutes(), From: from, Most: optionsShown, Mediators: f.mediators()}
	if f.text("same") != "" && len(q.Mediators) == 0 {
		last, err := p.Mediation.LastTime(ctx, access.From(ctx), request.Code, request.CaseCode)
		if err != nil {
			return nil, err
		}
		if last == "" || request.Seats > 1 {
			return nil, fault.Invalid("same", "mediation.request.no_last")
		}
		q.Mediators = []string{last}
	}
	if f.times() > 1 {
		return p.Mediation.FindSeries(ctx, access.From(ctx), q, f.times(), f.days())
	}
	return p.Mediation.Find(ctx, access.From(ctx), q)
}

func (p *Pages) showBook(w http.ResponseWriter, r *http.Request, status int, v bookView) (err error) {
	ctx, actor := r.Context(), access.From(r.Context())
	if language := v.text("language"); language != "" {
		if v.Callable, err = p.Mediation.Callable(ctx, actor, language); err != nil {
			return err
		}
	}
	if v.Bodies, err = p.Mediation.Bodies(ctx, actor); err != nil {
		return err
	}
	head := ui.OfficeHead{Title: said(r, "mediation.book.title"), Lead: said(r, "mediation.book.lead"), Crumbs: []ui.Link{{Text: said(r, "mediation.menu.ask")}}}
	return p.show(w, r, status, head, bookPage(v))
}

func (p *Pages) postBook(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := formOf(r)
	if err != nil {
		return err
	}
	v := bookView{requestForm: f, Key: f.text("key"), Asked: true}
	if f.text("do") == "find" {
		return p.find(w, r, v)
	}
	if wish := f.text("wish"); f.text("do") == "wait" || f.text("do") == "plan" {
		at, bad := time.ParseInLocation(typedMoment, wish, calendar.Rome())
		if bad == nil {
			f.typed.Set("start", at.UTC().Format(time.RFC3339))
		}
	}
	q, err := ReadAsk(f.typed)
	q.Wait, q.Plan = f.text("do") == "wait", f.text("do") == "plan"
	var asked mediation.Asked
	if err == nil {
		asked, v.Clashes, err = p.Mediation.Ask(ctx, access.From(ctx), q)
	}
	if err == nil && asked.Waits {
		told := "mediation.queued"
		if q.Plan {
			told = "mediation.planned"
		}
		ui.Flash(w, r, ui.Info, told, 1)
		return web.Redirect(w, r, web.Path(ctx, "/office/mediation/requests/"+asked.Requests[0]))
	}
	if err == nil {
		ui.Flash(w, r, ui.Success, "mediation.booked", len(asked.Requests))
		if len(asked.Requests) == 1 {
			return web.Redirect(w, r, web.Path(ctx, "/office/mediation/requests/"+asked.Requests[0]))
		}
		return web.Redirect(w, r, web.Path(ctx, "/office/mediation/requests"))
	}
	if fault.Is(err, fault.KindConflict) { // somebody was faster: what was typed stays, with the next best times
		v.Trouble = troubleOf(v.words, err)
		if v.Options, err = p.options(ctx, f); err != nil {
			return err
		}
		return p.showBook(w, r, http.StatusConflict, v)
	}
	m, ok := ui.MistakesOf(r, err)
	if !ok {
		return err
	}
	v.Mistakes = m
	if v.Asked = m.Of("start") != ""; v.Asked { // the time alone was wrong: those that are free are shown again
		if v.Options, err = p.options(ctx, f); err != nil {
			v.Asked = false
		}
	}
	return p.showBook(w, r, http.StatusUnprocessableEntity, v)
}

// ReadAsk reads what is asked for at a time that was chosen, repeated as often as was asked for, from the
// fields of a form.
func ReadAsk(typed url.Values) (mediation.AskRequest, error) {
	f := requestForm{typed: typed}
	request, err := f.request()
	if err != nil {
		return mediation.AskRequest{}, err
	}
	if f.minutes() == 0 {
		return mediation.AskRequest{}, fault.Invalid("minutes", "mediation.slot.length", "hours", int(mediation.MaxLength.Hours()))
	}
	request.Kind = mediation.Scheduled
	start, err := time.Parse(time.RFC3339, f.text("start"))
	if err != nil {
		return mediation.AskRequest{}, fault.Invalid("start", "mediation.slot.missing")
	}
	q := mediation.AskRequest{Request: request, Key: f.text("key")}
	first := mediation.Slot{Start: start, End: start.Add(time.Duration(f.minutes()) * time.Minute)}
	q.Slots = mediation.Repeat(first, f.times(), f.days())
	q.Mediators, q.Same = f.mediators(), f.text("same") != ""
	return q, nil
}

// times is how many meetings a series has; 1 for none.
func (f requestForm) times() int {
	n, err := strconv.Atoi(f.text("times"))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, 1000) // more than any series: that is said where series are made
}

// days is how many days lie between two meetings.
func (f requestForm) days() int {
	if n, err := strconv.Atoi(f.text("every")); err == nil && slices.Contains(rhythms, n) {
		return n
	}
	return rhythms[0]
}

// rhythms are how many days can lie between two meetings, the usual first.
var rhythms = []int{7, 14, 1}

// mediators are those who are asked for by name.
func (f requestForm) mediators() []string {
	if m := f.text("mediator"); m != "" {
		return strings.Split(m, ",")
	}
	return nil
}

func (v bookView) optionsTitle() string {
	if v.times() > 1 {
		return v.words.Text("mediation.options.series")
	}
	return v.words.Text("mediation.options")
}

func (v bookView) optionsEmpty() string {
	if v.times() > 1 {
		return v.words.Text("mediation.options.series.none")
	}
	return v.words.Text("mediation.options.none")
}

func (f requestForm) every() ui.SelectView {
	v := ui.SelectView{ID: "every", Name: "every", Label: f.words.Text("mediation.every")}
	for _, n := range rhythms {
		v.Options = append(v.Options, ui.Option{Value: strconv.Itoa(n), Text: f.words.Text("mediation.every." + strconv.Itoa(n)), Selected: n == f.days()})
	}
	return v
}

func (f requestForm) same() ui.ChecksView {
	return ui.ChecksView{ID: "same", Name: "same", Legend: f.words.Text("mediation.same"), Error: f.Mistakes.Of("same"), Options: []ui.Option{{Value: "1", Text: f.words.Text("mediation.same.yes"), Selected: f.text("same") != ""}}}
}

// names lets one of the mediators of the language be chosen.
func (v bookView) names(name, label, none string) ui.SelectView {
	s := ui.SelectView{ID: name, Name: name, Label: v.words.Text(label), Error: v.Mistakes.Of(name), Options: []ui.Option{{Text: v.words.Text(none)}}}
	for _, m := range v.Callable {
		s.Options = append(s.Options, ui.Option{Value: m.ID, Text: m.Name, Selected: m.ID == v.text(name)})
	}
	return s
}

func (v bookView) excluded() ui.ChecksView {
	c := ui.ChecksView{ID: "exclude", Name: "exclude", Legend: v.words.Text("mediation.exclude"), Error: v.Mistakes.Of("exclude")}
	for _, m := range v.Callable {
		c.Options = append(c.Options, ui.Option{Value: m.ID, Text: m.Name, Selected: slices.Contains(v.typed["exclude"], m.ID)})
	}
	return c
}

func (v bookView) bodies() ui.ChecksView {
	c := ui.ChecksView{ID: "bodies", Name: "bodies", Legend: v.words.Text("mediation.bodies"), Error: v.Mistakes.Of("bodies")}
	for _, b := range v.Bodies {
		c.Options = append(c.Options, ui.Option{Value: b.ID, Text: b.Name, Selected: slices.Contains(v.typed["bodies"], b.ID)})
	}
	return c
}

// kept is what was typed, for the form in which a time is chosen.
func (v bookView) kept() []ui.Pair {
	var list []ui.Pair
	for _, name := range slices.Sorted(maps.Keys(v.typed)) {
		if name == "do" || name == "start" || name == "key" || name == "wish" {
			continue
		}
		for _, value := range v.typed[name] {
			list = append(list, ui.Pair{Name: name, Value: value})
		}
	}
	return list
}

// optionText names a time: day, hours, who would come and how many could.
func (v bookView) optionText(o mediation.Option) (when, who string) {
	return slotOf(v.words, o.Slot), v.words.Count("mediation.option.who", o.Able, "name", o.Best.Candidate.Mediator.Name)
}
