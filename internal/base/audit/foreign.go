// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"
	"fmt"
	"slices"
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

// mostForeign bounds what is shown of one log: the newest covers all before it.
const mostForeign = 1000

// KeptFor gives the checkpoints of one log that are kept for its owner, the oldest first. None when the
// log is not known here.
func KeptFor(ctx context.Context, q db.Querier, origin string) ([]Foreign, error) {
	list, err := db.Rows(ctx, q, func(s db.Scanner) (f Foreign, err error) {
		err = s.Scan(&f.Origin, &f.Size, db.ScanTime(&f.Received), &f.Note)
		return f, err
	}, `SELECT origin, size, received_at, note FROM audit_foreign WHERE origin = $1 ORDER BY size DESC, received_at DESC LIMIT $2`, origin, mostForeign)
	slices.Reverse(list)
	return list, err
}

// Forked names the logs of others of which a second history came since a moment: their owners should
// know.
func Forked(ctx context.Context, q db.Querier, since time.Time) ([]string, error) {
	return db.Rows(ctx, q, db.Column[string], `SELECT DISTINCT a.origin FROM audit_foreign AS a
		JOIN audit_foreign AS b ON b.origin = a.origin AND b.size = a.size AND b.hash <> a.hash
		WHERE a.received_at >= $1 ORDER BY a.origin`, db.Millis(since))
}
