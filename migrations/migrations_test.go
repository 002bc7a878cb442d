// SPDX-License-Identifier: EUPL-1.2

package migrations_test

import (
	"testing"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/migrations"
)

func TestTheWholeListAppliesOnceOnBothEngines(t *testing.T) {
	t.Parallel()
	dbtest.EachEmpty(t, func(t *testing.T, d *db.DB) {
		applied, err := d.Migrate(t.Context(), migrations.FS)
		if err != nil {
			t.Fatal(err)
		}
		if len(applied) == 0 {
			t.Fatal("nothing was applied to an empty database")
		}
		again, err := d.Migrate(t.Context(), migrations.FS)
		if err != nil {
			t.Fatal(err)
		}
		if len(again) != 0 {
			t.Errorf("applied a second time: %v", again)
		}
	})
}
