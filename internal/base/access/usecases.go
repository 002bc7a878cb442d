// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"context"
	"time"

	"approdo/internal/kit/db"
)

// UseCases is what can be done with relations and broken glass.
type UseCases struct {
	db    *db.DB
	guard *Guard
	clock func() time.Time
	tell  Tell
}

// Tell says within the transaction to those concerned that glass was broken: the data-protection
// officers of the body, and whoever broke it.
type Tell func(ctx context.Context, tx *db.Tx, g Glass) error

// NewUseCases gives the use cases over a migrated database. Without tell the review queue alone says
// that glass was broken.
func NewUseCases(d *db.DB, guard *Guard, clock func() time.Time, tell Tell) *UseCases {
	if tell == nil {
		tell = func(context.Context, *db.Tx, Glass) error { return nil }
	}
	return &UseCases{d, guard, clock, tell}
}

// Guard is the guard of the program: pages ask it what to show.
func (u *UseCases) Guard() *Guard { return u.guard }

// Now is the time of the clock.
func (u *UseCases) Now() time.Time { return u.clock() }
