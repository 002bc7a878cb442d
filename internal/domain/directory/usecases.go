// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// UseCases is what can be done with the directory.
type UseCases struct {
	db    *db.DB
	clock func() time.Time
	guard *access.Guard
}

// New gives the use cases over a migrated database. Without a guard (Guarded) nobody may do what
// takes an actor.
func New(d *db.DB, clock func() time.Time) *UseCases { return &UseCases{db: d, clock: clock} }

// Now is the time of the directory's clock.
func (u *UseCases) Now() time.Time { return u.clock() }

// Guarded gives the same use cases with the one that decides who may do what.
func (u *UseCases) Guarded(g *access.Guard) *UseCases {
	copied := *u
	copied.guard = g
	return &copied
}

// check fails with access.Missing when the actor may not do action with r.
func (u *UseCases) check(ctx context.Context, actor access.Actor, action string, r access.Resource) error {
	if u.guard == nil {
		return access.Missing()
	}
	return u.guard.Check(ctx, actor, action, r)
}

// today is the day in Italy.
func (u *UseCases) today() calendar.Day { return calendar.DayOf(u.clock(), calendar.Rome()) }
