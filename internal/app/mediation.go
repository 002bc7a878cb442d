// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/base/notice"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/mediationweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/jobs"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// openMediation builds what finds and books mediators.
func (a *App) openMediation() {
	a.Mediation = mediation.New(mediation.Deps{
		DB: a.DB, Clock: a.Config.Clock, Guard: a.Guard, Vault: a.Vault, Tell: a.tellMediator, Accounts: a.mediatorAccounts,
		TellDesk: a.tellDesk, Partners: a.mediationPartners, Soon: a.retrySoon,
		Later: func(ctx context.Context, tx *db.Tx, w mediation.WaveDue, after time.Duration) error {
			return jobs.Enqueue(ctx, tx, sendWave(w), jobs.After(after))
		},
	})
}

// mediationTemplates are what mediators are told. Calls are urgent: whoever is available now wants them.
func mediationTemplates() []notice.Template {
	return []notice.Template{
		{Name: "mediation.offer", Channels: notice.Channels, Urgent: true, Everybody: true},
		{Name: "mediation.proposed", Channels: notice.Channels, Everybody: true},
		{Name: "mediation.booked", Channels: notice.Channels, Everybody: true},
		{Name: "mediation.kept", Channels: notice.Channels, Everybody: true},
		{Name: "mediation.cancelled", Channels: notice.Channels, Must: true, Urgent: true, Everybody: true},
	}
}

// tellMediator tells a mediator in their inbox and as they wish, or at the address that the roster has.
func (a *App) tellMediator(ctx context.Context, tx *db.Tx, c mediation.Call) error {
	m := notice.Message{Key: c.Key, Template: c.Template, Args: c.Args, Link: c.Link, Member: c.Member}
	if c.Booking != nil && c.Booking.Slot.End.After(a.Config.Clock()) { // what is over is no entry of a calendar
		m.Event = bookedEvent(*c.Booking, c.Args["language"], "/mediation")
	}
	switch {
	case c.Mediator.Account != "":
		m.To = notice.Account(c.Mediator.Account)
	case c.Contact.Mail != "" || reached(c.Contact.Phone):
		m.To = notice.Outside(c.Contact.Mail, "it")
		if reached(c.Contact.Phone) {
			m.To.Phone = strings.ReplaceAll(c.Contact.Phone, " ", "")
		}
	default:
		return nil // the coordinator rings: the page of the request says who was reached
	}
	return a.Notice.Tell(ctx, tx, m)
}

// reached says whether a number of the roster can be written to: one with its country, as gateways want it.
func reached(number string) bool {
	return strings.HasPrefix(number, "+") && strings.Trim(number[1:], "0123456789 ") == "" && len(number) > 8
}

// mediatorAccounts are the mediators of a body who log in.
func (a *App) mediatorAccounts(ctx context.Context, q db.Querier, member string) (map[string]string, error) {
	ids, err := a.Identity.Holders(ctx, q, member, access.Mediator)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(ids))
	for _, id := range ids {
		person, err := a.person(ctx, q, id)
		if err != nil {
			return nil, err
		}
		names[id] = person.Name
	}
	return names, nil
}

// Jobs of mediation.
type (
	sendWave        mediation.WaveDue
	expireProposals struct{}
	tidyMediation   struct{}
)

func (sendWave) Kind() string        { return "mediation.wave" }
func (expireProposals) Kind() string { return "mediation.expire" }
func (tidyMediation) Kind() string   { return "mediation.tidy" }

// mediationWork is what mediation does behind the page.
func (a *App) mediationWork(runner *jobs.Runner) {
	jobs.Handle(runner, time.Minute, func(ctx context.Context, _ jobs.Task, w sendWave) error {
		return a.Mediation.Wave(ctx, mediation.WaveDue(w))
	})
	jobs.Handle(runner, 5*time.Minute, func(ctx context.Context, _ jobs.Task, _ expireProposals) error { return a.Mediation.Expire(ctx) })
	jobs.Handle(runner, 5*time.Minute, func(ctx context.Context, _ jobs.Task, _ tidyMediation) error { return a.Mediation.Tidy(ctx) })
	runner.Every("mediation-expire", time.Minute, expireProposals{}, jobs.Once())
	a.waitingWork(runner)
	runner.Every("mediation-tidy", 6*time.Hour, tidyMediation{}, jobs.Once())
}

// registerMediation adds the pages of mediation.
func (a *App) registerMediation(rs *web.Routes, site *ui.Site, after func(r *http.Request, request string) (templ.Component, error)) {
	pages := mediationweb.Register(rs, mediationweb.Deps{Mediation: a.Mediation, Guard: a.Guard, Site: site, Clock: a.Config.Clock, After: after})
	a.desk.add(mediationweb.OfficeMenu(), pages)
}
