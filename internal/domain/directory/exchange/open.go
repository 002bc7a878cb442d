// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"approdo/internal/kit/fault"
)

// file is one file of a source, in memory.
type file struct {
	name string // relative to the source, with slashes
	data []byte
}

// budget is what is left of the limits of one reading.
type budget struct {
	Limits
	left  int64
	files int
}

func (b *budget) take(name string, size int64) error {
	b.left -= size
	b.files++
	switch {
	case size > b.File:
		return fault.TooLarge("import", "limit.file", "file", name, "most", b.File)
	case b.left < 0:
		return fault.TooLarge("import", "limit.total", "most", b.Total)
	case b.files > b.Files:
		return fault.TooLarge("import", "limit.files", "most", b.Files)
	}
	return nil
}

// readable are the endings of files that hold data.
var readable = []string{".json", ".ndjson", ".jsonl", ".csv", ".tsv", ".xlsx", ".zip"}

func isReadable(name string) bool {
	return slices.Contains(readable, strings.ToLower(path.Ext(name))) && !strings.HasPrefix(path.Base(name), ".")
}

func openSource(ctx context.Context, src Source, opt Options, report *Report) ([]file, error) {
	b := &budget{Limits: opt.Limits, left: opt.Limits.Total}
	switch {
	case src.Path == "":
		if err := b.take(src.Name, int64(len(src.Data))); err != nil {
			return nil, err
		}
		return openFile(file{src.Name, src.Data}, b, report)
	case isAddress(src.Path):
		return fetch(ctx, src.Path, opt, b, report)
	}
	info, err := os.Stat(src.Path)
	if err != nil {
		return nil, notThere(src.Path, err)
	}
	if info.IsDir() {
		root, err := os.OpenRoot(src.Path)
		if err != nil {
			return nil, notThere(src.Path, err)
		}
		defer func() { _ = root.Close() }()
		return openFolder(root.FS(), ".", b, report)
	}
	if err := b.take(src.Path, info.Size()); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(src.Path) // #nosec G304 -- the operator names the file
	if err != nil {
		return nil, notThere(src.Path, err)
	}
	return openFile(file{path.Base(strings.ReplaceAll(src.Path, "\\", "/")), data}, b, report)
}

func notThere(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fault.NotFound("import.not-there", "path", name).Because(err)
	}
	return fault.Invalid("import", "import.no-access", "path", name).Because(err)
}

// openFolder reads the data files of a folder; when it has none and a single folder in it, those of
// that. Everything else is named in the report.
func openFolder(fsys fs.FS, dir string, b *budget, report *Report) ([]file, error) {
	list, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, notThere(dir, err)
	}
	var files []file
	var folders, others []string
	for _, e := range list {
		name := path.Join(dir, e.Name())
		switch {
		case e.IsDir():
			folders = append(folders, name)
		case !e.Type().IsRegular() || !isReadable(name):
			others = append(others, name)
		default:
			data, err := readWithin(fsys, name, b)
			if err != nil {
				return nil, err
			}
			more, err := openFile(file{name, data}, b, report)
			if err != nil {
				return nil, err
			}
			files = append(files, more...)
		}
	}
	if len(files) == 0 && len(folders) == 1 && strings.Count(folders[0], "/") < 8 {
		return openFolder(fsys, folders[0], b, report)
	}
	if len(files) == 0 {
		return nil, fault.Unsupported("import", "import.no-data-file", "path", dir, "folders", strings.Join(folders, ", "))
	}
	for _, name := range append(folders, others...) {
		report.add(Problem{File: name, Severity: Note, Key: "file.skipped"})
	}
	return files, nil
}

func readWithin(fsys fs.FS, name string, b *budget) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, notThere(name, err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, b.File+1))
	if err != nil {
		return nil, notThere(name, err)
	}
	return data, b.take(name, int64(len(data)))
}

// openFile gives the file itself, or the files in it when it is a zip. A workbook is a zip too and
// stays one file.
func openFile(f file, b *budget, report *Report) ([]file, error) {
	if !bytes.HasPrefix(f.data, []byte("PK\x03\x04")) || isWorkbook(f.data) {
		return []file{f}, nil
	}
	archive, err := zip.NewReader(bytes.NewReader(f.data), int64(len(f.data)))
	if err != nil {
		return nil, fault.Invalid("import", "zip.broken", "file", f.name).Because(err)
	}
	if err := checkZip(archive, int64(len(f.data)), b); err != nil {
		return nil, err
	}
	files, err := openFolder(zipFS{archive}, ".", b, report)
	for i := range files {
		files[i].name = f.name + "/" + files[i].name
	}
	return files, err
}

// checkZip refuses an archive that lies about its size or whose entries lead outside of it.
func checkZip(archive *zip.Reader, size int64, b *budget) error {
	if len(archive.File) > b.Files {
		return fault.TooLarge("import", "limit.files", "most", b.Files)
	}
	var total uint64
	for _, e := range archive.File {
		if total += e.UncompressedSize64; total > uint64(b.Total) { // #nosec G115 -- limits are positive
			return fault.TooLarge("import", "limit.total", "most", b.Total)
		}
		if name := strings.TrimSuffix(e.Name, "/"); !fs.ValidPath(name) || strings.ContainsAny(name, "\\:\x00") {
			return fault.Invalid("import", "zip.path", "file", shorten(e.Name))
		}
	}
	if total > uint64(max(size, 1024)*b.Ratio) { // #nosec G115 -- limits are positive
		return fault.TooLarge("import", "limit.ratio", "most", b.Ratio)
	}
	return nil
}

// zipFS hides zips inside a zip: one level is what people publish, more is how bombs are built.
type zipFS struct{ *zip.Reader }

func (z zipFS) Open(name string) (fs.File, error) {
	if strings.EqualFold(path.Ext(name), ".zip") {
		return nil, fs.ErrPermission
	}
	return z.Reader.Open(name)
}

func (z zipFS) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(z.Reader, name)
	return slices.DeleteFunc(list, func(e fs.DirEntry) bool { return strings.EqualFold(path.Ext(e.Name()), ".zip") }), err
}

// isWorkbook tells an XLSX file from other zips.
func isWorkbook(data []byte) bool {
	return bytes.HasPrefix(data, []byte("PK\x03\x04")) && (bytes.Contains(data, []byte("xl/workbook.xml")) || bytes.Contains(data, []byte("xl\\workbook.xml")))
}
