// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/migrations"
)

// Many desks and mediators write at once, on three nodes and by every way to a booking: what they hear is
// what they would have heard one after the other, and nobody is ever at two places.
func TestNeverTwice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, nodes []*db.DB) { newContest(t, nodes, crowd).run(30) })
}

var engines = map[db.Engine]func(t *testing.T) db.Config{
	db.SQLite:   func(t *testing.T) db.Config { return db.Config{Dir: t.TempDir()} },
	db.Postgres: func(t *testing.T) db.Config { return db.Config{URL: dbtest.PostgresURL(t, migrations.FS)} },
}

// each runs a test on three nodes over one database of either engine.
func each(t *testing.T, fn func(t *testing.T, nodes []*db.DB)) {
	for engine, config := range engines {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			fn(t, three(t, config(t)))
		})
	}
}

// three opens a database three times, each with connections of its own.
func three(t *testing.T, c db.Config) []*db.DB {
	nodes := make([]*db.DB, 3)
	for i := range nodes {
		d, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		nodes[i] = d
	}
	if _, err := nodes[0].Migrate(t.Context(), migrations.FS); err != nil {
		t.Fatal(err)
	}
	return nodes
}

// history is what clients asked and heard, and when.
type history struct {
	mu         sync.Mutex
	operations []porcupine.Operation
}

var started = time.Now()

// record runs do and remembers it; a failure that is no answer fails the test.
func (h *history) record(t *testing.T, client int, a act, do func() (answer, error)) answer {
	from := time.Since(started)
	said, err := do()
	to := time.Since(started)
	if err != nil {
		t.Errorf("%s: %v", a.do, err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, porcupine.Operation{ClientId: client, Input: a, Call: int64(from), Output: said, Return: int64(to)})
	return said
}

// workday is a day for each round on which everybody works.
func workday(round int) calendar.Day {
	day, _ := calendar.NewDay(2027, 3, 2)
	for n := -1; ; day++ {
		if _, holiday := calendar.HolidayOn(day); holiday || day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			continue
		}
		if n++; n == round {
			return day
		}
	}
}

func hour(day calendar.Day, h, minute int) mediation.Slot {
	start := calendar.Earliest(day, calendar.Clock(h*60+minute), calendar.Rome())
	return mediation.Slot{Start: start, End: calendar.Earliest(day, calendar.Clock((h+1)*60), calendar.Rome())}
}

// contest is a network whose mediators everybody wants: two for each language.
type contest struct {
	t       *testing.T
	o       *office
	nodes   []*mediation.UseCases
	rosters []*roster
	dice    *rand.Rand
	took    []time.Duration
}

// roster are the two mediators of a language. What happens to one language is a history of its own: that
// all such histories are linearizable says that the whole is.
type roster struct {
	language     string
	amal, dina   string
	names        [2]string
	history      history
	acts         []act
	before, wins int
}

// crowd is how many clients want the mediators of one language.
const crowd = 10

func newContest(t *testing.T, dbs []*db.DB, clients int) *contest {
	o := open(t, dbs[0])
	c := &contest{t: t, o: o, dice: rand.New(rand.NewPCG(1, 2))}
	for _, d := range dbs {
		node := o.Deps
		node.DB = d
		c.nodes = append(c.nodes, mediation.New(node)) // each remembers for itself
	}
	rules := mediation.UsualRules()
	rules.Member, rules.Notice = desk.Member, 0 // hours that begin now are booked and accepted at once
	if err := o.Decide(t.Context(), actor(desk.Member, access.MediationCoordinator), rules); err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"ar", "fr", "uk", "sq", "zh", "bn", "ur", "es", "en", "ro"}[:clients/crowd] {
		r := &roster{language: language, names: [2]string{"Amal " + language, "Dina " + language}}
		speaks := func(account string) func(m *mediation.Mediator) {
			return func(m *mediation.Mediator) { m.Languages[0].Code, m.Account = language, account }
		}
		o.accounts["amal-"+language], o.accounts["dina-"+language] = r.names[0], r.names[1]
		r.amal, r.dina = o.enlist(r.names[0], speaks("amal-"+language)).ID, o.enlist(r.names[1], speaks("dina-"+language)).ID
		c.rosters = append(c.rosters, r)
	}
	return c
}

func (c *contest) run(rounds int) {
	for round := range rounds {
		if c.t.Failed() {
			return
		}
		c.round(workday(round), round)
	}
	c.consistent()
}

// round lets all clients ask at once, after what they fight for was set up one by one. Every third round all
// of them want the same hour of the same mediator; in the others every way to a booking is among them.
func (c *contest) round(day calendar.Day, round int) {
	c.o.mu.Lock()
	c.o.time = hour(day, 10, 0).Start
	c.o.mu.Unlock()
	for _, r := range c.rosters {
		r.history.operations, r.acts, r.wins = nil, nil, 0
		if round%3 > 0 {
			r.acts = c.prepare(r, day)
		}
		r.before = len(r.history.operations)
	}
	if round%3 == 0 {
		for i := range len(c.rosters) * crowd {
			r := c.rosters[0]
			r.acts = append(r.acts, act{do: "book", mediator: r.amal, language: r.language, slots: []mediation.Slot{hour(day, 10, 5*(i%6))}})
		}
	}
	begin := make(chan struct{})
	var all sync.WaitGroup
	client := 0
	for _, r := range c.rosters {
		for _, a := range r.acts {
			client++
			number, node := client, c.nodes[client%len(c.nodes)]
			all.Go(func() {
				<-begin
				r.history.record(c.t, number, a, func() (answer, error) { return c.perform(node, a) })
			})
		}
	}
	close(begin)
	all.Wait()
	for _, r := range c.rosters {
		c.judge(r, round)
	}
	if round%3 == 0 && c.rosters[0].wins != 1 {
		c.t.Errorf("round %d: %d have the only hour", round, c.rosters[0].wins)
	}
}

// judge holds what the clients of a language heard against the model, and shows one loser the next best times.
func (c *contest) judge(r *roster, round int) {
	list := r.history.operations
	if got := porcupine.CheckOperationsTimeout(sequential([]string{r.amal, r.dina}), list, time.Minute); got != porcupine.Ok {
		c.t.Errorf("round %d: no order of these explains what was heard (%s): %s", round, got, heard(list))
	}
	shown := false
	for _, op := range list[r.before:] {
		c.took = append(c.took, time.Duration(op.Return-op.Call))
		if op.Output.(answer).yes {
			r.wins++
		} else if a := op.Input.(act); a.do == "book" && !shown {
			shown = true
			c.nextBest(a)
		}
	}
}

// prepare gives what the clients of a language do in a round.
func (c *contest) prepare(r *roster, day calendar.Day) []act {
	first := func(a act) string {
		said := r.history.record(c.t, 0, a, func() (answer, error) { return c.perform(c.nodes[0], a) })
		if !said.yes {
			c.t.Fatalf("could not set up %v", a)
		}
		return said.requests[0]
	}
	c.o.told("")
	q := right()
	q.Request.Language = r.language
	called, err := c.o.CallNow(c.t.Context(), desk, q)
	if err != nil {
		c.t.Fatal(err)
	}
	offers := c.o.told("mediation.offer")
	now := hour(day, 10, 0)
	now.End = now.Start.Add(30 * time.Minute)
	later := first(act{do: "book", mediator: r.amal, language: r.language, slots: []mediation.Slot{hour(day, 14, 0)}})
	sooner := first(act{do: "book", mediator: r.dina, language: r.language, slots: []mediation.Slot{hour(day, 10, 0)}})
	planned := first(act{do: "plan", language: r.language, slots: []mediation.Slot{hour(day, 10, 30)}})
	acts := []act{
		{do: "accept", request: called.Request, mediator: r.amal, slots: []mediation.Slot{now}, secret: path.Base(offers[r.names[0]].Link)},
		{do: "accept", request: called.Request, mediator: r.dina, slots: []mediation.Slot{now}, secret: path.Base(offers[r.names[1]].Link)},
		{do: "book", mediator: r.amal, slots: []mediation.Slot{hour(day, 10, 0)}},
		{do: "book", slots: []mediation.Slot{hour(day, 10, 15)}},
		{do: "book", mediator: r.amal, slots: []mediation.Slot{hour(day, 10, 30), hour(day, 16, 0)}},
		{do: "book", mediator: r.amal, slots: []mediation.Slot{hour(day, 11, 0)}, there: true}, // on the way from 10:25
		{do: "book", slots: []mediation.Slot{hour(day, 11, 0)}, there: true},
		{do: "move", request: later, slots: []mediation.Slot{hour(day, 10, 20)}},
		{do: "shift", request: later, slots: []mediation.Slot{{Start: hour(day, 10, 40).Start, End: hour(day, 10, 40).Start.Add(time.Hour)}}}, // from the calendar of Amal
		{do: "share", request: planned, mediator: r.dina, slots: []mediation.Slot{hour(day, 10, 30)}},
		{do: "cancel", request: sooner},
		{do: "cancel", request: later},
	}
	for i := range acts {
		acts[i].language = r.language
	}
	acts[c.dice.IntN(len(acts))] = acts[c.dice.IntN(len(acts))] // sometimes two do the same
	c.dice.Shuffle(len(acts), func(i, j int) { acts[i], acts[j] = acts[j], acts[i] })
	return acts[:crowd]
}

// perform does what a client wants at one node. A no is no error; anything else that goes wrong is.
func (c *contest) perform(u *mediation.UseCases, a act) (said answer, err error) {
	ctx := c.t.Context()
	switch a.do {
	case "book":
		var asked mediation.Asked
		q := mediation.AskRequest{Request: a.wish(), Slots: a.slots}
		if a.mediator != "" {
			q.Mediators = []string{a.mediator}
		}
		if asked, _, err = u.Ask(ctx, desk, q); err == nil {
			said.requests = asked.Requests
			said.mediator, err = db.Row(ctx, u.DB, db.Column[string], `SELECT mediator FROM mediation_booking WHERE id = $1`, asked.Bookings[0])
		}
	case "plan":
		var asked mediation.Asked
		asked, _, err = u.Ask(ctx, desk, mediation.AskRequest{Request: a.wish(), Plan: true})
		said.requests = asked.Requests
	case "share":
		_, err = u.Share(ctx, actor(desk.Member, access.MediationCoordinator), []mediation.Chosen{{Request: a.request, Mediator: a.mediator}})
	case "move":
		err = u.Move(ctx, desk, a.request, a.slots[0])
	case "shift":
		err = c.shift(u, a)
	case "cancel":
		err = u.Cancel(ctx, desk, a.request)
	case "accept":
		_, err = u.AnswerLink(ctx, access.Actor{}, a.secret, true)
	}
	if fault.Is(err, fault.KindConflict) {
		return answer{}, nil
	}
	said.yes = err == nil
	return said, err
}

// shift moves a booking as its mediator, who saw it before anybody had moved it.
func (c *contest) shift(u *mediation.UseCases, a act) error {
	own := actor("coop", access.Mediator)
	own.Account = "amal-" + a.language
	booking, err := db.Row(c.t.Context(), u.DB, db.Column[string], `SELECT id FROM mediation_booking WHERE request = $1`, a.request)
	if err != nil {
		return err
	}
	err = u.MoveBooking(c.t.Context(), own, booking, 1, a.slots[0])
	if fault.Is(err, fault.KindNotFound) { // it was called off, and is none of their business any more
		return mediation.Taken()
	}
	return err
}

// wish is the request that an act makes.
func (a act) wish() mediation.Request {
	r := need(10, 0)
	r.Language, r.Slot, r.Code = a.language, a.slots[0], fmt.Sprintf("U-%d", rand.Uint32()) // at each desk somebody else
	if a.there {
		r.Mode, r.Place = mediation.InPerson, bagheria
	}
	return r
}

// nextBest checks what a loser is shown: times that can be had.
func (c *contest) nextBest(a act) {
	minutes := a.slots[0].Minutes()
	options, err := c.nodes[2].Find(c.t.Context(), desk, mediation.FindRequest{Request: a.wish(), Minutes: minutes, From: a.slots[0].Start, Most: 3})
	if err != nil || len(options) != 3 {
		c.t.Fatalf("whoever comes second is shown %d times: %v", len(options), err)
	}
	last := options[len(options)-1]
	said, err := c.perform(c.nodes[1], act{do: "book", mediator: last.Best.Candidate.Mediator.ID, slots: []mediation.Slot{last.Slot}, language: a.language, there: a.there})
	if err != nil || !said.yes {
		c.t.Fatalf("%v can't be had: %v", last.Slot, err)
	}
	if err := c.nodes[0].Cancel(c.t.Context(), desk, said.requests[0]); err != nil { // the days of other rounds stay as they were
		c.t.Error(err)
	}
}

// consistent checks that nobody is at two places, and that the claims are those of the bookings.
func (c *contest) consistent() {
	var everybody []string
	for _, r := range c.rosters {
		everybody = append(everybody, r.amal, r.dina)
	}
	for _, m := range everybody {
		list, err := db.Rows(c.t.Context(), c.o.db, func(s db.Scanner) (mediation.Engagement, error) {
			var e mediation.Engagement
			return e, s.Scan(&e.Booking, db.ScanTime(&e.Slot.Start), db.ScanTime(&e.Slot.End), &e.Mode, db.JSON(&e.Place))
		}, `SELECT id, start, finish, mode, place FROM mediation_booking WHERE mediator = $1 AND state = 'confirmed'`, m)
		if err != nil {
			c.t.Fatal(err)
		}
		want, clashes := mediation.Layout(palermo, list)
		if clashes != nil {
			c.t.Errorf("booked twice: %v", clashes)
		}
		claims, err := db.Rows(c.t.Context(), c.o.db, func(s db.Scanner) (mediation.Claim, error) {
			var one mediation.Claim
			return one, s.Scan(&one.Quantum, &one.Booking, &one.Travel)
		}, `SELECT five_minutes, booking, travel FROM mediation_claim WHERE mediator = $1 ORDER BY five_minutes`, m)
		if err != nil {
			c.t.Fatal(err)
		}
		if diff := cmp.Diff(want, claims, cmpopts.EquateEmpty()); diff != "" {
			c.t.Errorf("claims are not those of the bookings: %s", diff)
		}
	}
}

// heard writes a history for people.
func heard(operations []porcupine.Operation) string {
	operations = slices.Clone(operations)
	slices.SortFunc(operations, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
	var text string
	for _, op := range operations {
		a, said := op.Input.(act), op.Output.(answer)
		text += fmt.Sprintf("\n%d–%d µs: %s %s %s at %s: %v %s %v", op.Call/1000, op.Return/1000, a.do, a.request, a.mediator, a.slots, said.yes, said.mediator, said.requests)
	}
	return text
}
