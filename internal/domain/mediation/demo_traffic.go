// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// The traffic of the demo: weeks before its day and after it. Today stays free for whoever tries it out.
const (
	demoWeeksBack  = 8
	demoWeeksAhead = 2
)

// demoTongues are what is asked for in the demo, and how often. Nobody of the example roster speaks the
// last two: what is missing is to be seen too.
var demoTongues = []struct {
	code   string
	weight int
}{
	{"ar", 30}, {"uk", 12}, {"bn", 10}, {"zh", 8}, {"ur", 7}, {"sq", 7}, {"es", 6}, {"fr", 5}, {"en", 5}, {"wo", 4}, {"ti", 4}, {"so", 4}, {"fa", 4}, {"ta", 4}, {"tr", 3},
}

// demoComuni are where the demo meets: those of the example roster, and one where nobody lives near.
var demoComuni = []string{"082053", "082053", "082053", "081021", "044007", "040007", "040007"}

// traffic makes example requests by the rules of the choice itself, in memory, and writes them at once.
type traffic struct {
	rnd     *rand.Rand
	now     time.Time
	lists   map[string][]Candidate // by body and language
	engaged map[string][]Booking   // by mediator
	before  map[string][]string    // mediators of a person, by code

	charges map[string]DemoCharge // by body

	requests, bookings, offers, sessions, lacks, waiting, present [][]any
}

// DemoCharge is what a body charges a part of its example sessions to.
type DemoCharge struct{ Project, Activity string }

// DemoTraffic enters weeks of example requests of some example bodies, all made up: codes instead of
// persons, and no reason. Done again, or where requests are already, it changes nothing.
func (u *UseCases) DemoTraffic(ctx context.Context, bodies []string, charges map[string]DemoCharge) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		there, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_request`)
		if err != nil || there > 0 || len(bodies) == 0 {
			return err
		}
		t := &traffic{rnd: rand.New(rand.NewPCG(40, 1998)), now: u.Clock(), charges: charges, lists: map[string][]Candidate{}, engaged: map[string][]Booking{}, before: map[string][]string{}} // #nosec G404 -- examples, no secret
		// A body to which nobody lends has no traffic.
		var served []string
		for _, body := range bodies {
			lent := false
			for _, one := range demoTongues {
				r := Request{Kind: Scheduled, Member: body, Language: one.code, Mode: Phone, Slot: Slot{Start: t.now, End: t.now.Add(time.Hour)}}
				if t.lists[body+one.code], err = u.candidates(ctx, tx, r, t.now, t.now, t.now.Add(time.Hour)); err != nil {
					return err
				}
				lent = lent || slices.ContainsFunc(t.lists[body+one.code], func(c Candidate) bool { return c.Loan.Bar == "" })
			}
			if lent {
				served = append(served, body)
			}
		}
		if len(served) == 0 {
			return nil
		}
		today := calendar.DayOf(t.now, calendar.Rome())
		for day := today - 7*demoWeeksBack; day <= today+7*demoWeeksAhead; day++ {
			if day != today {
				t.day(day, served, day > today)
			}
		}
		t.leave(today, served)
		if err := t.write(ctx, tx); err != nil {
			return err
		}
		if last := served[len(served)-1]; last != served[0] { // it shares its plan
			if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_rule (member, version, record, planner) VALUES ($1, 1, $2, $3) ON CONFLICT (member) DO NOTHING`, last, db.JSON(UsualRules()), served[0]); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, t.now, audit.Event{Actor: access.Actor{Via: audit.ViaCommand}.Audited(), Action: "mediation.request.create", Kind: "mediation-request", Record: "example",
			Changes: []audit.Change{{Field: "examples", After: strconv.Itoa(len(t.requests))}}})
	})
}

// day makes the requests of a day: few at the end of the week, and fewer in the days to come.
func (t *traffic) day(day calendar.Day, bodies []string, ahead bool) {
	n := 4 + t.rnd.IntN(4)
	_, holiday := calendar.HolidayOn(day)
	if holiday || day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		n = t.rnd.IntN(2)
	}
	if ahead {
		n /= 2
	}
	for range n {
		r := t.request(day, bodies[max(t.rnd.IntN(len(bodies)+2)-2, 0)])
		if ahead {
			r.Kind = Scheduled
			if other := bodies[n%len(bodies)]; other != r.Member && len(t.requests)%2 == 0 {
				r.Bodies = []string{other}
			}
		}
		if r.Kind == OnCall {
			t.call(r)
		} else {
			t.plan(r)
		}
	}
}

// request draws what is asked for on a day.
func (t *traffic) request(day calendar.Day, body string) Request {
	draw, at := t.rnd.IntN(113), 0
	for draw >= demoTongues[at].weight {
		draw -= demoTongues[at].weight
		at++
	}
	r := Request{
		ID: db.NewID(), Version: 1, Kind: Scheduled, Member: body, Language: demoTongues[at].code, Mode: InPerson, State: Booked, Seats: 1,
		Code: fmt.Sprintf("ES-%d%02d", 1+t.rnd.IntN(6), at),
	}
	if len(t.requests)%3 == 0 {
		r.Project, r.Activity = t.charges[body].Project, t.charges[body].Activity
	}
	hour, minutes := []int{9, 10, 11, 14, 15, 16}[t.rnd.IntN(6)], 30*(1+t.rnd.IntN(4))
	switch draw := t.rnd.IntN(10); {
	case draw < 4:
		r.Kind, r.Mode, minutes = OnCall, Phone, 15*(1+t.rnd.IntN(3))
		if t.rnd.IntN(9) == 0 { // before the mediators begin, and in the evening
			hour = []int{8, 18, 19, 20}[t.rnd.IntN(4)]
		}
	case draw < 6:
		r.Mode = Video
	}
	if r.Mode == InPerson {
		c, _ := network.Territories().Comune(demoComuni[t.rnd.IntN(len(demoComuni))])
		r.Place = Place{Name: "Sportello di esempio", Comune: c.ISTAT}
		r.Place.Point, _, _ = network.Territories().PointOf(c)
	}
	start := calendar.Earliest(day, calendar.Clock(hour*60+15*t.rnd.IntN(4)), calendar.Rome())
	r.Slot = Slot{Start: start, End: start.Add(time.Duration(minutes) * time.Minute)}
	return r
}

// rank judges the mediators of the language as things were when the request was made.
func (t *traffic) rank(r Request) []Ranked {
	list := slices.Clone(t.lists[r.Member+r.Language])
	monday := calendar.DayOf(r.Slot.Start, calendar.Rome())
	monday -= calendar.Day((int(monday.Weekday()) + 6) % 7)
	for i := range list {
		c := &list[i]
		c.Engagements, c.Worked, c.Given = nil, Worked{}, 0
		c.Before = slices.Contains(t.before[r.Code], c.Mediator.ID)
		for _, b := range t.engaged[c.Mediator.ID] {
			if !b.State.Holds() {
				continue
			}
			c.Engagements = append(c.Engagements, b.Engagement())
			c.Given += b.Slot.Minutes()
			day := calendar.DayOf(b.Slot.Start, calendar.Rome())
			if day >= monday && day < monday+7 {
				c.Worked.Week += b.Slot.Minutes()
			}
			if day == calendar.DayOf(r.Slot.Start, calendar.Rome()) {
				c.Worked.Day += b.Slot.Minutes()
			}
		}
	}
	shareOut(list, calendar.Interval{From: r.Created.Add(-fairOver), To: r.Created})
	return slices.DeleteFunc(Rank(r.Created, r, UsualRules().Weights, list), func(one Ranked) bool { return one.Why.Barred != nil })
}

// plan makes a request at a time that was agreed some days before.
func (t *traffic) plan(r Request) {
	r.Created = r.Slot.Start.Add(-time.Duration(26+t.rnd.IntN(150)) * time.Hour)
	if latest := t.now.Add(-time.Duration(1+t.rnd.IntN(40)) * time.Hour); r.Created.After(latest) {
		r.Created = latest
	}
	able := t.rank(r)
	for try := 0; try < 4 && len(able) == 0; try++ { // the desk takes another hour of the day
		r.Slot = Slot{Start: r.Slot.Start.Add(-time.Hour), End: r.Slot.End.Add(-time.Hour)}
		if r.Slot.Start.In(calendar.Rome()).Hour() < 9 {
			r.Slot = Slot{Start: r.Slot.Start.Add(7 * time.Hour), End: r.Slot.End.Add(7 * time.Hour)}
		}
		able = t.rank(r)
	}
	if len(able) == 0 {
		if r.Slot.Start.Before(t.now) {
			t.lacks = append(t.lacks, []any{db.NewID(), r.Member, "", r.Language, r.Mode, r.Kind, r.Place.Comune, db.Millis(r.Slot.Start), calendar.DayOf(r.Created, calendar.Rome()).String(), db.Millis(r.Created)})
		}
		return
	}
	t.book(r, able[0], r.Created)
}

// call makes a request that was to be met at once: some say no before somebody says yes.
func (t *traffic) call(r Request) {
	r.Created = r.Slot.Start.Add(-3 * time.Minute)
	able := t.rank(r)
	if len(able) == 0 {
		r.State, r.Settled = Unmet, r.Created.Add(4*time.Minute)
		t.enter(r)
		return
	}
	wait := time.Duration(6+t.rnd.IntN(60)) * time.Second
	first := 0
	if len(able) > 1 && t.rnd.IntN(4) == 0 {
		first, wait = 1, wait+45*time.Second
	}
	for i, one := range able[:min(len(able), 5)] {
		answer, after := Withdrawn, wait
		switch {
		case i == first:
			answer = Accepted
		case i < first:
			answer, after = DeclinedOffer, wait/2
		}
		t.offers = append(t.offers, []any{db.NewID(), r.ID, one.Candidate.Mediator.ID, 1, r.Mode, db.Millis(r.Created), answer, db.Millis(r.Created.Add(after))})
	}
	able[first].Why = Why{By: ByAnswer}
	t.book(r, able[first], r.Created.Add(wait))
}

// book gives a request to a mediator, and says what came of it where it is over.
func (t *traffic) book(r Request, to Ranked, accepted time.Time) {
	m := to.Candidate.Mediator
	to.Why.From, to.Why.Under = to.Candidate.Loan.From, to.Candidate.Loan.Under
	b := Booking{ID: db.NewID(), Request: r.ID, Mediator: m.ID, Member: r.Member, Mode: r.Mode, Slot: r.Slot, State: Confirmed, Place: r.Place, Why: to.Why, Created: accepted, Changed: accepted}
	if over := t.now.Sub(r.Slot.End); over > 48*time.Hour {
		switch draw := t.rnd.IntN(100); {
		case draw < 4:
			r.State, r.Settled = RequestCancelled, r.Slot.Start.Add(-30*time.Hour)
			b.State, b.Ended = Cancelled, ByDesk
			if r.Kind == OnCall {
				r.Settled = accepted.Add(time.Minute)
			}
		case draw < 10:
			r.State, b.State, r.Settled = Done, UserAbsent, r.Slot.End
		case draw < 12:
			r.State, b.State, r.Settled = Unmet, MediatorAbsent, r.Slot.End
		default:
			r.State, b.State, r.Settled = Done, Finished, r.Slot.End
		}
		t.session(b, m, r, over)
	}
	t.enter(r)
	t.engaged[m.ID] = append(t.engaged[m.ID], b)
	t.before[r.Code] = append(t.before[r.Code], m.ID)
	t.bookings = append(t.bookings, []any{
		b.ID, 1, b.Request, 0, b.Mediator, b.Member, b.Mode, db.Millis(b.Slot.Start), db.Millis(b.Slot.End), b.State, db.JSON(b.Place), db.JSON(b.Why), b.Ended, db.Millis(b.Created), db.Millis(b.Created), db.Millis(accepted),
	})
}

// session is what took place: the desk has countersigned what is a week old.
func (t *traffic) session(b Booking, m Mediator, r Request, over time.Duration) {
	outcome, state := "held", "reported"
	switch b.State {
	case UserAbsent:
		outcome = "user_absent"
	case Finished:
	default:
		return
	}
	if over > 7*24*time.Hour {
		state = "confirmed"
	}
	travel := int(2 * Way(m.Home, b.Place).Minutes())
	t.sessions = append(t.sessions, []any{
		b.ID, 1, b.Mediator, b.Member, m.Member, outcome, state, calendar.DayOf(b.Slot.Start, calendar.Rome()).String(), db.Millis(b.Slot.Start), db.Millis(b.Slot.End), b.Slot.Minutes(), travel, 0,
		m.Rate(b.Mode), r.Project, r.Activity, "", db.JSON(map[string][]string{"done": {"interpreting"}}), db.Millis(b.Slot.End),
	})
}

func (t *traffic) enter(r Request) {
	for _, body := range r.Bodies {
		t.present = append(t.present, []any{r.ID, body})
	}
	t.requests = append(t.requests, []any{
		r.ID, 1, r.Kind, r.Member, "", r.Language, r.Mode, db.Millis(r.Slot.Start), db.Millis(r.Slot.End), r.State, "", r.Code, "", r.Project, r.Activity, r.Place.Comune, db.JSON(r), db.Millis(r.Created), db.NullMillis(r.Settled),
	})
}

// write enters everything, and the claims of everybody.
func (t *traffic) write(ctx context.Context, tx *db.Tx) error {
	var claims [][]any
	for _, list := range t.lists {
		for _, c := range list {
			held := slices.DeleteFunc(slices.Clone(t.engaged[c.Mediator.ID]), func(b Booking) bool { return !b.State.Holds() })
			delete(t.engaged, c.Mediator.ID) // once, however many languages and bodies
			if err := changed(ctx, tx, c.Mediator.ID); err != nil {
				return err
			}
			laid, clashes := Layout(c.Mediator.Home, engagements(held))
			if clashes != nil {
				return Taken()
			}
			for _, one := range laid {
				claims = append(claims, []any{c.Mediator.ID, one.Quantum, one.Booking, one.Travel})
			}
		}
	}
	for _, one := range []struct {
		into string
		rows [][]any
	}{
		{"mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, comune, record, created, settled)", t.requests},
		{"mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, ended, created, changed, accepted)", t.bookings},
		{"mediation_offer (id, request, mediator, wave, mode, sent, answer, answered)", t.offers},
		{"mediation_session (booking, version, mediator, member, keeper, outcome, state, day, began, ended, minutes, travel, expenses, rate, project, activity, timesheet, record, changed)", t.sessions},
		{"mediation_lack (id, member, code, language, mode, kind, comune, start, day, at)", t.lacks},
		{"mediation_claim (mediator, five_minutes, booking, travel)", claims},
		{"mediation_waiting (request, since, until, tried)", t.waiting},
		{"mediation_present (request, member)", t.present},
	} {
		if _, err := db.Insert(ctx, tx, one.into, "", one.rows); err != nil {
			return err
		}
	}
	return nil
}
