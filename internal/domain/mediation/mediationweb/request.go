// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

var requestLevels = map[mediation.RequestState]ui.Level{
	mediation.Open: ui.Warning, mediation.Booked: ui.Success, mediation.Done: ui.Neutral, mediation.Unmet: ui.Danger, mediation.RequestCancelled: ui.Neutral,
}

var bookingLevels = map[mediation.BookingState]ui.Level{
	mediation.Proposed: ui.Warning, mediation.Confirmed: ui.Success, mediation.Finished: ui.Neutral, mediation.Cancelled: ui.Neutral,
	mediation.Declined: ui.Neutral, mediation.UserAbsent: ui.Neutral, mediation.MediatorAbsent: ui.Danger,
}

func (p *Pages) getRequests(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l := ui.ReadList(r)
	state := l.Filter("state")
	if state == "proposed" || state == "waits" {
		state = ""
	}
	q := mediation.RequestQuery{State: mediation.RequestState(state), Proposed: l.Filter("state") == "proposed", Waits: l.Filter("state") == "waits", Language: l.Filter("language"), Series: l.Filter("series"), Page: l.Page, Size: l.Size}
	if l.Filter("when") != "past" {
		q.From = p.Clock().Add(-2 * time.Hour) // what has just begun is not past yet
	}
	list, total, err := p.Mediation.Requests(ctx, access.From(ctx), q)
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := ui.TableView{
		Caption: said(r, "mediation.requests.title"), List: l, Total: total, Empty: ui.Empty("calendar", said(r, "mediation.requests.none")),
		Columns: []ui.Column{{Title: said(r, "mediation.when")}, {Title: said(r, "mediation.language")}, {Title: said(r, "mediation.who")}, {Title: said(r, "mediation.state")}, {Title: said(r, "mediation.code"), Spare: true}},
	}
	for _, one := range list {
		left := ""
		if one.Plan && one.State == mediation.Open {
			left = said(r, "mediation.waits.plan.title")
		}
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{
			{Text: slotOf(words, one.Slot), Href: web.Path(ctx, "/office/mediation/requests/"+one.ID), Small: said(r, "mediation.kind."+string(one.Kind))},
			{Text: lang.Name(words.Lang(), one.Language), Small: said(r, "mediation.mode."+string(one.Mode))},
			{Text: strings.Join(one.Mediators, ", ")},
			{Body: ui.Status(requestLevels[one.State], said(r, "mediation.state."+string(one.State))), Small: left},
			{Text: one.Code},
		}})
	}
	head := ui.OfficeHead{
		Title: said(r, "mediation.requests.title"), Lead: said(r, "mediation.requests.lead"), Crumbs: []ui.Link{{Text: said(r, "mediation.menu.requests")}},
		Actions: ui.ButtonLink(ui.Primary, ui.Href(ctx, "/office/mediation/call"), said(r, "mediation.menu.call"), "phone"),
	}
	return p.show(w, r, http.StatusOK, head, requestsPage(ui.FilterView{List: l, Open: true}, p.requestFilters(r, l), v))
}

func (p *Pages) requestFilters(r *http.Request, l ui.List) []ui.SelectView {
	words := web.Words(r.Context())
	states := []ui.Option{{Text: said(r, "mediation.state.all")}}
	for _, s := range []mediation.RequestState{mediation.Open, mediation.Booked, mediation.Done, mediation.Unmet, mediation.RequestCancelled} {
		states = append(states, ui.Option{Value: string(s), Text: said(r, "mediation.state."+string(s)), Selected: l.Filter("state") == string(s)})
	}
	for _, s := range []string{"waits", "proposed"} {
		states = append(states, ui.Option{Value: s, Text: said(r, "mediation.state."+s), Selected: l.Filter("state") == s})
	}
	tongues := []ui.Option{{Text: said(r, "mediation.language.all")}}
	for _, code := range mediation.Tongues(words.Lang()) {
		tongues = append(tongues, ui.Option{Value: code, Text: lang.Name(words.Lang(), code), Selected: l.Filter("language") == code})
	}
	when := []ui.Option{{Text: said(r, "mediation.when.next")}, {Value: "past", Text: said(r, "mediation.when.past"), Selected: l.Filter("when") == "past"}}
	return []ui.SelectView{
		{ID: "filter-when", Name: "when", Label: said(r, "mediation.when"), Options: when},
		{ID: "filter-state", Name: "state", Label: said(r, "mediation.state"), Options: states},
		{ID: "filter-language", Name: "language", Label: said(r, "mediation.language"), Options: tongues},
	}
}

// requestView is the page of one request.
type requestView struct {
	mediation.RequestFile
	words    lang.Words
	now      time.Time
	Skipped  []mediation.Ranked
	After    templ.Component // what became of the bookings; nil while nothing did
	Typed    string          // another time, as it was typed
	Mistakes ui.Mistakes
}

// waiting says whether somebody may still accept: the page looks again by itself.
func (v requestView) waiting() bool {
	return v.Request.Kind == mediation.OnCall && v.Request.State == mediation.Open
}

// owed are the bookings for which something is or will be owed when they are called off.
func (v requestView) owed() []mediation.BookingWith {
	var list []mediation.BookingWith
	for _, b := range v.Bookings {
		if b.Terms.Minutes > 0 {
			list = append(list, b)
		}
	}
	return list
}

// telephones says whether a coordinator can look for somebody by telephone.
func (v requestView) telephones() bool {
	return v.Explains && v.Request.Kind == mediation.OnCall && (v.Request.State == mediation.Open || v.Request.State == mediation.Unmet && v.now.Sub(v.Request.Settled) < 2*time.Hour)
}

// cancellable says whether it can still be called off: not once the time of somebody who said yes has come.
func (v requestView) cancellable() bool {
	return v.Cancels && (v.Request.State == mediation.Open || v.Request.State == mediation.Booked) &&
		!slices.ContainsFunc(v.Bookings, func(b mediation.BookingWith) bool {
			return b.State == mediation.Confirmed && b.Slot.Start.Before(v.now)
		})
}

func (v requestView) movable() bool {
	return v.Edits && v.Request.State == mediation.Booked && v.Request.Slot.Start.After(v.now)
}

func (p *Pages) getRequest(w http.ResponseWriter, r *http.Request) error {
	return p.showRequest(w, r, http.StatusOK, r.PathValue("id"), requestView{})
}

func (p *Pages) showRequest(w http.ResponseWriter, r *http.Request, status int, id string, v requestView) (err error) {
	ctx := r.Context()
	v.words, v.now = web.Words(ctx), p.Clock()
	if v.RequestFile, err = p.Mediation.File(ctx, access.From(ctx), id); err != nil {
		return err
	}
	if v.waiting() && r.FormValue("watch") != "" { // asked for by who has no script
		w.Header().Set("Refresh", again)
	}
	if v.After, err = p.After(r, id); err != nil {
		return err
	}
	if v.Explains {
		if v.Skipped, err = p.Mediation.Explain(ctx, access.From(ctx), id); err != nil {
			return err
		}
	}
	if v.Typed == "" {
		v.Typed = v.Request.Slot.Start.In(calendar.Rome()).Format(typedMoment)
	}
	title := lang.Name(v.words.Lang(), v.Request.Language) + ", " + slotOf(v.words, v.Request.Slot)
	head := ui.OfficeHead{
		Title: title, Badge: ui.Status(requestLevels[v.Request.State], said(r, "mediation.state."+string(v.Request.State))),
		Crumbs: []ui.Link{{Text: said(r, "mediation.menu.requests"), Href: web.Path(ctx, "/office/mediation/requests")}, {Text: title}},
	}
	return p.show(w, r, status, head, requestPage(v))
}

func (p *Pages) postCancel(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id := r.PathValue("id")
	if err := p.Mediation.Cancel(ctx, access.From(ctx), id); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "mediation.cancelled", 1)
	return web.Redirect(w, r, web.Path(ctx, "/office/mediation/requests/"+id))
}

// typedMoment is how browsers write a day with an hour.
const typedMoment = "2006-01-02T15:04"

func (p *Pages) postMove(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, typed := r.PathValue("id"), strings.TrimSpace(r.FormValue("start"))
	at, err := time.ParseInLocation(typedMoment, typed, calendar.Rome())
	if err != nil {
		err = fault.Invalid("start", "mediation.slot.missing")
	} else {
		var f mediation.RequestFile
		if f, err = p.Mediation.File(ctx, access.From(ctx), id); err == nil {
			err = p.Mediation.Move(ctx, access.From(ctx), id, mediation.Slot{Start: at, End: at.Add(f.Request.Slot.End.Sub(f.Request.Slot.Start))})
		}
	}
	status := http.StatusUnprocessableEntity
	if fault.Is(err, fault.KindConflict) { // said beside the hour that was typed
		m := fault.All(err)[0].Message
		status, err = http.StatusConflict, &fault.Error{Kind: fault.KindInvalid, Field: "start", Message: m}
	}
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showRequest(w, r, status, id, requestView{Typed: typed, Mistakes: m})
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "mediation.moved", 1)
	return web.Redirect(w, r, web.Path(ctx, "/office/mediation/requests/"+id))
}

func (p *Pages) postProposal(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	yes, err := decision(r)
	if err != nil {
		return err
	}
	said := "mediation.proposal.kept"
	if yes {
		said = "mediation.proposal.done"
	}
	switch err := p.Mediation.AnswerProposal(ctx, access.From(ctx), id, r.FormValue("proposal"), yes); {
	case fault.Is(err, fault.KindConflict):
		ui.Flash(w, r, ui.Warning, fault.All(err)[0].Message.Key, 1)
	case err != nil:
		return err
	default:
		ui.Flash(w, r, ui.Success, said, 1)
	}
	return web.Redirect(w, r, web.Path(ctx, "/office/mediation/requests/"+id))
}

// barredText says why somebody can't come.
func barredText(w lang.Words, codes []string) string {
	list := make([]string, len(codes))
	for i, code := range codes {
		list[i] = w.Text("mediation.barred." + code)
	}
	return strings.Join(list, "; ")
}

// whyText says why somebody was chosen.
func whyText(w lang.Words, why mediation.Why) string {
	text := choiceText(w, why)
	switch why.Under {
	case "":
		return text
	case mediation.UnderCommonList:
		return text + "; " + w.Text("mediation.why.common")
	}
	return text + "; " + w.Text("mediation.why.lent")
}

func choiceText(w lang.Words, why mediation.Why) string {
	switch why.By {
	case mediation.ByName:
		return w.Text("mediation.why.name")
	case mediation.ByAnswer:
		return w.Text("mediation.why.answer")
	case mediation.ByPhone:
		return w.Text("mediation.why.phone")
	case mediation.ByProposal:
		return w.Text("mediation.why.proposal")
	}
	parts := slices.Clone(why.Parts)
	slices.SortStableFunc(parts, func(a, b mediation.Part) int { return b.Points - a.Points })
	var list []string
	for _, p := range parts {
		if p.Name == "evaluation" && p.Points > 0 {
			list = append(list, w.Text("mediation.part.evaluation")) // how somebody was found is not for everybody
			continue
		}
		if p.Points > 0 {
			list = append(list, w.Text("mediation.part."+p.Name)+" "+w.Text("mediation.points", "points", p.Points, "most", p.Most))
		}
	}
	return strings.Join(list, "; ")
}

func definitions(ctx context.Context, v requestView) []ui.Definition {
	r := v.Request
	var list []ui.Definition
	add := func(key, text string) {
		if text != "" {
			list = append(list, ui.Definition{Term: ui.T(ctx, key), Text: text})
		}
	}
	add("mediation.mode", ui.T(ctx, "mediation.mode."+string(r.Mode)))
	add("mediation.length", ui.N(ctx, "mediation.minutes", r.Slot.Minutes()))
	add("mediation.place", placeText(r.Place))
	add("mediation.link", r.Link)
	add("mediation.code", r.Code)
	add("mediation.case", r.CaseCode)
	add("mediation.contact", r.Contact)
	add("mediation.present", r.Present)
	var bodies []string
	for _, b := range v.Bodies {
		bodies = append(bodies, b.Name)
	}
	add("mediation.bodies", strings.Join(bodies, ", "))
	if r.Gender != "" {
		add("mediation.gender", ui.T(ctx, "mediation.gender."+r.Gender))
	}
	var skills []string
	for _, s := range r.Skills {
		skills = append(skills, ui.T(ctx, "mediation.skill."+s))
	}
	add("mediation.skills", strings.Join(skills, ", "))
	add("mediation.reason", r.Private.Reason)
	add("mediation.nationality", r.Private.Nationality)
	return list
}
