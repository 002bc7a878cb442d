// SPDX-License-Identifier: EUPL-1.2

package vault

import (
	"context"
	"errors"
	"fmt"
	"time"

	"approdo/internal/kit/db"
)

// Rewrap moves up to n data keys that another key of the KMS has wrapped under the current one, and
// gives how many it moved; zero when there are none left. Pages go on meanwhile: each row is
// replaced by itself, and only if nobody has changed it.
func (v *Vault) Rewrap(ctx context.Context, n int) (int, error) {
	current, err := v.kms.Current(ctx)
	if err != nil {
		return 0, err
	}
	old, err := wrappedByOthers(ctx, v.db, current, n)
	if err != nil {
		return 0, err
	}
	// The KMS may be far away, so it is asked before the transaction.
	anew := make([]dataKey, len(old))
	for i, k := range old {
		secret, err := v.unwrap(ctx, k.subject, k)
		if err != nil {
			return 0, fmt.Errorf("vault: a key wrapped by %s can't be moved: %w", k.wrapping, err)
		}
		anew[i].wrapping, anew[i].wrapped, err = v.kms.Wrap(ctx, secret, associated("key", k.subject, ""))
		if err != nil {
			return 0, err
		}
	}
	var moved int
	err = v.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		moved = 0
		for i, k := range old {
			done, err := replaceWrapping(ctx, tx, k, anew[i])
			if err != nil {
				return err
			}
			if done {
				moved++
			}
		}
		return nil
	})
	return moved, err
}

// rewrapBatch is how many keys one transaction moves: short enough that nobody waits for it.
const rewrapBatch = 100

// RewrapAll is Rewrap until there are none left.
func (v *Vault) RewrapAll(ctx context.Context) (int, error) {
	for total := 0; ; {
		n, err := v.Rewrap(ctx, rewrapBatch)
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}

// KeepWrapped moves keys to the current key of the KMS whenever it has changed, until ctx ends.
func (v *Vault) KeepWrapped(ctx context.Context, every time.Duration, report func(error)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if _, err := v.RewrapAll(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// ErrInUse means that a key of the KMS can't be retired yet.
var ErrInUse = errors.New("vault: the key is in use")

// Retire puts an old key of a folder out of use: it must not be the one that wraps, and no data key
// may be under it. It goes on opening backups that were made when it wrapped.
func (v *Vault) Retire(ctx context.Context, f *Folder, id string) error {
	current, err := f.Current(ctx)
	if err != nil {
		return err
	}
	used, err := usage(ctx, v.db)
	if err != nil {
		return err
	}
	if id == current || used[id] > 0 {
		return fmt.Errorf("%w: %s wraps %d data keys", ErrInUse, id, used[id])
	}
	return f.Retire(id)
}

// Report is what Check found.
type Report struct {
	Current string         // key of the KMS that wraps
	Wrapped map[string]int // data keys by the key of the KMS that wraps them
	Missing []string       // keys of the KMS that are needed and not there
	Damaged int            // data keys that do not open
}

// Sound says that everything opens.
func (r Report) Sound() bool { return len(r.Missing) == 0 && r.Damaged == 0 }

// Check opens every data key and changes nothing.
func Check(ctx context.Context, q db.Querier, kms KMS) (Report, error) {
	r := Report{Wrapped: map[string]int{}}
	var err error
	if r.Wrapped, err = usage(ctx, q); err != nil {
		return r, err
	}
	if r.Current, err = kms.Current(ctx); err != nil && !errors.Is(err, ErrNoKey) {
		return r, err
	}
	v := &Vault{kms: kms}
	missing := map[string]bool{}
	err = db.Walk(ctx, q, func(s db.Scanner) error {
		k, err := scanKey(s)
		if err != nil {
			return err
		}
		_, err = v.unwrap(ctx, k.subject, k)
		switch {
		case errors.Is(err, ErrNoKey) && !missing[k.wrapping]:
			missing[k.wrapping] = true
			r.Missing = append(r.Missing, k.wrapping)
		case errors.Is(err, ErrDamaged):
			r.Damaged++
		case err != nil && !errors.Is(err, ErrNoKey):
			return err
		}
		return nil
	}, keyColumns+`WHERE destroyed_at IS NULL ORDER BY wrapping, subject`)
	return r, err
}
