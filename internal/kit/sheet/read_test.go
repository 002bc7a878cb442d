// SPDX-License-Identifier: EUPL-1.2

package sheet_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/sheet"
)

var usual = sheet.Limits{Bytes: 8 << 20, Cells: 10_000, Columns: 50}

func read(t *testing.T, data []byte) []sheet.Table {
	t.Helper()
	list, err := sheet.Read("elenco.csv", data, usual)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestReadTexts(t *testing.T) {
	t.Parallel()
	western, err := charmap.Windows1252.NewEncoder().String("Nome;Città\nNoël;Forlì\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"semicolons": "\uFEFFNome;Città\r\nNoël;Forlì\r\n", "tabs": "Nome\tCittà\n\nNoël\tForlì", "commas": "Nome,Città,,,\n\"Noël\",Forlì,\n", "Windows": western,
		"a title above": "Elenco dei mediatori\nNome;Città\nNoël;Forlì;\n",
	} {
		rows := read(t, []byte(text))[0].Rows
		last := rows[len(rows)-1]
		if last.Cell(0) != "Noël" || last.Cell(1) != "Forlì" || last.Cell(2) != "" || len(last.Cells) != 2 {
			t.Errorf("%s: %v", name, rows)
		}
	}
}

// workbook has a title, a header of two merged rows, days, and a name that stands for two rows.
func workbook(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	name := f.GetSheetName(0)
	set := func(cell string, value any) {
		if err := f.SetCellValue(name, cell, value); err != nil {
			t.Fatal(err)
		}
	}
	set("A1", "Elenco")
	set("A2", "Nome")
	set("B2", "Lingua")
	set("C2", "Contatti")
	set("C3", "Telefono")
	set("D3", "Posta")
	set("A4", "Amal")
	set("B4", "arabo")
	set("C4", 391234567890)
	set("E4", time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC))
	set("B5", "francese")
	for _, m := range [][2]string{{"A1", "D1"}, {"A2", "A3"}, {"B2", "B3"}, {"C2", "D2"}, {"A4", "A5"}} {
		if err := f.MergeCell(name, m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("nascosto"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellValue("nascosto", "A1", "non si vede"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetSheetVisible("nascosto", false); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadWorkbook(t *testing.T) {
	t.Parallel()
	list := read(t, workbook(t))
	if len(list) != 1 || len(list[0].Rows) != 5 {
		t.Fatalf("%+v", list)
	}
	rows := list[0].Rows
	if rows[1].Cell(3) != "Contatti" || rows[2].Cell(0) != "Nome" || rows[3].Cell(2) != "391234567890" || rows[4].Cell(0) != "Amal" || rows[4].Line != 5 {
		t.Errorf("%v", rows)
	}
	if day, ok := sheet.Day(rows[3].Cell(4), list[0].Since04); !ok || day.Format(time.DateOnly) != "2027-03-01" {
		t.Errorf("%v %t", day, ok)
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"46082": "2026-03-01", "46082.5": "2026-03-01", "1/3/2026": "2026-03-01", "01/03/2026": "2026-03-01", "01.03.26": "2026-03-01", "2026-03-01": "2026-03-01",
		"2026-03-01T00:00:00": "2026-03-01", "": "", "12": "", "393331234567": "", "31/2/2026": "", "domani": "",
	} {
		got, ok := sheet.Day(text, false)
		if ok != (want != "") || ok && got.Format(time.DateOnly) != want {
			t.Errorf("%q is %v, %t", text, got, ok)
		}
	}
	if got, _ := sheet.Day("44620", true); got.Format(time.DateOnly) != "2026-03-01" {
		t.Errorf("since 1904: %v", got)
	}
}

func TestWhatIsNoSheet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data string
		want fault.Kind
	}{
		"nothing": {" \n", fault.KindInvalid}, "an old workbook": {"\xD0\xCF\x11\xE0…", fault.KindUnsupported}, "a paper": {"%PDF-1.7", fault.KindUnsupported},
		"a broken workbook": {"PK\x03\x04nothing", fault.KindInvalid}, "too wide": {strings.Repeat("x;", 60) + "y", fault.KindTooLarge},
		"too long": {strings.Repeat("x;y\n", 9000), fault.KindTooLarge},
	} {
		if _, err := sheet.Read("x", []byte(c.data), usual); !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever somebody brings is read within the limits, or refused in words.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"", "a;b\n1;2", "\xEF\xBB\xBFa\tb\n", "\xFF\xFEa\x00;\x00b\x00", "PK\x03\x04", "\"", "a,\"b\nc\",d\n", "caff\xe8;1"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := sheet.Read("x.csv", data, usual)
		if err != nil {
			if fault.KindOf(err) != fault.KindInvalid && fault.KindOf(err) != fault.KindTooLarge && fault.KindOf(err) != fault.KindUnsupported {
				t.Error(err)
			}
			return
		}
		for _, table := range list {
			for _, row := range table.Rows {
				if len(row.Cells) > usual.Columns || row.Line < 1 {
					t.Errorf("%+v", row)
				}
			}
		}
	})
}
