// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"strconv"
	"strings"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Cursor is a place in the change feed: everything up to the entry ID within the change Seq has
// been read. Many entries may have changed together, so the number alone is not enough.
type Cursor struct {
	Seq int64
	ID  string // "" at the end of the change Seq
}

// String writes the cursor as the feed's parameter: "12" or "12:id".
func (c Cursor) String() string {
	if c.ID == "" {
		return strconv.FormatInt(c.Seq, 10)
	}
	return strconv.FormatInt(c.Seq, 10) + ":" + c.ID
}

// ParseCursor reads what String wrote; "" is the beginning. It fails with Invalid("after").
func ParseCursor(text string) (Cursor, error) {
	if text == "" {
		return Cursor{}, nil
	}
	number, id, _ := strings.Cut(text, ":")
	seq, err := strconv.ParseInt(number, 10, 64)
	if err != nil || seq < 0 || len(id) > 100 || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return Cursor{}, fault.Invalid("after", "query.cursor", "value", text)
	}
	return Cursor{seq, id}, nil
}

// Seq is the number of the last change.
func (u *UseCases) Seq(ctx context.Context) (int64, error) {
	return db.Row(ctx, u.db, db.Column[int64], `SELECT seq FROM directory_feed WHERE id = 1`)
}

// Feed reads at most limit changes after a cursor, oldest first. next is where to go on; end tells
// that there is nothing behind it yet.
func (u *UseCases) Feed(ctx context.Context, after Cursor, limit int) (list []Change, next Cursor, end bool, err error) {
	err = u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		reached, err := db.Row(ctx, tx, db.Column[int64], `SELECT seq FROM directory_feed WHERE id = 1`)
		if err != nil {
			return err
		}
		// An empty id means that the whole change was read, so it is compared as the last of all.
		list, err = db.Rows(ctx, tx, scanChange, `SELECT id, gone, seq, record FROM directory_entry
			WHERE (seq > $1 OR (seq = $2 AND $3 <> '' AND id > $4)) AND seq <= $5 ORDER BY seq, id LIMIT `+strconv.Itoa(limit),
			after.Seq, after.Seq, after.ID, after.ID, reached)
		if err != nil {
			return err
		}
		if end = len(list) < limit; end {
			next = Cursor{Seq: max(reached, after.Seq)}
			return nil
		}
		last := list[len(list)-1]
		next = Cursor{last.Entry.Seq, last.ID}
		return nil
	})
	return list, next, end, err
}
