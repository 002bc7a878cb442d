// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"slices"
	"sync"
	"time"

	"approdo/internal/kit/db"
)

// diary is what one mediator has to do since a day, in order, as it was after so many changes.
type diary struct {
	changes int64
	since   time.Time
	list    []Engagement
}

// between gives those that take place within [from, to), or begin at most MaxLength earlier. Nobody may
// change them: others look at the same.
func (d diary) between(from, to time.Time) []Engagement {
	return d.list[d.after(from.Add(-MaxLength)):d.after(to):len(d.list)]
}

// after is the place of the first that begins at t or later.
func (d diary) after(t time.Time) int {
	at, _ := slices.BinarySearchFunc(d.list, t, func(e Engagement, t time.Time) int { return e.Slot.Start.Compare(t) })
	return at
}

// minutes are those of all that begin at t or later.
func (d diary) minutes(t time.Time) int {
	sum := 0
	for _, e := range d.list[d.after(t):] {
		sum += e.Slot.Minutes()
	}
	return sum
}

// diaries remembers what mediators have to do: adding up three months of everybody who speaks a language was
// most of the work of a choice. Each change of a booking is counted in the database, in the same
// transaction, so that what is remembered is what the transaction that asks would read.
type diaries struct {
	mu    sync.Mutex
	known map[string]diary
}

const (
	// mostDiaries bounds the memory: some ten kilobytes each.
	mostDiaries = 5000
	// ahead is how much earlier than asked diaries begin, so that they serve for as many days.
	ahead = 7 * 24 * time.Hour
)

// of gives the diaries of mediators since an instant at the latest.
func (d *diaries) of(ctx context.Context, q db.Querier, ids []any, since time.Time) (map[string]diary, error) {
	found, changes := make(map[string]diary, len(ids)), make(map[string]int64, len(ids))
	if err := db.Walk(ctx, q, func(row db.Scanner) error {
		var id string
		var n int64
		if err := row.Scan(&id, &n); err != nil {
			return err
		}
		changes[id] = n
		return nil
	}, `SELECT mediator, changes FROM mediation_diary WHERE mediator IN (`+db.Placeholders(1, len(ids))+`)`, ids...); err != nil {
		return nil, err
	}
	var unknown []any
	d.mu.Lock()
	for _, id := range ids {
		id := id.(string)
		if one, ok := d.known[id]; ok && one.changes == changes[id] && !one.since.After(since) {
			found[id] = one
		} else if _, twice := found[id]; !twice {
			found[id] = diary{changes: changes[id], since: since.Add(-ahead)}
			unknown = append(unknown, id)
		}
	}
	d.mu.Unlock()
	if len(unknown) == 0 {
		return found, nil
	}
	if err := readDiaries(ctx, q, found, padded(unknown), since.Add(-ahead)); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil || len(d.known)+len(unknown) > mostDiaries {
		d.known = make(map[string]diary, len(unknown))
	}
	for _, id := range unknown {
		d.known[id.(string)] = found[id.(string)]
	}
	return found, nil
}

func readDiaries(ctx context.Context, q db.Querier, into map[string]diary, ids []any, since time.Time) error {
	return db.Walk(ctx, q, func(row db.Scanner) error {
		var e Engagement
		var mediator string
		if err := row.Scan(&mediator, &e.Booking, db.ScanTime(&e.Slot.Start), db.ScanTime(&e.Slot.End), &e.Mode, db.JSON(&e.Place)); err != nil {
			return err
		}
		one := into[mediator]
		one.list = append(one.list, e)
		into[mediator] = one
		return nil
	}, `SELECT mediator, id, start, finish, mode, place FROM mediation_booking
		WHERE start >= $1 AND state IN ('proposed', 'confirmed', 'done', 'user_absent') AND mediator IN (`+db.Placeholders(2, len(ids))+`) ORDER BY start, finish, id`,
		append([]any{db.Millis(since)}, ids...)...)
}

// readDiary gives candidates their diaries, with what they were given lately and what they have to do around s.
func (u *UseCases) readDiary(ctx context.Context, q db.Querier, byID map[string]*Candidate, ids []any, _ Request, s Slot, now time.Time) error {
	lately := now.Add(-fairOver)
	found, err := u.diaries.of(ctx, q, ids, earlier(lately, s.Start.Add(-around-MaxLength)))
	if err != nil {
		return err
	}
	for id, c := range byID {
		c.diary = found[id]
		c.Given = c.diary.minutes(lately)
		c.engage(s)
	}
	return nil
}

// changed counts a change of the bookings of a mediator. It is the first thing that a transaction writes of one:
// then comes the booking, then the request. Another order would let two wait for one another (a second, then one loses).
func changed(ctx context.Context, tx *db.Tx, mediator string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO mediation_diary (mediator, changes) VALUES ($1, 1)
		ON CONFLICT (mediator) DO UPDATE SET changes = mediation_diary.changes + 1`, mediator)
	return err
}
