// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"approdo/internal/base/audit"
	"approdo/internal/kit/backup"
	"approdo/internal/kit/db"
)

// BackupRequest says what is backed up, where to, and who can open it.
type BackupRequest struct {
	Out        string // file; it must not be there
	Recipients []age.Recipient
	WithKeys   bool // also the keys, which open everything in it: then guard the file as them
	Version    string
}

// notBackedUp are files and folders of the data folder that a backup leaves out: the database, which
// is read on its own, what can be made anew, and keys.
var notBackedUp = []string{db.SQLiteFile, "search.snapshot", "keys", secretFile, "acme", "tls", "backups", ".restore-", ".new-", ".doctor-"}

func keepInBackup(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	for _, name := range notBackedUp {
		if strings.HasPrefix(first, name) {
			return false
		}
	}
	return true
}

// Backup writes everything that the installation keeps into one encrypted file, while it serves.
func Backup(ctx context.Context, c Config, r BackupRequest) (m backup.Manifest, end backup.End, err error) {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	d, _, err := openLog(ctx, c)
	if err != nil {
		return m, end, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := recordCommand(ctx, d, c, audit.Event{Action: "installation.backup.make", Kind: "backup", Record: filepath.Base(r.Out), Read: true}); err != nil {
		return m, end, err
	}
	source := backup.Source{DB: d, Files: os.DirFS(c.Data), Program: r.Version, Now: c.Clock()}
	out, err := filepath.Abs(r.Out)
	if err != nil {
		return m, end, err
	}
	data, err := filepath.Abs(c.Data)
	if err != nil {
		return m, end, err
	}
	source.Keep = func(path string) bool {
		return keepInBackup(path) && !strings.HasPrefix(filepath.Join(data, path), out)
	}
	if r.WithKeys {
		source.Keys = keysOnly{os.DirFS(c.KeysDir())}
	}
	err = writeNewFile(r.Out, func(file *os.File) error {
		buffered := bufio.NewWriterSize(file, 1<<20)
		m, end, err = backup.Write(ctx, source, buffered, r.Recipients...)
		return errors.Join(err, buffered.Flush())
	})
	return m, end, err
}

// writeNewFile makes a file that is there when it is whole, and not before.
func writeNewFile(path string, write func(*os.File) error) error {
	if _, err := os.Lstat(path); err == nil {
		return &fs.PathError{Op: "write", Path: path, Err: fs.ErrExist}
	}
	building := path + ".part"
	file, err := os.OpenFile(building, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // #nosec G304 -- whoever runs the program names it
	if err != nil {
		return err
	}
	err = write(file)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		return os.Rename(building, path)
	}
	return errors.Join(err, os.Remove(building))
}

// keysOnly is the folder of keys without the lists in it that must outlive a restore: the ledger of
// erasures and the checkpoints.
type keysOnly struct{ fs.FS }

// ReadDir lists the keys.
func (k keysOnly) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(k.FS, name)
	var kept []fs.DirEntry
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "vault-") || strings.HasPrefix(e.Name(), "audit-") || e.Name() == secretFile {
			kept = append(kept, e)
		}
	}
	return kept, err
}

// recordCommand records what was done by a command.
func recordCommand(ctx context.Context, d *db.DB, c Config, e audit.Event) error {
	e.Actor = audit.Actor{Via: audit.ViaCommand}
	return d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, c.Clock(), e)
	})
}
