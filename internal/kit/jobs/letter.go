// SPDX-License-Identifier: EUPL-1.2

package jobs

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

var (
	// unfinished are the states in which a job still has to be done.
	unfinished = []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
		rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}
	// dead are the states in which a person must decide.
	dead = []rivertype.JobState{rivertype.JobStateDiscarded, rivertype.JobStateCancelled}
)

// Letter is a job that nobody tries any more.
type Letter struct {
	ID       int64
	Kind     string
	Args     string // as JSON: identifiers
	Attempts int
	Error    string // of the last attempt
	At       time.Time
}

// Dead gives the dead letters, the newest first.
func Dead(ctx context.Context, d *db.DB, limit int) ([]Letter, error) {
	client, err := clients[d.Engine()]()
	if err != nil {
		return nil, err
	}
	var list []Letter
	err = d.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.Raw(ctx, func(raw *sql.Tx) error {
			found, err := client.JobListTx(ctx, raw, river.NewJobListParams().States(dead...).
				OrderBy(river.JobListOrderByID, river.SortOrderDesc).First(limit))
			if err != nil {
				return err
			}
			list = list[:0]
			for _, job := range found.Jobs {
				list = append(list, letter(job))
			}
			return nil
		})
	})
	return list, err
}

func letter(job *rivertype.JobRow) Letter {
	l := Letter{ID: job.ID, Kind: job.Kind, Args: string(job.EncodedArgs), Attempts: job.Attempt}
	if n := len(job.Errors); n > 0 {
		l.Error = job.Errors[n-1].Error
	}
	if job.FinalizedAt != nil {
		l.At = job.FinalizedAt.UTC()
	}
	return l
}

// Again lets a dead letter be tried once more. Faults: NotFound.
func Again(ctx context.Context, tx *db.Tx, id int64) error {
	return settle(ctx, tx, func(client *river.Client[*sql.Tx], raw *sql.Tx) error {
		_, err := client.JobRetryTx(ctx, raw, id)
		return err
	})
}

// GiveUp takes a dead letter away for good. Faults: NotFound, also for a job that is running.
func GiveUp(ctx context.Context, tx *db.Tx, id int64) error {
	return settle(ctx, tx, func(client *river.Client[*sql.Tx], raw *sql.Tx) error {
		_, err := client.JobDeleteTx(ctx, raw, id)
		return err
	})
}

func settle(ctx context.Context, tx *db.Tx, do func(*river.Client[*sql.Tx], *sql.Tx) error) error {
	client, err := clients[tx.Engine()]()
	if err != nil {
		return err
	}
	err = tx.Raw(ctx, func(raw *sql.Tx) error { return do(client, raw) })
	if errors.Is(err, rivertype.ErrNotFound) || errors.Is(err, rivertype.ErrJobRunning) {
		return fault.NotFound("error.not_found").Because(err)
	}
	return err
}
