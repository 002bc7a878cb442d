// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"approdo/internal/kit/fault"
)

// Limits bound what Read takes. All are required.
type Limits struct {
	Bytes   int64 // of a workbook unfolded
	Cells   int   // of one table, empty ones too
	Columns int
}

// Table is one sheet as it was written, without rows in which nothing stands.
type Table struct {
	Name    string // of the sheet; that of the file for a text
	Rows    []Row
	Since04 bool // days are counted from 1904
}

// Row is one line of a table.
type Row struct {
	Line  int // as the program for sheets numbers it
	Cells []string
}

// Cell is the text of a cell without blanks around it; "" beyond the end of the row.
func (r Row) Cell(i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return strings.TrimSpace(r.Cells[i])
}

func (r Row) empty() bool {
	for i := range r.Cells {
		if r.Cell(i) != "" {
			return false
		}
	}
	return true
}

// Read gives the tables of a CSV file or of an XLSX workbook; which of them it is, its first bytes say.
// A cell of a merged range holds what the range shows. Faults, all for the field "file": Invalid, TooLarge,
// Unsupported.
func Read(name string, data []byte, limits Limits) ([]Table, error) {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil, fault.Invalid("file", "sheet.empty")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readWorkbook(data, limits)
	case bytes.HasPrefix(data, []byte{0xD0, 0xCF, 0x11, 0xE0}), bytes.HasPrefix(data, []byte("%PDF")):
		return nil, fault.Unsupported("file", "sheet.kind")
	}
	t, err := readText(name, data, limits)
	return []Table{t}, err
}

func readText(name string, data []byte, limits Limits) (Table, error) {
	t := Table{Name: name}
	text, _, _ := Text(data)
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = Separator(text), -1, true
	cells := 0
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return t, fault.Invalid("file", "sheet.broken").Because(err)
		}
		line, _ := r.FieldPos(0)
		if err := t.add(Row{Line: line, Cells: row}, &cells, limits); err != nil {
			return t, err
		}
	}
}

// add keeps a row in which something stands.
func (t *Table) add(row Row, cells *int, limits Limits) error {
	for len(row.Cells) > 0 && row.Cell(len(row.Cells)-1) == "" { // what programs leave behind the last cell
		row.Cells = row.Cells[:len(row.Cells)-1]
	}
	if len(row.Cells) > limits.Columns {
		return fault.TooLarge("file", "sheet.columns", "most", limits.Columns)
	}
	if *cells += len(row.Cells) + 1; *cells > limits.Cells {
		return fault.TooLarge("file", "sheet.cells", "most", limits.Cells)
	}
	if !row.empty() {
		t.Rows = append(t.Rows, row)
	}
	return nil
}

func readWorkbook(data []byte, limits Limits) (list []Table, err error) {
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: limits.Bytes, UnzipXMLSizeLimit: limits.Bytes})
	if err != nil {
		return nil, fault.Invalid("file", "sheet.broken").Because(err)
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	props, err := book.GetWorkbookProps()
	if err != nil {
		return nil, fault.Invalid("file", "sheet.broken").Because(err)
	}
	cells := 0
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		t := Table{Name: name, Since04: props.Date1904 != nil && *props.Date1904}
		if err := readSheet(book, name, &t, &cells, limits); err != nil {
			return nil, err
		}
		if len(t.Rows) > 0 {
			list = append(list, t)
		}
	}
	return list, nil
}

// exponent is a telephone number that the program took for a quantity.
var exponent = regexp.MustCompile(`^\d(?:\.\d+)?E\+?\d{1,2}$`)

func readSheet(book *excelize.File, name string, t *Table, cells *int, limits Limits) error {
	rows, err := book.Rows(name)
	if err != nil {
		return nil //nolint:nilerr // a sheet of charts has no rows
	}
	defer func() { _ = rows.Close() }()
	var all []Row
	for line := 1; rows.Next(); line++ {
		row, err := rows.Columns()
		if err != nil {
			return fault.Invalid("file", "sheet.broken").Because(err)
		}
		if *cells += len(row) + 1; *cells > limits.Cells {
			return fault.TooLarge("file", "sheet.cells", "most", limits.Cells)
		}
		for i, c := range row {
			if exponent.MatchString(c) {
				if n, err := strconv.ParseFloat(c, 64); err == nil {
					row[i] = strconv.FormatFloat(n, 'f', -1, 64)
				}
			}
		}
		all = append(all, Row{Line: line, Cells: row})
	}
	if err := spread(book, name, all, limits); err != nil {
		return err
	}
	kept := 0
	for _, row := range all {
		if err := t.add(row, &kept, limits); err != nil {
			return err
		}
	}
	return nil
}

// spread writes what a merged range shows into each of its cells.
func spread(book *excelize.File, name string, rows []Row, limits Limits) error {
	merged, err := book.GetMergeCells(name)
	if err != nil {
		return fault.Invalid("file", "sheet.broken").Because(err)
	}
	filled := 0
	for _, m := range merged {
		left, top, errFrom := excelize.CellNameToCoordinates(m.GetStartAxis())
		right, bottom, errTo := excelize.CellNameToCoordinates(m.GetEndAxis())
		if errFrom != nil || errTo != nil || top < 1 || left < 1 || top > len(rows) {
			continue
		}
		text := Row{Cells: rows[top-1].Cells}.Cell(left - 1)
		if text == "" {
			continue
		}
		for y := top; y <= min(bottom, len(rows)); y++ {
			for x := left; x <= min(right, limits.Columns); x++ {
				if filled++; filled > limits.Cells {
					return fault.TooLarge("file", "sheet.cells", "most", limits.Cells)
				}
				for len(rows[y-1].Cells) < x {
					rows[y-1].Cells = append(rows[y-1].Cells, "")
				}
				rows[y-1].Cells[x-1] = text
			}
		}
	}
	return nil
}

// Day reads a cell as a day: as the program for sheets counts days, as Italians write them (31/12/2026,
// 31.12.26) or as ISO does. since04 is what Table says.
func Day(cell string, since04 bool) (time.Time, bool) {
	cell = strings.TrimSpace(cell)
	if n, err := strconv.ParseFloat(cell, 64); err == nil {
		if n < 366 || n > 110_000 { // before 1901, or after 2200: a number of something else
			return time.Time{}, false
		}
		at, err := excelize.ExcelDateToTime(n, since04)
		return at.UTC().Truncate(24 * time.Hour), err == nil
	}
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2/1/2006", "2-1-2006", "2.1.2006", "2/1/06", "2.1.06", "2/1/2006 15:04:05", "2/1/2006 15:04"} {
		if at, err := time.Parse(layout, cell); err == nil {
			return at.Truncate(24 * time.Hour), true
		}
	}
	return time.Time{}, false
}

// Text makes UTF-8 of a text file, whatever wrote it, and says what it was when that is worth
// knowing. NUL bytes, which no database takes, are counted and dropped.
func Text(data []byte) (text []byte, encoding string, nuls int) {
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

// Separator finds what stands between the cells of the first line: comma, semicolon, tab or bar.
func Separator(text []byte) rune {
	counts := map[rune]int{}
	quoted := false
	for _, c := range string(text[:min(len(text), 20_000)]) {
		if c == '\n' && !quoted && len(counts) > 0 {
			break
		}
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ',', c == ';', c == '\t', c == '|':
			counts[c]++
		}
	}
	best, most := ',', 0
	for _, c := range []rune{',', ';', '\t', '|'} {
		if counts[c] > most {
			best, most = c, counts[c]
		}
	}
	return best
}
