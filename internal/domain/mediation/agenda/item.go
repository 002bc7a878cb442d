// SPDX-License-Identifier: EUPL-1.2

package agenda

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/calendar/ical"
	"approdo/internal/kit/db"
	"approdo/internal/kit/lang"
)

// Item is one entry of a calendar, as a program gets it.
type Item struct {
	Name    string // of the resource: "….ics"
	UID     string
	Tag     string // differs whenever the text does
	Text    string // as a calendar of its own
	Changed time.Time
	Times   []calendar.Interval

	events  []*ical.Component
	booking *mediation.Booking // nil for a time off
}

// What is shown: the last month and what comes.
const (
	shownBack  = 31 * 24 * time.Hour
	shownAhead = 400 * 24 * time.Hour
)

func (u *UseCases) shown() calendar.Interval {
	now := u.Clock()
	return calendar.Interval{From: now.Add(-shownBack), To: now.Add(shownAhead)}
}

// Voice is how entries are written: in which language, and where links lead.
type Voice struct{ Language, Origin string }

const suffix = ".ics"

// slot is a booking with what of its request may leave the house.
type slot struct {
	mediation.Booking
	language string
}

const slotColumns = `b.id, b.version, b.request, b.mediator, b.member, b.mode, b.start, b.finish, b.state, b.place, b.created, b.changed, r.language`

func scanSlot(s db.Scanner) (slot, error) {
	var b slot
	return b, s.Scan(&b.ID, &b.Version, &b.Request, &b.Mediator, &b.Member, &b.Mode, db.ScanTime(&b.Slot.Start), db.ScanTime(&b.Slot.End), &b.State, db.JSON(&b.Place), db.ScanTime(&b.Created), db.ScanTime(&b.Changed), &b.language)
}

// slots are the bookings that hold time, of a mediator or a body.
func slots(ctx context.Context, q db.Querier, column, id string, within calendar.Interval) ([]slot, error) {
	return db.Rows(ctx, q, scanSlot, `SELECT `+slotColumns+` FROM mediation_booking b JOIN mediation_request r ON r.id = b.request
		WHERE (`+column+` = $1) AND b.finish > $2 AND b.start < $3 AND b.state IN ('proposed', 'confirmed', 'done', 'user_absent') ORDER BY b.start, b.id`,
		id, db.Millis(within.From), db.Millis(within.To))
}

const (
	ofMediator = `b.mediator`
	ofBody     = `$1 IN (SELECT p.member FROM mediation_present p WHERE p.request = b.request) OR b.member` // its own, and where it takes part
)

// item writes a booking.
func (u *UseCases) item(b slot, v Voice, link string) Item {
	w := u.Words(v.Language)
	e := &ical.Component{Name: "VEVENT"}
	status := "CONFIRMED"
	if b.State == mediation.Proposed {
		status = "TENTATIVE"
	}
	e.Add(
		ical.Raw("UID", UID(b.ID)), ical.Instant("DTSTAMP", b.Changed), ical.Instant("CREATED", b.Created), ical.Instant("LAST-MODIFIED", b.Changed),
		ical.Raw("SEQUENCE", strconv.FormatInt(b.Version-1, 10)), ical.Local("DTSTART", b.Slot.Start), ical.Local("DTEND", b.Slot.End),
		ical.Text("SUMMARY", w.Text("agenda.summary", "language", lang.Name(w.Lang(), b.language))),
		ical.Text("LOCATION", where(b.Booking, w.Text("agenda.mode."+string(b.Mode)))),
		ical.Raw("STATUS", status), ical.Raw("CLASS", "CONFIDENTIAL"), ical.Raw("TRANSP", "OPAQUE"), ical.Raw("URL", v.Origin+"/"+w.Lang()+link),
	)
	booking := b.Booking
	return finish(Item{Name: b.ID + suffix, UID: UID(b.ID), Changed: b.Changed, Times: []calendar.Interval{b.Slot.Interval()}, events: []*ical.Component{e}, booking: &booking})
}

// where says the comune of somebody who has to go there, and how one talks otherwise.
func where(b mediation.Booking, mode string) string {
	if c, ok := network.Territories().Comune(b.Place.Comune); ok && b.Mode == mediation.InPerson {
		return c.Label()
	}
	return mode
}

// UID is how calendars everywhere know a booking: in feeds, by CalDAV and in letters.
func UID(booking string) string { return booking + "@approdo" }

// finish adds what follows from the event.
func finish(i Item) Item {
	whole := ical.New("")
	whole.Children = append(slices.Clone(whole.Children), i.events...)
	i.Text = whole.String()
	i.Tag = tagOf(i.Text)
	return i
}

func tagOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:15])
}

// off is a time off as it lies in the database, with the name that a program gave it.
type off struct {
	mediation.Exception
	name string
	made time.Time
	day  bool
}

// timesOff are the times off that a mediator entered, here or by a program.
func timesOff(ctx context.Context, q db.Querier, mediator string, within calendar.Interval) ([]off, error) {
	return db.Rows(ctx, q, func(s db.Scanner) (off, error) {
		var o off
		return o, s.Scan(&o.ID, &o.Mediator, db.ScanTime(&o.Slot.Start), db.ScanTime(&o.Slot.End), &o.UID, &o.name, db.ScanTime(&o.made), &o.day)
	}, `SELECT id, mediator, start, finish, uid, name, made, whole_day FROM mediation_exception
		WHERE mediator = $1 AND finish > $2 AND start < $3 AND source = 'own' AND NOT free ORDER BY start, id`, mediator, db.Millis(within.From), db.Millis(within.To))
}

// offItems writes times off: those of one entry of a program as one, with its further times.
func (u *UseCases) offItems(list []off, v Voice) []Item {
	byName := map[string][]off{}
	var order []string
	for _, o := range list {
		name := cmp.Or(o.name, o.ID+suffix)
		if byName[name] == nil {
			order = append(order, name)
		}
		byName[name] = append(byName[name], o)
	}
	items := make([]Item, len(order))
	for i, name := range order {
		items[i] = u.offItem(name, byName[name], v)
	}
	return items
}

func (u *UseCases) offItem(name string, list []off, v Voice) Item {
	w, first := u.Words(v.Language), list[0]
	uid := cmp.Or(first.UID, UID(first.ID))
	made := first.made
	if made.IsZero() {
		made = time.UnixMilli(0)
	}
	write := ical.Local
	if first.day {
		write = ical.Days
	}
	said := []ical.Prop{ical.Text("SUMMARY", w.Text("agenda.off")), ical.Raw("STATUS", "CONFIRMED"), ical.Raw("CLASS", "PRIVATE"), ical.Raw("TRANSP", "OPAQUE")}
	event := func(o off, more ...ical.Prop) *ical.Component {
		e := &ical.Component{Name: "VEVENT"}
		e.Add(ical.Raw("UID", uid), ical.Instant("DTSTAMP", made), write("DTSTART", o.Slot.Start), write("DTEND", o.Slot.End))
		e.Add(more...)
		e.Add(said...)
		return e
	}
	var starts []time.Time
	var others []*ical.Component // that are longer or shorter than the first
	times := []calendar.Interval{first.Slot.Interval()}
	for _, o := range list[1:] {
		starts = append(starts, o.Slot.Start)
		times = append(times, o.Slot.Interval())
		if o.Slot.End.Sub(o.Slot.Start) != first.Slot.End.Sub(first.Slot.Start) && !o.day {
			others = append(others, event(o, ical.Local("RECURRENCE-ID", o.Slot.Start)))
		}
	}
	var again []ical.Prop
	if starts != nil {
		again = append(again, write("RDATE", starts...))
	}
	return finish(Item{Name: name, UID: uid, Changed: made, Times: times, events: append([]*ical.Component{event(first, again...)}, others...)})
}

// Items are all entries of the calendar of a mediator, by name. access.Missing for who does not keep it.
func (u *UseCases) Items(ctx context.Context, k Key, v Voice) (list []Item, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, err = u.items(ctx, tx, k.Mediator, v)
		return err
	})
	return list, err
}

func (u *UseCases) items(ctx context.Context, q db.Querier, mediator string, v Voice) ([]Item, error) {
	bookings, err := slots(ctx, q, ofMediator, mediator, u.shown())
	if err != nil {
		return nil, err
	}
	off, err := timesOff(ctx, q, mediator, u.shown())
	if err != nil {
		return nil, err
	}
	list := u.offItems(off, v)
	for _, b := range bookings {
		list = append(list, u.item(b, v, "/mediation"))
	}
	slices.SortFunc(list, func(a, b Item) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// Find is the entry of a name.
func Find(list []Item, name string) (Item, bool) {
	i := slices.IndexFunc(list, func(i Item) bool { return i.Name == name })
	if i < 0 {
		return Item{}, false
	}
	return list[i], true
}

// Whole is a calendar with all the entries in it.
func Whole(list []Item) string {
	c := ical.New("")
	c.Children = slices.Clone(c.Children)
	for _, i := range list {
		c.Children = append(c.Children, i.events...)
	}
	return c.String()
}

// FreeBusy says when somebody is busy within a time, and nothing else (RFC 4791, 7.10).
func FreeBusy(list []Item, within calendar.Interval) string {
	var busy []calendar.Interval
	for _, i := range list {
		for _, t := range i.Times {
			if part, some := t.Intersect(within); some {
				busy = append(busy, part)
			}
		}
	}
	f := &ical.Component{Name: "VFREEBUSY"}
	f.Add(ical.Instant("DTSTAMP", within.From), ical.Instant("DTSTART", within.From), ical.Instant("DTEND", within.To))
	const form = "20060102T150405Z"
	for _, t := range calendar.Merge(busy) {
		f.Add(ical.Raw("FREEBUSY", t.From.UTC().Format(form)+"/"+t.To.UTC().Format(form)))
	}
	c := ical.New("")
	c.Children = append(slices.Clone(c.Children), f)
	return c.String()
}
