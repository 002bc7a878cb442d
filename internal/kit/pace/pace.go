// SPDX-License-Identifier: EUPL-1.2

package pace

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"
)

// ErrSpent is the answer to who has asked for too much, ErrBusy to who waited for a turn in vain.
var (
	ErrSpent = errors.New("pace: too much for now")
	ErrBusy  = errors.New("pace: no turn came")
)

// Limits say how much may be done.
type Limits struct {
	Hourly int           // each account may ask for so much at once, and as much comes back in an hour
	Turns  int           // how many work at once
	Wait   time.Duration // how long one waits for a turn
}

// Pace holds the limits of one kind of work.
type Pace struct {
	limits   Limits
	turns    chan struct{}
	mu       sync.Mutex
	accounts map[string]*account
}

type account struct {
	turn chan struct{}
	left float64
	at   time.Time
}

// New gives a pace with all budgets full.
func New(l Limits) *Pace {
	return &Pace{limits: l, turns: make(chan struct{}, l.Turns), accounts: map[string]*account{}}
}

// many is how many accounts are remembered before those that have their whole budget are forgotten.
const many = 1000

// of gives the account with what is left to it now.
func (p *Pace) of(who string, now time.Time) *account {
	if len(p.accounts) >= many {
		for id, a := range p.accounts {
			if len(a.turn) == 0 && p.left(a, now) == float64(p.limits.Hourly) {
				delete(p.accounts, id)
			}
		}
	}
	a := p.accounts[who]
	if a == nil {
		a = &account{turn: make(chan struct{}, 1), left: float64(p.limits.Hourly), at: now}
		p.accounts[who] = a
	}
	return a
}

func (p *Pace) left(a *account, now time.Time) float64 {
	most := float64(p.limits.Hourly)
	return math.Min(most, a.left+now.Sub(a.at).Hours()*most)
}

// Spend takes one from the budget of an account; ErrSpent when none is left.
func (p *Pace) Spend(who string, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.of(who, now)
	if a.left, a.at = p.left(a, now), now; a.left < 1 {
		return ErrSpent
	}
	a.left--
	return nil
}

// Turn waits until the account does nothing else and few others work, and gives what ends the turn. It fails
// with ErrBusy and with what ended ctx.
func (p *Pace) Turn(ctx context.Context, who string, now time.Time) (end func(), err error) {
	p.mu.Lock()
	own := p.of(who, now).turn
	p.mu.Unlock()
	patience := time.NewTimer(p.limits.Wait)
	defer patience.Stop()
	// Its own turn comes first: one account never holds the turns of others by asking often.
	for i, turn := range []chan struct{}{own, p.turns} {
		select {
		case turn <- struct{}{}:
			continue
		case <-patience.C:
			err = ErrBusy
		case <-ctx.Done():
			err = ctx.Err()
		}
		if i > 0 {
			<-own
		}
		return nil, err
	}
	return func() { <-p.turns; <-own }, nil
}
