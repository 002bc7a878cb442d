// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
)

// Columns of the vault.
const (
	columnContact = "mediation.contact"
	columnPrivate = "mediation.private"
)

const mediatorColumns = `m.id, m.version, m.account, m.member, m.section, m.state, m.name, m.available, m.record`

func scanMediator(s db.Scanner) (Mediator, error) {
	var m Mediator
	return m, s.Scan(&m.ID, &m.Version, &m.Account, &m.Member, &m.Section, &m.Standing, &m.Name, db.ScanTime(&m.Available), db.JSON(&m))
}

// scanSpeaker is scanMediator for the many who speak a language: their records are looked at, not changed.
func scanSpeaker(s db.Scanner) (Mediator, error) {
	var m Mediator
	var record string
	if err := s.Scan(&m.ID, &m.Version, &m.Account, &m.Member, &m.Section, &m.Standing, &m.Name, db.ScanTime(&m.Available), &record); err != nil {
		return m, err
	}
	read, err := records.read(record)
	read.ID, read.Version, read.Account, read.Member, read.Section, read.Standing, read.Name, read.Available = m.ID, m.Version, m.Account, m.Member, m.Section, m.Standing, m.Name, m.Available
	return read, err
}

// records remembers what records say, by their text: reading them is most of the work of a choice.
var records = memo{known: map[string]Mediator{}}

type memo struct {
	mu    sync.Mutex
	known map[string]Mediator
}

const mostKnown = 5000

func (m *memo) read(text string) (Mediator, error) {
	m.mu.Lock()
	known, ok := m.known[text]
	m.mu.Unlock()
	if ok {
		return known, nil
	}
	var read Mediator
	if err := json.Unmarshal([]byte(text), &read); err != nil {
		return read, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) >= mostKnown {
		clear(m.known)
	}
	m.known[text] = read
	return read, nil
}

// mediatorByID fails with the fault NotFound.
func mediatorByID(ctx context.Context, q db.Querier, id string) (Mediator, error) {
	return db.Row(ctx, q, scanMediator, `SELECT `+mediatorColumns+` FROM mediation_mediator m WHERE m.id = $1`, id)
}

// speakers are the listed mediators who work in one language at least.
func speakers(ctx context.Context, q db.Querier, languages ...string) ([]Mediator, error) {
	var codes distinct
	for _, code := range languages {
		codes.add(code)
	}
	of := padded(codes.list)
	if len(of) == 0 {
		return nil, nil
	}
	return db.Rows(ctx, q, scanSpeaker, `SELECT `+mediatorColumns+` FROM mediation_mediator m
		WHERE m.id IN (SELECT l.mediator FROM mediation_language l WHERE l.code IN (`+db.Placeholders(1, len(of))+`)) AND m.state = 'listed' ORDER BY m.id`, of...)
}

// writeMediator inserts a mediator whose version is 0, or changes the one of that version: the fault
// Conflict when somebody was faster.
func (u *UseCases) writeMediator(ctx context.Context, tx *db.Tx, now time.Time, m *Mediator) error {
	sealed, err := u.seal(ctx, tx, m.ID, columnContact, m.Contact)
	if err != nil {
		return err
	}
	if m.Version == 0 {
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_mediator (id, version, account, member, section, state, name, sort_name, available, record, sealed, created, changed)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)`,
			m.ID, m.Account, m.Member, m.Section, m.Standing, m.Name, folded(m.Name), db.NullMillis(m.Available), db.JSON(m), sealed, db.Millis(now)); err != nil {
			return err
		}
	} else if n, err := db.Exec(ctx, tx, `UPDATE mediation_mediator SET version = version + 1, account = $3, member = $4, section = $5, state = $6, name = $7, sort_name = $8, available = $9, record = $10, sealed = $11, changed = $12
			WHERE id = $1 AND version = $2`,
		m.ID, m.Version, m.Account, m.Member, m.Section, m.Standing, m.Name, folded(m.Name), db.NullMillis(m.Available), db.JSON(m), sealed, db.Millis(now)); err != nil {
		return err
	} else if n == 0 {
		return fault.Conflict("mediation.changed_meanwhile")
	}
	m.Version++
	if _, err := db.Exec(ctx, tx, `DELETE FROM mediation_language WHERE mediator = $1`, m.ID); err != nil {
		return err
	}
	var rows [][]any
	for _, l := range m.Languages {
		rows = append(rows, []any{m.ID, l.Code})
	}
	_, err = db.Insert(ctx, tx, "mediation_language (mediator, code)", "ON CONFLICT DO NOTHING", rows)
	return err
}

const requestColumns = `r.id, r.version, r.kind, r.member, r.account, r.language, r.mode, r.start, r.finish, r.state, r.series, r.code, r.case_code, r.project, r.activity, r.record, r.created, r.settled`

func scanRequest(s db.Scanner) (Request, error) {
	var r Request
	return r, s.Scan(&r.ID, &r.Version, &r.Kind, &r.Member, &r.Account, &r.Language, &r.Mode, db.ScanTime(&r.Slot.Start), db.ScanTime(&r.Slot.End),
		&r.State, &r.Series, &r.Code, &r.CaseCode, &r.Project, &r.Activity, db.JSON(&r), db.ScanTime(&r.Created), db.ScanTime(&r.Settled))
}

// requestByID fails with the fault NotFound.
func requestByID(ctx context.Context, q db.Querier, id string) (Request, error) {
	return db.Row(ctx, q, scanRequest, `SELECT `+requestColumns+` FROM mediation_request r WHERE r.id = $1`, id)
}

func (u *UseCases) insertRequest(ctx context.Context, tx *db.Tx, r *Request) error {
	sealed, err := u.seal(ctx, tx, r.ID, columnPrivate, r.Private)
	if err != nil {
		return err
	}
	r.Version = 1
	_, err = db.Exec(ctx, tx, `INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, comune, record, sealed, created, settled)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, NULL)`,
		r.ID, r.Kind, r.Member, r.Account, r.Language, r.Mode, db.Millis(r.Slot.Start), db.Millis(r.Slot.End), r.State, r.Series, r.Code, r.CaseCode, r.Project, r.Activity, r.Place.Comune, db.JSON(r), sealed, db.Millis(r.Created))
	if err != nil {
		return err
	}
	return takePart(ctx, tx, *r)
}

// updateRequest writes state, time and record of a request that nobody has changed meanwhile.
func updateRequest(ctx context.Context, tx *db.Tx, r *Request) error {
	n, err := db.Exec(ctx, tx, `UPDATE mediation_request SET version = version + 1, mode = $3, start = $4, finish = $5, state = $6, record = $7, settled = $8 WHERE id = $1 AND version = $2`,
		r.ID, r.Version, r.Mode, db.Millis(r.Slot.Start), db.Millis(r.Slot.End), r.State, db.JSON(r), db.NullMillis(r.Settled))
	if err == nil && n == 0 {
		err = fault.Conflict("mediation.changed_meanwhile")
	}
	r.Version++
	return err
}

const bookingColumns = `b.id, b.version, b.request, b.seat, b.mediator, b.member, b.mode, b.start, b.finish, b.state, b.place, b.why, b.answer_by, b.ended, b.created, b.changed`

func scanBooking(s db.Scanner) (Booking, error) {
	var b Booking
	return b, s.Scan(&b.ID, &b.Version, &b.Request, &b.Seat, &b.Mediator, &b.Member, &b.Mode, db.ScanTime(&b.Slot.Start), db.ScanTime(&b.Slot.End),
		&b.State, db.JSON(&b.Place), db.JSON(&b.Why), db.ScanTime(&b.AnswerBy), &b.Ended, db.ScanTime(&b.Created), db.ScanTime(&b.Changed))
}

func bookingByID(ctx context.Context, q db.Querier, id string) (Booking, error) {
	return db.Row(ctx, q, scanBooking, `SELECT `+bookingColumns+` FROM mediation_booking b WHERE b.id = $1`, id)
}

// bookingsOf are the bookings of requests, in the order in which they were made.
func bookingsOf(ctx context.Context, q db.Querier, requests ...string) ([]Booking, error) {
	var ids distinct
	for _, id := range requests {
		ids.add(id)
	}
	of := padded(ids.list)
	if len(of) == 0 {
		return nil, nil
	}
	return db.Rows(ctx, q, scanBooking, `SELECT `+bookingColumns+` FROM mediation_booking b WHERE b.request IN (`+db.Placeholders(1, len(of))+`) ORDER BY b.id`, of...)
}

// held are the bookings of a mediator that hold time within [from, to), by their beginning.
func held(ctx context.Context, q db.Querier, mediator string, from, to time.Time) ([]Booking, error) {
	return db.Rows(ctx, q, scanBooking, `SELECT `+bookingColumns+` FROM mediation_booking b
		WHERE b.mediator = $1 AND b.finish > $2 AND b.start < $3 AND b.state IN ('proposed', 'confirmed', 'done', 'user_absent') ORDER BY b.start, b.id`,
		mediator, db.Millis(from), db.Millis(to))
}

func insertBooking(ctx context.Context, tx *db.Tx, b Booking) error {
	// First: who wants the same mediator waits here, before anything else is done for nothing.
	if err := changed(ctx, tx, b.Mediator); err != nil {
		return err
	}
	var accepted time.Time
	if b.State == Confirmed {
		accepted = b.Created
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, answer_by, ended, created, changed, accepted)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', $13, $13, $14)`,
		b.ID, b.Request, b.Seat, b.Mediator, b.Member, b.Mode, db.Millis(b.Slot.Start), db.Millis(b.Slot.End), b.State, db.JSON(b.Place), db.JSON(b.Why), db.NullMillis(b.AnswerBy), db.Millis(b.Created), db.NullMillis(accepted))
	return err
}

// updateBooking writes time, place, state and why of a booking that nobody has changed meanwhile, and when its
// mediator first said yes.
func updateBooking(ctx context.Context, tx *db.Tx, now time.Time, b *Booking) error {
	if err := changed(ctx, tx, b.Mediator); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE mediation_booking SET version = version + 1, mode = $3, start = $4, finish = $5, state = $6, place = $7, answer_by = $8, ended = $9, changed = $10, why = $11,
		accepted = CASE WHEN accepted IS NULL AND $6 = 'confirmed' THEN $10 ELSE accepted END WHERE id = $1 AND version = $2`,
		b.ID, b.Version, b.Mode, db.Millis(b.Slot.Start), db.Millis(b.Slot.End), b.State, db.JSON(b.Place), db.NullMillis(b.AnswerBy), b.Ended, db.Millis(now), db.JSON(b.Why))
	if err == nil && n == 0 {
		err = fault.Conflict("mediation.changed_meanwhile")
	}
	b.Version++
	b.Changed = now
	return err
}

// exceptionsOf are the times on and off of a mediator that end after from and begin before to.
func exceptionsOf(ctx context.Context, q db.Querier, mediator string, from, to time.Time) ([]Exception, error) {
	return db.Rows(ctx, q, func(s db.Scanner) (Exception, error) {
		var e Exception
		return e, s.Scan(&e.ID, &e.Mediator, db.ScanTime(&e.Slot.Start), db.ScanTime(&e.Slot.End), &e.Free, &e.Source, &e.UID)
	}, `SELECT id, mediator, start, finish, free, source, uid FROM mediation_exception WHERE mediator = $1 AND finish > $2 AND start < $3 ORDER BY start, id`,
		mediator, db.Millis(from), db.Millis(to))
}

// rulesOf are the rules of a body, or of the network, or the usual ones.
func rulesOf(ctx context.Context, q db.Querier, member string) (Rules, error) {
	found, err := rulesOfEach(ctx, q, member)
	return found[member], err
}

// rulesOfEach are the rules of several bodies.
func rulesOfEach(ctx context.Context, q db.Querier, members ...string) (map[string]Rules, error) {
	var bodies distinct
	for _, member := range members {
		bodies.add(member)
	}
	asked := append([]any{""}, bodies.list...) // the first are those of the network
	decided := map[string]Rules{"": UsualRules()}
	if err := db.Walk(ctx, q, func(s db.Scanner) error {
		var r Rules
		if err := s.Scan(&r.Member, &r.Version, &r.Planner, db.JSON(&r)); err != nil {
			return err
		}
		decided[r.Member] = r
		return nil
	}, `SELECT member, version, planner, record FROM mediation_rule WHERE member IN (`+db.Placeholders(1, len(padded(asked)))+`)`, padded(asked)...); err != nil {
		return nil, err
	}
	found := make(map[string]Rules, len(members))
	for _, member := range members {
		r, ok := decided[member]
		if !ok {
			r = decided[""]
		}
		found[member] = r
	}
	return found, nil
}

// seal keeps a value under the key of its subject; an empty one is not kept at all.
func (u *UseCases) seal(ctx context.Context, tx *db.Tx, subject, column string, value any) ([]byte, error) {
	plain, err := json.Marshal(value)
	if err != nil || string(plain) == "{}" {
		return nil, err
	}
	return u.Vault.Seal(ctx, tx, subject, column, plain)
}

// unseal reads back what seal kept; nothing when nothing was kept.
func (u *UseCases) unseal(ctx context.Context, q db.Querier, table, subject, column string, into any) error {
	sealed, err := db.Row(ctx, q, db.Column[[]byte], `SELECT sealed FROM `+table+` WHERE id = $1`, subject)
	if err != nil || len(sealed) == 0 {
		return err
	}
	plain, err := u.Vault.Open(ctx, q, subject, column, sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, into)
}

// called are the accounts of mediators who have to do with a request, without those who have none.
type called struct{ booked, offered []string }

// calledFor says the same of one request as requestTable does of all.
func calledFor(ctx context.Context, q db.Querier, now time.Time, request string) (called, error) {
	who := called{booked: []string{}, offered: []string{}}
	err := db.Walk(ctx, q, func(s db.Scanner) error {
		var account string
		var booked bool
		if err := s.Scan(&account, &booked); err != nil {
			return err
		}
		if booked {
			who.booked = append(who.booked, account)
		} else {
			who.offered = append(who.offered, account)
		}
		return nil
	}, `SELECT m.account, TRUE FROM mediation_mediator m JOIN mediation_booking b ON b.mediator = m.id
			WHERE m.account <> '' AND b.request = $1 AND b.state IN ('proposed', 'confirmed', 'done', 'user_absent') AND b.finish > $2
		UNION SELECT m.account, FALSE FROM mediation_mediator m JOIN mediation_offer o ON o.mediator = m.id
			WHERE m.account <> '' AND o.request = $1 AND o.answer = ''`, request, overSince(now))
	return who, err
}

// folded is a name as it is sorted and looked for, without what LIKE understands.
func folded(text string) string {
	return strings.NewReplacer("%", "", "_", "", `\`, "").Replace(lang.Fold(text))
}
