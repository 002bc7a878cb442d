// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"context"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/jobs"
)

// Tidy is the job that takes up deliveries nobody has, and takes away what was kept long enough.
type Tidy struct{}

// Kind names the work.
func (Tidy) Kind() string { return "notice.tidy" }

// stranded is how long a delivery may wait without anybody touching it: longer than the longest pause
// between two attempts, and than a night. A node that dies at the last attempt leaves such a one.
const stranded = 14 * time.Hour

// tidyAtOnce bounds one transaction.
const tidyAtOnce = 200

func (u *UseCases) tidy(ctx context.Context, _ jobs.Task, _ Tidy) error { return u.TidyNow(ctx) }

// TidyNow does what the job does every hour.
func (u *UseCases) TidyNow(ctx context.Context) error {
	if err := u.DB.InTx(ctx, u.takeUp); err != nil {
		return err
	}
	for {
		n := 0
		if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			n, err = u.forget(ctx, tx)
			return err
		}); err != nil {
			return err
		}
		if n < tidyAtOnce {
			break
		}
	}
	_, err := db.Exec(ctx, u.DB, `DELETE FROM notice_message WHERE account <> '' AND made_at < $1`, db.Millis(u.Clock().Add(-KeepInbox)))
	return err
}

// takeUp gives stranded deliveries a new job, and a new round so that an old job does nothing.
func (u *UseCases) takeUp(ctx context.Context, tx *db.Tx) error {
	now := u.Clock()
	list, err := db.Rows(ctx, tx, scanDelivery, `SELECT `+deliveryColumns+` FROM notice_delivery AS d
		WHERE d.state = 'waiting' AND d.touched_at < $1 AND (d.due_at IS NULL OR d.due_at < $2) ORDER BY d.touched_at, d.id LIMIT $3`,
		db.Millis(now.Add(-stranded)), db.Millis(now), tidyAtOnce)
	if err != nil {
		return err
	}
	for _, d := range list {
		if err := u.again(ctx, tx, d, now); err != nil {
			return err
		}
	}
	return nil
}

// again puts a delivery back to the beginning and asks for a job.
func (u *UseCases) again(ctx context.Context, tx *db.Tx, d Delivery, now time.Time) error {
	if _, err := db.Exec(ctx, tx, `UPDATE notice_delivery
		SET state = 'waiting', round = round + 1, due_at = NULL, settled_at = NULL, touched_at = $1 WHERE id = $2`, db.Millis(now), d.ID); err != nil {
		return err
	}
	return jobs.Enqueue(ctx, tx, Deliver{Delivery: d.ID, Round: d.Round + 1})
}

// forget takes away what messages to people without account held, and destroys their keys.
func (u *UseCases) forget(ctx context.Context, tx *db.Tx) (int, error) {
	list, err := db.Rows(ctx, tx, db.Column[string], `SELECT m.id FROM notice_message AS m
		WHERE m.account = '' AND m.sealed IS NOT NULL AND m.made_at < $1 AND NOT EXISTS (
			SELECT 1 FROM notice_delivery AS d WHERE d.message_id = m.id AND (d.state = 'waiting' OR d.settled_at >= $1))
		ORDER BY m.made_at, m.id LIMIT $2`, db.Millis(u.Clock().Add(-KeepOutside)), tidyAtOnce)
	if err != nil {
		return 0, err
	}
	for _, id := range list {
		if err := u.Vault.Destroy(ctx, tx, id); err != nil {
			return 0, err
		}
		if err := fillMessage(ctx, tx, id, nil); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}
