// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/mediationweb"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// contest is many programs that want the same hours of two mediators, through the API of three processes.
type contest struct {
	*fleet
	t      *testing.T
	roster []string
	took   []time.Duration // of all answers
	round  int
}

const tongue = "bn"

func newContest(t *testing.T, f *fleet) *contest {
	return &contest{fleet: f, t: t, roster: []string{f.enlist("Amal", tongue, ""), f.enlist("Dina", tongue, "")}}
}

// wish is what one client wants: an hour of a mediator by name, or of whoever can come.
type wish struct {
	client int
	key    string
	body   string
}

// heard is what came back: yes with who comes, or no with the next best times.
type heard struct {
	wish
	status   int
	took     time.Duration
	asked    mediation.Asked
	taken    mediationweb.APITaken
	mediator string
}

func (c *contest) run(rounds, clients int) {
	for range rounds {
		if c.t.Failed() {
			return
		}
		c.play(clients)
		c.round++
	}
	c.checkClaims(c.roster)
}

// start is when the hour begins that everybody wants in this round: eight hours of a day, of days after the next.
func (c *contest) start() time.Time {
	day := calendar.DayOf(time.Now(), calendar.Rome()) + 3 + calendar.Day(c.round/8)
	return calendar.Earliest(day, calendar.Clock((9+c.round%8)*60), calendar.Rome())
}

// play lets all clients ask at once: in every other round for Amal by name, so that one has the hour; in the
// others for whoever speaks the language, so that two have it. Every other one sends the same twice, to two nodes.
func (c *contest) play(clients int) {
	winners := 1 + c.round%2
	begin, answers := make(chan struct{}), make(chan heard, 2*clients)
	var all sync.WaitGroup
	for i := range clients {
		w := c.wish(i, winners == 1)
		for copies := range 1 + i%2 {
			all.Go(func() {
				<-begin
				answers <- c.say(i+copies, w)
			})
		}
	}
	close(begin)
	all.Wait()
	close(answers)
	first := map[int]heard{}
	for said := range answers {
		c.took = append(c.took, said.took)
		if before, twice := first[said.client]; twice {
			c.same(before, said)
		}
		first[said.client] = said
	}
	c.judge(first, winners)
}

func (c *contest) wish(client int, named bool) wish {
	late := 5 * (client % 6)
	w := wish{client: client, key: fmt.Sprintf("contest-%d-%d", c.round, client)}
	ask := map[string]any{
		"language": tongue, "mode": "phone", "minutes": 60 - late, "code": fmt.Sprintf("C-%d", client),
		"start": c.start().Add(time.Duration(late) * time.Minute).Format(time.RFC3339),
	}
	if named {
		ask["mediator"] = c.roster[0]
	}
	text, err := json.Marshal(ask)
	if err != nil {
		c.t.Error(err)
	}
	w.body = string(text)
	return w
}

// say asks a node and reads the answer; whatever is neither yes nor "taken" fails the test.
func (c *contest) say(number int, w wish) heard {
	from := time.Now()
	said := c.api(number, w.client, w.key, "/requests", w.body)
	h := heard{wish: w, status: said.status, took: time.Since(from)}
	var err error
	switch said.status {
	case http.StatusOK:
		err = json.Unmarshal([]byte(said.body), &h.asked)
		if err == nil && len(h.asked.Bookings) == 1 {
			h.mediator, err = db.Row(c.t.Context(), c.app.DB, db.Column[string], `SELECT mediator FROM mediation_booking WHERE id = $1`, h.asked.Bookings[0])
		}
	case http.StatusConflict:
		err = json.Unmarshal([]byte(said.body), &h.taken)
	default:
		c.t.Errorf("round %d, client %d: %d %s", c.round, w.client, said.status, said.body)
	}
	if err != nil {
		c.t.Errorf("round %d, client %d: %d %s: %v", c.round, w.client, said.status, said.body, err)
	}
	return h
}

// same: the same key has the same answer, at the same moment and later.
func (c *contest) same(a, b heard) {
	if a.status != b.status || !slices.Equal(a.asked.Bookings, b.asked.Bookings) || a.taken.Code != b.taken.Code {
		c.t.Errorf("round %d, the same key: %d %v %s, and %d %v %s", c.round, a.status, a.asked, a.taken.Code, b.status, b.asked, b.taken.Code)
	}
}

// judge counts who has the hour, repeats what one winner and one loser asked, and lets the loser have one of
// the times that they were shown.
func (c *contest) judge(answers map[int]heard, winners int) {
	won := map[string]int{}
	var winner, loser heard
	for _, h := range answers {
		switch h.status {
		case http.StatusOK:
			won[h.mediator]++
			winner = h
		case http.StatusConflict:
			loser = h
			clear := h.taken.Code == "mediation.taken" || winners > 1 && h.taken.Code == "mediation.nobody"
			if !clear || h.taken.Title == "" || len(h.taken.Next) == 0 {
				c.t.Errorf("round %d: whoever comes second hears %+v", c.round, h.taken)
			}
		}
	}
	for mediator, n := range won {
		if n > 1 || !slices.Contains(c.roster, mediator) {
			c.t.Errorf("round %d: %d have the same hour of %s", c.round, n, mediator)
		}
	}
	if len(won) != winners {
		c.t.Errorf("round %d: %d mediators are booked, want %d", c.round, len(won), winners)
	}
	if c.t.Failed() {
		return
	}
	for i, h := range []heard{winner, loser} {
		c.same(h, c.say(h.client+1+i, h.wish))
	}
	c.nextBest(loser)
}

// nextBest: a time that the loser was shown can be had, and is given back, since it is of another round.
func (c *contest) nextBest(loser heard) {
	next := loser.taken.Next[len(loser.taken.Next)-1]
	body := fmt.Sprintf(`{"language": %q, "mode": "phone", "minutes": %d, "code": "N-1", "start": %q, "mediator": %q}`,
		tongue, int(next.End.Sub(next.Start)/time.Minute), next.Start.Format(time.RFC3339), next.Mediator)
	said := c.say(loser.client, wish{client: loser.client, key: fmt.Sprint("next-", c.round), body: body})
	if said.status != http.StatusOK {
		c.t.Errorf("round %d: the next best time can't be had: %+v", c.round, said)
		return
	}
	if off := c.api(loser.client, loser.client, "", "/requests/"+said.asked.Requests[0]+"/cancel", ""); off.status != http.StatusOK {
		c.t.Errorf("round %d: %d %s", c.round, off.status, off.body)
	}
}
