// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// TestALoserIsLetThrough: somebody writes the same row again and again without a pause, and is in it whenever
// another comes back from its own.
func TestALoserIsLetThrough(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		write := func(hold time.Duration) error {
			return d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `UPDATE shop_item SET weight = weight + 1 WHERE id = 1`)
				time.Sleep(hold)
				return err
			})
		}
		done, held := make(chan struct{}), make(chan struct{})
		var hog sync.WaitGroup
		hog.Go(func() {
			for first := true; ; first = false {
				if err := write(20 * time.Millisecond); err != nil {
					t.Error(err)
				}
				if first {
					close(held)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
		<-held
		for range 6 {
			before := d.Stats().Retries
			if err := write(0); err != nil {
				t.Error(err)
			}
			if lost := d.Stats().Retries - before; lost > 12 {
				t.Errorf("it lost %d times", lost)
			}
		}
		close(done)
		hog.Wait()
	})
}
