// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// keepAnswers is how long the answer to a key is kept.
const keepAnswers = 48 * time.Hour

// once runs do, unless the account has asked the same with the same key before: then answer becomes
// what it was then. The same key for something else, or for another body, is the fault Conflict.
func once(ctx context.Context, tx *db.Tx, now time.Time, actor access.Actor, key, asked string, answer any, do func() error) error {
	if key == "" {
		return do()
	}
	if len(key) > 100 {
		return fault.Invalid("key", "mediation.key")
	}
	if known, err := answered(ctx, tx, actor, key, asked, answer); err != nil || known {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO mediation_once (account, key, asked, answer, at) VALUES ($1, $2, $3, $4, $5)`, actor.Account, key, actor.Member+"/"+asked, db.JSON(answer), db.Millis(now))
	return err
}

// answered says whether a key has its answer already, and reads it.
func answered(ctx context.Context, q db.Querier, actor access.Actor, key, asked string, answer any) (bool, error) {
	type kept struct{ asked, answer string }
	found, err := db.Rows(ctx, q, func(s db.Scanner) (kept, error) {
		var k kept
		return k, s.Scan(&k.asked, &k.answer)
	}, `SELECT asked, answer FROM mediation_once WHERE account = $1 AND key = $2`, actor.Account, key)
	if err != nil || len(found) == 0 {
		return false, err
	}
	if found[0].asked != actor.Member+"/"+asked {
		return false, fault.Conflict("mediation.key_reused")
	}
	return true, json.Unmarshal([]byte(found[0].answer), answer)
}

// fingerprint tells one thing that is asked for from another.
func (q AskRequest) fingerprint() string {
	type asked struct {
		AskRequest
		Kind           Kind
		Language       string
		Mode           Mode
		Slot           Slot
		Code, CaseCode string
		Private        Private
	}
	r := q.Request
	text, err := json.Marshal(asked{q, r.Kind, r.Language, r.Mode, r.Slot, r.Code, r.CaseCode, r.Private})
	if err != nil {
		panic(err) // plain texts and numbers
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Tidy forgets what is kept for a time only: reasons of requests, answers to keys, links that ran out.
func (u *UseCases) Tidy(ctx context.Context) error {
	now := u.Clock()
	if _, err := db.Exec(ctx, u.DB, `DELETE FROM mediation_once WHERE at < $1`, db.Millis(now.Add(-keepAnswers))); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, u.DB, `DELETE FROM mediation_link WHERE until < $1`, db.Millis(now.Add(-keepAnswers))); err != nil {
		return err
	}
	if err := u.settleLacks(ctx); err != nil {
		return err
	}
	return u.forgetReasons(ctx)
}
