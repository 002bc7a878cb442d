// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"approdo/internal/kit/db"
)

// tree reads and grows the stored tree within one transaction.
type tree struct {
	ctx   context.Context
	q     db.Querier
	fresh map[int64]tlog.Hash // read or made in this transaction
	made  [][]any
}

func newTree(ctx context.Context, q db.Querier) *tree {
	return &tree{ctx: ctx, q: q, fresh: map[int64]tlog.Hash{}}
}

// ReadHashes implements tlog.HashReader.
func (t *tree) ReadHashes(places []int64) ([]tlog.Hash, error) {
	var missing []any
	for _, place := range places {
		if _, ok := t.fresh[place]; !ok {
			missing = append(missing, place)
		}
	}
	if len(missing) > 0 {
		err := db.Walk(t.ctx, t.q, func(s db.Scanner) error {
			var place int64
			var hash []byte
			if err := s.Scan(&place, &hash); err != nil {
				return err
			}
			if len(hash) != tlog.HashSize {
				return fmt.Errorf("%w: the hash at place %d", ErrContradiction, place)
			}
			t.fresh[place] = tlog.Hash(hash)
			return nil
		}, `SELECT place, hash FROM audit_hash WHERE place IN (`+db.Placeholders(1, len(missing))+`)`, missing...)
		if err != nil {
			return nil, err
		}
	}
	hashes := make([]tlog.Hash, len(places))
	for i, place := range places {
		hash, ok := t.fresh[place]
		if !ok {
			return nil, fmt.Errorf("%w: the hash at place %d is not there", ErrContradiction, place)
		}
		hashes[i] = hash
	}
	return hashes, nil
}

// add puts the leaf of entry number n+1 into a tree of n.
func (t *tree) add(n int64, leaf tlog.Hash) error {
	hashes, err := tlog.StoredHashesForRecordHash(n, leaf, t)
	if err != nil {
		return err
	}
	first := tlog.StoredHashIndex(0, n)
	for i, hash := range hashes {
		place := first + int64(i)
		t.fresh[place] = hash
		t.made = append(t.made, []any{place, hash[:]})
	}
	return nil
}

// save writes what add has made.
func (t *tree) save(ctx context.Context, tx *db.Tx) error {
	_, err := db.Insert(ctx, tx, `audit_hash (place, hash)`, ``, t.made)
	return err
}
