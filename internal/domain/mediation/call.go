// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"cmp"
	"context"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// CallRequest is what a desk needs now.
type CallRequest struct {
	Request Request // without a time
	Minutes int
	Key     string
}

// Called is what came of it.
type Called struct {
	Request string `json:"request"`
	Offers  int    `json:"offers"` // of the first wave
}

// CallNow asks for a mediator now: the first wave of offers goes out with the request, the others follow
// until somebody accepts. An offer holds nobody. Faults: Invalid by field; access.Missing.
func (u *UseCases) CallNow(ctx context.Context, actor access.Actor, q CallRequest) (Called, error) {
	now := u.Clock()
	q.Request.Kind = OnCall
	q.Request.Slot = Slot{Start: ceil(now, Quantum), End: ceil(now, Quantum).Add(time.Duration(q.Minutes) * time.Minute)}
	ask := AskRequest{Request: q.Request, Key: q.Key}
	ask.Request.Slot = Slot{End: time.Time{}.Add(time.Duration(q.Minutes) * time.Minute)} // the same key a minute later is the same call, if it is as long
	asked := ask.fingerprint()
	requests, err := u.draft(ctx, actor, AskRequest{Request: q.Request}, now)
	if err != nil {
		return Called{}, err
	}
	requests[0].Seats = 1
	var answer Called
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		answer = Called{}
		return once(ctx, tx, now, actor, q.Key, asked, &answer, func() error {
			rules, err := rulesOf(ctx, tx, actor.Member)
			if err != nil {
				return err
			}
			if err := u.withinCap(ctx, tx, rules, actor.Member, requests); err != nil {
				return err
			}
			r := requests[0] // anew each time: the transaction may run twice
			if err := u.insertRequest(ctx, tx, &r); err != nil {
				return err
			}
			if answer.Offers, err = u.wave(ctx, tx, now, &r, rules, 0); err != nil {
				return err
			}
			answer.Request = r.ID
			return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.request.create", Kind: "mediation-request", Record: r.ID})
		})
	})
	return answer, err
}

// Wave sends the wave of a request that is due, unless somebody has accepted or it was called off. The
// job that calls it may call it twice: a wave is sent once.
func (u *UseCases) Wave(ctx context.Context, w WaveDue) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := requestByID(ctx, tx, w.Request)
		if err != nil || r.State != Open || r.Wave != w.Wave {
			return err
		}
		rules, err := rulesOf(ctx, tx, r.Member)
		if err != nil {
			return err
		}
		now := u.Clock()
		minutes := r.Slot.Minutes()
		r.Slot.Start = ceil(now, Quantum)
		r.Slot.End = r.Slot.Start.Add(time.Duration(minutes) * time.Minute)
		if _, err := u.wave(ctx, tx, now, &r, rules, w.Wave); err != nil {
			return err
		}
		return byItself(ctx, tx, now, r.ID, "wave")
	})
}

// Step is one link of the chain of a call: all waves of the rules go out in it before the next.
type Step struct {
	Mode   Mode
	Others bool // to mediators of other bodies, after one's own
}

// Chain is how a call goes on while nobody accepts: one's own mediators as was asked, then in the modes of
// the fallback, then those of other bodies. Nobody is sent where a voice on the telephone was asked for.
func Chain(asked Mode, rules Rules) []Step {
	steps := []Step{{Mode: asked}}
	for _, m := range rules.Fallback {
		if slices.Index(Modes, m) > slices.Index(Modes, asked) {
			steps = append(steps, Step{Mode: m})
		}
	}
	if rules.Others == OthersAlong || rules.Others == OthersNever {
		return steps
	}
	for _, s := range slices.Clone(steps) {
		steps = append(steps, Step{Mode: s.Mode, Others: true})
	}
	return steps
}

// wave sends wave n of the rules, or the next one that reaches anybody, and asks for the one after it.
// When the waves of a step are over it goes on with the next step of the chain; when the chain is over
// the request is Unmet. It gives how many offers went out.
func (u *UseCases) wave(ctx context.Context, tx *db.Tx, now time.Time, r *Request, rules Rules, n int) (int, error) {
	chain := Chain(r.Mode, rules)
	all, err := u.candidates(ctx, tx, *r, now, r.Slot.Start, r.Slot.End)
	if err != nil {
		return 0, err
	}
	for {
		at := n / len(rules.Waves)
		if at >= len(chain) {
			return 0, u.giveUp(ctx, tx, now, r)
		}
		w := rules.Waves[n%len(rules.Waves)]
		tried := *r
		tried.Mode = chain[at].Mode
		to, err := u.reach(ctx, tx, now, tried, rules, w, within(chain[at], rules, all))
		if err != nil {
			return 0, err
		}
		n++
		if len(to) == 0 {
			continue
		}
		for _, c := range to {
			if err := u.offer(ctx, tx, now, tried, c, n); err != nil {
				return 0, err
			}
		}
		r.Wave = n
		if err := updateRequest(ctx, tx, r); err != nil {
			return 0, err
		}
		return len(to), u.Later(ctx, tx, WaveDue{Request: r.ID, Wave: n}, w.Wait)
	}
}

// within are the candidates to whom a step goes.
func within(s Step, rules Rules, all []Candidate) []Candidate {
	if rules.Others == OthersAlong {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(c Candidate) bool { return (c.Loan.From != "") != s.Others })
}

// reach are the mediators of a wave who were not offered the request in this mode already.
func (u *UseCases) reach(ctx context.Context, tx *db.Tx, now time.Time, r Request, rules Rules, w Wave, all []Candidate) ([]Ranked, error) {
	if len(all) == 0 {
		return nil, nil
	}
	offered, err := db.Rows(ctx, tx, db.Column[string], `SELECT mediator FROM mediation_offer WHERE request = $1 AND mode = $2`, r.ID, r.Mode)
	if err != nil {
		return nil, err
	}
	var resident []string
	if w.To == ToResidents {
		if resident, err = residentsOf(ctx, tx, r.Member, calendar.DayOf(now, calendar.Rome())); err != nil {
			return nil, err
		}
	}
	all = slices.DeleteFunc(slices.Clone(all), func(c Candidate) bool {
		return slices.Contains(offered, c.Mediator.ID) || w.To == ToResidents && !slices.Contains(resident, c.Mediator.ID)
	})
	able := slices.DeleteFunc(Rank(now, r, rules.Weights, all), func(c Ranked) bool { return c.Why.Barred != nil })
	if w.Size == 0 || len(able) <= w.Size {
		return able, nil
	}
	elsewhere, err := askedElsewhere(ctx, tx, now, r.ID, able)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(able, func(a, b Ranked) int {
		return cmp.Compare(elsewhere[a.Candidate.Mediator.ID], elsewhere[b.Candidate.Mediator.ID])
	})
	return able[:w.Size], nil
}

// unsettled is for how long an offer that nobody has answered keeps others from its mediator.
const unsettled = 2 * time.Minute

// askedElsewhere counts the calls that mediators have been asked to take just now and have not answered: who can
// take one only is asked for others after those who have none. Else calls of one moment would all ask the same best.
func askedElsewhere(ctx context.Context, tx *db.Tx, now time.Time, request string, able []Ranked) (map[string]int, error) {
	ids := make([]any, len(able))
	for i, c := range able {
		ids[i] = c.Candidate.Mediator.ID
	}
	ids = padded(ids)
	asked := map[string]int{}
	return asked, db.Walk(ctx, tx, func(s db.Scanner) error {
		var mediator string
		var calls int
		if err := s.Scan(&mediator, &calls); err != nil {
			return err
		}
		asked[mediator] = calls
		return nil
	}, `SELECT mediator, count(DISTINCT request) FROM mediation_offer WHERE sent > $1 AND answer = '' AND request <> $2 AND mediator IN (`+db.Placeholders(3, len(ids))+`) GROUP BY mediator`,
		append([]any{db.Millis(now.Add(-unsettled)), request}, ids...)...)
}

// offer tells one mediator of a request.
func (u *UseCases) offer(ctx context.Context, tx *db.Tx, now time.Time, r Request, c Ranked, wave int) error {
	id := db.NewID()
	if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_offer (id, request, mediator, wave, mode, sent, answer, answered) VALUES ($1, $2, $3, $4, $5, $6, '', NULL)`,
		id, r.ID, c.Candidate.Mediator.ID, wave, r.Mode, db.Millis(now)); err != nil {
		return err
	}
	return u.call(ctx, tx, "mediation.offer", id, c.Candidate.Mediator, r, linkTo{kind: linkOffer, object: id, until: now.Add(time.Hour)})
}

// giveUp closes a request that nobody could meet.
func (u *UseCases) giveUp(ctx context.Context, tx *db.Tx, now time.Time, r *Request) error {
	r.State, r.Settled = Unmet, now
	if err := updateRequest(ctx, tx, r); err != nil {
		return err
	}
	return withdraw(ctx, tx, now, r.ID)
}
