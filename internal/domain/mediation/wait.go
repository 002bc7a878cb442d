// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Wait is a place on the waiting list.
type Wait struct {
	Since, Until time.Time
	Ahead        int // how many of the same language and body wait longer
}

// Waits says whether there is one.
func (w Wait) Waits() bool { return !w.Since.IsZero() }

// mostTried is how many requests one run of Retry tries.
const mostTried = 200

func waitOf(ctx context.Context, q db.Querier, request string) (Wait, error) {
	list, err := db.Rows(ctx, q, func(s db.Scanner) (Wait, error) {
		var w Wait
		return w, s.Scan(db.ScanTime(&w.Since), db.ScanTime(&w.Until), &w.Ahead)
	}, `SELECT w.since, w.until, (SELECT count(*) FROM mediation_waiting o JOIN mediation_request a ON a.id = o.request JOIN mediation_request r ON r.id = w.request
			WHERE a.member = r.member AND a.language = r.language AND (o.since < w.since OR o.since = w.since AND o.request < w.request))
		FROM mediation_waiting w WHERE w.request = $1`, request)
	if err != nil || len(list) == 0 {
		return Wait{}, err
	}
	return list[0], nil
}

// queue puts a request on the waiting list until there would be no time left to tell anybody. One for
// which that has come already is not put there, and the answer is no.
func queue(ctx context.Context, tx *db.Tx, now time.Time, r Request, rules Rules) (bool, error) {
	until := r.Slot.Start.Add(-rules.Notice)
	if r.Kind != Scheduled || !until.After(now) {
		return false, nil
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO mediation_waiting (request, since, until, tried) VALUES ($1, $2, $3, $2) ON CONFLICT (request) DO UPDATE SET until = excluded.until`,
		r.ID, db.Millis(now), db.Millis(until))
	return true, err
}

func stopWaiting(ctx context.Context, tx *db.Tx, request string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM mediation_waiting WHERE request = $1`, request)
	return err
}

// enqueue writes a request that nobody can meet and lets it wait.
func (u *UseCases) enqueue(ctx context.Context, actor access.Actor, q AskRequest, r Request, rules Rules, now time.Time) (Asked, error) {
	var answer Asked
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		answer = Asked{}
		return once(ctx, tx, now, actor, q.Key, q.fingerprint(), &answer, func() error {
			one := r // anew each time: the transaction may run twice
			if err := u.withinCap(ctx, tx, rules, actor.Member, []Request{one}); err != nil {
				return err
			}
			if err := u.insertRequest(ctx, tx, &one); err != nil {
				return err
			}
			if waits, err := queue(ctx, tx, now, one, rules); err != nil {
				return err
			} else if !waits {
				return fault.Conflict("mediation.nobody")
			}
			answer = Asked{Requests: []string{one.ID}, Waits: true}
			return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.request.create", Kind: "mediation-request", Record: one.ID, Changes: []audit.Change{{Field: "state", After: "waiting"}}})
		})
	})
	return answer, err
}

// vacant tells the desk that a mediator who was booked can't come and that nobody else can: the request
// waits, if there is time.
func (u *UseCases) vacant(ctx context.Context, tx *db.Tx, now time.Time, r Request, rules Rules, b Booking) error {
	waits, err := queue(ctx, tx, now, r, rules)
	if err != nil {
		return err
	}
	template := "mediation.desk_lost"
	if waits {
		template = "mediation.desk_waits"
	}
	return u.TellDesk(ctx, tx, DeskCall{Key: template + "/" + b.ID, Template: template, Request: r, Booking: b})
}

// freed asks for those who wait to be tried again, when there are any: time may have come free.
func (u *UseCases) freed(ctx context.Context, tx *db.Tx) error {
	waiting, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM (SELECT 1 FROM mediation_waiting LIMIT 1) w`)
	if err != nil || waiting == 0 {
		return err
	}
	return u.Soon(ctx, tx)
}

// Retry tries the requests that wait, the longest wait first, each in a transaction of its own; those for
// which there is no time left are Unmet. The desk is told either way. A job calls it, when time may have come
// free and every now and then: also a new mediator or a new agreement can be what somebody waits for.
func (u *UseCases) Retry(ctx context.Context) error {
	ids, err := db.Rows(ctx, u.DB, db.Column[string], `SELECT request FROM (SELECT request, since FROM mediation_waiting ORDER BY tried, since, request LIMIT $1) w ORDER BY since, request`, mostTried)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return u.tryAgain(ctx, tx, id) }); err != nil && !fault.Is(err, fault.KindConflict) {
			return err
		}
	}
	return nil
}

func (u *UseCases) tryAgain(ctx context.Context, tx *db.Tx, id string) error {
	now := u.Clock()
	w, err := waitOf(ctx, tx, id)
	if err != nil || !w.Waits() {
		return err
	}
	r, err := requestByID(ctx, tx, id)
	if err != nil {
		return err
	}
	if r.State != Open {
		return stopWaiting(ctx, tx, id)
	}
	if !w.Until.After(now) {
		return u.waitedInVain(ctx, tx, now, r)
	}
	if r.Plan && w.Until.Sub(now) > leftToPlan {
		_, err := db.Exec(ctx, tx, `UPDATE mediation_waiting SET tried = $2 WHERE request = $1`, id, db.Millis(now))
		return err
	}
	rules, err := rulesOf(ctx, tx, r.Member)
	if err != nil {
		return err
	}
	crew, seats, err := u.found(ctx, tx, now, r, rules)
	if err != nil {
		return err
	}
	if len(crew) < len(seats) {
		_, err := db.Exec(ctx, tx, `UPDATE mediation_waiting SET tried = $2 WHERE request = $1`, id, db.Millis(now))
		return err
	}
	r.State = Booked
	if err := updateRequest(ctx, tx, &r); err != nil {
		return err
	}
	var changes []audit.Change
	var b Booking
	for i, seat := range seats {
		if b, err = u.book(ctx, tx, now, r, seat, crew[i].Candidate.Mediator.ID, crew[i].Why, rules); err != nil {
			return err
		}
		if err := u.announce(ctx, tx, b, crew[i].Candidate.Mediator, r); err != nil {
			return err
		}
		changes = append(changes, b.Why.changes()...)
	}
	if err := stopWaiting(ctx, tx, id); err != nil {
		return err
	}
	if err := u.TellDesk(ctx, tx, DeskCall{Key: "mediation.desk_found/" + b.ID, Template: "mediation.desk_found", Request: r, Booking: b}); err != nil {
		return err
	}
	return byItself(ctx, tx, now, id, "waiting_found", changes...)
}

// found are those who could take the seats of a request that are empty, the best first.
func (u *UseCases) found(ctx context.Context, tx *db.Tx, now time.Time, r Request, rules Rules) (able []Ranked, seats []int, err error) {
	before, err := bookingsOf(ctx, tx, r.ID)
	if err != nil {
		return nil, nil, err
	}
	var not []string // who is there already, or has said no
	for _, b := range before {
		not = append(not, b.Mediator)
	}
	for seat := range r.Seats {
		if !slices.ContainsFunc(before, func(b Booking) bool { return b.Seat == seat && b.State.Holds() }) {
			seats = append(seats, seat)
		}
	}
	one := r
	one.Seats = len(seats)
	if err := u.withinCap(ctx, tx, rules, r.Member, []Request{one}); fault.Is(err, fault.KindConflict) {
		return nil, seats, nil
	} else if err != nil {
		return nil, nil, err
	}
	all, err := u.candidates(ctx, tx, r, now, r.Slot.Start, r.Slot.End)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range Rank(now, r, rules.Weights, all) {
		if c.Why.Barred == nil && !slices.Contains(not, c.Candidate.Mediator.ID) && len(able) < len(seats) {
			able = append(able, c)
		}
	}
	return able, seats, nil
}

// waitedInVain closes a request that waited until there was no time left.
func (u *UseCases) waitedInVain(ctx context.Context, tx *db.Tx, now time.Time, r Request) error {
	bookings, err := bookingsOf(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	if err := stopWaiting(ctx, tx, r.ID); err != nil {
		return err
	}
	r.State, r.Settled = Unmet, now
	if slices.ContainsFunc(bookings, func(b Booking) bool { return b.State.Holds() }) {
		r.State, r.Settled = Booked, time.Time{} // with fewer than were asked for
	}
	if err := updateRequest(ctx, tx, &r); err != nil {
		return err
	}
	if err := u.TellDesk(ctx, tx, DeskCall{Key: "mediation.desk_unmet/" + r.ID, Template: "mediation.desk_unmet", Request: r}); err != nil {
		return err
	}
	return byItself(ctx, tx, now, r.ID, "waiting_over")
}
