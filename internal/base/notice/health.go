// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"context"
	"time"

	"approdo/internal/kit/db"
)

// Health is what whoever runs the installation should know of its messages.
type Health struct {
	Waiting int // not sent yet, without those that wait for the end of quiet hours
	Late    int // of these, those that have waited for more than a day
	Failed  int // wait for a person
}

// Check counts, without changing anything.
func Check(ctx context.Context, q db.Querier, now time.Time) (Health, error) {
	return db.Row(ctx, q, func(s db.Scanner) (h Health, err error) {
		err = s.Scan(&h.Waiting, &h.Late, &h.Failed)
		return h, err
	}, `SELECT count(*) FILTER (WHERE d.state = 'waiting' AND d.due_at IS NULL),
		count(*) FILTER (WHERE d.state = 'waiting' AND d.due_at IS NULL AND m.made_at < $1),
		count(*) FILTER (WHERE d.state = 'failed')
		FROM notice_delivery AS d JOIN notice_message AS m ON m.id = d.message_id`, db.Millis(now.Add(-24*time.Hour)))
}
