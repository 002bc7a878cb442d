// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
)

// Vault seals what may not stand in clear in the database.
type Vault interface {
	Seal(ctx context.Context, tx *db.Tx, subject, column string, plain []byte) ([]byte, error)
	Open(ctx context.Context, q db.Querier, subject, column string, sealed []byte) ([]byte, error)
	Destroy(ctx context.Context, tx *db.Tx, subject string) error
}

// Letter is what somebody is told by mail. Link is whole and opens something: it is not for the log.
type Letter struct {
	Key      string // the same letter is sent once
	Template string // invitation, reset, password_changed, new_factor, …
	Account  string // "" when there is none yet
	Email    string
	Name     string
	Language string
	Link     string // path on the site, without language; "" for none
	Phone    string // a text message to this number, instead of a letter
	Code     string // what it holds
	Body     string // identifier of the body that invites
}

// Config is what the use cases stand on. All of it is required but Hashing.
type Config struct {
	DB    *db.DB
	Clock func() time.Time
	Key   []byte // secret of the installation, not kept in the database
	Guard *access.Guard
	Vault Vault
	// Partakes says whether a body takes part in the network now: when it leaves, so do its people.
	Partakes func(ctx context.Context, q db.Querier, member string) (bool, error)
	// Send takes a letter within the transaction that asks for it.
	Send    func(ctx context.Context, tx *db.Tx, l Letter) error
	Hashing Hashing // default DefaultHashing
	// Providers vouch for people; none by default.
	Providers []Provider
	// Silence is how long every answer to a question about an address takes at least; default 400 ms.
	Silence time.Duration
}

// UseCases are what can be done with accounts.
type UseCases struct {
	db        *db.DB
	clock     func() time.Time
	key       []byte
	guard     *access.Guard
	vault     Vault
	partakes  func(ctx context.Context, q db.Querier, member string) (bool, error)
	send      func(ctx context.Context, tx *db.Tx, l Letter) error
	hasher    *hasher
	silence   time.Duration
	providers *providers
}

// New builds the use cases.
func New(c Config) *UseCases {
	if c.Hashing == (Hashing{}) {
		c.Hashing = DefaultHashing
	}
	if c.Silence == 0 {
		c.Silence = 400 * time.Millisecond
	}
	return &UseCases{c.DB, c.Clock, c.Key, c.Guard, c.Vault, c.Partakes, c.Send, newHasher(c.Hashing), c.Silence, &providers{list: c.Providers, met: map[string]*oidc.Provider{}}}
}

// Source is where a request comes from.
type Source struct {
	Address string // household of the sender
	Device  string // what the known-device cookie holds; "" for none
	Agent   string // browser and system, for the list of sessions
}

// Tidy forgets what has run out: full budgets, errands nobody finished, links long past, and
// sessions that ended a year ago (the log keeps that they were).
func (u *UseCases) Tidy(ctx context.Context) error {
	now := u.clock()
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, s := range []struct {
			text string
			at   time.Time
		}{
			{`DELETE FROM identity_budget WHERE full_at < $1`, now},
			{`DELETE FROM identity_errand WHERE expires_at < $1`, now},
			{`DELETE FROM identity_link WHERE expires_at < $1 AND kind = 'reset'`, now.Add(-24 * time.Hour)},
			{`DELETE FROM identity_session WHERE seen_at < $1`, now.AddDate(-1, 0, 0)},
		} {
			if _, err := db.Exec(ctx, tx, s.text, db.Millis(s.at)); err != nil {
				return err
			}
		}
		return nil
	})
}
