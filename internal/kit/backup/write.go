// SPDX-License-Identifier: EUPL-1.2

package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"
	"unicode/utf8"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"approdo/internal/kit/db"
)

// Source is what is backed up.
type Source struct {
	DB      *db.DB
	Files   fs.FS             // with paths as they go back; nil for none
	Keep    func(string) bool // of paths of files and folders; nil keeps all
	Keys    fs.FS             // keys, which are in a backup only when somebody asks; nil for none
	Program string
	Now     time.Time
}

// Write writes a backup to out, encrypted to the recipients, and says what it holds.
func Write(ctx context.Context, s Source, out io.Writer, recipients ...age.Recipient) (m Manifest, end End, err error) {
	if len(recipients) == 0 {
		return m, end, errors.New("backup: for whom? a backup is never written in clear")
	}
	sealed, err := age.Encrypt(out, recipients...)
	if err != nil {
		return m, end, fmt.Errorf("backup: %w", err)
	}
	packed, err := zstd.NewWriter(sealed, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return m, end, fmt.Errorf("backup: %w", err)
	}
	w := &writer{tar: tar.NewWriter(packed), now: s.Now, end: End{Rows: map[string]int64{}}}
	if m, err = w.database(ctx, s); err == nil && s.Files != nil {
		err = w.files(ctx, filesPrefix, s.Files, s.Keep)
	}
	if err == nil && s.Keys != nil {
		err = w.files(ctx, keysPrefix, s.Keys, nil)
	}
	if err == nil {
		err = w.json("end.json", w.end)
	}
	// Only what is whole gets its end: after an error the file must not look finished.
	if err == nil {
		err = w.tar.Close()
	}
	if err != nil {
		return m, w.end, fmt.Errorf("backup: %w", errors.Join(err, packed.Close()))
	}
	if err = errors.Join(packed.Close(), sealed.Close()); err != nil {
		err = fmt.Errorf("backup: %w", err)
	}
	return m, w.end, err
}

type writer struct {
	tar *tar.Writer
	now time.Time
	end End
}

func (w *writer) entry(name string, content []byte) error {
	if err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: w.now}); err != nil {
		return err
	}
	_, err := w.tar.Write(content)
	return err
}

func (w *writer) json(name string, v any) error {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return w.entry(name, text)
}

// database writes manifest and tables on one snapshot.
func (w *writer) database(ctx context.Context, s Source) (m Manifest, err error) {
	err = s.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m = Manifest{Format: format, Program: s.Program, Made: s.Now.UTC(), Engine: tx.Engine()}
		if m.Migrations, err = migrationsOf(ctx, tx); err != nil {
			return err
		}
		if m.Tables, err = describe(ctx, tx); err != nil {
			return err
		}
		if err := w.json("manifest.json", m); err != nil {
			return err
		}
		for _, t := range m.Tables {
			if err := w.table(ctx, tx, t); err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
		}
		return nil
	})
	return m, err
}

// part is how many bytes of rows go into one entry of the tar, which must know its size beforehand.
const part = 1 << 20

func (w *writer) table(ctx context.Context, tx *db.Tx, t Table) error {
	name, err := quote(t.Name)
	if err != nil {
		return err
	}
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		column, err := quote(c.Name)
		if err != nil {
			return err
		}
		columns[i] = expression(tx.Engine(), column, c.Kind)
	}
	var buffer bytes.Buffer
	number := 0
	flush := func() error {
		number++
		err := w.entry(fmt.Sprintf("tables/%s/%06d.ndjson", t.Name, number), buffer.Bytes())
		buffer.Reset()
		return err
	}
	values, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range to {
		to[i] = &values[i]
	}
	err = db.Walk(ctx, tx, func(s db.Scanner) error {
		if err := s.Scan(to...); err != nil {
			return err
		}
		for i, c := range t.Columns {
			if values[i], err = encode(values[i], c.Kind); err != nil {
				return fmt.Errorf("column %s: %w", c.Name, err)
			}
		}
		line, err := json.Marshal(values)
		if err != nil {
			return err
		}
		buffer.Write(append(line, '\n'))
		w.end.Rows[t.Name]++
		if buffer.Len() < part {
			return nil
		}
		return flush()
	}, `SELECT `+strings.Join(columns, ", ")+` FROM `+name)
	if err == nil && buffer.Len() > 0 {
		err = flush()
	}
	return err
}

// expression reads a column as what it is. SQLite's driver would make times of some declared types;
// types of PostgreSQL's own travel as text.
func expression(engine db.Engine, column, kind string) string {
	switch {
	case engine == db.SQLite:
		return "+" + column
	case (Table{Columns: []Column{{Kind: kind}}}).Portable():
		return column
	}
	return "CAST(" + column + " AS TEXT)"
}

// binary is how bytes are written where the kind does not say that they are.
type binary struct {
	Bytes []byte `json:"bytes"`
}

// encode makes a value fit for JSON.
func encode(value any, kind string) (any, error) {
	switch v := value.(type) {
	case string:
		if !utf8.ValidString(v) {
			return nil, errors.New("text that is not UTF-8")
		}
		if kind == kindBytes { // SQLite keeps what it is given
			return nil, errors.New("text in a column of bytes")
		}
	case []byte:
		switch kind {
		case kindBytes:
			return base64.StdEncoding.EncodeToString(v), nil
		case kindText:
			return string(v), nil
		}
		return binary{v}, nil
	case int64:
		if kind == kindBoolean {
			return v != 0, nil
		}
	}
	return value, nil
}

// Where files and keys lie in a backup.
const (
	filesPrefix = "files/"
	keysPrefix  = "keys/"
)

// files copies what keep wants.
func (w *writer) files(ctx context.Context, prefix string, from fs.FS, keep func(string) bool) error {
	return fs.WalkDir(from, ".", func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a file of the moment, gone since the folder was listed
		}
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if path != "." && keep != nil && !keep(path) {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		return w.file(prefix, from, path)
	})
}

func (w *writer) file(prefix string, files fs.FS, path string) error {
	file, err := files.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if err := w.tar.WriteHeader(&tar.Header{Name: prefix + path, Mode: 0o600, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return err
	}
	// A file that grows meanwhile, as a list does, is copied as long as it was.
	if _, err := io.CopyN(w.tar, file, info.Size()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	w.end.Files++
	return nil
}
