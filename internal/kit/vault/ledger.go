// SPDX-License-Identifier: EUPL-1.2

package vault

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"approdo/internal/kit/db"
)

// Erasure says that the key of a subject was destroyed. It names the subject by identifier alone.
type Erasure struct {
	Subject string    `json:"subject"`
	At      time.Time `json:"at"`
}

// Ledger is the list of erasures, a file that lies outside database and backups: whoever puts an old
// copy back in place replays it, or the erased would be there again.
type Ledger struct {
	path string

	mu sync.Mutex
}

// NewLedger gives the ledger in a file, which is made with the first line.
func NewLedger(path string) *Ledger { return &Ledger{path: path} }

// overlap is how far back Follow looks each time: a transaction that took long may commit with an
// earlier time than one already seen.
const overlap = 10 * time.Minute

// Read gives all erasures in the order in which they were written.
func (l *Ledger) Read() ([]Erasure, error) {
	file, err := os.Open(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("vault: ledger of erasures: %w", err)
	}
	defer file.Close()
	var list []Erasure
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		var e Erasure
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || e.Subject == "" {
			return nil, fmt.Errorf("vault: line %d of %s is no erasure: put the file back from a copy", n, l.path)
		}
		list = append(list, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("vault: ledger of erasures: %w", err)
	}
	return list, nil
}

// Lacks counts what was erased in the database and is not in the ledger, and what is in the ledger.
func (l *Ledger) Lacks(ctx context.Context, q db.Querier) (missing, known int, err error) {
	fresh, list, err := l.compare(ctx, q)
	return len(fresh), len(list), err
}

// compare gives what the database has erased beyond the ledger, and the ledger.
func (l *Ledger) compare(ctx context.Context, q db.Querier) (fresh, list []Erasure, err error) {
	if list, err = l.Read(); err != nil {
		return nil, nil, err
	}
	known := make(map[string]bool, len(list))
	for _, e := range list {
		known[e.Subject] = true
	}
	erased, err := erasuresFrom(ctx, q, time.UnixMilli(0))
	for _, e := range erased {
		if !known[e.Subject] {
			fresh = append(fresh, e)
		}
	}
	return fresh, list, err
}

// Update writes what was erased in the database and is not in the ledger yet, and gives how many.
func (l *Ledger) Update(ctx context.Context, q db.Querier) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fresh, _, err := l.compare(ctx, q)
	if err != nil {
		return 0, err
	}
	return len(fresh), l.add(fresh)
}

// add appends lines and returns when they are on the disk.
func (l *Ledger) add(list []Erasure) error {
	if len(list) == 0 {
		return nil
	}
	var text []byte
	for _, e := range list {
		line, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("vault: ledger of erasures: %w", err)
		}
		text = append(append(text, line...), '\n')
	}
	if err := os.MkdirAll(filepath.Dir(l.path), 0o700); err != nil {
		return fmt.Errorf("vault: ledger of erasures: %w", err)
	}
	file, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("vault: ledger of erasures: %w", err)
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("vault: ledger of erasures: %w", err)
	}
	return nil
}

// Follow keeps the ledger up to date until ctx ends.
func (l *Ledger) Follow(ctx context.Context, q db.Querier, every time.Duration, report func(error)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	last := time.UnixMilli(0)
	for {
		erased, err := erasuresFrom(ctx, q, last.Add(-overlap))
		if err == nil && len(erased) > 0 {
			if newest := erased[len(erased)-1].At; newest.After(last) {
				_, err = l.Update(ctx, q)
				if err == nil {
					last = newest
				}
			}
		}
		if err != nil && ctx.Err() == nil {
			report(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// Replay destroys what the ledger names and the database still has, and calls erase for each in the
// same transaction, so that rooms can take away what is not sealed. It gives how many there were.
func (v *Vault) Replay(ctx context.Context, l *Ledger, erase func(ctx context.Context, tx *db.Tx, subject string) error) (int, error) {
	list, err := l.Read()
	if err != nil {
		return 0, err
	}
	n := 0
	for _, e := range list {
		k, err := readKey(ctx, v.db, e.Subject)
		if err == nil && k.destroyed {
			continue
		}
		err = v.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := v.Destroy(ctx, tx, e.Subject); err != nil || erase == nil {
				return err
			}
			return erase(ctx, tx, e.Subject)
		})
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
