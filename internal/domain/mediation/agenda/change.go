// SPDX-License-Identifier: EUPL-1.2

package agenda

import (
	"context"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/calendar/ical"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Condition is what a program knows of the entry that it changes.
type Condition struct {
	New bool   // it must not be there yet
	Tag string // it must be that one; "" for whatever there is, "*" for any that there is
}

// Refusal is why a change of an entry is not taken, for programs that tell one reason from another.
type Refusal string

// The reasons.
const (
	RefusedStale   Refusal = "stale"   // the entry is not what the program thinks
	RefusedText    Refusal = "text"    // not a calendar at all
	RefusedData    Refusal = "data"    // not an event, or not one that can be kept
	RefusedSame    Refusal = "same"    // an entry with the same identifier has another name
	RefusedTaken   Refusal = "taken"   // the time is not free
	RefusedRule    Refusal = "rule"    // the rules of the body do not allow it
	RefusedMissing Refusal = "missing" // there is no such entry
)

// RefusedError says why a change was not taken: Cause holds the words.
type RefusedError struct {
	Refusal Refusal
	Cause   error
}

func (e *RefusedError) Error() string { return "agenda: " + string(e.Refusal) + ": " + e.Cause.Error() }

// Unwrap gives the fault with the words.
func (e *RefusedError) Unwrap() error { return e.Cause }

func refused(r Refusal, cause error) error { return &RefusedError{r, cause} }

const (
	maxUID      = 255
	maxItemName = 255
	maxOff      = 366 * 24 * time.Hour
	mostTimes   = 200 // of one entry
)

// entry is what a program wants to keep.
type entry struct {
	uid   string
	times []ical.Occurrence
	first ical.Occurrence
	alone bool // one time, without any that follow
}

// Put writes an entry: a new time off, another time for one that is there, or another time for a booking.
// Its error is a *RefusedError, or access.Missing.
func (u *UseCases) Put(ctx context.Context, actor access.Actor, k Key, v Voice, name string, data []byte, c Condition) (created bool, err error) {
	if !plainName(name) {
		return false, refused(RefusedData, fault.Invalid("name", "agenda.entry"))
	}
	e, err := u.read(data)
	if err != nil {
		return false, err
	}
	var move *mediation.Booking
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		created, move = false, nil
		list, err := u.items(ctx, tx, k.Mediator, v)
		if err != nil {
			return err
		}
		old, there := Find(list, name)
		if err := c.holds(old, there); err != nil {
			return err
		}
		for _, i := range list {
			if i.UID == e.uid && i.Name != name || there && i.Name == name && i.UID != e.uid {
				return refused(RefusedSame, fault.Conflict("agenda.same"))
			}
		}
		if old.booking != nil {
			move = old.booking
			return nil
		}
		created = !there
		return u.keepOff(ctx, tx, actor, k.Mediator, name, e)
	})
	if err != nil || move == nil {
		return created, err
	}
	return false, u.move(ctx, actor, *move, e)
}

// holds says whether what the program knows is so.
func (c Condition) holds(old Item, there bool) error {
	if c.New && there || c.Tag == "*" && !there || c.Tag != "" && c.Tag != "*" && c.Tag != old.Tag {
		return refused(RefusedStale, fault.Conflict("mediation.changed_meanwhile"))
	}
	return nil
}

// read reads what a program sends.
func (u *UseCases) read(data []byte) (entry, error) {
	file, _, err := ical.Read(data, ical.Entry)
	if err != nil {
		return entry{}, refused(RefusedText, fault.Invalid("", "agenda.entry").Because(err))
	}
	e := entry{alone: true}
	events := 0
	for _, c := range file.Children {
		switch c.Name {
		case "VTIMEZONE":
			continue
		case "VEVENT":
		default:
			return entry{}, refused(RefusedData, fault.Invalid("", "agenda.entry"))
		}
		uid := c.Text("UID")
		if events++; uid == "" || len(uid) > maxUID || events > 1 && uid != e.uid || strings.ContainsFunc(uid, func(r rune) bool { return r < ' ' }) {
			return entry{}, refused(RefusedData, fault.Invalid("", "agenda.entry"))
		}
		e.uid = uid
		_, rule := c.Get("RRULE")
		_, dates := c.Get("RDATE")
		e.alone = e.alone && !rule && !dates && events == 1
	}
	if events == 0 {
		return entry{}, refused(RefusedData, fault.Invalid("", "agenda.entry"))
	}
	r, err := ical.BusyTimes(file, u.shown(), calendar.Rome(), ical.Entry)
	if err != nil {
		return entry{}, refused(RefusedData, fault.TooLarge("", "agenda.entry_long").Because(err))
	}
	switch {
	case len(r.Times) > mostTimes:
		return entry{}, refused(RefusedData, fault.TooLarge("", "agenda.entry_long"))
	case r.Odd > 0:
		return entry{}, refused(RefusedData, fault.Invalid("", "agenda.entry"))
	case len(r.Times) == 0: // transparent, called off, too short, or long past
		return entry{}, refused(RefusedData, fault.Invalid("", "agenda.not_off"))
	}
	e.times, e.first = r.Times, r.Times[0]
	for _, t := range e.times {
		if t.Duration() > maxOff {
			return entry{}, refused(RefusedData, fault.Invalid("", "agenda.entry_long"))
		}
	}
	return e, nil
}

// plainName says whether a name can be the last part of an address.
func plainName(name string) bool {
	return strings.HasSuffix(name, suffix) && len(name) > len(suffix) && len(name) <= maxItemName && !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '/' || r == '\\' || r == 0x7f })
}

// keepOff writes the times of an entry in the place of those that it had. One onto a booking is refused:
// whoever can't keep a booking gives it back.
func (u *UseCases) keepOff(ctx context.Context, tx *db.Tx, actor access.Actor, mediator, name string, e entry) error {
	for _, t := range e.times {
		held, err := slots(ctx, tx, ofMediator, mediator, t.Interval)
		if err != nil {
			return err
		}
		if len(held) > 0 {
			at := held[0].Slot.Start.In(calendar.Rome())
			return refused(RefusedTaken, fault.Conflict("agenda.booked", "day", at.Format("02/01/2006"), "hour", at.Format("15:04")))
		}
	}
	if _, err := removeOff(ctx, tx, mediator, name); err != nil {
		return err
	}
	now := u.Clock()
	rows := make([][]any, len(e.times))
	for i, t := range e.times {
		rows[i] = []any{db.NewID(), mediator, db.Millis(t.From), db.Millis(t.To), false, mediation.Own, e.uid, name, db.Millis(now), t.Day}
	}
	if _, err := db.Insert(ctx, tx, "mediation_exception (id, mediator, start, finish, free, source, uid, name, made, whole_day)", "", rows); err != nil {
		return err
	}
	return u.note(ctx, tx, actor, mediator)
}

func (u *UseCases) note(ctx context.Context, tx *db.Tx, actor access.Actor, mediator string) error {
	return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.hours.edit", Kind: "mediator", Record: mediator})
}

// removeOff takes away the times off of an entry: one that a program named, or one that was entered here.
func removeOff(ctx context.Context, tx *db.Tx, mediator, name string) (int64, error) {
	return db.Exec(ctx, tx, `DELETE FROM mediation_exception WHERE mediator = $1 AND source = 'own' AND NOT free AND (name = $2 OR (name = '' AND id = $3))`,
		mediator, name, strings.TrimSuffix(name, suffix))
}

// move gives a booking the time that a program wrote.
func (u *UseCases) move(ctx context.Context, actor access.Actor, b mediation.Booking, e entry) error {
	if !e.alone || e.first.Day {
		return refused(RefusedRule, fault.Invalid("", "agenda.booking"))
	}
	to := mediation.Slot{Start: e.first.From, End: e.first.To}
	if to.Start.Equal(b.Slot.Start) && to.End.Equal(b.Slot.End) {
		return nil // an alarm, a colour, a note: what is not kept here
	}
	return u.judged(u.Mediation.MoveBooking(ctx, actor, b.ID, b.Version, to))
}

// judged tells why the rules refuse.
func (u *UseCases) judged(err error) error {
	all := fault.All(err)
	switch {
	case err == nil || len(all) == 0 || fault.Is(err, fault.KindNotFound):
		return err
	case all[0].Message.Key == "mediation.taken":
		return refused(RefusedTaken, err)
	case all[0].Message.Key == "mediation.changed_meanwhile":
		return refused(RefusedStale, err)
	}
	return refused(RefusedRule, err)
}

// Delete takes an entry away: a time off, or a booking, which is given back. Its error is a *RefusedError,
// or access.Missing.
func (u *UseCases) Delete(ctx context.Context, actor access.Actor, k Key, v Voice, name string, c Condition) error {
	var given *mediation.Booking
	if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		given = nil
		list, err := u.items(ctx, tx, k.Mediator, v)
		if err != nil {
			return err
		}
		old, there := Find(list, name)
		if !there {
			return refused(RefusedMissing, access.Missing())
		}
		if err := c.holds(old, there); err != nil {
			return err
		}
		if old.booking != nil {
			given = old.booking
			return nil
		}
		if _, err := removeOff(ctx, tx, k.Mediator, name); err != nil {
			return err
		}
		return u.note(ctx, tx, actor, k.Mediator)
	}); err != nil || given == nil {
		return err
	}
	return u.judged(u.Mediation.Answer(ctx, actor, "booking", given.ID, false))
}
