// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	_ "embed"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
)

//go:embed policy.cedar
var policyText string

// Policy says who may do what with mediation.
func Policy() access.Policy { return access.Policy{Name: "mediation/policy.cedar", Text: policyText} }

// Vault seals what must not be read by whoever reads the database. Package vault of the kit is one.
type Vault interface {
	Seal(ctx context.Context, tx *db.Tx, subject, column string, plain []byte) ([]byte, error)
	Open(ctx context.Context, q db.Querier, subject, column string, sealed []byte) ([]byte, error)
	Destroy(ctx context.Context, tx *db.Tx, subject string) error
}

// Deps is what the use cases stand on. All are required.
type Deps struct {
	DB    *db.DB
	Clock func() time.Time
	Guard *access.Guard
	Vault Vault
}

// UseCases is what can be done in mediation.
type UseCases struct{ Deps }

// New gives the use cases over a migrated database.
func New(d Deps) *UseCases { return &UseCases{d} }
