// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"context"
	"errors"
	"net/netip"
	"path"
	"strings"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/sheet"
)

// Source is what is read: a path or address, or bytes under a name.
type Source struct {
	// Path is a file, a folder, a zip or an http(s) address.
	Path string
	// Name and Data are a file that is in memory already; Path is not read then.
	Name string
	Data []byte
}

// Options say how a source is read.
type Options struct {
	// Source names the dataset; "" takes the name of the file, folder or host.
	Source string
	// Partial takes the good records of a source that has errors.
	Partial bool
	// Complete: the source is the whole dataset, so what came from it before and is in it no more
	// goes. A source from which rows were left out never counts as whole.
	Complete bool
	// Mapping reads sheets whose columns nobody knows; nil: none.
	Mapping *Mapping
	// Stored tells whether the directory has a record already that the source only names; nil: none.
	Stored func(entity, id string) bool
	// Progress is told of every file read; nil when nobody wants to know.
	Progress func(file string, files int)
	// Allowed are networks that an address may be in although they are not public. Empty outside
	// of tests: an import must not be a way into somebody's network.
	Allowed []netip.Prefix
	// Limits replace the usual ones where they are not zero.
	Limits Limits
	// Last is what the address said of its last answer; reading fails with ErrUnchanged when it has
	// nothing newer. nil asks for everything. It becomes what is to be asked with the next time.
	Last *Validators
}

// Validators are what a server says of an answer, so that it need not send the same again (RFC 9110, 8.8).
type Validators struct{ ETag, Modified string }

// ErrUnchanged: the address has what was read from it the last time.
var ErrUnchanged = errors.New("nothing has changed at the address")

// Limits bound what a source may ask of the machine.
type Limits struct {
	File  int64 // bytes of one file
	Total int64 // bytes of all files
	Files int
	Ratio int64 // how many times larger than the zip its files may be
	Pages int   // answers of an API
}

// usual limits: a national register of services in JSON is about 200 MB.
var usual = Limits{File: 256 << 20, Total: 1 << 30, Files: 5000, Ratio: 200, Pages: 20_000}

func (l Limits) orUsual() Limits {
	set := func(v *int64, u int64) {
		if *v == 0 {
			*v = u
		}
	}
	set(&l.File, usual.File)
	set(&l.Total, usual.Total)
	set(&l.Ratio, usual.Ratio)
	if l.Files == 0 {
		l.Files = usual.Files
	}
	if l.Pages == 0 {
		l.Pages = usual.Pages
	}
	return l
}

// Read makes a batch of a source, and a report of everything that was worth saying. With errors the
// batch is empty and the fault is Invalid("import"), unless Options.Partial takes the good records.
// Other faults: NotFound (nothing there), TooLarge (a limit), Unsupported (nothing readable),
// Unavailable (the network).
func Read(ctx context.Context, src Source, opt Options) (directory.Batch, Report, error) {
	opt.Limits = opt.Limits.orUsual()
	if opt.Stored == nil {
		opt.Stored = func(string, string) bool { return false }
	}
	if opt.Source == "" {
		opt.Source = src.Dataset()
	}
	report := Report{Source: opt.Source, Read: map[string]int{}, Skipped: map[string]int{}}
	files, err := openSource(ctx, src, opt, &report)
	if err != nil {
		return directory.Batch{}, report, err
	}
	p := newPool(opt.Source, &report)
	p.mapping = opt.Mapping
	for i, f := range files {
		if err := ctx.Err(); err != nil {
			return directory.Batch{}, report, err
		}
		if opt.Progress != nil {
			opt.Progress(f.name, len(files))
		}
		if err := p.readFile(f); err != nil {
			return directory.Batch{}, report, err
		}
		files[i].data = nil
	}
	report.Files = len(files)
	p.readTables()
	p.settle(opt.Stored)
	batch := p.batch()
	batch.Complete = opt.Complete && report.errors == 0
	report.Skipped = p.skipped()
	report.reserved = p.reserved
	report.sort()
	switch {
	case report.errors > 0 && !opt.Partial:
		return directory.Batch{}, report, fault.Invalid("import", "import.refused")
	case report.errors == 0 && len(report.Read) == 0:
		return directory.Batch{}, report, fault.Unsupported("import", "import.nothing", "source", opt.Source)
	}
	return batch, report, nil
}

// Dataset is the name that a dataset has when nobody gives it one.
func (s Source) Dataset() string {
	name := s.Name
	if s.Path != "" {
		name = strings.TrimSuffix(strings.ReplaceAll(s.Path, "\\", "/"), "/")
	}
	if isAddress(name) {
		name = strings.TrimSuffix(strings.SplitN(strings.SplitN(name, "://", 2)[1], "?", 2)[0], "/")
		return name
	}
	base := path.Base(name)
	if cut := strings.TrimSuffix(base, path.Ext(base)); cut != "" && cut != "." {
		return cut
	}
	return base
}

// readFile reads one file in whatever form it is. Mistakes of the file go into the report; only a
// limit ends the reading.
func (p *pool) readFile(f file) error {
	format, err := p.readForm(f)
	switch {
	case err == nil:
	case fault.Is(err, fault.KindInvalid), fault.Is(err, fault.KindUnsupported):
		p.report.add(problemOf(f.name, err))
	default:
		return err
	}
	p.report.addFormat(format)
	return nil
}

func problemOf(name string, err error) Problem {
	pr := Problem{File: name, Severity: Error, Key: "file.unreadable"}
	var f *fault.Error
	if errors.As(err, &f) {
		pr.Key = f.Message.Key
		if line, ok := f.Message.Args["line"].(int); ok {
			pr.Row = line
		}
		if f.Cause != nil {
			pr.Value = f.Cause.Error()
		}
	}
	return pr
}

func (p *pool) readForm(f file) (string, error) {
	if isWorkbook(f.data) {
		return p.readWorkbook(f)
	}
	text, encoding, nuls := sheet.Text(f.data)
	if encoding != "" {
		p.report.add(Problem{File: f.name, Severity: Note, Key: "file.encoding", Args: map[string]string{"encoding": encoding}})
	}
	if nuls > 0 {
		p.report.add(Problem{File: f.name, Severity: Warning, Key: "file.nul", Args: map[string]string{"n": number(nuls)}})
	}
	if looksJSON(text) {
		if strings.EqualFold(path.Base(f.name), "datapackage.json") {
			p.report.add(Problem{File: f.name, Severity: Note, Key: "json.descriptor"})
			return "", nil
		}
		return p.readJSON(f.name, text)
	}
	if ext := strings.ToLower(path.Ext(f.name)); ext == ".json" || ext == ".ndjson" || ext == ".jsonl" {
		if strings.EqualFold(path.Base(f.name), "datapackage.json") {
			// In a checkout without symbolic links this file is only the path of another one.
			p.report.add(Problem{File: f.name, Severity: Note, Key: "json.descriptor"})
			return "", nil
		}
		return p.readJSON(f.name, text)
	}
	t, err := parseCSV(f.name, text, p.report)
	if err != nil {
		return "", err
	}
	if t.header == nil {
		p.report.add(Problem{File: f.name, Severity: Note, Key: "table.empty"})
		return "", nil
	}
	if p.mapping.apply(t) && !p.peek {
		return formTemplate, p.readTemplate(t, nil)
	}
	if len(t.rows) == 0 {
		p.report.add(Problem{File: f.name, Severity: Note, Key: "table.no-rows"})
	}
	p.tables = append(p.tables, t)
	return "", nil
}

func looksJSON(text []byte) bool {
	s := strings.TrimSpace(string(text[:min(len(text), 1000)]))
	return strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[")
}

// skipped counts the records with errors, rows of hours among them.
func (p *pool) skipped() map[string]int {
	n := map[string]int{}
	for _, e := range entities {
		for _, r := range p.order[e.name] {
			if r.bad {
				n[e.name]++
			}
		}
	}
	for range p.badRows {
		n["schedule"]++
	}
	return n
}
