// SPDX-License-Identifier: EUPL-1.2

package agenda

import (
	"context"
	"net/netip"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/lang"
)

// Deps is what the use cases stand on. All are required.
type Deps struct {
	DB        *db.DB
	Clock     func() time.Time
	Guard     *access.Guard
	Vault     mediation.Vault
	Mediation *mediation.UseCases
	// Actor is an account as it may act now for a body through a program: without a second factor, and
	// without roles when it has none any more.
	Actor func(ctx context.Context, account, member string) (access.Actor, error)
	// Words are those of a language.
	Words func(language string) lang.Words
	// Allowed are addresses in the house that calendars may be fetched from; none but in tests.
	Allowed []netip.Prefix
}

// UseCases is what programs outside do with the calendar.
type UseCases struct{ Deps }

// New gives the use cases over a migrated database.
func New(d Deps) *UseCases { return &UseCases{d} }
