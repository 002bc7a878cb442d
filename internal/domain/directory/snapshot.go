// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"bufio"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"approdo/internal/kit/db"
	"approdo/internal/kit/search"
)

// snapshotVersion changes whenever the content of a snapshot does; an older file is then not read.
const snapshotVersion = 2

// snapshotHead begins a snapshot. Facts of that many entries follow, then the index.
type snapshotHead struct {
	Version      int
	Installation string
	Reached      int64
	Entries      int
}

// errStale: the snapshot is of another installation, version or a later state than the database.
var errStale = errors.New("the snapshot does not belong to this database")

// Installation names this database, giving it a name the first time.
func (u *UseCases) Installation(ctx context.Context) (name string, err error) {
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		name, err = db.Row(ctx, tx, db.Column[string], `SELECT installation FROM directory_feed WHERE id = 1`)
		if err != nil || name != "" {
			return err
		}
		name = db.NewID()
		_, err = db.Exec(ctx, tx, `UPDATE directory_feed SET installation = $1 WHERE id = 1`, name)
		return err
	})
	return name, err
}

// Start loads the index: from the snapshot in path when there is one that fits, and then what
// changed since; otherwise from the database. It tells whether the snapshot served.
func (f *Finder) Start(ctx context.Context, path string) (fromSnapshot bool, err error) {
	installation, err := f.directory.Installation(ctx)
	if err != nil {
		return false, err
	}
	if err := f.readSnapshot(ctx, path, installation); err == nil {
		return true, f.Refresh(ctx)
	}
	return false, f.Load(ctx)
}

// SaveSnapshot writes the index to path, for the next start. The file is replaced as a whole, so a
// crash leaves the one before.
func (f *Finder) SaveSnapshot(ctx context.Context, path string) error {
	installation, err := f.directory.Installation(ctx)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".snapshot-*")
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<20)
	err = errors.Join(f.writeSnapshot(w, installation), w.Flush(), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		err = errors.Join(err, removeIfThere(file.Name()))
	}
	return err
}

func removeIfThere(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (f *Finder) writeSnapshot(w io.Writer, installation string) error {
	f.mu.RLock()
	defer f.mu.RUnlock()
	out := gob.NewEncoder(w)
	if err := out.Encode(snapshotHead{snapshotVersion, installation, f.reached, len(f.facts)}); err != nil {
		return err
	}
	for _, k := range f.facts {
		if err := out.Encode(k.source); err != nil {
			return err
		}
	}
	_, err := f.index.WriteTo(w)
	return err
}

// readSnapshot fills the finder from a file, or leaves it as it was and says why.
func (f *Finder) readSnapshot(ctx context.Context, path, installation string) error {
	file, err := os.Open(path) // #nosec G304 -- a path of our own data folder
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	r := bufio.NewReaderSize(file, 1<<20)
	in := gob.NewDecoder(r)
	var head snapshotHead
	if err := in.Decode(&head); err != nil {
		return err
	}
	_, feed, err := f.directory.Changes(ctx, 1<<62)
	if err != nil {
		return err
	}
	if head.Version != snapshotVersion || head.Installation != installation || head.Reached > feed {
		return errStale
	}
	known := make(map[string]*facts, head.Entries)
	for range head.Entries {
		var s factSource
		if err := in.Decode(&s); err != nil {
			return fmt.Errorf("the snapshot is damaged: %w", err)
		}
		known[s.ID] = s.facts()
	}
	index, err := search.ReadFrom(r, search.Options{})
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.index, f.facts, f.reached = index, known, head.Reached
	return nil
}
