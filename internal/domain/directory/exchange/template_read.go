// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
)

// formTemplate is the name of our own sheet among the formats.
const formTemplate = "template"

// Names of the sheets of our workbook.
const (
	sheetHelp     = "Istruzioni"
	sheetServices = "Servizi"
	sheetValues   = "Valori"
	sheetWhole    = "Scheda completa"
)

// readWorkbook reads the sheets of an XLSX file: our template, or tables as others keep them.
func (p *pool) readWorkbook(f file) (string, error) {
	book, err := excelize.OpenReader(bytes.NewReader(f.data), excelize.Options{RawCellValue: true, UnzipSizeLimit: usual.File, UnzipXMLSizeLimit: usual.File})
	if err != nil {
		return "", fault.Invalid("import", "xlsx.broken", "file", f.name).Because(err)
	}
	defer func() { _ = book.Close() }()
	whole, err := p.readWhole(book, f.name)
	if err != nil {
		return "", err
	}
	format := "xlsx"
	for _, sheet := range book.GetSheetList() {
		if sheet == sheetWhole || sheet == sheetHelp || sheet == sheetValues {
			continue
		}
		t, err := readSheet(book, f.name, sheet, p.report)
		if err != nil {
			return "", err
		}
		switch {
		case t.header == nil:
		case p.mapping.apply(t) && !p.peek:
			format = formTemplate
			if err := p.readTemplate(t, whole); err != nil {
				return "", err
			}
		default:
			p.tables = append(p.tables, t)
		}
	}
	return format, nil
}

var exponent = regexp.MustCompile(`^\d(?:\.\d+)?E\+?\d{1,2}$`)

func readSheet(book *excelize.File, file, sheet string, report *Report) (*table, error) {
	t := &table{file: file + "#" + sheet, name: sheet}
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, fault.Invalid("import", "xlsx.broken", "file", file).Because(err)
	}
	defer func() { _ = rows.Close() }()
	cells := 0
	for line := 1; rows.Next(); line++ {
		row, err := rows.Columns()
		if err != nil {
			return nil, fault.Invalid("import", "xlsx.broken", "file", file).Because(err)
		}
		if cells += len(row); cells > maxCells {
			return nil, fault.TooLarge("xlsx", "limit.cells", "most", maxCells)
		}
		for i, c := range row {
			if exponent.MatchString(c) { // a telephone number that the program took for a quantity
				if n, err := strconv.ParseFloat(c, 64); err == nil {
					row[i] = strconv.FormatFloat(n, 'f', -1, 64)
				}
			}
		}
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
	for i, r := range t.rows { // cells beyond the header that hold nothing
		for len(r.cells) > len(t.header) && strings.TrimSpace(r.cells[len(r.cells)-1]) == "" {
			r.cells = r.cells[:len(r.cells)-1]
		}
		for len(r.cells) < len(t.header) { // a sheet leaves empty cells at the end out
			r.cells = append(r.cells, "")
		}
		t.rows[i] = r
	}
	t.checkWidths(report)
	return t, nil
}

// readWhole reads the whole records that an export keeps beside what the sheet shows.
func (p *pool) readWhole(book *excelize.File, file string) (map[string]hsds.Service, error) {
	if i, err := book.GetSheetIndex(sheetWhole); err != nil || i < 0 {
		return nil, nil
	}
	rows, err := book.Rows(sheetWhole)
	if err != nil {
		return nil, fault.Invalid("import", "xlsx.broken", "file", file).Because(err)
	}
	defer func() { _ = rows.Close() }()
	all := map[string]hsds.Service{}
	for line := 1; rows.Next(); line++ {
		row, err := rows.Columns()
		if err != nil {
			return nil, fault.Invalid("import", "xlsx.broken", "file", file).Because(err)
		}
		if line == 1 || len(row) < 2 {
			continue
		}
		var text strings.Builder
		for _, part := range row[1:] {
			text.WriteString(strings.TrimPrefix(part, "#"))
		}
		var s hsds.Service
		if err := json.Unmarshal([]byte(text.String()), &s); err != nil {
			p.report.add(Problem{File: file + "#" + sheetWhole, Row: line, Severity: Warning, Key: "xlsx.whole", Value: row[0]})
			continue
		}
		all[row[0]] = s
	}
	return all, nil
}

// templateReader takes the rows of the template.
type templateReader struct {
	*pool
	table   *table
	columns map[int]*sheetColumn
	code    int
	whole   map[string]hsds.Service
	draft   *draft
	row     int // of the service
	place   int // of the row among those of its service
	bad     bool
	// original is the code of the service as it stood.
	original string
}

func (p *pool) readTemplate(t *table, whole map[string]hsds.Service) error {
	r := &templateReader{pool: p, table: t, columns: map[int]*sheetColumn{}, code: -1, whole: whole}
	list := sheetColumns()
	ours := make(map[string]*sheetColumn, len(list))
	for n := range list {
		ours[lang.Fold(list[n].title)] = &list[n]
	}
	for i, h := range t.header {
		if c := ours[lang.Fold(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(h), "*")))]; c != nil {
			r.columns[i] = c
		}
		switch c := r.columns[i]; {
		case c != nil && c.title == titleCode:
			r.code = i
		case c == nil && h != "":
			r.unknownColumn(i, h)
		}
	}
	for _, row := range t.rows {
		if err := r.take(row); err != nil {
			return err
		}
	}
	return r.finish()
}

func (r *templateReader) unknownColumn(i int, h string) {
	for _, row := range r.table.rows {
		if v := strings.TrimSpace(row.cell(i)); v != "" {
			r.report.add(Problem{File: r.table.file, Row: row.line, Column: h, Severity: Warning, Key: "column.unknown", Value: v})
		}
	}
}

func (r *templateReader) cell(row tableRow, title string) string {
	for i, c := range r.columns {
		if c.title == title {
			return strings.TrimSpace(unguard(row.cell(i)))
		}
	}
	return ""
}

func (r *templateReader) take(row tableRow) error {
	code := ""
	if r.code >= 0 {
		code = strings.TrimSpace(unguard(row.cell(r.code)))
	}
	name := r.cell(row, titleName)
	if r.draft != nil && name == "" && (code == "" || code == r.original) {
		r.place++
		r.draft.first = false
	} else {
		if err := r.finish(); err != nil {
			return err
		}
		r.begin(code, row)
	}
	r.fill(row)
	return nil
}

// begin starts a service: from its whole record when the workbook has it, otherwise from nothing.
func (r *templateReader) begin(code string, row tableRow) {
	s, known := r.whole[code]
	if !known {
		s = hsds.Service{}
		s.ID = code
		if code == "" {
			s.ID = derive(r.source, "service", lang.Fold(r.cell(row, titleBody)), lang.Fold(r.cell(row, titleName)))
		}
	}
	r.draft = newDraft(s, r.source)
	if !known {
		r.draft.extra.Language = "it"
	}
	r.row, r.place, r.bad, r.original = row.line, 0, false, code
}

// fill takes the cells of one row that say something else than the service does.
func (r *templateReader) fill(row tableRow) {
	d := r.draft
	d.at, d.place, d.province = nil, locationExtra{}, ""
	had := r.place < len(d.service.ServiceAtLocations)
	if had {
		at := d.service.ServiceAtLocations[r.place]
		d.at = &at
		if at.Location != nil {
			_ = json.Unmarshal(orEmpty(at.Location.Approdo), &d.place) // reported when it is read as a record
		}
	}
	d.made = r.place
	for i, h := range r.table.header {
		c := r.columns[i]
		if c == nil || c.title == titleCode || !d.first && !c.site {
			if c != nil && !d.first && c.title != titleCode && strings.TrimSpace(row.cell(i)) != "" {
				r.report.add(Problem{File: r.table.file, Row: row.line, Column: h, Severity: Warning, Key: "template.further-place", Value: row.cell(i)})
			}
			continue
		}
		cell := strings.TrimSpace(unguard(row.cell(i)))
		if cell == fit(strings.TrimSpace(c.get(d))) {
			continue
		}
		if err := c.put(d, cell); err != nil {
			r.bad = true
			r.report.add(explainCell(r.table, row.line, c.title, cell, err))
		}
	}
	if d.province != "" && d.at == nil {
		d.extra.Province = d.province
	}
	if d.at == nil {
		return
	}
	if d.at.Location != nil {
		d.at.Location.Approdo = raw(d.place)
	}
	if had {
		d.service.ServiceAtLocations[r.place] = *d.at
	} else {
		d.service.ServiceAtLocations = append(d.service.ServiceAtLocations, *d.at)
	}
}

func orEmpty(text json.RawMessage) []byte {
	if len(text) == 0 {
		return []byte("{}")
	}
	return text
}

// finish hands the service over, as the record that it is.
func (r *templateReader) finish() error {
	d := r.draft
	if d == nil {
		return nil
	}
	r.draft = nil
	if d.service.Organization == nil {
		r.bad = true
		r.report.add(Problem{File: r.table.file, Row: r.row, Column: titleBody, Severity: Error, Key: "value.missing"})
	}
	if len(d.extra.Needs) == 0 && !r.bad {
		r.report.add(Problem{File: r.table.file, Row: r.row, Column: "Bisogno", Severity: Warning, Key: "need.none"})
	}
	d.service.Approdo = always(d.extra)
	text, err := json.Marshal(d.service)
	if err != nil {
		return err
	}
	trees, err := readTrees(text)
	if err != nil || len(trees) != 1 {
		return err
	}
	j := &jsonReader{pool: r.pool, file: r.table.file, data: text, row: r.row, titles: columnTitles}
	record := j.take(&trees[0], "service", "")
	record.bad = record.bad || r.bad
	return nil
}

// columnTitles names the columns in which the properties of a record stand.
var columnTitles = map[string]string{
	"service.name": titleName, "service.status": "Stato", "service.url": "Sito web", "service.email": "Email", "service.description": "Descrizione",
	"service.assured_date": "Ultima verifica", "organization.name": titleBody, "phone.number": "Telefono", "location.name": "Sede",
	"location.latitude": "Latitudine", "location.longitude": "Longitudine", "address.city": "Comune", "address.state_province": "Provincia",
	"address.address_1": "Indirizzo", "address.postal_code": "CAP", "schedule.byday": "Orario", "schedule.opens_at": "Orario", "schedule.closes_at": "Orario",
	"required_document.document": "Documenti", "language.name": "Lingue parlate",
}

// cellLimit is the most that a cell of a spreadsheet holds.
const cellLimit = 32_767

// fit cuts a text to what a cell holds, with room for the apostrophe of guard.
func fit(s string) string {
	if len(s) <= cellLimit/2 || utf8.RuneCountInString(s) < cellLimit/2 {
		return s
	}
	return string([]rune(s)[:cellLimit/2-1]) + "…"
}
