// SPDX-License-Identifier: EUPL-1.2

package register

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

// Policy says who may do what with the registers.
func Policy() access.Policy { return access.Policy{Name: "register/policy.cedar", Text: policyText} }

// Reminder is what the officer of a body is to be told of a breach. Key is the same for the same
// moment of the clock: who tells it, tells it once.
type Reminder struct {
	Key      string
	Member   string
	Breach   string
	Stage    Stage
	Deadline time.Time
}

// Teller tells the officers of a body, within the transaction.
type Teller func(ctx context.Context, tx *db.Tx, r Reminder) error

// Deps is what the use cases stand on.
type Deps struct {
	DB       *db.DB
	Clock    func() time.Time
	Guard    *access.Guard
	Declared []Declared // of every room
	Tell     Teller
}

// UseCases is what can be done with the registers.
type UseCases struct{ Deps }

// New gives the use cases over a migrated database.
func New(d Deps) *UseCases { return &UseCases{d} }

func isDay(text string) bool {
	d, err := calendar.ParseDay(text)
	return text == "" || err == nil && d.String() == text
}
