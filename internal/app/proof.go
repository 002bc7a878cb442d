// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"path/filepath"

	"approdo/internal/kit/db"
	"approdo/internal/kit/vault"
)

// keysDir is the folder of the keys, which is never part of the database nor of a backup.
func (c Config) keysDir() string {
	if c.Keys != "" {
		return c.Keys
	}
	return filepath.Join(c.Data, "keys")
}

// openVault opens what is sealed. Without its keys the program does not start: it could neither read
// nor write anything about anybody.
func openVault(ctx context.Context, c Config, d *db.DB) (*vault.Vault, error) {
	folder, err := vault.OpenFolder(c.keysDir())
	if err != nil {
		return nil, err
	}
	return vault.New(ctx, d, folder, c.Clock)
}
