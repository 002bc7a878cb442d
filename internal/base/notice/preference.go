// SPDX-License-Identifier: EUPL-1.2

package notice

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

// Preference is whether somebody wants messages about a topic on a channel.
type Preference struct {
	Topic   string
	Channel Channel
	Wanted  bool
}

// Preferences are all that the owner of an account can choose.
type Preferences struct {
	Quiet  Quiet
	Choice []Preference // every topic and channel there is, in order
	Phone  bool         // the account has a telephone; without one nothing goes by text message
}

// Preferences are the actor's own. Faults: NotFound for strangers.
func (u *UseCases) Preferences(ctx context.Context, a access.Actor) (p Preferences, err error) {
	if !a.Known() {
		return p, access.Missing()
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if p.Quiet, err = readQuiet(ctx, tx, a.Account); err != nil {
			return err
		}
		p.Choice = u.choices()
		for i, c := range p.Choice {
			chosen, err := readChosen(ctx, tx, a.Account, c.Topic)
			if err != nil {
				return err
			}
			if wanted, said := chosen[c.Channel]; said {
				p.Choice[i].Wanted = wanted
			}
		}
		p.Phone, err = u.hasPhone(ctx, tx, a.Account)
		return err
	})
	return p, err
}

// choices are the topics of templates to accounts that may be switched off, with their channels, and
// whether they are on for whoever has said nothing: when any of the topic's templates is.
func (u *UseCases) choices() []Preference {
	var list []Preference
	for _, t := range u.templates {
		for _, c := range t.Channels {
			if !t.mayChoose(c) {
				continue
			}
			i := slices.IndexFunc(list, func(p Preference) bool { return p.Topic == t.Topic && p.Channel == c })
			if i < 0 {
				i, list = len(list), append(list, Preference{Topic: t.Topic, Channel: c})
			}
			list[i].Wanted = list[i].Wanted || t.usual(c)
		}
	}
	slices.SortFunc(list, func(a, b Preference) int {
		if a.Topic != b.Topic {
			if a.Topic < b.Topic {
				return -1
			}
			return 1
		}
		return slices.Index(Channels, a.Channel) - slices.Index(Channels, b.Channel)
	})
	return list
}

// Prefer keeps what the actor has chosen. Faults: NotFound for strangers, Invalid.
func (u *UseCases) Prefer(ctx context.Context, a access.Actor, p Preferences) error {
	if !a.Known() {
		return access.Missing()
	}
	if err := p.Quiet.check(); err != nil {
		return err
	}
	possible := u.choices()
	for _, c := range p.Choice {
		if !slices.ContainsFunc(possible, func(p Preference) bool { return p.Topic == c.Topic && p.Channel == c.Channel }) {
			return fault.Invalid("choice", "notice.choice")
		}
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		q := p.Quiet
		if _, err := db.Exec(ctx, tx, `INSERT INTO notice_quiet (account, enabled, start, finish, zone) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (account) DO UPDATE SET enabled = excluded.enabled, start = excluded.start, finish = excluded.finish, zone = excluded.zone`,
			a.Account, q.On, q.Start, q.Finish, q.Zone); err != nil {
			return err
		}
		for _, c := range p.Choice {
			if _, err := db.Exec(ctx, tx, `INSERT INTO notice_preference (account, topic, channel, wanted) VALUES ($1, $2, $3, $4)
				ON CONFLICT (account, topic, channel) DO UPDATE SET wanted = excluded.wanted`, a.Account, c.Topic, c.Channel, c.Wanted); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: a.Audited(), Action: "notice.preference.edit", Kind: "account", Record: a.Account, Subject: a.Account})
	})
}

// check refuses hours that no day has.
func (q Quiet) check() error {
	var err error
	if q.Start < 0 || q.Start >= 24*60 {
		err = fault.Invalid("start", "notice.hour")
	}
	if q.Finish < 0 || q.Finish >= 24*60 {
		err = errors.Join(err, fault.Invalid("finish", "notice.hour"))
	}
	if _, unknown := time.LoadLocation(q.Zone); unknown != nil || q.Zone == "" || q.Zone == "Local" {
		err = errors.Join(err, fault.Invalid("zone", "notice.zone"))
	}
	return err
}

func readQuiet(ctx context.Context, q db.Querier, account string) (Quiet, error) {
	found, err := db.Row(ctx, q, func(s db.Scanner) (q Quiet, err error) {
		err = s.Scan(&q.On, &q.Start, &q.Finish, &q.Zone)
		return q, err
	}, `SELECT enabled, start, finish, zone FROM notice_quiet WHERE account = $1`, account)
	if fault.Is(err, fault.KindNotFound) {
		return Usual, nil
	}
	return found, err
}
