// SPDX-License-Identifier: EUPL-1.2

package agenda

import (
	"context"
	"net/url"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Outside is the calendar that a mediator keeps elsewhere.
type Outside struct {
	Mediator string
	Version  int64
	Host     string // of its address, which is a secret itself
	Trouble  Trouble
	Failures int
	Busy     int // busy times that were found
	Odd      int // entries that were not understood
	Read     time.Time
	Next     time.Time

	etag, modified string
	whole          time.Time // when it last gave more than "nothing has changed"
}

// Trouble is why a calendar could not be read. Its values are stored; words stand in the catalogue under
// agenda.trouble.
type Trouble string

// The troubles.
const (
	NoTrouble   Trouble = ""
	Unreachable Trouble = "unreachable" // no connection, or no answer in time
	Forbidden   Trouble = "forbidden"   // the address leads into the house, or to no web site
	Gone        Trouble = "gone"        // 401, 403, 404, 410: the owner has withdrawn it
	Failing     Trouble = "failing"     // any other answer
	NoCalendar  Trouble = "no_calendar" // an answer that is none: a page that asks to log in
	TooLarge    Trouble = "too_large"
)

// Troubles are all troubles.
var Troubles = []Trouble{Unreachable, Forbidden, Gone, Failing, NoCalendar, TooLarge}

const (
	columnAddress = "mediation.calendar"
	// readEvery is how often a calendar elsewhere is read, and mostWait how seldom one that fails.
	readEvery  = 30 * time.Minute
	mostWait   = 24 * time.Hour
	maxAddress = 2000
	// busyAhead is how far ahead busy times are kept, and mostBusy how many.
	busyAhead = 366 * 24 * time.Hour
	mostBusy  = 3000
	// wholeEvery is how often everything is read although nothing has changed: a year from now is another.
	wholeEvery = 7 * 24 * time.Hour
	// leased is for how long another node leaves alone a calendar that is being read.
	leased = 5 * time.Minute
)

const outsideColumns = `o.mediator, o.version, o.host, o.etag, o.modified, o.trouble, o.failures, o.busy, o.odd, o.read_at, o.whole_at, o.next_at`

func scanOutside(s db.Scanner) (Outside, error) {
	var o Outside
	return o, s.Scan(&o.Mediator, &o.Version, &o.Host, &o.etag, &o.modified, &o.Trouble, &o.Failures, &o.Busy, &o.Odd, db.ScanTime(&o.Read), db.ScanTime(&o.whole), db.ScanTime(&o.Next))
}

// Outside is the calendar that the actor keeps elsewhere; found says whether there is one.
func (u *UseCases) Outside(ctx context.Context, actor access.Actor) (o Outside, found bool, err error) {
	mediator, err := u.owned(ctx, actor, App)
	if err != nil {
		return o, false, err
	}
	o, err = db.Row(ctx, u.DB, scanOutside, `SELECT `+outsideColumns+` FROM mediation_calendar_outside o WHERE o.mediator = $1`, mediator)
	if fault.Is(err, fault.KindNotFound) {
		return o, false, nil
	}
	return o, err == nil, err
}

// Connect says where the actor keeps another calendar; its busy times are read within minutes. Faults:
// Invalid by field; access.Missing.
func (u *UseCases) Connect(ctx context.Context, actor access.Actor, address string) error {
	a, err := addressOf(address)
	if err != nil {
		return err
	}
	mediator, err := u.owned(ctx, actor, App)
	if err != nil {
		return err
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		sealed, err := u.Vault.Seal(ctx, tx, mediator, columnAddress, []byte(a.String()))
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_calendar_outside (mediator, version, sealed, host, etag, modified, trouble, failures, busy, odd, read_at, next_at)
			VALUES ($1, 1, $2, $3, '', '', '', 0, 0, 0, NULL, $4)
			ON CONFLICT (mediator) DO UPDATE SET version = mediation_calendar_outside.version + 1, sealed = excluded.sealed, host = excluded.host, etag = '', modified = '', trouble = '', failures = 0, busy = 0, odd = 0, read_at = NULL, whole_at = NULL, next_at = excluded.next_at`,
			mediator, sealed, a.Host, db.Millis(now)); err != nil {
			return err
		}
		if err := forgetBusy(ctx, tx, mediator); err != nil {
			return err
		}
		return u.noteOutside(ctx, tx, actor, mediator)
	})
}

func (u *UseCases) noteOutside(ctx context.Context, tx *db.Tx, actor access.Actor, mediator string) error {
	return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.calendar.keep", Kind: "mediator", Record: mediator})
}

// addressOf reads an address as people copy it.
func addressOf(text string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	if rest, found := strings.CutPrefix(text, "webcal://"); found {
		text = "https://" + rest
	}
	a, err := url.Parse(text)
	if err != nil || a.Scheme != "https" && a.Scheme != "http" || a.Hostname() == "" || a.User != nil || len(text) > maxAddress {
		return nil, fault.Invalid("address", "agenda.address")
	}
	return a, nil
}

// Disconnect forgets the calendar elsewhere and the busy times that it gave.
func (u *UseCases) Disconnect(ctx context.Context, actor access.Actor) error {
	mediator, err := u.owned(ctx, actor, App)
	if err != nil {
		return err
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `DELETE FROM mediation_calendar_outside WHERE mediator = $1`, mediator)
		if err != nil {
			return err
		}
		if n == 0 {
			return access.Missing()
		}
		if err := forgetBusy(ctx, tx, mediator); err != nil {
			return err
		}
		return u.noteOutside(ctx, tx, actor, mediator)
	})
}

func forgetBusy(ctx context.Context, tx *db.Tx, mediator string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM mediation_exception WHERE mediator = $1 AND source = 'calendar'`, mediator)
	return err
}

// Due reads the calendars whose time has come, one after another; a job calls it every few minutes. The
// next time is set before the reading, so that two nodes do not read the same one at once.
func (u *UseCases) Due(ctx context.Context) (read int, err error) {
	for ctx.Err() == nil {
		o, address, found, err := u.nextDue(ctx)
		if err != nil || !found {
			return read, err
		}
		read++
		if err := u.fetch(ctx, o, address); err != nil {
			return read, err
		}
	}
	return read, ctx.Err()
}

func (u *UseCases) nextDue(ctx context.Context) (o Outside, address string, found bool, err error) {
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		o, err = db.Row(ctx, tx, scanOutside, `SELECT `+outsideColumns+` FROM mediation_calendar_outside o WHERE o.next_at <= $1 ORDER BY o.next_at, o.mediator LIMIT 1`, db.Millis(now))
		if found = err == nil; fault.Is(err, fault.KindNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		sealed, err := db.Row(ctx, tx, db.Column[[]byte], `SELECT sealed FROM mediation_calendar_outside WHERE mediator = $1`, o.Mediator)
		if err != nil {
			return err
		}
		plain, err := u.Vault.Open(ctx, tx, o.Mediator, columnAddress, sealed)
		if err != nil {
			return err
		}
		address = string(plain)
		_, err = db.Exec(ctx, tx, `UPDATE mediation_calendar_outside SET next_at = $2 WHERE mediator = $1`, o.Mediator, db.Millis(now.Add(leased)))
		return err
	})
	return o, address, found, err
}

// fetch reads one calendar and keeps its busy times in the place of those it had. What fails leaves them as
// they were: who is busy does not become free because a server is down.
func (u *UseCases) fetch(ctx context.Context, o Outside, address string) error {
	got := u.get(ctx, o, address)
	if ctx.Err() != nil {
		return ctx.Err() // the program stops: no fault of the calendar
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		next, failures := now.Add(readEvery), 0
		if got.trouble != NoTrouble {
			failures = o.Failures + 1
			next = now.Add(min(readEvery<<min(failures, 10), mostWait))
			_, err := db.Exec(ctx, tx, `UPDATE mediation_calendar_outside SET trouble = $3, failures = $4, next_at = $5, etag = '', modified = '' WHERE mediator = $1 AND version = $2`,
				o.Mediator, o.Version, got.trouble, failures, db.Millis(next))
			return err
		}
		if got.same {
			_, err := db.Exec(ctx, tx, `UPDATE mediation_calendar_outside SET trouble = '', failures = 0, read_at = $3, next_at = $4 WHERE mediator = $1 AND version = $2`,
				o.Mediator, o.Version, db.Millis(now), db.Millis(next))
			return err
		}
		n, err := db.Exec(ctx, tx, `UPDATE mediation_calendar_outside SET trouble = '', failures = 0, etag = $3, modified = $4, busy = $5, odd = $6, read_at = $7, whole_at = $7, next_at = $8 WHERE mediator = $1 AND version = $2`,
			o.Mediator, o.Version, got.etag, got.modified, len(got.busy), got.odd, db.Millis(now), db.Millis(next))
		if err != nil || n == 0 { // it was disconnected meanwhile, or is another one now
			return err
		}
		return replaceBusy(ctx, tx, o.Mediator, got.busy)
	})
}

func replaceBusy(ctx context.Context, tx *db.Tx, mediator string, busy []calendar.Interval) error {
	if err := forgetBusy(ctx, tx, mediator); err != nil {
		return err
	}
	rows := make([][]any, len(busy))
	for i, b := range busy {
		rows[i] = []any{db.NewID(), mediator, db.Millis(b.From), db.Millis(b.To), false, mediation.FromCalendar, ""}
	}
	_, err := db.Insert(ctx, tx, "mediation_exception (id, mediator, start, finish, free, source, uid)", "", rows)
	return err
}
