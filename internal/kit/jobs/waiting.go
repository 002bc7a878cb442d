// SPDX-License-Identifier: EUPL-1.2

package jobs

import (
	"context"
	"database/sql"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"approdo/internal/kit/db"
)

// DueSince is when the job that has waited longest should have begun; in the future, or zero, when
// none waits.
func DueSince(ctx context.Context, d *db.DB) (since time.Time, err error) {
	client, err := clients[d.Engine()]()
	if err != nil {
		return since, err
	}
	waiting := []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStateRetryable, rivertype.JobStateScheduled}
	err = d.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.Raw(ctx, func(raw *sql.Tx) error {
			found, err := client.JobListTx(ctx, raw, river.NewJobListParams().States(waiting...).
				OrderBy(river.JobListOrderByScheduledAt, river.SortOrderAsc).First(1))
			if err == nil && len(found.Jobs) > 0 {
				since = found.Jobs[0].ScheduledAt.UTC()
			}
			return err
		})
	})
	return since, err
}
