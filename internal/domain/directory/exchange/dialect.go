// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Dialects of tables.
const (
	dialectHSDS   = "hsds-csv"
	dialectLegacy = "hsds-csv-2"
	dialectOhana  = "ohana-csv"
)

// dialect says how one file of a family of tables is read.
type dialect struct {
	family string
	names  []string // of the file, without extension
	entity string
	// columns: name in the file → property of the entity; "" is the same name, "-" a column that
	// only finish reads.
	columns map[string]string
	// required columns: a row without them is bad.
	required []string
	// finish does what columns alone cannot say; nil when they do.
	finish func(*row)
	// keyed: the row is no record of its own, it completes or makes others.
	keyed bool
	// space is what the identifiers of the file number, when they are counted apart from others of
	// the entity: postal addresses from 1, physical ones from 1 too.
	space string
}

// row is one row while it is being read.
type row struct {
	*pool
	*record
	spec  *dialect
	cells map[string]string
}

func (w *row) cell(name string) string { return strings.TrimSpace(w.cells[name]) }

func (w *row) fail(column, key, text string, args ...string) {
	w.bad = true
	w.report.add(w.problem(Error, column, key, text, args...))
}

// entityOfFile gives the entity that a file or list is named after: "services", "service_full".
func entityOfFile(name string) string {
	name = strings.ToLower(name)
	if i := strings.IndexAny(name, "-#"); i > 0 {
		name = name[:i]
	}
	for _, suffix := range []string{"_full", "_list", "_list_data"} {
		name = strings.TrimSuffix(name, suffix)
	}
	for _, d := range dialects() {
		if d.family == dialectHSDS && slices.Contains(d.names, name) {
			return d.entity
		}
	}
	return ""
}

// plurals are the names of files and lists of an entity.
func plurals(entity string) []string {
	list := []string{entity, entity + "s"}
	if stem, ok := strings.CutSuffix(entity, "y"); ok {
		list = append(list, stem+"ies")
	}
	switch entity {
	case "service_at_location":
		list = append(list, "services_at_location", "services_at_locations")
	case "address":
		list = append(list, "addresses")
	case "service_capacity":
		list = append(list, "capacities")
	}
	return list
}

// dialects lists every kind of table that is understood.
var dialects = sync.OnceValue(func() []*dialect {
	var all []*dialect
	for _, e := range entities {
		d := &dialect{family: dialectHSDS, names: plurals(e.name), entity: e.name, columns: map[string]string{}}
		f := forms()[e.name]
		for _, p := range f.values {
			d.columns[p.name] = ""
		}
		if f.extra != nil {
			d.columns["approdo"] = "-"
		}
		all = append(all, d)
	}
	return append(append(all, legacyDialects()...), ohanaDialects()...)
})

// dialectFor finds how a table is read: by the name of the file when the header agrees, otherwise
// by the header alone. Where two dialects fit as well, the preferred family wins, and without one
// the dialect that the header covers best. nil when nothing fits.
func dialectFor(t *table, preferred string) *dialect {
	var best *dialect
	most := 0.0
	for _, d := range dialects() {
		score, coverage := fits(t, d)
		if score == 0 {
			continue
		}
		score += 0.5 * coverage
		if preferred != "" && (d.family == dialectOhana) == (preferred == dialectOhana) {
			score++
		}
		if score > most+1e-9 {
			best, most = d, score
		}
	}
	return best
}

// fits measures how well a dialect reads a table; 0 is not at all.
func fits(t *table, d *dialect) (score, coverage float64) {
	known := 0
	for _, h := range t.header {
		if _, ok := d.columns[strings.ToLower(h)]; ok {
			known++
		}
	}
	if known == 0 || known*2 < len(t.header) {
		return 0, 0
	}
	score = float64(known) - 0.5*float64(len(t.header)-known)
	name := strings.ToLower(strings.TrimSuffix(path.Base(t.name), path.Ext(t.name)))
	if slices.Contains(d.names, name) {
		score += 2
	}
	return score, float64(known) / float64(len(d.columns))
}

// readTables takes all tables in. Tables whose header only one family has say which family the set
// is of; the others are read as that one.
func (s *pool) readTables() {
	votes := 0
	for _, t := range s.tables {
		best := map[bool]float64{}
		for _, d := range dialects() {
			score, _ := fits(t, d)
			ohana := d.family == dialectOhana
			best[ohana] = max(best[ohana], score)
		}
		switch {
		case best[true] > best[false]:
			votes++
		case best[true] < best[false]:
			votes--
		}
	}
	preferred := map[bool]string{votes > 0: dialectOhana, votes < 0: dialectHSDS}[true]
	for _, t := range s.tables {
		s.report.addFormat(s.readTable(t, preferred))
	}
}

// readTable takes the rows of a table into the set. It returns the family of the table, "" when
// nobody knows what it is.
func (s *pool) readTable(t *table, preferred string) string {
	d := dialectFor(t, preferred)
	if d == nil {
		s.report.add(Problem{File: t.file, Severity: Error, Key: "table.unknown", Value: strings.Join(t.header, ", ")})
		return ""
	}
	at := map[string]int{}
	for i, h := range t.header {
		if _, twice := at[strings.ToLower(h)]; !twice {
			at[strings.ToLower(h)] = i
		}
	}
	s.unknownColumns(t, d)
	for _, r := range t.rows {
		s.readRow(t, d, r, at)
	}
	return d.family
}

// unknownColumns notes columns without any value; those with values are kept aside row by row.
func (s *pool) unknownColumns(t *table, d *dialect) {
	for i, h := range t.header {
		if _, known := d.columns[strings.ToLower(h)]; known || h == "" {
			continue
		}
		if !slices.ContainsFunc(t.rows, func(r tableRow) bool { return strings.TrimSpace(r.cell(i)) != "" }) {
			s.noteOnce(t.file, h, "column.empty", "")
		}
	}
}

func (s *pool) readRow(t *table, d *dialect, r tableRow, at map[string]int) {
	cells := make(map[string]string, len(at))
	for name, i := range at {
		cells[name] = unguard(r.cell(i))
	}
	key := strings.TrimSpace(cells["id"])
	if d.columns["id"] == "-" {
		key = ""
	}
	w := &row{pool: s, spec: d, cells: cells}
	w.record = s.newRecord(d.entity, key, origin{t.file, r.line})
	w.strict = d.family == dialectOhana
	if d.space != "" {
		w.id = s.identify(d.space, key)
	}
	if len(r.cells) > len(t.header) && !(tableRow{cells: r.cells[len(t.header):]}).empty() {
		w.bad = true // reported with the widths
	}
	if key == "" {
		w.id = derive(s.source, d.entity, t.file, strconv.Itoa(r.line))
	}
	for _, name := range d.required {
		if w.cell(name) == "" {
			w.fail(name, "value.missing", "")
		}
	}
	var aside []string
	for _, h := range t.header {
		name := strings.ToLower(h)
		target, known := d.columns[name]
		switch {
		case !known && h != "":
			aside = append(aside, name)
		case known && target != "-" && name != "id" && cells[name] != "":
			if target == "" {
				target = name
			}
			w.set(target, cells[name], h)
		}
	}
	if extra := w.cell("approdo"); extra != "" {
		w.takeExtra(extra)
	}
	if d.finish != nil {
		d.finish(w)
	}
	for _, name := range aside {
		s.keepAside(w.record, name, w.cell(name))
	}
	if !d.keyed {
		s.addRow(w.record)
	}
}

// addRow takes a row in. An identifier that stands in two rows of tables is a mistake of the file,
// unless the rows say the same.
func (s *pool) addRow(r *record) {
	if before := s.all[r.entity][r.id]; before != nil && before.table {
		if !sameValues(before, r) {
			r.bad = true
			s.report.add(r.problem(Error, "id", "row.twice", r.key, "file", before.file, "row", number(before.row)))
			return
		}
		s.report.add(r.problem(Note, "id", "row.repeated", r.key, "file", before.file, "row", number(before.row)))
	}
	r.table = true
	s.add(r)
}

func sameValues(a, b *record) bool {
	for name, v := range b.values {
		if a.values[name].text != v.text {
			return false
		}
	}
	return len(a.values) == len(b.values)
}

// takeExtra reads our own property, which a table keeps as JSON in a cell.
func (w *row) takeExtra(text string) {
	trees, err := readTrees([]byte(text))
	if err != nil || len(trees) != 1 || trees[0].kind != '{' {
		w.fail("approdo", "value.json", text)
		return
	}
	w.extra = []byte(text)
}
