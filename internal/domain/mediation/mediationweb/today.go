// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"encoding/json"
	"io"
	"net/http"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// todayView is what a mediator does today and tomorrow.
type todayView struct {
	words    lang.Words
	now      time.Time
	Until    time.Time // the end of the day: so long a copy on the phone is shown
	Bookings []ownBooking
}

func (p *Pages) getToday(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	m, err := p.Mediation.OwnEntry(ctx, actor)
	if fault.Is(err, fault.KindNotFound) {
		return p.renderOwn(w, r, http.StatusOK, noEntryPage())
	} else if err != nil {
		return err
	}
	v := todayOf(web.Words(ctx), p.Clock())
	from := v.Until.Add(-24 * time.Hour)
	agenda, err := p.Mediation.Agenda(ctx, actor, m.ID, from, v.Until.Add(24*time.Hour))
	if err != nil {
		return err
	}
	requests, err := p.Mediation.OwnRequests(ctx, actor, m.ID, from)
	if err != nil {
		return err
	}
	for _, b := range agenda.Bookings {
		v.Bookings = append(v.Bookings, ownBooking{Booking: b, Request: requests[b.Request], When: slotOf(v.words, b.Slot)})
	}
	return p.renderOwn(w, r, http.StatusOK, todayPage(v))
}

func todayOf(words lang.Words, now time.Time) todayView {
	rome := calendar.Rome()
	return todayView{words: words, now: now, Until: calendar.Earliest(calendar.DayOf(now, rome)+1, 0, rome)}
}

// getAgendaWorker is the service worker of the page of today. Its scope is a mediator's own pages alone.
func (p *Pages) getAgendaWorker(w http.ResponseWriter, _ *http.Request) error {
	shell := []string{}
	for _, name := range []string{"site.css", "site.rtl.css", "site.js", "icons.svg", "titillium-400.woff2", "titillium-700.woff2", "favicon.svg"} {
		shell = append(shell, web.Asset(name))
	}
	list, err := json.Marshal(shell)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Service-Worker-Allowed", "/")
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	_, err = io.WriteString(w, "const shell = "+string(list)+";\n"+string(web.AssetBytes("agenda-worker.js")))
	return err
}

// ownHead is the head of a mediator's own pages.
func ownHead(r *http.Request) ui.Head {
	return ui.Head{Title: said(r, "mediation.own.title"), NoIndex: true, Sensitive: true, Scripts: []string{"agenda.js"}}
}
