// SPDX-License-Identifier: EUPL-1.2

package vault

import (
	"context"
	"errors"
)

// KMS holds keys that never leave it and that wrap others: a folder of files, a hardware module, the
// service of a cloud. It may be called by several goroutines at once.
type KMS interface {
	// Current names the key that wraps now. ErrNoKey when there is none yet.
	Current(ctx context.Context) (string, error)
	// Wrap encrypts a short secret under the current key and names it.
	Wrap(ctx context.Context, plain, associated []byte) (id string, wrapped []byte, err error)
	// Unwrap decrypts what the key of that name has wrapped with the same associated data.
	// ErrNoKey when it does not hold that key, ErrDamaged when the secret does not open.
	Unwrap(ctx context.Context, id string, wrapped, associated []byte) ([]byte, error)
}

// Maker is a KMS that can make its own first key, as the folder can.
type Maker interface {
	Make(ctx context.Context) (id string, err error)
}

var (
	// ErrNoKey means that the KMS does not hold the key asked for.
	ErrNoKey = errors.New("vault: the key is not there")
	// ErrDamaged means that something sealed does not open: it was changed, or belongs to another
	// subject or column.
	ErrDamaged = errors.New("vault: what was sealed does not open")
	// ErrDestroyed means that the key of the subject was destroyed; it comes as the fault NotFound.
	ErrDestroyed = errors.New("vault: the key of the subject was destroyed")
)
