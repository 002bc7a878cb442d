// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"
	"strconv"
	"sync"
	"time"

	"approdo/internal/kit/db"
)

// ActionRefuse is the action of the event that somebody who had logged in asked for what is not theirs.
const ActionRefuse = "access.request.refuse"

// Fields of such an event, as its changes carry them.
const (
	FieldAsked = "asked" // the action that was asked for; "" for many
	FieldRoute = "route" // method and pattern, never the address
	FieldTimes = "times"
)

// Refusal is one request that was refused. It names no record: whether there is one is not to be
// told, and whoever guesses identifiers must not write them into the log.
type Refusal struct {
	Actor  Actor
	Action string // asked for: "directory.service.edit"
	Kind   string // of the record; "" when the door was shut already
	Route  string // "POST /{lang}/office/services/{id}"
}

// What refusals cost at most: the first of its kind is written within RefusalsEvery, those that follow
// are counted and written together once in RefusalHolds. Of one account so many kinds are told apart,
// and in all so many; the rest is counted as one.
const (
	RefusalsEvery    = 10 * time.Second
	RefusalHolds     = time.Hour
	RefusalsOfOne    = 20
	RefusalsTogether = 2000
)

// Refusals gathers refusals and writes them behind the answers: whoever is refused waits for nothing
// that somebody who asks for what does not exist would not wait for, and a flood fills no log.
type Refusals struct {
	d     *db.DB
	clock func() time.Time

	mu     sync.Mutex
	kinds  map[refusalKind]*refusalCount
	of     map[string]int // kinds told apart, by account
	others int            // beyond all bounds
}

// refusalKind is what makes two refusals the same.
type refusalKind struct{ account, member, action, kind, route string }

type refusalCount struct {
	refusal Refusal // the first
	n       int     // not written yet
	due     time.Time
}

// NewRefusals gives a gatherer; Run writes what it has.
func NewRefusals(d *db.DB, clock func() time.Time) *Refusals {
	return &Refusals{d: d, clock: clock, kinds: map[refusalKind]*refusalCount{}, of: map[string]int{}}
}

// Note counts a refusal. It never waits for the database. Strangers are not counted: that a page is
// not there for them is no event.
func (r *Refusals) Note(f Refusal) {
	if f.Actor.Account == "" {
		return
	}
	now := r.clock()
	r.mu.Lock()
	defer r.mu.Unlock()
	kind := refusalKind{f.Actor.Account, f.Actor.Member, f.Action, f.Kind, f.Route}
	if r.kinds[kind] == nil && r.of[kind.account] >= RefusalsOfOne {
		f.Action, f.Kind, f.Route = "", "", ""
		kind = refusalKind{account: kind.account, member: kind.member}
	}
	switch c := r.kinds[kind]; {
	case c != nil:
		c.n++
	case len(r.kinds) >= RefusalsTogether:
		r.others++
	default:
		r.kinds[kind] = &refusalCount{refusal: f, n: 1, due: now}
		r.of[kind.account]++
	}
}

// Run writes until ctx ends, and then what is left.
func (r *Refusals) Run(ctx context.Context, failed func(error)) {
	tick := time.NewTicker(RefusalsEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := r.Write(ctx, false); err != nil && ctx.Err() == nil {
				failed(err)
			}
		case <-ctx.Done():
			last, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer stop()
			if err := r.Write(last, true); err != nil {
				failed(err)
			}
			return
		}
	}
}

// Write writes what is due, or all. What could not be written stays for the next time.
func (r *Refusals) Write(ctx context.Context, all bool) error {
	now := r.clock()
	due, others := r.due(now, all)
	if len(due) == 0 && others == 0 {
		return nil
	}
	err := r.d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, c := range due {
			if err := Record(ctx, tx, now, c.event()); err != nil {
				return err
			}
		}
		if others == 0 {
			return nil
		}
		return Record(ctx, tx, now, refusalCount{refusal: Refusal{Actor: Actor{Via: ViaJob}}, n: others}.event())
	})
	if err != nil {
		return err
	}
	r.written(due, others, now)
	return nil
}

// due are copies of what is to be written now. What nobody asked for in its hour is forgotten.
func (r *Refusals) due(now time.Time, all bool) (list map[refusalKind]refusalCount, others int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list = map[refusalKind]refusalCount{}
	for kind, c := range r.kinds {
		switch {
		case c.n > 0 && (all || !now.Before(c.due)):
			list[kind] = *c
		case c.n == 0 && !now.Before(c.due):
			delete(r.kinds, kind)
			if r.of[kind.account]--; r.of[kind.account] == 0 {
				delete(r.of, kind.account)
			}
		}
	}
	return list, r.others
}

func (r *Refusals) written(list map[refusalKind]refusalCount, others int, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.others -= others
	for kind, was := range list {
		c := r.kinds[kind]
		c.n -= was.n
		c.due = now.Add(RefusalHolds)
	}
}

func (c refusalCount) event() Event {
	changes := []Change{{Field: FieldTimes, After: strconv.Itoa(c.n)}}
	for _, f := range []struct{ name, text string }{{FieldAsked, c.refusal.Action}, {FieldRoute, c.refusal.Route}} {
		if f.text != "" {
			changes = append(changes, Change{Field: f.name, After: f.text})
		}
	}
	return Event{Actor: c.refusal.Actor, Action: ActionRefuse, Kind: c.refusal.Kind, Read: true, Changes: changes}
}
