// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// The sides of an evaluation. Their values are stored.
const (
	DeskSide     = "desk"
	MediatorSide = "mediator"
)

// Questions are what each side is asked, answered from 1 to 5. Those to desks follow what ISO 13611 asks of
// community interpreters.
var Questions = map[string][]string{
	DeskSide:     {"punctual", "language", "faithful", "manner"},
	MediatorSide: {"briefing", "place", "respect"},
}

// Mark is the mean of marks from 1 to 5 in thousandths from 0 to 1.
func Mark(marks []int) int {
	sum := 0
	for _, m := range marks {
		sum += m - 1
	}
	return sum * 250 / max(len(marks), 1)
}

// EvaluateMediator is what a desk says of the mediator of a session that took place. Faults: Conflict
// timesheet.evaluation_off while the body has not turned it on, timesheet.over; Invalid; access.Missing.
func (u *UseCases) EvaluateMediator(ctx context.Context, actor access.Actor, booking string, marks []int) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		w, err := u.open(ctx, tx, actor, "mediation.session.countersign", booking)
		if err != nil {
			return err
		}
		if w.Mediator.Account != "" && w.Mediator.Account == actor.Account {
			return fault.Conflict("timesheet.own")
		}
		return u.evaluate(ctx, tx, actor, w, DeskSide, marks)
	})
}

// EvaluateDesk is what a mediator says of the desk.
func (u *UseCases) EvaluateDesk(ctx context.Context, actor access.Actor, d Door, marks []int) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		w, err := u.enter(ctx, tx, actor, d)
		if err != nil {
			return err
		}
		return u.evaluate(ctx, tx, actor, w, MediatorSide, marks)
	})
}

func (u *UseCases) evaluate(ctx context.Context, tx *db.Tx, actor access.Actor, w work, side string, marks []int) error {
	rules, err := mediation.RulesWith(ctx, tx, w.Booking.Member)
	if err != nil {
		return err
	}
	switch {
	case !rules.Evaluations:
		return fault.Conflict("timesheet.evaluation_off")
	case w.Session.Outcome != Held || w.Session.State != Reported && !w.Session.State.Final():
		return fault.Conflict("timesheet.over")
	case len(marks) != len(Questions[side]):
		return fault.Invalid("marks", "timesheet.marks")
	}
	for _, m := range marks {
		if m < 1 || m > 5 {
			return fault.Invalid("marks", "timesheet.marks")
		}
	}
	if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_evaluation (booking, side, mediator, member, mean, marks, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (booking, side) DO UPDATE SET mean = $5, marks = $6, at = $7`,
		w.Booking.ID, side, w.Mediator.ID, w.Booking.Member, Mark(marks), db.JSON(marks), db.Millis(u.Clock())); err != nil {
		return err
	}
	action := "mediation.session.report"
	if side == DeskSide {
		action = "mediation.session.countersign"
	}
	return u.record(ctx, tx, actor, action, w.Booking.ID, "evaluated")
}

// Evaluated is how somebody was found: the mean in thousandths, and of how many.
type Evaluated struct{ Mean, Of int }

// evaluated is the mean of a mediator over a year, as the choice of mediators sees it.
func (u *UseCases) evaluated(ctx context.Context, q db.Querier, mediator string) (Evaluated, error) {
	return db.Row(ctx, q, func(s db.Scanner) (Evaluated, error) {
		var e Evaluated
		var sum int
		err := s.Scan(&e.Of, &sum)
		e.Mean = sum / max(e.Of, 1)
		return e, err
	}, `SELECT count(*), CAST(coalesce(SUM(mean), 0) AS BIGINT) FROM mediation_evaluation WHERE mediator = $1 AND side = 'desk' AND at >= $2`, mediator, db.Millis(u.Clock().AddDate(-1, 0, 0)))
}
