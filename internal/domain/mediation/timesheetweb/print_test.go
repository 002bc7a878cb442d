// SPDX-License-Identifier: EUPL-1.2

package timesheetweb_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/domain/mediation/timesheetweb"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/sheet"
	"approdo/internal/kit/web/ui"
)

// example is a month with so many lines, signed by both.
func example(t *testing.T, lines int) (lang.Words, timesheet.Month) {
	t.Helper()
	catalogue, err := lang.Open(timesheetweb.Locales(), ui.Locales())
	if err != nil {
		t.Fatal(err)
	}
	c := timesheet.Content{Mediator: "m", Member: "coop", Month: "2027-03", Number: 2}
	for i := range lines {
		c.Lines = append(c.Lines, timesheet.Line{
			Booking: fmt.Sprint(i), Day: fmt.Sprintf("2027-03-%02d", i%31+1), From: "10:00", To: "11:15", Member: "comune", Outcome: timesheet.Held, Mode: mediation.Phone,
			Done: []string{"interpreting", "accompaniment", "conflict"}, Minutes: 75, Travel: 40, Rate: 24_00, Expenses: 3_20, Amount: 33_20, Project: "PROVA", Activity: "act-1",
		})
		c.Minutes, c.Travel, c.Expenses, c.Amount = c.Minutes+75, c.Travel+40, c.Expenses+3_20, c.Amount+33_20
	}
	at := time.Date(2027, 4, 1, 8, 0, 0, 0, time.UTC)
	m := timesheet.Month{
		Mediator: mediation.Mediator{Name: "Оксана Ëzgjişi"}, Month: "2027-03",
		Names: timesheet.Names{"comune": "Comune di Esempio, Settore servizi alla persona e integrazione", "coop": "Cooperativa Esempio", "act-1": "2.1 Mediazione linguistica agli sportelli dei servizi"},
	}
	m.Draft = c
	m.Sheets = []timesheet.Sheet{{
		State: timesheet.Signed, Number: 2, Content: c, Hash: strings.Repeat("ab", 32), Seal: strings.Repeat("cd", 32),
		First: timesheet.Signature{Name: "Оксана Ëzgjişi", At: at}, Second: timesheet.Signature{Name: "Gino Esempio", At: at.Add(time.Hour)},
	}}
	return catalogue.Words("it"), m
}

var shown = regexp.MustCompile(`(?s)\(((?:\\.|[^\\()])*)\)\s*Tj`)

// pages are the texts of a PDF, page by page.
func pages(t *testing.T, content []byte) []string {
	t.Helper()
	var list []string
	for rest := content; ; {
		_, after, ok := bytes.Cut(rest, []byte("stream\n"))
		if !ok {
			return list
		}
		raw, next, _ := bytes.Cut(after, []byte("endstream"))
		rest = next
		r, err := zlib.NewReader(bytes.NewReader(raw))
		if err != nil {
			continue // not compressed
		}
		plain, err := io.ReadAll(r)
		if err != nil || !bytes.Contains(plain, []byte("Tj")) {
			continue // a font
		}
		var b strings.Builder
		for _, m := range shown.FindAllSubmatch(plain, -1) {
			text := regexp.MustCompile(`(?s)\\(.)`).ReplaceAllFunc(m[1], func(e []byte) []byte {
				if e[1] == 'r' {
					return []byte("\r")
				}
				return e[1:]
			})
			var units []uint16
			for i := 0; i+1 < len(text); i += 2 {
				units = append(units, uint16(text[i])<<8|uint16(text[i+1]))
			}
			b.WriteString(string(utf16.Decode(units)) + "\n")
		}
		list = append(list, b.String())
	}
}

// A month of sixty lines runs over pages, each with the titles; the sums and the signatures stand at the end.
func TestPDF(t *testing.T) {
	t.Parallel()
	words, m := example(t, 60)
	content, err := timesheetweb.NewPrint(words, m).PDF()
	if err != nil {
		t.Fatal(err)
	}
	list := pages(t, content)
	if len(list) < 4 {
		t.Fatalf("%d pages", len(list))
	}
	for i, text := range list[:len(list)-1] {
		if !strings.Contains(text, "Giorno\n") || !strings.Contains(text, "Importo\n") {
			t.Errorf("page %d has no titles: %s", i+1, text)
		}
	}
	whole := strings.Join(list, "")
	if n := strings.Count(whole, "10:00–11:15"); n != 60 {
		t.Errorf("%d lines", n)
	}
	for _, part := range []string{"Mediatore: Оксана Ëzgjişi", "marzo 2027", "Versione 2", "75:00", "1992,00 €", "Firma di chi coordina: Gino Esempio", m.Sheets[0].Hash, m.Sheets[0].Seal, "pagina 1/6", "pagina 6/6"} {
		if !strings.Contains(whole, part) {
			t.Errorf("%q is not on paper", part)
		}
	}
	if !bytes.Contains(content, []byte("/Lang (it-IT)")) {
		t.Error("the language is not said")
	}
	again, err := timesheetweb.NewPrint(words, m).PDF()
	if err != nil || !bytes.Equal(content, again) {
		t.Errorf("the same month is another file: %v", err)
	}
}

func TestDraft(t *testing.T) {
	t.Parallel()
	words, m := example(t, 1)
	m.Sheets = nil
	content, err := timesheetweb.NewPrint(words, m).PDF()
	if err != nil {
		t.Fatal(err)
	}
	if whole := strings.Join(pages(t, content), ""); !strings.Contains(whole, "Bozza") || !strings.Contains(whole, m.Draft.Hash()) || strings.Contains(whole, "Sigillo") {
		t.Error(whole)
	}
}

// Hours and sums are numbers in the sheet.
func TestXLSX(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	words, m := example(t, 2)
	if err := sheet.Cells(&b, timesheetweb.NewPrint(words, m).Table()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil || len(rows) < 6 || rows[0][0] != "Giorno" || rows[1][5] != "1.25" || rows[3][5] != "2.5" || rows[3][8] != "66.4" || rows[2][4] != "PROVA · 2.1 Mediazione linguistica agli sportelli dei servizi" {
		t.Errorf("%v %q", err, rows)
	}
}

// Where a share is owed, paper and sheet say which, and that the agreement of the two bodies, or the rules, say so.
func TestFeesArePrinted(t *testing.T) {
	t.Parallel()
	words, m := example(t, 3)
	m.Names["agreement-1"] = "Prestito di mediatori"
	lines := m.Sheets[0].Content.Lines
	lines[0].Outcome, lines[0].Done, lines[0].Fee = timesheet.UserAbsent, nil, &mediation.Fee{Share: 40, Under: "agreement-1"}
	lines[1].Outcome, lines[1].Done, lines[1].Fee = timesheet.CancelledLate, nil, &mediation.Fee{Share: 50}
	rows := timesheetweb.NewPrint(words, m).Table()
	for i, want := range []string{"La persona non è venuta: 40% del tempo, secondo l'accordo «Prestito di mediatori»", "Disdetto tardi: 50% del tempo, secondo le regole", "Svolto: Interpretariato, Accompagnamento, Mediazione di un conflitto"} {
		if rows[i+1][3] != want {
			t.Errorf("line %d: %q", i, rows[i+1][3])
		}
	}
	content, err := timesheetweb.NewPrint(words, m).PDF()
	if err != nil {
		t.Fatal(err)
	}
	if whole := strings.Join(strings.Fields(strings.Join(pages(t, content), " ")), " "); !strings.Contains(whole, "40% del tempo, secondo") || !strings.Contains(whole, "«Prestito di mediatori»") {
		t.Error(whole)
	}
}
