// SPDX-License-Identifier: EUPL-1.2

package inquiry

import (
	"context"
	"fmt"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
)

// about is what concerns a subject: events about them as a person, and those on their account. What
// they did themselves is no news to them.
const about = `(e.subject = $1 OR e.kind = 'account' AND e.record = $1) AND e.account <> $1`

// Seen gives who has looked at or changed what is kept about the actor, newest first. Names are not
// in it: the account of each event is left out.
func (u *UseCases) Seen(ctx context.Context, actor access.Actor, skip, n int) (Page, error) {
	if !actor.Known() {
		return Page{}, access.Missing()
	}
	p, err := u.concerning(ctx, actor.Account, about, []any{actor.Account}, skip, n)
	for i := range p.List {
		p.List[i].Actor.Account, p.List[i].Actor.Session, p.List[i].Actor.Address = "", "", ""
	}
	return p, err
}

// SeenOf gives the same about anybody, with who it was, to who may know it; that they asked is
// recorded first. Faults: NotFound.
func (u *UseCases) SeenOf(ctx context.Context, actor access.Actor, subject string, skip, n int) (Page, error) {
	if subject == "" || !u.Guard.May(actor, ActionSubject) {
		return Page{}, access.Missing()
	}
	scope, args, err := u.Guard.Scope(actor, ActionSubject, u.events(), 2)
	if err != nil {
		return Page{}, err
	}
	if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, u.Clock(), audit.Event{
			Actor: actor.Audited(), Action: ActionSubject, Kind: "subject", Record: subject, Subject: subject, Read: true,
		})
	}); err != nil {
		return Page{}, err
	}
	return u.concerning(ctx, subject, about+" AND "+scope, append([]any{subject}, args...), skip, n)
}

func (u *UseCases) concerning(ctx context.Context, subject, where string, args []any, skip, n int) (p Page, err error) {
	if subject == "" {
		return p, nil
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if p.Total, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM audit_event AS e WHERE `+where, args...); err != nil {
			return err
		}
		p.List, err = audit.Select(ctx, tx, fmt.Sprintf(`%s ORDER BY e.at DESC, e.id DESC LIMIT $%d OFFSET $%d`, where, len(args)+1, len(args)+2), append(args, n, skip)...)
		return err
	})
	return p, err
}
