// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"math"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// budget is how many attempts there are at once, and how many come back each hour.
type budget struct {
	name    string
	burst   float64
	perHour float64
}

// Budgets. Sources are households and offices: many people behind one address work at once. What
// strangers may try on one account is little, and what its own devices may try is another matter.
var (
	bySource  = budget{"source", 60, 120}
	byAccount = budget{"account", 20, 10}  // from devices that the account has never been used on
	byDevice  = budget{"device", 20, 20}   // from one that it has
	byFactor  = budget{"factor", 10, 10}   // codes of one account, after its password was right
	byLetter  = budget{"letter", 3, 3}     // letters to one address
	byText    = budget{"text", 3, 3}       // codes to one telephone, and those that one account asks for
	bySender  = budget{"sender", 20, 20}   // letters that one source asks for
	byInviter = budget{"inviter", 40, 40}  // letters to others that one account asks for
	byErrand  = budget{"errand", 120, 240} // challenges and visits begun by one source
	bySetUp   = budget{"set-up", 10, 10}
)

// errSpent is the same for everybody, so that it says nothing about an account.
func errSpent() error { return fault.TooMany("identity.too_many") }

// spendLetter takes one letter to somebody from what there is for them and for whoever asks for it. What
// strangers ask for an address counts apart, so that they keep nobody from being invited. Whoever runs the
// program on its own machine has no limit.
func (u *UseCases) spendLetter(ctx context.Context, actor access.Actor, to string) error {
	if actor.Account == "" {
		return nil
	}
	return u.spend(ctx, draw{byInviter, actor.Account}, draw{byLetter, to})
}

// draw is one attempt on a budget.
type draw struct {
	budget budget
	of     string // whose; kept as a keyed hash
}

// spend takes one attempt from each budget, in a transaction of its own: an attempt counts even if
// what follows fails. When one of them is empty none is touched and the answer is TooMany.
func (u *UseCases) spend(ctx context.Context, draws ...draw) error {
	now := u.clock()
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		left := make([]float64, len(draws))
		for i, d := range draws {
			n, err := u.tokens(ctx, tx, d, now)
			if err != nil {
				return err
			}
			if n < 1 {
				return errSpent()
			}
			left[i] = n - 1
		}
		for i, d := range draws {
			full := now.Add(time.Duration((d.budget.burst - left[i]) / d.budget.perHour * float64(time.Hour)))
			if _, err := db.Exec(ctx, tx, `INSERT INTO identity_budget (key, tokens, at, full_at) VALUES ($1, $2, $3, $4)
				ON CONFLICT (key) DO UPDATE SET tokens = excluded.tokens, at = excluded.at, full_at = excluded.full_at`,
				u.budgetKey(d), left[i], db.Millis(now), db.Millis(full)); err != nil {
				return err
			}
		}
		return nil
	})
}

// tokens are what is left of a budget now.
func (u *UseCases) tokens(ctx context.Context, tx *db.Tx, d draw, now time.Time) (float64, error) {
	type kept struct {
		tokens float64
		at     time.Time
	}
	one, err := db.Row(ctx, tx, func(s db.Scanner) (k kept, err error) {
		return k, s.Scan(&k.tokens, db.ScanTime(&k.at))
	}, `SELECT tokens, at FROM identity_budget WHERE key = $1`, u.budgetKey(d))
	if fault.Is(err, fault.KindNotFound) {
		return d.budget.burst, nil
	}
	if err != nil {
		return 0, err
	}
	return math.Min(d.budget.burst, one.tokens+now.Sub(one.at).Hours()*d.budget.perHour), nil
}

func (u *UseCases) budgetKey(d draw) string {
	return d.budget.name + ":" + base64.RawURLEncoding.EncodeToString(u.mac("budget", d.budget.name, d.of)[:18])
}

// mac is a keyed hash of the installation for one purpose.
func (u *UseCases) mac(purpose string, parts ...string) []byte {
	h := hmac.New(sha256.New, u.key)
	h.Write([]byte("approdo identity " + purpose))
	for _, p := range parts {
		h.Write([]byte{0})
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}
