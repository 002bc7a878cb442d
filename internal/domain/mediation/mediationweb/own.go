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

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// ahead is how far a mediator sees their own agenda.
const ahead = 8 * 7 * 24 * time.Hour

// ownView is the page of a mediator: what waits, what comes, and when one can be called.
type ownView struct {
	mediation.Agenda
	words    lang.Words
	now      time.Time
	Offers   []answerView
	Bookings []ownBooking
	About    string // the engagement for which another time was typed,
	Start    string // what was typed
	Wrong    string // and what is wrong with it
	Typed    url.Values
	Mistakes ui.Mistakes
}

// ownBooking is a booking with what it is for.
type ownBooking struct {
	mediation.Booking
	Request mediation.Request
	When    string
	Answer  answerView
}

func (p *Pages) getOwn(w http.ResponseWriter, r *http.Request) error {
	return p.showOwn(w, r, http.StatusOK, ownView{})
}

func (p *Pages) showOwn(w http.ResponseWriter, r *http.Request, status int, v ownView) error {
	ctx, actor := r.Context(), access.From(r.Context())
	m, err := p.Mediation.OwnEntry(ctx, actor)
	if fault.Is(err, fault.KindNotFound) { // a mediator whom nobody has put on the roster yet
		return p.renderOwn(w, r, status, noEntryPage())
	} else if err != nil {
		return err
	}
	v.words, v.now = web.Words(ctx), p.Clock()
	if v.Agenda, err = p.Mediation.Agenda(ctx, actor, m.ID, v.now.Add(-12*time.Hour), v.now.Add(ahead)); err != nil {
		return err
	}
	offers, err := p.Mediation.OwnOffers(ctx, actor, m.ID)
	if err != nil {
		return err
	}
	for _, l := range offers {
		if l.Request.State == mediation.Open {
			v.Offers = append(v.Offers, v.proposed(p.viewOf(r, l, "/mediation/answer/offer/"+l.Object)))
		}
	}
	requests, err := p.Mediation.OwnRequests(ctx, actor, m.ID, v.now.Add(-12*time.Hour))
	if err != nil {
		return err
	}
	proposed, err := p.Mediation.OwnProposals(ctx, actor, m.ID)
	if err != nil {
		return err
	}
	for _, b := range v.Agenda.Bookings {
		l := mediation.Link{Kind: "booking", Object: b.ID, Mediator: v.Mediator, Request: requests[b.Request], State: string(b.State), Proposed: proposed[b.ID]}
		if b.State == mediation.Proposed {
			l.State = "open"
		}
		answer := v.proposed(p.viewOf(r, l, "/mediation/answer/booking/"+b.ID))
		v.Bookings = append(v.Bookings, ownBooking{Booking: b, Request: requests[b.Request], When: slotOf(v.words, b.Slot), Answer: answer})
	}
	if v.Typed == nil {
		v.Typed = mediation.TypedWeek(v.Mediator.Hours)
	}
	return p.renderOwn(w, r, status, ownPage(v))
}

func (p *Pages) renderOwn(w http.ResponseWriter, r *http.Request, status int, body templ.Component) error {
	web.NoStore(w)
	return web.Render(w, r, status, p.Site.OwnPage(r, ownHead(r), body))
}

func (p *Pages) postOwnAnswer(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if r.FormValue("do") == "propose" {
		return p.postOwnProposal(w, r)
	}
	yes, err := decision(r)
	if err != nil {
		return err
	}
	switch err := p.Mediation.Answer(ctx, access.From(ctx), r.PathValue("kind"), r.PathValue("id"), yes); {
	case unable(err) != "":
		ui.Flash(w, r, ui.Warning, unable(err), 1)
	case fault.Is(err, fault.KindConflict):
		ui.Flash(w, r, ui.Warning, "mediation.own.too_late", 1)
	case err != nil:
		return err
	default:
		ui.Flash(w, r, ui.Success, "mediation.own.answered", 1)
	}
	return web.Redirect(w, r, web.Path(ctx, "/mediation"))
}

// proposed gives what was typed about one engagement back to it.
func (v ownView) proposed(a answerView) answerView {
	if a.Object == v.About {
		a.Typed, a.Wrong = v.Start, v.Wrong
	}
	return a
}

func (p *Pages) postOwnProposal(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	start, err := startOf(r)
	if err == nil {
		err = p.Mediation.Propose(ctx, access.From(ctx), r.PathValue("kind"), r.PathValue("id"), start)
	}
	switch {
	case tooMany(err) || fault.Is(err, fault.KindInvalid):
		return p.showOwn(w, r, http.StatusUnprocessableEntity, ownView{About: r.PathValue("id"), Start: r.FormValue("start"), Wrong: troubleOf(web.Words(ctx), err)})
	case fault.Is(err, fault.KindConflict):
		ui.Flash(w, r, ui.Warning, "mediation.own.too_late", 1)
	case err != nil:
		return err
	default:
		ui.Flash(w, r, ui.Success, "mediation.propose.sent", 1)
	}
	return web.Redirect(w, r, web.Path(ctx, "/mediation"))
}

func (p *Pages) postAvailable(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := p.Mediation.OwnEntry(ctx, access.From(ctx))
	if err != nil {
		return err
	}
	hours, err := strconv.Atoi(r.FormValue("hours"))
	if err != nil || hours < 0 || hours > 12 {
		return fault.Invalid("hours", "mediation.form")
	}
	until := time.Time{}
	if hours > 0 {
		until = p.Clock().Add(time.Duration(hours) * time.Hour)
	}
	if err := p.Mediation.Available(ctx, access.From(ctx), m.ID, until); err != nil {
		return err
	}
	return web.Redirect(w, r, web.Path(ctx, "/mediation"))
}

func (p *Pages) postOff(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := p.Mediation.OwnEntry(ctx, access.From(ctx))
	if err != nil {
		return err
	}
	if id := r.FormValue("remove"); id != "" {
		if err := p.Mediation.RemoveException(ctx, access.From(ctx), m.ID, id); err != nil {
			return err
		}
		return web.Redirect(w, r, web.Path(ctx, "/mediation"))
	}
	from, errFrom := time.ParseInLocation(typedMoment, r.FormValue("from"), calendar.Rome())
	to, errTo := time.ParseInLocation(typedMoment, r.FormValue("to"), calendar.Rome())
	if errFrom != nil || errTo != nil {
		err = fault.Invalid("from", "mediation.own.times")
	} else {
		var clashing []mediation.Booking
		if clashing, err = p.Mediation.AddException(ctx, access.From(ctx), mediation.Exception{Mediator: m.ID, Slot: mediation.Slot{Start: from, End: to}}); err == nil && len(clashing) > 0 {
			ui.Flash(w, r, ui.Warning, "mediation.own.clashing", len(clashing))
		}
		if fault.Is(err, fault.KindInvalid) {
			err = fault.Invalid("from", "mediation.own.times")
		}
	}
	if mistakes, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showOwn(w, r, http.StatusUnprocessableEntity, ownView{Mistakes: mistakes, Typed: typed(r, m)})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, web.Path(ctx, "/mediation"))
}

// typed is what stands in the form of times off beside the hours as they are kept.
func typed(r *http.Request, m mediation.Mediator) url.Values {
	t := mediation.TypedWeek(m.Hours)
	t.Set("from", r.FormValue("from"))
	t.Set("to", r.FormValue("to"))
	return t
}

func (p *Pages) postHours(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := p.Mediation.OwnEntry(ctx, access.From(ctx))
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "mediation.form").Because(err)
	}
	hours, err := mediation.ReadWeek(r.Form, m.Hours)
	if err == nil {
		version, bad := strconv.ParseInt(r.FormValue("version"), 10, 64)
		if bad != nil {
			return fault.Invalid("", "mediation.form")
		}
		err = p.Mediation.SetHours(ctx, access.From(ctx), m.ID, version, hours)
	}
	if mistakes, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showOwn(w, r, http.StatusUnprocessableEntity, ownView{Mistakes: mistakes, Typed: r.Form})
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "mediation.own.saved", 1)
	return web.Redirect(w, r, web.Path(ctx, "/mediation"))
}

// whereText says where to go, or how one talks.
func whereText(ctx context.Context, r mediation.Request) string {
	if r.Mode != mediation.InPerson {
		return ui.T(ctx, "mediation.own.mode."+string(r.Mode))
	}
	return placeText(r.Place)
}

// placeText is a place on one line.
func placeText(p mediation.Place) string {
	return strings.Join(slices.DeleteFunc([]string{p.Name, p.Address, comuneOf(p)}, func(part string) bool { return part == "" }), ", ")
}
