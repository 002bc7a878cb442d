// SPDX-License-Identifier: EUPL-1.2

package backup

import (
	"archive/tar"
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// ErrNotWhole means that a backup ends too early or is not what its end says.
var ErrNotWhole = errors.New("backup: the file is not whole")

// reader walks through a backup.
type reader struct {
	file *os.File
	zstd *zstd.Decoder
	tar  *tar.Reader
}

func openReader(path string, identities []age.Identity) (*reader, error) {
	file, err := os.Open(path) // #nosec G304 -- whoever runs the program names it
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	opened, err := age.Decrypt(bufio.NewReaderSize(file, 1<<20), identities...)
	if err != nil {
		return nil, fmt.Errorf("backup: %w", errors.Join(err, file.Close()))
	}
	unpacked, err := zstd.NewReader(opened, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("backup: %w", errors.Join(err, file.Close()))
	}
	return &reader{file, unpacked, tar.NewReader(unpacked)}, nil
}

func (r *reader) close() error {
	r.zstd.Close()
	return r.file.Close()
}

// manifest reads the first entry.
func (r *reader) manifest() (m Manifest, err error) {
	header, err := r.tar.Next()
	if err != nil {
		return m, fmt.Errorf("%w: %w", ErrNotWhole, err)
	}
	if header.Name != "manifest.json" {
		return m, fmt.Errorf("%w: it does not begin with a manifest", ErrNotWhole)
	}
	if err := json.NewDecoder(r.tar).Decode(&m); err != nil {
		return m, fmt.Errorf("backup: manifest: %w", err)
	}
	if m.Format != format {
		return m, fmt.Errorf("backup: format %d is newer than this program", m.Format)
	}
	return m, nil
}

// tableOf gives the table of an entry, "" for another entry.
func tableOf(name string) string {
	rest, ok := strings.CutPrefix(name, "tables/")
	if !ok {
		return ""
	}
	table, _, _ := strings.Cut(rest, "/")
	return table
}

// Inspect reads a backup from beginning to end and says what it holds. It is ErrNotWhole when
// something is missing or altered.
func Inspect(path string, identities ...age.Identity) (m Manifest, end End, err error) {
	r, err := openReader(path, identities)
	if err != nil {
		return m, end, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if m, err = r.manifest(); err != nil {
		return m, end, err
	}
	rows, files, ended := map[string]int64{}, 0, false
	for {
		header, err := r.tar.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return m, end, fmt.Errorf("%w: %w", ErrNotWhole, err)
		}
		switch table := tableOf(header.Name); {
		case ended:
			return m, end, fmt.Errorf("%w: something follows its end", ErrNotWhole)
		case table != "":
			err = eachLine(r.tar, func([]byte) error { rows[table]++; return nil })
		case strings.HasPrefix(header.Name, filesPrefix), strings.HasPrefix(header.Name, keysPrefix):
			files++
			_, err = io.Copy(io.Discard, r.tar) // #nosec G110 -- thrown away
		case header.Name == "end.json":
			ended = true
			err = json.NewDecoder(r.tar).Decode(&end)
		}
		if err != nil {
			return m, end, fmt.Errorf("%w: %s: %w", ErrNotWhole, header.Name, err)
		}
	}
	// The rest authenticates that the file was not cut.
	if _, err := io.Copy(io.Discard, r.zstd); err != nil { // #nosec G110 -- thrown away
		return m, end, fmt.Errorf("%w: %w", ErrNotWhole, err)
	}
	if !ended || files != end.Files || !maps.Equal(rows, end.Rows) {
		return m, end, fmt.Errorf("%w: it holds something else than its end says", ErrNotWhole)
	}
	return m, end, nil
}

// longestRow bounds one row: larger things are files.
const longestRow = 64 << 20

func eachLine(r io.Reader, each func(line []byte) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 1<<16), longestRow)
	for lines.Scan() {
		if err := each(lines.Bytes()); err != nil {
			return err
		}
	}
	return lines.Err()
}

// extract writes the files of a backup below dir and its keys below keys. A file that is there is not
// touched.
func (r *reader) extract(dir, keys string) (int, error) {
	n := 0
	for {
		header, err := r.tar.Next()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, fmt.Errorf("backup: %w", err)
		}
		below := dir
		name, ok := strings.CutPrefix(header.Name, filesPrefix)
		if !ok {
			below = keys
			name, ok = strings.CutPrefix(header.Name, keysPrefix)
		}
		if !ok {
			continue
		}
		if !filepath.IsLocal(name) {
			return n, fmt.Errorf("backup: %q leads out of the folder", name)
		}
		done, err := writeFile(filepath.Join(below, name), r.tar)
		if err != nil {
			return n, fmt.Errorf("backup: %w", err)
		}
		if done {
			n++
		}
	}
}

func writeFile(path string, content io.Reader) (bool, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- checked by the caller
	if errors.Is(err, os.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = io.Copy(file, content) // #nosec G110 -- our own file, as large as it was
	return true, errors.Join(err, file.Sync(), file.Close())
}
