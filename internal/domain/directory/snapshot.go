// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"approdo/internal/kit/db"
	"approdo/internal/kit/search"
)

// snapshotVersion changes whenever the content of a snapshot does; an older file is then not read.
const snapshotVersion = 3

// snapshotHead begins a snapshot.
type snapshotHead struct {
	Version      int
	Program      string // that wrote it: another one may cut words and make tags differently
	Installation string
	Reached      int64
	Chunks       int // of facts
}

// program names this build by its file; "" when that can't be seen.
var program = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d bytes of %s", info.Size(), info.ModTime().UTC())
})

// errStale: the snapshot is of another installation, version, program or a later state than the
// database.
var errStale = errors.New("the snapshot does not belong to this database")

var errDamaged = errors.New("the snapshot is damaged")

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
	// Always the same name beside it, so that a crash leaves no more than one.
	file, err := os.OpenFile(path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) // #nosec G304 -- a path of our own data folder
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

// A snapshot is a head, the facts in chunks that can be read side by side, and the index. Before
// each stands its length, 8 bytes.
const chunkOfFacts = 4096

func (f *Finder) writeSnapshot(w io.Writer, installation string) error {
	// Searches go on while the file is written, and so do changes: what is in it beyond the place
	// reached comes again when it is read.
	f.mu.RLock()
	reached, all := f.reached, slices.Collect(maps.Values(f.facts))
	f.mu.RUnlock()
	head := snapshotHead{snapshotVersion, program(), installation, reached, (len(all) + chunkOfFacts - 1) / chunkOfFacts}
	if err := writeSection(w, func(w io.Writer) error { return gob.NewEncoder(w).Encode(head) }); err != nil {
		return err
	}
	for chunk := range slices.Chunk(all, chunkOfFacts) {
		sources := make([]factSource, len(chunk))
		for i, k := range chunk {
			sources[i] = k.source
		}
		if err := writeSection(w, func(w io.Writer) error { return gob.NewEncoder(w).Encode(sources) }); err != nil {
			return err
		}
	}
	return writeSection(w, func(w io.Writer) error {
		_, err := f.index.WriteTo(w)
		return err
	})
}

func writeSection(w io.Writer, write func(io.Writer) error) error {
	var section bytes.Buffer
	if err := write(&section); err != nil {
		return err
	}
	if err := binary.Write(w, binary.LittleEndian, uint64(section.Len())); err != nil {
		return err
	}
	_, err := section.WriteTo(w)
	return err
}

// sections cuts a snapshot apart.
func sections(text []byte) ([][]byte, error) {
	var list [][]byte
	for len(text) > 0 {
		if len(text) < 8 {
			return nil, errDamaged
		}
		n := binary.LittleEndian.Uint64(text)
		if text = text[8:]; n > uint64(len(text)) {
			return nil, errDamaged
		}
		list, text = append(list, text[:n]), text[n:]
	}
	if len(list) < 2 {
		return nil, errDamaged
	}
	return list, nil
}

// readSnapshot fills the finder from a file, or leaves it as it was and says why.
func (f *Finder) readSnapshot(ctx context.Context, path, installation string) error {
	text, err := os.ReadFile(path) // #nosec G304 -- a path of our own data folder
	if err != nil {
		return err
	}
	parts, err := sections(text)
	if err != nil {
		return err
	}
	var head snapshotHead
	if err := gob.NewDecoder(bytes.NewReader(parts[0])).Decode(&head); err != nil {
		return err
	}
	feed, err := f.directory.Seq(ctx)
	if err != nil {
		return err
	}
	if head.Version != snapshotVersion || head.Program != program() || head.Installation != installation || head.Reached > feed {
		return errStale
	}
	if head.Chunks != len(parts)-2 {
		return errDamaged
	}
	return f.readSections(parts, head)
}

func (f *Finder) readSections(parts [][]byte, head snapshotHead) error {
	chunks := make([][]factSource, head.Chunks)
	var index *search.Index
	var all errgroup.Group
	all.SetLimit(runtime.GOMAXPROCS(0))
	all.Go(func() (err error) {
		index, err = search.ReadFrom(bytes.NewReader(parts[len(parts)-1]), search.Options{})
		return err
	})
	for i := range chunks {
		all.Go(func() error { return gob.NewDecoder(bytes.NewReader(parts[i+1])).Decode(&chunks[i]) })
	}
	if err := all.Wait(); err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	known := map[string]*facts{}
	for _, chunk := range chunks {
		for _, s := range chunk {
			known[s.ID] = s.facts()
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.index, f.facts, f.reached = index, known, head.Reached
	return nil
}
