// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Kind is what a decision does. Its values are stored.
type Kind string

// The kinds of decisions, and what else changes where somebody stands.
const (
	List     Kind = "list" // also again, after leaving or a refusal
	Refuse   Kind = "refuse"
	Suspend  Kind = "suspend"
	Resume   Kind = "resume"
	Leave    Kind = "leave"
	Renew    Kind = "renew"
	Uphold   Kind = "uphold"   // the appeal is right: listed
	Reject   Kind = "reject"   // the appeal is wrong
	Appeal   Kind = "appeal"   // by whoever it goes against
	Withdraw Kind = "withdraw" // by who applied
	Lapse    Kind = "lapse"    // the time ran out
)

// moves say from where a decision leads where; "" leaves it as it is.
var moves = map[Kind]struct {
	from []mediation.Standing
	to   mediation.Standing
}{
	List:     {[]mediation.Standing{mediation.Applied, mediation.Refused, mediation.Left}, mediation.Listed},
	Refuse:   {[]mediation.Standing{mediation.Applied}, mediation.Refused},
	Suspend:  {[]mediation.Standing{mediation.Listed}, mediation.Suspended},
	Resume:   {[]mediation.Standing{mediation.Suspended}, mediation.Listed},
	Leave:    {[]mediation.Standing{mediation.Listed, mediation.Suspended}, mediation.Left},
	Renew:    {[]mediation.Standing{mediation.Listed}, mediation.Listed},
	Uphold:   {[]mediation.Standing{mediation.Refused, mediation.Suspended}, mediation.Listed},
	Reject:   {[]mediation.Standing{mediation.Refused, mediation.Suspended}, ""},
	Appeal:   {[]mediation.Standing{mediation.Refused, mediation.Suspended}, ""},
	Withdraw: {[]mediation.Standing{mediation.Applied}, mediation.Left},
	Lapse:    {[]mediation.Standing{mediation.Listed}, mediation.Left},
}

// byCoordinators are the kinds that people decide, in the order in which they are shown.
var byCoordinators = []Kind{List, Refuse, Suspend, Resume, Renew, Leave, Uphold, Reject, Appeal}

// AppealDays and AnswerDays are how long one may appeal, and how long the answer may take, unless the act
// says otherwise.
const (
	AppealDays = 30
	AnswerDays = 30
)

// Decision is one thing that was decided about an entry.
type Decision struct {
	ID      string
	Kind    Kind
	Number  string       // of the act
	Day     calendar.Day // of the act
	Until   calendar.Day // last day of a suspension or of a listing; zero for no end
	Due     calendar.Day // last day to appeal, or to answer an appeal
	Account string
	At      time.Time
	Reason  string
}

// against says whether a decision goes against somebody.
func (d Decision) against() bool { return d.Kind == Refuse || d.Kind == Suspend }

func (u *UseCases) decisionsOf(ctx context.Context, q db.Querier, mediator string) ([]Decision, error) {
	type row struct {
		Decision
		sealed []byte
	}
	rows, err := db.Rows(ctx, q, func(s db.Scanner) (row, error) {
		var r row
		var day, until, due string
		err := s.Scan(&r.ID, &r.Kind, &r.Number, &day, &until, &due, &r.Account, db.ScanTime(&r.At), &r.sealed)
		r.Day, r.Until, r.Due = dayOf(day), dayOf(until), dayOf(due)
		return r, err
	}, `SELECT id, kind, act, act_day, until, due, account, at, sealed FROM mediation_decision WHERE mediator = $1 ORDER BY at, id`, mediator)
	if err != nil {
		return nil, err
	}
	list := make([]Decision, len(rows))
	for i, r := range rows {
		if err := u.unseal(ctx, q, mediator, columnReason, r.sealed, &r.Reason); err != nil {
			return nil, err
		}
		list[i] = r.Decision
	}
	return list, nil
}

// pending is the appeal that waits for an answer.
func pending(list []Decision) (Decision, bool) {
	for _, d := range slices.Backward(list) {
		switch d.Kind {
		case Appeal:
			return d, true
		case Uphold, Reject, List, Resume, Leave, Withdraw, Lapse:
			return Decision{}, false
		}
	}
	return Decision{}, false
}

// mayAppeal says whether there is something to appeal against, still in time and not yet appealed.
func (u *UseCases) mayAppeal(list []Decision) bool {
	for _, d := range slices.Backward(list) {
		if d.Kind == Renew {
			continue
		}
		return d.against() && d.Due >= u.today()
	}
	return false
}

// Choices are what the actor may decide about an entry now.
func (u *UseCases) choices(m mediation.Mediator, list []Decision) (found []Kind) {
	_, waits := pending(list)
	for _, k := range byCoordinators {
		switch {
		case !slices.Contains(moves[k].from, m.Standing):
		case (k == Uphold || k == Reject) && !waits, k == Appeal && !u.mayAppeal(list):
		default:
			found = append(found, k)
		}
	}
	return found
}

// Decide changes where an entry stands. Faults: Invalid by field; Conflict when somebody else decided
// meanwhile; access.Missing.
func (u *UseCases) Decide(ctx context.Context, actor access.Actor, mediator string, version int64, d Decision) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := u.entryFor(ctx, tx, actor, "mediation.application.decide", mediator)
		if err != nil {
			return err
		}
		if m.Version != version {
			return fault.Conflict("mediation.changed_meanwhile")
		}
		list, err := u.decisionsOf(ctx, tx, mediator)
		if err != nil {
			return err
		}
		decided := d
		decided.Account, decided.Reason = actor.Account, strings.TrimSpace(d.Reason)
		if !slices.Contains(u.choices(m, list), decided.Kind) {
			return fault.Invalid("kind", "roster.fault.kind")
		}
		if err := u.checkDecision(ctx, tx, m, &decided); err != nil {
			return err
		}
		if err := u.move(ctx, tx, &m, decided); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.application.decide", Kind: "mediator", Record: mediator, Subject: mediator, Changes: []audit.Change{
			{Field: "kind", After: string(decided.Kind)}, {Field: "act", After: decided.Number}, {Field: "reason", Hidden: true},
		}}); err != nil {
			return err
		}
		return u.invite(ctx, tx, mediator, "roster.news", db.NewID())
	})
}

// checkDecision says what is wrong with a decision, and fills in what follows from it.
func (u *UseCases) checkDecision(ctx context.Context, q db.Querier, m mediation.Mediator, d *Decision) error {
	var wrong []error
	add := func(bad bool, mistake error) {
		if bad {
			wrong = append(wrong, mistake)
		}
	}
	today := u.today()
	if d.Day == 0 {
		d.Day = today
	}
	add(d.Day > today, fault.Invalid("day", "roster.decide.day"))
	add(len(d.Number) > 200 || len(d.Reason) > 10_000, fault.Invalid("reason", "roster.long"))
	add(d.Reason == "" && slices.Contains([]Kind{Refuse, Suspend, Leave, Uphold, Reject, Appeal}, d.Kind), fault.Invalid("reason", "roster.fault.reason"))
	add(d.Until != 0 && d.Until < today, fault.Invalid("until", "roster.decide.until"))
	add(d.Kind == Suspend && d.Until == 0, fault.Invalid("until", "roster.decide.until"))
	add(d.Number == "" && (d.Kind == List || d.Kind == Renew), fault.Invalid("number", "roster.decide.number"))
	switch {
	case d.against() && d.Due == 0:
		d.Due = d.Day + AppealDays
	case d.Kind == Appeal:
		d.Due = d.Day + AnswerDays
	case !d.against():
		d.Due = 0
	}
	add(d.against() && d.Due < d.Day, fault.Invalid("due", "roster.fault.due"))
	if d.Kind == List || d.Kind == Renew || d.Kind == Uphold {
		a, found, err := applicationOf(ctx, q, m.ID)
		if err != nil {
			return err
		}
		if found {
			add(a.Confirmed.IsZero(), fault.Invalid("kind", "roster.decide.unconfirmed"))
			w, err := windowByID(ctx, q, a.Window)
			if err != nil {
				return err
			}
			if err := u.deserves(ctx, q, m, w, *d); err != nil {
				wrong = append(wrong, err)
			}
			if d.Until == 0 && w.Years > 0 {
				y, month, day := d.Day.Date()
				d.Until, _ = calendar.NewDay(y+w.Years, month, min(day, calendar.MonthLength(y+w.Years, month)))
			}
		}
	}
	return errors.Join(wrong...)
}

// deserves refuses to list somebody who applied and was not judged, or has too few points.
func (u *UseCases) deserves(ctx context.Context, q db.Querier, m mediation.Mediator, w Window, d Decision) error {
	if d.Kind != List || m.Standing != mediation.Applied {
		return nil
	}
	points, err := u.pointsOf(ctx, q, m.ID)
	if err != nil {
		return err
	}
	if len(points) == 0 {
		return fault.Invalid("kind", "roster.decide.judged")
	}
	if mean(points) < float64(w.Pass) {
		return fault.Invalid("kind", "roster.decide.points", "least", w.Pass)
	}
	return nil
}

// move writes a decision down and where it leads.
func (u *UseCases) move(ctx context.Context, tx *db.Tx, m *mediation.Mediator, d Decision) error {
	sealed, err := u.seal(ctx, tx, m.ID, columnReason, d.Reason)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_decision (id, mediator, kind, act, act_day, until, due, account, at, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		db.NewID(), m.ID, d.Kind, d.Number, d.Day.String(), d.Until.String(), d.Due.String(), d.Account, db.Millis(u.Clock()), sealed); err != nil {
		return err
	}
	to := moves[d.Kind].to
	if to == "" {
		return nil
	}
	m.Standing = to
	switch d.Kind {
	case List, Renew, Uphold:
		if d.Number != "" {
			m.Act = mediation.Act{Number: d.Number, Day: d.Day}
		}
		m.Expires = d.Until
		if d.Kind == List {
			m.Since = time.Time{} // whoever comes back does not catch up on the time in between
		}
	case Suspend, Leave, Withdraw, Lapse:
		m.Available = time.Time{}
	}
	return u.Mediation.KeepEntry(ctx, tx, u.Clock(), m)
}

// AppealBy takes the appeal of whoever has a link. Faults: Invalid("reason"), Conflict when it is too late,
// access.Missing.
func (u *UseCases) AppealBy(ctx context.Context, secret, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return fault.Invalid("reason", "roster.follow.reason")
	}
	if len(reason) > 10_000 {
		return fault.Invalid("reason", "roster.apply.long")
	}
	return u.through(ctx, secret, func(ctx context.Context, tx *db.Tx, f Following) error {
		if !f.Appeals {
			return fault.Conflict("roster.follow.late")
		}
		if err := u.confirm(ctx, tx, f.Entry.ID); err != nil {
			return err
		}
		if err := u.move(ctx, tx, &f.Entry, Decision{Kind: Appeal, Day: u.today(), Due: u.today() + AnswerDays, Reason: reason}); err != nil {
			return err
		}
		return u.byLink(ctx, tx, f, "appeal")
	})
}
