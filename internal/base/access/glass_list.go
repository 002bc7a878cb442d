// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"context"
	"errors"
	"time"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
)

// GlassQuery chooses emergency accesses.
type GlassQuery struct {
	Pending bool // only those that nobody has reviewed
	Skip, N int  // N = 0 gives all
}

// Glasses are the emergency accesses that the actor may see, the newest first, and how many there are
// without paging. Looking is recorded.
func (u *UseCases) Glasses(ctx context.Context, a Actor, q GlassQuery) (list []Glass, total int, err error) {
	condition, args, err := u.guard.Scope(a, "access.glass.read", glassTable, 1)
	if err != nil {
		return nil, 0, err
	}
	if q.Pending {
		condition += ` AND g.verdict = ''`
	}
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, total = nil, 0
		n, err := db.Row(ctx, tx, db.Column[int64], `SELECT count(*) FROM access_glass AS g WHERE `+condition, args...)
		if err != nil || n == 0 {
			return err
		}
		text := `SELECT ` + glassColumns + ` FROM access_glass AS g WHERE ` + condition + ` ORDER BY at DESC, id DESC`
		if q.N > 0 {
			text += ` LIMIT ` + number(q.N) + ` OFFSET ` + number(q.Skip)
		}
		if list, err = db.Rows(ctx, tx, scanGlass, text, args...); err != nil {
			return err
		}
		total = int(n)
		return audit.Record(ctx, tx, u.clock(), audit.Event{Actor: a.Audited(), Action: "access.glass.read", Kind: "glass", Read: true})
	})
	return list, total, err
}

// GlassByID is one emergency access that the actor may see. Looking is recorded.
func (u *UseCases) GlassByID(ctx context.Context, a Actor, id string) (found Glass, err error) {
	err = u.onGlass(ctx, a, "access.glass.read", id, func(ctx context.Context, tx *db.Tx, now time.Time, g Glass) error {
		found = g
		return audit.Record(ctx, tx, now, audit.Event{Actor: a.Audited(), Action: "access.glass.read", Kind: "glass", Record: g.ID, Read: true})
	})
	if err != nil {
		return Glass{}, err
	}
	return found, nil
}

// joined is nil for none, unlike errors.Join of what may hold nil.
func joined(list []error) error {
	if len(list) == 0 {
		return nil
	}
	return errors.Join(list...)
}
