// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"context"
	"errors"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
)

const (
	// MostReminders is how often one side is reminded of a session. Each reminder waits twice as long as the
	// one before: whoever has not heard it once does not hear it better every day.
	MostReminders = 3
	// remindWithin is how long after its end a session is asked about at all; longer ago is for people to settle.
	remindWithin = 60 * 24 * time.Hour
	// deskRests is how long a requester is left in peace after a reminder, which is about all that wait.
	deskRests = 20 * time.Hour
)

// undone is a session that waits for one side.
type undone struct {
	booking, body, account string
	since, last            time.Time // since when it waits; when its side was last reminded
	sent                   int
}

// due says whether a side is to be reminded at a moment, when the body lets so much time pass first.
func (w undone) due(now time.Time, after time.Duration) bool {
	switch {
	case after <= 0 || w.sent >= MostReminders:
		return false
	case w.sent == 0:
		return !now.Before(w.since.Add(after))
	}
	return !now.Before(w.last.Add(after << w.sent))
}

func scanUndone(row db.Scanner) (undone, error) {
	var w undone
	return w, row.Scan(&w.booking, &w.body, &w.account, db.ScanTime(&w.since), db.ScanTime(&w.last), &w.sent)
}

// patience reads how long each body waits before somebody is reminded, once a run.
type patience map[string]time.Duration

func (p patience) of(ctx context.Context, q db.Querier, body string) (time.Duration, error) {
	if after, known := p[body]; known {
		return after, nil
	}
	rules, err := mediation.RulesWith(ctx, q, body)
	if err == nil {
		p[body] = rules.RemindAfter
	}
	return p[body], err
}

// Remind tells mediators who have not reported a session, and requesters who have not countersigned one, as
// long after it as the rules say: those of the body that answers for the mediator for the one, of the body that
// asked for the other. Done again it tells nobody twice.
func (u *UseCases) Remind(ctx context.Context) error {
	bodies := patience{}
	return errors.Join(u.remindMediators(ctx, bodies), u.remindDesks(ctx, bodies))
}

func (u *UseCases) remindMediators(ctx context.Context, bodies patience) error {
	now := u.Clock()
	list, err := db.Rows(ctx, u.DB, scanUndone, `SELECT b.id, m.member, m.account, b.finish, n.at, coalesce(n.sent, 0)
		FROM mediation_booking b JOIN mediation_mediator m ON m.id = b.mediator LEFT JOIN mediation_session s ON s.booking = b.id LEFT JOIN mediation_nudge n ON n.booking = b.id AND n.side = 'mediator'
		WHERE b.state = 'confirmed' AND b.finish > $1 AND b.finish <= $2 AND coalesce(s.state, 'expected') IN ('expected', 'begun', 'ended') AND coalesce(n.sent, 0) < $3 ORDER BY b.finish, b.id`,
		db.Millis(now.Add(-remindWithin)), db.Millis(now), MostReminders)
	if err != nil {
		return err
	}
	for _, w := range list {
		after, failed := bodies.of(ctx, u.DB, w.body)
		if failed == nil && w.due(now, after) {
			failed = u.remindMediator(ctx, w)
		}
		err = errors.Join(err, failed)
	}
	return err
}

func (u *UseCases) remindMediator(ctx context.Context, w undone) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := mediation.EngagedBy(ctx, tx, w.booking)
		if err != nil {
			return err
		}
		s, err := sessionOf(ctx, tx, e)
		if err != nil || e.Booking.State != mediation.Confirmed || !s.Editable() || s.State == Reported {
			return err // done in the last moment
		}
		if fresh, err := u.nudge(ctx, tx, w, "mediator"); err != nil || !fresh {
			return err
		}
		return u.Mediation.TellAfter(ctx, tx, "mediation.unreported", db.NewID(), e)
	})
}

// nudge counts a reminder; it says false when another has been counted meanwhile.
func (u *UseCases) nudge(ctx context.Context, tx *db.Tx, w undone, side string) (bool, error) {
	n, err := db.Exec(ctx, tx, `INSERT INTO mediation_nudge (booking, side, sent, at) VALUES ($1, $2, 1, $3)
		ON CONFLICT (booking, side) DO UPDATE SET sent = mediation_nudge.sent + 1, at = $3 WHERE mediation_nudge.sent = $4`, w.booking, side, db.Millis(u.Clock()), w.sent)
	return n > 0, err
}

// remindDesks writes to each requester once about all that wait for them: one who has asked for many mediators
// has one message to read, and a list in which to countersign them together.
func (u *UseCases) remindDesks(ctx context.Context, bodies patience) error {
	now := u.Clock()
	list, err := db.Rows(ctx, u.DB, scanUndone, `SELECT s.booking, s.member, r.account, s.changed, n.at, coalesce(n.sent, 0)
		FROM mediation_session s JOIN mediation_booking b ON b.id = s.booking JOIN mediation_request r ON r.id = b.request LEFT JOIN mediation_nudge n ON n.booking = s.booking AND n.side = 'desk'
		WHERE s.state = 'reported' AND s.changed > $1 AND r.account <> '' ORDER BY r.account, s.member, s.changed, s.booking`, db.Millis(now.Add(-remindWithin)))
	if err != nil {
		return err
	}
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].account == list[0].account && list[n].body == list[0].body {
			n++
		}
		waits := list[:n]
		list = list[n:]
		after, failed := bodies.of(ctx, u.DB, waits[0].body)
		if failed == nil {
			failed = u.remindDesk(ctx, now, waits, after)
		}
		err = errors.Join(err, failed)
	}
	return err
}

// remindDesk reminds one requester of what waits for them.
func (u *UseCases) remindDesk(ctx context.Context, now time.Time, waits []undone, after time.Duration) error {
	var due []undone
	for _, w := range waits {
		if w.last.After(now.Add(-deskRests)) {
			return nil
		}
		if w.due(now, after) {
			due = append(due, w)
		}
	}
	if len(due) == 0 {
		return nil
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		first, count := mediation.Engaged{}, 0
		for _, w := range due {
			e, err := mediation.EngagedBy(ctx, tx, w.booking)
			if err != nil {
				return err
			}
			s, err := sessionOf(ctx, tx, e)
			if err != nil {
				return err
			}
			if s.State != Reported {
				continue
			}
			if fresh, err := u.nudge(ctx, tx, w, "desk"); err != nil {
				return err
			} else if !fresh {
				continue
			}
			if count++; count == 1 || e.Booking.Slot.Start.Before(first.Booking.Slot.Start) {
				first = e
			}
		}
		if count == 0 {
			return nil
		}
		return u.Mediation.TellDesk(ctx, tx, mediation.DeskCall{
			Key: "mediation.desk_countersign/" + db.NewID(), Template: "mediation.desk_countersign", Request: first.Request, Count: count, Link: "/office/mediation/sessions?state=reported",
		})
	})
}
