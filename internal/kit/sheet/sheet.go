// SPDX-License-Identifier: EUPL-1.2

package sheet

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Media types.
const (
	CSVType  = "text/csv; charset=utf-8"
	XLSXType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// Neutral makes a text that no program for sheets takes for a formula.
func Neutral(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}

// CSV writes rows; the first holds the titles.
func CSV(w io.Writer, rows [][]string) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	return write(w, ';', rows)
}

// Plain writes rows as programs read them (RFC 4180): commas, no mark before them. Cells are neutral all the
// same, since people open such files, too.
func Plain(w io.Writer, rows [][]string) error { return write(w, ',', rows) }

func write(w io.Writer, comma rune, rows [][]string) error {
	out := csv.NewWriter(w)
	out.Comma = comma
	out.UseCRLF = true
	for _, row := range rows {
		if err := out.Write(neutral(row)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// XLSX writes rows as one sheet; the first holds the titles and stays in sight. Every cell is text.
func XLSX(w io.Writer, rows [][]string) error {
	cells := make([][]any, len(rows))
	for i, row := range rows {
		cells[i] = make([]any, len(row))
		for j, text := range row {
			cells[i][j] = text
		}
	}
	return Cells(w, cells)
}

// Cells is XLSX with cells that are texts or numbers: with numbers one can calculate.
func Cells(w io.Writer, rows [][]any) (err error) {
	file := excelize.NewFile()
	defer func() { err = errors.Join(err, file.Close()) }()
	name := file.GetSheetName(0)
	stream, err := file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		values := make([]any, len(row))
		for j, value := range row {
			if text, ok := value.(string); ok {
				value = Neutral(text)
			}
			values[j] = value
		}
		if err := stream.SetRow(cell, values); err != nil {
			return err
		}
	}
	if err := stream.Flush(); err != nil {
		return err
	}
	return file.Write(w)
}

func neutral(row []string) []string {
	out := make([]string, len(row))
	for i, text := range row {
		out[i] = Neutral(text)
	}
	return out
}
