// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/base/notice"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/agenda"
	"approdo/internal/domain/mediation/agendaweb"
	"approdo/internal/kit/jobs"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// openAgenda builds what programs outside do with the calendar of mediation.
func (a *App) openAgenda() {
	a.Agenda = agenda.New(agenda.Deps{
		DB: a.DB, Clock: a.Config.Clock, Guard: a.Guard, Vault: a.Vault, Mediation: a.Mediation, Actor: a.Identity.Acting, Words: a.Notice.Words.Words,
	})
}

// bookedEvent is a booking as letters bring it to calendars: known there by the same identifier as in feeds
// and over CalDAV, so that nobody has it twice.
func bookedEvent(b mediation.Booking, language, link string) *notice.Event {
	e := &notice.Event{
		UID: agenda.UID(b.ID), Sequence: b.Version - 1, Start: b.Slot.Start, End: b.Slot.End, Summary: "agenda.summary", Language: language, Link: link,
		Tentative: b.State == mediation.Proposed, Cancelled: !b.State.Holds(),
	}
	if c, ok := network.Territories().Comune(b.Place.Comune); ok && b.Mode == mediation.InPerson {
		e.Place = c.Label()
	}
	return e
}

// Jobs of calendars.
type (
	readCalendars struct{}
	tidyCalendars struct{}
)

func (readCalendars) Kind() string { return "mediation.calendars" }
func (tidyCalendars) Kind() string { return "mediation.calendars.tidy" }

// agendaWork reads the calendars that mediators keep elsewhere.
func (a *App) agendaWork(runner *jobs.Runner) {
	jobs.Handle(runner, 10*time.Minute, func(ctx context.Context, _ jobs.Task, _ readCalendars) error {
		_, err := a.Agenda.Due(ctx)
		return err
	})
	jobs.Handle(runner, time.Minute, func(ctx context.Context, _ jobs.Task, _ tidyCalendars) error { return a.Agenda.Tidy(ctx) })
	runner.Every("mediation-calendars", time.Minute, readCalendars{}, jobs.Once())
	runner.Every("mediation-calendars-tidy", 24*time.Hour, tidyCalendars{}, jobs.Once())
}

// registerAgenda adds the pages of calendars, feeds and the server of calendars.
func (a *App) registerAgenda(rs *web.Routes, site *ui.Site) {
	agendaweb.Register(rs, agendaweb.Deps{Agenda: a.Agenda, Site: site, Clock: a.Config.Clock})
	a.desk.add(agendaweb.OfficeMenu(), nil)
}
