// SPDX-License-Identifier: EUPL-1.2

package vault

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Vault seals and opens under keys of subjects. It is safe for concurrent use.
type Vault struct {
	kms   KMS
	db    *db.DB
	clock func() time.Time
	index []byte // secret of the blind indexes
}

// indexSubject owns the secret of the blind indexes. No subject of the program begins so.
const indexSubject = ":index"

// New opens the vault of a database. The first time it makes the secret of the indexes, and the
// first key when the KMS can. It fails with the fault Unavailable when the database was sealed
// under keys that the KMS does not hold: nothing about anybody could be read or written.
func New(ctx context.Context, d *db.DB, kms KMS, clock func() time.Time) (*Vault, error) {
	v := &Vault{kms: kms, db: d, clock: clock}
	if err := v.loadIndex(ctx); err != nil {
		return nil, err
	}
	return v, nil
}

func (v *Vault) loadIndex(ctx context.Context) error {
	k, err := readKey(ctx, v.db, indexSubject)
	if fault.Is(err, fault.KindNotFound) {
		k, err = v.firstKey(ctx)
	}
	if err != nil {
		return err
	}
	v.index, err = v.unwrap(ctx, indexSubject, k)
	if errors.Is(err, ErrNoKey) || errors.Is(err, ErrDamaged) {
		return fault.Unavailable("vault.keys_missing").Because(err)
	}
	return err
}

// firstKey begins a vault. Of several nodes that start at once one wins, and all read what it wrote.
func (v *Vault) firstKey(ctx context.Context) (dataKey, error) {
	_, err := v.kms.Current(ctx)
	if maker, can := v.kms.(Maker); can && errors.Is(err, ErrNoKey) {
		_, err = maker.Make(ctx)
	}
	if err != nil {
		return dataKey{}, err
	}
	fresh, err := v.newKey(ctx, indexSubject)
	if err != nil {
		return dataKey{}, err
	}
	if err := v.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return insertKey(ctx, tx, indexSubject, fresh, v.clock())
	}); err != nil {
		return dataKey{}, err
	}
	return readKey(ctx, v.db, indexSubject)
}

// newKey makes a data key and wraps it.
func (v *Vault) newKey(ctx context.Context, subject string) (dataKey, error) {
	secret := make([]byte, keyLength)
	if _, err := rand.Read(secret); err != nil {
		return dataKey{}, fmt.Errorf("vault: %w", err)
	}
	id, wrapped, err := v.kms.Wrap(ctx, secret, associated("key", subject, ""))
	return dataKey{wrapping: id, wrapped: wrapped}, err
}

func (v *Vault) unwrap(ctx context.Context, subject string, k dataKey) ([]byte, error) {
	return v.kms.Unwrap(ctx, k.wrapping, k.wrapped, associated("key", subject, ""))
}

// associated binds what is encrypted to its place. Lengths go before texts, so that no two places
// have the same bytes.
func associated(what, subject, column string) []byte {
	b := []byte("approdo vault 1 ")
	for _, part := range []string{what, subject, column} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part))) // #nosec G115 -- names are short
		b = append(b, part...)
	}
	return b
}

// form is the first byte of everything sealed: how it was sealed.
const form = 1

// Seal encrypts plain under the key of subject for one column ("identity.totp"), and makes the key
// the first time. Faults: NotFound when the key of the subject was destroyed.
func (v *Vault) Seal(ctx context.Context, tx *db.Tx, subject, column string, plain []byte) ([]byte, error) {
	if subject == "" || strings.HasPrefix(subject, ":") || column == "" {
		return nil, errors.New("vault: something is sealed for a subject and a column")
	}
	k, err := readKey(ctx, tx, subject)
	if fault.Is(err, fault.KindNotFound) {
		if k, err = v.newKey(ctx, subject); err == nil {
			err = insertKey(ctx, tx, subject, k, v.clock())
		}
	}
	if err != nil {
		return nil, err
	}
	secret, err := v.open(ctx, subject, k)
	if err != nil {
		return nil, err
	}
	cipher, err := subtle.NewAESGCM(secret)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	sealed, err := cipher.Encrypt(plain, associated("value", subject, column))
	if err != nil {
		return nil, fmt.Errorf("vault: seal: %w", err)
	}
	return append([]byte{form}, sealed...), nil
}

// Open decrypts what Seal made for the same subject and column. Faults: NotFound, with ErrDestroyed
// behind it, when the key of the subject was destroyed; ErrDamaged when it does not open.
func (v *Vault) Open(ctx context.Context, q db.Querier, subject, column string, sealed []byte) ([]byte, error) {
	k, err := readKey(ctx, q, subject)
	if fault.Is(err, fault.KindNotFound) {
		return nil, ErrDamaged // sealed, yet there never was a key: a row from elsewhere
	}
	if err != nil {
		return nil, err
	}
	secret, err := v.open(ctx, subject, k)
	if err != nil {
		return nil, err
	}
	if len(sealed) == 0 || sealed[0] != form {
		return nil, ErrDamaged
	}
	cipher, err := subtle.NewAESGCM(secret)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	plain, err := cipher.Decrypt(sealed[1:], associated("value", subject, column))
	if err != nil {
		return nil, ErrDamaged
	}
	return plain, nil
}

func (v *Vault) open(ctx context.Context, subject string, k dataKey) ([]byte, error) {
	if k.destroyed {
		return nil, fault.NotFound("vault.destroyed").Because(ErrDestroyed)
	}
	return v.unwrap(ctx, subject, k)
}

// Destroy forgets the key of subject for ever. Doing it again changes nothing. The caller takes
// away what is not sealed, and records the event.
func (v *Vault) Destroy(ctx context.Context, tx *db.Tx, subject string) error {
	if subject == "" || strings.HasPrefix(subject, ":") {
		return errors.New("vault: only the key of a subject can be destroyed")
	}
	return destroyKey(ctx, tx, subject, v.clock())
}

// Index gives the same bytes for the same value and purpose ("person.tax-code"), and tells nothing
// about the value to who lacks the keys. Fold the value before: upper case, no spaces.
func (v *Vault) Index(purpose, value string) []byte {
	key, err := hkdf.Expand(sha256.New, v.index, "approdo blind index "+purpose, sha256.Size)
	if err != nil {
		panic("vault: " + err.Error()) // only for lengths that we don't ask for
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(value))
	return mac.Sum(nil)
}
