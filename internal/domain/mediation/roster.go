// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"slices"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// RosterQuery chooses mediators. Empty fields choose all.
type RosterQuery struct {
	Text     string // of the name
	Language string
	Standing Standing
	Page     int // from 1
	Size     int
}

var mediatorTable = access.Table{Type: "Mediator", ID: "m.id", Columns: map[string]access.Column{
	"member":  {SQL: "m.member", Kind: access.Text},
	"account": {SQL: "m.account", Kind: access.Text},
	"listed":  {SQL: "(m.state = 'listed')", Kind: access.Truth},
}}

// resource is the mediator as policies ask about them that don't ask who knows them.
func (m Mediator) resource() access.Resource {
	return access.Resource{Type: "Mediator", ID: m.ID, Attributes: access.Attributes{"member": m.Member, "account": m.Account, "listed": m.Standing == Listed}}
}

// Roster lists the mediators whom the actor may see, by name, without contacts; and how many there are.
func (u *UseCases) Roster(ctx context.Context, actor access.Actor, q RosterQuery) (list []Mediator, total int, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		scope, args, err := u.known(ctx, tx, actor)
		if err != nil {
			return err
		}
		from := ` FROM mediation_mediator m WHERE (` + scope + `)`
		add := func(condition string, arg any) {
			args = append(args, arg)
			from += ` AND ` + condition + strconv.Itoa(len(args)) + `)`
		}
		if q.Text != "" {
			add(`(m.sort_name LIKE $`, "%"+folded(q.Text)+"%")
		}
		if q.Language != "" {
			add(`m.id IN (SELECT l.mediator FROM mediation_language l WHERE l.code = $`, q.Language)
		}
		if q.Standing != "" {
			add(`(m.state = $`, q.Standing)
		}
		size := min(max(q.Size, 1), 500)
		if total, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*)`+from, args...); err != nil {
			return err
		}
		list, err = db.Rows(ctx, tx, scanMediator, `SELECT `+mediatorColumns+from+` ORDER BY m.sort_name, m.id LIMIT `+strconv.Itoa(size)+` OFFSET `+strconv.Itoa(max(q.Page-1, 0)*size), args...)
		return err
	})
	return list, total, err
}

// Mediator is one entry of the roster, with the contact for whoever may edit it and for its owner:
// that they looked is recorded.
func (u *UseCases) Mediator(ctx context.Context, actor access.Actor, id string) (m Mediator, err error) {
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		found, err := mediatorByID(ctx, tx, id)
		if err != nil {
			return missing(err)
		}
		seen, err := u.ResourceFor(ctx, tx, actor, found)
		if err != nil {
			return err
		}
		if err := u.Guard.Check(ctx, actor, "mediation.roster.read", seen); err != nil {
			return err
		}
		m = found
		if !u.Guard.Allows(ctx, actor, "mediation.roster.edit", seen) && (m.Account == "" || m.Account != actor.Account) {
			m.Remarks, m.Conflicts = "", nil
			return nil
		}
		if err := u.unseal(ctx, tx, "mediation_mediator", id, columnContact, &m.Contact); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.roster.read", Kind: "mediator", Record: id, Read: true})
	})
	return m, err
}

// Keeps says whether the actor keeps an entry of the roster.
func (u *UseCases) Keeps(ctx context.Context, actor access.Actor, m Mediator) bool {
	return u.Guard.Allows(ctx, actor, "mediation.roster.edit", m.resource())
}

// Enlist adds a mediator to the roster of the actor's body, or changes an entry of the version it has.
// Faults: Invalid by field; Conflict when somebody else changed it meanwhile; access.Missing.
func (u *UseCases) Enlist(ctx context.Context, actor access.Actor, m Mediator) (Mediator, error) {
	now := u.Clock()
	if m.ID == "" {
		m.ID, m.Version, m.Member = db.NewID(), 0, actor.Member
	} else if m.Version <= 0 {
		return m, fault.Conflict("mediation.changed_meanwhile")
	}
	if m.Standing == "" {
		m.Standing = Applied
	}
	if err := m.check(); err != nil {
		return m, err
	}
	if !slices.Contains(Standings, m.Standing) {
		return m, fault.Invalid("standing", "mediation.mediator.standing")
	}
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		saved := m
		if m.Version > 0 {
			old, err := u.mediatorFor(ctx, tx, actor, "mediation.roster.edit", m.ID)
			if err != nil {
				return err
			}
			// What was decided about an entry is changed by another decision alone.
			saved.Member, saved.Available, saved.Since = old.Member, old.Available, old.Since
			saved.Standing, saved.Act, saved.Expires = old.Standing, old.Act, old.Expires
		} else if err := u.Guard.Check(ctx, actor, "mediation.roster.edit", saved.resource()); err != nil {
			return err
		}
		if err := u.ownAccount(ctx, tx, saved); err != nil {
			return err
		}
		if err := u.KeepEntry(ctx, tx, now, &saved); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.roster.edit", Kind: "mediator", Record: saved.ID}); err != nil {
			return err
		}
		m = saved
		return nil
	})
	return m, err
}

// ownAccount refuses an account that is no mediator of the body, or that has an entry already.
func (u *UseCases) ownAccount(ctx context.Context, tx *db.Tx, m Mediator) error {
	if m.Account == "" {
		return nil
	}
	accounts, err := u.Accounts(ctx, tx, m.Member)
	if err != nil {
		return err
	}
	others, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_mediator WHERE account = $1 AND id <> $2`, m.Account, m.ID)
	if err != nil {
		return err
	}
	if _, ok := accounts[m.Account]; !ok || others > 0 {
		return fault.Invalid("account", "mediation.mediator.account")
	}
	return nil
}

// OwnAccounts are the candidates for the account of an entry: the mediators of the actor's body who log in.
func (u *UseCases) OwnAccounts(ctx context.Context, actor access.Actor) (map[string]string, error) {
	if err := u.Guard.Check(ctx, actor, "mediation.roster.edit", Mediator{Member: actor.Member}.resource()); err != nil {
		return nil, err
	}
	return u.Accounts(ctx, u.DB, actor.Member)
}

// Available says that a mediator can be called until a moment, whatever their hours are; the zero time
// takes it back.
func (u *UseCases) Available(ctx context.Context, actor access.Actor, id string, until time.Time) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		m, err := u.mediatorFor(ctx, tx, actor, "mediation.hours.edit", id)
		if err != nil {
			return err
		}
		if until.After(now.Add(MaxLength)) {
			return fault.Invalid("until", "mediation.slot.long", "hours", int(MaxLength.Hours()))
		}
		if _, err := db.Exec(ctx, tx, `UPDATE mediation_mediator SET version = version + 1, available = $2, changed = $3 WHERE id = $1`, m.ID, db.NullMillis(until), db.Millis(now)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: "mediation.hours.edit", Kind: "mediator", Record: id})
	})
}

// mediatorFor reads a mediator if the actor may do action with them; access.Missing otherwise.
func (u *UseCases) mediatorFor(ctx context.Context, q db.Querier, actor access.Actor, action, id string) (Mediator, error) {
	m, err := mediatorByID(ctx, q, id)
	if fault.Is(err, fault.KindNotFound) {
		return m, access.Missing()
	} else if err != nil {
		return m, err
	}
	return m, u.Guard.Check(ctx, actor, action, m.resource())
}
