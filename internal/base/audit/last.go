// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"
	"time"

	"approdo/internal/kit/db"
)

// LastOf gives the last n changes that an account made, newest first. What it only looked at is left
// out, and so is coming and going: the page of the account lists sessions.
func LastOf(ctx context.Context, q db.Querier, account string, n int) ([]Entry, error) {
	return db.Rows(ctx, q, scanEntry, `SELECT `+columns+` FROM audit_event WHERE account = $1 AND NOT is_read AND kind <> 'session' ORDER BY at DESC, id DESC LIMIT $2`, account, n)
}

// Times is how often an account has done something since an instant: what nobody needs often has a limit.
func Times(ctx context.Context, q db.Querier, account, action string, since time.Time) (int, error) {
	return db.Row(ctx, q, db.Column[int], `SELECT count(*) FROM audit_event WHERE account = $1 AND at > $2 AND action = $3`, account, db.Millis(since), action)
}

// LastAt is when the latest event was, by the clock of whoever recorded it; the beginning of time when
// there is none.
func LastAt(ctx context.Context, q db.Querier) (time.Time, error) {
	at, err := db.Row(ctx, q, db.Column[int64], `SELECT COALESCE(MAX(at), 0) FROM audit_event`)
	return db.FromMillis(at), err
}
