// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"strconv"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/base/notice"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/jobs"
)

// deskTemplates are what whoever asked for a mediator is told: what waits for them, and what happened to a
// request while they did something else.
func deskTemplates() []notice.Template {
	var list []notice.Template
	for _, name := range []string{"mediation.desk_proposal", "mediation.desk_waits", "mediation.desk_lost", "mediation.desk_found", "mediation.desk_unmet", "mediation.desk_moved", "mediation.desk_countersign"} {
		list = append(list, notice.Template{Name: name, Channels: notice.Channels, Urgent: name == "mediation.desk_lost"})
	}
	return list
}

// tellDesk tells whoever wrote a request, in their inbox and as they wish.
func (a *App) tellDesk(ctx context.Context, tx *db.Tx, c mediation.DeskCall) error {
	r := c.Request
	if r.Account == "" {
		return nil
	}
	start := r.Slot.Start.In(calendar.Rome())
	m := notice.Message{
		Key: c.Key, Template: c.Template, To: notice.Account(r.Account), Member: r.Member, Link: "/office/mediation/requests/" + r.ID,
		Args: map[string]string{"day": start.Format("02/01/2006"), "hour": start.Format("15:04"), "language": r.Language, "count": strconv.Itoa(c.Count)},
	}
	if c.Link != "" {
		m.Link = c.Link
	}
	if c.Booking.ID != "" {
		m.Event = bookedEvent(c.Booking, r.Language, m.Link)
	}
	return a.Notice.Tell(ctx, tx, m)
}

// mediationPartners are the bodies that share mediators with a body, by agreement.
func (a *App) mediationPartners(ctx context.Context, q db.Querier, member string, day calendar.Day) (map[string]string, error) {
	return network.Partners(ctx, q, member, "mediation", day)
}

// Jobs of requests that wait.
type retryWaiting struct{}

func (retryWaiting) Kind() string { return "mediation.retry" }

// retrySoon asks for those who wait to be tried again. Not once for all: a run that has begun may have
// passed by whom the time that has come free would help.
func (a *App) retrySoon(ctx context.Context, tx *db.Tx) error {
	return jobs.Enqueue(ctx, tx, retryWaiting{})
}

// waitingWork is what is done for those who wait, and about times that were proposed.
func (a *App) waitingWork(runner *jobs.Runner) {
	jobs.Handle(runner, 5*time.Minute, func(ctx context.Context, _ jobs.Task, _ retryWaiting) error {
		if err := a.Mediation.ExpireProposals(ctx); err != nil {
			return err
		}
		return a.Mediation.Retry(ctx)
	})
	runner.Every("mediation-retry", 2*time.Minute, retryWaiting{}, jobs.Once())
}
