// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Engaged is a booking with what it is for and who comes: what package timesheet goes on from.
type Engaged struct {
	Booking  Booking
	Request  Request // without what is sealed
	Mediator Mediator
}

// EngagedBy reads a booking within q; access.Missing when there is none. It asks nobody: the caller does.
func EngagedBy(ctx context.Context, q db.Querier, booking string) (e Engaged, err error) {
	if e.Booking, err = bookingByID(ctx, q, booking); err != nil {
		return e, missing(err)
	}
	if e.Request, err = requestByID(ctx, q, e.Booking.Request); err != nil {
		return e, err
	}
	e.Mediator, err = mediatorByID(ctx, q, e.Booking.Mediator)
	return e, err
}

// MediatorWith reads a mediator within q, without contact; access.Missing when there is none. It asks nobody.
func MediatorWith(ctx context.Context, q db.Querier, id string) (Mediator, error) {
	m, err := mediatorByID(ctx, q, id)
	return m, missing(err)
}

// RulesWith are the rules that hold for a body.
func RulesWith(ctx context.Context, q db.Querier, member string) (Rules, error) {
	return rulesOf(ctx, q, member)
}

// Settle writes what became of a booking that was to take place: Finished, UserAbsent or MediatorAbsent,
// also instead of another of the three. The request is Done when somebody came, and Unmet when the
// only mediator did not. Faults: Conflict mediation.settled for any other booking, mediation.taken when
// the time has been given to another engagement meanwhile.
func (u *UseCases) Settle(ctx context.Context, tx *db.Tx, e Engaged, state BookingState) error {
	now, b := u.Clock(), e.Booking
	switch b.State {
	case state:
		return nil
	case Confirmed, Finished, UserAbsent, MediatorAbsent:
	default:
		return fault.Conflict("mediation.settled")
	}
	b.State, b.Ended, b.AnswerBy = state, "", time.Time{}
	if err := updateBooking(ctx, tx, now, &b); db.IsUnique(err) {
		return Taken()
	} else if err != nil {
		return err
	}
	if err := arrange(ctx, tx, e.Mediator, b.Slot); err != nil {
		return err
	}
	all, err := bookingsOf(ctx, tx, b.Request)
	if err != nil {
		return err
	}
	r := e.Request
	r.State, r.Settled = Unmet, now
	for _, one := range all {
		switch {
		case one.State == Proposed || one.State == Confirmed:
			return nil // somebody else is still to come
		case one.State.Holds():
			r.State = Done
		}
	}
	return updateRequest(ctx, tx, &r)
}

// BookingOfLink is the booking that the link of a message is about, also of an offer that was accepted;
// access.Missing when there is none.
func (u *UseCases) BookingOfLink(ctx context.Context, q db.Querier, secret string) (string, error) {
	l, err := u.link(ctx, q, secret)
	if err != nil || l.Kind == linkBooking {
		return l.Object, err
	}
	found, err := db.Rows(ctx, q, db.Column[string], `SELECT id FROM mediation_booking WHERE request = $1 AND mediator = $2 AND state IN ('confirmed', 'done', 'user_absent', 'mediator_absent') ORDER BY id DESC LIMIT 1`,
		l.Request.ID, l.Mediator.ID)
	if err == nil && len(found) == 0 {
		return "", access.Missing()
	} else if err != nil {
		return "", err
	}
	return found[0], nil
}

// TellAfter tells a mediator something about a booking that has been, with a link that holds a month; the same
// key again tells nothing.
func (u *UseCases) TellAfter(ctx context.Context, tx *db.Tx, template, key string, e Engaged) error {
	r := e.Request
	r.Slot = e.Booking.Slot
	return u.call(ctx, tx, template, key, e.Mediator, r, linkTo{kind: linkBooking, object: e.Booking.ID, until: u.Clock().Add(keepLinks)})
}

// keepLinks is how long the link to a booking opens it after its end: what took place is reported with it.
const keepLinks = 31 * 24 * time.Hour

// holdLink lets the link of an accepted offer open what came of it.
func holdLink(ctx context.Context, tx *db.Tx, offer string, until time.Time) error {
	_, err := db.Exec(ctx, tx, `UPDATE mediation_link SET until = $2 WHERE kind = 'offer' AND object = $1`, offer, db.Millis(until))
	return err
}

// oweLate remembers how many minutes are owed for a booking that was cancelled too late, and what says so.
func oweLate(ctx context.Context, tx *db.Tx, now time.Time, b Booking, t Terms) error {
	m, err := mediatorByID(ctx, tx, b.Mediator)
	if err != nil {
		return err
	}
	r, err := requestByID(ctx, tx, b.Request)
	if err != nil {
		return err
	}
	// There is one already when a code was shown, and nobody had come.
	_, err = db.Exec(ctx, tx, `INSERT INTO mediation_session (booking, version, mediator, member, keeper, outcome, state, day, minutes, travel, expenses, rate, project, activity, timesheet, record, changed)
		VALUES ($1, 1, $2, $3, $4, 'cancelled_late', 'confirmed', $5, $6, 0, 0, $7, $8, $9, '', $11, $10)
		ON CONFLICT (booking) DO UPDATE SET version = mediation_session.version + 1, outcome = excluded.outcome, state = excluded.state, day = excluded.day, began = NULL, ended = NULL, minutes = excluded.minutes,
			travel = 0, expenses = 0, rate = excluded.rate, project = excluded.project, activity = excluded.activity, record = excluded.record, sealed = NULL, changed = excluded.changed`,
		b.ID, b.Mediator, b.Member, m.Member, calendar.DayOf(b.Slot.Start, calendar.Rome()).String(), t.Minutes, m.Rate(b.Mode), r.Project, r.Activity, db.Millis(now), db.JSON(map[string]Fee{"fee": t.Cancelled()}))
	return err
}

// begun says whether the time of a booking that was agreed has come.
func begun(bookings []Booking, now time.Time) bool {
	return slices.ContainsFunc(bookings, func(b Booking) bool { return b.State == Confirmed && b.Slot.Start.Before(now) })
}

// Early is how long before its time an engagement can begin.
const Early = 2 * time.Hour

// notBegun fails with the fault Conflict when somebody has come already for a request.
func notBegun(ctx context.Context, tx *db.Tx, now time.Time, request string, bookings []Booking) error {
	if !slices.ContainsFunc(bookings, func(b Booking) bool { return b.State == Confirmed && !now.Before(b.Slot.Start.Add(-Early)) }) {
		return nil
	}
	n, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_session s JOIN mediation_booking b ON b.id = s.booking WHERE b.request = $1 AND b.state = 'confirmed' AND s.state <> 'expected'`, request)
	if err == nil && n > 0 {
		err = fault.Conflict("mediation.settled")
	}
	return err
}

// Share is so many per cent of minutes, rounded to the whole minute.
func Share(minutes, percent int) int { return (minutes*percent + 50) / 100 }

// fewEvaluations is how many evaluations say nothing yet about a mediator.
const fewEvaluations = 4

// readEvaluated reads how desks found the mediators in the last year; negative while there are too few.
func readEvaluated(ctx context.Context, q db.Querier, byID map[string]*Candidate, ids []any, _ Request, _ Slot, now time.Time) error {
	return db.Walk(ctx, q, func(row db.Scanner) error {
		var mediator string
		var n, sum int64
		if err := row.Scan(&mediator, &n, &sum); err != nil {
			return err
		}
		if n > fewEvaluations {
			byID[mediator].Evaluation = float64(sum) / float64(n) / 1000
		}
		return nil
	}, `SELECT mediator, count(*), CAST(SUM(mean) AS BIGINT) FROM mediation_evaluation WHERE side = 'desk' AND at >= $1 AND mediator IN (`+db.Placeholders(2, len(ids))+`) GROUP BY mediator`,
		append([]any{db.Millis(now.AddDate(-1, 0, 0))}, ids...)...)
}
