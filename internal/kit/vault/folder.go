// SPDX-License-Identifier: EUPL-1.2

package vault

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// State is what a key of a folder is for.
type State string

// The states, which are also the endings of the files.
const (
	Staged  State = "next"    // opens, does not wrap yet: for copying it to all nodes first
	Active  State = "key"     // the newest of them wraps
	Retired State = "retired" // opens backups made when it wrapped; wraps no more
)

// FileKey is one key of a folder, without the key itself.
type FileKey struct {
	ID    string `json:"id"` // "0002-9f31c2d8"
	State State  `json:"state"`
}

// Folder is the KMS that needs nothing: one file a key, readable by its owner alone. It looks at the
// folder again when something in it has changed, so that a new key is used without a restart.
type Folder struct {
	dir string

	mu      sync.Mutex
	keys    []folderKey // by number
	changed time.Time   // of the folder, when it was last read
	read    time.Time
}

type folderKey struct {
	FileKey
	aead tink.AEAD
}

// keyFile is vault-NUMBER-NAME.STATE.
var keyFile = regexp.MustCompile(`^vault-(\d{4}-[0-9a-f]{8})\.(next|key|retired)$`)

const keyLength = 32 // bytes: AES-256

// OpenFolder opens a folder of keys, and makes the folder when it is not there.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("vault: the folder of keys can't be made: %w", err)
	}
	f := &Folder{dir: dir}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f, f.load()
}

// load reads the folder. The caller holds the lock.
func (f *Folder) load() error {
	info, err := os.Stat(f.dir)
	if err != nil {
		return fmt.Errorf("vault: the folder of keys can't be read: %w", err)
	}
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return fmt.Errorf("vault: the folder of keys can't be read: %w", err)
	}
	var keys []folderKey
	for _, entry := range entries {
		parts := keyFile.FindStringSubmatch(entry.Name())
		if parts == nil {
			continue
		}
		text, err := os.ReadFile(filepath.Join(f.dir, entry.Name())) // #nosec G304 -- named by the pattern above
		if errors.Is(err, os.ErrNotExist) {
			continue // renamed meanwhile; the next look finds it
		}
		if err != nil {
			return fmt.Errorf("vault: %w", err)
		}
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
		if err != nil || len(raw) != keyLength {
			return fmt.Errorf("vault: %s is no key: put it back from a copy", entry.Name())
		}
		cipher, err := subtle.NewAESGCM(raw)
		if err != nil {
			return fmt.Errorf("vault: %w", err)
		}
		keys = append(keys, folderKey{FileKey{parts[1], State(parts[2])}, cipher})
	}
	slices.SortFunc(keys, func(a, b folderKey) int { return cmp.Compare(a.ID, b.ID) })
	f.keys, f.changed, f.read = keys, info.ModTime(), time.Now()
	return nil
}

// fresh is how long a look at the folder holds when the folder says it has not changed: its own
// time is coarse, and two changes may bear the same.
const fresh = time.Second

// look reads the folder again when it may have changed. The caller holds the lock.
func (f *Folder) look() error {
	info, err := os.Stat(f.dir)
	if err == nil && info.ModTime().Equal(f.changed) && time.Since(f.read) < fresh {
		return nil
	}
	return f.load()
}

// Keys lists what the folder holds, oldest first.
func (f *Folder) Keys() ([]FileKey, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.load(); err != nil {
		return nil, err
	}
	list := make([]FileKey, len(f.keys))
	for i, k := range f.keys {
		list[i] = k.FileKey
	}
	return list, nil
}

// Current implements KMS.
func (f *Folder) Current(context.Context) (string, error) {
	k, err := f.current()
	return k.ID, err
}

func (f *Folder) current() (folderKey, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.look(); err != nil {
		return folderKey{}, err
	}
	for _, k := range slices.Backward(f.keys) {
		if k.State == Active {
			return k, nil
		}
	}
	return folderKey{}, fmt.Errorf("%w: %s holds no key that wraps", ErrNoKey, f.dir)
}

// Wrap implements KMS.
func (f *Folder) Wrap(_ context.Context, plain, associated []byte) (string, []byte, error) {
	k, err := f.current()
	if err != nil {
		return "", nil, err
	}
	wrapped, err := k.aead.Encrypt(plain, associated)
	if err != nil {
		return "", nil, fmt.Errorf("vault: wrap: %w", err)
	}
	return k.ID, wrapped, nil
}

// Unwrap implements KMS.
func (f *Folder) Unwrap(_ context.Context, id string, wrapped, associated []byte) ([]byte, error) {
	k, err := f.find(id)
	if err != nil {
		return nil, err
	}
	plain, err := k.aead.Decrypt(wrapped, associated)
	if err != nil {
		return nil, ErrDamaged // the reason of the cipher helps only those who try
	}
	return plain, nil
}

func (f *Folder) find(id string) (folderKey, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for attempt := range 2 {
		if attempt == 1 {
			if err := f.load(); err != nil {
				return folderKey{}, err
			}
		}
		for _, k := range f.keys {
			if k.ID == id {
				return k, nil
			}
		}
	}
	return folderKey{}, fmt.Errorf("%w: %s is not in %s", ErrNoKey, id, f.dir)
}

// Make adds a new key that wraps at once, on every node that reads this folder.
func (f *Folder) Make(context.Context) (string, error) { return f.add(Active) }

// Stage adds a new key that does not wrap yet, so that it can be copied to nodes with a folder of
// their own before any of them uses it.
func (f *Folder) Stage() (string, error) { return f.add(Staged) }

func (f *Folder) add(state State) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.load(); err != nil {
		return "", err
	}
	number := 1
	if n := len(f.keys); n > 0 {
		if _, err := fmt.Sscanf(f.keys[n-1].ID, "%04d-", &number); err != nil {
			return "", fmt.Errorf("vault: %w", err)
		}
		number++
	}
	secret := make([]byte, keyLength+4)
	if _, err := rand.Read(secret); err != nil {
		return "", fmt.Errorf("vault: %w", err)
	}
	id := fmt.Sprintf("%04d-%s", number, hex.EncodeToString(secret[keyLength:]))
	text := base64.StdEncoding.EncodeToString(secret[:keyLength]) + "\n"
	if err := writeWhole(f.path(id, state), []byte(text)); err != nil {
		return "", err
	}
	return id, f.load()
}

func (f *Folder) path(id string, state State) string {
	return filepath.Join(f.dir, "vault-"+id+"."+string(state))
}

// Use lets a staged key wrap.
func (f *Folder) Use(id string) error { return f.turn(id, Staged, Active) }

// Retire lets a key open old things alone. Vault.Retire asks first whether it is still needed.
func (f *Folder) Retire(id string) error { return f.turn(id, Active, Retired) }

func (f *Folder) turn(id string, from, to State) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !slices.ContainsFunc(f.keys, func(k folderKey) bool { return k.FileKey == FileKey{id, from} }) {
		return fmt.Errorf("%w: %s holds no %s in state %q", ErrNoKey, f.dir, id, from)
	}
	if err := os.Rename(f.path(id, from), f.path(id, to)); err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	return errors.Join(syncFolder(f.dir), f.load())
}

// writeWhole makes a file that is there whole or not at all, and survives a power cut.
func writeWhole(path string, content []byte) error {
	dir := filepath.Dir(path)
	file, err := os.CreateTemp(dir, ".new-*") // readable by its owner alone
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		// A link, unlike a rename, never replaces a key that is there.
		err = os.Link(file.Name(), path)
	}
	err = errors.Join(err, os.Remove(file.Name()))
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	return syncFolder(dir)
}

func syncFolder(dir string) error {
	d, err := os.Open(dir) // #nosec G304 -- the folder of keys
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}
