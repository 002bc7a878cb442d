// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"context"
	"maps"
	"net/http"
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
}

const optionsShown = 12

func (p *Pages) getBook(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r)
	if err != nil {
		return err
	}
	for name, usual := range map[string]string{"mode": string(mediation.InPerson), "minutes": "60", "seats": "1", "times": "1"} {
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
	return p.Mediation.Find(ctx, access.From(ctx), mediation.FindRequest{Request: request, Minutes: f.minutes(), From: from, Most: optionsShown})
}

func (p *Pages) showBook(w http.ResponseWriter, r *http.Request, status int, v bookView) error {
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
	q, err := f.ask()
	var asked mediation.Asked
	if err == nil {
		asked, v.Clashes, err = p.Mediation.Ask(ctx, access.From(ctx), q)
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
	v.Mistakes, v.Asked = m, false
	return p.showBook(w, r, http.StatusUnprocessableEntity, v)
}

// ask reads the time that was chosen, repeated every week as often as was asked for.
func (f requestForm) ask() (mediation.AskRequest, error) {
	request, err := f.request()
	if err != nil {
		return mediation.AskRequest{}, err
	}
	request.Kind = mediation.Scheduled
	start, err := time.Parse(time.RFC3339, f.text("start"))
	if err != nil {
		return mediation.AskRequest{}, fault.Invalid("start", "mediation.slot.missing")
	}
	q := mediation.AskRequest{Request: request, Key: f.text("key")}
	times, err := strconv.Atoi(f.text("times"))
	if err != nil || times < 1 {
		times = 1
	}
	rome := start.In(calendar.Rome())
	for n := range min(times, 200) { // the same hour on the wall, across the change of clocks
		at := time.Date(rome.Year(), rome.Month(), rome.Day()+7*n, rome.Hour(), rome.Minute(), 0, 0, calendar.Rome())
		q.Slots = append(q.Slots, mediation.Slot{Start: at, End: at.Add(time.Duration(f.minutes()) * time.Minute)})
	}
	if m := f.text("mediator"); m != "" {
		q.Mediators = strings.Split(m, ",")
	}
	return q, nil
}

// kept is what was typed, for the form in which a time is chosen.
func (v bookView) kept() []ui.Pair {
	var list []ui.Pair
	for _, name := range slices.Sorted(maps.Keys(v.typed)) {
		if name == "do" || name == "start" || name == "key" {
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
