// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"
	"errors"

	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// How long before something runs out people are told.
const (
	skillAhead   = 30
	listingAhead = 60
)

// Daily does what happens because time goes by: suspensions end, listings run out, what runs out soon is told
// once, applications that nobody confirmed go, and links and files that nobody needs are forgotten. Done again it changes nothing.
func (u *UseCases) Daily(ctx context.Context) error {
	ids, err := db.Rows(ctx, u.DB, db.Column[string], `SELECT id FROM mediation_mediator WHERE state IN ('listed', 'suspended') ORDER BY id`)
	if err != nil {
		return err
	}
	for _, id := range ids {
		err = errors.Join(err, u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return u.daily(ctx, tx, id) }))
	}
	return errors.Join(err, u.discardOld(ctx), u.forgetOld(ctx))
}

func (u *UseCases) daily(ctx context.Context, tx *db.Tx, id string) error {
	m, err := u.Mediation.Entry(ctx, tx, id)
	if err != nil {
		return err
	}
	today := u.today()
	switch {
	case m.Standing == mediation.Suspended:
		list, err := u.decisionsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		for i := len(list) - 1; i >= 0; i-- {
			if list[i].Kind == Suspend {
				if list[i].Until != 0 && list[i].Until < today {
					return u.byTime(ctx, tx, &m, Decision{Kind: Resume, Day: today})
				}
				return nil
			}
		}
	case m.Standing == mediation.Listed && m.Expires != 0 && m.Expires < today:
		return u.byTime(ctx, tx, &m, Decision{Kind: Lapse, Day: today})
	case m.Standing == mediation.Listed:
		return u.remind(ctx, tx, m, today)
	}
	return nil
}

// byTime moves an entry because a day has passed, and tells whose it is.
func (u *UseCases) byTime(ctx context.Context, tx *db.Tx, m *mediation.Mediator, d Decision) error {
	d.Until = m.Expires
	if err := u.move(ctx, tx, m, d); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: audit.Actor{Via: audit.ViaJob}, Action: "mediation.application.decide", Kind: "mediator", Record: m.ID, Subject: m.ID, Changes: []audit.Change{{Field: "kind", After: string(d.Kind)}}}); err != nil {
		return err
	}
	return u.invite(ctx, tx, m.ID, "roster.news", db.NewID())
}

// remind tells once of what runs out soon: the listing, or the evidence of a skill.
func (u *UseCases) remind(ctx context.Context, tx *db.Tx, m mediation.Mediator, today calendar.Day) error {
	soon := func(until calendar.Day, ahead calendar.Day) bool {
		return until != 0 && until >= today && until <= today+ahead
	}
	first := calendar.Day(0)
	note := func(until calendar.Day) {
		if first == 0 || until < first {
			first = until
		}
	}
	if soon(m.Expires, listingAhead) {
		note(m.Expires)
	}
	for _, s := range m.Skills {
		if soon(s.Until, skillAhead) {
			note(s.Until)
		}
	}
	if first == 0 {
		return nil
	}
	told, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_reminder WHERE mediator = $1 AND until = $2`, m.ID, first.String())
	if err != nil || told > 0 {
		return err
	}
	if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_reminder (mediator, until) VALUES ($1, $2)`, m.ID, first.String()); err != nil {
		return err
	}
	return u.invite(ctx, tx, m.ID, "roster.expiring", first.String())
}

// forgetOld forgets links that ran out, and files whose imports are old or done with.
func (u *UseCases) forgetOld(ctx context.Context) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		if _, err := db.Exec(ctx, tx, `DELETE FROM mediation_follow WHERE until < $1`, db.Millis(now)); err != nil {
			return err
		}
		ids, err := db.Rows(ctx, tx, db.Column[string], `SELECT id FROM mediation_import WHERE file IS NOT NULL AND at < $1 ORDER BY at LIMIT 100`, db.Millis(now.Add(-keepImport)))
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := u.forgetFile(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}
