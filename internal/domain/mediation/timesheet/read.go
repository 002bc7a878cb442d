// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"context"
	"slices"
	"strconv"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
)

// Query chooses sessions. Empty fields choose all.
type Query struct {
	State   State
	Outcome Outcome
	Month   string // "2026-11"
	Own     string // account of the mediator whose they are
	Page    int    // from 1
	Size    int
}

var sessionTable = access.Table{Type: "MediationSession", ID: "s.booking", Columns: map[string]access.Column{
	"member":  {SQL: "s.member", Kind: access.Text},
	"keeper":  {SQL: "s.keeper", Kind: access.Text},
	"account": {SQL: "m.account", Kind: access.Text},
}}

// Listed is a session in a list.
type Listed struct {
	Session
	Name     string // of the mediator
	Language string
	Mode     mediation.Mode
	Slot     mediation.Slot
	// Countersigns says whether it waits for the countersignature of whoever looks at the list.
	Countersigns bool
	account      string // of the mediator
}

const listedColumns = sessionColumns + `, m.name, m.account, r.language, b.mode, b.start, b.finish`

const listed = ` FROM mediation_session s JOIN mediation_mediator m ON m.id = s.mediator JOIN mediation_booking b ON b.id = s.booking JOIN mediation_request r ON r.id = b.request WHERE `

func scanListed(row db.Scanner) (Listed, error) {
	var l Listed
	s := &l.Session
	return l, row.Scan(&s.Booking, &s.Version, &s.Mediator, &s.Member, &s.Keeper, &s.Outcome, &s.State, &s.Day, db.ScanTime(&s.Began), db.ScanTime(&s.Ended),
		&s.Minutes, &s.Travel, &s.Expenses, &s.Rate, &s.Project, &s.Activity, &s.Timesheet, db.JSON(s), db.ScanTime(&s.Changed),
		&l.Name, &l.account, &l.Language, &l.Mode, db.ScanTime(&l.Slot.Start), db.ScanTime(&l.Slot.End))
}

// Sessions lists the sessions that the actor may see, the latest first, and says how many there are.
func (u *UseCases) Sessions(ctx context.Context, actor access.Actor, q Query) (list []Listed, total int, err error) {
	scope, args, err := u.Guard.Scope(actor, "mediation.session.read", sessionTable, 1)
	if err != nil {
		return nil, 0, err
	}
	from := listed + `(` + scope + `)`
	add := func(condition string, arg any) {
		args = append(args, arg)
		from += ` AND ` + condition + ` $` + strconv.Itoa(len(args))
	}
	if q.State != "" {
		add(`s.state =`, q.State)
	}
	if q.Outcome != "" {
		add(`s.outcome =`, q.Outcome)
	}
	if q.Month != "" {
		add(`s.day >=`, q.Month+"-01")
		add(`s.day <=`, q.Month+"-31")
	}
	if q.Own != "" {
		add(`m.account =`, q.Own)
	}
	size := min(max(q.Size, 1), 500)
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if total, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*)`+from, args...); err != nil {
			return err
		}
		list, err = db.Rows(ctx, tx, scanListed, `SELECT `+listedColumns+from+` ORDER BY b.start DESC, s.booking LIMIT `+strconv.Itoa(size)+` OFFSET `+strconv.Itoa(max(q.Page-1, 0)*size), args...)
		return err
	})
	for i := range list {
		l := &list[i]
		l.Countersigns = l.State == Reported && (l.account == "" || l.account != actor.Account) && u.Guard.Allows(ctx, actor, "mediation.session.countersign", l.resource(l.account))
	}
	return list, total, err
}

// Due are the bookings of whoever is logged in that have begun, or begin within the hours in which one can
// check in, and were not reported: the latest first, of the last two months.
func (u *UseCases) Due(ctx context.Context, actor access.Actor) (list []mediation.Engaged, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list = nil
		now := u.Clock()
		ids, err := db.Rows(ctx, tx, db.Column[string], `SELECT b.id FROM mediation_booking b JOIN mediation_mediator m ON m.id = b.mediator LEFT JOIN mediation_session s ON s.booking = b.id
			WHERE m.account = $1 AND m.account <> '' AND b.state = 'confirmed' AND b.start <= $2 AND b.start > $3 AND (s.state IS NULL OR s.state IN ('expected', 'begun', 'ended')) ORDER BY b.start DESC LIMIT 50`,
			actor.Account, db.Millis(now.Add(mediation.Early)), db.Millis(now.AddDate(0, -2, 0)))
		if err != nil {
			return err
		}
		for _, id := range ids {
			w, err := u.open(ctx, tx, actor, "mediation.session.report", id)
			if err != nil {
				return err
			}
			list = append(list, w.Engaged)
		}
		return nil
	})
	return list, err
}

// File is everything of one session.
type File struct {
	mediation.Engaged
	Session   Session
	Notes     Notes
	Rules     mediation.Rules
	Agreed    mediation.Conditions
	Evaluated map[string]bool // by side, whether they have said how it was
	// What the actor may do with it.
	Reports, Countersigns, Resolves bool
}

// File reads one session, which is recorded when something sealed is in it. access.Missing for whoever
// may not.
func (u *UseCases) File(ctx context.Context, actor access.Actor, booking string) (f File, err error) {
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		w, err := u.open(ctx, tx, actor, "mediation.session.read", booking)
		if err != nil {
			return err
		}
		f, err = u.file(ctx, tx, actor, w)
		if err != nil {
			return err
		}
		r := w.Session.resource(w.Mediator.Account)
		f.Reports = u.Guard.Allows(ctx, actor, "mediation.session.report", r)
		f.Countersigns = u.Guard.Allows(ctx, actor, "mediation.session.countersign", r) && !f.Reports
		f.Resolves = u.Guard.Allows(ctx, actor, "mediation.session.resolve", r) && !f.Reports
		if !f.Countersigns {
			f.Session.Code = "" // one is shown it by those who wait for one
		}
		return nil
	})
	return f, err
}

// OwnFile reads one session for its mediator.
func (u *UseCases) OwnFile(ctx context.Context, actor access.Actor, d Door) (f File, err error) {
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		w, err := u.enter(ctx, tx, actor, d)
		if err != nil {
			return err
		}
		f, err = u.file(ctx, tx, actor, w)
		f.Reports, f.Session.Code = true, ""
		return err
	})
	return f, err
}

func (u *UseCases) file(ctx context.Context, tx *db.Tx, actor access.Actor, w work) (f File, err error) {
	f = File{Engaged: w.Engaged, Session: w.Session, Evaluated: map[string]bool{}}
	if f.Rules, err = mediation.RulesWith(ctx, tx, w.Booking.Member); err != nil {
		return f, err
	}
	if f.Agreed, err = mediation.TermsWith(ctx, tx, w.Booking); err != nil {
		return f, err
	}
	if w.Session.Version == 0 {
		return f, nil
	}
	sides, err := db.Rows(ctx, tx, db.Column[string], `SELECT side FROM mediation_evaluation WHERE booking = $1`, w.Booking.ID)
	if err != nil {
		return f, err
	}
	for _, side := range sides {
		f.Evaluated[side] = true
	}
	if f.Session.Topics, err = u.topics(ctx, tx, w); err != nil {
		return f, err
	}
	if f.Notes, err = u.notes(ctx, tx, w.Booking.ID); err != nil || f.Notes == (Notes{}) && len(f.Session.Topics) == 0 {
		return f, err
	}
	return f, audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.session.read", Kind: "mediation-session", Record: w.Booking.ID, Read: true})
}

// OfRequest are the sessions of a request that the actor may see, by booking, with those that are still to
// come: for the page of the request.
func (u *UseCases) OfRequest(ctx context.Context, actor access.Actor, request string) (list []File, err error) {
	ids, err := db.Rows(ctx, u.DB, db.Column[string], `SELECT id FROM mediation_booking WHERE request = $1 AND (state IN ('confirmed', 'done', 'user_absent', 'mediator_absent') OR id IN (SELECT booking FROM mediation_session)) ORDER BY seat, id`, request)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		f, err := u.File(ctx, actor, id)
		if fault.Is(err, fault.KindNotFound) {
			continue // a colleague's, who comes too
		} else if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

// Receipt gives the receipt of an expense; access.Missing for whoever may not see the session.
func (u *UseCases) Receipt(ctx context.Context, actor access.Actor, booking string, n int) (upload.Kept, []byte, error) {
	var kept upload.Kept
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		w, err := u.open(ctx, tx, actor, "mediation.session.read", booking)
		if err != nil {
			return err
		}
		if n < 0 || n >= len(w.Session.Spent) || w.Session.Spent[n].Receipt.None() {
			return access.Missing()
		}
		kept = w.Session.Spent[n].Receipt
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.session.read", Kind: "mediation-session", Record: booking, Read: true})
	})
	if err != nil {
		return kept, nil, err
	}
	content, err := u.Receipts.Read(kept)
	return kept, content, err
}

// monthOf is the month of a day: "2026-11".
func monthOf(day string) string { return day[:min(len(day), 7)] }

// ThisMonth is the month of today.
func (u *UseCases) ThisMonth() string {
	return monthOf(calendar.DayOf(u.Clock(), calendar.Rome()).String())
}

// Months are the months around, the latest first: this one and the eleven before.
func (u *UseCases) Months() []string {
	at := u.Clock().In(calendar.Rome())
	var list []string
	for i := range 12 {
		year, month := at.Year(), int(at.Month())-i
		for month < 1 {
			month, year = month+12, year-1
		}
		list = append(list, strconv.Itoa(year)+"-"+pad(month))
	}
	return slices.Clip(list)
}

func pad(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
