// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// keyLength is that of the key of keyed hashes (HMAC-SHA-256), in bytes.
const keyLength = 32

// secretFile is the name of the secret of an installation in the folder of its keys.
const secretFile = "secret.key"

// key gives the secret of this installation, kept with the keys and never in the database, and makes
// it the first time. Nodes that share a database share it when they are given the same folder.
func (a *App) key() ([]byte, error) {
	path := filepath.Join(a.Config.KeysDir(), secretFile)
	// It used to lie in the data folder; where it does, it stays the one.
	if _, err := os.Stat(filepath.Join(a.Config.Data, secretFile)); err == nil {
		path = filepath.Join(a.Config.Data, secretFile)
	}
	key, err := os.ReadFile(path) // #nosec G304 -- a path of our own data folder
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, keyLength)
		if _, err := rand.Read(key); err != nil {
			return nil, err
		}
		return key, writeOnce(path, key)
	}
	if err == nil && len(key) != keyLength {
		err = fmt.Errorf("%s is damaged: put it back from a copy, or delete it and a new one is made", path)
	}
	return key, err
}

// writeOnce makes a file that only its owner reads; one that is there already is left alone.
func writeOnce(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- a path of our own data folder
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Sync(), file.Close())
}
