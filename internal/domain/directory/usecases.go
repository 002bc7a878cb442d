// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"time"

	"approdo/internal/kit/db"
)

// UseCases is what can be done with the directory.
type UseCases struct {
	db    *db.DB
	clock func() time.Time
}

// New gives the use cases over a migrated database.
func New(d *db.DB, clock func() time.Time) *UseCases { return &UseCases{db: d, clock: clock} }

// Now is the time of the directory's clock.
func (u *UseCases) Now() time.Time { return u.clock() }
