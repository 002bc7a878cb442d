// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"
	"fmt"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Foreign is a checkpoint of another installation that is kept here.
type Foreign struct {
	Checkpoint
	Received time.Time
}

// Keep stores a checkpoint that another installation has sent, when one of the keys has signed it.
// The same one again changes nothing. Two of one size that say different things are both kept, and
// the second is an error: the other log was rewritten.
func Keep(ctx context.Context, d *db.DB, peers *Keys, now time.Time, text string) (Checkpoint, error) {
	c, err := peers.Open(text)
	if err != nil {
		return c, fault.Forbidden("audit.checkpoint_unknown").Because(err)
	}
	forked := false
	err = d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Row(ctx, tx, db.Column[int64], `SELECT count(*) FROM audit_foreign WHERE origin = $1 AND size = $2 AND hash <> $3`,
			c.Origin, c.Size, c.Hash.String())
		if err != nil {
			return err
		}
		forked = n > 0
		_, err = db.Exec(ctx, tx, `INSERT INTO audit_foreign (origin, size, hash, received_at, note) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (origin, size, hash) DO NOTHING`, c.Origin, c.Size, c.Hash.String(), db.Millis(now), c.Note)
		return err
	})
	if err == nil && forked {
		err = fault.Conflict("audit.checkpoint_forked").Because(fmt.Errorf("%w: %s has two trees of %d entries", ErrContradiction, c.Origin, c.Size))
	}
	return c, err
}

// Foreigners gives the checkpoints kept for others, the newest of each log first, at most n.
func Foreigners(ctx context.Context, q db.Querier, n int) ([]Foreign, error) {
	return db.Rows(ctx, q, func(s db.Scanner) (f Foreign, err error) {
		var hash string
		if err = s.Scan(&f.Origin, &f.Size, &hash, db.ScanTime(&f.Received), &f.Note); err != nil {
			return f, err
		}
		return f, nil
	}, `SELECT origin, size, hash, received_at, note FROM audit_foreign ORDER BY origin, size DESC, received_at LIMIT $1`, n)
}
