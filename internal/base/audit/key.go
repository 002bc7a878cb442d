// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Keys are those of one log: one that signs, and all that have signed.
type Keys struct {
	Origin string // name of the log in its checkpoints: "approdo-5f2c91aa"
	Public []string
	signer note.Signer
	known  note.Verifiers
}

// OpenKeys reads the keys of the log from a folder outside the database: audit-0001.key signs,
// audit-0001.pub checks; the highest number signs. The first are made when there are none.
func OpenKeys(dir string) (*Keys, error) {
	keys, err := ReadKeys(dir)
	if err != nil || len(keys.Public) > 0 {
		return keys, err
	}
	random := make([]byte, 4)
	if _, err := rand.Read(random); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	if err := makeKey(dir, "approdo-"+hex.EncodeToString(random), 1); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	// Another program may be making them in the same folder at this moment.
	for range 40 {
		if keys, err = ReadKeys(dir); err != nil || len(keys.Public) > 0 {
			return keys, err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, fmt.Errorf("audit: %s holds audit-0001.key without audit-0001.pub: put the folder back from a copy, or delete the file if nothing was ever signed", dir)
}

// NewKey adds a key that signs from the next start on. What the old ones signed stays good.
func NewKey(dir string) error {
	keys, err := ReadKeys(dir)
	if err != nil {
		return err
	}
	if len(keys.Public) == 0 {
		return errors.New("audit: there is no key yet: start the program once")
	}
	return makeKey(dir, keys.Origin, len(keys.Public)+1)
}

func makeKey(dir, origin string, number int) error {
	secret, public, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("audit: the folder of keys can't be made: %w", err)
	}
	// The secret goes first: what is public without it would let nobody sign.
	for _, f := range []struct{ ending, text string }{{"key", secret}, {"pub", public}} {
		path := filepath.Join(dir, fmt.Sprintf("audit-%04d.%s", number, f.ending))
		if err := writeNew(path, f.text+"\n"); err != nil {
			return fmt.Errorf("audit: %w", err)
		}
	}
	return nil
}

// writeNew makes a file that its owner alone reads and that was not there.
func writeNew(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- in the folder of keys
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Sync(), file.Close())
}

// ReadKeys is OpenKeys that makes nothing: for looking.
func ReadKeys(dir string) (*Keys, error) {
	keys := &Keys{}
	names, err := filepath.Glob(filepath.Join(dir, "audit-*.pub"))
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	slices.Sort(names)
	for _, name := range names {
		text, err := os.ReadFile(name) // #nosec G304 -- in the folder of keys
		if err != nil {
			return nil, fmt.Errorf("audit: %w", err)
		}
		keys.Public = append(keys.Public, strings.TrimSpace(string(text)))
	}
	if keys.known, err = verifiers(keys.Public); err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return keys, nil
	}
	keys.Origin, _, _ = strings.Cut(keys.Public[0], "+")
	secret, err := os.ReadFile(strings.TrimSuffix(names[len(names)-1], ".pub") + ".key") // #nosec G304 -- in the folder of keys
	if errors.Is(err, os.ErrNotExist) {
		return keys, nil // enough to check with
	}
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	if keys.signer, err = note.NewSigner(strings.TrimSpace(string(secret))); err != nil {
		return nil, errors.New("audit: the signing key is damaged: put it back from a copy") // the reason may repeat it
	}
	return keys, nil
}

// PublicKeys gives keys that only check, as an auditor holds them.
func PublicKeys(public ...string) (*Keys, error) {
	known, err := verifiers(public)
	if err != nil {
		return nil, err
	}
	keys := &Keys{Public: public, known: known}
	if len(public) > 0 {
		keys.Origin, _, _ = strings.Cut(public[0], "+")
	}
	return keys, nil
}

// CanSign says whether the secret key is there.
func (k *Keys) CanSign() bool { return k.signer != nil }

func verifiers(public []string) (note.Verifiers, error) {
	list := make([]note.Verifier, len(public))
	for i, text := range public {
		v, err := note.NewVerifier(text)
		if err != nil {
			return nil, fmt.Errorf("audit: %q is no key of a log: %w", text, err)
		}
		list[i] = v
	}
	return note.VerifierList(list...), nil
}
