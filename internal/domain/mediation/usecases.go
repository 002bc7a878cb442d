// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	_ "embed"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/calendar"
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

// Call is what a mediator is told: time, language, mode, comune and a link, and nothing of the person.
type Call struct {
	Key      string // the same key again tells nothing
	Template string // "mediation.offer", "mediation.booked" …
	Mediator Mediator
	Contact  Contact // for who has no account
	Args     map[string]string
	Link     string   // path without language, with the secret of the link in it
	Booking  *Booking // that it is about; nil for an offer
	Member   string
}

// Wave asks for the next wave of a request.
type WaveDue struct {
	Request string `json:"request"`
	Wave    int    `json:"wave"`
}

// Deps is what the use cases stand on. All are required.
type Deps struct {
	DB    *db.DB
	Clock func() time.Time
	Guard *access.Guard
	Vault Vault
	// Tell tells a mediator, in the transaction of what happened.
	Tell func(ctx context.Context, tx *db.Tx, c Call) error
	// TellDesk tells whoever asked for a mediator, in the transaction of what happened.
	TellDesk func(ctx context.Context, tx *db.Tx, c DeskCall) error
	// Accounts are those who are mediators of a body, by identifier, with their names.
	Accounts func(ctx context.Context, q db.Querier, member string) (map[string]string, error)
	// Partners are the bodies with which a body has an agreement about mediation in force on a day, each
	// with the agreement.
	Partners func(ctx context.Context, q db.Querier, member string, day calendar.Day) (map[string]string, error)
	// Soon asks for Retry to be called, when time may have come free for those who wait.
	Soon func(ctx context.Context, tx *db.Tx) error
	// Later asks for Wave to be called with w after a time, whatever happens to this node.
	Later func(ctx context.Context, tx *db.Tx, w WaveDue, after time.Duration) error
}

// UseCases is what can be done in mediation.
type UseCases struct {
	Deps
	diaries *diaries
}

// New gives the use cases over a migrated database.
func New(d Deps) *UseCases { return &UseCases{d, &diaries{}} }
