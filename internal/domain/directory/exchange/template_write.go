// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
)

// Template writes the empty template: "xlsx" with lists to choose from, instructions and values, or
// "csv" with the header alone.
func Template(w io.Writer, format Format) error {
	switch format {
	case XLSX:
		return writeWorkbook(w, nil)
	case CSV:
		return writeSheetCSV(w, nil)
	}
	return fault.Unsupported("format", "export.format", "format", string(format))
}

// sheetRows gives the rows of an entry: one for the service with its first place, one for each
// further place.
func sheetRows(e directory.Entry) [][]string {
	d := newDraft(ToHSDS(e, Shape{}), "")
	var rows [][]string
	for i := range max(1, len(d.service.ServiceAtLocations)) {
		d.first, d.at, d.place = i == 0, nil, locationExtra{}
		if i < len(d.service.ServiceAtLocations) {
			d.at = &d.service.ServiceAtLocations[i]
			_ = json.Unmarshal(orEmpty(d.at.Location.Approdo), &d.place) // our own writing
		}
		row := make([]string, len(sheetColumns()))
		for n, c := range sheetColumns() {
			if d.first || c.site || c.title == titleCode {
				row[n] = guard(fit(oneLine(c.get(d))))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// oneLine takes out what a cell cannot hold.
func oneLine(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r", ""))
}

func sheetHeader() []string {
	var header []string
	for _, c := range sheetColumns() {
		header = append(header, c.title)
	}
	return header
}

func writeSheetCSV(w io.Writer, entries iter.Seq2[directory.Entry, error]) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // so that spreadsheets read UTF-8
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = ';' // what an Italian spreadsheet expects
	if err := out.Write(sheetHeader()); err != nil {
		return err
	}
	if entries != nil {
		for e, err := range entries {
			if err != nil {
				return err
			}
			for _, row := range sheetRows(e) {
				if err := out.Write(row); err != nil {
					return err
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

// workbook is a workbook while it is written; the first error stops it.
type workbook struct {
	*excelize.File
	bold, wrap int
	lists      map[string]string // name of a list of values → its cells
	err        error
}

func (b *workbook) do(err error) {
	if b.err == nil {
		b.err = err
	}
}

func writeWorkbook(w io.Writer, entries iter.Seq2[directory.Entry, error]) error {
	b := &workbook{File: excelize.NewFile(), lists: map[string]string{}}
	defer func() { _ = b.Close() }()
	var err error
	b.bold, err = b.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"0066CC"}}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
	b.do(err)
	b.wrap, err = b.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}, NumFmt: 49})
	b.do(err)
	b.do(b.SetSheetName("Sheet1", sheetHelp))
	for _, name := range []string{sheetServices, sheetValues} {
		_, err := b.NewSheet(name)
		b.do(err)
	}
	b.help()
	b.values()
	b.services(entries)
	b.SetActiveSheet(1)
	b.do(b.SetDocProps(&excelize.DocProperties{Title: "Servizi del territorio", Creator: "Approdo", Created: "2026-01-01T00:00:00Z", Modified: "2026-01-01T00:00:00Z", Language: "it-IT"}))
	if b.err != nil {
		return b.err
	}
	var buffer bytes.Buffer
	if err := b.Write(&buffer); err != nil {
		return err
	}
	return rezip(w, buffer.Bytes())
}

// rezip writes an archive again with its entries in order and without times, so that the same
// services give the same bytes.
func rezip(w io.Writer, data []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	files := slices.Clone(archive.File)
	slices.SortFunc(files, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, f := range files {
		to, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		from, err := f.Open()
		if err != nil {
			return err
		}
		_, err = io.Copy(to, from) // #nosec G110 -- our own workbook
		if err != nil {
			return err
		}
	}
	return out.Close()
}

func (b *workbook) set(sheet string, column, row int, text string, style int) {
	cell, err := excelize.CoordinatesToCellName(column, row)
	b.do(err)
	b.do(b.SetCellStr(sheet, cell, text))
	if style != 0 {
		b.do(b.SetCellStyle(sheet, cell, cell, style))
	}
}

var helpLines = []string{
	"Come si compila il foglio «Servizi»",
	"Una riga per ogni servizio. Se un servizio ha più sedi, sotto la sua riga aggiungete una riga per ogni altra sede: stesso codice (o codice vuoto), nome vuoto, e solo le colonne della sede e degli orari.",
	"Sono obbligatorie le colonne Nome del servizio ed Ente; senza Bisogno il servizio si trova solo cercando le sue parole.",
	"Dove una cella elenca più cose, separatele con punto e virgola.",
	"Orari: 9-13; 15-17:30. Scrivete «chiuso» o lasciate vuoto; «24 ore» per tutto il giorno. Le celle sono di testo: se il foglio di calcolo trasforma un orario in una data, scrivetelo 09:00-13:00.",
	"Riservato: «sì» vuol dire che l'indirizzo non si pubblica mai, in nessun formato: si mostrano solo provincia e telefono. Per i servizi contro la violenza di genere e la tratta è così anche quando la cella è vuota.",
	"Il foglio Valori elenca le parole ammesse nelle colonne con una lista.",
	"Per importare: approdo import directory FILE.xlsx --dry-run mostra che cosa succederebbe, riga per riga; senza --dry-run importa.",
	"Il foglio «Scheda completa», se c'è, conserva tutto ciò che le colonne non mostrano (traduzioni, contatti, altri dati): non modificatelo. Importando di nuovo il file contano solo le celle che avete cambiato.",
}

func (b *workbook) help() {
	b.do(b.SetColWidth(sheetHelp, "A", "A", 28))
	b.do(b.SetColWidth(sheetHelp, "B", "B", 110))
	for i, text := range helpLines {
		style := b.wrap
		if i == 0 {
			style = b.bold
		}
		b.set(sheetHelp, 2, i+1, text, style)
	}
	for i, c := range sheetColumns() {
		b.set(sheetHelp, 1, len(helpLines)+2+i, c.title, b.wrap)
		b.set(sheetHelp, 2, len(helpLines)+2+i, c.help, b.wrap)
	}
}

// valueLists are the lists of the sheet of values.
func valueLists() []struct {
	name   string
	values []string
} {
	second := func(words [][2]string) []string {
		var list []string
		for _, w := range words {
			list = append(list, w[1])
		}
		return list
	}
	var needs, provinces []string
	for _, n := range need.All() {
		needs = append(needs, n.Name("it"))
	}
	for _, p := range network.Territories().Provinces() {
		provinces = append(provinces, p.Sigla)
	}
	slices.Sort(provinces)
	return []struct {
		name   string
		values []string
	}{
		{"Bisogni", needs}, {"Stato", second(statusNames)}, {"Sì/No", []string{"sì", "no"}}, {"Sesso", second(sexNames)},
		{"Famiglia", second(familyNames)}, {"Festivi", second(holidayNames)}, {"Province", provinces},
	}
}

func (b *workbook) values() {
	for i, list := range valueLists() {
		b.set(sheetValues, i+1, 1, list.name, b.bold)
		for n, v := range list.values {
			b.set(sheetValues, i+1, n+2, v, 0)
		}
		column, err := excelize.ColumnNumberToName(i + 1)
		b.do(err)
		b.do(b.SetColWidth(sheetValues, column, column, 28))
		b.lists[list.name] = fmt.Sprintf("%s!$%s$2:$%s$%d", sheetValues, column, column, len(list.values)+1)
	}
}

// lastRow is how far down the lists to choose from go in the empty template.
const lastRow = 5000

func (b *workbook) services(entries iter.Seq2[directory.Entry, error]) {
	out, err := b.NewStreamWriter(sheetServices)
	b.do(err)
	if b.err != nil {
		return
	}
	for i, c := range sheetColumns() {
		b.do(out.SetColWidth(i+1, i+1, c.width))
	}
	b.do(out.SetPanes(&excelize.Panes{Freeze: true, XSplit: 2, YSplit: 1, TopLeftCell: "C2", ActivePane: "bottomRight"}))
	header := make([]any, 0, len(sheetColumns()))
	for _, title := range sheetHeader() {
		header = append(header, excelize.Cell{StyleID: b.bold, Value: title})
	}
	b.do(out.SetRow("A1", header))
	b.validate()
	if entries != nil {
		b.fill(out, entries)
	} else {
		// Empty cells of text, so that the program leaves "9-13" alone.
		for row := 2; row <= 200; row++ {
			cells := make([]any, len(header))
			for i := range cells {
				cells[i] = excelize.Cell{StyleID: b.wrap, Value: nil}
			}
			b.do(out.SetRow(fmt.Sprintf("A%d", row), cells))
		}
	}
	b.do(out.Flush())
}

func (b *workbook) validate() {
	for i, c := range sheetColumns() {
		if c.values == "" {
			continue
		}
		column, err := excelize.ColumnNumberToName(i + 1)
		b.do(err)
		v := excelize.NewDataValidation(true)
		v.SetSqref(fmt.Sprintf("%s2:%s%d", column, column, lastRow))
		if c.values == "età" {
			b.do(v.SetRange(0, 130, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween))
			v.SetError(excelize.DataValidationErrorStyleStop, "Età", "Scrivete un numero di anni fra 0 e 130.")
		} else {
			v.SetSqrefDropList(b.lists[c.values])
			style := excelize.DataValidationErrorStyleStop
			if c.values == "Bisogni" {
				style = excelize.DataValidationErrorStyleInformation // several may stand in one cell
			}
			v.SetError(style, c.title, "Scegliete un valore dal foglio Valori.")
		}
		v.SetInput(c.title, shortHelp(c.help))
		b.do(b.AddDataValidation(sheetServices, v))
	}
}

// shortHelp: a hint of a spreadsheet holds 255 characters.
func shortHelp(s string) string {
	if len(s) <= 250 {
		return s
	}
	return s[:strings.LastIndex(s[:250], " ")]
}

func (b *workbook) fill(out *excelize.StreamWriter, entries iter.Seq2[directory.Entry, error]) {
	_, err := b.NewSheet(sheetWhole)
	b.do(err)
	whole, err := b.NewStreamWriter(sheetWhole)
	b.do(err)
	if b.err != nil {
		return
	}
	b.do(whole.SetRow("A1", []any{titleCode, "Non modificare"}))
	row, record := 2, 2
	for e, err := range entries {
		if b.do(err); b.err != nil {
			return
		}
		for _, cells := range sheetRows(e) {
			b.do(out.SetRow(fmt.Sprintf("A%d", row), b.cells(cells)))
			row++
		}
		b.do(whole.SetRow(fmt.Sprintf("A%d", record), wholeCells(e)))
		record++
	}
	b.do(whole.Flush())
	b.do(b.SetSheetVisible(sheetWhole, false))
}

func (b *workbook) cells(texts []string) []any {
	cells := make([]any, len(texts))
	for i, s := range texts {
		if s != "" {
			cells[i] = excelize.Cell{StyleID: b.wrap, Value: s}
		}
	}
	return cells
}

// wholeCells cuts the whole record of an entry into cells. It is written in ASCII, since sheets
// change some characters; and each piece begins with a mark, so that none looks like a formula.
func wholeCells(e directory.Entry) []any {
	s := ToHSDS(e, Shape{})
	s.Attributes = e.Attributes // needs stand in our own part
	text, err := json.Marshal(s)
	if err != nil {
		return []any{e.ID}
	}
	cells := []any{e.ID}
	ascii := asciiJSON(string(text))
	for len(ascii) > 0 {
		n := min(len(ascii), cellLimit-1)
		cells = append(cells, "#"+ascii[:n])
		ascii = ascii[n:]
	}
	return cells
}

// asciiJSON writes what is not printable ASCII as JSON escapes.
func asciiJSON(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < unicode.MaxASCII:
			b.WriteRune(r)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
