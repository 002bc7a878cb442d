// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"context"
	"encoding/json"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// columnNotes is the column of the vault for what is written in a dispute; its subject is the booking.
const columnNotes = "mediation.dispute"

const sessionColumns = `s.booking, s.version, s.mediator, s.member, s.keeper, s.outcome, s.state, s.day, s.began, s.ended, s.minutes, s.travel, s.expenses, s.rate, s.project, s.activity, s.timesheet, s.record, s.changed`

func scanSession(row db.Scanner) (Session, error) {
	var s Session
	return s, row.Scan(&s.Booking, &s.Version, &s.Mediator, &s.Member, &s.Keeper, &s.Outcome, &s.State, &s.Day, db.ScanTime(&s.Began), db.ScanTime(&s.Ended),
		&s.Minutes, &s.Travel, &s.Expenses, &s.Rate, &s.Project, &s.Activity, &s.Timesheet, db.JSON(&s), db.ScanTime(&s.Changed))
}

// sessionOf is the session of a booking, or the one that it will have: of version 0.
func sessionOf(ctx context.Context, q db.Querier, e mediation.Engaged) (Session, error) {
	found, err := db.Rows(ctx, q, scanSession, `SELECT `+sessionColumns+` FROM mediation_session s WHERE s.booking = $1`, e.Booking.ID)
	if err != nil {
		return Session{}, err
	}
	if len(found) > 0 {
		return found[0], nil
	}
	return Session{
		Booking: e.Booking.ID, Mediator: e.Mediator.ID, Member: e.Booking.Member, Keeper: e.Mediator.Member, Outcome: Held, State: Expected,
		Day:  calendar.DayOf(e.Booking.Slot.Start, calendar.Rome()).String(),
		Rate: e.Mediator.Rate(e.Booking.Mode), Project: e.Request.Project, Activity: e.Request.Activity,
	}, nil
}

// write inserts or changes a session that nobody has changed meanwhile.
func write(ctx context.Context, tx *db.Tx, now time.Time, s *Session) error {
	s.Changed = now
	if s.Version == 0 {
		s.Version = 1
		_, err := db.Exec(ctx, tx, `INSERT INTO mediation_session (booking, version, mediator, member, keeper, outcome, state, day, began, ended, minutes, travel, expenses, rate, project, activity, timesheet, record, changed)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, '', $16, $17)`,
			s.Booking, s.Mediator, s.Member, s.Keeper, s.Outcome, s.State, s.Day, db.NullMillis(s.Began), db.NullMillis(s.Ended), s.Minutes, s.Travel, s.Expenses, s.Rate, s.Project, s.Activity, db.JSON(s), db.Millis(now))
		if db.IsUnique(err) {
			return fault.Conflict("mediation.changed_meanwhile")
		}
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE mediation_session SET version = version + 1, outcome = $3, state = $4, day = $5, began = $6, ended = $7, minutes = $8, travel = $9, expenses = $10, project = $11, activity = $12, timesheet = $13, record = $14, changed = $15
		WHERE booking = $1 AND version = $2`,
		s.Booking, s.Version, s.Outcome, s.State, s.Day, db.NullMillis(s.Began), db.NullMillis(s.Ended), s.Minutes, s.Travel, s.Expenses, s.Project, s.Activity, s.Timesheet, db.JSON(s), db.Millis(now))
	if err == nil && n == 0 {
		err = fault.Conflict("mediation.changed_meanwhile")
	}
	s.Version++
	return err
}

// note adds what somebody wrote to the notes of a session, which are sealed.
func (u *UseCases) note(ctx context.Context, tx *db.Tx, booking string, add func(n *Notes)) error {
	n, err := u.notes(ctx, tx, booking)
	if err != nil {
		return err
	}
	add(&n)
	if n == (Notes{}) {
		return nil
	}
	plain, err := json.Marshal(n)
	if err != nil {
		return err
	}
	sealed, err := u.Vault.Seal(ctx, tx, booking, columnNotes, plain)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `UPDATE mediation_session SET sealed = $2 WHERE booking = $1`, booking, sealed)
	return err
}

func (u *UseCases) notes(ctx context.Context, q db.Querier, booking string) (n Notes, err error) {
	sealed, err := db.Row(ctx, q, db.Column[[]byte], `SELECT sealed FROM mediation_session WHERE booking = $1`, booking)
	if err != nil || len(sealed) == 0 {
		return n, err
	}
	plain, err := u.Vault.Open(ctx, q, booking, columnNotes, sealed)
	if err != nil {
		return n, err
	}
	return n, json.Unmarshal(plain, &n)
}

// columnTopics is the column of the vault for what a session was about. Its subject is the request: beside the
// code of a person "violence" says as much as the reason does, and is forgotten with it.
const columnTopics = "mediation.topics"

// keepTopics seals what a session was about, unless what its request says of a person was forgotten already, or
// erased.
func (u *UseCases) keepTopics(ctx context.Context, tx *db.Tx, r mediation.Request, s Session) error {
	var sealed []byte
	if len(s.Topics) > 0 && r.Slot.End.After(u.Clock().Add(-mediation.KeepReasons)) {
		plain, err := json.Marshal(s.Topics)
		if err != nil {
			return err
		}
		if sealed, err = u.Vault.Seal(ctx, tx, r.ID, columnTopics, plain); fault.Is(err, fault.KindNotFound) {
			sealed = nil // the person was erased: the hours are reported all the same
		} else if err != nil {
			return err
		}
	}
	_, err := db.Exec(ctx, tx, `UPDATE mediation_session SET topics = $2 WHERE booking = $1`, s.Booking, sealed)
	return err
}

func (u *UseCases) topics(ctx context.Context, q db.Querier, w work) (list []string, err error) {
	sealed, err := db.Row(ctx, q, db.Column[[]byte], `SELECT topics FROM mediation_session WHERE booking = $1`, w.Booking.ID)
	if err != nil || len(sealed) == 0 {
		return nil, err
	}
	plain, err := u.Vault.Open(ctx, q, w.Request.ID, columnTopics, sealed)
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal(plain, &list)
	return list, err
}

// work is a session with the booking that it is of.
type work struct {
	mediation.Engaged
	Session Session
}

// open reads a session if the actor may do action with it; access.Missing otherwise.
func (u *UseCases) open(ctx context.Context, q db.Querier, actor access.Actor, action, booking string) (w work, err error) {
	if w.Engaged, err = mediation.EngagedBy(ctx, q, booking); err != nil {
		return w, err
	}
	if w.Session, err = sessionOf(ctx, q, w.Engaged); err != nil {
		return w, err
	}
	return w, u.Guard.Check(ctx, actor, action, w.Session.resource(w.Mediator.Account))
}

// Door is how a mediator comes to a session: by its booking, logged in, or by the secret of a link.
type Door struct{ Booking, Secret string }

// enter reads a session for its mediator; access.Missing for anybody else.
func (u *UseCases) enter(ctx context.Context, q db.Querier, actor access.Actor, d Door) (w work, err error) {
	if d.Secret == "" {
		return u.open(ctx, q, actor, "mediation.session.report", d.Booking)
	}
	booking, err := u.Mediation.BookingOfLink(ctx, q, d.Secret)
	if err != nil {
		return w, err
	}
	if w.Engaged, err = mediation.EngagedBy(ctx, q, booking); err != nil {
		return w, err
	}
	w.Session, err = sessionOf(ctx, q, w.Engaged)
	return w, err
}
