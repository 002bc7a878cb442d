// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"approdo/internal/kit/fault"
)

// SetAside gives the SQLite file of a folder another name, with everything that was in its journal,
// and gives that name; "" when there is none. It fails with the fault Conflict while any program has
// it open: taking the file from under a program would lose what it writes.
func SetAside(ctx context.Context, dir, ending string) (string, error) {
	path, err := filepath.Abs(filepath.Join(dir, SQLiteFile))
	if err != nil {
		return "", fmt.Errorf("db: %w", err)
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	pool, err := sql.Open("sqlite", "file:"+filepath.ToSlash(path)+"?_busy_timeout=500")
	if err != nil {
		return "", fmt.Errorf("db: %w", err)
	}
	pool.SetMaxOpenConns(1)
	// Leaving WAL needs the file for oneself alone.
	var mode string
	err = pool.QueryRowContext(ctx, `PRAGMA journal_mode = DELETE`).Scan(&mode)
	if closing := pool.Close(); err == nil {
		err = closing
	}
	switch {
	case IsBusy(err), err == nil && mode != "delete":
		return "", fault.Conflict("error.database_in_use")
	case err != nil:
		return "", fmt.Errorf("db: %w", err)
	}
	aside := path + ending
	if _, err := os.Lstat(aside); err == nil {
		return "", fmt.Errorf("db: %s is there already", aside)
	}
	return aside, os.Rename(path, aside)
}
