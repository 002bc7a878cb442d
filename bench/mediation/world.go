// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"approdo/internal/app"
	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// world is the program with the region in its database, on a Monday in June.
type world struct {
	*region
	app     *app.App
	now     time.Time
	end     func()
	profile string // file for a profile of the processor
}

// june is when the databases are asked: the spring lies behind, the weeks to come are booked as usual.
func june() time.Time { return calendar.Earliest(year+22*7, 9*60, calendar.Rome()) }

// openWorld fills a database of its own with the region: the bookings of three months before and of nine
// weeks to come, as many of those as had been asked for by then. clock nil is the Monday in June.
func openWorld(ctx context.Context, r *region, server string, clock func() time.Time) (*world, error) {
	dir, err := os.MkdirTemp("", "approdo-mediation-")
	if err != nil {
		return nil, err
	}
	w := &world{region: r, now: june(), end: func() { _ = os.RemoveAll(dir) }}
	c := app.Config{Data: dir, Clock: func() time.Time { return w.now }}
	if clock != nil {
		c.Clock, w.now = clock, clock()
	}
	if server != "" {
		drop := func() error { return nil }
		if c.Database, drop, err = createDatabase(ctx, server); err != nil {
			return nil, err
		}
		w.end = func() { _ = os.RemoveAll(dir); _ = drop() }
	}
	if w.app, err = app.Open(ctx, c); err != nil {
		w.end()
		return nil, err
	}
	drop := w.end
	w.end = func() { _ = w.app.Close(); drop() }
	if err := w.fill(ctx); err != nil {
		w.end()
		return nil, err
	}
	return w, nil
}

func createDatabase(ctx context.Context, server string) (address string, drop func() error, err error) {
	const name = "approdo_mediation"
	run := func(statements ...string) error {
		conn, err := pgx.Connect(ctx, server)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close(ctx) }()
		for _, sql := range statements {
			if _, err := conn.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	}
	dropping := `DROP DATABASE IF EXISTS ` + name + ` WITH (FORCE)`
	if err := run(dropping, `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`); err != nil {
		return "", nil, err
	}
	u, err := url.Parse(server)
	if err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), func() error { return run(dropping) }, nil
}

// operator is somebody at a desk of a body.
func operator(body string, now time.Time) access.Actor {
	return access.Actor{Account: "desk-" + body, Member: body, Roles: []access.Role{access.DeskOperator}, Strong: true, SteppedUp: now, Via: audit.ViaPage}
}

func (w *world) fill(ctx context.Context) error {
	rules := mediation.UsualRules()
	rules.Common = true // one list for all bodies of the region
	if err := w.app.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_rule (member, version, record) VALUES ('', 1, $1)`, db.JSON(rules)); err != nil {
			return err
		}
		return w.fillRoster(ctx, tx)
	}); err != nil {
		return err
	}
	bookings := w.bookings()
	for chunk := range slices.Chunk(bookings, 2000) {
		if err := w.app.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, chunk) }); err != nil {
			return err
		}
	}
	for _, m := range w.mediators {
		var mine []mediation.Engagement
		for _, b := range bookings {
			if b.Mediator == m.ID {
				mine = append(mine, b.Engagement())
			}
		}
		if err := w.app.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return insertClaims(ctx, tx, m, mine) }); err != nil {
			return err
		}
	}
	_, err := db.Exec(ctx, w.app.DB, `ANALYZE`)
	return err
}

func (w *world) fillRoster(ctx context.Context, tx *db.Tx) error {
	for i, m := range w.mediators {
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_mediator (id, version, account, member, section, state, name, sort_name, record, created, changed)
			VALUES ($1, 1, '', $2, $3, $4, $5, $5, $6, $7, $7)`, m.ID, m.Member, m.Section, m.Standing, m.Name, db.JSON(m), db.Millis(m.Since)); err != nil {
			return err
		}
		for _, l := range m.Languages {
			if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_language (mediator, code) VALUES ($1, $2)`, m.ID, l.Code); err != nil {
				return err
			}
		}
		e := w.absences[i]
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_exception (id, mediator, start, finish, free, source, uid) VALUES ($1, $1, $2, $3, false, 'own', '')`, m.ID, db.Millis(e.Slot.Start), db.Millis(e.Slot.End)); err != nil {
			return err
		}
	}
	return nil
}

// bookings gives requests to mediators who can come, any of them.
func (w *world) bookings() []mediation.Booking {
	dice := rand.New(rand.NewPCG(5, 5)) // #nosec G404 -- a benchmark
	speakers := w.speakers()
	work := map[string][]mediation.Engagement{}
	var list []mediation.Booking
	for _, a := range w.requests() {
		if a.Slot.Start.Before(w.now.AddDate(0, 0, -95)) || a.Slot.Start.After(w.now.AddDate(0, 0, 63)) || a.at.After(w.now) {
			continue
		}
		able := speakers[a.Language]
		for range 8 {
			if len(able) == 0 {
				break
			}
			m := w.mediators[able[dice.IntN(len(able))]]
			e := mediation.Engagement{Booking: a.ID, Slot: a.Slot, Mode: a.Mode, Place: a.Place}
			if _, clashes := mediation.Layout(m.Home, append(near(work[m.ID], a.Slot), e)); clashes != nil {
				continue
			}
			work[m.ID] = append(work[m.ID], e)
			state := mediation.Confirmed
			if a.Slot.End.Before(w.now) {
				state = mediation.Finished
			}
			list = append(list, mediation.Booking{ID: a.ID, Request: a.ID, Mediator: m.ID, Member: a.Member, Mode: a.Mode, Slot: a.Slot, Place: a.Place, State: state, Why: mediation.Why{Score: 700, Of: len(able)}, Created: a.at})
			break
		}
	}
	return list
}

// near are the engagements of the days around a slot.
func near(list []mediation.Engagement, s mediation.Slot) []mediation.Engagement {
	var some []mediation.Engagement
	for _, e := range list {
		if e.Slot.Start.Before(s.End.AddDate(0, 0, 2)) && e.Slot.End.After(s.Start.AddDate(0, 0, -2)) {
			some = append(some, e)
		}
	}
	return some
}

// speakers are the mediators of each language, by their place in the roster.
func (r *region) speakers() map[string][]int {
	found := map[string][]int{}
	for i, m := range r.mediators {
		for _, l := range m.Languages {
			found[l.Code] = append(found[l.Code], i)
		}
	}
	return found
}

func insert(ctx context.Context, tx *db.Tx, list []mediation.Booking) error {
	var requests, bookings [][]any
	for _, b := range list {
		start, end, created := db.Millis(b.Slot.Start), db.Millis(b.Slot.End), db.Millis(b.Created)
		requests = append(requests, []any{b.Request, 1, "scheduled", b.Member, "desk-" + b.Member, "ar", b.Mode, start, end, "booked", "", b.Request, "", "", "", `{"seats":1}`, created})
		bookings = append(bookings, []any{b.ID, 1, b.Request, 0, b.Mediator, b.Member, b.Mode, start, end, b.State, db.JSON(b.Place), db.JSON(b.Why), "", created, created})
	}
	_, err := db.Insert(ctx, tx, `mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, record, created)`, "", requests)
	_, err2 := db.Insert(ctx, tx, `mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, ended, created, changed)`, "", bookings)
	return errors.Join(err, err2)
}

func insertClaims(ctx context.Context, tx *db.Tx, m mediation.Mediator, mine []mediation.Engagement) error {
	claims, clashes := mediation.Layout(m.Home, mine)
	if clashes != nil {
		return fmt.Errorf("%s is booked twice: %v", m.ID, clashes[0])
	}
	var rows [][]any
	for _, c := range claims {
		rows = append(rows, []any{m.ID, c.Quantum, c.Booking, c.Travel})
	}
	_, err := db.Insert(ctx, tx, `mediation_claim (mediator, five_minutes, booking, travel)`, "", rows)
	return err
}
