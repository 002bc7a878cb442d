// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"
	_ "embed"
	"encoding/json"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/pace"
)

//go:embed policy.cedar
var policyText string

// Policy says who may do what with the keeping of the roster.
func Policy() access.Policy {
	return access.Policy{Name: "mediation/roster/policy.cedar", Text: policyText}
}

// Vault seals what must not be read by whoever reads the database. Package vault of the kit is one.
type Vault interface {
	Seal(ctx context.Context, tx *db.Tx, subject, column string, plain []byte) ([]byte, error)
	Open(ctx context.Context, q db.Querier, subject, column string, sealed []byte) ([]byte, error)
	Destroy(ctx context.Context, tx *db.Tx, subject string) error
	Index(purpose, value string) []byte
}

// Columns of the vault.
const (
	columnPaper     = "mediation.paper"
	columnNotes     = "mediation.notes"
	columnReason    = "mediation.reason"
	columnFile      = "mediation.file"
	columnEntry     = "mediation.entry"
	columnStatement = "mediation.statement"
)

// Letter is what somebody of the roster is told by mail, in the language in which they applied.
type Letter struct {
	Key      string // the same key again tells nothing
	Template string // "roster.applied" …
	Account  string // "" for who does not log in
	Mail     string
	Language string
	Args     map[string]string
	Member   string
	Link     string // path without language
}

// Deps is what the use cases stand on. All are required.
type Deps struct {
	DB        *db.DB
	Clock     func() time.Time
	Guard     *access.Guard
	Vault     Vault
	Mediation *mediation.UseCases
	// Write sends a letter, in the transaction of what happened.
	Write func(ctx context.Context, tx *db.Tx, l Letter) error
	// Forget takes away what all rooms keep unsealed about a subject whose key was destroyed.
	Forget func(ctx context.Context, tx *db.Tx, subject string) error
}

// UseCases is what can be done with the roster.
type UseCases struct {
	Deps
	pace  *pace.Pace // of reading files
	forms *pace.Pace // of applications with one address
}

// New gives the use cases over a migrated database.
func New(d Deps) *UseCases {
	return &UseCases{Deps: d, pace: pace.New(pace.Limits{Hourly: 30, Turns: 2, Wait: 20 * time.Second}), forms: pace.New(pace.Limits{Hourly: hourlyForms, Turns: 1})}
}

func (u *UseCases) today() calendar.Day { return calendar.DayOf(u.Clock(), calendar.Rome()) }

// ofBody is a thing of the roster that belongs to a body, as policies ask about it.
func ofBody(kind, id, member string) access.Resource {
	return access.Resource{Type: kind, ID: id, Attributes: access.Attributes{"member": member}}
}

// entryFor reads an entry with its contact if the actor may do action with it; access.Missing otherwise.
func (u *UseCases) entryFor(ctx context.Context, q db.Querier, actor access.Actor, action, id string) (mediation.Mediator, error) {
	m, err := u.Mediation.Entry(ctx, q, id)
	if err != nil {
		return m, err
	}
	return m, u.Guard.Check(ctx, actor, action, mediation.ResourceOf(m))
}

// seal keeps a value under the key of its subject; nothing when it is empty.
func (u *UseCases) seal(ctx context.Context, tx *db.Tx, subject, column string, value any) ([]byte, error) {
	plain, err := json.Marshal(value)
	if err != nil || string(plain) == "{}" || string(plain) == `""` {
		return nil, err
	}
	return u.Vault.Seal(ctx, tx, subject, column, plain)
}

// unseal reads back what seal kept; nothing when nothing was kept.
func (u *UseCases) unseal(ctx context.Context, q db.Querier, subject, column string, sealed []byte, into any) error {
	if len(sealed) == 0 {
		return nil
	}
	plain, err := u.Vault.Open(ctx, q, subject, column, sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, into)
}

// dayOf reads a day that is kept as text; zero for none.
func dayOf(text string) calendar.Day {
	d, err := calendar.ParseDay(text)
	if err != nil {
		return 0
	}
	return d
}

// next is the number of the parameter that follows args.
func next(args []any) string { return strconv.Itoa(len(args) + 1) }
