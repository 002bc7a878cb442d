// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
)

// Progress is how far a call has come: numbers and steps, nothing of the person and no names.
type Progress struct {
	State    RequestState
	Wave     int // of all the waves that went out, from 1
	Asked    int
	Refused  int
	Waiting  int // have not answered
	Proposed int // other times that wait for the desk
	Chain    []ChainStep
	Since    time.Time     // when the call was made
	Took     time.Duration // until somebody accepted; 0 while nobody has
}

// ChainStep is one step of the chain with where the call stands.
type ChainStep struct {
	Step
	Line bool // the telephone line of interpreters, the last resort
	Done bool
	Now  bool
}

// Watching says whether something can still happen by itself.
func (p Progress) Watching() bool { return p.State == Open }

// Watch is the progress of a call, for the desk that looks at it every few seconds: nothing sealed is read,
// so nothing is written. access.Missing for whoever may not change the request.
func (u *UseCases) Watch(ctx context.Context, actor access.Actor, id string) (p Progress, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := u.requestFor(ctx, tx, actor, "mediation.request.edit", id)
		if err != nil {
			return err
		}
		rules, err := rulesOf(ctx, tx, r.Member)
		if err != nil {
			return err
		}
		offers, err := db.Rows(ctx, tx, scanOffer, `SELECT `+offerColumns+` FROM mediation_offer WHERE request = $1 ORDER BY id`, id)
		if err != nil {
			return err
		}
		proposed, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_proposal WHERE request = $1 AND state = 'open'`, id)
		p = progressOf(r, rules, offers, proposed)
		return err
	})
	return p, err
}

// Progress is that of the request of a file.
func (f RequestFile) Progress() Progress {
	offers := make([]Offer, len(f.Offers))
	for i, o := range f.Offers {
		offers[i] = o.Offer
	}
	proposed := 0
	for _, p := range f.Proposals {
		if p.State == ProposalOpen {
			proposed++
		}
	}
	return progressOf(f.Request, f.Rules, offers, proposed)
}

func progressOf(r Request, rules Rules, offers []Offer, proposed int) Progress {
	p := Progress{State: r.State, Wave: r.Wave, Since: r.Created, Proposed: proposed, Asked: len(offers)}
	for _, o := range offers {
		switch o.Answer {
		case "":
			p.Waiting++
		case DeclinedOffer:
			p.Refused++
		case Accepted:
			p.Took = o.Answered.Sub(r.Created)
		}
	}
	if r.State != Open && r.State != Unmet {
		return p // with the answer the mode of the request became that of whoever accepted
	}
	at := 0
	if r.Wave > 0 && len(rules.Waves) > 0 {
		at = (r.Wave - 1) / len(rules.Waves)
	}
	chain := Chain(r.Mode, rules)
	for i, s := range chain {
		p.Chain = append(p.Chain, ChainStep{Step: s, Done: r.State == Unmet || i < at, Now: r.State == Open && i == at})
	}
	if rules.Line != "" {
		p.Chain = append(p.Chain, ChainStep{Line: true, Now: r.State == Unmet})
	}
	return p
}
