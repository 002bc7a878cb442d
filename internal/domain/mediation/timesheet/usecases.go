// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"context"
	_ "embed"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/upload"
)

//go:embed policy.cedar
var policyText string

// Policy says who may do what with sessions and timesheets.
func Policy() access.Policy {
	return access.Policy{Name: "mediation/timesheet/policy.cedar", Text: policyText}
}

// Deps is what the use cases stand on. All are required.
type Deps struct {
	DB        *db.DB
	Clock     func() time.Time
	Guard     *access.Guard
	Vault     mediation.Vault
	Mediation *mediation.UseCases
	Receipts  *upload.Folder
	// Name is what the owner of an account is called.
	Name func(ctx context.Context, q db.Querier, account string) (string, error)
}

// UseCases is what can be done with sessions and timesheets.
type UseCases struct{ Deps }

// New gives the use cases over a migrated database.
func New(d Deps) *UseCases { return &UseCases{d} }
