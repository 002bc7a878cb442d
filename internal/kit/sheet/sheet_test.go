// SPDX-License-Identifier: EUPL-1.2

package sheet_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"approdo/internal/kit/sheet"
)

var rows = [][]string{{"Nome", "Nota"}, {"=HYPERLINK(\"http://x\")", "due\nrighe; \"virgolette\""}, {"-1", "@SUM(A1)"}, {"+39", "\tx"}, {"città", "a-b"}}

var want = [][]string{rows[0], {"'=HYPERLINK(\"http://x\")", "due\nrighe; \"virgolette\""}, {"'-1", "'@SUM(A1)"}, {"'+39", "'\tx"}, {"città", "a-b"}}

func TestCSV(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := sheet.CSV(&b, rows); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(b.String(), "\uFEFF")
	if !ok {
		t.Error("no byte order mark")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	got, err := r.ReadAll()
	if err != nil || !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := sheet.XLSX(&b, rows); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	got, err := f.GetRows(f.GetSheetName(0))
	if err != nil || !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%q, %v", got, err)
	}
	if formula, err := f.GetCellFormula(f.GetSheetName(0), "A2"); err != nil || formula != "" {
		t.Errorf("a formula: %q, %v", formula, err)
	}
}

func TestNumbersStayNumbers(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := sheet.Cells(&b, [][]any{{"Ore"}, {1.25}, {"=1+1"}}); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	name := f.GetSheetName(0)
	kind, err := f.GetCellType(name, "A2")
	if text, _ := f.GetCellValue(name, "A3"); err != nil || kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString || text != "'=1+1" {
		t.Errorf("%v %q %v", kind, text, err)
	}
}

func TestPlainIsNeutralToo(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := sheet.Plain(&b, [][]string{{"a", "b"}, {"=1+1", "x,y"}}); err != nil {
		t.Fatal(err)
	}
	if want := "a,b\r\n'=1+1,\"x,y\"\r\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
