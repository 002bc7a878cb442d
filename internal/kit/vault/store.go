// SPDX-License-Identifier: EUPL-1.2

package vault

import (
	"context"
	"time"

	"approdo/internal/kit/db"
)

// dataKey is a row of vault_key.
type dataKey struct {
	subject   string
	wrapping  string // id of the key that wraps it
	wrapped   []byte
	destroyed bool
}

func scanKey(s db.Scanner) (k dataKey, err error) {
	err = s.Scan(&k.subject, &k.wrapping, &k.wrapped, &k.destroyed)
	return k, err
}

const keyColumns = `SELECT subject, wrapping, wrapped, destroyed_at IS NOT NULL FROM vault_key `

func readKey(ctx context.Context, q db.Querier, subject string) (dataKey, error) {
	return db.Row(ctx, q, scanKey, keyColumns+`WHERE subject = $1`, subject)
}

func insertKey(ctx context.Context, tx *db.Tx, subject string, k dataKey, at time.Time) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO vault_key (subject, wrapping, wrapped, made_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subject) DO NOTHING`, subject, k.wrapping, k.wrapped, db.Millis(at))
	return err
}

func destroyKey(ctx context.Context, tx *db.Tx, subject string, at time.Time) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO vault_key (subject, wrapping, wrapped, made_at, destroyed_at) VALUES ($1, '', NULL, $2, $2)
		ON CONFLICT (subject) DO UPDATE SET wrapping = '', wrapped = NULL, destroyed_at = excluded.destroyed_at
		WHERE vault_key.destroyed_at IS NULL`, subject, db.Millis(at))
	return err
}

// wrappedByOthers gives keys that others than current have wrapped.
func wrappedByOthers(ctx context.Context, q db.Querier, current string, n int) ([]dataKey, error) {
	return db.Rows(ctx, q, scanKey, keyColumns+`WHERE wrapping <> $1 AND destroyed_at IS NULL ORDER BY wrapping, subject LIMIT $2`, current, n)
}

// replaceWrapping puts a new wrapping in the place of an old one, unless the key was wrapped anew or
// destroyed meanwhile.
func replaceWrapping(ctx context.Context, tx *db.Tx, old, anew dataKey) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE vault_key SET wrapping = $1, wrapped = $2 WHERE subject = $3 AND wrapping = $4 AND wrapped = $5`,
		anew.wrapping, anew.wrapped, old.subject, old.wrapping, old.wrapped)
	return n == 1, err
}

// usage counts the data keys under each key of the KMS.
func usage(ctx context.Context, q db.Querier) (map[string]int, error) {
	count := map[string]int{}
	err := db.Walk(ctx, q, func(s db.Scanner) error {
		var id string
		var n int
		if err := s.Scan(&id, &n); err != nil {
			return err
		}
		count[id] = n
		return nil
	}, `SELECT wrapping, count(*) FROM vault_key WHERE destroyed_at IS NULL GROUP BY wrapping`)
	return count, err
}

func erasuresFrom(ctx context.Context, q db.Querier, from time.Time) ([]Erasure, error) {
	return db.Rows(ctx, q, func(s db.Scanner) (e Erasure, err error) {
		err = s.Scan(&e.Subject, db.ScanTime(&e.At))
		return e, err
	}, `SELECT subject, destroyed_at FROM vault_key WHERE destroyed_at >= $1 ORDER BY destroyed_at, subject`, db.Millis(from))
}
