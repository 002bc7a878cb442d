// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"approdo/internal/kit/fault"
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

// decodeText makes UTF-8 of a text file, whatever wrote it, and says what it was when that is worth
// knowing. NUL bytes, which no database takes, are counted and dropped.
func decodeText(data []byte) (text []byte, encoding string, nuls int) {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		text = data[3:]
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		text, encoding = decodeUTF16(data, unicode.UseBOM), "UTF-16"
	case looksUTF16(data, 1):
		text, encoding = decodeUTF16(data, unicode.IgnoreBOM), "UTF-16"
	default:
		text = data
	}
	if !utf8.Valid(text) {
		if decoded, err := charmap.Windows1252.NewDecoder().Bytes(text); err == nil {
			text, encoding = decoded, "Windows-1252"
		}
	}
	if nuls = bytes.Count(text, []byte{0}); nuls > 0 {
		text = bytes.ReplaceAll(text, []byte{0}, nil)
	}
	return bytes.ToValidUTF8(text, []byte("�")), encoding, nuls
}

func decodeUTF16(data []byte, policy unicode.BOMPolicy) []byte {
	text, err := unicode.UTF16(unicode.LittleEndian, policy).NewDecoder().Bytes(data)
	if err != nil {
		return data
	}
	return text
}

// looksUTF16 recognises Latin text in UTF-16 without a mark: every second byte is zero.
func looksUTF16(data []byte, at int) bool {
	head := data[:min(len(data), 400)]
	if len(head) < 8 {
		return false
	}
	zeros := 0
	for i := at; i < len(head); i += 2 {
		if head[i] == 0 {
			zeros++
		}
	}
	return zeros*5 > len(head)*2 // four in five
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
	comma := separator(text)
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

// separator finds what stands between the cells of the first line: comma, semicolon, tab or bar.
func separator(text []byte) rune {
	best, most, quoted := ',', 0, false
	counts := map[rune]int{}
	for _, c := range string(text[:min(len(text), 20_000)]) {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			if len(counts) > 0 {
				goto done
			}
		case c == ',', c == ';', c == '\t', c == '|':
			counts[c]++
		}
	}
done:
	for _, c := range []rune{',', ';', '\t', '|'} {
		if counts[c] > most {
			best, most = c, counts[c]
		}
	}
	return best
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
