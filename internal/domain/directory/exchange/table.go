// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/sheet"
)

// table is one sheet of rows under a header.
type table struct {
	file   string // as reports name it
	name   string // the file's own name, from which its kind may be known
	header []string
	rows   []tableRow
}

type tableRow struct {
	line  int
	cells []string
}

// cell gives a cell by the number of its column, "" beyond the end of a short row.
func (r tableRow) cell(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return r.cells[i]
}

func (r tableRow) empty() bool {
	for _, c := range r.cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// column is the number of a column of the header, -1 when there is none.
func (t *table) column(name string) int {
	for i, h := range t.header {
		if h == name {
			return i
		}
	}
	return -1
}

// addObject appends a row written as a JSON object. It fails with TooLarge("limit.columns").
func (t *table) addObject(j *jsonReader, item *tree) error {
	row := tableRow{line: item.line, cells: make([]string, len(t.header))}
	for i, k := range item.keys {
		at := t.column(k)
		if at < 0 {
			if at = len(t.header); at == MaxColumns {
				return errColumns()
			}
			t.header = append(t.header, k)
			row.cells = append(row.cells, "")
		}
		if kind := item.items[i].kind; kind == '{' || kind == '[' {
			j.lost(&record{}, k, &item.items[i], "column.unknown")
			continue
		}
		row.cells[at] = item.items[i].text
	}
	t.rows = append(t.rows, row)
	return nil
}

// maxCells bounds one table, and MaxColumns its width: every column is compared with all those that we
// know, and people map each by hand.
const (
	maxCells   = 10_000_000
	MaxColumns = 500
)

func errColumns() error { return fault.TooLarge("import", "limit.columns", "most", MaxColumns) }

// parseCSV reads a table, with the separator that its header uses.
func parseCSV(file string, text []byte, report *Report) (*table, error) {
	t := &table{file: file, name: file}
	comma := sheet.Separator(text)
	if comma != ',' {
		name := string(comma)
		if comma == '\t' {
			name = "tab"
		}
		report.add(Problem{File: file, Severity: Note, Key: "table.separator", Args: map[string]string{"separator": name}})
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	cells := 0
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line := 0
			if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
				line = parse.Line
			}
			return nil, fault.Invalid("csv", "file.csv", "line", line).Because(err)
		}
		if cells += len(row); cells > maxCells {
			return nil, fault.TooLarge("csv", "limit.cells", "most", maxCells)
		}
		line, _ := r.FieldPos(0)
		one := tableRow{line: line, cells: row}
		switch {
		case one.empty():
		case t.header == nil:
			if t.header, err = headerOf(row); err != nil {
				return nil, err
			}
		default:
			t.rows = append(t.rows, one)
		}
	}
	t.checkWidths(report)
	return t, nil
}

// headerOf cleans the names of the columns. What spreadsheets leave behind the last name of a very wide
// sheet is no column. It fails with TooLarge("limit.columns").
func headerOf(row []string) ([]string, error) {
	for len(row) > MaxColumns && strings.TrimSpace(row[len(row)-1]) == "" {
		row = row[:len(row)-1]
	}
	if len(row) > MaxColumns {
		return nil, errColumns()
	}
	header := make([]string, len(row))
	for i, name := range row {
		header[i] = strings.TrimSpace(strings.Trim(name, "\ufeff"))
	}
	return header, nil
}

// checkWidths reports rows with fewer or more cells than the header, and columns without a name or
// with one that is there twice.
func (t *table) checkWidths(report *Report) {
	for _, row := range t.rows {
		switch {
		case len(row.cells) < len(t.header):
			report.add(Problem{File: t.file, Row: row.line, Severity: Note, Key: "table.short-row", Args: counts(len(row.cells), len(t.header))})
		case len(row.cells) > len(t.header):
			rest := tableRow{cells: row.cells[len(t.header):]}
			severity, key := Note, "table.long-row-empty"
			if !rest.empty() {
				severity, key = Error, "table.long-row"
			}
			report.add(Problem{File: t.file, Row: row.line, Severity: severity, Key: key, Args: counts(len(row.cells), len(t.header)), Value: strings.Join(rest.cells, ",")})
		}
	}
	seen := map[string]bool{}
	for i, name := range t.header {
		if seen[name] && name != "" {
			report.add(Problem{File: t.file, Column: name, Severity: Error, Key: "table.column-twice"})
		}
		seen[name] = true
		if name != "" {
			continue
		}
		for _, row := range t.rows {
			if v := strings.TrimSpace(row.cell(i)); v != "" {
				report.add(Problem{File: t.file, Row: row.line, Severity: Warning, Key: "table.nameless", Value: v, Args: map[string]string{"n": number(i + 1)}})
			}
		}
	}
}

func counts(have, want int) map[string]string {
	return map[string]string{"have": number(have), "want": number(want)}
}
