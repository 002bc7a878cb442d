// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
)

// Raw lends the transaction beneath to a library that writes tables of its own, as package jobs
// does. What it fails with counts as a failed statement: the transaction can't go on, and is run
// again when the failure was a conflict.
func (t *Tx) Raw(ctx context.Context, fn func(*sql.Tx) error) error {
	if t.failed != nil {
		return t.failed
	}
	if err := fn(t.tx); err != nil {
		return t.fail(explain(ctx, err))
	}
	return nil
}

// Writer lends the connections that may write to such a library. Nobody else uses them past InTx.
func (d *DB) Writer() *sql.DB { return d.write }
