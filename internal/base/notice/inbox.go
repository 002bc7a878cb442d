// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"context"
	"errors"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Entry is a message in the inbox of an account.
type Entry struct {
	ID     string
	Topic  string
	Urgent bool
	MadeAt time.Time
	ReadAt time.Time // zero while it is new
	Rendered
}

// Inbox are the actor's messages, the newest first.
type Inbox struct {
	Entries []Entry
	New     int // unread ones, in all
	Total   int // those that were asked for, on all pages
}

// InboxPage is how many messages a page of the inbox has at most.
const InboxPage = 30

// Inbox gives n of the actor's messages in a language, or only those that are new, after the first
// skip. Faults: NotFound for strangers.
func (u *UseCases) Inbox(ctx context.Context, a access.Actor, language string, unread bool, skip, n int) (in Inbox, err error) {
	if !a.Known() {
		return in, access.Missing()
	}
	only := 0
	if unread {
		only = 1
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if in.New, err = countNew(ctx, tx, a.Account); err != nil {
			return err
		}
		const where = ` FROM notice_message AS m WHERE m.account = $1 AND ($2 = 0 OR m.read_at IS NULL)`
		if in.Total, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*)`+where, a.Account, only); err != nil {
			return err
		}
		rows, err := db.Rows(ctx, tx, scanMessage, `SELECT `+messageColumns+where+` ORDER BY m.id DESC LIMIT $3 OFFSET $4`, a.Account, only, most(n, InboxPage), skip)
		if err != nil {
			return err
		}
		for _, m := range rows {
			e, err := u.entry(ctx, tx, m, language)
			if err != nil {
				return err
			}
			in.Entries = append(in.Entries, e)
		}
		return nil
	})
	return in, err
}

// entry opens and renders a message for its owner. One that was erased says so.
func (u *UseCases) entry(ctx context.Context, q db.Querier, m messageRow, language string) (Entry, error) {
	c, err := u.open(ctx, q, m)
	e := Entry{ID: m.ID, Topic: m.Topic, Urgent: m.Urgent, MadeAt: m.MadeAt, ReadAt: m.ReadAt}
	if errors.Is(err, errErased) {
		words := u.Words.Words(language)
		e.Rendered = Rendered{Language: words.Lang(), Dir: words.Dir(), Subject: words.Text("notice.erased")}
		return e, nil
	}
	if err != nil {
		return e, err
	}
	e.Rendered = u.render(m.Template, language, "", c)
	return e, nil
}

// Unread is how many messages of an account nobody has read; 0 for strangers. The frame of every page
// asks.
func (u *UseCases) Unread(ctx context.Context, a access.Actor) (int, error) {
	if !a.Known() {
		return 0, nil
	}
	return countNew(ctx, u.DB, a.Account)
}

func countNew(ctx context.Context, q db.Querier, account string) (int, error) {
	return db.Row(ctx, q, db.Column[int], `SELECT count(*) FROM notice_message WHERE account = $1 AND read_at IS NULL`, account)
}

// Entry gives one of the actor's messages. Faults: NotFound, also for those of others.
func (u *UseCases) Entry(ctx context.Context, a access.Actor, language, id string) (e Entry, err error) {
	if !a.Known() {
		return e, access.Missing()
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := db.Row(ctx, tx, scanMessage, `SELECT `+messageColumns+` FROM notice_message AS m WHERE m.id = $1 AND m.account = $2`, id, a.Account)
		if fault.Is(err, fault.KindNotFound) {
			return access.Missing()
		}
		if err != nil {
			return err
		}
		e, err = u.entry(ctx, tx, m, language)
		return err
	})
	return e, err
}

// Read marks a message of the actor as read, or all of them with id "". Faults: NotFound.
func (u *UseCases) Read(ctx context.Context, a access.Actor, id string) error {
	if !a.Known() {
		return access.Missing()
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := db.Millis(u.Clock())
		if id == "" {
			_, err := db.Exec(ctx, tx, `UPDATE notice_message SET read_at = $1 WHERE account = $2 AND read_at IS NULL`, now, a.Account)
			return err
		}
		n, err := db.Exec(ctx, tx, `UPDATE notice_message SET read_at = coalesce(read_at, $1) WHERE account = $2 AND id = $3`, now, a.Account, id)
		if err == nil && n == 0 {
			return access.Missing()
		}
		return err
	})
}
