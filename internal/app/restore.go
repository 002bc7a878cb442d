// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/backup"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/migrations"
)

// RestoreRequest says what is put back.
type RestoreRequest struct {
	File       string
	Identities []age.Identity
	Replace    bool   // a SQLite database that is there is set aside
	Reason     string // for the log
}

// Restored says what a restore did.
type Restored struct {
	backup.Result
	Erased      int    // subjects of the ledger that the backup still knew
	LogWhole    bool   // the log in the backup is what was signed
	Aside       string // the database that was there before
	Checkpoints string // the file of checkpoints that know more than the backup
}

// Restore puts a backup back: rows, files, then the erasures made since. Everybody has to log in anew,
// and the search index is made anew. The database is swapped only when all of that is done.
func Restore(ctx context.Context, c Config, r RestoreRequest) (out Restored, err error) {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return out, fmt.Errorf("the data folder can't be made: %w", err)
	}
	if c.Database != "" {
		d, err := db.Open(ctx, db.Config{URL: c.Database, Now: c.Clock})
		if err != nil {
			return out, err
		}
		out.Result, err = backup.Restore(ctx, r.File, backup.Target{DB: d, Schema: migrations.FS, Files: c.Data, Keys: c.KeysDir()}, r.Identities...)
		if err = errors.Join(err, d.Close()); err != nil {
			return out, err
		}
		return out, errors.Join(out.settle(ctx, c, c, r), dropSnapshot(c))
	}
	if _, err := os.Stat(filepath.Join(c.Data, db.SQLiteFile)); err == nil && !r.Replace {
		return out, fault.Conflict("backup.not_empty")
	}
	return out, out.beside(ctx, c, r)
}

// beside restores into a folder beside the database and swaps the two.
func (out *Restored) beside(ctx context.Context, c Config, r RestoreRequest) (err error) {
	if err := keepErasures(ctx, c); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(c.Data, ".restore-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	d, err := db.Open(ctx, db.Config{Dir: dir, Now: c.Clock})
	if err != nil {
		return err
	}
	out.Result, err = backup.Restore(ctx, r.File, backup.Target{DB: d, Schema: migrations.FS, Files: c.Data, Keys: c.KeysDir()}, r.Identities...)
	if err = errors.Join(err, d.Close()); err != nil {
		return err
	}
	there := c
	there.Data, there.Keys = dir, c.KeysDir()
	if err := out.settle(ctx, c, there, r); err != nil {
		return err
	}
	// Both are closed, so each is one file.
	out.Aside, err = db.SetAside(ctx, c.Data, ".before-"+c.Clock().UTC().Format("20060102T150405Z"))
	if err != nil {
		return err
	}
	if _, err := db.SetAside(ctx, dir, ".whole"); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(dir, db.SQLiteFile+".whole"), filepath.Join(c.Data, db.SQLiteFile)); err != nil {
		return err
	}
	return dropSnapshot(c)
}

// keepErasures writes what the database that is about to go has erased into the ledger. A database
// that can't be read, which may be why somebody restores, has nothing to add to it.
func keepErasures(ctx context.Context, c Config) error {
	if _, err := os.Stat(filepath.Join(c.Data, db.SQLiteFile)); err != nil {
		return nil
	}
	d, _, err := openLog(ctx, c)
	if err != nil {
		return nil //nolint:nilerr // damaged or of another version: the ledger is what there is
	}
	_, err = c.Ledger().Update(ctx, d)
	return errors.Join(err, d.Close())
}

// settle makes a restored database fit to be used: the erased are erased, sessions are ended, the log
// says what happened. there is where the database lies now, c where it will.
func (out *Restored) settle(ctx context.Context, c, there Config, r RestoreRequest) (err error) {
	a, err := Open(ctx, there)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if out.Erased, err = a.Vault.Replay(ctx, c.Ledger(), a.erased); err != nil {
		return err
	}
	keys, err := audit.OpenKeys(c.KeysDir())
	if err != nil {
		return err
	}
	report, err := audit.Verify(ctx, a.DB, keys, nil)
	if err != nil {
		return err
	}
	out.LogWhole = report.Whole()
	// Checkpoints signed after the backup know entries that are lost. They are kept as what they
	// are, a proof of the loss; the log goes on from the backup.
	known, err := keys.LastCheckpoint(c.checkpointFile())
	if err != nil {
		return err
	}
	if known.Size > 0 {
		if report, err = audit.Verify(ctx, a.DB, keys, []audit.Checkpoint{known}); err != nil {
			return err
		}
		if out.LogWhole && !report.Whole() {
			out.Checkpoints = filepath.Join(c.KeysDir(), "checkpoints-before-"+c.Clock().UTC().Format("20060102T150405Z")+".txt")
			if err := os.Rename(c.checkpointFile(), out.Checkpoints); err != nil {
				return err
			}
		}
	}
	if err := a.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return a.Identity.AfterRestore(ctx, tx, access.Actor{Via: audit.ViaCommand})
	}); err != nil {
		return err
	}
	return recordCommand(ctx, a.DB, c, audit.Event{
		Action: "installation.backup.restore", Kind: "backup", Record: out.Manifest.Made.Format(time.RFC3339), Reason: r.Reason,
	})
}

// dropSnapshot removes the index of the database that was there.
func dropSnapshot(c Config) error {
	if err := os.Remove((&App{Config: c}).snapshot()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
