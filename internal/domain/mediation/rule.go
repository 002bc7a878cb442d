// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"errors"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Rules are what a body decides for its own requests. A body that has decided nothing has those of the
// network; a network that has decided nothing has UsualRules.
type Rules struct {
	Member  string `json:"-"` // "" for those of the network
	Version int64  `json:"-"`
	// Planner is another body whose coordinators may plan the load of this one with theirs, as long as it may
	// lend it mediators; "" for nobody.
	Planner string `json:"-"`

	Waves   []Wave  `json:"waves"`
	Weights Weights `json:"weights"`

	Notice      time.Duration `json:"notice"`       // shortest time before a scheduled engagement
	CancelFree  time.Duration `json:"cancel_free"`  // before it, cancelling costs nothing
	CancelShare int           `json:"cancel_share"` // per cent of the hours that are owed after that
	AbsentShare int           `json:"absent_share"` // and when the person does not come
	AnswerIn    time.Duration `json:"answer_in"`    // how long a proposed booking holds a mediator
	RemindAfter time.Duration `json:"remind_after"` // until who has not reported or countersigned is reminded; 0 for never
	MonthHours  int           `json:"month_hours"`  // cap of the body; 0 for none
	// Others says when mediators of other bodies are called. What each other body may draw in a month, and
	// all others from one mediator, in hours; 0 for no cap.
	Others            string `json:"others,omitempty"`
	LendHours         int    `json:"lend_hours,omitempty"`
	LendMediatorHours int    `json:"lend_mediator_hours,omitempty"`
	// Common, in the rules of the network, makes the list that of all: no agreement between two bodies is needed.
	Common      bool   `json:"common,omitempty"`
	Evaluations bool   `json:"evaluations"` // off until a body turns them on
	Fallback    []Mode `json:"fallback"`    // modes to go on with when nobody can come as was asked
	Line        string `json:"line"`        // telephone line of interpreters, the last resort
}

// Wave is one round of offers on call.
type Wave struct {
	To   string        `json:"to"`   // "residents", "best" or "all"
	Size int           `json:"size"` // most mediators of the wave; 0 for all
	Wait time.Duration `json:"wait"` // until the next wave
}

// To whom a wave goes.
const (
	ToResidents = "residents"
	ToBest      = "best"
	ToAll       = "all"
)

// Weights say how much each part of the score counts, in per cent of the whole.
type Weights struct {
	Continuity int `json:"continuity"`
	Distance   int `json:"distance"`
	Fairness   int `json:"fairness"`
	Cost       int `json:"cost"`
	Level      int `json:"level"`
	Evaluation int `json:"evaluation"`
}

// UsualRules hold until somebody decides otherwise.
func UsualRules() Rules {
	return Rules{
		Waves:   []Wave{{To: ToResidents, Wait: 30 * time.Second}, {To: ToBest, Size: 5, Wait: 45 * time.Second}, {To: ToAll, Wait: 2 * time.Minute}},
		Weights: Weights{Continuity: 30, Distance: 20, Fairness: 25, Cost: 10, Level: 15},
		Notice:  24 * time.Hour, CancelFree: 24 * time.Hour, CancelShare: 50, AbsentShare: 100, AnswerIn: 12 * time.Hour, RemindAfter: 24 * time.Hour,
		Fallback: []Mode{Video, Phone},
	}
}

// check says what is wrong with rules, field by field.
func (r Rules) check() error {
	var wrong []error
	add := func(bad bool, mistake error) {
		if bad {
			wrong = append(wrong, mistake)
		}
	}
	add(len(r.Waves) == 0 || len(r.Waves) > 6, fault.Invalid("waves", "mediation.rule.waves"))
	for _, w := range r.Waves {
		add(w.To != ToResidents && w.To != ToBest && w.To != ToAll, fault.Invalid("waves", "mediation.rule.wave_to"))
		add(w.Size < 0 || w.Size > 200, fault.Invalid("waves", "mediation.rule.wave_size"))
		add(w.Wait < 10*time.Second || w.Wait > time.Hour, fault.Invalid("waves", "mediation.rule.wave_wait"))
	}
	w := r.Weights
	for _, v := range []int{w.Continuity, w.Distance, w.Fairness, w.Cost, w.Level, w.Evaluation} {
		add(v < 0 || v > 100, fault.Invalid("weights", "mediation.rule.weight"))
	}
	add(w.Continuity+w.Distance+w.Fairness+w.Cost+w.Level+w.Evaluation != 100, fault.Invalid("weights", "mediation.rule.weights"))
	add(r.Notice < 0 || r.Notice > 30*24*time.Hour, fault.Invalid("notice", "mediation.rule.notice"))
	add(r.CancelFree < 0 || r.CancelFree > 30*24*time.Hour, fault.Invalid("cancel_free", "mediation.rule.notice"))
	add(r.CancelShare < 0 || r.CancelShare > 100, fault.Invalid("cancel_share", "mediation.rule.share"))
	add(r.AbsentShare < 0 || r.AbsentShare > 100, fault.Invalid("absent_share", "mediation.rule.share"))
	add(r.AnswerIn < 5*time.Minute || r.AnswerIn > 7*24*time.Hour, fault.Invalid("answer_in", "mediation.rule.answer_in"))
	add(r.RemindAfter < 0 || r.RemindAfter > 14*24*time.Hour, fault.Invalid("remind_after", "mediation.rule.remind_after"))
	for _, m := range r.Fallback {
		add(m != Video && m != Phone, fault.Invalid("fallback", "mediation.rule.fallback"))
	}
	add(r.MonthHours < 0, fault.Invalid("month_hours", "mediation.rule.month_hours"))
	add(r.LendHours < 0, fault.Invalid("lend_hours", "mediation.rule.month_hours"))
	add(r.LendMediatorHours < 0, fault.Invalid("lend_mediator_hours", "mediation.rule.month_hours"))
	add(!slices.Contains([]string{"", OthersLast, OthersAlong, OthersNever}, r.Others), fault.Invalid("others", "mediation.rule.others"))
	add(r.Planner != "" && r.Planner == r.Member, fault.Invalid("planner", "mediation.rule.planner"))
	add(r.Common && r.Member != "", fault.Invalid("common", "mediation.rule.common"))
	return errors.Join(wrong...)
}

func (r Rules) resource() access.Resource {
	return access.Resource{Type: "MediationRules", ID: r.Member, Attributes: access.Attributes{"member": r.Member}}
}

// Rules are those that hold for a body, "" for the network's; own says whether the body has decided them.
func (u *UseCases) Rules(ctx context.Context, actor access.Actor, member string) (r Rules, own bool, err error) {
	if err := u.Guard.Check(ctx, actor, "mediation.rule.read", Rules{Member: member}.resource()); err != nil {
		return r, false, err
	}
	r, err = rulesOf(ctx, u.DB, member)
	own = r.Member == member && r.Version > 0
	if !own {
		r.Version = 0
	}
	return r, own, err
}

// Decide writes the rules of a body, or of the network, of the version they have; 0 for the first time.
// Faults: Invalid by field; Conflict when somebody else changed them meanwhile; access.Missing.
func (u *UseCases) Decide(ctx context.Context, actor access.Actor, r Rules) error {
	if err := r.check(); err != nil {
		return err
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := u.Guard.Check(ctx, actor, "mediation.rule.edit", r.resource()); err != nil {
			return err
		}
		if r.Planner != "" {
			if known, err := bodiesOf(ctx, tx, []string{r.Planner}); err != nil {
				return err
			} else if len(known) == 0 {
				return fault.Invalid("planner", "mediation.rule.planner")
			}
		}
		n, err := db.Exec(ctx, tx, `INSERT INTO mediation_rule (member, version, record, planner) VALUES ($1, 1, $2, $4)
			ON CONFLICT (member) DO UPDATE SET version = mediation_rule.version + 1, record = $2, planner = $4 WHERE mediation_rule.version = $3`, r.Member, db.JSON(r), r.Version, r.Planner)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("mediation.changed_meanwhile")
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.rule.edit", Kind: "mediation-rules", Record: r.Member, Changes: []audit.Change{{Field: "planner", After: r.Planner}}})
	})
}
